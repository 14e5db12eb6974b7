#ifndef NOTICE_BOUNCE_H
#define NOTICE_BOUNCE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Mail that comes to the envelope sender of ours.  Which notice it is about,
 * says the address it came to, and the address' signature that it is ours; what
 * became of that, says the delivery status inside (RFC 3464).
 */
enum { BOUNCE_BYTES = 1 << 20 }; /* what is longer is cut there */

enum bounce_kind {
	BOUNCE_FORGED,  /* to no address of ours */
	BOUNCE_IGNORED, /* no report, such as an absence note; or not of an end */
	BOUNCE_SOFT,    /* not delivered, but the address may be good */
	BOUNCE_HARD     /* there is no such address */
};

struct bounce {
	enum bounce_kind kind;
	int64_t notice;
	char status[12]; /* "5.1.1" */
	char words[400]; /* status, and what the other side said */
};

/* `to`: where it was delivered, as the relay says; NULL: as its header does. */
void bounce_read(struct bounce *, const uint8_t secret[32], const char *to,
    const char *mail, size_t);

#endif
