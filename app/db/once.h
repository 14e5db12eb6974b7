#ifndef DB_ONCE_H
#define DB_ONCE_H

#include <jansson.h>

struct arena;
struct fault;
struct sql;

/*
 * For the command line: connects as the owner of the configuration, runs one
 * statement and disconnects.  Its parameters are pairs of name and value,
 * ended by NULL.  The rows are the arena's; NULL with the fault otherwise.
 */
json_t *db_once(struct arena *, const struct sql *, struct fault *, ...)
    __attribute__((sentinel));

#endif
