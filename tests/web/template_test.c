#include <CUnit/CUnit.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "web/template.h"

void template_suite(void);

#define SPEC "../shared/data/mustache-spec/"

enum { OUT_MOST = 1024 * 1024 };

/* Partials are the members of an object. */
static const char *
member(void *context, const char *name)
{
	return json_string_value(json_object_get(context, name));
}

/* What came out, or "!" and the detail of the fault; freed by the caller. */
static char *
rendered(
    const char *source, json_t *data, json_t *partials, int strict, size_t max)
{
	struct template_set *set = template_set_new(member, partials);
	struct fault f = { 0 };
	struct text out;
	char *copy;

	text_init(&out, max);
	template_set_strict(set, strict);
	if (template_render_source(set, source, "en", data, &out, &f) == -1) {
		copy = malloc(sizeof(f.detail) + 1);
		copy[0] = '!';
		strcpy(copy + 1, f.detail);
	} else {
		copy = strdup(out.data);
	}
	text_free(&out);
	template_set_free(set);

	return copy;
}

static void
check(const char *source, const char *data, const char *partials,
    const char *expected)
{
	json_t *d = json_loads(data, JSON_DECODE_ANY, NULL);
	json_t *p = json_loads(partials, 0, NULL);
	char *out = rendered(source, d, p, 0, OUT_MOST);

	CU_ASSERT_STRING_EQUAL(out, expected);
	if (strcmp(out, expected) != 0)
		printf("\n  %s\n  gave %s\n  not  %s\n", source, out, expected);
	free(out);
	json_decref(d);
	json_decref(p);
}

/* --- the public specification --- */

static int
passes(json_t *test)
{
	const char *expected =
	    json_string_value(json_object_get(test, "expected"));
	char *out =
	    rendered(json_string_value(json_object_get(test, "template")),
	        json_object_get(test, "data"),
	        json_object_get(test, "partials"), 0, OUT_MOST);
	int ok = strcmp(out, expected) == 0;

	if (!ok)
		printf("\n  %s: gave\n%s\n  not\n%s\n",
		    json_string_value(json_object_get(test, "name")), out,
		    expected);
	free(out);

	return ok;
}

/* How many of a module's tests there are and pass; -1 without the data. */
static int
module(const char *name, int *passed)
{
	char path[128];
	json_t *file, *test;
	size_t i;
	int count = 0;

	snprintf(path, sizeof(path), SPEC "%s.json", name);
	file = json_load_file(path, JSON_ALLOW_NUL, NULL);
	if (file == NULL) {
		printf("(skipped: no %s) ", path);
		return -1;
	}
	json_array_foreach(json_object_get(file, "tests"), i, test)
	{
		count++;
		*passed += passes(test);
	}
	json_decref(file);

	return count;
}

static void
every_required_test_of_the_specification_passes(void)
{
	static const char *const required[] = { "comments", "delimiters",
		"interpolation", "inverted", "partials", "sections", NULL };
	int count = 0, passed = 0;

	for (int i = 0; required[i] != NULL; i++) {
		int n = module(required[i], &passed);

		if (n == -1)
			return;
		count += n;
	}
	CU_ASSERT_EQUAL(count, 136);
	CU_ASSERT_EQUAL(passed, count);
}

static void
every_test_of_inheritance_and_dynamic_names_passes(void)
{
	int passed = 0, a = module("~inheritance", &passed);
	int b = a == -1 ? -1 : module("~dynamic-names", &passed);

	if (b == -1)
		return;
	CU_ASSERT_EQUAL(a, 27);
	CU_ASSERT_EQUAL(passed, a + b);
}

/* --- ours --- */

static void
numbers_are_spelt_plainly(void)
{
	check("{{a}} {{b}} {{c}} {{d}} {{e}}",
	    "{\"a\":9007199254740993,\"b\":100.0,\"c\":0.1,\"d\":-2.5e-7,"
	    "\"e\":1e300}",
	    "{}", "9007199254740993 100 0.1 -2.5e-07 1e+300");
	check("{{t}} {{f}} [{{n}}]", "{\"t\":true,\"f\":false,\"n\":null}",
	    "{}", "true false []");
}

static void
zero_is_true_and_the_empty_text_is_not(void)
{
	check("{{#z}}z{{/z}}{{^e}}e{{/e}}{{^l}}l{{/l}}{{#o}}o{{/o}}",
	    "{\"z\":0,\"e\":\"\",\"l\":[],\"o\":{}}", "{}", "zelo");
}

