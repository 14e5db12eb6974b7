#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/db.h"
#include "job/loop.h"
#include "sql.h"

enum { PROBLEM_MAX = 1000, AT_ONCE_MAX = 8, SECOND = 1000 };

/* A process at work. */
struct work {
	struct job_loop *jobs;
	pid_t pid;
	int fd; /* what it says before it ends */
	int64_t id, until;
	char kind[48];
	struct text problem;
};

struct job_loop {
	struct job_settings set;
	struct text kinds; /* "{ingest,…}" */
	struct arena *claiming;
	struct work *works[AT_ONCE_MAX];
	int asks;
	int64_t *chores_due;
	bool more, draining;
};

static void look(struct job_loop *);

/* --- what became of one --- */

struct ask {
	struct job_loop *jobs;
	struct arena *arena;
	const char *what;
};

static void
asked(struct db_segment *s, void *context)
{
	struct ask *ask = context;
	struct job_loop *j = ask->jobs;

	if (db_state(s) != DB_DONE)
		log_event(LOG_LEVEL_ERROR, "job.not_said", "what", ask->what,
		    "why", db_message(s), NULL);
	arena_free(ask->arena);
	free(ask);
	j->asks--;
	look(j);
}

static void
say(struct job_loop *j, const struct sql *sql, int64_t id, const char *problem)
{
	struct ask *ask = memory_new(sizeof(*ask));
	struct db_segment *s;
	struct fault f;

	ask->jobs = j;
	ask->arena = arena_new();
	ask->what = sql->name;
	s = db_segment(ask->arena);
	db_ask(s, sql);
	if (id != 0)
		db_bind_int(s, "job", id);
	if (problem != NULL)
		db_bind(s, "problem", problem);
	j->asks++;
	if (db_submit(j->set.pool, s, asked, ask, &f) == -1) {
		arena_free(ask->arena);
		free(ask);
		j->asks--;
	}
}

