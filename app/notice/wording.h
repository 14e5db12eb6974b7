#ifndef NOTICE_WORDING_H
#define NOTICE_WORDING_H

#include <jansson.h>
#include <stdint.h>

#include "checkin/ticket.h"

struct arena;
struct fault;
struct template_set;
struct text;

/* What every mail of this house shares. */
struct notice_house {
	const char *origin;
	const char *organisation;
	const char *from;
	const char *domain;
	uint8_t secret[32];
	const struct ticket_keys *tickets;
	struct template_set *templates;
};

struct letter {
	const char *subject;
	const char *text;
	const char *html;
};

/*
 * The words of a notice, in its language.  The row is that of notice_mail.
 * Kinds are "signin" and those of registration and invite; each has messages
 * notice.<kind>.subject and .lead.  "mailing" has words of its own.
 */
int wording(struct letter *, struct arena *, const struct notice_house *,
    const json_t *row, struct fault *);

/* A text of a row, "" when there is none. */
const char *notice_word(const json_t *row, const char *name);

/* For a header: a title or a name may have line ends, which that must not. */
const char *notice_line(struct arena *, const char *);

/* Does this notice speak of a seat that is taken, so that it has a ticket? */
int notice_has_ticket(const json_t *row);

/* Is it of a message to many, whose words are an organizer's? */
int notice_is_mailing(const json_t *row);

/* Its time zone as people read it: "America/Mexico City". */
const char *notice_zone(struct arena *, const json_t *row);

/* The page that it speaks of. */
const char *notice_url(
    struct arena *, const struct notice_house *, const json_t *row);

/* Where what this mail is about can be unsubscribed; NULL: essential mail. */
const char *notice_unsubscribe_url(
    struct arena *, const struct notice_house *, const json_t *row);

#endif
