#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/memory.h"
#include "base/text.h"
#include "schedule/frab.h"
#include "schedule/frab_inside.h"
#include "schedule/frab_put.h"

struct writer {
	const json_t *document;
	struct text *out;
	struct fault *fault;
	json_t *slugs;    /* each once in a file */
	bool *introduced; /* speakers of whom all was said */
	size_t next_id;
	json_t *ids;
};

static void
put_track(struct writer *w, const json_t *track)
{
	json_t *rest = put_source(track);

	put_join(rest, track, "slug", "slug");
	put_indent(w->out, 2);
	text_puts(w->out, "<track");
	put_attribute(w->out, "name", frab_text_of(track, "name"));
	put_fitting_attribute(w->out, rest, "color", COLOUR);
	put_fitting_attribute(w->out, rest, "slug", TRACK_SLUG);
	text_puts(w->out, ">");
	put_rest(w->out, 0, rest, "");
	text_puts(w->out, "</track>\n");
	json_decref(rest);
}

static void
put_colour(struct writer *w, json_t *rest)
{
	const json_t *colour = json_object_get(rest, "color");
	const char *primary = frab_text_of(colour, "primary");
	const char *background = frab_text_of(colour, "background");
	bool known = json_object_size(colour) == (background[0] ? 2u : 1u);

	if (!known || !put_fits(primary, COLOUR) ||
	    (background[0] != '\0' && !put_fits(background, COLOUR)))
		return;
	put_indent(w->out, 2);
	text_puts(w->out, "<color");
	put_attribute(w->out, "primary", primary);
	if (background[0] != '\0')
		put_attribute(w->out, "background", background);
	text_puts(w->out, "/>\n");
	(void)json_object_del(rest, "color");
}

/* The schema allows hh:mm or hh:mm:ss of at most two digits each. */
static bool
fits_duration(const char *s)
{
	long seconds;

	return frab_duration(s, &seconds) == 0 && strcspn(s, ":") <= 2;
}

/* The schema's acronyms have four characters or more. */
static void
lengthen_acronym(json_t *rest)
{
	const char *acronym = frab_text_of(rest, "acronym");

	if (strlen(acronym) >= 4)
		return;
	(void)json_object_set(rest, "slug", json_object_get(rest, "acronym"));
	(void)json_object_set_new(
	    rest, "acronym", json_sprintf("%s-event", acronym));
}

static void
put_conference(struct writer *w, const json_t *event)
{
	static const struct element elements[] = {
		{ "acronym", "slug", ANY, true },
		{ "title", "title", ANY, true },
		{ "start", "starts", ANY, false },
		{ "end", "ends", ANY, false },
		{ "days", NULL, ANY, false },
		{ "timeslot_duration", NULL, ANY, false },
		{ "base_url", NULL, URI, false },
		{ "logo", NULL, URI, false },
		{ "url", NULL, URI, false },
		{ "time_zone_name", "zone", ANY, true },
		{ NULL, NULL, ANY, false },
	};
	static const char *const more[] = { "subtitle", "venue", "city", NULL };
	json_t *rest = put_source(event), *tracks, *track, *odd = NULL;
	size_t i;

	(void)json_object_del(rest, "schedule");
	for (i = 0; elements[i].name != NULL; i++)
		if (elements[i].column != NULL)
			put_join(
			    rest, event, elements[i].column, elements[i].name);
	for (i = 0; more[i] != NULL; i++)
		put_join(rest, event, more[i], more[i]);
	put_join(rest, event, "summary", "description");
	lengthen_acronym(rest);
	(void)json_object_set_new(rest, "days",
	    json_sprintf(
	        "%zu", json_array_size(json_object_get(w->document, "days"))));
	if (!fits_duration(frab_text_of(rest, "timeslot_duration")) &&
	    json_object_get(rest, "timeslot_duration") != NULL) {
		odd = json_incref(json_object_get(rest, "timeslot_duration"));
		(void)json_object_del(rest, "timeslot_duration");
	}
	text_puts(w->out, "  <conference>\n");
	put_elements(w->out, 2, elements, rest);
	put_colour(w, rest);
	tracks = json_object_get(w->document, "tracks");
	json_array_foreach(tracks, i, track)
	{
		put_track(w, track);
	}
	if (odd != NULL)
		(void)json_object_set_new(rest, "timeslot_duration", odd);
	put_rest(w->out, 2, rest, "\n");
	text_puts(w->out, "  </conference>\n");
	json_decref(rest);
}

