#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/token.h"

/* Without 0 O 1 I L, which are taken for each other. */
static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/* libsodium may be asked to begin as often as one likes. */
static void
begin(void)
{
	if (sodium_init() == -1)
		abort();
}

void
token_new(char spelt[TOKEN_CHARS + 1])
{
	unsigned char bytes[TOKEN_BYTES];

	begin();
	randombytes_buf(bytes, sizeof(bytes));
	token_base64url(bytes, sizeof(bytes), spelt, TOKEN_CHARS + 1);
	sodium_memzero(bytes, sizeof(bytes));
}

void
token_hash(const char *spelt, char hash[TOKEN_HASH_CHARS + 1])
{
	unsigned char sum[crypto_hash_sha256_BYTES];

	begin();
	crypto_hash_sha256(sum, (const unsigned char *)spelt, strlen(spelt));
	memcpy(hash, "\\x", 2);
	sodium_bin2hex(hash + 2, TOKEN_HASH_CHARS - 1, sum, sizeof(sum));
}

void
token_code(char code[CODE_CHARS + 1])
{
	begin();
	for (int i = 0; i < CODE_CHARS; i++)
		code[i] = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	code[CODE_CHARS] = '\0';
}

/* Letters of other keyboards that look like one of the alphabet, and digits of
 * other scripts: what a person means who types what they see. */
static char
look_alike(unsigned long point)
{
	static const char cyrillic[] = "A.B..E.3..K.MH..PCTY.X";

	if (point >= 0x0660 && point <= 0x0669)
		return (char)('0' + (point - 0x0660));
	if (point >= 0x06f0 && point <= 0x06f9)
		return (char)('0' + (point - 0x06f0));
	if (point >= 0xff01 && point <= 0xff5e)
		return (char)(point - 0xff01 + 0x21);
	if (point >= 0x0430 && point <= 0x044f)
		point -= 0x20;
	if (point >= 0x0410 && point < 0x0410 + sizeof(cyrillic) - 1)
		return cyrillic[point - 0x0410];

	return '.';
}

/* The next code point, leniently: this is what somebody typed. */
static unsigned long
next_point(const unsigned char **s)
{
	const unsigned char *p = *s;
	unsigned long point = *p++;
	int more = point < 0xc0 ? 0 : point < 0xe0 ? 1 : point < 0xf0 ? 2 : 3;

	if (more > 0)
		point &= 0x3fU >> more;
	for (; more > 0 && (*p & 0xc0) == 0x80; more--)
		point = point << 6 | (*p++ & 0x3f);
	*s = p;

	return point;
}

void
token_code_read(const char *typed, char code[CODE_CHARS + 1])
{
	const unsigned char *s = (const unsigned char *)typed;
	int n = 0;

	memset(code, 0, CODE_CHARS + 1);
	while (*s != '\0') {
		unsigned long point = next_point(&s);
		char c = point < 0x80 ? (char)point : look_alike(point);

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == '\0' || strchr(alphabet, c) == NULL)
			continue;
		if (n == CODE_CHARS) { /* too long is no code, not a prefix */
			code[0] = '\0';
			return;
		}
		code[n++] = c;
	}
}

void
token_uuid(char uuid[UUID_CHARS + 1])
{
	unsigned char b[16];
	char hex[33];

	begin();
	randombytes_buf(b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	sodium_bin2hex(hex, sizeof(hex), b, sizeof(b));
	for (int i = 0, at = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			uuid[at++] = '-';
		uuid[at++] = hex[i];
	}
	uuid[UUID_CHARS] = '\0';
}

size_t
token_base64url(const void *data, size_t size, char *out, size_t room)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t need = (size * 4 + 2) / 3 + 1;

	/* libsodium ends the program when there is too little room. */
	if (room < need)
		return 0;
	sodium_bin2base64(out, room, data, size, variant);

	return need - 1;
}

int
token_base64url_read(
    const char *s, size_t length, void *out, size_t room, size_t *size)
{
	return sodium_base642bin(out, room, s, length, NULL, size, NULL,
	           sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0
	           ? 0
	           : -1;
}

void
token_hmac(const void *key, size_t key_size, const void *data, size_t size,
    uint8_t mac[32])
{
	crypto_auth_hmacsha256_state state;

	begin();
	crypto_auth_hmacsha256_init(&state, key, key_size);
	crypto_auth_hmacsha256_update(&state, data, size);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

int
token_equal(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}
