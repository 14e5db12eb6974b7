#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "db/inside.h"

static void
let_go(struct db_segment *s)
{
	if (--s->holds > 0)
		return;
	segment_forget(s);
	arena_free(s->arena);
}

/* The visit's arena ends. */
static void
abandon(void *object)
{
	struct db_segment *s = object;

	db_detach(s);
	let_go(s);
}

struct db_segment *
db_segment(struct arena *visit)
{
	struct arena *own = arena_new();
	struct db_segment *s = arena_alloc(own, sizeof(*s));

	s->arena = own;
	s->holds = 1;
	s->state = DB_WAITING;
	arena_defer(visit, abandon, s);
	return s;
}

static const char *
spelt(struct db_segment *s, int64_t number)
{
	return arena_printf(s->arena, "%lld", (long long)number);
}

void
db_enter(struct db_segment *s, const char *token_hash, const char *need,
    const char *scope, int64_t scope_id)
{
	s->entering = true;
	s->enter[0] = arena_text(s->arena, token_hash);
	s->enter[1] = arena_text(s->arena, need);
	s->enter[2] = arena_text(s->arena, scope);
	s->enter[3] = spelt(s, scope_id);
}

void
db_hurry(struct db_segment *s)
{
	s->hurried = true;
}

void
db_ask(struct db_segment *s, const struct sql *sql)
{
	struct asked *a = &s->asked[s->count];
	size_t parameters = (size_t)sql->parameters;

	if (s->count == STATEMENTS || s->pool != NULL)
		abort(); /* a bug: a segment is small, and not changed on its
		            way */
	s->count++;
	a->sql = sql;
	a->values = arena_alloc(s->arena, (parameters + 1) * sizeof(char *));
}

/* Where the last statement has the value of that name; NULL if nowhere. */
static const char **
place(struct db_segment *s, const char *name)
{
	struct asked *a;

	if (s->count == 0)
		abort(); /* a bug: binds follow their statement */
	a = &s->asked[s->count - 1];
	for (int i = 0; i < a->sql->parameters; i++)
		if (strcmp(a->sql->parameter[i], name) == 0)
			return &a->values[i];

	return NULL;
}

/* Copied only where it goes: it may be as large as a table of people. */
void
db_bind(struct db_segment *s, const char *name, const char *value)
{
	const char **to = place(s, name);

	if (to != NULL)
		*to = arena_text(s->arena, value);
}

void
db_bind_int(struct db_segment *s, const char *name, int64_t value)
{
	const char **to = place(s, name);

	if (to != NULL)
		*to = spelt(s, value);
}

void
db_detach(struct db_segment *s)
{
	struct db_pool *pool = s->pool;

	s->done = NULL;
	if (pool == NULL || s->flying)
		return;
	pool_remove(pool, s);
	s->pool = NULL;
	let_go(s);
}

static int
send_bare(PGconn *pg, const struct sql *sql)
{
	return PQsendQueryPrepared(pg, sql->name, 0, NULL, NULL, NULL, 0);
}

/* libpq copies what it is given. */
int
segment_send(
    struct db_segment *s, PGconn *pg, const struct db_settings *settings)
{
	s->at = s->hurried ? -2 : s->entering ? -1 : 0;
	if (s->hurried && !send_bare(pg, settings->hurry))
		return -1;
	if (s->entering && !PQsendQueryPrepared(pg, settings->enter->name,
	                       ENTER_PARAMETERS, s->enter, NULL, NULL, 0))
		return -1;
	for (int i = 0; i < s->count; i++) {
		const struct asked *a = &s->asked[i];

		if (!PQsendQueryPrepared(pg, a->sql->name, a->sql->parameters,
		        a->values, NULL, NULL, 0))
			return -1;
	}
	if (!PQpipelineSync(pg))
		return -1;
	if (s->hurried &&
	    !(send_bare(pg, settings->flush) && PQpipelineSync(pg)))
		return -1;
	return 0;
}

