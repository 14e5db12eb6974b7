/* The schedule as everybody sees it: events, an event, a session, a speaker. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/messages.h"
#include "base/config.h"
#include "schedule/acts.h"
#include "schedule/json_ld.h"
#include "schedule/shown.h"
#include "sql.h"
#include "web/nav.h"

/* A schedule of more sessions than this has a filter. */
enum { FEW_SESSIONS = 8 };

static const char *const whens[] = { "coming", "past", NULL };
static const char *const modes[] = { "face_to_face", "online", "hybrid", NULL };

static const struct field index_fields[] = {
	{ .name = "when", .kind = FIELD_CHOICE, .choices = whens },
	{ .name = "mode", .kind = FIELD_CHOICE, .choices = modes },
	{ .name = "country", .kind = FIELD_COUNTRY },
	{ .name = "program", .kind = FIELD_ID },
	{ .name = "theme", .kind = FIELD_ID },
	{ .name = "q", .kind = FIELD_WORD, .most = 200 },
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field event_fields[] = { { .name = "day",
	                                         .kind = FIELD_DAY },
	{ .name = "track", .kind = FIELD_ID },
	{ .name = "room", .kind = FIELD_ID }, { .name = NULL } };

/* Marks the row whose member is what was asked for. */
static void
choose(json_t *rows, const char *member, const char *asked)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const json_t *value = json_object_get(row, member);
		bool chosen =
		    asked != NULL &&
		    (json_is_integer(value)
		            ? json_integer_value(value) ==
		                  strtoll(asked, NULL, 10)
		            : strcmp(json_string_value(value), asked) == 0);

		json_object_set_new(row, "chosen", json_boolean(chosen));
	}
}

static json_t *
mode_options(struct visit *v)
{
	json_t *list = json_array();

	for (int i = 0; modes[i] != NULL; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "value", modes[i], "label",
		              visit_message(v,
		                  arena_printf(visit_arena(v), "choice.mode.%s",
		                      modes[i]),
		                  NULL)));

	return list;
}

/* page.countries in the order of their names. */
static void
sort_countries(struct visit *v, json_t *page)
{
	const char *const *code = countries_by_name(visit_language(v));
	json_t *rows = json_object_get(page, "countries"), *row;
	json_t *sorted = json_array();
	size_t i;

	for (; *code != NULL; code++)
		json_array_foreach(rows, i, row)
		{
			if (strcmp(json_string_value(
			               json_object_get(row, "value")),
			        *code) == 0)
				json_array_append(sorted, row);
		}
	json_object_set_new(page, "countries", sorted);
}

static int
index_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *when = visit_field(v, "when");

	(void)f;
	nav_by_key(v, page, "events");
	json_object_set_new(page, "past",
	    json_boolean(when != NULL && strcmp(when, "past") == 0));
	json_object_set_new(page, "modes", mode_options(v));
	choose(json_object_get(page, "modes"), "value", visit_field(v, "mode"));
	sort_countries(v, page);
	choose(json_object_get(page, "countries"), "value",
	    visit_field(v, "country"));

	return 0;
}

/* What the registration room knows of the event's seats, and of mine. */
static void
put_seats(json_t *page, json_t *event)
{
	json_t *seats = json_object_get(page, "seats");
	json_t *mine = json_object_get(page, "mine");

	if (seats != NULL)
		json_object_update_missing(event, seats);
	json_object_del(page, "seats");
	if (mine != NULL)
		json_object_set_new(mine, "manage",
		    json_sprintf("/registrations/%lld",
		        (long long)json_integer_value(
		            json_object_get(mine, "registration"))));
}

