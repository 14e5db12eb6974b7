#include <CUnit/CUnit.h>
#include <string.h>

#include "base/text.h"

void text_suite(void);

static void
a_text_grows_up_to_its_maximum(void)
{
	struct text t;

	text_init(&t, 1000);
	for (int i = 0; i < 100; i++)
		text_printf(&t, "%s%d", "abcdefgh", 10 + i % 90);
	CU_ASSERT_EQUAL(t.size, 1000);
	CU_ASSERT_FALSE(t.full);
	CU_ASSERT_EQUAL(strlen(t.data), 1000);
	text_puts(&t, "");
	CU_ASSERT_FALSE(t.full);
	text_puts(&t, "x");
	CU_ASSERT_TRUE(t.full);
	CU_ASSERT_EQUAL(strlen(t.data), 1000);
	text_free(&t);
	CU_ASSERT_PTR_NULL(t.data);
}

static void
nothing_is_added_after_something_was_dropped(void)
{
	struct text t;

	text_init(&t, 4);
	text_puts(&t, "abc");
	text_puts(&t, "def");
	text_puts(&t, "g");
	text_printf(&t, "%d", 1);
	CU_ASSERT_TRUE(t.full);
	CU_ASSERT_STRING_EQUAL(t.data, "abc");
	text_free(&t);

	text_init(&t, 0);
	text_puts(&t, "a");
	CU_ASSERT_TRUE(t.full);
	CU_ASSERT_STRING_EQUAL(t.data, "");
	text_free(&t);
}

static void
bytes_with_nul_are_kept(void)
{
	struct text t;

	text_init(&t, 100);
	text_add(&t, "a\0b", 3);
	CU_ASSERT_EQUAL(t.size, 3);
	CU_ASSERT_EQUAL(memcmp(t.data, "a\0b", 4), 0);
	text_free(&t);
}

static void
only_valid_utf8_is_utf8(void)
{
	static const char *const good[] = { "", "a", "é", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf", "العربية 中文 😀", NULL };
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xc1\xbf",
		"\xc3", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xff", "a\xe2\x28\xa1", NULL };

	for (int i = 0; good[i] != NULL; i++)
		CU_ASSERT_TRUE(text_utf8(good[i], strlen(good[i])));
	for (int i = 0; bad[i] != NULL; i++)
		CU_ASSERT_FALSE(text_utf8(bad[i], strlen(bad[i])));
	CU_ASSERT_FALSE(text_utf8("a\0b", 3));
	CU_ASSERT_FALSE(text_utf8("\xe2\x82\xac", 2));
}

static void
controls_are_not_plain(void)
{
	CU_ASSERT_TRUE(text_plain("a é", 4, false));
	CU_ASSERT_FALSE(text_plain("a\nb", 3, false));
	CU_ASSERT_TRUE(text_plain("a\r\n\tb", 5, true));
	CU_ASSERT_FALSE(text_plain("\x1b[0m", 4, true));
	CU_ASSERT_FALSE(text_plain("\x7f", 1, true));
	CU_ASSERT_FALSE(text_plain("\0", 1, true));
}

static void
length_counts_code_points(void)
{
	CU_ASSERT_EQUAL(text_length(""), 0);
	CU_ASSERT_EQUAL(text_length("é中😀x"), 4);
	CU_ASSERT_EQUAL(text_cut("é中😀x", 100), 10);
	CU_ASSERT_EQUAL(text_cut("é中😀x", 10), 10);
	CU_ASSERT_EQUAL(text_cut("é中😀x", 9), 9);
	CU_ASSERT_EQUAL(text_cut("é中😀x", 8), 5);
	CU_ASSERT_EQUAL(text_cut("é中😀x", 1), 0);
}

void
text_suite(void)
{
	CU_pSuite s = CU_add_suite("text", NULL, NULL);

	CU_ADD_TEST(s, a_text_grows_up_to_its_maximum);
	CU_ADD_TEST(s, nothing_is_added_after_something_was_dropped);
	CU_ADD_TEST(s, bytes_with_nul_are_kept);
	CU_ADD_TEST(s, only_valid_utf8_is_utf8);
	CU_ADD_TEST(s, controls_are_not_plain);
	CU_ADD_TEST(s, length_counts_code_points);
}