static void
the_five_characters_are_escaped(void)
{
	check("{{a}}|{{{a}}}|{{&a}}", "{\"a\":\"&<>\\\"'\"}", "{}",
	    "&amp;&lt;&gt;&quot;&#39;|&<>\"'|&<>\"'");
}

static void
a_layout_shows_the_blocks_of_its_page(void)
{
	check("{{<web/layout}}\n{{$title}}{{t}}{{/title}}\n{{$main}}\n"
	      "<h1>{{t}}</h1>\n{{/main}}\n{{/web/layout}}\n",
	    "{\"t\":\"A & B\"}",
	    "{\"web/layout\":\"<title>{{$title}}Convene{{/title}}</title>\\n"
	    "<main>\\n  {{$main}}{{/main}}</main>\\n\"}",
	    "<title>A &amp; B</title>\n<main>\n  <h1>A &amp; "
	    "B</h1>\n</main>\n");
}

static const struct embedded words[] = {
	{ "en.test",
	    "{\"test.plain\":\"Rooms & seats\","
	    "\"test.seats\":\"{seats, plural, one {# seat} other {# seats}} "
	    "in {room.name}\",\"test.when\":\"from {starts, date}\"}",
	    0 },
	{ NULL, NULL, 0 }
};

static void
load_words(void)
{
	struct embedded ours[] = { words[0], words[1] };
	struct fault f;

	ours[0].size = strlen(ours[0].data);
	CU_ASSERT_EQUAL(messages_read(ours, &f), 0);
}

static void
a_message_finds_its_arguments_and_is_escaped(void)
{
	load_words();
	check("{{%test.plain}}", "{}", "{}", "Rooms &amp; seats");
	check("{{#r}}{{% test.seats }}{{/r}}",
	    "{\"r\":{\"seats\":1},\"room\":{\"name\":\"<A>\"}}", "{}",
	    "1 seat in &lt;A&gt;");
	check("{{%%k}}",
	    "{\"k\":\"test.when\","
	    "\"starts\":\"2026-03-04T14:00:00+05:45\"}",
	    "{}", "from 4 March 2026");
	check("[{{%% k}}]", "{\"k\":null}", "{}", "[]");
}

static void
values_are_worded(void)
{
	check("{{%date s}}|{{%day s}}|{{%time s}}|{{%offset s}}|{{%iso s}}",
	    "{\"s\":\"2026-03-04T14:00:00+05:45\"}", "{}",
	    "4 March 2026|Wednesday 4 March|14:00|UTC+05:45|"
	    "2026-03-04T14:00:00+05:45");
	check("{{%moment e.s}}|{{%date d}}",
	    "{\"e\":{\"s\":\"2026-03-04T14:00:00Z\"},\"d\":\"2026-12-31\"}",
	    "{}", "4 March 2026, 14:00|31 December 2026");
	check("{{%number n}}|{{%size n}}|{{%country c}}|{{%language l}}",
	    "{\"n\":1234567,\"c\":\"NP\",\"l\":\"fr\"}", "{}",
	    "1,234,567|1.2 MB|Nepal|French");
	check("[{{%date n}}{{%date gone}}]|{{%date x}}",
	    "{\"n\":null,\"x\":\"soon\"}", "{}", "[]|soon");
}

