/* Every door of Convene.  First match wins. */
/* clang-format off */
#include <stddef.h>

#include "account/acts.h"
#include "archive/acts.h"
#include "checkin/acts.h"
#include "invite/acts.h"
#include "notice/acts.h"
#include "program/acts.h"
#include "registration/acts.h"
#include "schedule/acts.h"
#include "web/acts.h"

const struct route routes[] = {
	/* method  path              who        act */
	{ "GET",  "/healthz",        ANYONE,    &web_health },
	{ "GET",  "/readyz",         ANYONE,    &web_ready },
	{ "GET",  "/metrics",        ANYONE,    &web_metrics },
	{ "GET",  "/api/openapi.json", ANYONE,  &web_openapi },
	{ "POST", "/language",       ANYONE,    &web_language },
	{ "GET",  "/about",          ANYONE,    &web_about },

	/* account */
	{ "GET",  "/signin",         ANYONE,    &account_signin },
	{ "POST", "/signin",         ANYONE,    &account_signin_ask },
	{ "GET",  "/signin/code",    ANYONE,    &account_code },
	{ "POST", "/signin/code",    ANYONE,    &account_code_use },
	{ "POST", "/signin/link",    ANYONE,    &account_link_use },
	{ "GET",  "/signin/{token}", ANYONE,    &account_link },
	{ "POST", "/signout",        ANYONE,    &account_signout },
	{ "POST", "/signout/everywhere", MEMBER, &account_signout_everywhere },
	{ "GET",  "/profile",        MEMBER,    &account_profile },
	{ "POST", "/profile",        MEMBER,    &account_profile_save },
	{ "GET",  "/profile/data",   MEMBER,    &account_data },
	{ "GET",  "/profile/data.json", MEMBER, &account_data_file },
	{ "GET",  "/profile/erase",  MEMBER,    &account_erasing },
	{ "POST", "/profile/erase",  MEMBER,    &account_erase_me },
	{ "POST", "/consents/{consent}/withdraw", MEMBER, &account_consent_withdraw },
	{ "GET",  "/people/erase",   ADMIN,     &account_erasing_other },
	{ "POST", "/people/erase",   ADMIN,     &account_erase },
	{ "GET",  "/events/{event}/retention", ORGANIZER, &account_retention },
	{ "POST", "/events/{event}/retention", ORGANIZER, &account_retention_set },
	{ "GET",  "/roles",          ADMIN,     &account_roles },
	{ "POST", "/roles",          ADMIN,     &account_role_grant },
	{ "POST", "/roles/remove",   ADMIN,     &account_role_revoke },
	{ "GET",  "/audit",          ADMIN,     &account_audit },
	{ "GET",  "/units",          ADMIN,     &account_units },
	{ "POST", "/units",          ADMIN,     &account_unit_make },
	{ "GET",  "/units/{unit}",   ADMIN,     &account_unit },
	{ "POST", "/units/{unit}",   ADMIN,     &account_unit_save },
	{ "GET",  "/units/{unit}/edit", ADMIN,  &account_unit_edit },
	{ "POST", "/units/{unit}/people", ADMIN, &account_unit_add },
	{ "POST", "/units/{unit}/people/{person}/remove", ADMIN, &account_unit_leave },
	{ "POST", "/units/{unit}/coordinators/{person}/remove", ADMIN, &account_unit_coordinator_revoke },
	{ "GET",  "/events/{event}/devices", STAFF, &account_devices },
	{ "POST", "/events/{event}/devices", STAFF, &account_enrolment_make },
	{ "POST", "/devices/{device}/revoke", STAFF, &account_device_revoke },
	{ "POST", "/enrol",          ANYONE,    &account_enrolment_use },
	{ "GET",  "/enrol/{token}",  ANYONE,    &account_enrolment },

	/* program, and what is over all rooms */
	{ "GET",  "/",               ANYONE,    &program_home },
	{ "GET",  "/search",         ANYONE,    &program_find },
	{ "GET",  "/programs",       ANYONE,    &program_index },
	{ "POST", "/programs",       ORGANIZER, &program_make },
	{ "GET",  "/programs/new",   ORGANIZER, &program_new },
	{ "GET",  "/programs/{program}", ANYONE, &program_page },
	{ "POST", "/programs/{program}", ORGANIZER, &program_save },
	{ "GET",  "/programs/{program}/edit", ORGANIZER, &program_edit },
	{ "POST", "/programs/{program}/publish", ORGANIZER, &program_publish },
	{ "POST", "/programs/{program}/cancel", ORGANIZER, &program_cancel },
	{ "POST", "/programs/{program}/delete", ORGANIZER, &program_delete },

	/* schedule */
	{ "GET",  "/organize",       STAFF,     &schedule_mine },
	{ "GET",  "/events",         ANYONE,    &schedule_index },
	{ "GET",  "/programs/{program}/events/new", ORGANIZER, &schedule_event_new },
	{ "POST", "/programs/{program}/events", ORGANIZER, &schedule_event_make },
	{ "GET",  "/events/{event}", ANYONE,    &schedule_event },
	{ "POST", "/events/{event}", ORGANIZER, &schedule_event_save },
	{ "GET",  "/events/{event}/organize", STAFF, &schedule_organize },
	{ "GET",  "/events/{event}/edit", ORGANIZER, &schedule_event_edit },
	{ "POST", "/events/{event}/publish", ORGANIZER, &schedule_event_publish },
	{ "POST", "/events/{event}/cancel", ORGANIZER, &schedule_event_cancel },
	{ "POST", "/events/{event}/delete", ORGANIZER, &schedule_event_delete },
	{ "GET",  "/events/{event}/rooms", ORGANIZER, &schedule_rooms },
	{ "POST", "/events/{event}/rooms", ORGANIZER, &schedule_room_make },
	{ "POST", "/rooms/{room}/remove", ORGANIZER, &schedule_room_delete },
	{ "GET",  "/events/{event}/tracks", ORGANIZER, &schedule_tracks },
	{ "POST", "/events/{event}/tracks", ORGANIZER, &schedule_track_make },
	{ "POST", "/tracks/{track}/remove", ORGANIZER, &schedule_track_delete },
	{ "GET",  "/events/{event}/sessions/new", ORGANIZER, &schedule_session_new },
	{ "POST", "/events/{event}/sessions", ORGANIZER, &schedule_session_make },
	{ "GET",  "/sessions/{session}", ANYONE, &schedule_session },
	{ "POST", "/sessions/{session}", ORGANIZER, &schedule_session_save },
	{ "GET",  "/sessions/{session}/edit", ORGANIZER, &schedule_session_edit },
	{ "GET",  "/sessions/{session}/move", ORGANIZER, &schedule_session_moving },
	{ "POST", "/sessions/{session}/move", ORGANIZER, &schedule_session_move },
	{ "POST", "/sessions/{session}/cancel", ORGANIZER, &schedule_session_cancel },
	{ "POST", "/sessions/{session}/delete", ORGANIZER, &schedule_session_delete },
	{ "POST", "/sessions/{session}/speakers", ORGANIZER, &schedule_speaking_add },
	{ "POST", "/sessions/{session}/speakers/{speaker}/remove", ORGANIZER, &schedule_speaking_remove },
	{ "GET",  "/speakers/{speaker}", ANYONE, &schedule_speaker },
	{ "POST", "/speakers/{speaker}", ORGANIZER, &schedule_speaker_save },
	{ "GET",  "/speakers/{speaker}/edit", ORGANIZER, &schedule_speaker_edit },
	{ "POST", "/speakers/{speaker}/delete", ORGANIZER, &schedule_speaker_delete },

	/* registration */
	{ "GET",  "/my",             MEMBER,    &registration_mine },
	{ "POST", "/my/feed",        MEMBER,    &registration_feed },
	{ "GET",  "/events/{event}/register", ANYONE, &registration_form },
	{ "POST", "/events/{event}/register", ANYONE, &registration_take },
	{ "GET",  "/events/{event}/registered", ANYONE, &registration_taken },
	{ "GET",  "/events/{event}/registrations", ORGANIZER, &registration_list },
	{ "GET",  "/events/{event}/registrations.csv", ORGANIZER, &registration_csv },
	{ "POST", "/events/{event}/seats", ORGANIZER, &registration_seats },
	{ "GET",  "/r/{token}",      ANYONE,    &registration_managed },
	{ "GET",  "/r/{token}/ticket", ANYONE,  &registration_managed_ticket },
	{ "GET",  "/r/{token}/invite.ics", ANYONE, &registration_managed_ics },
	{ "GET",  "/r/{token}/withdraw", ANYONE, &registration_managed_leave },
	{ "POST", "/r/{token}/withdraw", ANYONE, &registration_managed_withdraw },
	{ "GET",  "/registrations/{registration}", MEMBER, &registration_own },
	{ "GET",  "/registrations/{registration}/ticket", MEMBER, &registration_own_ticket },
	{ "GET",  "/registrations/{registration}/withdraw", MEMBER, &registration_own_leave },
	{ "POST", "/registrations/{registration}/withdraw", MEMBER, &registration_own_withdraw },
	{ "GET",  "/registrations/{registration}/organize", ORGANIZER, &registration_one },
	{ "POST", "/registrations/{registration}/cancel", ORGANIZER, &registration_cancel },
	{ "POST", "/registrations/{registration}/reissue", ORGANIZER, &registration_reissue },
	{ "POST", "/sessions/{session}/pick", MEMBER, &registration_pick },
	{ "POST", "/sessions/{session}/unpick", MEMBER, &registration_unpick },

	/* invite */
	{ "GET",  "/feed/{token}.ics", ANYONE,  &invite_feed },
	{ "GET",  "/events/{event}/event.ics", ANYONE, &invite_event },
	{ "GET",  "/sessions/{session}/session.ics", ANYONE, &invite_session },

	/* notice */
	{ "GET",  "/events/{event}/failures", ORGANIZER, &notice_failures },
	{ "POST", "/events/{event}/failures/again", ORGANIZER, &notice_retry_all },
	{ "POST", "/notices/{notice}/again", ORGANIZER, &notice_again },

	/* checkin */
	{ "GET",  "/events/{event}/scan", SCANNER, &checkin_page },
	{ "POST", "/events/{event}/scans", SCANNER, &checkin_scan },
	{ "GET",  "/events/{event}/counts", SCANNER, &checkin_counts },
	{ "GET",  "/events/{event}/people", SCANNER, &checkin_people },
	{ "POST", "/events/{event}/admit", SCANNER, &checkin_admit },
	{ "POST", "/scans/{scan}/undo", SCANNER, &checkin_undo },

	/* archive */
	{ "GET",  "/archive",        ANYONE,    &archive_index },
	{ "GET",  "/records/{record}", ANYONE,  &archive_record },
	{ "POST", "/records/{record}/withdraw", ORGANIZER, &archive_record_withdraw },
	{ "GET",  "/ark:{naan}/{ark}", ANYONE,  &archive_resolve },
	{ "GET",  "/ark:/{naan}/{ark}", ANYONE, &archive_resolve },
	{ "GET",  "/ARK:{naan}/{ark}", ANYONE,  &archive_resolve },
	{ "GET",  "/ARK:/{naan}/{ark}", ANYONE, &archive_resolve },
	{ "GET",  "/sessions/{session}/materials", ORGANIZER, &archive_materials },
	{ "POST", "/sessions/{session}/materials", ORGANIZER, &archive_upload_start },
	{ "POST", "/sessions/{session}/materials/file", ORGANIZER, &archive_upload_form },
	{ "GET",  "/sessions/{session}/publish", ORGANIZER, &archive_publishing },
	{ "POST", "/sessions/{session}/publish", ORGANIZER, &archive_publish },
	{ "GET",  "/materials/{material}", ORGANIZER, &archive_upload },
	{ "PUT",  "/materials/{material}/content", ORGANIZER, &archive_upload_slice },
	{ "GET",  "/materials/{material}/file", ANYONE, &archive_file },
	{ "POST", "/materials/{material}/withdraw", ORGANIZER, &archive_withdraw },

	{ NULL, NULL, ANYONE, NULL }
};
