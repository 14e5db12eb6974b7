#ifndef DB_LINK_H
#define DB_LINK_H

#include <libpq-fe.h>

#include "db/db.h"

/*
 * A connection to PostgreSQL that is made again whenever it is lost, after
 * 50 ms doubling to 5 s.  It only connects: what is said over it is its
 * owner's business.
 */
struct link;

struct link_use {
	void (*opened)(void *); /* connected, nonblocking; nothing said yet */
	void (*ready)(void *);  /* something to read, or room to write */
	void (*lost)(void *);   /* closed already; comes only after opened */
};

/* connect and options (of the server, "-c name=value …") are copied. */
struct link *link_new(const char *connect, const char *options,
    const struct db_loop *, const struct link_use *, void *);
void link_free(struct link *); /* accepts NULL; tells nobody */

PGconn *link_pg(const struct link *); /* NULL while there is none */
void link_flush(struct link *);       /* writes what can be written now */
void link_settled(struct link *);     /* it works: the next back-off is short */
void link_fail(struct link *);        /* calls lost() */
void link_fail_soon(struct link *);   /* from the loop, not from within */
unsigned long link_times(const struct link *); /* opened so far */
const char *link_why(const struct link *);     /* it was last lost */

#endif
