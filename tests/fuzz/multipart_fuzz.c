/* Forms with files from anywhere: the first line is the content type. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/kind.h"
#include "archive/multipart.h"
#include "base/arena.h"
#include "base/fault.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Every byte of a part is within the body. */
static void
look(const struct part *p, const char *body, size_t size)
{
	if (p->data < body || p->size > size ||
	    p->data + p->size > body + size || p->name == NULL)
		abort();
	if (p->filename != NULL)
		kind_type(p->filename, p->data,
		    p->size < KIND_HEAD ? p->size : KIND_HEAD);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
	size_t n = end == NULL ? 0 : (size_t)(end - data);
	const char *body = (const char *)data + (end == NULL ? 0 : n + 1);
	size_t rest = size - (end == NULL ? 0 : n + 1);
	struct fault f = { 0 };
	struct multipart m;
	struct part p;

	if (multipart_open(&m, a,
	        end == NULL ? "multipart/form-data; boundary=x"
	                    : arena_part(a, (const char *)data, n),
	        body, rest, &f) == 0)
		while (multipart_next(&m, &p, &f) == 1)
			look(&p, body, rest);
	arena_free(a);

	return 0;
}
