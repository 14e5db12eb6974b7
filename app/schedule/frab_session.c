#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "schedule/frab.h"
#include "schedule/frab_inside.h"

/* A file without guids: made of the event and the session's number, so that
 * the next import finds it again (RFC 9562 appendix B.2, version 8). */
static void
guid_of_id(struct frab *r, json_int_t id, char guid[37])
{
	unsigned char h[crypto_hash_sha256_BYTES];
	char name[160];
	int n = snprintf(name, sizeof(name), "frab:%s:%lld",
	    frab_text_of(json_object_get(r->document, "event"), "slug"),
	    (long long)id);

	(void)crypto_hash_sha256(
	    h, (const unsigned char *)name, (unsigned long long)n);
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	(void)snprintf(guid, 37,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10],
	    h[11], h[12], h[13], h[14], h[15]);
}

static int
once(struct frab *r, const json_t *said, json_t *seen, const char *what)
{
	const json_t *first = json_object_get(seen, what);

	if (first != NULL)
		return frab_fault(r, said, "schedule.import.twice", what,
		    (long)json_integer_value(first));
	(void)json_object_set_new(seen, what, json_integer(frab_line_of(said)));

	return 0;
}

static int
identity(struct frab *r, json_t *said, json_t *session)
{
	const char *given = frab_text_of(said, "guid");
	json_int_t id = 0;
	char number[24] = "", guid[37];

	if (json_object_get(said, "id") != NULL) {
		if (frab_take_number(r, said, "id", &id) == -1 || id < 1)
			return frab_fault(r, said, "schedule.import.id",
			    frab_text_of(said, "id"), 0);
		(void)snprintf(number, sizeof(number), "%lld", (long long)id);
	}
	if (given[0] == '\0') {
		if (id == 0)
			return frab_fault(
			    r, said, "schedule.import.identity", NULL, 0);
		guid_of_id(r, id, guid);
	} else if (!frab_uuid(given, guid)) {
		return frab_fault(r, said, "schedule.import.guid", given, 0);
	}
	(void)json_object_del(said, "guid");
	(void)json_object_set_new(session, "guid", json_string(guid));
	(void)json_object_set_new(session, "source_id", json_string(number));
	if (once(r, said, r->guids, guid) == -1)
		return -1;

	return id == 0 ? 0 : once(r, said, r->ids, number);
}

