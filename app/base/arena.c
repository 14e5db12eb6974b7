#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/memory.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(POISONED)
#include <sanitizer/asan_interface.h>
#define HIDE(at, size) __asan_poison_memory_region((at), (size))
#define SHOW(at, size) __asan_unpoison_memory_region((at), (size))
enum { GAP = 16 }; /* unusable bytes after each piece, so that overruns show */
#else
#define HIDE(at, size) ((void)(at), (void)(size))
#define SHOW(at, size) ((void)(at), (void)(size))
enum { GAP = 0 };
#endif

enum { ALIGN = 16, CHUNK_FIRST = 8 * 1024, CHUNK_MOST = 256 * 1024 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(ALIGN) unsigned char bytes[];
};

struct deferred {
	struct deferred *next;
	void (*undo)(void *);
	void *object;
};

struct arena {
	struct chunk *chunks; /* the one allocated from is first */
	struct deferred *deferred;
	size_t step; /* size of the next chunk */
};

struct arena *
arena_new(void)
{
	struct arena *a = memory_new(sizeof(*a));

	a->step = CHUNK_FIRST;

	return a;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;

	/* An undo may still allocate, even defer. */
	while (a->deferred != NULL) {
		struct deferred *d = a->deferred;

		a->deferred = d->next;
		d->undo(d->object);
	}
	while (a->chunks != NULL) {
		struct chunk *c = a->chunks;

		a->chunks = c->next;
		SHOW(c->bytes, c->size);
		free(c);
	}
	free(a);
}

/* A chunk with room for size; a large piece gets a chunk of its own. */
static struct chunk *
chunk_new(struct arena *a, size_t size)
{
	size_t room = size > a->step ? size : a->step;
	struct chunk *c = memory_grow(NULL, sizeof(*c) + room);

	c->size = room;
	c->used = 0;
	HIDE(c->bytes, room);
	if (a->step < CHUNK_MOST)
		a->step *= 2;

	/* What is left of the present chunk stays in use if it is more. */
	if (a->chunks != NULL && size == room) {
		c->next = a->chunks->next;
		a->chunks->next = c;
	} else {
		c->next = a->chunks;
		a->chunks = c;
	}

	return c;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct chunk *c = a->chunks;
	size_t need;
	void *piece;

	if (size > SIZE_MAX / 2) {
		log_event(LOG_LEVEL_ERROR, "memory.none", NULL);
		abort();
	}
	need = (size + GAP + ALIGN - 1) / ALIGN * ALIGN;
	if (c == NULL || c->size - c->used < need)
		c = chunk_new(a, need);

	piece = c->bytes + c->used;
	c->used += need;
	SHOW(piece, size);

	return memset(piece, 0, size);
}

char *
arena_part(struct arena *a, const char *s, size_t size)
{
	char *copy = arena_alloc(a, size + 1);

	if (size > 0)
		memcpy(copy, s, size);

	return copy;
}

char *
arena_text(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_part(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);

	return s;
}

void
arena_defer(struct arena *a, void (*undo)(void *), void *object)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	d->undo = undo;
	d->object = object;
	d->next = a->deferred;
	a->deferred = d;
}
