#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum { LINE_ROOM = 4096, VALUE_MOST = 512 };

/* A line of its own, not struct text: logging must work without memory. */
struct line {
	char data[LINE_ROOM];
	size_t size;
};

/* Adds all of it or nothing; room for the end of the object is kept. */
static bool
put(struct line *l, const char *s, size_t size)
{
	if (size > LINE_ROOM - 8 - l->size)
		return false;
	memcpy(l->data + l->size, s, size);
	l->size += size;

	return true;
}

/* How much of a value is said: whole characters, not too many. */
static size_t
said_size(const char *s)
{
	size_t size = strnlen(s, VALUE_MOST);

	while (size > 0 && ((unsigned char)s[size] & 0xc0) == 0x80)
		size--;

	return size;
}

/* A JSON string: controls become escapes; what is not UTF-8, question marks. */
static void
put_string(struct line *l, const char *s)
{
	size_t size = said_size(s);
	bool valid = text_utf8(s, size);
	char escape[8];

	put(l, "\"", 1);
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)s[i];
		size_t n = 1;

		if (c >= 0x80 && !valid)
			escape[0] = '?';
		else if (c == '"' || c == '\\')
			n = (size_t)snprintf(escape, sizeof(escape), "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			n = (size_t)snprintf(
			    escape, sizeof(escape), "\\u%04x", (unsigned)c);
		else
			escape[0] = (char)c;
		if (!put(l, escape, n))
			break;
	}
	put(l, "\"", 1);
}

static void
put_pair(struct line *l, const char *name, const char *value)
{
	size_t most = strlen(name) + 16;

	/* A pair that may have no room is left out whole: the line stays JSON.
	 */
	if (value != NULL)
		most += 6 * strnlen(value, VALUE_MOST);
	if (most > LINE_ROOM - 8 - l->size)
		return;

	if (l->size > 1)
		put(l, ",", 1);
	put_string(l, name);
	put(l, ":", 1);
	if (value == NULL)
		put(l, "null", 4);
	else
		put_string(l, value);
}

static void
put_time(struct line *l)
{
	struct timespec now;
	struct tm tm;
	char spelt[64];
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(spelt, sizeof(spelt), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(
	    spelt + n, sizeof(spelt) - n, ".%03ldZ", now.tv_nsec / 1000000L);
	put_pair(l, "time", spelt);
}

void
log_event(enum log_level level, const char *event, ...)
{
	static const char *const levels[] = { "info", "warn", "error" };
	struct line l = { .size = 0 };
	int kept = errno;
	const char *name;
	va_list ap;

	put(&l, "{", 1);
	put_time(&l);
	put_pair(&l, "level", levels[level]);
	put_pair(&l, "event", event);
	va_start(ap, event);
	while ((name = va_arg(ap, const char *)) != NULL)
		put_pair(&l, name, va_arg(ap, const char *));
	va_end(ap);
	memcpy(l.data + l.size, "}\n", 2);
	l.size += 2;

	/* One write, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, l.data, l.size) == -1)
		errno = 0;
	errno = kept;
}
