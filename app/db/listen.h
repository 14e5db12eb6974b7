#ifndef DB_LISTEN_H
#define DB_LISTEN_H

#include "db/db.h"

/*
 * NOTIFY heard, over a connection of its own on the caller's loop.  `heard`
 * is also called, once for each channel with payload NULL, whenever the
 * connection is made (anew): what came before it was missed, so look.
 */
struct db_listen;

/* channels: NULL-ended, kept by the caller, plain lower-case names. */
struct db_listen *db_listen(const char *connect, const char *const *channels,
    const struct db_loop *,
    void (*heard)(void *, const char *channel, const char *payload), void *);
void db_listen_close(struct db_listen *); /* accepts NULL; not from `heard` */

#endif
