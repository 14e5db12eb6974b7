/* Questions as fields of a page. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/fault.h"
#include "base/text.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "support/suite.h"
#include "web/inside.h"

static const char of_choices[] =
    "[{\"id\": 12, \"kind\": \"choices\", \"audience\": \"all\", \"label\": {},"
    "\"options\": [{\"value\": \"1\"}, {\"value\": \"KE\"},"
    "{\"value\": \"NP\"}]}]";

static const char of_country[] = "[{\"id\": 12, \"kind\": \"country\", "
                                 "\"audience\": \"all\", \"label\": {}}]";

/* The values that are chosen in the only field. */
static void
chosen_in(const json_t *page, struct text *out)
{
	const json_t *field = json_object_get(
	    json_array_get(json_object_get(page, "questions"), 0), "field");
	const json_t *option;
	size_t i;

	text_init(out, 64);
	text_puts(out, "");
	json_array_foreach(json_object_get(field, "options"), i, option)
	{
		if (json_is_true(json_object_get(option, "chosen")))
			text_printf(out, "%s ",
			    json_string_value(
			        json_object_get(option, "value")));
	}
}

/* What a form shows as chosen, of what is stored or was typed. */
static void
show(const char *asked, const char *stored, const char *const *typed,
    struct text *out)
{
	static const struct request request = { .method = "GET", .path = "/" };
	static const struct act act;
	struct visit *v = visit_new(&request);
	json_t *page = json_object();
	json_t *questions = json_loads(asked, 0, NULL);
	json_t *answers = stored == NULL ? NULL : json_loads(stored, 0, NULL);

	v->act = &act;
	v->stage = typed != NULL ? STAGE_AGAIN : v->stage;
	for (; typed != NULL && typed[0] != NULL; typed += 2)
		pairs_add(&v->typed, typed[0], typed[1]);
	answers_form(v, page, questions, answers, NULL);
	chosen_in(page, out);
	json_decref(page);
	json_decref(questions);
	json_decref(answers);
	visit_free(v);
}

static void
what_is_stored_is_chosen(void)
{
	static const struct {
		const char *stored, *chosen;
	} cases[] = { { "{\"12\": [\"KE\", \"1\"]}", "1 KE " },
		{ "{\"12\": \"NP\"}", "NP " }, { "{\"12\": [1]}", "" },
		{ "{\"12\": [null, {}, [\"KE\"], \"NP\"]}", "NP " },
		{ "{\"12\": 1}", "" },
		{ "{\"12\": {\"chosen\": [2, \"KE\"]}}", "KE " },
		{ "{}", "" } };
	struct text chosen;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		show(of_choices, cases[i].stored, NULL, &chosen);
		CU_ASSERT_STRING_EQUAL(chosen.data, cases[i].chosen);
		text_free(&chosen);
	}
}

static void
what_was_typed_is_chosen_instead(void)
{
	static const char *const typed[] = { "q12", "NP", "q1", "KE", "q12",
		"1", NULL };
	struct text chosen;

	show(of_choices, "{\"12\": [\"KE\"]}", typed, &chosen);
	CU_ASSERT_STRING_EQUAL(chosen.data, "1 NP ");
	text_free(&chosen);
}

/* Unless each option looks at each value that was typed but once, this takes a
 * second of the processor. */
static void
very_many_values_are_shown_again_soon(void)
{
	static const char *typed[2 * PAIRS_MAX + 1];
	struct text chosen;
	clock_t began;

	for (int i = 0; i < PAIRS_MAX; i++) {
		typed[2 * i] = "q12";
		typed[2 * i + 1] = i == PAIRS_MAX - 1 ? "NP" : "XX";
	}
	show(of_country, NULL, typed, &chosen); /* the names are read once */
	text_free(&chosen);
	began = clock();
	show(of_country, NULL, typed, &chosen);
	CU_ASSERT_TRUE(clock() - began < CLOCKS_PER_SEC / 4);
	CU_ASSERT_STRING_EQUAL(chosen.data, "NP ");
	text_free(&chosen);
}

/* So many as there may be, each as long as it may be, of the longest letters.
 */
static json_t *
very_many_options(void)
{
	json_t *list = json_array();
	char words[200 * 4 + 1], value[61];

	for (int i = 0; i < 200; i++)
		memcpy(words + (size_t)i * 4, "😀", 5);
	for (int i = 0; i < 200; i++) {
		snprintf(value, sizeof(value), "%060d", i);
		json_array_append_new(list, json_pack("{s:s, s:{s:s}}", "value",
		                                value, "label", "en", words));
	}

	return list;
}

static void
all_options_stand_in_the_form(void)
{
	static const struct request request = { .method = "GET", .path = "/" };
	struct visit *v = visit_new(&request);
	struct fault f = { 0 };
	const char *lines;

	v->act = &registration_question;
	json_decref(v->page);
	v->page = json_pack("{s:{s:s}, s:{s:o}}", "event", "language", "en",
	    "question", "options", very_many_options());
	CU_ASSERT_EQUAL(v->act->answer(v, v->page, &f), 0);
	lines = json_string_value(json_object_get(
	    json_array_get(json_object_get(v->page, "wordings"), 0),
	    "options"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(lines);
	CU_ASSERT_EQUAL(text_length(lines), 200 * (60 + 3 + 200 + 1));
	visit_free(v);
}

SUITE(questions, SAYS(what_is_stored_is_chosen),
    SAYS(what_was_typed_is_chosen_instead),
    SAYS(very_many_values_are_shown_again_soon),
    SAYS(all_options_stand_in_the_form))
