#ifndef JOB_JOB_H
#define JOB_JOB_H

#include <jansson.h>
#include <stdint.h>

struct arena;
struct db_pool;
struct fault;
struct sql;

/*
 * A job is work that takes its time: it runs in a process of its own, so that
 * what breaks it, or what it leaks, ends with it, and mails go out meanwhile.
 * It may be run twice: when its process dies, or outlives its lease.
 */
struct job {
	int64_t id;
	const char *kind;
	const char *key;
	const json_t *details;
	int attempts; /* this one counted */
	struct arena *arena;
	struct db_pool *db; /* for db_run() */
};

/* A kind of job, and who does it: -1 is tried again, later and later. */
struct job_kind {
	const char *kind;
	int (*run)(struct job *, struct fault *);
};

/* What is done again and again: a statement, whose answer does not matter, or
 * a call, which does not take long. */
struct chore {
	const struct sql *sql;
	int seconds;
	void (*call)(void); /* when there is no statement */
};

#endif
