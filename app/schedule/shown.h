#ifndef SCHEDULE_SHOWN_H
#define SCHEDULE_SHOWN_H

#include <jansson.h>

struct arena;

/*
 * Words of organizers and of imported schedules as a page shows them:
 * object.body_html holds those members of the object that say something, one
 * after the other.  What has a tag of HTML in it is taken as HTML and cleaned,
 * all else is plain text.  `names` ends with NULL.
 */
void shown_body(struct arena *, json_t *object, const char *const *names);

/*
 * The sessions of page.sessions, which come in their order, as a schedule:
 * page.days [{day, anchor, from, slots [{starts, sessions}]}], `from` being
 * when the first one starts: at midnight the clocks may yet be others.
 */
void shown_days(json_t *page);

#endif
