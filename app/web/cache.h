#ifndef WEB_CACHE_H
#define WEB_CACHE_H

#include <stddef.h>

/*
 * Pages that are the same for everybody, kept compressed in this process to be
 * given again.  A page is found by its key as long as its revision is the same.
 * What passes by (seats taken) may have changed for CACHE_PASSING_MS: then in a
 * rush the page is made once a second and not for each visitor.
 *
 * Bounded: the page that was not asked for longest makes room.
 */
enum {
	CACHE_BYTES = 8 << 20,
	CACHE_PAGES = 256,
	CACHE_PASSING_MS = 1000,
	ETAG_CHARS = 24 /* with its quotation marks */
};

struct cached {
	const char *body; /* gzip */
	size_t size;
	const char *type;
	char etag[ETAG_CHARS + 1];
};

/* NULL when it is not there.  Borrowed until the next cache_keep(). */
const struct cached *cache_find(
    const char *key, const char *revision, const char *passing);

/* Compresses and keeps a page in place of the one of that key. */
void cache_keep(const char *key, const char *revision, const char *passing,
    const char *type, const char *body, size_t size);

void cache_empty(void);

/* The strong validator of these bytes: their hash (RFC 9110 8.8.3). */
void etag_of(const char *body, size_t size, char etag[ETAG_CHARS + 1]);

#endif
