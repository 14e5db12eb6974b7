/* A filter from its fields and back into an address. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "registration/filter.h"
#include "support/suite.h"

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

SUITE(filter, SAYS(elements_are_read_as_postgresql_writes_them),
    SAYS(a_filter_is_an_address_again),
    SAYS(what_is_the_same_is_written_the_same))