/* As much as there is room for, in whole characters. */
static void
keep(char *out, size_t room, const PGresult *r, int field)
{
	const char *value = PQresultErrorField(r, field);
	size_t size;

	snprintf(out, room, "%s", value == NULL ? "" : value);
	for (size = strlen(out); size > 0 && !text_utf8(out, size); size--)
		out[size - 1] = '\0';
}

/* The first error is the cause; what follows it was only not done. */
static void
take_error(struct db_segment *s, const PGresult *r)
{
	keep(s->sqlstate, sizeof(s->sqlstate), r, PG_DIAG_SQLSTATE);
	if (s->sqlstate[0] == '\0') /* libpq's own: the connection */
		memcpy(s->sqlstate, "08006", sizeof("08006"));
	keep(s->message, sizeof(s->message), r, PG_DIAG_MESSAGE_PRIMARY);
	keep(s->detail, sizeof(s->detail), r, PG_DIAG_MESSAGE_DETAIL);
	keep(s->table, sizeof(s->table), r, PG_DIAG_TABLE_NAME);
	keep(s->constraint, sizeof(s->constraint), r, PG_DIAG_CONSTRAINT_NAME);
	s->column = s->constraint[0] == '\0';
	if (s->column)
		keep(s->constraint, sizeof(s->constraint), r,
		    PG_DIAG_COLUMN_NAME);
}

static void
take_rows(struct db_segment *s, const PGresult *r)
{
	json_t *rows;

	if (s->done == NULL || s->at >= s->count || s->at == -2)
		return;
	rows = rows_read(r);
	if (s->at >= 0) {
		json_decref(s->asked[s->at].rows);
		s->asked[s->at].rows = rows;
		return;
	}
	json_decref(s->entered);
	s->entered = json_incref(json_array_get(rows, 0));
	json_decref(rows);
}

/* Of the commit that waits for the disk: it came, or nobody knows. */
static void
take_settling(struct db_segment *s, const PGresult *r)
{
	/* What was refused before was rolled back, whatever comes now. */
	if (PQresultStatus(r) == PGRES_TUPLES_OK || s->sqlstate[0] != '\0')
		return;
	take_error(s, r);
	s->unsettled = true;
}

void
segment_take(struct db_segment *s, const PGresult *r)
{
	if (s->settling) {
		take_settling(s, r);
		return;
	}
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		take_rows(s, r);
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		if (s->sqlstate[0] == '\0')
			take_error(s, r);
	}
	s->at++;
	if (s->at == -1 && !s->entering)
		s->at = 0;
}

bool
segment_sync(struct db_segment *s)
{
	bool ends = !s->hurried || s->settling;

	s->settling = !ends;
	return ends;
}

void
segment_forget(struct db_segment *s)
{
	for (int i = 0; i < s->count; i++) {
		json_decref(s->asked[i].rows);
		s->asked[i].rows = NULL;
	}
	json_decref(s->entered);
	s->entered = NULL;
	s->settling = s->unsettled = false;
	s->sqlstate[0] = s->message[0] = s->detail[0] = '\0';
	s->constraint[0] = s->table[0] = '\0';
}

void
segment_finish(struct db_segment *s, enum db_state state)
{
	void (*done)(struct db_segment *, void *) = s->done;

	s->state = state;
	s->pool = NULL;
	s->flying = false;
	s->done = NULL;
	if (done != NULL)
		done(s, s->context);
	let_go(s);
}

enum db_state
db_state(const struct db_segment *s)
{
	return s->state;
}

const char *
db_sqlstate(const struct db_segment *s)
{
	return s->sqlstate;
}

const char *
db_constraint(const struct db_segment *s)
{
	return s->constraint;
}

const char *
db_message(const struct db_segment *s)
{
	return s->message;
}

json_t *
db_rows(const struct db_segment *s, int statement)
{
	if (s->state != DB_DONE || statement < 0 || statement >= s->count)
		return NULL;
	return s->asked[statement].rows;
}

json_t *
db_entered(const struct db_segment *s)
{
	return s->state == DB_DONE ? s->entered : NULL;
}
