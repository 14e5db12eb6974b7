#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/token.h"
#include "invite/ics.h"

enum { MAC_BYTES = 16 }; /* half of it: 128 bits, 64 characters are the limit */

static const char prefix[] = "calendar+";

/* Lower-case hexadecimal: some servers fold the case of a mailbox. */
const char *
ics_organizer(struct arena *a, const uint8_t key[ICS_KEY], int64_t person,
    const char *uid, const char *domain)
{
	const char *what =
	    arena_printf(a, "organizer|%" PRId64 "|%s", person, uid);
	char hex[2 * MAC_BYTES + 1];
	uint8_t mac[32];

	token_hmac(key, ICS_KEY, what, strlen(what), mac);
	for (size_t i = 0; i < MAC_BYTES; i++) {
		hex[2 * i] = "0123456789abcdef"[mac[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[mac[i] & 15];
	}
	hex[2 * MAC_BYTES] = '\0';

	return arena_printf(
	    a, "%s%" PRId64 "-%s@%s", prefix, person, hex, domain);
}

int64_t
ics_organizer_person(const char *address)
{
	size_t n = strlen(prefix), digits = 0;

	if (strncmp(address, prefix, n) != 0)
		return -1;
	address += n;
	while (isdigit((unsigned char)address[digits]))
		digits++;
	if (digits == 0 || digits > 18 || address[digits] != '-')
		return -1;

	return strtoll(address, NULL, 10);
}
