#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { ROOM_FIRST = 256 };

void
text_init(struct text *t, size_t max)
{
	*t = (struct text){ .max = max };
}

void
text_free(struct text *t)
{
	free(t->data);
	*t = (struct text){ .max = t->max };
}

/* Makes room for so many bytes more and a NUL; false over the maximum. */
static bool
make_room(struct text *t, size_t more)
{
	size_t room = t->room == 0 ? ROOM_FIRST : t->room;

	if (t->full || more > t->max - t->size) {
		t->full = true;
		more = 0;
	}
	while (room - t->size <= more)
		room *= 2;
	if (room != t->room) {
		t->data = memory_grow(t->data, room);
		t->room = room;
		t->data[t->size] = '\0';
	}

	return !t->full;
}

void
text_add(struct text *t, const void *data, size_t size)
{
	if (!make_room(t, size))
		return;
	if (size > 0)
		memcpy(t->data + t->size, data, size);
	t->size += size;
	t->data[t->size] = '\0';
}

void
text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	if (make_room(t, (size_t)n)) {
		vsnprintf(t->data + t->size, (size_t)n + 1, fmt, again);
		t->size += (size_t)n;
	}
	va_end(again);
}

/*
 * Length of the UTF-8 sequence at s, or 0.  The second byte's range excludes
 * overlong forms, surrogates and what is beyond U+10FFFF (Unicode table 3-7).
 */
static size_t
sequence(const unsigned char *s, size_t size)
{
	unsigned char least = 0x80, most = 0xbf;
	size_t n;

	if (s[0] < 0x80)
		return s[0] != 0;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		least = 0xa0;
	else if (s[0] == 0xed)
		most = 0x9f;
	else if (s[0] == 0xf0)
		least = 0x90;
	else if (s[0] == 0xf4)
		most = 0x8f;
	if (n > size || s[1] < least || s[1] > most)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;

	return n;
}

bool
text_utf8(const char *s, size_t size)
{
	const unsigned char *p = (const unsigned char *)s;

	for (size_t i = 0; i < size;) {
		size_t n = sequence(p + i, size - i);

		if (n == 0)
			return false;
		i += n;
	}

	return true;
}

bool
text_plain(const char *s, size_t size, bool lines)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == 0x7f)
			return false;
		if (c < 0x20 &&
		    !(lines && (c == '\t' || c == '\r' || c == '\n')))
			return false;
	}

	return true;
}

size_t
text_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;

	return n;
}

size_t
text_cut(const char *s, size_t most)
{
	size_t n = strnlen(s, most + 1);

	if (n <= most)
		return n;
	for (n = most; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;

	return n;
}
