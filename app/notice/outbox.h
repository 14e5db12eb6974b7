#ifndef NOTICE_OUTBOX_H
#define NOTICE_OUTBOX_H

#include <stdbool.h>

#include "notice/wording.h"

struct db_loop;
struct db_pool;
struct smtp;

/*
 * Empties the outbox: claims some, composes and sends them several at once,
 * and says what became of each.  What was delivered is marked at once but
 * together, so that a crash repeats a few mails, with their Message-ID, and
 * loses none.  While the database is away none is begun, and what was delivered
 * is marked once it is back.
 */
struct outbox_settings {
	struct db_pool *pool;
	const struct db_loop *loop;
	struct smtp *smtp;
	const struct notice_house *house;
	long per_minute; /* mails, at most; 0: as many as go */
};

struct outbox *outbox_new(const struct outbox_settings *);
void outbox_free(struct outbox *);

/* There may be something due. */
void outbox_look(struct outbox *);

/* A mailing is paused: gives back what of mailings was not begun. */
void outbox_pause(struct outbox *);

/* Claims no more; what was not begun is given back. */
void outbox_drain(struct outbox *);

/* Nothing under way, neither at the relay nor at the database. */
bool outbox_idle(const struct outbox *);

struct outbox_counts {
	unsigned long sent, later, never, claims;
};
struct outbox_counts outbox_counts(const struct outbox *);

#endif
