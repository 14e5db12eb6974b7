#include <string.h>

#include "base/base45.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

size_t
base45(const void *data, size_t size, char *out, size_t room)
{
	const uint8_t *p = data;
	size_t n = 0;

	if (room < BASE45_CHARS(size) + 1)
		return 0;

	for (; size >= 2; size -= 2, p += 2) {
		unsigned v = (unsigned)p[0] << 8 | p[1];

		out[n++] = alphabet[v % 45];
		out[n++] = alphabet[v / 45 % 45];
		out[n++] = alphabet[v / 2025];
	}
	if (size == 1) {
		out[n++] = alphabet[p[0] % 45];
		out[n++] = alphabet[p[0] / 45];
	}
	out[n] = '\0';

	return n;
}

static int
digit(char c)
{
	const char *at = c == '\0' ? NULL : strchr(alphabet, c);

	return at == NULL ? -1 : (int)(at - alphabet);
}

/* The value of n characters, least digit first; -1 when one is none of ours. */
static int
group(const char *s, size_t n)
{
	int v = 0;

	for (size_t i = n; i > 0; i--) {
		int d = digit(s[i - 1]);

		if (d == -1)
			return -1;
		v = v * 45 + d;
	}

	return v;
}

int
base45_read(
    const char *s, size_t length, uint8_t *out, size_t room, size_t *size)
{
	size_t n = 0;

	if (length % 3 == 1 || length / 3 * 2 + length % 3 / 2 > room)
		return -1;

	for (; length >= 3; length -= 3, s += 3) {
		int v = group(s, 3);

		if (v < 0 || v > 0xffff)
			return -1;
		out[n++] = (uint8_t)(v >> 8);
		out[n++] = (uint8_t)(v & 0xff);
	}
	if (length == 2) {
		int v = group(s, 2);

		if (v < 0 || v > 0xff)
			return -1;
		out[n++] = (uint8_t)v;
	}
	*size = n;

	return 0;
}
