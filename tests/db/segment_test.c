/* What a segment is told before it is sent. */
#include "support/suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "db/inside.h"

enum { LARGE = 1 << 20 };

/* Of ASan, whose header not every compiler brings. */
extern size_t __sanitizer_get_current_allocated_bytes(void);

static const char *const names[] = { "people", "seat" };
static const struct sql import = { "import", "", 2, names };

static void
a_value_goes_where_the_statement_has_its_name(void)
{
	struct arena *a = arena_new();
	struct db_segment *s = db_segment(a);

	db_ask(s, &import);
	db_bind(s, "people", "[]");
	db_bind(s, "people", "[1]");
	db_bind_int(s, "seat", 7);
	CU_ASSERT_STRING_EQUAL(s->asked[0].values[0], "[1]");
	CU_ASSERT_STRING_EQUAL(s->asked[0].values[1], "7");
	db_bind(s, "seat", NULL);
	CU_ASSERT_PTR_NULL(s->asked[0].values[1]);
	arena_free(a);
}

static void
what_no_statement_asks_for_is_not_kept(void)
{
	struct arena *a = arena_new();
	struct db_segment *s = db_segment(a);
	char *large = memory_new(LARGE);
	size_t before;

	memset(large, 'x', LARGE - 1);
	db_ask(s, &import);
	before = __sanitizer_get_current_allocated_bytes();
	db_bind(s, "list", large);
	CU_ASSERT_EQUAL(__sanitizer_get_current_allocated_bytes(), before);
	db_bind(s, "people", large);
	CU_ASSERT_TRUE(
	    __sanitizer_get_current_allocated_bytes() >= before + LARGE);
	free(large);
	arena_free(a);
}

SUITE(segment, SAYS(a_value_goes_where_the_statement_has_its_name),
    SAYS(what_no_statement_asks_for_is_not_kept))
