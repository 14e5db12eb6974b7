#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <jansson.h>

struct arena;
struct db_pool;
struct fault;
struct sql;

/*
 * The demonstration: an invented organisation at work.  Its words are
 * the JSON of assets/demo; its statements, sql/demo/queries.sql, call the verbs
 * that people's visits call, and then put the past in its place.
 */
struct demo {
	struct arena *arena;
	struct db_pool *pool;
	json_t *words; /* parameter's name to the text it is bound to */
};

/* The command `demo`. */
int demo_command(int argc, char **argv);

/* Materials of past sessions and the records that cite them: each by a path
 * of upload and publication of its own, and only what is not there yet. */
int demo_publish(struct demo *, struct fault *);

#endif
