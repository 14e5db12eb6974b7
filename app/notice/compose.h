#ifndef NOTICE_COMPOSE_H
#define NOTICE_COMPOSE_H

#include "base/text.h"
#include "notice/wording.h"

/* A notice as the relay gets it. */
struct composed {
	const char *bounce; /* envelope sender */
	const char *to;
	struct text wire; /* freed by who asked */
};

/*
 * Words, calendar, ticket: the whole mail of a row of notice_mail.  The same
 * row makes the same Message-ID, whenever it is made.
 */
int notice_compose(struct composed *, struct arena *,
    const struct notice_house *, const json_t *row, struct fault *);

#endif
