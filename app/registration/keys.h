#ifndef REGISTRATION_KEYS_H
#define REGISTRATION_KEYS_H

#include <stdint.h>

#include "checkin/ticket.h"

/*
 * The two secrets that pages of registrations need, from the files of the
 * configuration: the key of manage tokens (32 bytes) and the key that signs
 * tickets.  Each is read when it is first needed, and kept; NULL with the
 * fault when it cannot be read.
 */
const uint8_t *registration_secret(struct fault *);
const struct ticket_keys *registration_tickets(struct fault *);

#endif
