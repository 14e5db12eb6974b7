#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/*
 * Memory outside an arena: what grows, and what lives as long as the program.
 * Out of memory is fatal here, so that no caller has to check.  Freed with
 * free().
 */
void *memory_new(size_t); /* zeroed */
void *memory_grow(void *, size_t);
char *memory_text(const char *);

#endif
