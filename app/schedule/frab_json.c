#include <string.h>

#include "schedule/frab.h"
#include "schedule/frab_inside.h"

/*
 * jansson does not say where a value stood.  Once it has found the text to be
 * JSON, this walk finds the lines of the sessions, in the same order, and of
 * the conference and its zone.
 */
struct walk {
	const char *p, *end;
	long line;
	int depth;
	struct {
		const char *key;
		size_t size;
		bool object, wants_key;
	} level[FRAB_DEPTH + 2];
	json_t *sessions;
	long conference, zone;
};

static bool
key_is(const struct walk *w, int depth, const char *key)
{
	return w->level[depth].key != NULL &&
	       w->level[depth].size == strlen(key) &&
	       memcmp(w->level[depth].key, key, w->level[depth].size) == 0;
}

static bool
in_conference(const struct walk *w)
{
	return key_is(w, 1, "schedule") && key_is(w, 2, "conference");
}

/* schedule.conference.days[].rooms.NAME[].{ */
static void
opened(struct walk *w)
{
	if (w->depth == 3 && in_conference(w))
		w->conference = w->line;
	if (w->depth == 8 && in_conference(w) && key_is(w, 3, "days") &&
	    key_is(w, 5, "rooms"))
		(void)json_array_append_new(w->sessions, json_integer(w->line));
}

static void
string(struct walk *w)
{
	const char *start = ++w->p;

	while (w->p < w->end && *w->p != '"')
		w->p += *w->p == '\\' ? 2 : 1;
	if (w->level[w->depth].object && w->level[w->depth].wants_key) {
		w->level[w->depth].key = start;
		w->level[w->depth].size = (size_t)(w->p - start);
		w->level[w->depth].wants_key = false;
		if (w->depth == 3 && in_conference(w) &&
		    key_is(w, 3, "time_zone_name"))
			w->zone = w->line;
	}
}

/* -1 when it is nested too deep. */
static int
walk(struct walk *w)
{
	for (; w->p < w->end; w->p++) {
		switch (*w->p) {
		case '\n':
			w->line++;
			break;
		case '"':
			string(w);
			break;
		case '{':
		case '[':
			if (++w->depth > FRAB_DEPTH)
				return -1;
			w->level[w->depth].object = *w->p == '{';
			w->level[w->depth].wants_key = true;
			w->level[w->depth].key = NULL;
			if (*w->p == '{')
				opened(w);
			break;
		case '}':
		case ']':
			if (w->depth > 0)
				w->depth--;
			break;
		case ',':
			w->level[w->depth].wants_key = true;
			break;
		default:
			break;
		}
	}

	return 0;
}

static int
add_sessions(struct frab *r, const char *room, json_t *list, size_t day,
    const json_t *lines)
{
	json_t *sessions = json_object_get(r->said, "sessions"), *session;
	size_t i, place;

	json_array_foreach(list, i, session)
	{
		if (!json_is_object(session))
			return frab_fault(
			    r, NULL, "schedule.import.shape", room, 0);
		place = json_array_size(sessions);
		(void)json_object_set_new(session, "#room", json_string(room));
		(void)json_object_set_new(
		    session, "#day", json_integer((json_int_t)day));
		(void)json_object_set(
		    session, "#line", json_array_get(lines, place));
		(void)json_array_append(sessions, session);
	}

	return 0;
}

static int
add_days(struct frab *r, json_t *conference, const json_t *lines)
{
	json_t *days = json_object_get(conference, "days"), *day, *made, *list;
	const char *room;
	size_t i;

	if (!json_is_array(days))
		return frab_fault(
		    r, conference, "schedule.import.no_days", NULL, 0);
	json_array_foreach(days, i, day)
	{
		if (!json_is_object(json_object_get(day, "rooms")))
			return frab_fault(r, conference,
			    "schedule.import.shape", "days[].rooms", 0);
		made = json_object();
		(void)json_object_set(
		    made, "index", json_object_get(day, "index"));
		(void)json_object_set(
		    made, "date", json_object_get(day, "date"));
		(void)json_object_set(
		    made, "start", json_object_get(day, "day_start"));
		(void)json_object_set(
		    made, "end", json_object_get(day, "day_end"));
		(void)json_object_set(
		    made, "#line", json_object_get(conference, "#line"));
		(void)json_array_append_new(
		    json_object_get(r->said, "days"), made);
		json_object_foreach(json_object_get(day, "rooms"), room, list)
		{
			if (add_sessions(r, room, list, i, lines) == -1)
				return -1;
		}
	}
	(void)json_object_del(conference, "days");

	return 0;
}

/* Lists of the conference that the XML has beside it. */
static void
move_list(struct frab *r, json_t *conference, const char *name)
{
	json_t *list = json_object_get(conference, name), *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (json_is_object(one))
			(void)json_object_set(
			    one, "#line", json_object_get(conference, "#line"));
	}
	(void)json_object_set_new(r->said, name,
	    json_is_array(list) ? json_incref(list) : json_array());
	(void)json_object_del(conference, name);
}

static int
sort_out(struct frab *r, json_t *schedule, const struct walk *w)
{
	static const char *const around[] = { "version", "url", NULL };
	json_t *conference = json_object_get(schedule, "conference");

	if (!json_is_object(conference))
		return frab_fault(
		    r, NULL, "schedule.import.no_conference", NULL, 0);
	(void)json_object_set_new(
	    conference, "#line", json_integer(w->conference));
	(void)json_object_set_new(conference, "#zone",
	    json_integer(w->zone > 0 ? w->zone : w->conference));
	if (json_object_get(schedule, "rooms") != NULL)
		return frab_fault(
		    r, conference, "schedule.import.rooms_place", NULL, 0);
	for (size_t i = 0; around[i] != NULL; i++)
		(void)json_object_set(
		    r->said, around[i], json_object_get(schedule, around[i]));
	(void)json_object_set(r->said, "conference", conference);
	(void)json_object_set_new(r->said, "days", json_array());
	(void)json_object_set_new(r->said, "sessions", json_array());
	if (json_object_get(conference, "base_url") == NULL)
		(void)json_object_set(conference, "base_url",
		    json_object_get(schedule, "base_url"));
	(void)json_object_del(conference, "daysCount");
	move_list(r, conference, "rooms");
	move_list(r, conference, "tracks");

	return add_days(r, conference, w->sessions);
}

int
frab_json(struct frab *r, const char *data, size_t size)
{
	struct walk w = { .p = data, .end = data + size, .line = 1 };
	json_error_t error;
	json_t *file, *cleaned;
	int ret;

	r->typed = true;
	file = json_loadb(data, size, JSON_REJECT_DUPLICATES, &error);
	if (file == NULL) {
		r->line = error.line > 0 ? error.line : 0;
		return frab_fault(
		    r, NULL, "schedule.import.json", error.text, 0);
	}
	w.sessions = json_array();
	if (walk(&w) == -1) {
		r->line = w.line;
		ret = frab_fault(
		    r, NULL, "schedule.import.deep", NULL, FRAB_DEPTH);
	} else {
		cleaned = frab_clean(file);
		ret = sort_out(r, json_object_get(cleaned, "schedule"), &w);
		json_decref(cleaned);
	}
	json_decref(w.sessions);
	json_decref(file);

	return ret;
}