/* All that is known of a person is said once; what it is known by, always. */
static void
put_person(struct writer *w, size_t place)
{
	const json_t *speaker =
	    json_array_get(json_object_get(w->document, "speakers"), place);
	const char *id = frab_text_of(speaker, "source_id");
	json_t *rest = put_source(speaker), *known = json_object();

	put_join(rest, speaker, "biography", "biography");
	put_join(rest, speaker, "url", "url");
	put_indent(w->out, 5);
	text_puts(w->out, "<person");
	if (id[0] != '\0' && id[strspn(id, "0123456789")] == '\0')
		put_attribute(w->out, "id", id);
	else if (put_fits(id, GUID))
		put_attribute(w->out, "guid", id);
	else if (id[0] != '\0')
		(void)json_object_set_new(known, "code", json_string(id));
	if (!w->introduced[place])
		put_fitting_attribute(w->out, rest, "guid", GUID);
	text_puts(w->out, ">");
	put_text(w->out, frab_text_of(speaker, "name"), false);
	if (!w->introduced[place])
		(void)json_object_update(known, rest);
	put_rest(w->out, 0, known, "");
	text_puts(w->out, "</person>\n");
	w->introduced[place] = true;
	json_decref(known);
	json_decref(rest);
}

static void
put_persons(struct writer *w, const json_t *session)
{
	json_t *persons = json_object_get(session, "persons"), *place;
	size_t i, count;

	count = json_array_size(json_object_get(w->document, "speakers"));
	text_puts(w->out, "        <persons>\n");
	json_array_foreach(persons, i, place)
	{
		if ((size_t)json_integer_value(place) < count)
			put_person(w, (size_t)json_integer_value(place));
	}
	text_puts(w->out, "        </persons>\n");
}

static void
put_links(struct writer *w, const json_t *session, const char *kind)
{
	json_t *links = json_object_get(session, "links"), *link, *rest;
	bool any = false;
	size_t i;

	json_array_foreach(links, i, link)
	{
		if (strcmp(frab_text_of(link, "kind"), kind) != 0)
			continue;
		if (!any)
			text_printf(w->out, "        <%ss>\n", kind);
		any = true;
		rest = put_source(link);
		put_indent(w->out, 5);
		text_printf(w->out, "<%s", kind);
		put_attribute(w->out, "href", frab_text_of(link, "url"));
		put_fitting_attribute(w->out, rest, "type", ANY);
		if (strcmp(kind, "link") == 0)
			put_fitting_attribute(w->out, rest, "service", ANY);
		text_puts(w->out, ">");
		put_text(w->out, frab_text_of(link, "title"), false);
		put_rest(w->out, 0, rest, "");
		text_printf(w->out, "</%s>\n", kind);
		json_decref(rest);
	}
	if (any)
		text_printf(w->out, "        </%ss>\n", kind);
}

static void
put_recording(struct writer *w, const json_t *session)
{
	static const struct element elements[] = {
		{ "license", NULL, ANY, true },
		{ "optout", NULL, ANY, true },
		{ "url", NULL, URI, false },
		{ "link", NULL, URI, false },
		{ NULL, NULL, ANY, false },
	};
	json_t *said = json_object_get(session, "recording"), *rest;

	if (!json_is_object(said))
		return;
	rest = json_deep_copy(said);
	(void)json_object_set_new(rest, "optout",
	    json_string(json_is_true(json_object_get(said, "optout"))
	                    ? "true"
	                    : "false"));
	text_puts(w->out, "        <recording>\n");
	put_elements(w->out, 5, elements, rest);
	put_rest(w->out, 5, rest, "\n");
	text_puts(w->out, "        </recording>\n");
	json_decref(rest);
}

/* 1200 as "00:20"; -1 when that is longer than the schema can say. */
static int
spell_duration(long seconds, char *spelt, size_t room)
{
	long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;

	if (s == 0)
		(void)snprintf(spelt, room, "%02ld:%02ld", h, m);
	else
		(void)snprintf(spelt, room, "%02ld:%02ld:%02ld", h, m, s);

	return h > 99 ? -1 : 0;
}

