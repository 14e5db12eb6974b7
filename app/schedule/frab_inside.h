#ifndef SCHEDULE_FRAB_INSIDE_H
#define SCHEDULE_FRAB_INSIDE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "schedule/frab_time.h"

/*
 * Inside the reading of schedules.  frab_xml.c and frab_json.c tell what the
 * file says, under the file's own names, as `said`:
 *
 *   {version, …, conference: {…}, tracks: [{name, …}], rooms: [{name, …}],
 *    days: [{index, date, start, end}], sessions: [{…, persons, links,
 *    attachments, recording}]}
 *
 * Our own marks begin with '#', which no XML name does: "#line", and of a
 * session "#room" and "#day" (its day's place).  frab_document.c makes the
 * document of it; what it did not take stays behind as the thing's source.
 */
struct frab_slot {
	size_t room;
	bool local;
	int64_t starts, ends;
	const json_t *session;
};

struct frab {
	const char *zone; /* the reader's, when the file names none */
	bool typed;       /* JSON: a number is a number, not a text */
	json_t *said;
	json_t *document;
	long line;
	struct fault *fault;

	/* while the document is made; keys are what must be there once */
	json_t *guids, *ids, *people, *rooms, *tracks;
	const char *base_url;
	long day_change;
	struct frab_slot *slots;
	size_t slot_count;
	size_t parts;
	long dropped;
	bool one_offset;
	int offset; /* of all times, while one_offset */
	bool any_time;
};

/* Both fill in r->said; -1 with r->line and the fault. */
int frab_xml(struct frab *, const char *, size_t);
int frab_json(struct frab *, const char *, size_t);

/* Makes r->document of r->said, which is used up. */
int frab_document(struct frab *);

/* Its parts, in files of their own. */
int frab_session(struct frab *, json_t *said); /* frab_session.c */
int frab_free_rooms(struct frab *);            /* frab_session.c */
int frab_persons(struct frab *, json_t *said, json_t *session);

/*
 * frab_value.c: taking values out of what was said.  Each takes the key away,
 * so that what is left is the source.
 */
enum frab_kind {
	FRAB_LINE, /* trimmed, one line */
	FRAB_LINES /* as it came; blank is none */
};

/* Sets target[column]; -1 when it is longer than max characters. */
int frab_take(struct frab *, json_t *said, const char *key, json_t *target,
    const char *column, enum frab_kind, size_t max);

/* A whole number, also spelt as text unless r->typed; -1 when it is none. */
int frab_take_number(
    struct frab *, json_t *said, const char *key, json_int_t *number);

/* The address, made absolute; "" and counted when no page may offer it. */
int frab_take_url(struct frab *, json_t *said, const char *key, json_t *target,
    const char *column);

/* What is left and not empty goes to target.source. */
void frab_take_rest(json_t *said, json_t *target);

/* Lower case letters and digits, one hyphen between; as event.slug wants it. */
json_t *frab_slug(const char *);

/* A copy without nulls, without characters that XML does not have, and without
 * names that look like our marks. */
json_t *frab_clean(json_t *);

/* As many whole characters as fit. */
void frab_cut(char *to, size_t room, const char *from);
bool frab_uuid(const char *, char lower[37]);
const char *frab_text_of(const json_t *object, const char *key); /* or "" */
long frab_line_of(const json_t *said);

/* -1, with the line of what was said. */
int frab_fault(struct frab *, const json_t *said, const char *key,
    const char *text, long number);

#endif
