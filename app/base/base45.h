#ifndef BASE_BASE45_H
#define BASE_BASE45_H

#include <stddef.h>
#include <stdint.h>

/*
 * Base45 (RFC 9285): bytes in the 45 characters that a QR code packs best.
 * Two bytes make three characters, a last single byte makes two.
 */
#define BASE45_CHARS(bytes) ((bytes) / 2 * 3 + (bytes) % 2 * 2)

/* NUL-ended; the number of characters, or 0 when `room` is too small. */
size_t base45(const void *, size_t, char *out, size_t room);

/*
 * 0, or -1 when it is not Base45 or does not fit.  A group that says more than
 * its bytes can hold is refused, so that each sequence of bytes has exactly
 * one spelling.
 */
int base45_read(const char *, size_t, uint8_t *out, size_t room, size_t *size);

#endif
