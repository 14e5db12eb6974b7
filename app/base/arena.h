#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/*
 * Memory that ends together: a visit, a job or a command makes one arena and
 * frees it at its end.  Nothing allocated from it is freed by itself.  Out of
 * memory is fatal.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *); /* accepts NULL */

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *, size_t);
char *arena_text(struct arena *, const char *);           /* copy; NULL stays NULL */
char *arena_part(struct arena *, const char *, size_t);   /* copy of n bytes, NUL-ended */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Calls undo(object) when the arena is freed, last registered first. */
void arena_defer(struct arena *, void (*undo)(void *), void *object);

#endif
