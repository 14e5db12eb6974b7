/* Forms and queries from anywhere. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct pairs p = { .count = 0 };
	struct fault f = { 0 };

	if (form_parse(a, (const char *)data, size, &p, &f) == 0)
		for (int i = 0; i < p.count; i++)
			url_encode(a, p.pair[i].value);
	path_decode(a, arena_part(a, (const char *)data, size), &f);
	arena_free(a);

	return 0;
}
