/* Answers to questions that no act knows: gathered from a form or one object.
 */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "web/inside.h"

void answers_suite(void);

static const struct field fields[] = {
	{ .name = "answers", .kind = FIELD_ANSWERS }, { .name = NULL }
};

static struct visit *
visit_bare(void)
{
	static const struct request none = { .method = "POST", .path = "/" };

	return visit_new(&none);
}

/* What is bound after these names and values, NULL-ended. */
static struct visit *
read_pairs(const char *const *pair)
{
	struct visit *v = visit_bare();
	struct pairs p = { .count = 0 };

	for (; pair[0] != NULL; pair += 2)
		pairs_add(&p, pair[0], pair[1]);
	fields_read(v, fields, &p);

	return v;
}

/* The bound value is this JSON. */
static bool
bound_is(struct visit *v, const char *expected)
{
	json_t *got = json_loads(visit_field(v, "answers"), 0, NULL);
	json_t *want = json_loads(expected, 0, NULL);
	bool same = got != NULL && json_equal(got, want) == 1;

	json_decref(got);
	json_decref(want);

	return same;
}

static bool
fault_is(const struct visit *v, const char *field, const char *key)
{
	return v->faults == 1 && strcmp(v->fault[0].field, field) == 0 &&
	       strcmp(v->fault[0].key, key) == 0;
}

static void
members_of_a_form_become_one_object(void)
{
	static const char *const typed[] = { "name", "Ann", "q12", " a\r\nb ",
		"q13", "x", "q13", "y", "q13", "z", "q14-words", "no nuts",
		"q15", "  ", NULL };
	struct visit *v = read_pairs(typed);

	CU_ASSERT_EQUAL(v->faults, 0);
	CU_ASSERT_TRUE(bound_is(v, "{\"12\":\"a\\nb\",\"13\":[\"x\",\"y\","
	                           "\"z\"],\"14-words\":\"no nuts\","
	                           "\"lang\":\"en\"}"));
	visit_free(v);
}

static void
nothing_answered_is_null(void)
{
	static const char *const typed[] = { "name", "Ann", "q12", "", NULL };
	struct visit *v = read_pairs(typed);

	CU_ASSERT_EQUAL(v->faults, 0);
	CU_ASSERT_PTR_NULL(visit_field(v, "answers"));
	visit_free(v);
}

static void
what_only_looks_like_a_question_is_left_alone(void)
{
	static const char *const typed[] = { "q", "a", "q0", "b", "q1x", "c",
		"q1-more", "d", "question", "e", "q1234567890123456789", "f",
		NULL };
	struct visit *v = read_pairs(typed);

	CU_ASSERT_PTR_NULL(visit_field(v, "answers"));
	visit_free(v);
}

static void
an_object_of_a_program_keeps_its_shape(void)
{
	static const char *const typed[] = { "answers",
		"{\"1\":true,\"2\":4.5,\"3\":[\" a \"],"
		"\"4\":{\"chosen\":[\"x\"],\"words\":\"w\"},\"5\":null}",
		NULL };
	struct visit *v = read_pairs(typed);

	CU_ASSERT_EQUAL(v->faults, 0);
	CU_ASSERT_TRUE(bound_is(v,
	    "{\"1\":true,\"2\":4.5,\"3\":[\"a\"],\"4\":{\"chosen\":[\"x\"],"
	    "\"words\":\"w\"},\"5\":null,\"lang\":\"en\"}"));
	visit_free(v);
}

static void
the_language_is_ours_to_say(void)
{
	static const char *const typed[] = { "answers",
		"{\"1\":\"a\",\"lang\":\"xx\"}", NULL };
	struct visit *v = read_pairs(typed);

	CU_ASSERT_TRUE(fault_is(v, "answers", "web.not_known"));
	visit_free(v);
}

static void
a_fault_names_its_question(void)
{
	static const char *const control[] = { "q7", "a\001b", NULL };
	static const char *const inside[] = { "answers",
		"{\"8\":[\"ok\",\"\\u0007\"]}", NULL };
	struct visit *v = read_pairs(control);

	CU_ASSERT_TRUE(fault_is(v, "q7", "web.not_plain"));
	CU_ASSERT_PTR_NULL(visit_field(v, "answers"));
	visit_free(v);
	v = read_pairs(inside);
	CU_ASSERT_TRUE(fault_is(v, "q8", "web.not_plain"));
	visit_free(v);
}

static void
a_text_has_ten_thousand_characters_at_most(void)
{
	char *text = malloc(2 * 10001 + 1);
	const char *typed[] = { "q7", text, NULL };
	struct visit *v;

	for (int i = 0; i < 10001; i++)
		memcpy(text + (ptrdiff_t)2 * i, "é", 2);
	text[2 * 10001] = '\0';
	v = read_pairs(typed);
	CU_ASSERT_TRUE(fault_is(v, "q7", "web.too_long"));
	visit_free(v);
	text[2 * 10000] = '\0';
	v = read_pairs(typed);
	CU_ASSERT_EQUAL(v->faults, 0);
	visit_free(v);
	free(text);
}

static void
what_hurts_is_refused(void)
{
	static const char *const wrong[] = { "[1]", "7", "{", "{\"a\":1}",
		"{\"1\":[[[[\"x\"]]]]}", "{\"1\":1,\"1\":2}", NULL };

	for (int i = 0; wrong[i] != NULL; i++) {
		const char *const typed[] = { "answers", wrong[i], NULL };
		struct visit *v = read_pairs(typed);

		CU_ASSERT_EQUAL(v->faults, 1);
		CU_ASSERT_PTR_NULL(visit_field(v, "answers"));
		visit_free(v);
	}
}

static void
of_one_question_at_most_200_are_chosen(void)
{
	struct visit *v = visit_bare();
	struct pairs p = { .count = 0 };

	for (int i = 0; i < 200; i++)
		pairs_add(&p, "q1", arena_printf(v->arena, "o%d", i));
	fields_read(v, fields, &p);
	CU_ASSERT_EQUAL(v->faults, 0);
	pairs_add(&p, "q1", "more");
	fields_read(v, fields, &p);
	CU_ASSERT_TRUE(fault_is(v, "q1", "web.too_many"));
	CU_ASSERT_EQUAL(v->fault[0].number, 200);
	visit_free(v);
}

void
answers_suite(void)
{
	CU_pSuite s = CU_add_suite("answers", NULL, NULL);

	CU_ADD_TEST(s, members_of_a_form_become_one_object);
	CU_ADD_TEST(s, nothing_answered_is_null);
	CU_ADD_TEST(s, what_only_looks_like_a_question_is_left_alone);
	CU_ADD_TEST(s, an_object_of_a_program_keeps_its_shape);
	CU_ADD_TEST(s, the_language_is_ours_to_say);
	CU_ADD_TEST(s, a_fault_names_its_question);
	CU_ADD_TEST(s, a_text_has_ten_thousand_characters_at_most);
	CU_ADD_TEST(s, what_hurts_is_refused);
	CU_ADD_TEST(s, of_one_question_at_most_200_are_chosen);
}
