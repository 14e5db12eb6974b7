#ifndef INVITE_DOWNLOAD_H
#define INVITE_DOWNLOAD_H

#include <jansson.h>

struct fault;
struct visit;

/* Where an answer is a calendar. */
struct invite_file {
	const char *name;     /* of the file */
	const char *title;    /* of the calendar; NULL: its first entry's */
	const char *language; /* of its words; NULL: the visitor's */
	const char *page;     /* the page it belongs to, or NULL */
	int feed;             /* asked for again and again by a program */
};

/*
 * Answers with the rows as iCalendar.  The body says nothing of the moment or
 * of who asks, so that its ETag lasts until an entry changes; who has that one
 * already gets 304.  No row, or one without a uid (an empty feed) are no
 * faults of a feed; else no row is MISSING.
 */
int invite_respond(struct visit *, json_t *rows, const struct invite_file *,
    struct fault *);

#endif
