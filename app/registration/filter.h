#ifndef REGISTRATION_FILTER_H
#define REGISTRATION_FILTER_H

#include <jansson.h>

#include "web/visit.h"

/*
 * What a list of an event's registrations is narrowed by.  As a query of the
 * page's address it is the fields below; everywhere else, and in the database
 * (registration.filtered), it is one JSON object of the members that say
 * something: {"state": ["confirmed"], "country": ["KE"], "q": "asha"}.
 */
extern const struct field filter_fields[]; /* and the page's own `sort` and `after` */

/* What a member can be, NULL-ended. */
extern const char *const filter_regions[];
extern const char *const filter_incomes[];
extern const char *const filter_audiences[];
extern const char *const filter_ways[];
extern const char *const filter_yes_no[];
extern const char *const filter_sorts[];

/* The filter that was asked for by those fields; the caller's own. */
json_t *filter_read(struct visit *);

/* The same as text, for a statement's parameter; in the arena. */
const char *filter_text(struct arena *, const json_t *filter);

/* As a query that says the same: "state=confirmed&q=asha", or "". */
const char *filter_query(struct arena *, const json_t *filter);

/* The elements of an array as PostgreSQL writes it: {1,2} or {"a","b"}. */
json_t *filter_elements(struct arena *, const char *array);

#endif
