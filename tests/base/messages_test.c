#include <CUnit/CUnit.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/language.h"
#include "base/messages.h"

void messages_suite(void);

/* Reads one file of words. */
static int
read_words(const char *name, const char *json, struct fault *f)
{
	struct embedded files[] = { { name, json, strlen(json) },
		{ NULL, NULL, 0 } };

	*f = (struct fault){ .kind = FAULT_NONE };

	return messages_read(files, f);
}

static int
begin(void)
{
	struct fault f;
	static const char *const files[][2] = {
		{ "en.test",
		    "{\"t.plain\":\"Rooms & seats\",\"t.plain_note\":\"x\","
		    "\"t.people\":\"{n, plural, one {# person} other "
		    "{# people}}\",\"t.quoted\":\"It''s '{n}' and don't\","
		    "\"t.only\":\"English\"}" },
		{ "ar.test",
		    "{\"t.people\":\"{n,plural,zero{لا مشاركين}one{مشارك واحد}"
		    "two{مشاركان}few{# مشاركين}many{# مشاركًا}"
		    "other{# مشارك}}\"}" },
		{ "ru.test",
		    "{\"t.people\":\"{n,plural,one{# участник}few{# участника}"
		    "many{# участников}other{# участника}}\"}" },
	};

	for (size_t i = 0; i < 3; i++)
		if (read_words(files[i][0], files[i][1], &f) == -1)
			return 1;

	return 0;
}

/* Arguments are "name=value" texts, ended by NULL. */
static const char *
argument(void *context, const char *name)
{
	const char *const *pairs = *(const char *const **)context;
	size_t size = strlen(name);

	for (; *pairs != NULL; pairs++)
		if (strncmp(*pairs, name, size) == 0 && (*pairs)[size] == '=')
			return *pairs + size + 1;

	return NULL;
}

static void
check(const char *language, const char *key, const char *const *arguments,
    const char *expected)
{
	struct arena *a = arena_new();
	const char *said = message(
	    a, language, key, arguments == NULL ? NULL : argument, &arguments);

	CU_ASSERT_STRING_EQUAL(said, expected);
	if (strcmp(said, expected) != 0)
		printf("\n  %s %s: gave %s\n", language, key, said);
	arena_free(a);
}

/* A pattern by itself, in English. */
static void
check_pattern(
    const char *json, const char *const *arguments, const char *expected)
{
	struct fault f;

	CU_ASSERT_EQUAL(read_words("en.test", json, &f), 0);
	if (f.kind != FAULT_NONE)
		printf("\n  %s\n", f.detail);
	check("en", "t.x", arguments, expected);
}

