#include <CUnit/CUnit.h>
#include <stdint.h>
#include <string.h>

#include "base/token.h"

void token_suite(void);

static void
tokens_are_43_characters_and_differ(void)
{
	char a[TOKEN_CHARS + 1], b[TOKEN_CHARS + 1];
	unsigned char bytes[TOKEN_BYTES];
	size_t size = 0;

	token_new(a);
	token_new(b);
	CU_ASSERT_EQUAL(strlen(a), TOKEN_CHARS);
	CU_ASSERT_STRING_NOT_EQUAL(a, b);
	CU_ASSERT_EQUAL(
	    token_base64url_read(a, TOKEN_CHARS, bytes, sizeof(bytes), &size),
	    0);
	CU_ASSERT_EQUAL(size, TOKEN_BYTES);
}

/* FIPS 180-4's example. */
static void
a_hash_is_spelt_as_the_database_reads_it(void)
{
	char hash[TOKEN_HASH_CHARS + 1];

	token_hash("abc", hash);
	CU_ASSERT_STRING_EQUAL(hash, "\\xba7816bf8f01cfea414140de5dae2223"
	                             "b00361a396177a9cb410ff61f20015ad");
}

static void
codes_are_of_the_alphabet_and_read_as_typed(void)
{
	char code[CODE_CHARS + 1], read[CODE_CHARS + 1];

	for (int i = 0; i < 100; i++) {
		token_code(code);
		CU_ASSERT_EQUAL(strspn(code, "23456789ABCDEFGHJKMNPQRSTUVWXYZ"),
		    CODE_CHARS);
		token_code_read(code, read);
		CU_ASSERT_STRING_EQUAL(read, code);
	}
}

static void
a_code_is_read_whatever_the_keyboard(void)
{
	char code[CODE_CHARS + 1];

	token_code_read(" abcd-efgh\n", code);
	CU_ASSERT_STRING_EQUAL(code, "ABCDEFGH");
	token_code_read("АВЕКМНРС", code); /* Cyrillic */
	CU_ASSERT_STRING_EQUAL(code, "ABEKMHPC");
	token_code_read("тхуз٢٣９Ｑ", code);
	CU_ASSERT_STRING_EQUAL(code, "TXY3239Q");
	token_code_read("O0I1L", code);
	CU_ASSERT_STRING_EQUAL(code, "");
	token_code_read("ABCDEFGHJ", code);
	CU_ASSERT_STRING_EQUAL(code, "");
	token_code_read("\xf0\x9f\xff\xe2", code);
	CU_ASSERT_STRING_EQUAL(code, "");
}

static void
a_uuid_is_of_version_4(void)
{
	char a[UUID_CHARS + 1], b[UUID_CHARS + 1];

	token_uuid(a);
	token_uuid(b);
	CU_ASSERT_EQUAL(strlen(a), UUID_CHARS);
	CU_ASSERT_EQUAL(strspn(a, "0123456789abcdef-"), UUID_CHARS);
	CU_ASSERT(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-');
	CU_ASSERT_EQUAL(a[14], '4');
	CU_ASSERT_PTR_NOT_NULL(strchr("89ab", a[19]));
	CU_ASSERT_STRING_NOT_EQUAL(a, b);
}

/* RFC 4648 section 10, without padding. */
static void
base64url_reads_what_it_writes_and_nothing_else(void)
{
	static const char *const spelt[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg",
		"Zm9vYmE", "Zm9vYmFy" };
	char out[32];
	size_t size;

	for (size_t n = 0; n <= 6; n++) {
		char back[8] = "";

		CU_ASSERT_EQUAL(token_base64url("foobar", n, out, sizeof(out)),
		    strlen(spelt[n]));
		CU_ASSERT_STRING_EQUAL(out, spelt[n]);
		CU_ASSERT_EQUAL(token_base64url_read(out, strlen(out), back,
		                    sizeof(back), &size),
		    0);
		CU_ASSERT_EQUAL(size, n);
		CU_ASSERT_EQUAL(memcmp(back, "foobar", n), 0);
	}
	CU_ASSERT_EQUAL(token_base64url("\xff\xef", 2, out, sizeof(out)), 3);
	CU_ASSERT_STRING_EQUAL(out, "_-8");
	CU_ASSERT_EQUAL(token_base64url("foo", 3, out, 4), 0);
	CU_ASSERT_EQUAL(token_base64url_read("Zh", 2, out, 8, &size), -1);
	CU_ASSERT_EQUAL(token_base64url_read("Zg==", 4, out, 8, &size), -1);
	CU_ASSERT_EQUAL(token_base64url_read("Z", 1, out, 8, &size), -1);
	CU_ASSERT_EQUAL(token_base64url_read("Z+8/", 4, out, 8, &size), -1);
	CU_ASSERT_EQUAL(token_base64url_read("Zm9v", 4, out, 2, &size), -1);
}

/* RFC 4231 section 4.3. */
static void
hmac_is_that_of_the_standard(void)
{
	static const uint8_t expected[32] = { 0x5b, 0xdc, 0xc1, 0x46, 0xbf,
		0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75,
		0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d,
		0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43 };
	uint8_t mac[32];

	token_hmac("Jefe", 4, "what do ya want for nothing?", 28, mac);
	CU_ASSERT_EQUAL(token_equal(mac, expected, 32), 1);
	mac[31] ^= 1;
	CU_ASSERT_EQUAL(token_equal(mac, expected, 32), 0);
}

void
token_suite(void)
{
	CU_pSuite s = CU_add_suite("token", NULL, NULL);

	CU_ADD_TEST(s, tokens_are_43_characters_and_differ);
	CU_ADD_TEST(s, a_hash_is_spelt_as_the_database_reads_it);
	CU_ADD_TEST(s, codes_are_of_the_alphabet_and_read_as_typed);
	CU_ADD_TEST(s, a_code_is_read_whatever_the_keyboard);
	CU_ADD_TEST(s, a_uuid_is_of_version_4);
	CU_ADD_TEST(s, base64url_reads_what_it_writes_and_nothing_else);
	CU_ADD_TEST(s, hmac_is_that_of_the_standard);
}
