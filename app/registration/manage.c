#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "registration/manage.h"

void
registration_manage(
    const uint8_t secret[32], const char *key, char token[TOKEN_CHARS + 1])
{
	char what[64];
	uint8_t mac[TOKEN_BYTES];

	snprintf(what, sizeof(what), "manage|%.*s", UUID_CHARS, key);
	for (char *p = what; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	token_hmac(secret, 32, what, strlen(what), mac);
	token_base64url(mac, sizeof(mac), token, TOKEN_CHARS + 1);
	explicit_bzero(mac, sizeof(mac));
}
