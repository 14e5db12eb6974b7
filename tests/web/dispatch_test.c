/* A visit that goes on from one act to the next. */
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/inside.h"
#include "web/inside.h"

enum { LARGE = 1 << 20 };

/* Of ASan, whose header not every compiler brings. */
extern size_t __sanitizer_get_current_allocated_bytes(void);

static const char *const names[] = { "people" };
static const struct sql import = { "import", "", 1, names };
static const struct act part;

static int
part_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	visit_then(v, &part);

	return 0;
}

static const struct act part = { .asks = { { "rows", &import, MANY } },
	.answer = part_answer };

static void
only_the_last_value_of_a_name_is_asked_with(void)
{
	static const struct request request = { .method = "POST", .path = "/" };
	static const struct route route = { "POST", "/", ANYONE, &part };
	struct visit *v = visit_new(&request);
	char *large = arena_alloc(v->arena, LARGE);
	size_t before;

	memset(large, 'x', LARGE - 1);
	visit_bind(v, "people", large);
	visit_bind(v, "people", "[1]");
	v->route = &route;
	v->act = &part;
	v->segment = db_segment(v->arena);
	db_ask(v->segment, &import);
	v->segment->asked[0].rows = json_array();
	v->segment->state = DB_DONE;
	before = __sanitizer_get_current_allocated_bytes();
	CU_ASSERT_EQUAL(visit_answered(v), VISIT_ASKS);
	CU_ASSERT_STRING_EQUAL(v->segment->asked[0].values[0], "[1]");
	CU_ASSERT_TRUE(
	    __sanitizer_get_current_allocated_bytes() < before + LARGE);
	visit_free(v);
}

static void
what_is_bound_as_json_is_a_copy(void)
{
	static const struct request request = { .method = "POST", .path = "/" };
	struct visit *v = visit_new(&request);
	json_t *people = json_pack("[{s:s}]", "name", "Ngũgĩ");

	visit_bind_json(v, "people", people);
	json_decref(people);
	CU_ASSERT_STRING_EQUAL(
	    visit_field(v, "people"), "[{\"name\":\"Ngũgĩ\"}]");
	visit_free(v);
}

SUITE(dispatch, SAYS(what_is_bound_as_json_is_a_copy),
    SAYS(only_the_last_value_of_a_name_is_asked_with))
