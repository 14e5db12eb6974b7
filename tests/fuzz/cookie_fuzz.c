/* Cookie headers from anywhere. */
#include "web/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	const char *header = arena_part(a, (const char *)data, size);

	cookie_find(a, header, "convene");
	cookie_find(a, header, "lang");
	arena_free(a);

	return 0;
}
