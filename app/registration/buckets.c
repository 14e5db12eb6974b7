/* Seats that are set aside for some: whom they are for, and their forms. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "registration/acts.h"
#include "registration/buckets.h"
#include "registration/filter.h"
#include "registration/seats.h"
#include "sql.h"

enum { SEATS_MOST = 1000000 };

static const char *const bys[] = { "country", "region", "income", "unit",
	"audience", "answer", NULL };

/* Whom it is for is chosen before. */
static const struct field bucket_fields[] = { { .name = "by",
	                                          .kind = FIELD_CHOICE,
	                                          .flags = REQUIRED | HIDDEN,
	                                          .choices = bys },
	{ .name = "question", .kind = FIELD_ID, .flags = HIDDEN },
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 120 },
	{ .name = "values",
	    .kind = FIELD_CHOICES,
	    .flags = REQUIRED,
	    .most = 100,
	    .options = "offered" },
	{ .name = "nominated", .kind = FIELD_FLAG },
	{ .name = "seats",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .most = SEATS_MOST },
	{ .name = "release", .kind = FIELD_MOMENT },
	{ .name = "try", .kind = FIELD_FLAG }, { .name = NULL } };

/* "answer" is of one question: "answer:12". */
static const struct field new_fields[] = {
	{ .name = "for", .kind = FIELD_WORD, .most = 40 }, { .name = NULL }
};

static const struct act make_try, save_try;

/* The label of a row {value, label} (of that question, or 0), or NULL. */
static const char *
label_in(const json_t *rows, json_int_t question, const char *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (seats_number(row, "question") == question &&
		    strcmp(seats_string(row, "value"), value) == 0)
			return seats_string(row, "label");
	}

	return NULL;
}

static const char *
choice(struct visit *v, const char *name, const char *value)
{
	return visit_message(
	    v, arena_printf(visit_arena(v), "choice.%s.%s", name, value), NULL);
}

static const char *
value_label(struct visit *v, const json_t *page, const json_t *bucket,
    const char *value)
{
	const char *by = seats_string(bucket, "by"), *label;

	if (strcmp(by, "country") == 0)
		return words_country(visit_arena(v), visit_language(v), value);
	if (strcmp(by, "unit") == 0)
		label = label_in(json_object_get(page, "units"), 0, value);
	else if (strcmp(by, "answer") == 0)
		label = label_in(json_object_get(page, "options"),
		    seats_number(bucket, "question"), value);
	else
		return choice(v, by, value);

	return label != NULL ? label : value;
}

static json_t *
labels(struct visit *v, const json_t *page, const json_t *bucket)
{
	json_t *list = json_array();
	const json_t *value;
	size_t i;

	json_array_foreach(json_object_get(bucket, "values"), i, value)
	{
		json_array_append_new(
		    list, json_string(value_label(
		              v, page, bucket, json_string_value(value))));
	}

	return list;
}

static void
offer(json_t *list, const char *value, const char *label)
{
	json_array_append_new(
	    list, json_pack("{s:s, s:s}", "value", value, "label", label));
}

static void
offer_words(
    struct visit *v, json_t *list, const char *by, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		offer(list, words[i], choice(v, by, words[i]));
}

static void
offer_countries(struct visit *v, json_t *list)
{
	for (const char *const *c = countries_by_name(visit_language(v));
	     *c != NULL; c++)
		offer(list, *c,
		    words_country(visit_arena(v), visit_language(v), *c));
}

/* What the options of one question are: page.options has those of all. */
static void
offer_options(const json_t *page, json_t *list, const char *question)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "options"), i, row)
	{
		char id[24];

		snprintf(id, sizeof(id), "%lld",
		    (long long)seats_number(row, "question"));
		if (question != NULL && strcmp(id, question) == 0)
			offer(list, seats_string(row, "value"),
			    seats_string(row, "label"));
	}
}

/* The values that a bucket by this may be for, as the form offers them. */
static json_t *
offered(
    struct visit *v, const json_t *page, const char *by, const char *question)
{
	json_t *list;

	if (strcmp(by, "unit") == 0)
		return json_incref(json_object_get(page, "units"));
	list = json_array();
	if (strcmp(by, "country") == 0)
		offer_countries(v, list);
	else if (strcmp(by, "region") == 0)
		offer_words(v, list, by, filter_regions);
	else if (strcmp(by, "income") == 0)
		offer_words(v, list, by, filter_incomes);
	else if (strcmp(by, "audience") == 0)
		offer_words(v, list, by, filter_audiences);
	else
		offer_options(page, list, question);

	return list;
}

/* What seats can be set aside by; "answer:12" is by those to a question. */
static json_t *
kinds(struct visit *v, const json_t *page)
{
	json_t *list = json_array(), *row;
	json_int_t last = 0;
	size_t i;

	for (i = 0; strcmp(bys[i], "answer") != 0; i++)
		offer(list, bys[i], choice(v, "by", bys[i]));
	json_array_foreach(json_object_get(page, "options"), i, row)
	{
		json_int_t question = seats_number(row, "question");

		if (question != last)
			offer(list,
			    arena_printf(visit_arena(v), "answer:%lld",
			        (long long)question),
			    seats_string(row, "asked"));
		last = question;
	}

	return list;
}

void
buckets_say(struct visit *v, json_t *page)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "buckets"), i, row)
	{
		const char *by = seats_string(row, "by");

		if (by == NULL)
			continue; /* the common pool */
		json_object_set_new(row, "labels", labels(v, page, row));
		json_object_set_new(
		    row, "for", json_string(choice(v, "by", by)));
	}
	json_object_set_new(page, "kinds", kinds(v, page));
}

/* --- forms ------------------------------------------------------------ */

