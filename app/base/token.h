#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Random tokens, their hashes and their spellings.  A token is 32 random
 * bytes, spelt in base64url (43 characters, no padding); only its SHA-256 is
 * stored, spelt "\x…" as PostgreSQL reads bytea.
 */
enum { TOKEN_BYTES = 32, TOKEN_CHARS = 43, TOKEN_HASH_CHARS = 66 };

void token_new(char spelt[TOKEN_CHARS + 1]);

/* SHA-256 of the bytes as given, for a bytea parameter. */
void token_hash(const char *spelt, char hash[TOKEN_HASH_CHARS + 1]);

/* An 8-character code from an alphabet without look-alikes (0 O 1 I L). */
enum { CODE_CHARS = 8 };
void token_code(char code[CODE_CHARS + 1]);

/* Upper case, look-alikes mapped, anything but the alphabet dropped. */
void token_code_read(const char *typed, char code[CODE_CHARS + 1]);

/* A random UUID, version 4 (RFC 9562 section 5.4). */
enum { UUID_CHARS = 36 };
void token_uuid(char uuid[UUID_CHARS + 1]);

/* Base64url without padding (RFC 4648 section 5). */
size_t token_base64url(const void *, size_t, char *out, size_t room);
int token_base64url_read(
    const char *, size_t, void *out, size_t room, size_t *size);

/* HMAC-SHA-256, and comparison in constant time. */
void token_hmac(const void *key, size_t, const void *, size_t, uint8_t mac[32]);
int token_equal(const void *, const void *, size_t); /* 1 when equal */

#endif
