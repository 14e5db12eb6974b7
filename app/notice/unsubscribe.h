#ifndef NOTICE_UNSUBSCRIBE_H
#define NOTICE_UNSUBSCRIBE_H

#include <stdint.h>

#include "base/token.h"

/*
 * The token of the link by which mail is unsubscribed (RFC 8058): the person's
 * key for mail and the topic, signed.  Nobody can make one of somebody else,
 * and a copy of the database makes none.  TOKEN_CHARS long.
 */
void unsubscribe_token(const uint8_t secret[32], const char *mail_key,
    const char *topic, char token[TOKEN_CHARS + 1]);

/* 0 and what it names, or -1 when it is not one of ours. */
int unsubscribe_read(const uint8_t secret[32], const char *token,
    char mail_key[UUID_CHARS + 1], const char **topic);

#endif
