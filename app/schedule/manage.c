/* Events in the hands of their organizers, from the draft to the end. */

#include "schedule/acts.h"
#include "sql.h"

static const char *const modes[] = { "face_to_face", "online", "hybrid", NULL };
static const char *const accesses[] = { "public", "internal", "participants",
	NULL };

enum { SEATS_MOST = 1000000 };

/* What a new event and a changed one have in common. */
#define EVENT_FIELDS                                                           \
	{ .name = "title",                                                     \
		.kind = FIELD_WORD,                                            \
		.flags = REQUIRED,                                             \
		.most = 200 },                                                 \
	    { .name = "subtitle", .kind = FIELD_WORD, .most = 300 },           \
	    { .name = "summary", .kind = FIELD_TEXT, .most = 10000 },          \
	    { .name = "language", .kind = FIELD_LANGUAGE, .flags = REQUIRED }, \
	    { .name = "zone",                                                  \
		    .kind = FIELD_ZONE,                                        \
		    .flags = REQUIRED,                                         \
		    .options = "zones" },                                      \
	    { .name = "starts", .kind = FIELD_MOMENT, .flags = REQUIRED },     \
	    { .name = "ends", .kind = FIELD_MOMENT, .flags = REQUIRED },       \
	    { .name = "mode",                                                  \
		    .kind = FIELD_CHOICE,                                      \
		    .flags = REQUIRED,                                         \
		    .choices = modes },                                        \
	    { .name = "venue", .kind = FIELD_WORD, .most = 300 },              \
	    { .name = "city", .kind = FIELD_WORD, .most = 120 },               \
	    { .name = "country", .kind = FIELD_COUNTRY },                      \
	    { .name = "online_url", .kind = FIELD_URL },                       \
	    { .name = "access",                                                \
		    .kind = FIELD_CHOICE,                                      \
		    .flags = REQUIRED,                                         \
		    .choices = accesses },                                     \
	    { .name = "whole", .kind = FIELD_FLAG },                           \
	{                                                                      \
		.name = "cutoff", .kind = FIELD_MOMENT                         \
	}

static const struct field make_fields[] = { EVENT_FIELDS,
	{ .name = "seats",
	    .kind = FIELD_NUMBER,
	    .least = 1,
	    .most = SEATS_MOST },
	{ .name = NULL } };

static const struct field save_fields[] = { EVENT_FIELDS,
	{ .name = "program",
	    .kind = FIELD_ID,
	    .flags = REQUIRED,
	    .options = "programs" },
	{ .name = "version", .kind = FIELD_ID, .flags = HIDDEN },
	{ .name = NULL } };

/* What cannot be taken back is said twice. */
static const struct field sure_fields[] = {
	{ .name = "sure", .kind = FIELD_FLAG, .flags = REQUIRED },
	{ .name = NULL }
};

/* What most new events are. */
static int
new_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "language", visit_language(v));
	visit_bind(v, "mode", "face_to_face");
	visit_bind(v, "access", "public");
	visit_bind(v, "whole", "true");

	return 0;
}

/* A template cannot tell 0 from some. */
static int
organize_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *counts = json_object_get(page, "counts");

	(void)v;
	(void)f;
	json_object_set_new(counts, "some_failed",
	    json_boolean(json_integer_value(
	                     json_object_get(counts, "mail_failed")) > 0));

	return 0;
}

const struct act schedule_mine = { .room = "schedule",
	.summary = "The events and programs that are in my hands",
	.asks = { { "events", &SQL_SCHEDULE_MINE, MANY },
	    { "programs", &SQL_PROGRAM_MINE, MANY } },
	.page = "schedule/mine" };

const struct act schedule_organize = { .room = "schedule",
	.summary = "An event in numbers, and its sessions",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_SCHEDULE_COUNTS, ONE },
	    { "sessions", &SQL_SCHEDULE_ORGANIZE, MANY } },
	.answer = organize_answer,
	.page = "schedule/organize" };

const struct act schedule_event_new = { .room = "schedule",
	.summary = "The form of a new event",
	.before = new_before,
	.asks = { { "program", &SQL_PROGRAM_SHOW, ONE },
	    { "zones", &SQL_SCHEDULE_ZONES, MANY } },
	.page = "schedule/event_edit",
	.form = &schedule_event_make };

const struct act schedule_event_make = { .room = "schedule",
	.summary = "Makes an event of a program, as a draft",
	.fields = make_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_SCHEDULE_EVENT_SAVE, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.added",
	.again = &schedule_event_new,
	.write = true };

const struct act schedule_event_edit = { .room = "schedule",
	.summary = "The form of an event",
	.asks = { { "event", &SQL_SCHEDULE_EVENT_EDIT, ONE },
	    { "zones", &SQL_SCHEDULE_ZONES, MANY },
	    { "programs", &SQL_PROGRAM_OPTIONS, MANY } },
	.page = "schedule/event_edit",
	.form = &schedule_event_save,
	.prefill = "event" };

const struct act schedule_event_save = { .room = "schedule",
	.summary = "Changes an event; who is registered is told of its new "
	           "time or place",
	.fields = save_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_SCHEDULE_EVENT_SAVE, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.saved",
	.again = &schedule_event_edit,
	.write = true };

const struct act schedule_event_publish = { .room = "schedule",
	.summary = "Lets everybody see an event, and register",
	.asks = { { "", &SQL_SCHEDULE_EVENT_PUBLISH, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.event_published",
	.write = true };

const struct act schedule_event_cancel = { .room = "schedule",
	.summary = "Calls an event off, and tells all who were registered",
	.fields = sure_fields,
	.asks = { { "", &SQL_SCHEDULE_EVENT_CANCEL, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.event_cancelled",
	.write = true };

const struct act schedule_event_delete = { .room = "schedule",
	.summary = "Removes a draft of an event",
	.asks = { { "", &SQL_SCHEDULE_EVENT_DELETE, ONE } },
	.go = "/programs/{program}",
	.said = "flash.removed",
	.write = true };
