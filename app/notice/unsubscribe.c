#include "notice/unsubscribe.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { KEY = 16, TOPIC = KEY, MAC = KEY + 1 };

/* As data.mail_topic has them; a place in this list is in tokens for good. */
static const char *const topics[] = { "event", "reminder", "program", NULL };

static void
sign(const uint8_t secret[32], uint8_t token[TOKEN_BYTES])
{
	char what[12 + KEY + 1] = "unsubscribe|";
	uint8_t mac[32];

	memcpy(what + 12, token, KEY + 1);
	token_hmac(secret, 32, what, sizeof(what), mac);
	memcpy(token + MAC, mac, TOKEN_BYTES - MAC);
}

static void
key_read(const char *uuid, uint8_t key[KEY])
{
	unsigned byte;

	for (int i = 0; i < KEY; i++) {
		uuid += *uuid == '-';
		if (sscanf(uuid, "%2x", &byte) != 1)
			byte = 0;
		key[i] = (uint8_t)byte;
		uuid += strnlen(uuid, 2);
	}
}

void
unsubscribe_token(const uint8_t secret[32], const char *mail_key,
    const char *topic, char token[TOKEN_CHARS + 1])
{
	uint8_t bytes[TOKEN_BYTES];

	key_read(mail_key, bytes);
	for (bytes[TOPIC] = 0; topics[bytes[TOPIC]] != NULL; bytes[TOPIC]++)
		if (strcmp(topics[bytes[TOPIC]], topic) == 0)
			break;
	sign(secret, bytes);
	token_base64url(bytes, sizeof(bytes), token, TOKEN_CHARS + 1);
}

int
unsubscribe_read(const uint8_t secret[32], const char *token,
    char mail_key[UUID_CHARS + 1], const char **topic)
{
	uint8_t bytes[TOKEN_BYTES], signed_[TOKEN_BYTES];
	size_t size, n = 0;

	if (strlen(token) != TOKEN_CHARS ||
	    token_base64url_read(
	        token, TOKEN_CHARS, bytes, sizeof(bytes), &size) == -1 ||
	    size != TOKEN_BYTES)
		return -1;
	memcpy(signed_, bytes, sizeof(bytes));
	sign(secret, signed_);
	if (!token_equal(bytes, signed_, sizeof(bytes)) ||
	    bytes[TOPIC] >= sizeof(topics) / sizeof(topics[0]) - 1)
		return -1;
	for (int i = 0; i < KEY; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			mail_key[n++] = '-';
		n += (size_t)snprintf(mail_key + n, 3, "%02x", bytes[i]);
	}
	*topic = topics[bytes[TOPIC]];

	return 0;
}
