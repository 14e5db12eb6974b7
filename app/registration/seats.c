/* How an event's seats are given, for its organizers: rules and buckets. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "registration/acts.h"
#include "registration/seats.h"
#include "sql.h"

enum { SEATS_MOST = 1000000, BAR = 1000 };

static const char *const promotions[] = { "confirm", "offer", "manual", NULL };
static const char *const approvals[] = { "none", "organizer", "coordinator",
	"both", NULL };
static const char *const policies[] = { "wait", "skip", "split", NULL };
static const char *const bys[] = { "country", "region", "income", "unit",
	"audience", "answer", NULL };
static const char *const regions[] = { "EAS", "ECS", "LCN", "MEA", "NAC", "SAS",
	"SSF", NULL };
static const char *const incomes[] = { "low", "lower_middle", "upper_middle",
	"high", NULL };
static const char *const audiences[] = { "client", "staff", NULL };

static const struct field rules_fields[] = {
	{ .name = "version", .kind = FIELD_NUMBER, .flags = REQUIRED | HIDDEN },
	{ .name = "seats", .kind = FIELD_NUMBER, .most = SEATS_MOST },
	{ .name = "opens", .kind = FIELD_MOMENT },
	{ .name = "code_only", .kind = FIELD_FLAG },
	{ .name = "hold_minutes",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .most = 120 },
	{ .name = "scarce",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .most = SEATS_MOST },
	{ .name = "promotion",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = promotions },
	{ .name = "offer_hours",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .least = 1,
	    .most = 720 },
	{ .name = "approval",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = approvals },
	{ .name = "decide_days",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .least = 1,
	    .most = 90 },
	{ .name = "reapprove", .kind = FIELD_FLAG },
	{ .name = "edit_until", .kind = FIELD_MOMENT },
	{ .name = "transfer", .kind = FIELD_FLAG },
	{ .name = "transfer_until", .kind = FIELD_MOMENT },
	{ .name = "party_most",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .most = 50 },
	{ .name = "party_policy",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = policies },
	{ .name = "try", .kind = FIELD_FLAG }, { .name = NULL }
};

/* Made and changed alike; whom it is for is chosen before. */
#define BUCKET_FIELDS                                                          \
	{ .name = "by",                                                        \
		.kind = FIELD_CHOICE,                                          \
		.flags = REQUIRED | HIDDEN,                                    \
		.choices = bys },                                              \
	    { .name = "question", .kind = FIELD_ID, .flags = HIDDEN },         \
	    { .name = "name",                                                  \
		    .kind = FIELD_WORD,                                        \
		    .flags = REQUIRED,                                         \
		    .most = 120 },                                             \
	    { .name = "values",                                                \
		    .kind = FIELD_CHOICES,                                     \
		    .flags = REQUIRED,                                         \
		    .most = 100,                                               \
		    .options = "offered" },                                    \
	    { .name = "nominated", .kind = FIELD_FLAG },                       \
	    { .name = "seats",                                                 \
		    .kind = FIELD_NUMBER,                                      \
		    .flags = REQUIRED,                                         \
		    .most = SEATS_MOST },                                      \
	    { .name = "release", .kind = FIELD_MOMENT },                       \
	{                                                                      \
		.name = "try", .kind = FIELD_FLAG                              \
	}

static const struct field bucket_fields[] = { BUCKET_FIELDS, { .name = NULL } };

/* "answer" is of one question: "answer:12". */
static const struct field new_fields[] = {
	{ .name = "for", .kind = FIELD_WORD, .most = 40 }, { .name = NULL }
};

static const struct field session_fields[] = {
	{ .name = "seats", .kind = FIELD_NUMBER, .most = SEATS_MOST },
	{ .name = NULL }
};

static const struct act rules_try, make_try, save_try;

