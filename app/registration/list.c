/* An event's registrations, for its organizers. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/language.h"
#include "base/messages.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "registration/filter.h"
#include "sql.h"
#include "web/form.h"
#include "web/nav.h"

static const char *const states[] = { "requested", "offered", "held",
	"waitlisted", "confirmed", "declined", "withdrawn", "cancelled",
	"expired", NULL };

static const struct field note_fields[] = {
	{ .name = "note", .kind = FIELD_TEXT, .flags = REQUIRED, .most = 2000 },
	{ .name = NULL }
};

/* --- what the list is narrowed by ---------------------------------------- */

/* Is it that member's value, or among its values? */
static bool
chosen(const json_t *filter, const char *name, const char *value)
{
	const json_t *member = json_object_get(filter, name);

	for (size_t i = 0; i < json_array_size(member); i++)
		if (answers_is(json_array_get(member, i), value))
			return true;

	return answers_is(member, value);
}

static json_t *
options(const json_t *filter, const char *name, const char *const *values)
{
	json_t *list = json_array();

	for (; *values != NULL; values++)
		json_array_append_new(
		    list, json_pack("{s:s, s:b}", "value", *values, "chosen",
		              chosen(filter, name, *values)));

	return list;
}

static json_t *
countries(struct visit *v, const json_t *filter)
{
	json_t *list = options(
	           filter, "country", countries_by_name(visit_language(v))),
	       *one;
	size_t i;

	json_array_foreach(list, i, one) json_object_set_new(one, "label",
	    json_string(words_country(visit_arena(v), visit_language(v),
	        json_string_value(json_object_get(one, "value")))));

	return list;
}

/* What the event has of its own to narrow by, each under its name. */
static void
put_own(struct visit *v, json_t *panel, const json_t *filter, json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *name =
		    json_string_value(json_object_get(row, "name"));
		const char *value = arena_printf(visit_arena(v), "%lld",
		    (long long)json_integer_value(
		        json_object_get(row, "value")));
		json_t *list = json_object_get(panel, name);

		if (list == NULL) {
			list = json_array();
			json_object_set_new(panel, name, list);
			json_object_set_new(panel,
			    arena_printf(visit_arena(v), "has_%s", name),
			    json_true());
		}
		json_array_append_new(
		    list, json_pack("{s:s, s:O, s:b}", "value", value, "label",
		              json_object_get(row, "label"), "chosen",
		              chosen(filter, name, value)));
	}
}

static void
put_panel(struct visit *v, json_t *page, const json_t *filter)
{
	json_t *panel = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "state", options(filter, "state", states), "country",
	    countries(v, filter), "region",
	    options(filter, "region", filter_regions), "income",
	    options(filter, "income", filter_incomes), "audience",
	    options(filter, "audience", filter_audiences), "via",
	    options(filter, "via", filter_ways), "arrived",
	    options(filter, "arrived", filter_yes_no), "noted",
	    options(filter, "noted", filter_yes_no));
	size_t plain = json_object_get(filter, "q") != NULL;

	plain += json_object_get(filter, "state") != NULL;
	put_own(v, panel, filter, json_object_get(page, "narrows"));
	json_object_del(page, "narrows");
	json_object_set_new(
	    panel, "open", json_boolean(json_object_size(filter) > plain));
	json_object_set_new(page, "panel", panel);
}

/* --- the ways on from the list ------------------------------------------- */

static const char *
list_address(struct visit *v, const json_t *filter, const char *sort)
{
	const char *query = filter_query(visit_arena(v), filter);

	return arena_printf(visit_arena(v), "/events/%s/registrations?%s%s%s%s",
	    visit_field(v, "event"), query,
	    *query != '\0' && sort != NULL ? "&" : "",
	    sort != NULL ? "sort=" : "", sort != NULL ? sort : "");
}

static void
put_sorts(struct visit *v, json_t *page, const json_t *filter)
{
	const char *sort = visit_field(v, "sort");
	json_t *list = json_array();

	for (int i = 0; filter_sorts[i] != NULL; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:b}", "value", filter_sorts[i],
		              "href", list_address(v, filter, filter_sorts[i]),
		              "current",
		              strcmp(sort == NULL ? filter_sorts[0] : sort,
		                  filter_sorts[i]) == 0));
	json_object_set_new(page, "sorts", list);
}

/* Each state with its people, and all: a way to each. */
static void
put_states(struct visit *v, json_t *page, const json_t *filter)
{
	const char *sort = visit_field(v, "sort");
	json_t *counts = json_object_get(page, "counts_by_state"), *row;
	json_t *any = json_deep_copy(filter);
	json_t *list = json_array();
	json_int_t all = 0, matching = 0;
	bool stated = json_object_get(filter, "state") != NULL;
	size_t i;

	json_array_foreach(counts, i, row)
	{
		const char *state =
		    json_string_value(json_object_get(row, "state"));
		json_int_t people =
		    json_integer_value(json_object_get(row, "people"));
		bool current = chosen(filter, "state", state);

		all += people;
		matching += !stated || current ? people : 0;
		json_object_set_new(any, "state", json_string(state));
		json_array_append_new(
		    list, json_pack("{s:s, s:I, s:s, s:b}", "state", state,
		              "people", people, "href",
		              list_address(v, any, sort), "current", current));
	}
	json_object_del(any, "state");
	json_array_insert_new(list, 0,
	    json_pack("{s:I, s:s, s:b}", "people", all, "href",
	        list_address(v, any, sort), "current", !stated));
	json_decref(any);
	json_object_del(page, "counts_by_state");
	json_object_set_new(page, "states", list);
	json_object_set_new(page, "matching", json_integer(matching));
}

