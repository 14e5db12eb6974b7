#ifndef ARCHIVE_MULTIPART_H
#define ARCHIVE_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct fault;

/*
 * A form with files as browsers send it (multipart/form-data, RFC 7578), read
 * where it lies: the parts point into the body.  Bounded in the number of
 * parts and the size of their headers; a body that was cut is refused.
 */
enum {
	MULTIPART_PARTS = 32,
	MULTIPART_HEAD = 4096, /* bytes of a part's headers */
	MULTIPART_NAME = 1024  /* of a name or filename */
};

struct multipart {
	struct arena *arena;
	char delimiter[80]; /* CR LF "--" boundary */
	size_t length;
	const char *at;
	const char *end;
	int parts;
	bool closed;
};

struct part {
	const char *name;
	const char *filename; /* NULL: a plain field; "" when none was chosen */
	const char *data;
	size_t size;
};

/* The body must outlive its reader; names are copied to the arena. */
int multipart_open(struct multipart *, struct arena *, const char *content_type,
    const char *body, size_t size, struct fault *);

/* 1: there is a part; 0: there are no more; -1: a fault. */
int multipart_next(struct multipart *, struct part *, struct fault *);

#endif