static const char *
string(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static json_int_t
number(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

/* --- bars ------------------------------------------------------------ */

/* Who uses them, one part after the other as they are drawn. */
static json_t *
parts(const json_t *row, json_int_t seats, json_int_t *used)
{
	static const char *const names[] = { "confirmed", "kept", "offered",
		"held", NULL };
	json_t *list = json_array();

	*used = 0;
	for (int i = 0; names[i] != NULL; i++) {
		json_int_t n = number(row, names[i]);
		json_int_t whole = seats > *used + n ? seats : *used + n;
		json_int_t from = whole > 0 ? *used * BAR / whole : 0;

		*used += n;
		if (n > 0)
			json_array_append_new(
			    list, json_pack("{s:s, s:I, s:I, s:I}", "part",
			              names[i], "count", n, "from", from,
			              "wide", *used * BAR / whole - from));
	}

	return list;
}

void
seats_bars(json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		bool limited = json_is_integer(json_object_get(row, "seats"));
		json_int_t seats = number(row, "seats"), used;

		json_object_set_new(row, "parts", parts(row, seats, &used));
		json_object_set_new(row, "used", json_integer(used));
		if (limited)
			json_object_set_new(row, "free",
			    json_integer(seats > used ? seats - used : 0));
	}
}

/* --- whom a bucket is for -------------------------------------------- */

/* The label of a row {value, label}, or NULL. */
static const char *
label_in(const json_t *rows, const char *value)
{
	const json_t *row;
	size_t i;

	json_array_foreach(
	    rows, i, row) if (strcmp(string(row, "value"), value) ==
	                      0) return string(row, "label");

	return NULL;
}

static const char *
choice(struct visit *v, const char *name, const char *value)
{
	return visit_message(
	    v, arena_printf(visit_arena(v), "choice.%s.%s", name, value), NULL);
}

static const char *
value_label(
    struct visit *v, const json_t *page, const char *by, const char *value)
{
	const char *label = NULL;

	if (strcmp(by, "country") == 0)
		return words_country(visit_arena(v), visit_language(v), value);
	if (strcmp(by, "unit") == 0)
		label = label_in(json_object_get(page, "units"), value);
	else if (strcmp(by, "answer") == 0)
		label = label_in(json_object_get(page, "options"), value);
	else
		return choice(v, by, value);

	return label != NULL ? label : value;
}

/* Each bucket in words: whom it is for. */
static void
name_values(struct visit *v, json_t *page)
{
	json_t *row, *value;
	size_t i, j;

	json_array_foreach(json_object_get(page, "buckets"), i, row)
	{
		const char *by = string(row, "by");
		json_t *labels = json_array();

		json_array_foreach(json_object_get(row, "values"), j,
		    value) json_array_append_new(labels,
		    json_string(
		        value_label(v, page, by, json_string_value(value))));
		json_object_set_new(row, "labels", labels);
		if (by != NULL)
			json_object_set_new(
			    row, "for", json_string(choice(v, "by", by)));
	}
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
	for (const char *const *c = country_codes(); *c != NULL; c++)
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

		snprintf(
		    id, sizeof(id), "%lld", (long long)number(row, "question"));
		if (question != NULL && strcmp(id, question) == 0)
			offer(list, string(row, "value"), string(row, "label"));
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
		offer_words(v, list, by, regions);
	else if (strcmp(by, "income") == 0)
		offer_words(v, list, by, incomes);
	else if (strcmp(by, "audience") == 0)
		offer_words(v, list, by, audiences);
	else
		offer_options(page, list, question);

	return list;
}

/* --- what a change would do ------------------------------------------ */

/* The common pool's own part of how all stand. */
static json_t *
common_of(const json_t *standing)
{
	bool limited = json_is_integer(json_object_get(standing, "seats"));
	json_int_t waiting = number(standing, "waitlisted"), seats, free;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(standing, "buckets"), i,
	    row) if (!json_is_true(json_object_get(row, "released"))) waiting -=
	    number(row, "waitlisted");
	if (!limited)
		return json_pack("{s:I, s:I}", "used", number(standing, "used"),
		    "waitlisted", waiting);
	seats = number(standing, "seats") - number(standing, "reserved");
	free = number(standing, "free");

	return json_pack("{s:I, s:I, s:I}", "seats", seats, "used",
	    seats - free, "waitlisted", waiting);
}

static json_t *
bucket_in(const json_t *standing, json_int_t id)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(standing, "buckets"), i,
	    row) if (number(row, "id") == id) return row;

	return NULL;
}

static void
add_pair(json_t *rows, const char *name, json_t *before, json_t *after)
{
	json_array_append_new(
	    rows, json_pack("{s:s?, s:O?, s:O?}", "name", name, "before",
	              before, "after", after));
}

/* Each bucket before and after, side by side; last the common pool. */
static json_t *
side_by_side(const json_t *before, const json_t *after)
{
	json_t *rows = json_array(), *row, *common[2];
	size_t i;

	json_array_foreach(json_object_get(after, "buckets"), i, row)
	    add_pair(rows, string(row, "name"),
	        bucket_in(before, number(row, "id")), row);
	json_array_foreach(json_object_get(before, "buckets"), i,
	    row) if (bucket_in(after, number(row, "id")) == NULL)
	    add_pair(rows, string(row, "name"), row, NULL);
	common[0] = common_of(before);
	common[1] = common_of(after);
	add_pair(rows, NULL, common[0], common[1]);
	json_decref(common[0]);
	json_decref(common[1]);

	return rows;
}

