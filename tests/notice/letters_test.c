#include <string.h>
#include <time.h>

#include "support/suite.h"

#include "base/arena.h"
#include "notice/placeholder.h"
#include "notice/rich.h"
#include "notice/unsubscribe.h"

static const uint8_t secret[32] = { 7 }, other[32] = { 8 };

static void
an_unknown_placeholder_is_found(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_PTR_NULL(
	    placeholder_unknown(a, "Dear {name}, {event}{link}"));
	CU_ASSERT_STRING_EQUAL(
	    placeholder_unknown(a, "Dear {name}, {nmae}"), "nmae");
	CU_ASSERT_STRING_EQUAL(placeholder_unknown(a, "{Name}"), "Name");
	CU_ASSERT_STRING_EQUAL(placeholder_unknown(a, "{الاسم}"), "الاسم");
	CU_ASSERT_STRING_EQUAL(placeholder_unknown(a, "{{name2}}"), "name2");
	arena_free(a);
}

static void
what_is_no_placeholder_stays_as_it_is(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_PTR_NULL(placeholder_unknown(a, "{ open"));
	CU_ASSERT_PTR_NULL(placeholder_unknown(a, "{} {\nname}"));
	CU_ASSERT_PTR_NULL(placeholder_unknown(a,
	    "{a sentence that is longer than any name of a placeholder is}"));
	CU_ASSERT_PTR_NULL(placeholder_unknown(a, "}{"));
	arena_free(a);
}

static const char *
value(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "name") == 0    ? "{event}"
	       : strcmp(name, "event") == 0 ? "Rivers"
	                                    : NULL;
}

static void
values_are_put_in_once(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_STRING_EQUAL(
	    placeholder_fill(a, "{name} at {event}{link}.", value, NULL),
	    "{event} at Rivers.");
	CU_ASSERT_STRING_EQUAL(placeholder_fill(a, "", value, NULL), "");
	arena_free(a);
}

static void
words_become_paragraphs_with_links(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_STRING_EQUAL(rich_html(a, "One\ntwo\n \n\nthree"),
	    "<p dir=\"auto\">One<br>\ntwo</p>\n<p dir=\"auto\">three</p>\n");
	CU_ASSERT_STRING_EQUAL(rich_html(a, "See https://a.example/b?c=1&d=2."),
	    "<p dir=\"auto\">See <a href=\"https://a.example/b?c=1&amp;d=2\" "
	    "rel=\"noopener\">https://a.example/b?c=1&amp;d=2</a>.</p>\n");
	CU_ASSERT_STRING_EQUAL(rich_html(a, "a **b c** d ** e"),
	    "<p dir=\"auto\">a <strong>b c</strong> d ** e</p>\n");
	CU_ASSERT_STRING_EQUAL(
	    rich_plain(a, "a **b** https://x.example/**y** 2 ** 3"),
	    "a b https://x.example/**y** 2 ** 3");
	arena_free(a);
}

static void
a_long_line_takes_no_longer_than_many(void)
{
	enum { LONG = 400000 };
	struct arena *a = arena_new();
	char *line = arena_alloc(a, LONG + 1);
	clock_t begun = clock();

	memset(line, 'a', LONG);
	CU_ASSERT_STRING_EQUAL(rich_plain(a, line), line);
	CU_ASSERT_PTR_NOT_NULL(strstr(rich_html(a, line), line));
	CU_ASSERT(clock() - begun < CLOCKS_PER_SEC / 2);
	arena_free(a);
}

static void
nothing_in_words_is_markup(void)
{
	struct arena *a = arena_new();

	CU_ASSERT_STRING_EQUAL(rich_html(a, "<b onclick=\"x\">&amp;"),
	    "<p dir=\"auto\">&lt;b onclick=&quot;x&quot;&gt;&amp;amp;</p>\n");
	CU_ASSERT_STRING_EQUAL(rich_html(a, "javascript:alert(1) http://"),
	    "<p dir=\"auto\">javascript:alert(1) http://</p>\n");
	CU_ASSERT_STRING_EQUAL(rich_html(a, "https://a.example/\"><b>"),
	    "<p dir=\"auto\"><a href=\"https://a.example/\" "
	    "rel=\"noopener\">https://a.example/</a>&quot;&gt;&lt;b&gt;</p>\n");
	arena_free(a);
}

static void
a_link_to_unsubscribe_is_of_one_person_and_topic(void)
{
	const char *key = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", *topic;
	char token[TOKEN_CHARS + 1], read[UUID_CHARS + 1];

	unsubscribe_token(secret, key, "reminder", token);
	CU_ASSERT_EQUAL(strlen(token), TOKEN_CHARS);
	CU_ASSERT_EQUAL_FATAL(unsubscribe_read(secret, token, read, &topic), 0);
	CU_ASSERT_STRING_EQUAL(read, key);
	CU_ASSERT_STRING_EQUAL(topic, "reminder");
	CU_ASSERT_EQUAL(unsubscribe_read(other, token, read, &topic), -1);
	for (int i = 0; i < TOKEN_CHARS; i++) {
		char was = token[i];

		token[i] = was == 'A' ? 'B' : 'A';
		CU_ASSERT_EQUAL(
		    unsubscribe_read(secret, token, read, &topic), -1);
		token[i] = was;
	}
	CU_ASSERT_EQUAL(unsubscribe_read(secret, "", read, &topic), -1);
	unsubscribe_token(secret, key, "no such topic", token);
	CU_ASSERT_EQUAL(unsubscribe_read(secret, token, read, &topic), -1);
}

SUITE(letters, SAYS(an_unknown_placeholder_is_found),
    SAYS(what_is_no_placeholder_stays_as_it_is), SAYS(values_are_put_in_once),
    SAYS(words_become_paragraphs_with_links),
    SAYS(a_long_line_takes_no_longer_than_many),
    SAYS(nothing_in_words_is_markup),
    SAYS(a_link_to_unsubscribe_is_of_one_person_and_topic))
