#ifndef DB_POLL_H
#define DB_POLL_H

#include "db/db.h"

/* The loop of programs that have no other: poll(2) and timers. */
struct poll_loop;
struct poll_loop *poll_loop_new(void);
void poll_loop_free(struct poll_loop *);
const struct db_loop *poll_loop_db(struct poll_loop *);

/* Waits at most so long for one round of events and calls what is due. */
void poll_loop_turn(struct poll_loop *, int milliseconds);

#endif
