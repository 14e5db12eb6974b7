#ifndef REGISTRATION_IMPORT_H
#define REGISTRATION_IMPORT_H

#include <jansson.h>
#include <stddef.h>

struct arena;
struct fault;

enum {
	IMPORT_LINES = 20000, /* people at once */
	IMPORT_SHOWN = 200    /* bad lines that are named; the others are counted */
};

/* A table of people, line by line. */
struct import_table {
	json_t *people; /* the good: [{n (its line), name, email, …}] */
	json_t *wrong;  /* the bad: [{line, column, key, number}] */
	json_t *seen;   /* the line of each address */
	long bad;
};

/*
 * Reads a table with the columns name and email, and perhaps organisation,
 * country and language, in any order, others being passed over; who names no
 * language has that one.  A line that cannot be is named and the next is read;
 * -1 with a fault only where nothing can be: other encodings, no such columns,
 * too many lines.  What it makes ends with the arena.
 */
int import_read(struct import_table *, struct arena *, const char *data,
    size_t size, const char *language, struct fault *);

#endif