/* "answer:12" is by the answers to a question. */
static int
bucket_new_before(struct visit *v, struct fault *f)
{
	const char *asked = visit_field(v, "for");
	const char *what = asked != NULL ? asked : bys[0];
	size_t n = strcspn(what, ":");

	if (asked == NULL && visit_field(v, "by") != NULL)
		return 0; /* shown again, as the form had it */
	for (int i = 0; bys[i] != NULL; i++)
		if (strlen(bys[i]) == n && strncmp(bys[i], what, n) == 0) {
			visit_bind(v, "by", bys[i]);
			if (what[n] == ':')
				visit_bind(v, "question", what + n + 1);
			return 0;
		}

	return fault(f, FAULT_MISSING, "", "web.no_page");
}

/* The form offers whom a bucket by this can be for. */
static int
bucket_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *row = json_object_get(page, "bucket");
	const char *by = seats_string(row, "by");
	const char *question = visit_field(v, "question");

	(void)f;
	if (by == NULL)
		by = visit_field(v, "by");
	if (by == NULL)
		by = bys[0];
	if (json_is_integer(json_object_get(row, "question")))
		question = arena_printf(visit_arena(v), "%lld",
		    (long long)seats_number(row, "question"));
	json_object_set_new(page, "offered", offered(v, page, by, question));
	json_object_set_new(page, "for", json_string(choice(v, "by", by)));
	json_object_set_new(
	    page, "is_unit", json_boolean(strcmp(by, "unit") == 0));
	seats_tried(page);

	return 0;
}

/* What it would do is seen before it is done: who waits moves up at once. */
static int
dropping_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "how", "drop");

	return 0;
}

static int
releasing_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "how", "release");

	return 0;
}

static int
dropping_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	json_object_set_new(page, "drops", json_true());
	seats_tried(page);

	return 0;
}

static int
releasing_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	seats_tried(page);

	return 0;
}

static int
make_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (seats_trial(v))
		visit_then(v, &make_try);

	return 0;
}

static int
save_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (seats_trial(v))
		visit_then(v, &save_try);

	return 0;
}

#define BUCKET_ASKS                                                            \
	{ "event", &SQL_REGISTRATION_BUCKET_EVENT, ONE },                      \
	    { "units", &SQL_REGISTRATION_UNITS, MANY },                        \
	{                                                                      \
		"options", &SQL_REGISTRATION_OPTIONS, MANY                     \
	}

const struct act registration_bucket_new = { .room = "bucket",
	.summary = "The form of a new bucket",
	.fields = new_fields,
	.before = bucket_new_before,
	.asks = { BUCKET_ASKS },
	.answer = bucket_answer,
	.page = "registration/bucket",
	.form = &registration_bucket_make };

const struct act registration_bucket_make = { .room = "bucket",
	.summary = "Sets seats aside; or, with `try`, says what that would do",
	.fields = bucket_fields,
	.before = make_before,
	.asks = { { "", &SQL_REGISTRATION_BUCKET_PUT, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.added",
	.again = &registration_bucket_new,
	.write = true };

static const struct act make_try = { .room = "bucket",
	.asks = { BUCKET_ASKS, { "", &SQL_REGISTRATION_TRY_BUCKET, ONE } },
	.answer = bucket_answer,
	.page = "registration/bucket",
	.form = &registration_bucket_make,
	.typed = true,
	.again = &registration_bucket_new,
	.write = true };

const struct act registration_bucket_edit = { .room = "bucket",
	.summary = "The form of a bucket",
	.asks = { BUCKET_ASKS, { "bucket", &SQL_REGISTRATION_BUCKET, ONE } },
	.answer = bucket_answer,
	.page = "registration/bucket",
	.form = &registration_bucket_save,
	.prefill = "bucket" };

const struct act registration_bucket_save = { .room = "bucket",
	.summary = "Changes a bucket; or, with `try`, says what that would do",
	.fields = bucket_fields,
	.before = save_before,
	.asks = { { "", &SQL_REGISTRATION_BUCKET_PUT, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.saved",
	.again = &registration_bucket_edit,
	.write = true };

static const struct act save_try = { .room = "bucket",
	.asks = { BUCKET_ASKS, { "bucket", &SQL_REGISTRATION_BUCKET, ONE },
	    { "", &SQL_REGISTRATION_TRY_BUCKET, ONE } },
	.answer = bucket_answer,
	.page = "registration/bucket",
	.form = &registration_bucket_save,
	.typed = true,
	.again = &registration_bucket_edit,
	.write = true };

#define END_ASKS                                                               \
	{ "event", &SQL_REGISTRATION_BUCKET_EVENT, ONE },                      \
	    { "bucket", &SQL_REGISTRATION_BUCKET, ONE },                       \
	{                                                                      \
		"", &SQL_REGISTRATION_TRY_END, ONE                             \
	}

const struct act registration_bucket_dropping = { .room = "bucket",
	.summary = "What it would do to remove a bucket",
	.before = dropping_before,
	.asks = { END_ASKS },
	.answer = dropping_answer,
	.page = "registration/bucket_end",
	.write = true };

const struct act registration_bucket_releasing = { .room = "bucket",
	.summary = "What it would do to let a bucket's unused seats go",
	.before = releasing_before,
	.asks = { END_ASKS },
	.answer = releasing_answer,
	.page = "registration/bucket_end",
	.write = true };

const struct act registration_bucket_drop = { .room = "registration",
	.summary = "Removes a bucket; its seats are the common pool's again",
	.asks = { { "", &SQL_REGISTRATION_BUCKET_DROP, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.removed",
	.write = true };

const struct act registration_bucket_release = { .room = "registration",
	.summary = "Lets a bucket's unused seats go before its time",
	.asks = { { "", &SQL_REGISTRATION_BUCKET_RELEASE, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.bucket_released",
	.write = true };
