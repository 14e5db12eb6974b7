/* Each kind of field: what it takes, what it refuses, and at which edge. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "web/field.h"
#include "web/inside.h"

void field_suite(void);

static struct visit *
visit_bare(void)
{
	static const struct request none = { .method = "POST", .path = "/" };

	return visit_new(&none);
}

/* The value bound, or NULL with the fault's key. */
static const char *
check(struct visit *v, struct field field, const char *typed, struct fault *f)
{
	field.name = "x";
	memset(f, 0, sizeof(*f));

	return field_value(v, &field, typed, f);
}

static void
addresses_that_could_not_receive_are_refused(void)
{
	static const char *const right[] = { "a@b.org",
		"first.last+x@sub.example.org", "o'neil@example.ie", NULL };
	static const char *const wrong[] = { "a", "a@b", "@b.org", "a@.org",
		"a@b..org", "a b@c.org", ".a@b.org", "a.@b.org", "a@-b.org",
		"a@b.org\r\nBcc: c@d.org", "a@b.org,c@d.org", NULL };

	for (int i = 0; right[i] != NULL; i++)
		CU_ASSERT_TRUE(field_email(right[i]));
	for (int i = 0; wrong[i] != NULL; i++)
		CU_ASSERT_FALSE(field_email(wrong[i]));
}

static void
an_address_is_kept_in_lower_case(void)
{
	struct visit *v = visit_bare();
	struct fault f;

	CU_ASSERT_STRING_EQUAL(
	    check(v, (struct field){ .kind = FIELD_EMAIL }, " A@B.Org ", &f),
	    "a@b.org");
	visit_free(v);
}

static void
words_are_trimmed_and_counted_in_characters(void)
{
	struct visit *v = visit_bare();
	struct field five = { .kind = FIELD_WORD, .most = 5 };
	struct fault f;

	CU_ASSERT_STRING_EQUAL(
	    check(v, five, "  नमस्ते", &f) ? "" : f.key, "web.too_long");
	CU_ASSERT_STRING_EQUAL(check(v, five, " 你好吗 ", &f), "你好吗");
	CU_ASSERT_PTR_NULL(check(v, five, "a\nb", &f));
	CU_ASSERT_STRING_EQUAL(f.key, "web.not_plain");
	visit_free(v);
}

static void
lines_keep_their_ends_as_one_character(void)
{
	struct visit *v = visit_bare();
	struct fault f;

	CU_ASSERT_STRING_EQUAL(
	    check(v, (struct field){ .kind = FIELD_TEXT }, "a\r\nb", &f),
	    "a\nb");
	visit_free(v);
}

static void
numbers_hold_their_edges(void)
{
	struct visit *v = visit_bare();
	struct field n = { .kind = FIELD_NUMBER, .least = 1, .most = 10 };
	struct fault f;

	CU_ASSERT_STRING_EQUAL(check(v, n, "1", &f), "1");
	CU_ASSERT_STRING_EQUAL(check(v, n, "10", &f), "10");
	CU_ASSERT_PTR_NULL(check(v, n, "0", &f));
	CU_ASSERT_PTR_NULL(check(v, n, "11", &f));
	CU_ASSERT_PTR_NULL(check(v, n, "1e1", &f));
	CU_ASSERT_PTR_NULL(check(v, n, "99999999999999999999", &f));
	visit_free(v);
}

static void
ids_are_positive_and_fit(void)
{
	struct visit *v = visit_bare();
	struct field id = { .kind = FIELD_ID };
	struct fault f;

	CU_ASSERT_STRING_EQUAL(check(v, id, "7", &f), "7");
	CU_ASSERT_PTR_NULL(check(v, id, "0", &f));
	CU_ASSERT_PTR_NULL(check(v, id, "-1", &f));
	CU_ASSERT_PTR_NULL(check(v, id, "07", &f));
	CU_ASSERT_PTR_NULL(check(v, id, "1 or 1=1", &f));
	CU_ASSERT_PTR_NULL(check(v, id, "9999999999999999999", &f));
	visit_free(v);
}

static void
days_and_times_that_do_not_exist_are_refused(void)
{
	struct visit *v = visit_bare();
	struct field day = { .kind = FIELD_DAY };
	struct field moment = { .kind = FIELD_MOMENT };
	struct fault f;

	CU_ASSERT_PTR_NOT_NULL(check(v, day, "2024-02-29", &f));
	CU_ASSERT_PTR_NULL(check(v, day, "2026-02-29", &f));
	CU_ASSERT_PTR_NOT_NULL(check(v, moment, "2026-03-04T23:59", &f));
	CU_ASSERT_PTR_NULL(check(v, moment, "2026-03-04T24:00", &f));
	CU_ASSERT_PTR_NULL(check(v, moment, "2026-03-04 23:59", &f));
	visit_free(v);
}

static void
addresses_of_pages_hold_no_surprises(void)
{
	CU_ASSERT_TRUE(field_url("https://example.org/a?b=c#d"));
	CU_ASSERT_FALSE(field_url("javascript:alert(1)"));
	CU_ASSERT_FALSE(field_url("https://"));
	CU_ASSERT_FALSE(field_url("https://a/\r\nX-EVIL:1"));
	CU_ASSERT_FALSE(field_url("//example.org"));
}

static void
a_field_given_twice_is_refused(void)
{
	static const struct field fields[] = {
		{ .name = "x", .kind = FIELD_WORD }, { .name = NULL }
	};
	struct visit *v = visit_bare();
	struct pairs p = { .count = 0 };

	pairs_add(&p, "x", "1");
	pairs_add(&p, "x", "2");
	fields_read(v, fields, &p);
	CU_ASSERT_EQUAL(v->faults, 1);
	CU_ASSERT_STRING_EQUAL(v->fault[0].key, "web.repeated");
	visit_free(v);
}

