#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "db/alarm.h"
#include "db/inside.h"
#include "db/link.h"

/* One connection of a pool: prepares every statement, then carries segments,
 * answered in the order in which they were sent. */
struct connection {
	struct db_pool *pool;
	struct link *link;
	bool up;
	bool broken;    /* a send failed; it fails from the loop */
	bool stale;     /* its plans are of an older schema */
	int prepared;   /* answered so far */
	int unprepared; /* of them refused */
	int flying;
	struct db_segment *head, **tail;
	struct alarm *patience;
	int64_t heard; /* when the server last spoke, or was first asked */
	bool silent;   /* it was given up for not speaking */
};

/* --- a server that says nothing ------------------------------------------- */

static bool
expects(const struct connection *c)
{
	return link_pg(c->link) != NULL && (!c->up || c->flying > 0);
}

/* It spoke, or is asked after a pause: its time begins anew. */
static void
hear(struct connection *c)
{
	c->heard = clock_monotonic();
	if (expects(c) && !alarm_is_set(c->patience))
		alarm_set(c->patience, c->pool->settings.answer_ms);
}

/* When its machine halts, or the network swallows what it says, no error
 * comes: this is all that ends the wait. */
static void
look(void *context)
{
	struct connection *c = context;
	int64_t left =
	    c->heard + c->pool->settings.answer_ms - clock_monotonic();

	if (!expects(c))
		return;
	if (left > 0) {
		alarm_set(c->patience, (int)left);
		return;
	}
	log_event(LOG_LEVEL_WARN, "db.silent", NULL);
	c->silent = true;
	link_fail(c->link);
}

/* --- being opened ----------------------------------------------------------
 */

static void
break_off(struct connection *c)
{
	c->broken = true;
	link_fail_soon(c->link);
}

static void
came_up(struct connection *c)
{
	c->up = true;
	link_settled(c->link);
	if (link_times(c->link) > 1)
		c->pool->counts.reconnects++;
	pool_pump(c->pool);
}

/* Each has a Sync of its own, so that one refused leaves the others. */
static void
opened(void *context)
{
	struct connection *c = context;
	const struct db_pool *pool = c->pool;
	PGconn *pg = link_pg(c->link);

	c->up = c->broken = c->stale = c->silent = false;
	c->prepared = c->unprepared = 0;
	PQenterPipelineMode(pg);
	for (int i = 0; i < pool->statement_count; i++) {
		const struct sql *sql = pool->statements[i];

		if (!PQsendPrepare(pg, sql->name, sql->text, 0, NULL) ||
		    !PQpipelineSync(pg)) {
			break_off(c);
			return;
		}
	}
	link_flush(c->link);
	hear(c);
	if (pool->statement_count == 0)
		came_up(c);
}

static void
take_prepared(struct connection *c, const PGresult *r)
{
	const struct db_pool *pool = c->pool;

	if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
		if (++c->prepared == pool->statement_count)
			came_up(c);
	} else if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		c->unprepared++;
		log_event(LOG_LEVEL_ERROR, "db.statement", "name",
		    pool->statements[c->prepared]->name, "why",
		    PQresultErrorMessage(r), NULL);
	}
}

/*
 * After a deploy a plan may be of a row that has changed (0A000) or gone
 * (26000).  Nothing was done then: the segment is sent again over a
 * connection that prepares anew.
 */
static bool
is_stale(const struct connection *c, const struct db_segment *s)
{
	if (s->again || c->unprepared > 0 || s->unsettled)
		return false;
	return strcmp(s->sqlstate, "26000") == 0 ||
	       (strcmp(s->sqlstate, "0A000") == 0 &&
	           strstr(s->message, "cached plan") != NULL);
}

/* Of two that waited for each other the database has undone this one: it may be
 * done now. */
static bool
is_victim(const struct db_segment *s)
{
	return !s->again && !s->unsettled &&
	       (strcmp(s->sqlstate, "40P01") == 0 ||
	           strcmp(s->sqlstate, "40001") == 0);
}

static enum db_state
state_of(const struct db_segment *s)
{
	if (s->unsettled)
		return DB_LOST;
	return s->sqlstate[0] == '\0' ? DB_DONE : DB_REFUSED;
}

