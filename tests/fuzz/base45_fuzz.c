#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base45.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is read has one spelling; what is spelt is read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[512];
	char spelt[1024];
	size_t n, length;

	if (size > 300)
		return 0;
	if (base45_read((const char *)data, size, bytes, sizeof(bytes), &n) ==
	    0) {
		length = base45(bytes, n, spelt, sizeof(spelt));
		if (length != size || memcmp(spelt, data, size) != 0)
			abort();
	}
	length = base45(data, size, spelt, sizeof(spelt));
	if (base45_read(spelt, length, bytes, sizeof(bytes), &n) == -1 ||
	    n != size || memcmp(bytes, data, size) != 0)
		abort();

	return 0;
}
