#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/memory.h"
#include "db/alarm.h"
#include "db/inside.h"
#include "db/poll.h"

enum { WAITING = 512, TOGETHER = 4096, TOGETHER_MS = 10000 };
enum { WAIT_MS = 5000, STATEMENT_MS = 10000, LOCK_MS = 5000 };
enum { OWN = 3 }; /* statements that the pool itself needs */

static void sweep(void *);

/* --- those waiting ------------------------------------------------------- */

static void
sweep_by(struct db_pool *pool, int64_t at)
{
	if (alarm_is_set(pool->sweep) && pool->sweep_at <= at)
		return;
	pool->sweep_at = at;
	alarm_set(pool->sweep, (int)(at - clock_monotonic()));
}

static void
set_deadline(struct db_pool *pool, struct db_segment *s)
{
	s->deadline =
	    clock_monotonic() + (s->entry != NULL ? pool->settings.together_ms
	                                          : pool->settings.wait_ms);
	sweep_by(pool, s->deadline);
}

static void
queue(struct db_pool *pool, struct db_segment *s)
{
	s->flying = false;
	s->next = NULL;
	*pool->last = s;
	pool->last = &s->next;
	pool->counts.waiting++;
	set_deadline(pool, s);
}

void
pool_remove(struct db_pool *pool, struct db_segment *s)
{
	struct db_segment **at = &pool->first;

	if (s->entry != NULL) {
		batch_remove(s);
		return;
	}
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (pool->last == &s->next)
		pool->last = at;
	pool->counts.waiting--;
}

void
pool_back(struct db_pool *pool, struct db_segment *s)
{
	segment_forget(s);
	s->again = true;
	queue(pool, s);
}

void
pool_answered(struct db_pool *pool, struct db_segment *s, enum db_state state)
{
	if (state == DB_LOST)
		pool->counts.lost++;
	else if (state == DB_REFUSED)
		pool->counts.refused++;
	else if (state == DB_DONE)
		pool->counts.answered++;
	segment_finish(s, state);
}

/* Who was not sent in time is told so.  All have waited in the same order as
 * they will be late. */
static void
sweep(void *context)
{
	struct db_pool *pool = context;
	int64_t now = clock_monotonic();
	int64_t soonest = batch_sweep(pool, now);

	while (pool->first != NULL && pool->first->deadline <= now) {
		struct db_segment *s = pool->first;

		pool_remove(pool, s);
		pool_answered(pool, s, DB_LATE);
	}
	if (pool->first != NULL && pool->first->deadline < soonest)
		soonest = pool->first->deadline;
	if (soonest != INT64_MAX)
		sweep_by(pool, soonest);
}

/* --- sending ---------------------------------------------------------------
 */

static struct connection *
emptiest(const struct db_pool *pool)
{
	struct connection *best = NULL;

	for (int i = 0; i < pool->settings.connections; i++) {
		struct connection *c = pool->connections[i];

		if (connection_room(c) > 0 &&
		    (best == NULL ||
		        connection_room(c) > connection_room(best)))
			best = c;
	}
	return best;
}

void
pool_pump(struct db_pool *pool)
{
	struct connection *c;

	while (pool->first != NULL && (c = emptiest(pool)) != NULL) {
		struct db_segment *s = pool->first;

		pool_remove(pool, s);
		s->flying = true;
		if (connection_send(c, s) == -1) {
			queue(pool, s);
			continue; /* over another one: this one is broken now */
		}
		pool->counts.sent++;
		pool->counts.in_flight++;
	}
}

static const char *
cannot(const struct db_pool *pool, const struct db_segment *s)
{
	const struct db_settings *set = &pool->settings;

	if (s->entering && set->enter == NULL)
		return "there is no statement account_enter";
	if (s->hurried && (set->hurry == NULL || set->flush == NULL))
		return "there are no statements db_hurry and db_flush";
	if (db_up(pool) == 0)
		return "no connection is up";
	if (s->entry != NULL ? pool->counts.together >= set->together
	                     : pool->counts.waiting >= set->waiting)
		return "too many are waiting";
	return NULL;
}

