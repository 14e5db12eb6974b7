#ifndef CHECKIN_TICKET_H
#define CHECKIN_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;

/*
 * What the QR code on a ticket says, version 1, 80 bytes spelt in Base45:
 * version, key, event, registration, serial (16 bytes, big endian) and the
 * Ed25519 signature over "ticket-v1\0" and those.  No name, no address.  The
 * serial rises when a ticket is issued anew; an older one is refused.  The
 * spelling may begin or end with a space: whoever trims it loses the ticket.
 */
enum {
	TICKET_BODY = 16,
	TICKET_BYTES = 80,
	TICKET_CHARS = 120,
	TICKET_KEYS = 255,
	TICKET_SECRET = 64, /* libsodium's secret key: seed and public half */
	TICKET_PUBLIC = 32
};

struct ticket {
	uint8_t key;
	uint32_t event;
	uint64_t registration;
	uint16_t serial;
};

/*
 * One key signs; it and those known from before verify.  A key is changed by
 * giving a new file and a new number: tickets that were sent stay good.
 */
struct ticket_keys {
	uint8_t id;
	uint8_t secret[TICKET_SECRET];
	uint8_t known[TICKET_KEYS + 1][TICKET_PUBLIC];
	bool knows[TICKET_KEYS + 1];
};

/* Reads the file that `ticket_key` names, as key `id`, 1 to 255. */
int ticket_keys_load(
    struct ticket_keys *, const char *path, long id, struct fault *);

/* Makes the file with a new key when there is none; never changes one. */
int ticket_keys_make(const char *path, struct fault *);

/* A public key of data.signing_key. */
void ticket_keys_know(
    struct ticket_keys *, uint8_t id, const uint8_t public_key[TICKET_PUBLIC]);

/* What data.signing_key is to know of the key that signs. */
const uint8_t *ticket_keys_public(const struct ticket_keys *);

/* Sets the ticket's key, too. */
void ticket_sign(
    const struct ticket_keys *, struct ticket *, char spelt[TICKET_CHARS + 1]);

enum ticket_verdict {
	TICKET_GOOD,
	TICKET_NOT,   /* not a ticket of ours: another QR code */
	TICKET_FORGED /* looks like one, but its signature is not ours */
};

/* Is it ours?  The ticket is filled in only when it is. */
enum ticket_verdict ticket_read(
    const struct ticket_keys *, const char *, size_t, struct ticket *);

/* The number of the key that it says it was signed with; -1: not a ticket. */
int ticket_key_of(const char *, size_t);

#endif
