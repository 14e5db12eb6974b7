/* A filter from its fields and back into an address. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/acts.h"
#include "registration/filter.h"
#include "support/suite.h"
#include "web/inside.h"

static void
elements_are_read_as_postgresql_writes_them(void)
{
	static const struct {
		const char *array, *elements;
	} cases[] = { { "{}", "[]" }, { "{1,22,3}", "[\"1\",\"22\",\"3\"]" },
		{ "{\"a\"}", "[\"a\"]" },
		{ "{\"a,b\",\"c}\",\"\\\"\\\\\"}",
		    "[\"a,b\",\"c}\",\"\\\"\\\\\"]" },
		{ "{\"\",\"KE\"}", "[\"KE\"]" }, { "{\"\"}", "[]" },
		{ "", "[]" }, { "{", "[]" }, { "{\"", "[]" },
		{ "{\"half", "[\"half\"]" } };
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *list = filter_elements(a, cases[i].array);

		CU_ASSERT_STRING_EQUAL(filter_text(a, list), cases[i].elements);
		json_decref(list);
	}
	arena_free(a);
}

static void
a_filter_is_an_address_again(void)
{
	struct arena *a = arena_new();
	json_t *filter = json_pack("{s:s, s:[s, s], s:[i], s:b, s:i, s:s}", "q",
	    "a&b =ü", "state", "held", "offered", "unit", 7, "arrived", 1,
	    "question", 12, "no_such_field", "x");

	CU_ASSERT_STRING_EQUAL(filter_query(a, filter),
	    "q=a%26b%20%3D%C3%BC&state=held&state=offered&unit=7&arrived=true"
	    "&question=12");
	json_decref(filter);
	filter = json_object();
	CU_ASSERT_STRING_EQUAL(filter_query(a, filter), "");
	json_decref(filter);
	arena_free(a);
}

static void
what_is_the_same_is_written_the_same(void)
{
	struct arena *a = arena_new();
	json_t *one = json_pack("{s:s, s:s}", "b", "1", "a", "2");
	json_t *other = json_pack("{s:s, s:s}", "a", "2", "b", "1");

	CU_ASSERT_STRING_EQUAL(filter_text(a, one), filter_text(a, other));
	json_decref(one);
	json_decref(other);
	arena_free(a);
}

static const char *
href_of(const json_t *states, size_t i)
{
	return json_string_value(
	    json_object_get(json_array_get(states, i), "href"));
}

/* That nothing of it is left over, the sanitizer sees. */
static void
each_state_is_a_way_to_its_own_list(void)
{
	static const struct request request = { .method = "GET", .path = "/" };
	struct visit *v = visit_new(&request);
	struct fault f = { 0 };
	const json_t *states;

	v->act = &registration_list;
	v->json = true;
	json_decref(v->page);
	v->page = json_pack("{s:[{s:s, s:i}, {s:s, s:i}]}", "counts_by_state",
	    "state", "held", "people", 2, "state", "confirmed", "people", 3);
	visit_bind(v, "event", "7");
	visit_bind(v, "filter", "{\"q\":\"a\",\"state\":[\"held\"]}");
	CU_ASSERT_EQUAL(registration_list.answer(v, v->page, &f), 0);
	states = json_object_get(v->page, "states");
	CU_ASSERT_STRING_EQUAL(
	    href_of(states, 0), "/events/7/registrations?q=a");
	CU_ASSERT_STRING_EQUAL(
	    href_of(states, 2), "/events/7/registrations?q=a&state=confirmed");
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(v->page, "matching")), 2);
	visit_free(v);
}

SUITE(filter, SAYS(elements_are_read_as_postgresql_writes_them),
    SAYS(a_filter_is_an_address_again),
    SAYS(what_is_the_same_is_written_the_same),
    SAYS(each_state_is_a_way_to_its_own_list))