static void
plurals_follow_the_language(void)
{
	static const struct {
		const char *language, *n, *expected;
	} cases[] = { { "en", "n=1", "1 person" }, { "en", "n=2", "2 people" },
		{ "ar", "n=0", "لا مشاركين" }, { "ar", "n=1", "مشارك واحد" },
		{ "ar", "n=2", "مشاركان" }, { "ar", "n=3", "3 مشاركين" },
		{ "ar", "n=11", "11 مشاركًا" }, { "ar", "n=100", "100 مشارك" },
		{ "ru", "n=1", "1 участник" }, { "ru", "n=2", "2 участника" },
		{ "ru", "n=5", "5 участников" },
		{ "ru", "n=21", "21 участник" },
		{ "ru", "n=22", "22 участника" },
		{ "ru", "n=1.5", "1,5 участника" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const arguments[] = { cases[i].n, NULL };

		check(cases[i].language, "t.people", arguments,
		    cases[i].expected);
	}
}

static void
english_stands_in_with_its_own_plurals(void)
{
	static const char *const arguments[] = { "n=5", NULL };

	check("fr", "t.people", arguments, "5 people");
	check("xx", "t.only", NULL, "English");
	check(NULL, "t.only", NULL, "English");
}

static void
an_unknown_key_shows_itself(void)
{
	check("en", "t.gone", NULL, "⟨t.gone⟩");
	CU_ASSERT_FALSE(message_known("t.gone"));
	CU_ASSERT_FALSE(message_known("t.plain_note"));
	CU_ASSERT_TRUE(message_known("t.plain"));
}

static void
apostrophes_are_those_of_icu(void)
{
	check("en", "t.quoted", NULL, "It's {n} and don't");
	check_pattern("{\"t.x\":\"{n,plural,other{'#' # '{'}} #\"}",
	    (const char *const[]){ "n=3", NULL }, "# 3 { #");
}

static void
numbers_and_texts_go_in_any_order(void)
{
	static const char *const arguments[] = { "a=A", "b=2", "c=C", "d=4",
		"e=E", "f=F", "when=2026-03-04T14:00:00+05:45", "sex=f", NULL };

	check_pattern("{\"t.x\":\"{a} {b, number} {c} {d, plural, one {x} "
	              "other {#{a}}} {e} {f}\"}",
	    arguments, "A 2 C 4A E F");
	check_pattern(
	    "{\"t.x\":\"{b} {b, plural, other {#}} {b}\"}", arguments, "2 2 2");
	check_pattern("{\"t.x\":\"{sex, select, f {her {b, plural, one {seat} "
	              "other {# seats}}} other {their seat}} {a}\"}",
	    arguments, "her 2 seats A");
	check_pattern("{\"t.x\":\"{d, selectordinal, one {#st} two {#nd} few "
	              "{#rd} other {#th}}\"}",
	    arguments, "4th");
	check_pattern("{\"t.x\":\"{b, plural, offset:1 =0 {none} one {you and "
	              "# more} other {#}}\"}",
	    arguments, "you and 1 more");
	check_pattern("{\"t.x\":\"{when, date} at {when, time} "
	              "({when, offset})\"}",
	    arguments, "4 March 2026 at 14:00 (UTC+05:45)");
}

static void
styles_of_numbers_are_kept(void)
{
	static const char *const arguments[] = { "n=1234.5", NULL };

	check_pattern("{\"t.x\":\"{n, number, integer}\"}", arguments, "1,234");
	check_pattern(
	    "{\"t.x\":\"{n, number, #,##0.00}\"}", arguments, "1,234.50");
	check_pattern(
	    "{\"t.x\":\"{n, number, ::percent}\"}", arguments, "1,234.5%");
}

static void
what_is_missing_is_empty(void)
{
	check_pattern("{\"t.x\":\"[{a}] [{n, number}] [{n, plural, other "
	              "{#}}]\"}",
	    (const char *const[]){ "n=many", NULL }, "[] [0] [0]");
}

static void
long_words_are_not_cut(void)
{
	char value[3000] = "a=", expected[3100];
	const char *const arguments[] = { value, NULL };

	memset(value + 2, 'x', 2000);
	snprintf(expected, sizeof(expected), "<%s>", value + 2);
	check_pattern("{\"t.x\":\"<{a}>\"}", arguments, expected);
}

static void
broken_files_are_refused(void)
{
	static const char *const bad[] = { "[]", "{\"a\":1}", "{\"a\":{}}",
		"{\"a\":\"1\",\"a\":\"2\"}", "{\"a\":\"{\"}", "{\"a\":\"}\"}",
		"{\"a\":\"{}\"}", "{\"a\":\"{n,plural}\"}",
		"{\"a\":\"{n,year}\"}", "{\"a\":\"{n,plural,one{}\"}",
		"{\"a\":\"{n,plural,{}}\"}", "{\"a\":\"{n,date,short}\"}",
		"{\"a\":\"'{n\"}", "{\"a\":\"{a}{b}{c}{d}{e}\"}",
		"{\"a\":\"{a,number}{b,number}{c,number}\"}",
		"{\"a\":\"{a}{b}{c}{d}{e}{f}{g}\"}",
		"{\"a\":\"{a,number}{a,select,other{}}\"}",
		"{\"a\":\"{a,select,x{{a,select,x{{a,select,x{{a,select,x{"
		"{a,select,x{{a,select,x{{a,select,x{}}}}}}}}}}}}}}\"}",
		"", NULL };
	struct fault f;

	for (int i = 0; bad[i] != NULL; i++) {
		CU_ASSERT_EQUAL(read_words("en.test", bad[i], &f), -1);
		CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
	}
	CU_ASSERT_EQUAL(read_words("de.test", "{}", &f), -1);
	CU_ASSERT_EQUAL(read_words("en", "{}", &f), 0);
}

static void
the_whole_catalogue_is_sound(void)
{
	struct fault f = { .kind = FAULT_NONE };

	if (messages_load(&f) == -1 || messages_check(&f) == -1)
		printf("\n  %s\n", f.detail);
	CU_ASSERT_EQUAL(f.kind, FAULT_NONE);
}

/* All words of a language, whatever files they stand in. */
static json_t *
words_of(const char *language)
{
	size_t length = strlen(language);
	json_t *all = json_object();

	for (const struct embedded *e = messages_embedded; e->name != NULL;
	     e++) {
		json_t *file;

		if (strncmp(e->name, language, length) != 0 ||
		    (e->name[length] != '\0' && e->name[length] != '.'))
			continue;
		file = json_loadb(e->data, e->size, 0, NULL);
		json_object_update(all, file);
		json_decref(file);
	}

	return all;
}

/* How many keys of the first the second has not; notes are for translators. */
static int
missing(json_t *of, json_t *in, const char *language, const char *how)
{
	int n = 0;

	for (void *i = json_object_iter(of); i != NULL;
	     i = json_object_iter_next(of, i)) {
		const char *key = json_object_iter_key(i);
		size_t length = strlen(key);

		if ((length >= 5 && strcmp(key + length - 5, "_note") == 0) ||
		    json_object_get(in, key) != NULL)
			continue;
		printf("\n  %s %s: %s", language, how, key);
		n++;
	}

	return n;
}

/* A language that has begun has all of it. */
static void
every_language_says_everything(void)
{
	json_t *english = words_of("en");

	CU_ASSERT(json_object_size(english) > 0);
	for (int i = 1; i < LANGUAGES; i++) {
		json_t *words = words_of(languages[i]);

		if (json_object_size(words) > 0) {
			CU_ASSERT_EQUAL(
			    missing(english, words, languages[i], "lacks"), 0);
			CU_ASSERT_EQUAL(missing(words, english, languages[i],
			                    "has beyond English"),
			    0);
		}
		json_decref(words);
	}
	json_decref(english);
}

/* `what` is wrong with the key t.x in this language, until it is mended. */
static void
check_finds(const char *language, const char *json, const char *what)
{
	struct fault f;

	read_words("en", "{\"t.x\":\"{n,plural,one{}other{}}\"}", &f);
	read_words(language, json, &f);
	CU_ASSERT_EQUAL(messages_check(&f), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(f.detail, "t.x"));
	CU_ASSERT_PTR_NOT_NULL(strstr(f.detail, what));
	if (strstr(f.detail, what) == NULL)
		printf("\n  %s\n", f.detail);
	read_words(language, "{\"t.x\":\"{n}\"}", &f);
}

static void
what_is_wrong_with_a_translation_is_found(void)
{
	struct fault f;

	check_finds("en", "{\"t.x\":\"{n,plural,one{}}\"}", "refuses");
	check_finds(
	    "ru", "{\"t.x\":\"{n,plural,one{}other{}}\"}", "lacks a form");
	check_finds("ar", "{\"t.x\":\"{n,plural,=0{}one{}two{}other{}}\"}",
	    "lacks a form");
	check_finds(
	    "fr", "{\"t.x\":\"{n,plural,one{}other{}}\"}", "lacks a form");
	check_finds("fr", "{\"t.x\":\"{nom}\"}", "not in the English");
	check_finds("es", "{\"t.x\":\"x\"}", "is lost");
	read_words("en", "{\"t.x\":\"{n,plural,other{}}\"}", &f);
	read_words("ru", "{\"t.x\":\"{n,plural,other{}}\"}", &f);
	CU_ASSERT_EQUAL(messages_check(&f), 0);
}

void
messages_suite(void)
{
	CU_pSuite s = CU_add_suite("messages", begin, NULL);

	CU_ADD_TEST(s, plurals_follow_the_language);
	CU_ADD_TEST(s, english_stands_in_with_its_own_plurals);
	CU_ADD_TEST(s, an_unknown_key_shows_itself);
	CU_ADD_TEST(s, apostrophes_are_those_of_icu);
	CU_ADD_TEST(s, numbers_and_texts_go_in_any_order);
	CU_ADD_TEST(s, styles_of_numbers_are_kept);
	CU_ADD_TEST(s, what_is_missing_is_empty);
	CU_ADD_TEST(s, long_words_are_not_cut);
	CU_ADD_TEST(s, broken_files_are_refused);
	CU_ADD_TEST(s, the_whole_catalogue_is_sound);
	CU_ADD_TEST(s, every_language_says_everything);
	CU_ADD_TEST(s, what_is_wrong_with_a_translation_is_found);
}
