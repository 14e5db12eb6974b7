#include <CUnit/CUnit.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

void arena_suite(void);

static void
pieces_are_zeroed_aligned_and_apart(void)
{
	struct arena *a = arena_new();
	unsigned char *before = NULL;
	int bad = 0;

	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *p = arena_alloc(a, size);

		bad += (uintptr_t)p % 16 != 0;
		for (size_t i = 0; i < size; i++)
			bad += p[i] != 0;
		memset(p, 0xff, size);
		bad += before != NULL && *before != 0xff;
		before = size > 0 ? p : NULL;
	}
	CU_ASSERT_EQUAL(bad, 0);
	arena_free(a);
}

static void
a_large_piece_does_not_waste_the_present_chunk(void)
{
	struct arena *a = arena_new();
	char *first = arena_text(a, "first"), *large, *second;

	large = arena_alloc(a, 1024 * 1024);
	second = arena_text(a, "second");
	memset(large, 'x', 1024 * 1024);
	CU_ASSERT(second > first && second - first < 128);
	CU_ASSERT_STRING_EQUAL(first, "first");
	CU_ASSERT_STRING_EQUAL(second, "second");
	arena_free(a);
}

static void
texts_are_copied(void)
{
	struct arena *a = arena_new();
	char s[] = "abcdef";
	char *copy = arena_text(a, s), *part = arena_part(a, s + 1, 3);

	s[0] = s[2] = 'x';
	CU_ASSERT_STRING_EQUAL(copy, "abcdef");
	CU_ASSERT_STRING_EQUAL(part, "bcd");
	CU_ASSERT_PTR_NULL(arena_text(a, NULL));
	CU_ASSERT_STRING_EQUAL(arena_part(a, s, 0), "");
	CU_ASSERT_STRING_EQUAL(arena_printf(a, "%s %5d", "n", 42), "n    42");
	CU_ASSERT_EQUAL(strlen(arena_printf(a, "%20000d", 1)), 20000);
	arena_free(a);
}

static char order[8];

static void
note(void *object)
{
	strcat(order, object);
}

static void
what_was_deferred_last_is_undone_first(void)
{
	struct arena *a = arena_new();
	char one[] = "1", two[] = "2", three[] = "3";

	order[0] = '\0';
	arena_defer(a, note, one);
	arena_defer(a, note, two);
	arena_defer(a, note, three);
	CU_ASSERT_STRING_EQUAL(order, "");
	arena_free(a);
	CU_ASSERT_STRING_EQUAL(order, "321");
	arena_free(NULL);
}

void
arena_suite(void)
{
	CU_pSuite s = CU_add_suite("arena", NULL, NULL);

	CU_ADD_TEST(s, pieces_are_zeroed_aligned_and_apart);
	CU_ADD_TEST(s, a_large_piece_does_not_waste_the_present_chunk);
	CU_ADD_TEST(s, texts_are_copied);
	CU_ADD_TEST(s, what_was_deferred_last_is_undone_first);
}