static int
put_times(struct writer *w, const json_t *session, json_t *rest)
{
	const char *starts = frab_text_of(session, "starts");
	long seconds =
	    (long)json_integer_value(json_object_get(session, "seconds"));
	char clock[9], duration[24];
	struct frab_time t;

	if (frab_time(starts, &t) == -1 || t.local || seconds <= 0)
		return fault(
		    w->fault, FAULT_BROKEN, "starts", "schedule.export.time");
	(void)snprintf(clock, sizeof(clock), "%.8s", starts + 11);
	if (strcmp(clock + 5, ":00") == 0)
		clock[5] = '\0';
	put_element(w->out, 4, "date", starts);
	put_element(w->out, 4, "start", clock);
	if (spell_duration(seconds, duration, sizeof(duration)) == 0) {
		put_element(w->out, 4, "duration", duration);
	} else {
		put_element(w->out, 4, "duration", "99:59");
		(void)json_object_set_new(
		    rest, "long_duration", json_string(duration));
	}

	return 0;
}

/* The schema wants a number for each; what was made here has none. */
static void
put_identity(struct writer *w, const json_t *session, json_t *rest)
{
	const char *id = frab_text_of(session, "source_id");
	char number[24];

	while (id[0] == '\0') {
		(void)snprintf(number, sizeof(number), "%zu", w->next_id++);
		if (json_object_get(w->ids, number) == NULL)
			id = number;
	}
	text_puts(w->out, "      <event");
	put_attribute(w->out, "guid", frab_text_of(session, "guid"));
	put_attribute(w->out, "id", id);
	put_fitting_attribute(w->out, rest, "code", CODE);
	text_puts(w->out, ">\n");
}

static int
put_session(struct writer *w, const json_t *session)
{
	static const struct element elements[] = {
		{ "room", "room", ANY, true },
		{ "title", "title", ANY, true },
		{ "subtitle", "subtitle", ANY, false },
		{ "type", "kind", ANY, true },
		{ "abstract", "abstract", ANY, true },
		{ "slug", "slug", SLUG, false },
		{ "track", "track", ANY, true },
		{ "logo", NULL, URI_OR_EMPTY, false },
		{ "language", "language", ANY, false },
		{ "description", "description", ANY, false },
		{ "video_download_url", NULL, URI, false },
		{ "url", "url", URI, false },
		{ "feedback_url", NULL, URI, false },
		{ "origin_url", NULL, URI, false },
		{ NULL, NULL, ANY, false },
	};
	const char *slug = frab_text_of(session, "slug");
	json_t *rest = put_source(session), *again = NULL;

	put_identity(w, session, rest);
	for (size_t i = 0; elements[i].name != NULL; i++)
		if (elements[i].column != NULL)
			put_join(rest, session, elements[i].column,
			    elements[i].name);
	if (slug[0] != '\0' && json_object_get(w->slugs, slug) != NULL) {
		again = json_string(slug);
		(void)json_object_del(rest, "slug");
	}
	(void)json_object_set_new(w->slugs, slug, json_true());
	put_elements(w->out, 4, elements, rest);
	if (again != NULL)
		(void)json_object_set_new(rest, "slug", again);
	if (put_times(w, session, rest) == -1) {
		json_decref(rest);
		return -1;
	}
	put_persons(w, session);
	put_recording(w, session);
	put_links(w, session, "link");
	put_links(w, session, "attachment");
	put_rest(w->out, 4, rest, "\n");
	text_puts(w->out, "      </event>\n");
	json_decref(rest);

	return 0;
}

/* A session in its place: the sort key of the file. */
struct placed {
	size_t day, room;
	int64_t starts;
	const json_t *session;
};

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (x->room != y->room)
		return x->room < y->room ? -1 : 1;
	if (x->starts != y->starts)
		return x->starts < y->starts ? -1 : 1;

	return strcmp(
	    frab_text_of(x->session, "guid"), frab_text_of(y->session, "guid"));
}

/* The place of what has such a value, or the list's end. */
static size_t
find(const json_t *list, const char *key, const char *value)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (strcmp(frab_text_of(one, key), value) == 0)
			return i;
	}

	return i;
}

static struct placed *
place_all(const struct writer *w)
{
	const json_t *sessions = json_object_get(w->document, "sessions");
	const json_t *days = json_object_get(w->document, "days");
	const json_t *rooms = json_object_get(w->document, "rooms");
	size_t i, count = json_array_size(sessions);
	struct placed *all = memory_new((count + 1) * sizeof(*all));
	struct frab_time t;

	for (i = 0; i < count; i++) {
		const json_t *one = json_array_get(sessions, i);

		all[i].session = one;
		all[i].day = find(days, "date", frab_text_of(one, "day"));
		all[i].room = find(rooms, "name", frab_text_of(one, "room"));
		if (frab_time(frab_text_of(one, "starts"), &t) == 0)
			all[i].starts = t.wall - t.offset * 60;
	}
	qsort(all, count, sizeof(*all), by_place);

	return all;
}

