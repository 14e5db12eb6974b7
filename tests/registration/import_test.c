/* A table of people, made to hurt. */
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "registration/import.h"
#include "support/suite.h"

/* "line column key" of each bad line. */
static const char *
wrong(struct arena *a, const struct import_table *t)
{
	const char *said = "";

	for (size_t i = 0; i < json_array_size(t->wrong); i++) {
		const json_t *w = json_array_get(t->wrong, i);

		said = arena_printf(a, "%s%lld %s %s; ", said,
		    (long long)json_integer_value(json_object_get(w, "line")),
		    json_string_value(json_object_get(w, "column")),
		    json_string_value(json_object_get(w, "key")));
	}

	return said;
}

static void
a_good_line_is_somebody(void)
{
	static const char list[] =
	    "\xef\xbb\xbf"
	    "Email;NAME;shoe;country;language\r\n"
	    "A.B@Example.ORG; Ngũgĩ ;44;ke;FR\r\n\r\nc@example.org;C;;;\r\n";
	struct arena *a = arena_new();
	struct import_table t;
	struct fault f = { 0 };
	const json_t *one;

	CU_ASSERT_EQUAL_FATAL(
	    import_read(&t, a, list, sizeof(list) - 1, "ar", &f), 0);
	CU_ASSERT_EQUAL(t.bad, 0);
	CU_ASSERT_EQUAL_FATAL(json_array_size(t.people), 2);
	one = json_array_get(t.people, 0);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(one, "email")),
	    "a.b@example.org");
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(one, "name")), "Ngũgĩ");
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(one, "country")), "KE");
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(one, "language")), "fr");
	one = json_array_get(t.people, 1);
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(one, "language")), "ar");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(one, "n")), 4);
	arena_free(a);
}

static void
each_bad_line_is_named_with_its_column(void)
{
	static const char list[] = "name,email,organisation,country,language\n"
	                           "A,a@x,,,\n"
	                           ",b@x.example,,,\n"
	                           "C,,,,\n"
	                           "D,d@x.example,,XX,\n"
	                           "E,e@x.example,,NPL,\n"
	                           "F,f@x.example,,,tlh\n"
	                           "G,g@x.example,,,\n"
	                           "H,G@X.example,,,\n"
	                           "I,i@x.example,,,,,,too,many\n"
	                           "\"J\nJ\",j@x.example,,,\n"
	                           "K,\"k@x.example,,,\n";
	struct arena *a = arena_new();
	struct import_table t;
	struct fault f = { 0 };

	CU_ASSERT_EQUAL_FATAL(
	    import_read(&t, a, list, sizeof(list) - 1, "en", &f), 0);
	CU_ASSERT_STRING_EQUAL(wrong(a, &t),
	    "2 email web.not_email; 3 name web.required; 4 email web.required; "
	    "5 country registration.import_country; "
	    "6 country registration.import_country; "
	    "7 language registration.import_language; "
	    "9 email registration.import_twice; 10  web.csv_ragged; "
	    "11 name web.not_plain; 13  web.csv_quote; ");
	CU_ASSERT_EQUAL(json_array_size(t.people), 1);
	arena_free(a);
}

/* The key of why nothing of it can be read, and the line. */
static const char *
refused(struct arena *a, const char *list, size_t size)
{
	struct import_table t;
	struct fault f = { 0 };

	return import_read(&t, a, list, size, "en", &f) == 0
	           ? "taken"
	           : arena_printf(a, "%s %ld %s", f.key, f.number, f.text);
}

#define LIST(s) s, sizeof(s) - 1

