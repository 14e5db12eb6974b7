#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A growing string with a maximum.  What would pass the maximum is dropped
 * and remembered in `full`, so that a writer checks once, at the end.
 * Always NUL-ended once anything was added.
 */
struct text {
	char *data;
	size_t size;
	size_t room;
	size_t max;
	bool full;
};

void text_init(struct text *, size_t max);
void text_free(struct text *);
void text_add(struct text *, const void *, size_t);
void text_puts(struct text *, const char *);
void text_printf(struct text *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Valid UTF-8 without NUL, surrogates or overlong forms. */
bool text_utf8(const char *, size_t);

/* No C0 control or DEL except, when `lines`, tab, CR and LF. */
bool text_plain(const char *, size_t, bool lines);

/* Number of code points of valid UTF-8. */
size_t text_length(const char *);

/* Bytes of the longest beginning that has no more than that many, and ends
 * between letters. */
size_t text_cut(const char *, size_t most);

#endif
