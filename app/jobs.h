#ifndef JOBS_H
#define JOBS_H

#include "job/job.h"

/* Every background job, and every chore: the worker's table of contents. */
extern const struct job_kind job_kinds[];
extern const struct chore chores[];

#endif
