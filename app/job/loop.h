#ifndef JOB_LOOP_H
#define JOB_LOOP_H

#include <stdbool.h>

#include "job/job.h"

struct db_loop;

/* Claims jobs and runs each in a process, a few at once; does the chores. */
struct job_settings {
	struct db_pool *pool;
	const struct db_loop *loop;
	const struct job_kind *kinds; /* ended by a NULL kind */
	const struct chore *chores;   /* ended by 0 seconds */
	const char *connect;          /* for the processes */
	int seconds;                  /* then a process is killed */
	int at_once;
};

struct job_loop *job_loop_new(const struct job_settings *);
void job_loop_free(struct job_loop *);

/* There may be something due. */
void job_loop_look(struct job_loop *);

/* Claims no more, and does no more chores. */
void job_loop_drain(struct job_loop *);

bool job_loop_idle(const struct job_loop *);

#endif
