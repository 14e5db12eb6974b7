#include <CUnit/CUnit.h>
#include <string.h>

#include "base/base45.h"

void base45_suite(void);

/* RFC 9285 sections 4.3 and 4.4. */
static void
the_examples_of_the_standard_hold(void)
{
	static const char *const pairs[][2] = { { "AB", "BB8" },
		{ "Hello!!", "%69 VD92EX0" }, { "base-45", "UJCLQE7W581" },
		{ "ietf!", "QED8WEX0" } };
	char spelt[32];
	uint8_t bytes[32];
	size_t size;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *plain = pairs[i][0], *said = pairs[i][1];

		CU_ASSERT_EQUAL(
		    base45(plain, strlen(plain), spelt, sizeof(spelt)),
		    strlen(said));
		CU_ASSERT_STRING_EQUAL(spelt, said);
		CU_ASSERT_EQUAL(base45_read(said, strlen(said), bytes,
		                    sizeof(bytes), &size),
		    0);
		CU_ASSERT_EQUAL(size, strlen(plain));
		CU_ASSERT_EQUAL(memcmp(bytes, plain, size), 0);
	}
}

static void
what_says_too_much_is_refused(void)
{
	static const char *const bad[] = { "GGX", ":::", "::", "5", "BB8A",
		"bb8", "AB,", "A\nC", NULL };
	uint8_t bytes[32];
	size_t size;

	for (int i = 0; bad[i] != NULL; i++)
		CU_ASSERT_EQUAL(base45_read(bad[i], strlen(bad[i]), bytes,
		                    sizeof(bytes), &size),
		    -1);
	CU_ASSERT_EQUAL(base45_read("FGW", 3, bytes, 2, &size), 0);
	CU_ASSERT_EQUAL(bytes[0], 0xff);
	CU_ASSERT_EQUAL(bytes[1], 0xff);
	CU_ASSERT_EQUAL(base45_read("U5", 2, bytes, 1, &size), 0);
	CU_ASSERT_EQUAL(bytes[0], 0xff);
	CU_ASSERT_EQUAL(base45_read("V5", 2, bytes, 1, &size), -1);
	CU_ASSERT_EQUAL(base45_read("BB8\0", 4, bytes, 8, &size), -1);
	CU_ASSERT_EQUAL(base45_read("BB\0", 3, bytes, 8, &size), -1);
}

static void
what_does_not_fit_is_refused(void)
{
	char spelt[8];
	uint8_t bytes[2];
	size_t size;

	CU_ASSERT_EQUAL(base45("AB", 2, spelt, 3), 0);
	CU_ASSERT_EQUAL(base45("AB", 2, spelt, 4), 3);
	CU_ASSERT_EQUAL(base45_read("BB8", 3, bytes, 1, &size), -1);
	CU_ASSERT_EQUAL(base45_read("", 0, bytes, 0, &size), 0);
	CU_ASSERT_EQUAL(size, 0);
}

void
base45_suite(void)
{
	CU_pSuite s = CU_add_suite("base45", NULL, NULL);

	CU_ADD_TEST(s, the_examples_of_the_standard_hold);
	CU_ADD_TEST(s, what_says_too_much_is_refused);
	CU_ADD_TEST(s, what_does_not_fit_is_refused);
}
