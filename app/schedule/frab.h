#ifndef SCHEDULE_FRAB_H
#define SCHEDULE_FRAB_H

#include <jansson.h>
#include <stddef.h>

struct fault;
struct text;

/*
 * Schedules as conferences publish them: frab (pentabarf) XML and frab JSON.
 * Both are read into one document, which schedule.import() stores and
 * schedule_export gives back:
 *
 *   event     {slug, title, subtitle, summary, venue, city, zone, zone_line,
 *              starts, ends, source}
 *   days      [{index, date, start, end}]
 *   rooms     [{name, slug, seats, source}]
 *   tracks    [{name, slug, source}]
 *   speakers  [{source_id, name, biography, url, source}]
 *   sessions  [{guid, source_id, slug, title, subtitle, abstract,
 *              description, language, kind, url, recording, room, track, day,
 *              starts, seconds, line, persons: [place in speakers],
 *              links: [{kind, url, title, source}], source}]
 *   dropped   links passed over, because no page may offer such an address
 *
 * Times are "2025-02-01T09:30:00+01:00", or without the offset where the file
 * gives none: the database knows the zone.  `source` holds what the file says
 * and no column does; an export writes it again.
 */
enum {
	FRAB_BYTES = 64 << 20,
	FRAB_DEPTH = 32,
	FRAB_DAYS = 400,
	FRAB_ROOMS = 2000,
	FRAB_TRACKS = 2000,
	FRAB_SESSIONS = 20000,
	FRAB_PARTS = 400000 /* persons, links and attachments of all sessions */
};

/*
 * The document, for the caller to decref.  Or -1, with the line of the file
 * that is at fault (0: the whole file) and nothing in the document.  `zone` is
 * taken when the file names none; it may be NULL.
 */
int frab_read(const char *data, size_t size, const char *zone,
    json_t **document, long *line, struct fault *);

/* XML, valid against the schema of schedule.xml; check out->full after it.
 * -1 when the document cannot be written: a session's time is none. */
int frab_write(json_t *document, struct text *out, struct fault *);

#endif