static int
event_answer(struct visit *v, json_t *page, struct fault *f)
{
	static const char *const words[] = { "summary", NULL };
	json_t *event = json_object_get(page, "event");
	json_t *sessions = json_object_get(page, "sessions");
	bool asked = visit_field(v, "track") || visit_field(v, "room");

	(void)f;
	put_seats(page, event);
	if (visit_wants_json(v))
		return 0;
	shown_body(visit_arena(v), event, words);
	shown_days(page);
	json_object_set_new(page, "several_days",
	    json_boolean(json_array_size(json_object_get(page, "days")) > 1));
	json_object_set_new(page, "many_sessions",
	    json_boolean(asked || json_array_size(sessions) > FEW_SESSIONS));
	choose(json_object_get(page, "tracks"), "id", visit_field(v, "track"));
	choose(json_object_get(page, "rooms"), "id", visit_field(v, "room"));
	json_object_set_new(page, "json_ld",
	    json_string(json_ld_event(visit_arena(v), visit_origin(v),
	        config("name"), event, sessions)));

	return 0;
}

static int
session_answer(struct visit *v, json_t *page, struct fault *f)
{
	static const char *const words[] = { "abstract", "description", NULL };
	json_t *session = json_object_get(page, "session");
	json_t *mine = json_object_get(page, "mine");

	(void)f;
	if (mine != NULL)
		json_object_update_missing(session, mine);
	json_object_del(page, "mine");
	if (visit_wants_json(v))
		return 0;
	shown_body(visit_arena(v), session, words);
	json_object_set_new(page, "json_ld",
	    json_string(json_ld_session(visit_arena(v), visit_origin(v),
	        config("name"), session, json_object_get(page, "speakers"))));

	return 0;
}

static int
speaker_answer(struct visit *v, json_t *page, struct fault *f)
{
	static const char *const words[] = { "biography", NULL };

	(void)f;
	if (!visit_wants_json(v))
		shown_body(
		    visit_arena(v), json_object_get(page, "speaker"), words);

	return 0;
}

const struct act schedule_index = { .room = "schedule",
	.summary = "Events to come, or past ones, by their mode, country, "
	           "program, theme or words",
	.fields = index_fields,
	.asks = { { "events", &SQL_SCHEDULE_EVENTS, MANY },
	    { "countries", &SQL_SCHEDULE_COUNTRIES, MANY } },
	.answer = index_answer,
	.page = "schedule/list" };

const struct act schedule_event = { .room = "schedule",
	.summary = "An event with its schedule, or a part of it",
	.revision = &SQL_SCHEDULE_EVENT_REVISION,
	.fields = event_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "seats", &SQL_REGISTRATION_EVENT, MAYBE },
	    { "mine", &SQL_REGISTRATION_MY_EVENT, MAYBE },
	    { "tracks", &SQL_SCHEDULE_TRACKS, MANY },
	    { "rooms", &SQL_SCHEDULE_ROOMS, MANY },
	    { "sessions", &SQL_SCHEDULE_SESSIONS, MANY } },
	.answer = event_answer,
	.page = "schedule/event" };

const struct act schedule_session = { .room = "schedule",
	.summary = "A session with its speakers, links and materials",
	.asks = { { "session", &SQL_SCHEDULE_SESSION, ONE },
	    { "speakers", &SQL_SCHEDULE_SESSION_SPEAKERS, MANY },
	    { "links", &SQL_SCHEDULE_SESSION_LINKS, MANY },
	    { "mine", &SQL_REGISTRATION_SESSION, MAYBE },
	    { "record", &SQL_ARCHIVE_SESSION, MAYBE },
	    { "materials", &SQL_ARCHIVE_SESSION_FILES, MANY } },
	.answer = session_answer,
	.page = "schedule/session" };

const struct act schedule_speaker = { .room = "schedule",
	.summary = "A speaker of an event, with the sessions",
	.asks = { { "speaker", &SQL_SCHEDULE_SPEAKER, ONE },
	    { "sessions", &SQL_SCHEDULE_SPEAKER_SESSIONS, MANY } },
	.answer = speaker_answer,
	.page = "schedule/speaker" };
