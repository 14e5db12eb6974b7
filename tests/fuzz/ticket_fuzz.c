#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base45.h"
#include "checkin/ticket.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* One spelling for each sequence of bytes, and no ticket without our key. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ticket_keys keys;
	const char *text = (const char *)data;
	uint8_t bytes[512];
	char again[1024];
	struct ticket t;
	size_t n;

	if (!keys.knows[1]) {
		keys.id = 1;
		memset(keys.secret, 5, sizeof(keys.secret));
		ticket_keys_know(&keys, 1, ticket_keys_public(&keys));
	}
	if (ticket_read(&keys, text, size, &t) == TICKET_GOOD)
		abort();
	if (base45_read(text, size, bytes, sizeof(bytes), &n) == 0 &&
	    (base45(bytes, n, again, sizeof(again)) != size ||
	        memcmp(again, text, size) != 0))
		abort();

	return 0;
}
