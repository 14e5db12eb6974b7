#ifndef REGISTRATION_MANAGE_H
#define REGISTRATION_MANAGE_H

#include <stdint.h>

#include "base/token.h"

/*
 * The token of a registration's view-or-cancel link.  It is not stored but
 * made from the registration's key, so that every mail can carry the link and
 * a copy of the database opens none.  Its hash is data.registration's
 * manage_hash; the key may be spelt in either case.
 */
void registration_manage(
    const uint8_t secret[32], const char *key, char token[TOKEN_CHARS + 1]);

#endif
