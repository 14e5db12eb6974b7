/* Rooms, tracks and speakers in the hands of an event's organizers. */
#include <stddef.h>

#include "schedule/acts.h"
#include "sql.h"

enum { SEATS_MOST = 1000000 };

static const struct field room_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 120 },
	{ .name = "seats",
	    .kind = FIELD_NUMBER,
	    .least = 1,
	    .most = SEATS_MOST },
	{ .name = NULL }
};

static const struct field track_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = NULL }
};

static const struct field speaker_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = "biography", .kind = FIELD_TEXT, .most = 10000 },
	{ .name = "url", .kind = FIELD_URL }, { .name = NULL }
};

const struct act schedule_rooms = { .room = "schedule",
	.summary = "The rooms and tracks of an event",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "rooms", &SQL_SCHEDULE_ROOMS, MANY },
	    { "tracks", &SQL_SCHEDULE_TRACKS, MANY } },
	.page = "schedule/rooms",
	.form = &schedule_room_make };

const struct act schedule_room_make = { .room = "schedule",
	.summary = "Adds a room to an event",
	.fields = room_fields,
	.asks = { { "", &SQL_SCHEDULE_ROOM_SAVE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.added",
	.again = &schedule_rooms,
	.write = true };

const struct act schedule_room_edit = { .room = "schedule",
	.summary = "The form of a room",
	.asks = { { "place", &SQL_SCHEDULE_ROOM_EDIT, ONE },
	    { "event", &SQL_SCHEDULE_ROOM_EVENT, ONE } },
	.page = "schedule/place_edit",
	.form = &schedule_room_save,
	.prefill = "place" };

const struct act schedule_room_save = { .room = "schedule",
	.summary = "Changes a room; who picked a session in it is told of its "
	           "new name",
	.fields = room_fields,
	.asks = { { "", &SQL_SCHEDULE_ROOM_SAVE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.saved",
	.again = &schedule_room_edit,
	.write = true };

const struct act schedule_room_delete = { .room = "schedule",
	.summary = "Removes a room that no session is in",
	.asks = { { "", &SQL_SCHEDULE_ROOM_DELETE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.removed",
	.write = true };

const struct act schedule_tracks = { .room = "schedule",
	.summary = "The tracks of an event",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "tracks", &SQL_SCHEDULE_TRACKS, MANY } },
	.page = "schedule/tracks",
	.form = &schedule_track_make };

const struct act schedule_track_make = { .room = "schedule",
	.summary = "Adds a track to an event",
	.fields = track_fields,
	.asks = { { "", &SQL_SCHEDULE_TRACK_SAVE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.added",
	.again = &schedule_tracks,
	.write = true };

const struct act schedule_track_edit = { .room = "schedule",
	.summary = "The form of a track",
	.asks = { { "place", &SQL_SCHEDULE_TRACK_EDIT, ONE },
	    { "event", &SQL_SCHEDULE_TRACK_EVENT, ONE } },
	.page = "schedule/place_edit",
	.form = &schedule_track_save,
	.prefill = "place" };

const struct act schedule_track_save = { .room = "schedule",
	.summary = "Changes a track",
	.fields = track_fields,
	.asks = { { "", &SQL_SCHEDULE_TRACK_SAVE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.saved",
	.again = &schedule_track_edit,
	.write = true };

const struct act schedule_track_delete = { .room = "schedule",
	.summary = "Removes a track; its sessions stay",
	.asks = { { "", &SQL_SCHEDULE_TRACK_DELETE, ONE } },
	.go = "/events/{event}/rooms",
	.said = "flash.removed",
	.write = true };

const struct act schedule_speaker_edit = { .room = "schedule",
	.summary = "The form of a speaker",
	.asks = { { "speaker", &SQL_SCHEDULE_SPEAKER_EDIT, ONE },
	    { "event", &SQL_SCHEDULE_SPEAKER_EVENT, ONE } },
	.page = "schedule/speaker_edit",
	.form = &schedule_speaker_save,
	.prefill = "speaker" };

const struct act schedule_speaker_save = { .room = "schedule",
	.summary = "Changes a speaker",
	.fields = speaker_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_SCHEDULE_SPEAKER_SAVE, ONE } },
	.go = "/speakers/{speaker}",
	.said = "flash.saved",
	.again = &schedule_speaker_edit,
	.write = true };

const struct act schedule_speaker_delete = { .room = "schedule",
	.summary = "Removes a speaker from an event and its sessions",
	.asks = { { "", &SQL_SCHEDULE_SPEAKER_DELETE, ONE } },
	.go = "/events/{event}/organize",
	.said = "flash.removed",
	.write = true };