static void
put_views(struct visit *v, json_t *page)
{
	json_t *views = json_object_get(page, "views"), *view;
	size_t i;

	json_array_foreach(views, i, view) json_object_set_new(view, "href",
	    json_string(list_address(v, json_object_get(view, "filter"),
	        json_string_value(json_object_get(view, "sort")))));
}

/* --- the list ---------------------------------------------------------------
 */

static int
list_before(struct visit *v, struct fault *f)
{
	json_t *filter;

	(void)f;
	if (visit_again(v) && visit_field(v, "filter") != NULL)
		return 0; /* as the form had it */
	filter = filter_read(v);
	visit_bind(v, "filter", filter_text(visit_arena(v), filter));
	json_decref(filter);

	return 0;
}

static int
list_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *text = visit_field(v, "filter");
	json_t *filter = text == NULL ? NULL : json_loads(text, 0, NULL);

	(void)f;
	if (filter == NULL)
		filter = json_object();
	nav_by_key(v, page, "registrations");
	put_states(v, page, filter);
	if (!visit_wants_json(v)) {
		put_panel(v, page, filter);
		put_sorts(v, page, filter);
		put_views(v, page);
		json_object_set_new(page, "filter",
		    json_string(filter_text(visit_arena(v), filter)));
		json_object_set_new(page, "filter_query",
		    json_string(url_encode(
		        visit_arena(v), filter_text(visit_arena(v), filter))));
		json_object_set(page, "narrowed", filter);
	}
	json_decref(filter);

	return 0;
}

const struct act registration_list = { .room = "registration",
	.summary = "An event's registrations: narrowed, in order, a hundred "
	           "at a time",
	.fields = filter_fields,
	.before = list_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_SCHEDULE_COUNTS, ONE },
	    { "counts_by_state", &SQL_REGISTRATION_COUNTS, MANY },
	    { "narrows", &SQL_REGISTRATION_NARROWS, MANY },
	    { "views", &SQL_REGISTRATION_VIEWS, MANY },
	    { "registrations", &SQL_REGISTRATION_LIST, MANY } },
	.answer = list_answer,
	.page = "registration/list",
	.form = &registration_view_make,
	.quiet = true };

/* --- saved views
 * ---------------------------------------------------------------- */

static const struct field view_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 120 },
	{ .name = "shared", .kind = FIELD_FLAG },
	{ .name = "filter", .kind = FIELD_JSON },
	{ .name = "sort", .kind = FIELD_CHOICE, .choices = filter_sorts },
	{ .name = NULL }
};

static int
view_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "view", NULL);

	return 0;
}

const struct act registration_view_make = { .room = "registration",
	.summary = "Saves a filter and an order of the list under a name",
	.fields = view_fields,
	.before = view_before,
	.asks = { { "", &SQL_REGISTRATION_VIEW_PUT, ONE } },
	.go = "/events/{event}/registrations",
	.said = "flash.saved",
	.again = &registration_list,
	.write = true };

const struct act registration_view_save = { .room = "registration",
	.summary = "Names a saved view anew, shares it or no longer",
	.fields = view_fields,
	.asks = { { "", &SQL_REGISTRATION_VIEW_PUT, ONE } },
	.go = "/events/{event}/registrations",
	.said = "flash.saved",
	.again = &registration_list,
	.write = true };

const struct act registration_view_drop = { .room = "registration",
	.summary = "Removes a saved view; the registrations stay",
	.asks = { { "", &SQL_REGISTRATION_VIEW_DROP, ONE } },
	.go = "/events/{event}/registrations",
	.said = "flash.removed",
	.write = true };

/* --- one of them
 * -------------------------------------------------------------- */

const struct act registration_one = { .room = "registration",
	.summary = "One registration and what became of it, for the organizer",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "history", &SQL_REGISTRATION_HISTORY, MANY },
	    { "notes", &SQL_REGISTRATION_NOTES, MANY },
	    { "answers", &SQL_REGISTRATION_ANSWERS, MANY } },
	.answer = answers_one,
	.page = "registration/one",
	.form = &registration_note,
	.write = true, /* who looks at what is sensitive is noted */
	.quiet = true };

const struct act registration_note = { .room = "registration",
	.summary = "A note on a registration, for the event's organizers",
	.fields = note_fields,
	.asks = { { "", &SQL_REGISTRATION_NOTE_ADD, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.added",
	.again = &registration_one,
	.write = true };

const struct act registration_cancel = { .room = "registration",
	.summary = "Cancels somebody's registration; the seat goes to the next "
	           "in line",
	.asks = { { "", &SQL_REGISTRATION_CANCEL, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.registration_cancelled",
	.write = true };

const struct act registration_reissue = { .room = "registration",
	.summary = "Mails a new ticket; the one before is no longer valid",
	.asks = { { "", &SQL_REGISTRATION_REISSUE, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.ticket_reissued",
	.write = true };