static void
put_tried(json_t *page)
{
	json_t *tried = json_object_get(page, "tried");
	const json_t *refused = json_object_get(tried, "refused");

	if (refused != NULL)
		json_object_set(
		    page, "refused", json_object_get(refused, "words"));
	else
		json_object_set_new(tried, "rows",
		    side_by_side(json_object_get(tried, "before"),
		        json_object_get(tried, "after")));
}

/* --- the page -------------------------------------------------------- */

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
		json_int_t question = number(row, "question");

		if (question != last)
			offer(list,
			    arena_printf(visit_arena(v), "answer:%lld",
			        (long long)question),
			    string(row, "asked"));
		last = question;
	}

	return list;
}

static int
seats_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	name_values(v, page);
	seats_bars(json_object_get(page, "buckets"));
	json_object_set_new(page, "kinds", kinds(v, page));
	if (json_object_get(page, "tried") != NULL)
		put_tried(page);

	return 0;
}

static bool
is_trial(struct visit *v)
{
	return strcmp(visit_field(v, "try"), "true") == 0;
}

static int
rules_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (is_trial(v))
		visit_then(v, &rules_try);

	return 0;
}

/* --- buckets --------------------------------------------------------- */

/* "answer:12" is by the answers to a question. */
static int
bucket_new_before(struct visit *v, struct fault *f)
{
	const char *asked = visit_field(v, "for");
	const char *what = asked != NULL ? asked : bys[0];
	size_t n = strcspn(what, ":");

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
	const char *by = string(row, "by");
	const char *question = visit_field(v, "question");

	(void)f;
	if (by == NULL)
		by = visit_field(v, "by");
	if (by == NULL)
		by = bys[0];
	if (json_is_integer(json_object_get(row, "question")))
		question = arena_printf(
		    visit_arena(v), "%lld", (long long)number(row, "question"));
	json_object_set_new(page, "offered", offered(v, page, by, question));
	json_object_set_new(page, "for", json_string(choice(v, "by", by)));
	json_object_set_new(
	    page, "is_unit", json_boolean(strcmp(by, "unit") == 0));
	if (json_object_get(page, "tried") != NULL)
		put_tried(page);

	return 0;
}

static int
make_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (is_trial(v))
		visit_then(v, &make_try);

	return 0;
}

static int
save_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (is_trial(v))
		visit_then(v, &save_try);

	return 0;
}

/* --- acts ------------------------------------------------------------ */

#define SEATS_ASKS                                                             \
	{ "event", &SQL_SCHEDULE_EVENT, ONE },                                 \
	    { "rules", &SQL_REGISTRATION_RULES, ONE },                         \
	    { "lines", &SQL_REGISTRATION_LINES, ONE },                         \
	    { "buckets", &SQL_REGISTRATION_BUCKETS, MANY },                    \
	    { "units", &SQL_REGISTRATION_UNITS, MANY },                        \
	{                                                                      \
		"options", &SQL_REGISTRATION_OPTIONS, MANY                     \
	}

const struct act registration_rules = { .room = "registration",
	.summary = "How an event's seats are given: rules and buckets",
	.asks = { SEATS_ASKS },
	.answer = seats_answer,
	.page = "registration/seats",
	.form = &registration_rules_save,
	.prefill = "rules" };

const struct act registration_rules_save = { .room = "registration",
	.summary = "Changes the rules; or, with `try`, says what that would do",
	.fields = rules_fields,
	.before = rules_before,
	.asks = { { "", &SQL_REGISTRATION_SET_RULES, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.saved",
	.again = &registration_rules,
	.write = true };

static const struct act rules_try = { .room = "registration",
	.asks = { SEATS_ASKS, { "", &SQL_REGISTRATION_TRY_RULES, ONE } },
	.answer = seats_answer,
	.page = "registration/seats",
	.form = &registration_rules_save,
	.typed = true,
	.again = &registration_rules,
	.write = true };

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

const struct act registration_sessions = { .room = "registration",
	.summary = "The seats of an event's sessions",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "lines", &SQL_REGISTRATION_LINES, ONE },
	    { "sessions", &SQL_REGISTRATION_SESSIONS, MANY } },
	.page = "registration/sessions" };

const struct act registration_session_seats = { .room = "registration",
	.summary = "Sets a session's seats (none: those of its room)",
	.fields = session_fields,
	.asks = { { "", &SQL_REGISTRATION_SESSION_SEATS, ONE } },
	.go = "/events/{event}/seats/sessions",
	.said = "flash.seats_set",
	.write = true };
