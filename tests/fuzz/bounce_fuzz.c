/* Mail that comes back from anywhere, to an address that is ours. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "notice/bounce.h"
#include "notice/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t secret[32] = { 7 };
	struct arena *a = arena_new();
	struct bounce b;

	bounce_read(&b, secret, mail_bounce(a, secret, 42, "x.example"),
	    (const char *)data, size);
	bounce_read(&b, secret, NULL, (const char *)data, size);
	arena_free(a);

	return 0;
}