static void
a_template_named_txt_is_not_escaped(void)
{
	json_t *p = json_pack("{s:s}", "a.txt", "{{v}}\n"), *d;
	struct template_set *set = template_set_new(member, p);
	struct fault f;
	struct text out;

	d = json_pack("{s:s}", "v", "R&D <x>");
	text_init(&out, OUT_MOST);
	CU_ASSERT_EQUAL(template_render(set, "a.txt", "en", d, &out, &f), 0);
	CU_ASSERT_STRING_EQUAL(out.data, "R&D <x>\n");
	CU_ASSERT_EQUAL(template_render(set, "b", "en", d, &out, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
	text_free(&out);
	template_set_free(set);
	json_decref(d);
	json_decref(p);
}

static void
what_is_missing_is_a_fault_when_strict(void)
{
	static const char *const sources[] = { "{{gone}}", "{{a.gone}}",
		"{{>gone}}", "{{%test.gone}}", "{{%date gone}}", "{{%date b}}",
		"{{%test.seats}}", "{{a}}", NULL };
	json_t *d = json_pack("{s:{},s:s}", "a", "b", "soon");

	load_words();
	for (int i = 0; sources[i] != NULL; i++) {
		char *out = rendered(sources[i], d, NULL, 1, OUT_MOST);

		CU_ASSERT_EQUAL(out[0], '!');
		free(out);
	}
	check("{{#gone}}x{{/gone}}{{^gone}}y{{/gone}}", "{}", "{}", "y");
	json_decref(d);
}

static void
a_broken_template_says_where(void)
{
	check("a\n{{#b}}\n", "{}", "{}", "!line 3: a section is not closed");
	check("a\n{{b", "{}", "{}", "!line 2: a tag is not closed");
	check("{{#a}}{{/b}}", "{}", "{}", "!line 1: closes what is not open");
	check("{{=a=}}", "{}", "{}", "!line 1: no such delimiters");
	check("{{%year a}}", "{}", "{}", "!line 1: no such word");
	check("{{>p}}", "{}", "{\"p\":\"{{\"}",
	    "!template p: line 1: a tag is not closed");
}

static const char *
embedded(void *context, const char *name)
{
	(void)context;
	for (const struct embedded *e = templates_embedded; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e->data;

	return NULL;
}

/* With nothing to show, but with all of their partials. */
static void
every_template_of_the_house_can_be_read(void)
{
	struct template_set *set = template_set_new(embedded, NULL);
	json_t *nothing = json_object();

	for (const struct embedded *e = templates_embedded; e->name; e++) {
		struct fault f;
		struct text out;
		int ret;

		text_init(&out, OUT_MOST);
		ret = template_render(set, e->name, "en", nothing, &out, &f);
		CU_ASSERT_EQUAL(ret, 0);
		if (ret == -1)
			printf("\n  %s\n", f.detail);
		text_free(&out);
	}
	template_set_free(set);
	json_decref(nothing);
}

static void
depth_and_output_have_limits(void)
{
	char deep[2000] = "";
	json_t *d = json_pack("{s:[i,i,i]}", "a", 1, 2, 3);
	char *out;

	check("{{>p}}", "{}", "{\"p\":\"{{>p}}\"}", "!too deep: partial");
	check("{{<p}}{{/p}}", "{}", "{\"p\":\"{{<p}}{{/p}}\"}", "!too deep: p");
	for (int i = 0; i < 100; i++)
		strcat(deep, "{{#a}}");
	check(deep, "{}", "{}", "!line 1: nested too deep");
	out = rendered("{{#a}}0123456789{{/a}}", d, NULL, 0, 29);
	CU_ASSERT_STRING_EQUAL(out, "!too long: output");
	free(out);
	out = rendered("{{#a}}0123456789{{/a}}", d, NULL, 0, 30);
	CU_ASSERT_EQUAL(strlen(out), 30);
	free(out);
	json_decref(d);
}

static void
an_endless_template_is_stopped(void)
{
	json_t *list = json_array(), *d = json_object();
	char *out;

	for (int i = 0; i < 300; i++)
		json_array_append_new(list, json_integer(i));
	json_object_set_new(d, "a", list);
	out = rendered("{{#a}}{{#a}}{{#a}}{{#a}}{{b}}{{/a}}{{/a}}{{/a}}{{/a}}",
	    d, NULL, 0, OUT_MOST);
	CU_ASSERT_STRING_EQUAL(out, "!too long: template");
	free(out);
	json_decref(d);
}

void
template_suite(void)
{
	CU_pSuite s = CU_add_suite("template", NULL, NULL);

	CU_ADD_TEST(s, every_required_test_of_the_specification_passes);
	CU_ADD_TEST(s, every_test_of_inheritance_and_dynamic_names_passes);
	CU_ADD_TEST(s, numbers_are_spelt_plainly);
	CU_ADD_TEST(s, zero_is_true_and_the_empty_text_is_not);
	CU_ADD_TEST(s, the_five_characters_are_escaped);
	CU_ADD_TEST(s, a_layout_shows_the_blocks_of_its_page);
	CU_ADD_TEST(s, a_message_finds_its_arguments_and_is_escaped);
	CU_ADD_TEST(s, values_are_worded);
	CU_ADD_TEST(s, a_template_named_txt_is_not_escaped);
	CU_ADD_TEST(s, what_is_missing_is_a_fault_when_strict);
	CU_ADD_TEST(s, a_broken_template_says_where);
	CU_ADD_TEST(s, every_template_of_the_house_can_be_read);
	CU_ADD_TEST(s, depth_and_output_have_limits);
	CU_ADD_TEST(s, an_endless_template_is_stopped);
}