static void
what_cannot_be_read_is_refused_as_a_whole(void)
{
	static const struct {
		const char *list;
		size_t size;
		const char *why;
	} cases[] = {
		{ LIST("name;mail\nA;a@x.example"),
		    "registration.import_column 0 email" },
		{ LIST("email\na@x.example"),
		    "registration.import_column 0 name" },
		{ LIST(""), "web.csv_empty 1 " },
		{ LIST("\n\n,,\n"), "web.csv_empty 1 " },
		{ LIST("\xff\xfen\0a\0"), "registration.import_utf16 0 " },
		{ LIST("\xfe\xff\0n\0a"), "registration.import_utf16 0 " },
		{ LIST("name,email\nJos\xe9,a@x.example\n"),
		    "web.csv_encoding 2 " },
		{ LIST("name,email\nA\0,a@x.example\n"),
		    "registration.import_nul 2 " },
		{ LIST("name,email,NAME\n"), "web.csv_twice 1 " },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CU_ASSERT_STRING_EQUAL(
		    refused(a, cases[i].list, cases[i].size), cases[i].why);
	arena_free(a);
}

/* So many lines of people. */
static void
crowd(struct text *out, int lines)
{
	text_init(out, 4 << 20);
	text_puts(out, "name,email\n");
	for (int i = 0; i < lines; i++)
		text_printf(out, "P,p%d@x.example\n", i);
}

static void
there_is_an_end_to_lines_and_cells(void)
{
	struct arena *a = arena_new();
	struct import_table t;
	struct fault f = { 0 };
	struct text list;

	crowd(&list, IMPORT_LINES);
	CU_ASSERT_STRING_EQUAL(refused(a, list.data, list.size), "taken");
	text_puts(&list, "Q,q@x.example\n");
	CU_ASSERT_STRING_EQUAL(
	    refused(a, list.data, list.size), "web.csv_rows 20002 ");
	text_free(&list);

	text_init(&list, 4 << 20);
	text_puts(&list, "name,email\nA,a@x.example\nB,b@x.example");
	for (int i = 0; i < 1 << 20; i++)
		text_puts(&list, "x");
	text_puts(&list, "\nC,c@x.example\n");
	CU_ASSERT_EQUAL(import_read(&t, a, list.data, list.size, "en", &f), 0);
	CU_ASSERT_STRING_EQUAL(wrong(a, &t), "3  web.csv_cell; ");
	CU_ASSERT_EQUAL(json_array_size(t.people), 2);
	text_free(&list);
	arena_free(a);
}

static void
of_very_many_bad_lines_all_are_counted(void)
{
	struct arena *a = arena_new();
	struct import_table t;
	struct fault f = { 0 };
	struct text list;

	text_init(&list, 1 << 20);
	text_puts(&list, "name,email\n");
	for (int i = 0; i < 1000; i++)
		text_puts(&list, "A,no\n");
	CU_ASSERT_EQUAL(import_read(&t, a, list.data, list.size, "en", &f), 0);
	CU_ASSERT_EQUAL(t.bad, 1000);
	CU_ASSERT_EQUAL(json_array_size(t.wrong), IMPORT_SHOWN);
	text_free(&list);
	arena_free(a);
}

/* The time that lines take with as many columns that are not ours before the
 * two that are, and after them. */
static clock_t
time_with(int before, int after)
{
	struct arena *a = arena_new();
	struct import_table t;
	struct fault f = { 0 };
	struct text list;
	clock_t begun;

	text_init(&list, 4 << 20);
	for (int i = 0; i < before; i++)
		text_printf(&list, "b%d,", i);
	text_puts(&list, "name,email");
	for (int i = 0; i < after; i++)
		text_printf(&list, ",a%d", i);
	for (int n = 0; n < 4000; n++) {
		text_puts(&list, "\n");
		for (int i = 0; i < before; i++)
			text_puts(&list, ",");
		text_printf(&list, "A,a%d@x.example", n);
		for (int i = 0; i < after; i++)
			text_puts(&list, ",");
	}
	begun = clock();
	CU_ASSERT_EQUAL(import_read(&t, a, list.data, list.size, "en", &f), 0);
	CU_ASSERT_EQUAL(json_array_size(t.people), 4000);
	begun = clock() - begun;
	text_free(&list);
	arena_free(a);

	return begun;
}

static void
columns_are_looked_for_once(void)
{
	CU_ASSERT(time_with(190, 0) < 2 * time_with(2, 0) + time_with(0, 190));
}

SUITE(import, SAYS(a_good_line_is_somebody),
    SAYS(each_bad_line_is_named_with_its_column),
    SAYS(what_cannot_be_read_is_refused_as_a_whole),
    SAYS(there_is_an_end_to_lines_and_cells),
    SAYS(of_very_many_bad_lines_all_are_counted),
    SAYS(columns_are_looked_for_once))
