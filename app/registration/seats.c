/* How an event's seats are given, for its organizers. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/acts.h"
#include "registration/buckets.h"
#include "registration/seats.h"
#include "sql.h"

enum { SEATS_MOST = 1000000, BAR = 1000 };

static const char *const promotions[] = { "confirm", "offer", "manual", NULL };
static const char *const approvals[] = { "none", "organizer", "coordinator",
	"both", NULL };
static const char *const policies[] = { "wait", "skip", "split", NULL };
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

/* Of an event, or of a session. */
static const struct field seats_fields[] = {
	{ .name = "seats", .kind = FIELD_NUMBER, .most = SEATS_MOST },
	{ .name = NULL }
};

static const struct act rules_try;

const char *
seats_string(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

json_int_t
seats_number(const json_t *row, const char *name)
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
		json_int_t n = seats_number(row, names[i]);
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
		json_int_t seats = seats_number(row, "seats"), used;

		json_object_set_new(row, "parts", parts(row, seats, &used));
		json_object_set_new(row, "used", json_integer(used));
		if (limited)
			json_object_set_new(row, "free",
			    json_integer(seats > used ? seats - used : 0));
	}
}

/* --- what a change would do ------------------------------------------ */

/* The common pool's own part of how all stand. */
static json_t *
common_of(const json_t *standing)
{
	bool limited = json_is_integer(json_object_get(standing, "seats"));
	json_int_t waiting = seats_number(standing, "waitlisted"), seats, free;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(standing, "buckets"), i, row)
	{
		if (!json_is_true(json_object_get(row, "released")))
			waiting -= seats_number(row, "waitlisted");
	}
	if (!limited)
		return json_pack("{s:I, s:I}", "used",
		    seats_number(standing, "used"), "waitlisted", waiting);
	seats = seats_number(standing, "seats") -
	        seats_number(standing, "reserved");
	free = seats_number(standing, "free");

	return json_pack("{s:I, s:I, s:I}", "seats", seats, "used",
	    seats - free, "waitlisted", waiting);
}

static json_t *
bucket_in(const json_t *standing, json_int_t id)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(standing, "buckets"), i, row)
	{
		if (seats_number(row, "id") == id)
			return row;
	}

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
	{
		add_pair(rows, seats_string(row, "name"),
		    bucket_in(before, seats_number(row, "id")), row);
	}
	json_array_foreach(json_object_get(before, "buckets"), i, row)
	{
		if (bucket_in(after, seats_number(row, "id")) == NULL)
			add_pair(rows, seats_string(row, "name"), row, NULL);
	}
	common[0] = common_of(before);
	common[1] = common_of(after);
	add_pair(rows, NULL, common[0], common[1]);
	json_decref(common[0]);
	json_decref(common[1]);

	return rows;
}

void
seats_tried(json_t *page)
{
	json_t *tried = json_object_get(page, "tried");
	const json_t *refused = json_object_get(tried, "refused");

	if (tried == NULL)
		return;
	if (refused != NULL) {
		json_object_set(
		    page, "refused", json_object_get(refused, "words"));
		return;
	}
	json_object_set_new(tried, "rows",
	    side_by_side(json_object_get(tried, "before"),
	        json_object_get(tried, "after")));
	json_object_set_new(tried, "some_moved",
	    json_boolean(json_array_size(json_object_get(tried, "moved")) > 0));
}

/* --- the page -------------------------------------------------------- */

static int
seats_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	buckets_say(v, page);
	seats_bars(json_object_get(page, "buckets"));
	seats_tried(page);

	return 0;
}

bool
seats_trial(struct visit *v)
{
	return strcmp(visit_field(v, "try"), "true") == 0;
}

static int
rules_before(struct visit *v, struct fault *f)
{
	(void)f;
	if (seats_trial(v))
		visit_then(v, &rules_try);

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

/* For programs: the page sets all rules. */
const struct act registration_seats = { .room = "registration",
	.summary = "Sets an event's seats (none: no limit); who waits moves up",
	.fields = seats_fields,
	.asks = { { "", &SQL_REGISTRATION_SET_SEATS, ONE } },
	.go = "/events/{event}/seats",
	.said = "flash.seats_set",
	.again = &registration_rules,
	.write = true };

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

const struct act registration_sessions = { .room = "registration",
	.summary = "The seats of an event's sessions",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "lines", &SQL_REGISTRATION_LINES, ONE },
	    { "sessions", &SQL_REGISTRATION_SESSIONS, MANY } },
	.page = "registration/sessions" };

const struct act registration_session_seats = { .room = "registration",
	.summary = "Sets a session's seats (none: those of its room)",
	.fields = seats_fields,
	.asks = { { "", &SQL_REGISTRATION_SESSION_SEATS, ONE } },
	.go = "/events/{event}/seats/sessions",
	.said = "flash.seats_set",
	.write = true };
