#include <jansson.h>
#include <string.h>

#include "support/suite.h"

#include "base/arena.h"
#include "schedule/json_ld.h"

static const char site[] = "https://convene.example";

static json_t *
event_row(const char *mode, const char *state)
{
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
	    "id", 7, "title", "Deltas", "starts", "2031-03-29T09:00:00+01:00",
	    "ends", "2031-03-31T18:00:00+02:00", "mode", mode, "state", state,
	    "venue", "Old port", "city", "Hamburg", "country", "DE", "language",
	    "en");
}

/* What was said of it, read again. */
static json_t *
said_of(struct arena *a, json_t *event, json_t *sessions)
{
	return json_loads(
	    json_ld_event(a, site, "Convene", event, sessions), 0, NULL);
}

static const char *
member(const json_t *o, const char *name)
{
	const char *value = json_string_value(json_object_get(o, name));

	return value == NULL ? "" : value;
}

static void
an_event_says_when_where_and_by_whom(void)
{
	struct arena *a = arena_new();
	json_t *event = event_row("face_to_face", "published");
	json_t *said = said_of(a, event, NULL);
	json_t *place = json_array_get(json_object_get(said, "location"), 0);

	CU_ASSERT_STRING_EQUAL(member(said, "@context"), "https://schema.org");
	CU_ASSERT_STRING_EQUAL(member(said, "@type"), "EducationEvent");
	CU_ASSERT_STRING_EQUAL(
	    member(said, "url"), "https://convene.example/events/7");
	CU_ASSERT_STRING_EQUAL(
	    member(said, "startDate"), "2031-03-29T09:00:00+01:00");
	CU_ASSERT_STRING_EQUAL(
	    member(said, "eventStatus"), "https://schema.org/EventScheduled");
	CU_ASSERT_STRING_EQUAL(member(said, "eventAttendanceMode"),
	    "https://schema.org/OfflineEventAttendanceMode");
	CU_ASSERT_STRING_EQUAL(
	    member(json_object_get(said, "organizer"), "name"), "Convene");
	CU_ASSERT_STRING_EQUAL(member(place, "@type"), "Place");
	CU_ASSERT_STRING_EQUAL(member(place, "name"), "Old port");
	CU_ASSERT_STRING_EQUAL(
	    member(json_object_get(place, "address"), "addressCountry"), "DE");
	CU_ASSERT_PTR_NULL(json_object_get(said, "subEvent"));
	json_decref(said);
	json_decref(event);
	arena_free(a);
}

static void
an_online_event_is_at_our_page(void)
{
	struct arena *a = arena_new();
	json_t *event = event_row("online", "cancelled");
	json_t *said = said_of(a, event, NULL);
	json_t *places = json_object_get(said, "location");

	CU_ASSERT_EQUAL(json_array_size(places), 1);
	CU_ASSERT_STRING_EQUAL(
	    member(json_array_get(places, 0), "@type"), "VirtualLocation");
	CU_ASSERT_STRING_EQUAL(member(json_array_get(places, 0), "url"),
	    "https://convene.example/events/7");
	CU_ASSERT_STRING_EQUAL(
	    member(said, "eventStatus"), "https://schema.org/EventCancelled");
	json_decref(said);
	json_decref(event);
	arena_free(a);
}

static void
a_hybrid_event_is_in_two_places(void)
{
	struct arena *a = arena_new();
	json_t *event = event_row("hybrid", "published");
	json_t *said = said_of(a, event, NULL);

	CU_ASSERT_EQUAL(json_array_size(json_object_get(said, "location")), 2);
	json_decref(said);
	json_decref(event);
	arena_free(a);
}

static void
only_so_many_sessions_are_named(void)
{
	struct arena *a = arena_new();
	json_t *event = event_row("hybrid", "published");
	json_t *sessions = json_array(), *said;

	for (int i = 1; i <= JSON_LD_SESSIONS + 9; i++)
		json_array_append_new(sessions,
		    json_pack("{s:i, s:s, s:s, s:s, s:s}", "id", i, "title",
		        "T", "starts", "2031-03-29T09:00:00+01:00", "ends",
		        "2031-03-29T10:00:00+01:00", "state", "published"));
	said = said_of(a, event, sessions);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(said, "subEvent")),
	    JSON_LD_SESSIONS);
	json_decref(said);
	json_decref(sessions);
	json_decref(event);
	arena_free(a);
}

static void
nothing_ends_the_script(void)
{
	static const char evil[] = "</script><!--<script>\"\\";
	struct arena *a = arena_new();
	json_t *event = event_row("hybrid", "published"), *said;
	const char *text;

	json_object_set_new(event, "title", json_string(evil));
	text = json_ld_event(a, site, "Convene", event, NULL);
	CU_ASSERT_PTR_NULL(strchr(text, '<'));
	said = json_loads(text, 0, NULL);
	CU_ASSERT_STRING_EQUAL(member(said, "name"), evil);
	json_decref(said);
	json_decref(event);
	arena_free(a);
}

static void
a_session_says_who_speaks_and_where_it_belongs(void)
{
	struct arena *a = arena_new();
	json_t *session = json_pack(
	    "{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "id", 3,
	    "title", "Mud", "starts", "2031-03-29T09:00:00+01:00", "ends",
	    "2031-03-29T10:00:00+01:00", "state", "published", "mode",
	    "face_to_face", "room", "Deck", "city", "Hamburg", "event_id", 7,
	    "event_title", "Deltas", "event_state", "cancelled");
	json_t *speakers = json_pack("[{s:s}]", "name", "Ngũgĩ");
	json_t *said = json_loads(
	    json_ld_session(a, site, "Convene", session, speakers), 0, NULL);

	CU_ASSERT_STRING_EQUAL(
	    member(json_object_get(said, "superEvent"), "@id"),
	    "https://convene.example/events/7");
	CU_ASSERT_STRING_EQUAL(
	    member(
	        json_array_get(json_object_get(said, "performer"), 0), "name"),
	    "Ngũgĩ");
	CU_ASSERT_STRING_EQUAL(
	    member(
	        json_array_get(json_object_get(said, "location"), 0), "name"),
	    "Deck");
	CU_ASSERT_STRING_EQUAL(
	    member(said, "eventStatus"), "https://schema.org/EventCancelled");
	json_decref(said);
	json_decref(speakers);
	json_decref(session);
	arena_free(a);
}

SUITE(json_ld, SAYS(an_event_says_when_where_and_by_whom),
    SAYS(an_online_event_is_at_our_page), SAYS(a_hybrid_event_is_in_two_places),
    SAYS(only_so_many_sessions_are_named), SAYS(nothing_ends_the_script),
    SAYS(a_session_says_who_speaks_and_where_it_belongs))