/* The first day names every room, with all that is known of it. */
static void
open_room(struct writer *w, size_t place, bool first_day)
{
	const json_t *room =
	    json_array_get(json_object_get(w->document, "rooms"), place);
	json_t *rest = put_source(room);

	put_join(rest, room, "slug", "slug");
	if (json_is_integer(json_object_get(room, "seats")))
		(void)json_object_set(
		    rest, "capacity", json_object_get(room, "seats"));
	text_puts(w->out, "    <room");
	put_attribute(w->out, "name", frab_text_of(room, "name"));
	put_fitting_attribute(w->out, rest, "guid", GUID);
	text_puts(w->out, ">\n");
	if (first_day)
		put_rest(w->out, 3, rest, "\n");
	json_decref(rest);
}

/* From all[from] on: the sessions of one room on one day. */
static int
put_room(struct writer *w, const struct placed *all, size_t count, size_t *from,
    size_t day, size_t room)
{
	open_room(w, room, day == 0);
	while (
	    *from < count && all[*from].day == day && all[*from].room == room) {
		if (put_session(w, all[*from].session) == -1)
			return -1;
		(*from)++;
	}
	text_puts(w->out, "    </room>\n");

	return 0;
}

static int
put_day(struct writer *w, const struct placed *all, size_t count, size_t *from,
    size_t day)
{
	static const char *const names[] = { "date", "start", "end", NULL };
	const json_t *one =
	    json_array_get(json_object_get(w->document, "days"), day);
	size_t rooms = json_array_size(json_object_get(w->document, "rooms"));

	text_printf(w->out, "  <day index=\"%lld\"",
	    (long long)json_integer_value(json_object_get(one, "index")));
	for (size_t i = 0; names[i] != NULL; i++)
		put_attribute(w->out, names[i], frab_text_of(one, names[i]));
	text_puts(w->out, ">\n");
	for (size_t room = 0; room <= rooms; room++) {
		bool used = *from < count && all[*from].day == day &&
		            all[*from].room == room;

		if ((used || (day == 0 && room < rooms)) &&
		    put_room(w, all, count, from, day, room) == -1)
			return -1;
	}
	text_puts(w->out, "  </day>\n");

	return 0;
}

static int
put_days(struct writer *w)
{
	size_t days = json_array_size(json_object_get(w->document, "days"));
	size_t count =
	    json_array_size(json_object_get(w->document, "sessions"));
	struct placed *all = place_all(w);
	size_t from = 0;
	int ret = 0;

	for (size_t day = 0; day < days && ret == 0; day++)
		ret = put_day(w, all, count, &from, day);
	free(all);
	if (ret == 0 && from < count)
		ret =
		    fault(w->fault, FAULT_BROKEN, "day", "schedule.export.day");

	return ret;
}

/* What stood around the conference, of which the schema knows two. */
static void
put_around(struct writer *w, const json_t *event)
{
	static const struct element elements[] = {
		{ "url", NULL, URI, false },
		{ "version", NULL, ANY, true },
		{ NULL, NULL, ANY, false },
	};
	const json_t *around =
	    json_object_get(json_object_get(event, "source"), "schedule");
	json_t *rest =
	    json_is_object(around) ? json_deep_copy(around) : json_object();

	text_puts(w->out, "  <generator name=\"convene\"/>\n");
	put_elements(w->out, 1, elements, rest);
	put_rest(w->out, 1, rest, "\n");
	json_decref(rest);
}

static void
known_ids(struct writer *w)
{
	const json_t *session;
	size_t i;

	json_array_foreach(json_object_get(w->document, "sessions"), i, session)
	{
		(void)json_object_set_new(
		    w->ids, frab_text_of(session, "source_id"), json_true());
	}
}

int
frab_write(json_t *given, struct text *out, struct fault *f)
{
	json_t *document = frab_clean(given);
	const json_t *event = json_object_get(document, "event");
	struct writer w = { .document = document,
		.out = out,
		.fault = f,
		.slugs = json_object(),
		.ids = json_object(),
		.next_id = 1 };
	int ret;

	w.introduced = memory_new(
	    json_array_size(json_object_get(document, "speakers")) + 1);
	known_ids(&w);
	text_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_puts(out, "<schedule>\n");
	put_around(&w, event);
	put_conference(&w, event);
	ret = put_days(&w);
	text_puts(out, "</schedule>\n");
	json_decref(document);
	json_decref(w.slugs);
	json_decref(w.ids);
	free(w.introduced);

	return ret;
}
