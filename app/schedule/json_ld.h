#ifndef SCHEDULE_JSON_LD_H
#define SCHEDULE_JSON_LD_H

#include <jansson.h>

struct arena;

/*
 * An event or a session as schema.org has it (EducationEvent), for machines
 * that read our pages: its text stands within <script>, so no '<' is in it.
 * `site` is the address of the first page, `organisation` its name.
 */
enum { JSON_LD_SESSIONS = 50 };

/* Of the event's row, and as many of its sessions. */
const char *json_ld_event(struct arena *, const char *site,
    const char *organisation, const json_t *event, const json_t *sessions);

/* Of the session's row, and its speakers. */
const char *json_ld_session(struct arena *, const char *site,
    const char *organisation, const json_t *session, const json_t *speakers);

#endif
