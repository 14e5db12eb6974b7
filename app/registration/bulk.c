/* One act for many registrations: what it would do, and then that it does. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/acts.h"
#include "registration/filter.h"
#include "sql.h"
#include "web/form.h"

enum { NAMED = 20 };

static const char *const kinds[] = { "approve", "decline", "offer", "confirm",
	"cancel", "note", "message", NULL };
static const char *const doers[] = { "approve", "decline", "offer", "confirm",
	"cancel", "note", NULL };
static const char *const whom[] = { "chosen", "all", NULL };

static const struct field choose_fields[] = { { .name = "act",
	                                          .kind = FIELD_CHOICE,
	                                          .flags = REQUIRED,
	                                          .choices = kinds },
	{ .name = "whom", .kind = FIELD_CHOICE, .choices = whom },
	{ .name = "id", .kind = FIELD_IDS },
	{ .name = "filter", .kind = FIELD_JSON }, { .name = NULL } };

static const struct field do_fields[] = { { .name = "act",
	                                      .kind = FIELD_CHOICE,
	                                      .flags = REQUIRED | HIDDEN,
	                                      .choices = doers },
	{ .name = "filter", .kind = FIELD_JSON, .flags = REQUIRED | HIDDEN },
	{ .name = "expected",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED | HIDDEN },
	{ .name = "reason", .kind = FIELD_TEXT, .most = 1000 },
	{ .name = "why", .kind = FIELD_TEXT, .most = 1000 },
	{ .name = "note", .kind = FIELD_TEXT, .most = 2000 },
	{ .name = NULL } };

static const struct act bulk_message;

/* Who is meant as a filter: those that were ticked, or all of the list. */
static int
choose_before(struct visit *v, struct fault *f)
{
	const char *who = visit_field(v, "whom");
	json_t *filter, *ids;

	if (visit_again(v) && visit_field(v, "filter") != NULL)
		return 0; /* those who had been chosen */
	if (who != NULL && strcmp(who, "all") == 0) {
		if (visit_field(v, "filter") == NULL)
			visit_bind(v, "filter", "{}");
	} else {
		ids = filter_elements(visit_arena(v), visit_field(v, "id"));
		if (json_array_size(ids) == 0) {
			json_decref(ids);
			return fault(f, FAULT_INPUT, "whom",
			    "registration.nobody_chosen");
		}
		filter = json_pack("{s:o}", "id", ids);
		visit_bind(v, "filter", filter_text(visit_arena(v), filter));
		json_decref(filter);
	}
	if (strcmp(visit_field(v, "act"), "message") == 0)
		visit_then(v, &bulk_message);

	return 0;
}

/* Words in the visitor's language for why some could not. */
static void
put_why(struct visit *v, json_t *outcome)
{
	const char *fault =
	    json_string_value(json_object_get(outcome, "fault"));

	if (fault != NULL)
		json_object_set_new(outcome, "why",
		    json_string(visit_message(v, fault, outcome)));
}

static int
rehearsed_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *outcomes = json_object_get(page, "outcomes"), *outcome;
	const char *act = visit_field(v, "act");
	json_int_t able = 0, unable = 0;
	size_t i;

	(void)f;
	json_array_foreach(outcomes, i, outcome)
	{
		json_int_t people =
		    json_integer_value(json_object_get(outcome, "people"));

		put_why(v, outcome);
		if (json_is_string(json_object_get(outcome, "fault")))
			unable += people;
		else
			able += people;
	}
	json_object_set_new(page, "sure",
	    json_pack("{s:s, s:s, s:O}", "act", act, "filter",
	        visit_field(v, "filter"), "expected",
	        json_object_get(page, "chosen")));
	json_object_set_new(page, "doing", json_string(act));
	json_object_set_new(page, "able", json_integer(able));
	json_object_set_new(page, "unable", json_integer(unable));
	json_object_set_new(page, "may", json_boolean(able > 0));
	json_object_set_new(
	    page, "out_of_turn", json_boolean(strcmp(act, "confirm") == 0));
	json_object_set_new(
	    page, "is_note", json_boolean(strcmp(act, "note") == 0));
	json_object_set_new(page, "is_decision",
	    json_boolean(
	        strcmp(act, "approve") == 0 || strcmp(act, "decline") == 0));

	return 0;
}

/* The outcome of the same words that is there already, or a new one. */
static json_t *
outcome_of(json_t *outcomes, const json_t *row)
{
	json_t *became = json_object_get(row, "became");
	json_t *fault = json_object_get(row, "fault"), *outcome;
	size_t i;

	json_array_foreach(outcomes, i,
	    outcome) if (json_equal(json_object_get(outcome, "became"),
	                     became) &&
	                 json_equal(json_object_get(outcome, "fault"),
	                     fault)) return outcome;
	outcome = json_pack("{s:O, s:O, s:i, s:[]}", "became", became, "fault",
	    fault, "people", 0, "names");
	json_array_append_new(outcomes, outcome);

	return outcome;
}

static void
count_one(json_t *outcomes, const json_t *row)
{
	json_t *outcome = outcome_of(outcomes, row);
	json_t *names = json_object_get(outcome, "names");
	json_int_t people =
	    1 + json_integer_value(json_object_get(outcome, "people"));

	json_object_set_new(outcome, "people", json_integer(people));
	if (people <= NAMED)
		json_array_append(names, json_object_get(row, "name"));
	else
		json_object_set_new(
		    outcome, "unnamed", json_integer(people - NAMED));
}

/* Programs have each one's outcome, the page has them together. */
static int
done_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *rows = json_object_get(page, "registrations"), *row, *outcomes;
	size_t i;

	(void)f;
	if (visit_wants_json(v))
		return 0;
	outcomes = json_array();
	json_array_foreach(rows, i, row) count_one(outcomes, row);
	json_array_foreach(outcomes, i, row) put_why(v, row);
	json_object_set_new(page, "outcomes", outcomes);
	json_object_del(page, "registrations");

	return 0;
}

static int
message_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	visit_go(
	    v, arena_printf(visit_arena(v), "/events/%s/messages/new?filter=%s",
	           visit_field(v, "event"),
	           url_encode(visit_arena(v), visit_field(v, "filter"))));

	return 0;
}

const struct act registration_bulk_preview = { .room = "registration",
	.summary = "What an act would do to many registrations, by outcome; "
	           "nothing is changed",
	.fields = choose_fields,
	.before = choose_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "patience", &SQL_REGISTRATION_PATIENCE, MAYBE },
	    { "", &SQL_REGISTRATION_CHOSEN, ONE },
	    { "outcomes", &SQL_REGISTRATION_REHEARSE, MANY } },
	.answer = rehearsed_answer,
	.page = "registration/bulk",
	.form = &registration_bulk,
	.prefill = "sure",
	.again = &registration_list,
	.write = true,
	.quiet = true };

const struct act registration_bulk = { .room = "registration",
	.summary = "One act for many registrations, each with an outcome of "
	           "its own; at most 1,000 at once",
	.fields = do_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "patience", &SQL_REGISTRATION_PATIENCE, MAYBE },
	    { "", &SQL_REGISTRATION_CHOSEN, ONE },
	    { "registrations", &SQL_REGISTRATION_BULK, MANY } },
	.answer = done_answer,
	.page = "registration/bulk_done",
	.again = &registration_bulk_preview,
	.write = true,
	.quiet = true };

/* On to the room of notices, which writes to whom the filter finds. */
static const struct act bulk_message = {
	.room = "registration", .answer = message_answer, .quiet = true
};
