#ifndef WEB_TEMPLATE_VALUE_H
#define WEB_TEMPLATE_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The objects that names are looked up in, the innermost last. */
enum { CONTEXT_MOST = 64 };
struct contexts {
	json_t *of[CONTEXT_MOST];
	int count;
};

/* By the parts of a name: the first in the innermost that has it. */
json_t *value_find(const struct contexts *, const char *const *path);

/* By the name as it is written: "event.title". */
json_t *value_named(const struct contexts *, const char *name);

/* Absent, null, false, "" and the empty array are not. */
bool value_true(const json_t *);

/* As it is written: text, a number (whole ones without a point), true, false;
 * "" for null, NULL for what has no spelling.  Small ones go into `room`. */
enum { SPELT_ROOM = 40 };
const char *value_spelt(const json_t *, char room[SPELT_ROOM], size_t *size);

#endif