/* The Sync is the commit: only now is the answer known. */
static void
take_sync(struct connection *c)
{
	struct db_segment *s = c->head;

	if (!segment_sync(s))
		return;
	c->head = s->next;
	if (c->head == NULL)
		c->tail = &c->head;
	c->flying--;
	c->pool->counts.in_flight--;
	if (is_stale(c, s)) {
		c->stale = true;
		pool_back(c->pool, s);
	} else if (is_victim(s))
		pool_back(c->pool, s);
	else
		pool_answered(c->pool, s, state_of(s));
}

static void
take(struct connection *c, const PGresult *r)
{
	if (!c->up)
		take_prepared(c, r);
	else if (c->head == NULL)
		return;
	else if (PQresultStatus(r) == PGRES_PIPELINE_SYNC)
		take_sync(c);
	else
		segment_take(c->head, r);
}

/* NULL ends the results of one statement; twice NULL, there are none. */
static PGresult *
next_result(PGconn *pg)
{
	for (int i = 0; i < 2 && !PQisBusy(pg); i++) {
		PGresult *r = PQgetResult(pg);

		if (r != NULL)
			return r;
	}
	return NULL;
}

static void
ready(void *context)
{
	struct connection *c = context;
	PGconn *pg = link_pg(c->link);
	int alive = PQconsumeInput(pg);
	PGresult *r;

	/* What came before the end of file still counts. */
	while ((r = next_result(pg)) != NULL) {
		bool end = PQstatus(pg) == CONNECTION_BAD &&
		           PQresultStatus(r) == PGRES_FATAL_ERROR;

		take(c, r);
		PQclear(r);
		if (end)
			break;
	}
	if (!alive || PQstatus(pg) == CONNECTION_BAD ||
	    (c->stale && c->flying == 0)) {
		link_fail(c->link);
		return;
	}
	link_flush(c->link);
	hear(c);
	pool_pump(c->pool);
}

/* Outcome unknown: a read is asked again, a write must not be.  Whom the
 * server kept waiting in silence has waited long enough. */
static void
lost(void *context)
{
	struct connection *c = context;
	struct db_segment *s = c->head;
	bool again = c->pool->settings.reads && !c->silent;

	c->up = false;
	c->head = NULL;
	c->tail = &c->head;
	c->pool->counts.in_flight -= c->flying;
	c->flying = 0;
	while (s != NULL) {
		struct db_segment *next = s->next;

		if (again && !s->again && s->done != NULL)
			pool_back(c->pool, s);
		else
			pool_answered(c->pool, s, DB_LOST);
		s = next;
	}
	pool_pump(c->pool);
}

static const struct link_use use = { opened, ready, lost };

struct connection *
connection_new(struct db_pool *pool)
{
	const struct db_settings *set = &pool->settings;
	struct connection *c = memory_new(sizeof(*c));
	char options[256];

	snprintf(options, sizeof(options),
	    "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 "
	    "-c statement_timeout=%d -c lock_timeout=%d "
	    "-c idle_in_transaction_session_timeout=10s",
	    set->statement_ms, set->lock_ms);
	c->pool = pool;
	c->tail = &c->head;
	c->patience = alarm_new(pool->loop, look, c);
	c->link = link_new(set->connect, options, pool->loop, &use, c);
	return c;
}

void
connection_free(struct connection *c)
{
	struct db_segment *s = c->head;

	c->up = false;
	link_free(c->link);
	alarm_free(c->patience);
	while (s != NULL) {
		struct db_segment *next = s->next;

		pool_answered(c->pool, s, DB_LOST);
		s = next;
	}
	free(c);
}

bool
connection_up(const struct connection *c)
{
	return c->up && !c->broken && !c->stale;
}

int
connection_room(const struct connection *c)
{
	return connection_up(c) ? c->pool->settings.depth - c->flying : 0;
}

/* When it fails nothing was committed, for no Sync went out. */
int
connection_send(struct connection *c, struct db_segment *s)
{
	if (segment_send(s, link_pg(c->link), &c->pool->settings) == -1) {
		break_off(c);
		return -1;
	}
	s->next = NULL;
	*c->tail = s;
	c->tail = &s->next;
	c->flying++;
	link_flush(c->link);
	if (c->flying == 1)
		hear(c);
	return 0;
}

unsigned long
connection_times(const struct connection *c)
{
	return link_times(c->link);
}

const char *
connection_why(const struct connection *c)
{
	return link_why(c->link);
}
