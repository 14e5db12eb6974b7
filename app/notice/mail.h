#ifndef NOTICE_MAIL_H
#define NOTICE_MAIL_H

#include <stdint.h>

struct fault;
struct text;

/*
 * One message as it goes over the wire.
 *
 *   multipart/mixed
 *   +- multipart/alternative
 *   |  +- text/plain
 *   |  +- multipart/related: text/html, the QR code it shows
 *   |  +- text/calendar; method=...   (base64, last)
 *   +- application/ics                (the same bytes)
 *   +- image/png                      (the ticket, to keep)
 *
 * What a message does not have is left out, down to text and HTML alone.
 */
struct mail {
	const char *id; /* of its Message-ID, before the @ */
	const char *domain;
	const char *from, *from_name;
	const char *to, *to_name; /* to_name may be "" */
	const char *subject;
	int64_t date; /* seconds since 1970 */
	const char *language;
	const char *text;
	const char *html; /* NULL: text alone; shows cid:ticket@mail */
	const struct text *calendar; /* NULL: none */
	const char *method;          /* of the calendar */
	const struct text *ticket;   /* PNG, NULL: none */
	const char *ticket_name;     /* its file name, in words */
	const char *unsubscribe; /* one-click address; NULL: essential mail */
};

/* Adds the message to out, lines ended by CRLF.  A header with a line end or
 * control character in it, or an address that is none, is a fault. */
int mail_write(struct text *out, const struct mail *, struct fault *);

/* "bounce+<notice>=<mac>@domain": where the relay's refusals go, VERP. */
struct arena;
const char *mail_bounce(
    struct arena *, const uint8_t key[32], int64_t notice, const char *domain);

/* The notice of a bounce address, or -1 when it is not one of ours. */
int64_t mail_bounce_read(const uint8_t key[32], const char *address);

#endif
