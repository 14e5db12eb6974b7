/* Sessions in the hands of an event's organizers. */
#include <stddef.h>

#include "schedule/acts.h"
#include "sql.h"

static const char *const modes[] = { "face_to_face", "online", "hybrid", NULL };

static const struct field save_fields[] = {
	{ .name = "title", .kind = FIELD_WORD, .flags = REQUIRED, .most = 500 },
	{ .name = "subtitle", .kind = FIELD_WORD, .most = 500 },
	{ .name = "starts", .kind = FIELD_MOMENT, .flags = REQUIRED },
	{ .name = "ends", .kind = FIELD_MOMENT, .flags = REQUIRED },
	{ .name = "room", .kind = FIELD_ID, .options = "rooms" },
	{ .name = "track", .kind = FIELD_ID, .options = "tracks" },
	{ .name = "kind", .kind = FIELD_WORD, .most = 80 },
	{ .name = "mode", .kind = FIELD_CHOICE, .choices = modes },
	{ .name = "language", .kind = FIELD_LANGUAGE },
	{ .name = "abstract", .kind = FIELD_TEXT, .most = 20000 },
	{ .name = "description", .kind = FIELD_TEXT, .most = 20000 },
	{ .name = "url", .kind = FIELD_URL },
	{ .name = "online_url", .kind = FIELD_URL },
	{ .name = "draft", .kind = FIELD_FLAG },
	{ .name = "version", .kind = FIELD_ID, .flags = HIDDEN },
	{ .name = NULL }
};

static const struct field move_fields[] = {
	{ .name = "starts", .kind = FIELD_MOMENT, .flags = REQUIRED },
	{ .name = "ends", .kind = FIELD_MOMENT },
	{ .name = "room", .kind = FIELD_ID, .options = "rooms" },
	{ .name = "version", .kind = FIELD_ID, .flags = REQUIRED | HIDDEN },
	{ .name = NULL }
};

static const struct field version_fields[] = {
	{ .name = "version", .kind = FIELD_ID, .flags = HIDDEN },
	{ .name = NULL }
};

static const struct field speaking_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = NULL }
};

const struct act schedule_session_new = { .room = "schedule",
	.summary = "The form of a new session",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "rooms", &SQL_SCHEDULE_SESSION_ROOMS, MANY },
	    { "tracks", &SQL_SCHEDULE_SESSION_TRACKS, MANY } },
	.page = "schedule/session_edit",
	.form = &schedule_session_make };

const struct act schedule_session_make = { .room = "schedule",
	.summary = "Makes a session of an event",
	.fields = save_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_SCHEDULE_SESSION_SAVE, ONE } },
	.go = "/sessions/{session}/edit",
	.said = "flash.added",
	.again = &schedule_session_new,
	.write = true };

const struct act schedule_session_edit = { .room = "schedule",
	.summary = "The form of a session",
	.asks = { { "session", &SQL_SCHEDULE_SESSION_EDIT, ONE },
	    { "event", &SQL_SCHEDULE_SESSION_EVENT, ONE },
	    { "rooms", &SQL_SCHEDULE_SESSION_ROOMS, MANY },
	    { "tracks", &SQL_SCHEDULE_SESSION_TRACKS, MANY },
	    { "speakers", &SQL_SCHEDULE_SESSION_SPEAKERS, MANY } },
	.page = "schedule/session_edit",
	.form = &schedule_session_save,
	.prefill = "session" };

const struct act schedule_session_save = { .room = "schedule",
	.summary = "Changes a session, if it is still as the form had it",
	.fields = save_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_SCHEDULE_SESSION_SAVE, ONE } },
	.go = "/sessions/{session}",
	.said = "flash.saved",
	.again = &schedule_session_edit,
	.write = true };

const struct act schedule_session_moving = { .room = "schedule",
	.summary = "The form that moves a session, and how many are told",
	.asks = { { "session", &SQL_SCHEDULE_SESSION_MOVE_PAGE, ONE },
	    { "typed", &SQL_SCHEDULE_SESSION_EDIT, ONE },
	    { "event", &SQL_SCHEDULE_SESSION_EVENT, ONE },
	    { "rooms", &SQL_SCHEDULE_SESSION_ROOMS, MANY } },
	.page = "schedule/move",
	.form = &schedule_session_move,
	.prefill = "typed" };

const struct act schedule_session_move = { .room = "schedule",
	.summary = "Moves a session to another time or room, and tells whom it "
	           "concerns",
	.fields = move_fields,
	.asks = { { "", &SQL_SCHEDULE_SESSION_MOVE, ONE } },
	.go = "/sessions/{session}",
	.said = "flash.session_moved",
	.again = &schedule_session_moving,
	.write = true };

const struct act schedule_session_cancel = { .room = "schedule",
	.summary = "Calls a session off",
	.fields = version_fields,
	.asks = { { "", &SQL_SCHEDULE_SESSION_CANCEL, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.session_cancelled",
	.write = true };

const struct act schedule_session_restore = { .room = "schedule",
	.summary = "Takes back that a session was called off",
	.fields = version_fields,
	.asks = { { "", &SQL_SCHEDULE_SESSION_RESTORE, ONE } },
	.go = "/sessions/{session}/edit",
	.said = "flash.session_restored",
	.write = true };

const struct act schedule_session_delete = { .room = "schedule",
	.summary = "Removes a session that only organizers have seen",
	.asks = { { "", &SQL_SCHEDULE_SESSION_DELETE, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.removed",
	.write = true };

const struct act schedule_speaking_add = { .room = "schedule",
	.summary = "Adds a speaker to a session, by name",
	.fields = speaking_fields,
	.asks = { { "", &SQL_SCHEDULE_SESSION_SPEAKER_ADD, ONE } },
	.go = "/sessions/{session}/edit",
	.said = "flash.added",
	.write = true };

const struct act schedule_speaking_remove = { .room = "schedule",
	.summary = "Takes a speaker from a session",
	.asks = { { "", &SQL_SCHEDULE_SESSION_SPEAKER_REMOVE, ONE } },
	.go = "/sessions/{session}/edit",
	.said = "flash.removed",
	.write = true };