void
pool_take(struct db_pool *pool, struct db_segment *s,
    void (*done)(struct db_segment *, void *), void *context)
{
	if (s->pool != NULL)
		abort(); /* a bug: it is on its way already */
	s->pool = pool;
	s->holds++;
	s->done = done;
	s->context = context;
	s->state = DB_WAITING;
	s->again = s->flying = false;
	segment_forget(s);
	if (s->entry != NULL) {
		set_deadline(pool, s);
		batch_add(s);
		return;
	}
	queue(pool, s);
	pool_pump(pool);
}

int
db_submit(struct db_pool *pool, struct db_segment *s,
    void (*done)(struct db_segment *, void *), void *context, struct fault *f)
{
	const char *why = cannot(pool, s);

	if (why != NULL)
		return fault_detail(f, FAULT_BUSY, "", "fault.busy", "%s", why);
	pool_take(pool, s, done, context);
	return 0;
}

/* --- the pool ----------------------------------------------------------------
 */

static const struct sql *
among(const struct sql *const *statements, const char *name)
{
	for (; statements != NULL && *statements != NULL; statements++)
		if (strcmp((*statements)->name, name) == 0)
			return *statements;
	return NULL;
}

/* The pool's own statements, unless they are listed. */
static void
list_statement(struct db_pool *pool, const struct sql *sql)
{
	if (sql == NULL)
		return;
	for (int i = 0; i < pool->statement_count; i++)
		if (pool->statements[i] == sql)
			return;
	pool->statements[pool->statement_count++] = sql;
}

static void
list_statements(struct db_pool *pool)
{
	const struct db_settings *s = &pool->settings;
	size_t count = 0;

	while (s->statements != NULL && s->statements[count] != NULL)
		count++;
	pool->statements =
	    memory_new((count + OWN) * sizeof(pool->statements[0]));
	for (size_t i = 0; i < count; i++)
		pool->statements[i] = s->statements[i];
	pool->statement_count = (int)count;
	list_statement(pool, s->enter);
	list_statement(pool, s->hurry);
	list_statement(pool, s->flush);
}

static void
set_default(int *value, int otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

static void
settle(struct db_pool *pool)
{
	struct db_settings *s = &pool->settings;

	s->connect = memory_text(s->connect);
	if (s->enter == NULL)
		s->enter = among(s->statements, "account_enter");
	if (s->hurry == NULL)
		s->hurry = among(s->statements, "db_hurry");
	if (s->flush == NULL)
		s->flush = among(s->statements, "db_flush");
	set_default(&s->connections, 1);
	set_default(&s->depth, 1);
	set_default(&s->waiting, WAITING);
	set_default(&s->together, TOGETHER);
	set_default(&s->together_ms, TOGETHER_MS);
	set_default(&s->wait_ms, WAIT_MS);
	set_default(&s->statement_ms, STATEMENT_MS);
	set_default(&s->lock_ms, LOCK_MS);
	/* A segment is more than one statement. */
	set_default(&s->answer_ms, 3 * s->statement_ms);
	list_statements(pool);
}

struct db_pool *
db_open(const struct db_settings *settings, const struct db_loop *loop)
{
	struct db_pool *pool = memory_new(sizeof(*pool));
	size_t count;

	pool->settings = *settings;
	pool->loop = loop;
	pool->last = &pool->first;
	pool->sweep = alarm_new(loop, sweep, pool);
	settle(pool);
	count = (size_t)pool->settings.connections;
	pool->connections = memory_new(count * sizeof(pool->connections[0]));
	for (size_t i = 0; i < count; i++)
		pool->connections[i] = connection_new(pool);
	return pool;
}

void
db_close(struct db_pool *pool)
{
	if (pool == NULL)
		return;
	batch_close(pool);
	while (pool->first != NULL) {
		struct db_segment *s = pool->first;

		pool_remove(pool, s);
		pool_answered(pool, s, DB_LOST);
	}
	for (int i = 0; i < pool->settings.connections; i++)
		connection_free(pool->connections[i]);
	alarm_free(pool->sweep);
	poll_loop_free(pool->own);
	free(pool->connections);
	free(pool->statements);
	free((void *)(uintptr_t)pool->settings.connect);
	free(pool);
}

int
db_up(const struct db_pool *pool)
{
	int up = 0;

	for (int i = 0; i < pool->settings.connections; i++)
		up += connection_up(pool->connections[i]);
	return up;
}

void
db_counts(const struct db_pool *pool, struct db_counts *counts)
{
	*counts = pool->counts;
}