static int
texts(struct frab *r, json_t *said, json_t *session)
{
	static const struct {
		const char *said, *column;
		enum frab_kind kind;
		size_t max;
	} columns[] = {
		{ "title", "title", FRAB_LINE, 500 },
		{ "subtitle", "subtitle", FRAB_LINE, 1000 },
		{ "abstract", "abstract", FRAB_LINES, 200000 },
		{ "description", "description", FRAB_LINES, 200000 },
		{ "language", "language", FRAB_LINE, 80 },
		{ "type", "kind", FRAB_LINE, 200 },
		{ "slug", "slug", FRAB_LINE, 500 },
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (frab_take(r, said, columns[i].said, session,
		        columns[i].column, columns[i].kind,
		        columns[i].max) == -1)
			return -1;
	if (frab_text_of(session, "title")[0] == '\0')
		return frab_fault(r, said, "schedule.import.title", NULL, 0);

	return frab_take_url(r, said, "url", session, "url");
}

/* A start without a date: after midnight, and before the schedule's day
 * changes, it is the next day of the calendar. */
static int
start_of_day(struct frab *r, const json_t *said, struct frab_time *t)
{
	const char *start = frab_text_of(said, "start");
	const char *day = frab_text_of(
	    json_array_get(json_object_get(r->document, "days"),
	        (size_t)json_integer_value(json_object_get(said, "#day"))),
	    "date");
	long seconds;

	if (frab_clock(start, &seconds) == -1 || frab_time(day, t) == -1)
		return frab_fault(r, said, "schedule.import.time", start, 0);
	if (seconds < r->day_change)
		seconds += 86400;
	t->wall += seconds;
	t->day = false;

	return 0;
}

static int
read_start(struct frab *r, json_t *said, struct frab_time *t)
{
	const char *date = frab_text_of(said, "date");

	if (date[0] == '\0') {
		if (start_of_day(r, said, t) == -1)
			return -1;
	} else if (frab_time(date, t) == -1 || t->day) {
		return frab_fault(r, said, "schedule.import.time", date, 0);
	}
	if (t->local || (r->any_time && t->offset != r->offset))
		r->one_offset = false;
	r->offset = t->offset;
	r->any_time = true;
	(void)json_object_del(said, "date");
	(void)json_object_del(said, "start");

	return 0;
}

static int
read_duration(
    struct frab *r, json_t *said, const struct frab_time *starts, long *seconds)
{
	const char *duration = frab_text_of(said, "long_duration");
	struct frab_time end;

	if (duration[0] == '\0')
		duration = frab_text_of(said, "duration");
	if (duration[0] != '\0') {
		if (frab_duration(duration, seconds) == -1)
			return frab_fault(
			    r, said, "schedule.import.duration", duration, 0);
	} else {
		duration = frab_text_of(said, "end");
		if (frab_time(duration, &end) == -1 || end.day ||
		    end.local != starts->local)
			return frab_fault(
			    r, said, "schedule.import.duration", duration, 0);
		*seconds = (long)((end.wall - end.offset * 60) -
		                  (starts->wall - starts->offset * 60));
	}
	if (*seconds <= 0)
		return frab_fault(
		    r, said, "schedule.import.duration", duration, 0);
	(void)json_object_del(said, "duration");
	(void)json_object_del(said, "long_duration");
	(void)json_object_del(said, "end");

	return 0;
}

static int
times(struct frab *r, json_t *said, json_t *session)
{
	const json_t *day = json_array_get(json_object_get(r->document, "days"),
	    (size_t)json_integer_value(json_object_get(said, "#day")));
	char spelt[FRAB_TIME_CHARS + 1];
	struct frab_time t;
	struct frab_slot *slot = &r->slots[r->slot_count];
	long seconds;

	if (read_start(r, said, &t) == -1 ||
	    read_duration(r, said, &t, &seconds) == -1)
		return -1;
	frab_time_spell(&t, spelt);
	(void)json_object_set_new(session, "starts", json_string(spelt));
	(void)json_object_set_new(session, "seconds", json_integer(seconds));
	(void)json_object_set(session, "day", json_object_get(day, "date"));
	slot->local = t.local;
	slot->starts = t.wall - t.offset * 60;
	slot->ends = slot->starts + seconds;

	return 0;
}

/* Names the room or track, and adds it when no list of the file had it. */
static int
place(struct frab *r, const json_t *said, json_t *session, const char *column,
    const char *list, json_t *known)
{
	const char *name = frab_text_of(session, column);
	json_t *all = json_object_get(r->document, list), *made;
	size_t most = known == r->rooms ? FRAB_ROOMS : FRAB_TRACKS;

	if (name[0] == '\0') {
		(void)json_object_set_new(session, column, json_null());
		return 0;
	}
	if (json_object_get(known, name) != NULL)
		return 0;
	if (json_array_size(all) >= most)
		return frab_fault(
		    r, said, "schedule.import.too_many", list, (long)most);
	made =
	    json_pack("{s:s, s:s, s:{}}", "name", name, "slug", "", "source");
	(void)json_object_set_new(
	    known, name, json_integer((json_int_t)json_array_size(all)));
	(void)json_array_append_new(all, made);

	return 0;
}

static int
places(struct frab *r, json_t *said, json_t *session)
{
	struct frab_slot *slot = &r->slots[r->slot_count];
	const json_t *known;

	if (frab_text_of(said, "#room")[0] != '\0')
		(void)json_object_set(
		    said, "room", json_object_get(said, "#room"));
	if (frab_take(r, said, "room", session, "room", FRAB_LINE, 120) == -1 ||
	    frab_take(r, said, "track", session, "track", FRAB_LINE, 200) ==
	        -1 ||
	    place(r, said, session, "room", "rooms", r->rooms) == -1 ||
	    place(r, said, session, "track", "tracks", r->tracks) == -1)
		return -1;

	known = json_object_get(r->rooms, frab_text_of(session, "room"));
	if (known != NULL) {
		slot->room = (size_t)json_integer_value(known);
		slot->session = session;
		r->slot_count++;
	}

	return 0;
}

/* "recording" of the XML; two keys of the session in the JSON.  One that
 * says neither a licence nor a refusal says nothing. */
static void
recording(json_t *said, json_t *session)
{
	json_t *given = json_object_get(said, "recording"), *made, *optout;
	const char *refused, *licence;

	made = json_is_object(given) ? json_incref(given) : json_object();
	if (json_object_get(said, "recording_license") != NULL)
		(void)json_object_set(made, "license",
		    json_object_get(said, "recording_license"));
	if (json_object_get(said, "do_not_record") != NULL)
		(void)json_object_set(
		    made, "optout", json_object_get(said, "do_not_record"));
	licence = frab_text_of(made, "license");
	(void)json_object_set_new(made, "license", json_string(licence));
	optout = json_object_get(made, "optout");
	refused = frab_text_of(made, "optout");
	(void)json_object_set_new(made, "optout",
	    json_boolean(json_is_true(optout) || strcmp(refused, "true") == 0 ||
	                 strcmp(refused, "1") == 0));
	(void)json_object_del(made, "#line");
	if (frab_text_of(made, "license")[0] == '\0' &&
	    json_is_false(json_object_get(made, "optout")) &&
	    json_object_size(made) == 2)
		(void)json_object_set_new(session, "recording", json_null());
	else
		(void)json_object_set(session, "recording", made);
	json_decref(made);
	(void)json_object_del(said, "recording");
	(void)json_object_del(said, "recording_license");
	(void)json_object_del(said, "do_not_record");
}

static int
links(struct frab *r, json_t *said, const char *list, const char *kind,
    json_t *session)
{
	json_t *all = json_object_get(session, "links"), *one, *link;
	size_t i;
	int ret = 0;

	json_array_foreach(json_object_get(said, list), i, one)
	{
		if (!json_is_object(one))
			continue;
		if (++r->parts > FRAB_PARTS)
			return frab_fault(r, one, "schedule.import.too_many",
			    "links", FRAB_PARTS);
		link = json_object();
		ret = frab_take_url(r, one, "url", link, "url");
		if (ret == 0)
			ret = frab_take(
			    r, one, "title", link, "title", FRAB_LINE, 500);
		if (ret == 0 && frab_text_of(link, "url")[0] != '\0') {
			(void)json_object_set_new(
			    link, "kind", json_string(kind));
			frab_take_rest(one, link);
			(void)json_array_append(all, link);
		}
		json_decref(link);
		if (ret == -1) {
			if (r->line == 0)
				r->line = frab_line_of(said);
			return -1;
		}
	}
	(void)json_object_del(said, list);

	return 0;
}

int
frab_session(struct frab *r, json_t *said)
{
	json_t *session = json_object();

	(void)json_array_append_new(
	    json_object_get(r->document, "sessions"), session);
	(void)json_object_set_new(
	    session, "line", json_integer(frab_line_of(said)));
	(void)json_object_set_new(session, "persons", json_array());
	(void)json_object_set_new(session, "links", json_array());
	if (identity(r, said, session) == -1 || texts(r, said, session) == -1 ||
	    times(r, said, session) == -1 || places(r, said, session) == -1 ||
	    frab_persons(r, said, session) == -1 ||
	    links(r, said, "links", "link", session) == -1 ||
	    links(r, said, "attachments", "attachment", session) == -1)
		return -1;
	recording(said, session);
	frab_take_rest(said, session);

	return 0;
}

static int
by_room_and_time(const void *a, const void *b)
{
	const struct frab_slot *x = a, *y = b;

	if (x->room != y->room)
		return x->room < y->room ? -1 : 1;
	if (x->local != y->local)
		return x->local ? 1 : -1;
	if (x->starts != y->starts)
		return x->starts < y->starts ? -1 : 1;

	return 0;
}

static int
overlap(struct frab *r, const json_t *first, const json_t *second)
{
	long a = (long)json_integer_value(json_object_get(first, "line"));
	long b = (long)json_integer_value(json_object_get(second, "line"));
	char one[42], other[42], both[96];

	frab_cut(one, sizeof(one), frab_text_of(first, "title"));
	frab_cut(other, sizeof(other), frab_text_of(second, "title"));
	(void)snprintf(both, sizeof(both), "\"%s\", \"%s\"", one, other);
	(void)frab_fault(
	    r, NULL, "schedule.import.overlap", both, a < b ? a : b);
	r->line = a < b ? b : a;

	return -1;
}

/* No room twice at once.  Times with an offset and those without are not
 * compared here; the database's own constraint does that. */
int
frab_free_rooms(struct frab *r)
{
	const struct frab_slot *last = NULL, *slot;

	qsort(r->slots, r->slot_count, sizeof(*r->slots), by_room_and_time);
	for (size_t i = 0; i < r->slot_count; i++) {
		slot = &r->slots[i];
		if (last != NULL && last->room == slot->room &&
		    last->local == slot->local && slot->starts < last->ends)
			return overlap(r, last->session, slot->session);
		last = slot;
	}

	return 0;
}