static void
several_ids_become_one_array(void)
{
	static const struct field fields[] = {
		{ .name = "x", .kind = FIELD_IDS }, { .name = NULL }
	};
	struct visit *v = visit_bare();
	struct pairs p = { .count = 0 };

	pairs_add(&p, "x", "1");
	pairs_add(&p, "x", "22");
	fields_read(v, fields, &p);
	CU_ASSERT_STRING_EQUAL(visit_field(v, "x"), "{1,22}");
	visit_free(v);
}

static void
several_words_become_one_array(void)
{
	static const struct field fields[] = {
		{ .name = "x", .kind = FIELD_CHOICES, .flags = REQUIRED },
		{ .name = NULL }
	};
	struct visit *v = visit_bare();
	struct pairs p = { .count = 0 };

	fields_read(v, fields, &p);
	CU_ASSERT_EQUAL(v->faults, 1);
	CU_ASSERT_STRING_EQUAL(v->fault[0].key, "web.required");
	pairs_add(&p, "x", "KE");
	pairs_add(&p, "x", " say \"a\", \\b{} ");
	fields_read(v, fields, &p);
	CU_ASSERT_STRING_EQUAL(
	    visit_field(v, "x"), "{\"KE\",\"say \\\"a\\\", \\\\b{}\"}");
	pairs_add(&p, "x", "\x1b");
	fields_read(v, fields, &p);
	CU_ASSERT_EQUAL(v->faults, 2);
	visit_free(v);
}

static void
what_is_read_alone_has_the_value_of_nothing_said(void)
{
	static const struct field fields[] = {
		{ .name = "kept", .kind = FIELD_WORD, .flags = REQUIRED },
		{ .name = "words", .kind = FIELD_WORD },
		{ .name = "flag", .kind = FIELD_FLAG },
		{ .name = "ids", .kind = FIELD_IDS }, { .name = NULL }
	};
	struct visit *v = visit_bare();
	struct fault f = { 0 };

	visit_bind(v, "kept", "here");
	CU_ASSERT_EQUAL(fields_unsaid(v, fields, &f), 0);
	CU_ASSERT_STRING_EQUAL(visit_field(v, "kept"), "here");
	CU_ASSERT_PTR_NULL(visit_field(v, "words"));
	CU_ASSERT_STRING_EQUAL(visit_field(v, "flag"), "false");
	CU_ASSERT_STRING_EQUAL(visit_field(v, "ids"), "{}");
	visit_free(v);

	v = visit_bare();
	CU_ASSERT_EQUAL(fields_unsaid(v, fields, &f), -1);
	visit_free(v);
}

static void
a_flag_is_true_or_false_and_has_to_be_true_where_it_is_required(void)
{
	static const struct field flag[] = {
		{ .name = "f", .kind = FIELD_FLAG }, { .name = NULL }
	};
	static const struct field sure[] = {
		{ .name = "f", .kind = FIELD_FLAG, .flags = REQUIRED },
		{ .name = NULL }
	};
	static const char *const off[] = { "", " ", "0", "false", NULL };

	for (int i = 0; off[i] != NULL; i++) {
		struct pairs typed = { .count = 1,
			.pair = { { "f", off[i] } } };
		struct visit *v = visit_bare();

		fields_read(v, flag, &typed);
		CU_ASSERT_STRING_EQUAL(visit_field(v, "f"), "false");
		fields_read(v, sure, &typed);
		CU_ASSERT_EQUAL(v->faults, 1);
		visit_free(v);
	}
}

static void
a_document_is_an_object_or_an_array(void)
{
	static const char *const wrong[] = { "5", "\"a\"", "null", "[1",
		"{\"a\":1,\"a\":2}", NULL };
	struct visit *v = visit_bare();
	struct field json = { .kind = FIELD_JSON };
	struct fault f;

	CU_ASSERT_STRING_EQUAL(check(v, json, "[1]", &f), "[1]");
	for (int i = 0; wrong[i] != NULL; i++) {
		CU_ASSERT_PTR_NULL(check(v, json, wrong[i], &f));
		CU_ASSERT_STRING_EQUAL(f.key, "web.not_json_line");
	}
	visit_free(v);
}

void
field_suite(void)
{
	CU_pSuite s = CU_add_suite("field", NULL, NULL);

	CU_ADD_TEST(s, addresses_that_could_not_receive_are_refused);
	CU_ADD_TEST(s, an_address_is_kept_in_lower_case);
	CU_ADD_TEST(s, words_are_trimmed_and_counted_in_characters);
	CU_ADD_TEST(s, lines_keep_their_ends_as_one_character);
	CU_ADD_TEST(s, numbers_hold_their_edges);
	CU_ADD_TEST(s, ids_are_positive_and_fit);
	CU_ADD_TEST(s, days_and_times_that_do_not_exist_are_refused);
	CU_ADD_TEST(s, addresses_of_pages_hold_no_surprises);
	CU_ADD_TEST(s, a_field_given_twice_is_refused);
	CU_ADD_TEST(s, several_ids_become_one_array);
	CU_ADD_TEST(s, several_words_become_one_array);
	CU_ADD_TEST(s, what_is_read_alone_has_the_value_of_nothing_said);
	CU_ADD_TEST(
	    s, a_flag_is_true_or_false_and_has_to_be_true_where_it_is_required);
	CU_ADD_TEST(s, a_document_is_an_object_or_an_array);
}
