#include <string.h>

#include "db/inside.h"

/* What a violated constraint means to the person who typed: the field, and
 * the message.  A column's own check needs no row here: see fault.c. */
/* clang-format off */
static const struct constraint constraints[] = {
	{ "unit_code_once",            "code",     "account.unit_code_taken" },
	{ "person_email_once",         "email",    "account.email_taken" },
	{ "program_slug_once",         "slug",     "program.slug_taken" },
	{ "program_check",             "region",   "program.region_missing" },
	{ "theme_slug_once",           "slug",     "program.theme_slug_taken" },
	{ "event_slug_once",           "slug",     "schedule.slug_taken" },
	{ "event_ends_after_start",    "ends",     "schedule.ends_before_start" },
	{ "room_name_once",            "name",     "schedule.room_name_taken" },
	{ "room_of_event",             "room",     "schedule.room_elsewhere" },
	{ "track_name_once",           "name",     "schedule.track_name_taken" },
	{ "track_of_event",            "track",    "schedule.track_elsewhere" },
	{ "session_guid_once",         "guid",     "schedule.guid_taken" },
	{ "session_ends_after_start",  "ends",     "schedule.ends_before_start" },
	{ "session_room_free",         "room",     "schedule.room_taken" },
	{ "pool_never_overbooked",     "seats",    "registration.full" },
	{ "registration_key_once",     "key",      "registration.key_used" },
	{ "saved_view_name_once",      "name",     "registration.view_name_taken" },
	{ "registration_once",         "",         "registration.already_in" },
	{ "invite_once",               "",         "registration.already_in" },
	{ "scan_undone_once",          "",         "checkin.nothing_to_undo" },
	{ "record_session_once",       "session",  "archive.already_recorded" },
	{ "record_ark_once",           "ark",      "archive.ark_taken" },
	{ NULL, NULL, NULL }
};
/* clang-format on */

const struct constraint *
constraint_known(const char *name)
{
	for (const struct constraint *c = constraints; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
