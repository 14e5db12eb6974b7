#include <jansson.h>
#include <string.h>

#include "support/suite.h"

#include "base/arena.h"
#include "schedule/shown.h"

static const char *const names[] = { "abstract", "description", NULL };

/* What is shown of these two. */
static void
shows(const char *abstract, const char *description, const char *wanted)
{
	struct arena *a = arena_new();
	json_t *o = json_pack(
	    "{s:s, s:s}", "abstract", abstract, "description", description);

	shown_body(a, o, names);
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(json_object_get(o, "body_html")), wanted);
	json_decref(o);
	arena_free(a);
}

static void
plain_text_keeps_its_lines(void)
{
	shows("One\ntwo\n\nthree", "", "<p>One<br>\ntwo</p>\n<p>three</p>\n");
}

static void
what_only_looks_like_a_tag_is_text(void)
{
	shows("a < b, <this> & 1<2", "",
	    "<p>a &lt; b, &lt;this&gt; &amp; 1&lt;2</p>\n");
	shows("x <p", "", "<p>x &lt;p</p>\n");
}

static void
html_is_cleaned(void)
{
	shows("<P>Good <script>bad()</script>day</P>", "", "<p>Good day</p>\n");
}

static void
one_follows_the_other(void)
{
	shows("One", "<b>two</b>", "<p>One</p>\n<p><strong>two</strong></p>\n");
}

static void
nothing_is_shown_of_nothing(void)
{
	shows("", "", "");
}

static json_t *
session_row(const char *anchor, const char *starts)
{
	return json_pack("{s:s, s:s, s:s}", "anchor", anchor, "day",
	    "2031-03-29T00:00:00+01:00", "starts", starts);
}

static json_t *
at(const json_t *page, size_t day, const char *name)
{
	return json_object_get(
	    json_array_get(json_object_get(page, "days"), day), name);
}

static void
sessions_stand_by_day_and_time(void)
{
	json_t *page = json_pack("{s:[o, o, o, o]}", "sessions",
	    session_row("2031-03-29", "2031-03-29T09:00:00+01:00"),
	    session_row("2031-03-29", "2031-03-29T09:00:00+01:00"),
	    session_row("2031-03-29", "2031-03-29T10:00:00+01:00"),
	    session_row("2031-03-30", "2031-03-30T10:00:00+02:00"));
	json_t *slots;

	shown_days(page);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(page, "days")), 2);
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(at(page, 1, "anchor")), "2031-03-30");
	slots = at(page, 0, "slots");
	CU_ASSERT_EQUAL(json_array_size(slots), 2);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(
	                    json_array_get(slots, 0), "sessions")),
	    2);
	CU_ASSERT_EQUAL(json_array_size(at(page, 1, "slots")), 1);
	json_decref(page);
}

static void
no_sessions_make_no_days(void)
{
	json_t *page = json_pack("{s:[]}", "sessions");

	shown_days(page);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(page, "days")), 0);
	json_decref(page);
}

SUITE(shown, SAYS(plain_text_keeps_its_lines),
    SAYS(what_only_looks_like_a_tag_is_text), SAYS(html_is_cleaned),
    SAYS(one_follows_the_other), SAYS(nothing_is_shown_of_nothing),
    SAYS(sessions_stand_by_day_and_time), SAYS(no_sessions_make_no_days))
