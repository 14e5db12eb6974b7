/* Events and sessions in the vocabulary of schema.org. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "schedule/json_ld.h"

enum { JSON_LD_MOST = 256 * 1024 };

/* Copies a member that says something, under the name it has there. */
static void
take(json_t *to, const char *name, const json_t *row, const char *from)
{
	json_t *value = json_object_get(row, from);

	if (json_is_string(value) && json_string_length(value) > 0)
		json_object_set(to, name, value);
}

static bool
is(const json_t *row, const char *name, const char *value)
{
	const char *has = json_string_value(json_object_get(row, name));

	return has != NULL && strcmp(has, value) == 0;
}

static json_t *
address_of(
    const char *site, const char *door, const json_t *row, const char *id)
{
	return json_sprintf("%s/%s/%lld", site, door,
	    (long long)json_integer_value(json_object_get(row, id)));
}

static const char *
status(const json_t *row)
{
	return is(row, "state", "cancelled") ||
	               is(row, "event_state", "cancelled")
	           ? "https://schema.org/EventCancelled"
	           : "https://schema.org/EventScheduled";
}

static const char *
attendance(const json_t *row)
{
	if (is(row, "mode", "online"))
		return "https://schema.org/OnlineEventAttendanceMode";
	if (is(row, "mode", "hybrid"))
		return "https://schema.org/MixedEventAttendanceMode";

	return "https://schema.org/OfflineEventAttendanceMode";
}

/* A place is named by its room, else its venue, else its city. */
static json_t *
place(const json_t *row)
{
	json_t *o = json_pack("{s:s}", "@type", "Place");
	json_t *address = json_pack("{s:s}", "@type", "PostalAddress");

	take(o, "name", row, "city");
	take(o, "name", row, "venue");
	take(o, "name", row, "room");
	take(address, "addressLocality", row, "city");
	take(address, "addressCountry", row, "country");
	json_object_set_new(o, "address", address);

	return o;
}

/* Where it is: the link to take part is not for everybody, our page is. */
static json_t *
location(const json_t *row, json_t *page)
{
	json_t *list = json_array();

	if (!is(row, "mode", "online"))
		json_array_append_new(list, place(row));
	if (!is(row, "mode", "face_to_face"))
		json_array_append_new(
		    list, json_pack("{s:s, s:O}", "@type", "VirtualLocation",
		              "url", page));

	return list;
}

/* What an event and a session have in common; takes the address over. */
static json_t *
described(const json_t *row, json_t *address)
{
	json_t *o = json_pack("{s:s, s:O, s:o, s:s}", "@type", "EducationEvent",
	    "@id", address, "url", address, "eventStatus", status(row));

	take(o, "name", row, "title");
	take(o, "alternateName", row, "subtitle");
	take(o, "startDate", row, "starts");
	take(o, "endDate", row, "ends");
	take(o, "inLanguage", row, "language");

	return o;
}

static void
describe_more(
    json_t *o, const char *site, const char *organisation, const json_t *row)
{
	json_object_set_new(o, "@context", json_string("https://schema.org"));
	json_object_set_new(
	    o, "eventAttendanceMode", json_string(attendance(row)));
	json_object_set_new(
	    o, "location", location(row, json_object_get(o, "url")));
	json_object_set_new(o, "organizer",
	    json_pack("{s:s, s:s, s:s}", "@type", "Organization", "name",
	        organisation, "url", site));
}

/* As text without '<': within a script, "</script>" would end it. */
static const char *
spelt(struct arena *a, json_t *o)
{
	char *dump = json_dumps(o, JSON_COMPACT);
	struct text out;
	const char *done;

	text_init(&out, JSON_LD_MOST);
	for (const char *s = dump; *s != '\0'; s++) {
		size_t plain = strcspn(s, "<");

		text_add(&out, s, plain);
		s += plain;
		if (*s == '\0')
			break;
		text_puts(&out, "\\u003c");
	}
	done = out.full ? "{}" : arena_text(a, out.data);
	text_free(&out);
	free(dump);
	json_decref(o);

	return done;
}

const char *
json_ld_event(struct arena *a, const char *site, const char *organisation,
    const json_t *event, const json_t *sessions)
{
	json_t *o = described(event, address_of(site, "events", event, "id"));
	json_t *parts = json_array(), *row;
	size_t i;

	describe_more(o, site, organisation, event);
	take(o, "description", event, "summary");
	json_array_foreach(sessions, i, row)
	{
		if (i == JSON_LD_SESSIONS)
			break;
		json_array_append_new(parts,
		    described(row, address_of(site, "sessions", row, "id")));
	}
	if (json_array_size(parts) > 0)
		json_object_set(o, "subEvent", parts);
	json_decref(parts);

	return spelt(a, o);
}

const char *
json_ld_session(struct arena *a, const char *site, const char *organisation,
    const json_t *session, const json_t *speakers)
{
	json_t *o =
	    described(session, address_of(site, "sessions", session, "id"));
	json_t *people = json_array(), *row;
	size_t i;

	describe_more(o, site, organisation, session);
	take(o, "description", session, "abstract");
	json_object_set_new(o, "superEvent",
	    json_pack("{s:s, s:o, s:O?}", "@type", "EducationEvent", "@id",
	        address_of(site, "events", session, "event_id"), "name",
	        json_object_get(session, "event_title")));
	json_array_foreach(speakers, i, row) json_array_append_new(
	    people, json_pack("{s:s, s:O?}", "@type", "Person", "name",
	                json_object_get(row, "name")));
	if (json_array_size(people) > 0)
		json_object_set(o, "performer", people);
	json_decref(people);

	return spelt(a, o);
}
