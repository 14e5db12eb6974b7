#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include <libpq-fe.h>

#include "db/db.h"

/* What the files of db/ share; nobody else includes it. */

enum { STATEMENTS = 8, ENTER_PARAMETERS = 4 };

struct asked {
	const struct sql *sql;
	const char **values; /* in the order of $1… */
	json_t *rows;
};

/*
 * A segment has an arena of its own, so that it may outlive the visit's: the
 * visit's arena holds it, and so does the pool from db_submit() until it is
 * finished.  Who lets go last frees it.
 */
struct db_segment {
	struct arena *arena;
	int holds;
	struct db_segment *next; /* in the queue, or in flight */
	struct db_pool *pool;    /* while it is the pool's */
	bool flying;             /* sent, not waiting */
	bool again;              /* sent a second time */
	int64_t deadline;        /* for being sent */

	const char *scope; /* of what goes together with others; else NULL */
	const char *entry; /* JSON object */

	bool hurried;
	bool settling; /* committed; the transaction that makes it durable runs */
	bool unsettled; /* … and failed: nobody knows */
	bool entering;
	const char *enter[ENTER_PARAMETERS];
	json_t *entered;
	struct asked asked[STATEMENTS];
	int count;

	int at; /* whose result comes next; -1: enter's, -2: hurry's */
	enum db_state state;
	char sqlstate[6];
	char message[256];
	char detail[96];
	char constraint[64];
	char table[64];
	bool column; /* constraint is the name of a column */

	void (*done)(struct db_segment *, void *);
	void *context;
};

/* segment.c */
int segment_send(struct db_segment *, PGconn *, const struct db_settings *);
void segment_take(struct db_segment *, const PGresult *); /* not the Sync */
bool segment_sync(struct db_segment *);   /* the Sync; says whether it ends */
void segment_forget(struct db_segment *); /* what came, to be sent again */
void segment_finish(struct db_segment *, enum db_state); /* the pool lets go */

/* batch.c: of segments that go together. */
struct batch;
void batch_add(struct db_segment *);
void batch_remove(struct db_segment *); /* from those waiting */
int64_t batch_sweep(struct db_pool *, int64_t now); /* the next deadline */
void batch_close(struct db_pool *);

/* rows.c: owned by the caller. */
json_t *rows_read(const PGresult *);

/* constraints.c */
struct constraint {
	const char *name;
	const char *field;
	const char *key;
};
const struct constraint *constraint_known(const char *name); /* or NULL */

/* connection.c */
struct connection;
struct connection *connection_new(struct db_pool *);
void connection_free(struct connection *);      /* what flies is DB_LOST */
int connection_room(const struct connection *); /* how many more may fly */
bool connection_up(const struct connection *);
int connection_send(struct connection *, struct db_segment *);
unsigned long connection_times(const struct connection *);
const char *connection_why(const struct connection *);

/* pool.c */
struct db_pool {
	struct db_settings settings;   /* strings are the pool's own */
	const struct sql **statements; /* all to prepare, enter among them */
	int statement_count;
	const struct db_loop *loop;
	struct connection **connections;
	struct db_segment *first, **last; /* waiting */
	struct batch *batches;
	struct alarm *sweep;
	int64_t sweep_at;
	struct db_counts counts;
	struct poll_loop *own; /* of db_open_waiting() */
};
void pool_pump(struct db_pool *);
/* As db_submit(), but it is never refused. */
void pool_take(struct db_pool *, struct db_segment *,
    void (*done)(struct db_segment *, void *), void *);
void pool_back(struct db_pool *, struct db_segment *); /* to be sent again */
void pool_answered(struct db_pool *, struct db_segment *, enum db_state);
void pool_remove(
    struct db_pool *, struct db_segment *); /* from those waiting */

#endif