static void
ended(struct work *w)
{
	struct job_loop *j = w->jobs;
	int status = 0;

	j->set.loop->forget(j->set.loop->context, w->fd);
	close(w->fd);
	while (waitpid(w->pid, &status, 0) == -1 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		text_printf(
		    &w->problem, "ended by signal %d", WTERMSIG(status));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		say(j, &SQL_JOB_DONE, w->id, NULL);
	else {
		log_event(LOG_LEVEL_WARN, "job.failed", "kind", w->kind, NULL);
		say(j, &SQL_JOB_RETRY, w->id,
		    w->problem.size == 0 ? "?" : w->problem.data);
	}
	for (int i = 0; i < AT_ONCE_MAX; i++)
		if (j->works[i] == w)
			j->works[i] = NULL;
	text_free(&w->problem);
	free(w);
	look(j);
}

static void
heard(void *context, int events)
{
	struct work *w = context;
	char buf[256];
	ssize_t n = read(w->fd, buf, sizeof(buf));

	(void)events;
	if (n > 0)
		text_add(&w->problem, buf, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		ended(w);
}

/* --- running one --- */

static const struct job_kind *
kind_named(const struct job_loop *j, const char *kind)
{
	for (const struct job_kind *k = j->set.kinds; k->kind != NULL; k++)
		if (strcmp(k->kind, kind) == 0)
			return k;

	return NULL;
}

/* In the process: what it inherited of ours it does not touch. */
static _Noreturn void
run(const struct job_loop *j, const json_t *row, int64_t id, int fd)
{
	struct db_settings set = { .connect = j->set.connect,
		.statements = sql_all };
	struct job job = { .id = id, .arena = arena_new() };
	const struct job_kind *kind;
	struct fault f = { 0 };
	int failed = 1;

	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	job.kind = json_string_value(json_object_get(row, "kind"));
	job.key = json_string_value(json_object_get(row, "key"));
	job.details = json_object_get(row, "details");
	job.attempts =
	    (int)json_integer_value(json_object_get(row, "attempts"));
	kind = kind_named(j, job.kind);
	job.db = db_open_waiting(&set, &f);
	if (kind != NULL && job.db != NULL)
		failed = kind->run(&job, &f) == -1;
	if (failed)
		dprintf(fd, "%s %s", f.key, f.detail);
	db_close(job.db);
	_exit(failed);
}

static void
begin(struct job_loop *j, const json_t *row)
{
	int64_t id = json_integer_value(json_object_get(row, "id"));
	const char *kind = json_string_value(json_object_get(row, "kind"));
	struct work *w;
	int pipes[2], slot = 0;

	while (slot < j->set.at_once && j->works[slot] != NULL)
		slot++;
	if (slot == j->set.at_once || pipe2(pipes, O_CLOEXEC) == -1) {
		say(j, &SQL_JOB_RETRY, id, "no room for it");
		return;
	}
	w = memory_new(sizeof(*w));
	w->pid = fork();
	if (w->pid == 0) {
		close(pipes[0]);
		run(j, row, id, pipes[1]);
	}
	close(pipes[1]);
	w->jobs = j;
	w->id = id;
	w->fd = pipes[0];
	w->until = clock_monotonic() + (int64_t)j->set.seconds * SECOND;
	snprintf(w->kind, sizeof(w->kind), "%s", kind);
	text_init(&w->problem, PROBLEM_MAX);
	j->works[slot] = w;
	j->set.loop->watch(j->set.loop->context, w->fd, LOOP_READ, heard, w);
}

/* --- claiming --- */

static int
room(const struct job_loop *j)
{
	int n = 0;

	for (int i = 0; i < j->set.at_once; i++)
		n += j->works[i] == NULL;

	return n;
}

static void
claimed(struct db_segment *s, void *context)
{
	struct job_loop *j = context;
	struct arena *arena = j->claiming;
	struct fault f;
	json_t *row;
	size_t i;

	j->claiming = NULL;
	if (db_fault(s, &f) == -1)
		log_event(LOG_LEVEL_ERROR, "job.not_claimed", "why",
		    db_message(s), NULL);
	else {
		json_array_foreach(db_rows(s, 0), i, row) begin(j, row);
		j->more = i > 0;
	}
	arena_free(arena);
	look(j);
}

static void
look(struct job_loop *j)
{
	struct db_segment *s;
	struct fault f;

	if (!j->more || j->draining || j->claiming != NULL || room(j) == 0 ||
	    j->kinds.size == 0)
		return;
	j->more = false;
	j->claiming = arena_new();
	s = db_segment(j->claiming);
	db_ask(s, &SQL_JOB_CLAIM);
	db_bind(s, "kinds", j->kinds.data);
	db_bind_int(s, "limit", room(j));
	if (db_submit(j->set.pool, s, claimed, j, &f) == -1) {
		arena_free(j->claiming);
		j->claiming = NULL;
	}
}

void
job_loop_look(struct job_loop *j)
{
	j->more = true;
	look(j);
}

/* --- the clock --- */

static void
do_chore(struct job_loop *j, const struct chore *c)
{
	if (c->sql != NULL)
		say(j, c->sql, 0, NULL);
	else
		c->call();
}

/* What outlives its time is killed: its pipe then ends, and with it the job. */
static void
tick(void *context)
{
	struct job_loop *j = context;
	int64_t now = clock_monotonic();

	for (int i = 0; i < AT_ONCE_MAX; i++)
		if (j->works[i] != NULL && j->works[i]->until <= now)
			kill(j->works[i]->pid, SIGKILL);
	for (int i = 0; !j->draining && j->set.chores[i].seconds > 0; i++)
		if (j->chores_due[i] <= now && j->asks < 4) {
			j->chores_due[i] =
			    now + (int64_t)j->set.chores[i].seconds * SECOND;
			do_chore(j, &j->set.chores[i]);
		}
	j->set.loop->after(j->set.loop->context, SECOND, tick, j);
}

void
job_loop_drain(struct job_loop *j)
{
	j->draining = true;
}

bool
job_loop_idle(const struct job_loop *j)
{
	return j->asks == 0 && j->claiming == NULL && room(j) == j->set.at_once;
}

struct job_loop *
job_loop_new(const struct job_settings *set)
{
	struct job_loop *j = memory_new(sizeof(*j));
	size_t chores = 0;

	j->set = *set;
	if (j->set.at_once > AT_ONCE_MAX)
		j->set.at_once = AT_ONCE_MAX;
	text_init(&j->kinds, 4096);
	for (const struct job_kind *k = set->kinds; k->kind != NULL; k++)
		text_printf(
		    &j->kinds, "%s%s", k == set->kinds ? "{" : ",", k->kind);
	if (j->kinds.size > 0)
		text_puts(&j->kinds, "}");
	while (set->chores[chores].seconds > 0)
		chores++;
	j->chores_due = memory_new((chores + 1) * sizeof(*j->chores_due));
	set->loop->after(set->loop->context, 0, tick, j);

	return j;
}

void
job_loop_free(struct job_loop *j)
{
	if (j == NULL)
		return;
	for (int i = 0; i < AT_ONCE_MAX; i++)
		if (j->works[i] != NULL) {
			kill(j->works[i]->pid, SIGKILL);
			close(j->works[i]->fd);
			text_free(&j->works[i]->problem);
			free(j->works[i]);
			j->works[i] = NULL;
		}
	text_free(&j->kinds);
	j->set.loop->cancel(j->set.loop->context, tick, j);
	free(j->chores_due);
	free(j);
}
