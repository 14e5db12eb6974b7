/* What people and programs write: ranges, identifiers, names of files. */
#include <string.h>

#include "archive/ark.h"
#include "archive/kind.h"
#include "archive/range.h"
#include "support/suite.h"

static void
a_range_is_within_its_whole(void)
{
	static const char *const wrong[] = { "", "bytes", "bytes 0-1",
		"bytes 0-1/*", "bytes */10", "bytes 0-10/10", "bytes 5-4/10",
		"bytes -1/10", "bytes 0-/10", "items 0-1/10", "bytes 0-1/10 ",
		"bytes 0-1/1000000000000000000", "bytes 0x1-2/3",
		"bytes 0-99999999999999999999/9" };
	struct range r;

	CU_ASSERT_EQUAL(range_read("bytes 100-199/1000", &r), 0);
	CU_ASSERT_EQUAL(r.first, 100);
	CU_ASSERT_EQUAL(r.last, 199);
	CU_ASSERT_EQUAL(r.size, 1000);
	CU_ASSERT_EQUAL(range_read("Bytes 0-0/1", &r), 0);
	CU_ASSERT_EQUAL(range_read(NULL, &r), -1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_EQUAL(range_read(wrong[i], &r), -1);
}

static void
a_published_identifier_has_its_check_character(void)
{
	CU_ASSERT_EQUAL(ark_check("13030/xf93gt2", 13), 'q');
}

static void
case_and_hyphens_do_not_count(void)
{
	char ark[ARK_MOST], name[ARK_MOST] = "c1zq0r3x7b", typed[ARK_MOST];
	char whole[ARK_MOST] = "99999/c1zq0r3x7b";
	char check[2] = { ark_check(whole, strlen(whole)), '\0' };

	strncat(name, check, 1);
	strncat(whole, check, 1);
	CU_ASSERT_EQUAL(ark_read("99999", name, ark), ARK_GOOD);
	CU_ASSERT_STRING_EQUAL(ark, whole);
	snprintf(typed, sizeof(typed), "C1-ZQ0r-3x7-B%s", check);
	CU_ASSERT_EQUAL(ark_read("99999", typed, ark), ARK_GOOD);
	CU_ASSERT_STRING_EQUAL(ark, whole);
}

static void
a_typing_error_is_known(void)
{
	static const char alphabet[] = "0123456789bcdfghjkmnpqrstvwxz";
	char whole[ARK_MOST] = "99999/c1zq0r3x7b", ark[ARK_MOST];
	size_t n = strlen(whole);
	int missed = 0;

	whole[n] = ark_check(whole, n);
	for (size_t i = 6; i <= n; i++)
		for (const char *c = alphabet; *c != '\0'; c++) {
			char wrong[ARK_MOST];

			memcpy(wrong, whole, n + 2);
			if (wrong[i] == *c)
				continue;
			wrong[i] = *c;
			missed += ark_read("99999", wrong + 6, ark) == ARK_GOOD;
		}
	CU_ASSERT_EQUAL(missed, 0);
}

static void
what_is_no_identifier_is_told_apart(void)
{
	char ark[ARK_MOST];

	CU_ASSERT_EQUAL(ark_read("9999", "c1zq0r3x7b", ark), ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("9999x", "c1zq0r3x7b", ark), ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("99999", "", ark), ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("99999", "--", ark), ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("99999", "c1/zq0", ark), ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("99999", "c1%27zq0", ark), ARK_NOT);
	CU_ASSERT_EQUAL(
	    ark_read("99999",
	        "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1",
	        ark),
	    ARK_NOT);
	CU_ASSERT_EQUAL(ark_read("99999", "c1zq0r3x7bb", ark), ARK_MISTYPED);
}

static void
a_file_is_served_as_what_it_is(void)
{
	char head[KIND_HEAD];

	CU_ASSERT_STRING_EQUAL(
	    kind_type("a.PDF", "%PDF-1.4", 8), "application/pdf");
	CU_ASSERT_STRING_EQUAL(
	    kind_type("a.txt", "caf\xc3\xa9\n", 6), "text/plain");
	memset(head, 'a', sizeof(head));
	memcpy(head + sizeof(head) - 2, "\xe4\xb8", 2);
	CU_ASSERT_STRING_EQUAL(
	    kind_type("a.csv", head, sizeof(head)), "text/csv");
	CU_ASSERT_STRING_EQUAL(kind_type("a.mp4",
	                           "\0\0\0\x18"
	                           "ftypmp42",
	                           12),
	    "video/mp4");
}

static void
what_does_not_agree_is_bytes(void)
{
	static const char bytes[] = "application/octet-stream";

	CU_ASSERT_STRING_EQUAL(kind_type("a.pdf", "<html>", 6), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.pdf", "", 0), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.txt",
	                           "\x7f"
	                           "ELF",
	                           4),
	    bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.txt", "a\0b", 3), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.txt", "1;\xe4\xb8", 4), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.html", "<html>", 6), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("a.svg", "<svg>", 5), bytes);
	CU_ASSERT_STRING_EQUAL(kind_type("README", "text", 4), bytes);
}

SUITE(names, SAYS(a_range_is_within_its_whole),
    SAYS(a_published_identifier_has_its_check_character),
    SAYS(case_and_hyphens_do_not_count), SAYS(a_typing_error_is_known),
    SAYS(what_is_no_identifier_is_told_apart),
    SAYS(a_file_is_served_as_what_it_is), SAYS(what_does_not_agree_is_bytes))
