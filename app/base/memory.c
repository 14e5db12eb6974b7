#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static void *
have(void *memory)
{
	if (memory == NULL) {
		log_event(LOG_LEVEL_ERROR, "memory.none", NULL);
		abort();
	}

	return memory;
}

void *
memory_new(size_t size)
{
	return have(calloc(1, size == 0 ? 1 : size));
}

void *
memory_grow(void *old, size_t size)
{
	return have(realloc(old, size == 0 ? 1 : size));
}

char *
memory_text(const char *s)
{
	return have(strdup(s));
}
