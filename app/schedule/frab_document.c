#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "schedule/frab.h"
#include "schedule/frab_inside.h"

/* Letters and digits, and one hyphen or underscore between them. */
static bool
fits_slug(const char *text)
{
	static const char of[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n;

	if (strlen(text) > 80)
		return false;
	while ((n = strspn(text, of)) > 0) {
		text += n;
		if (*text == '\0')
			return true;
		if (*text != '-' && *text != '_')
			return false;
		text++;
	}

	return false;
}

/*
 * event.slug: what an export of ours says, else the acronym.  The schema asks
 * for four characters of that, so a short one gets its year.
 */
static void
slug_of_event(const json_t *said, json_t *event)
{
	const char *acronym = frab_text_of(said, "acronym");
	const char *given = frab_text_of(said, "slug");
	char longer[96];
	json_t *slug;

	if (acronym[0] == '\0')
		acronym = frab_text_of(event, "title");
	if (!fits_slug(given) && strlen(acronym) >= 4)
		given = acronym;
	slug = fits_slug(given) ? json_string(given) : frab_slug(acronym);
	if (!fits_slug(given) && json_string_length(slug) < 4) {
		(void)snprintf(longer, sizeof(longer), "%s-%.4s",
		    json_string_value(slug), frab_text_of(said, "start"));
		json_decref(slug);
		slug = frab_slug(longer);
	}
	(void)json_object_set_new(event, "slug", slug);
}

/* A moment decides when the event is; a mere date only says it again. */
static int
event_bound(struct frab *r, json_t *said, const char *key, json_t *event,
    const char *column)
{
	const char *text = frab_text_of(said, key);
	char spelt[FRAB_TIME_CHARS + 1];
	struct frab_time t;

	if (text[0] == '\0')
		return 0;
	if (frab_time(text, &t) == -1)
		return frab_fault(r, said, "schedule.import.time", text, 0);
	if (t.day) {
		frab_day_spell(t.wall, spelt);
		(void)json_object_set_new(said, key, json_string(spelt));
		return 0;
	}
	frab_time_spell(&t, spelt);
	(void)json_object_set_new(event, column, json_string(spelt));
	(void)json_object_del(said, key);

	return 0;
}

static int
read_day_change(struct frab *r, const json_t *said)
{
	const char *change = frab_text_of(said, "day_change");
	const json_t *first;
	struct frab_time t;

	if (change[0] != '\0') {
		if (frab_clock(change, &r->day_change) == -1)
			return frab_fault(
			    r, said, "schedule.import.time", change, 0);
		return 0;
	}
	first = json_array_get(json_object_get(r->said, "days"), 0);
	if (frab_time(frab_text_of(first, "start"), &t) == 0 && !t.day)
		r->day_change = (long)(t.wall % 86400);

	return 0;
}

static int
event_texts(struct frab *r, json_t *said, json_t *event)
{
	if (frab_take(r, said, "title", event, "title", FRAB_LINE, 200) == -1 ||
	    frab_take(r, said, "subtitle", event, "subtitle", FRAB_LINE, 300) ==
	        -1 ||
	    frab_take(r, said, "description", event, "summary", FRAB_LINES,
	        10000) == -1 ||
	    frab_take(r, said, "venue", event, "venue", FRAB_LINE, 300) == -1 ||
	    frab_take(r, said, "city", event, "city", FRAB_LINE, 120) == -1 ||
	    frab_take(
	        r, said, "time_zone_name", event, "zone", FRAB_LINE, 80) == -1)
		return -1;
	if (frab_text_of(event, "title")[0] == '\0')
		return frab_fault(
		    r, said, "schedule.import.conference_title", NULL, 0);

	return 0;
}

static int
make_event(struct frab *r)
{
	json_t *said = json_object_get(r->said, "conference");
	json_t *event = json_object(), *zone_line;

	(void)json_object_set_new(r->document, "event", event);
	if (!json_is_object(said))
		return frab_fault(
		    r, NULL, "schedule.import.no_conference", NULL, 0);
	if (event_texts(r, said, event) == -1)
		return -1;
	slug_of_event(said, event);
	if (frab_text_of(event, "slug")[0] == '\0')
		return frab_fault(r, said, "schedule.import.acronym", NULL, 0);
	(void)json_object_del(said, "slug");
	(void)json_object_del(said, "acronym");
	(void)json_object_del(said, "days");
	zone_line = json_object_get(said, "#zone");
	(void)json_object_set_new(event, "zone_line",
	    json_integer(zone_line == NULL ? frab_line_of(said)
	                                   : json_integer_value(zone_line)));
	if (read_day_change(r, said) == -1 ||
	    event_bound(r, said, "start", event, "starts") == -1 ||
	    event_bound(r, said, "end", event, "ends") == -1)
		return -1;
	r->base_url = json_string_value(json_object_get(said, "base_url"));

	return 0;
}

/* What is left of the conference, and of the file around it. */
static void
event_source(struct frab *r)
{
	json_t *event = json_object_get(r->document, "event");
	json_t *said = json_object_get(r->said, "conference");
	json_t *around = json_object();
	const char *key;
	json_t *value;

	frab_take_rest(said, event);
	json_object_foreach(r->said, key, value)
	{
		if (key[0] != '#' && json_is_string(value) &&
		    json_string_length(value) > 0)
			(void)json_object_set(around, key, value);
	}
	if (json_object_size(around) > 0)
		(void)json_object_set(
		    json_object_get(event, "source"), "schedule", around);
	json_decref(around);
}

/* Rooms and tracks: by name, in the order of the file, each once. */
static int
add_place(struct frab *r, json_t *said, const char *list, json_t *once,
    size_t name_max, size_t most)
{
	json_t *all = json_object_get(r->document, list), *place;
	const char *name;
	json_int_t seats;

	place = json_object();
	if (frab_take(r, said, "name", place, "name", FRAB_LINE, name_max) ==
	        -1 ||
	    frab_take(r, said, "slug", place, "slug", FRAB_LINE, 200) == -1) {
		json_decref(place);
		return -1;
	}
	name = frab_text_of(place, "name");
	if (name[0] == '\0' || json_object_get(once, name) != NULL) {
		json_decref(place);
		return 0;
	}
	if (json_array_size(all) >= most) {
		json_decref(place);
		return frab_fault(
		    r, said, "schedule.import.too_many", list, (long)most);
	}
	if (json_is_number(json_object_get(said, "capacity")) &&
	    frab_take_number(r, said, "capacity", &seats) == 0 && seats > 0 &&
	    seats < 10000000)
		(void)json_object_set_new(place, "seats", json_integer(seats));
	frab_take_rest(said, place);
	(void)json_object_set_new(
	    once, name, json_integer((json_int_t)json_array_size(all)));
	(void)json_array_append_new(all, place);

	return 0;
}

static int
make_places(struct frab *r)
{
	json_t *said;
	size_t i;

	json_array_foreach(json_object_get(r->said, "rooms"), i, said)
	{
		if (json_is_object(said) &&
		    add_place(r, said, "rooms", r->rooms, 120, FRAB_ROOMS) ==
		        -1)
			return -1;
	}
	json_array_foreach(json_object_get(r->said, "tracks"), i, said)
	{
		if (json_is_object(said) &&
		    add_place(r, said, "tracks", r->tracks, 200, FRAB_TRACKS) ==
		        -1)
			return -1;
	}

	return 0;
}

static int
day_bound(struct frab *r, const json_t *said, const char *key, json_t *day)
{
	const char *text = frab_text_of(said, key);
	char spelt[FRAB_TIME_CHARS + 1];
	struct frab_time t;

	if (text[0] == '\0')
		return 0;
	if (frab_time(text, &t) == -1 || t.day)
		return frab_fault(r, said, "schedule.import.time", text, 0);
	frab_time_spell(&t, spelt);
	(void)json_object_set_new(day, key, json_string(spelt));

	return 0;
}

static int
make_day(struct frab *r, json_t *said, size_t place)
{
	json_t *day = json_object();
	const char *date = frab_text_of(said, "date");
	char spelt[FRAB_DAY_CHARS + 1];
	struct frab_time t;
	json_int_t index;

	(void)json_array_append_new(json_object_get(r->document, "days"), day);
	if (day_bound(r, said, "start", day) == -1 ||
	    day_bound(r, said, "end", day) == -1)
		return -1;
	if (date[0] == '\0')
		date = frab_text_of(day, "start");
	if (frab_time(date, &t) == -1)
		return frab_fault(r, said, "schedule.import.day", date, 0);
	frab_day_spell(t.wall, spelt);
	(void)json_object_set_new(day, "date", json_string(spelt));
	if (frab_take_number(r, said, "index", &index) == -1 || index < 1 ||
	    index > FRAB_DAYS)
		index = (json_int_t)place + 1;
	(void)json_object_set_new(day, "index", json_integer(index));

	return 0;
}

static int
make_days(struct frab *r)
{
	json_t *days = json_object_get(r->said, "days"), *said;
	size_t i;

	if (json_array_size(days) == 0)
		return frab_fault(r, json_object_get(r->said, "conference"),
		    "schedule.import.no_days", NULL, 0);
	if (json_array_size(days) > FRAB_DAYS)
		return frab_fault(r, json_array_get(days, FRAB_DAYS),
		    "schedule.import.too_many", "days", FRAB_DAYS);
	json_array_foreach(days, i, said)
	{
		if (make_day(r, said, i) == -1)
			return -1;
	}

	return 0;
}

static int
make_sessions(struct frab *r)
{
	json_t *sessions = json_object_get(r->said, "sessions"), *said;
	size_t i, count = json_array_size(sessions);

	if (count > FRAB_SESSIONS)
		return frab_fault(r, json_array_get(sessions, FRAB_SESSIONS),
		    "schedule.import.too_many", "sessions", FRAB_SESSIONS);
	r->slots = memory_new((count + 1) * sizeof(*r->slots));
	json_array_foreach(sessions, i, said)
	{
		if (frab_session(r, said) == -1)
			return -1;
	}

	return frab_free_rooms(r);
}

/*
 * A file that names no zone is read in the reader's; failing that, when all
 * of its times have one offset of whole hours, in the zone that is always
 * so.  (POSIX counts west: Etc/GMT-1 is one hour east.)
 */
static int
settle_zone(struct frab *r)
{
	json_t *event = json_object_get(r->document, "event");
	char name[16];
	int hours = r->offset / 60;

	if (frab_text_of(event, "zone")[0] != '\0')
		return 0;
	if (r->zone != NULL) {
		(void)json_object_set_new(event, "zone", json_string(r->zone));
		return 0;
	}
	if (!r->any_time || !r->one_offset || r->offset % 60 != 0 ||
	    hours < -12 || hours > 14)
		return frab_fault(r, json_object_get(r->said, "conference"),
		    "schedule.import.zone_missing", NULL, 0);
	if (hours == 0)
		(void)snprintf(name, sizeof(name), "UTC");
	else
		(void)snprintf(name, sizeof(name), "Etc/GMT%+d", -hours);
	(void)json_object_set_new(event, "zone", json_string(name));

	return 0;
}

int
frab_document(struct frab *r)
{
	static const char *const lists[] = { "days", "rooms", "tracks",
		"speakers", "sessions", NULL };

	r->document = json_object();
	for (size_t i = 0; lists[i] != NULL; i++)
		(void)json_object_set_new(r->document, lists[i], json_array());
	r->guids = json_object();
	r->ids = json_object();
	r->people = json_object();
	r->rooms = json_object();
	r->tracks = json_object();
	r->one_offset = true;

	if (make_event(r) == -1 || make_days(r) == -1 || make_places(r) == -1 ||
	    make_sessions(r) == -1 || settle_zone(r) == -1)
		return -1;
	event_source(r);
	(void)json_object_set_new(
	    r->document, "dropped", json_integer(r->dropped));

	return 0;
}
