#ifndef DB_DB_H
#define DB_DB_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fault;

/*
 * The database: segments sent through libpq's pipeline mode on somebody
 * else's event loop.  A segment is an optional `enter` (who asks, and may
 * they), one to eight statements, and a Sync: one implicit transaction in one
 * round trip.  Its answer is known at the Sync, which is the commit.
 */

/* A named statement of sql/<room>/…queries.sql, made by tools/embed.  The
 * parameters are written :name in the file, $1, $2 … in the text. */
struct sql {
	const char *name;          /* "registration_take" */
	const char *text;
	int parameters;
	const char *const *parameter; /* names, in the order of $1… */
};

/* The loop a pool lives on: Kore's in the web, poll(2) elsewhere. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
struct db_loop {
	/* Watches fd for events; a later call for the same fd changes them. */
	void (*watch)(void *context, int fd, int events,
	    void (*ready)(void *, int events), void *);
	/* Ends the watch; the fd may already be closed. */
	void (*forget)(void *context, int fd);
	/* Calls once, after so many milliseconds. */
	void (*after)(void *context, int milliseconds, void (*call)(void *),
	    void *);
	void *context;
	/* Takes back what after() promised, and says how many; may be NULL,
	 * where the loop outlives the pools. */
	int (*cancel)(void *context, void (*call)(void *), void *);
};

/* Where and how: one pool for reads (few connections, deep), one for writes
 * (8 to 16, shallow), for `kore.md` says why. */
struct db_settings {
	const char *connect;    /* libpq connection string */
	const struct sql *const *statements; /* all, NULL-ended; prepared on connecting */
	int connections;
	int depth;              /* segments in flight on one connection */
	int waiting;            /* at most, beyond which FAULT_BUSY */
	int together, together_ms; /* the same of those that go together, who may
	                            * wait longer: they are in line already */
	int wait_ms;            /* a segment may wait so long to be sent */
	int statement_ms, lock_ms;
	int answer_ms; /* so long without a word, a connection is given up */
	bool reads;             /* nothing here writes: what is lost is sent again, once */
	/* NULL: those of statements named account_enter, db_hurry, db_flush */
	const struct sql *enter, *hurry, *flush;
};

struct db_pool;
struct db_pool *db_open(const struct db_settings *, const struct db_loop *);
void db_close(struct db_pool *); /* what is under way is DB_LOST; not from `done` */
int db_up(const struct db_pool *); /* connections ready */

struct db_counts {
	unsigned long sent, answered, lost, refused, reconnects;
	int in_flight, waiting, together;
};
void db_counts(const struct db_pool *, struct db_counts *);

/* A segment lives in the arena it was made in. */
struct db_segment;
struct db_segment *db_segment(struct arena *);

/* Guard and actor: account.enter(token_hash, need, scope, scope_id). Its one
 * row is then db_entered(). */
void db_enter(struct db_segment *, const char *token_hash, const char *need,
    const char *scope, int64_t scope_id);

/*
 * For a rush on one row: the commit does not wait for the disk, so that its
 * locks are gone as soon as the work is done, and the next in line goes on.  A
 * transaction of nothing follows it on the same connection, in the same round
 * trip, whose commit does wait; only with that is the segment DB_DONE.  The log
 * is durable by prefix, so whoever is answered is on the disk, and on the
 * synchronous standby.  What others read in between, a crash may take back;
 * whoever builds upon it in a commit of their own has it made durable, too.
 */
void db_hurry(struct db_segment *);

/* Adds a statement; binds follow it.  NULL is SQL null; values are copied.
 * A name that the statement does not have is ignored, so that one set of
 * fields can serve several statements. */
void db_ask(struct db_segment *, const struct sql *);
void db_bind(struct db_segment *, const char *name, const char *value);
void db_bind_int(struct db_segment *, const char *name, int64_t);

/*
 * For a rush on one row: asks one statement for many.  What is submitted while
 * the statement is under way for the same scope waits, and goes in one next
 * time, in the order in which it came: one round trip and one commit for all of
 * it, and never more than one of a scope at a time.
 *
 * The statement has two parameters, :scope and :entries, a JSON array with an
 * object of each: `entry` (its values by name) and its number n.  It answers one
 * row for each n.  A row whose `kind` is not null refuses that entry and no
 * other: kind is a SQLSTATE, fault, field and detail are as a verb raises them.
 * What the statement itself raises is every entry's answer, and so is a lost
 * connection.
 *
 * The segment asks nothing else; it has no enter, for the statement itself finds
 * out who each is.
 */
void db_together(struct db_segment *, const struct sql *, const char *scope,
    const json_t *entry);

/*
 * Sends it, or lets it wait.  `done` is called exactly once, from the loop,
 * unless the segment was detached; never from within db_submit(), which
 * returns -1 with FAULT_BUSY when nothing can be sent (then `done` is not
 * called).  A read is sent again once when its connection is lost; a write is
 * answered DB_LOST: it may have been committed.  What a deadlock undid is sent
 * again once, whatever it is.
 */
enum db_state { DB_WAITING, DB_DONE, DB_REFUSED, DB_LOST, DB_LATE };
int db_submit(struct db_pool *, struct db_segment *,
    void (*done)(struct db_segment *, void *), void *, struct fault *);

/* Nobody waits for the answer any more.  What was sent is not cancelled.  The
 * arena may be freed at once: the pool keeps what it still needs. */
void db_detach(struct db_segment *);

enum db_state db_state(const struct db_segment *);
const char *db_sqlstate(const struct db_segment *); /* "" when DB_DONE */
/* The name of the constraint, column or field at fault: "" when none. */
const char *db_constraint(const struct db_segment *);
const char *db_message(const struct db_segment *); /* for the log, or a raised key */

/*
 * Rows as an array of objects, one per row, borrowed until the arena ends.
 * integers, booleans and json arrive as such; numeric as real; arrays of
 * integers and texts as arrays; null as null; everything else as text.
 */
json_t *db_rows(const struct db_segment *, int statement);
json_t *db_entered(const struct db_segment *); /* object, or NULL */

/* For those who wait: command line, worker, tests.  One connection, poll(2)
 * inside; 0 when DB_DONE, else -1 with the fault that db_fault() gives.
 * Settings that are 0 have defaults. */
struct db_pool *db_open_waiting(const struct db_settings *, struct fault *);
int db_run(struct db_pool *, struct db_segment *, struct fault *);

/*
 * State and SQLSTATE into a fault, by one table: 28000 sign-in, 42501 denied,
 * P0002 missing, 23505/40001/55P03/23P01 conflict, 23514/22xxx/23502 input,
 * 53xxx/57xxx and lost connections busy, any other broken.  A verb that
 * raises with a message key ("schedule.room_taken") and a column name gives
 * that key and field, and its DETAIL as {text} ({number} when it is one); so
 * does a constraint listed in db/constraints.c.
 */
int db_fault(const struct db_segment *, struct fault *);

#endif
