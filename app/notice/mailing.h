#ifndef NOTICE_MAILING_H
#define NOTICE_MAILING_H

#include <jansson.h>

struct arena;
struct notice_house;

/* What an organizer wrote, as one person reads it. */
struct mailing_words {
	const char *subject;
	const char *plain;
	const char *html; /* paragraphs; the frame is the letter's */
};

/*
 * Fills in and words subject_words and body_words of a row of notice_mail or
 * notice_preview.  Without a registration's key, {link} and {ticket} are the
 * event's page.
 */
void mailing_words(struct mailing_words *, struct arena *,
    const struct notice_house *, const json_t *row);

#endif
