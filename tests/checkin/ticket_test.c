#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/suite.h"

#include "base/base45.h"
#include "base/fault.h"
#include "checkin/ticket.h"

static struct ticket_keys keys;
static const struct ticket one = {
	.event = 7, .registration = 4242, .serial = 3
};

static void
with_a_key(struct ticket_keys *k)
{
	char folder[] = "/tmp/ticket-test-XXXXXX", path[64];
	struct fault f = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	CU_ASSERT_EQUAL_FATAL(ticket_keys_make(path, &f), 0);
	CU_ASSERT_EQUAL_FATAL(ticket_keys_load(k, path, 1, &f), 0);
	unlink(path);
	rmdir(folder);
}

static void
base45_writes_what_the_rfc_writes(void)
{
	static const char *const pairs[][2] = { { "AB", "BB8" },
		{ "Hello!!", "%69 VD92EX0" }, { "base-45", "UJCLQE7W581" },
		{ "ietf!", "QED8WEX0" }, { "", "" } };
	char spelt[64];
	uint8_t bytes[64];
	size_t n;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t size = strlen(pairs[i][0]);

		CU_ASSERT_EQUAL(base45(pairs[i][0], size, spelt, sizeof(spelt)),
		    strlen(pairs[i][1]));
		CU_ASSERT_STRING_EQUAL(spelt, pairs[i][1]);
		CU_ASSERT_EQUAL(
		    base45_read(spelt, strlen(spelt), bytes, sizeof(bytes), &n),
		    0);
		CU_ASSERT_EQUAL(n, size);
		CU_ASSERT_EQUAL(memcmp(bytes, pairs[i][0], size), 0);
	}
}

static void
base45_refuses_what_says_more_than_its_bytes(void)
{
	static const char *const wrong[] = { "GGW", ":::", "::", "Z5", "A",
		"ABCD", "bb8", "AB\x80", "B,8", "FGW0" };
	uint8_t bytes[64];
	size_t n;

	CU_ASSERT_EQUAL(base45_read("FGW", 3, bytes, sizeof(bytes), &n), 0);
	CU_ASSERT_EQUAL(base45_read("U5", 2, bytes, sizeof(bytes), &n), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_EQUAL(base45_read(wrong[i], strlen(wrong[i]), bytes,
		                    sizeof(bytes), &n),
		    -1);
	CU_ASSERT_EQUAL(base45_read("BB8\0"
	                            "BB",
	                    6, bytes, sizeof(bytes), &n),
	    -1);
	CU_ASSERT_EQUAL(base45_read("BB8BB8", 6, bytes, 3, &n), -1);
}

static void
a_ticket_reads_back_as_it_was_signed(void)
{
	struct ticket t = { .event = UINT32_MAX,
		.registration = UINT64_MAX,
		.serial = UINT16_MAX },
	              back = { 0 };
	char spelt[TICKET_CHARS + 1];

	with_a_key(&keys);
	ticket_sign(&keys, &t, spelt);
	CU_ASSERT_EQUAL(strlen(spelt), TICKET_CHARS);
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, spelt, strlen(spelt), &back), TICKET_GOOD);
	CU_ASSERT_EQUAL(back.key, 1);
	CU_ASSERT_EQUAL(back.event, UINT32_MAX);
	CU_ASSERT_EQUAL(back.registration, UINT64_MAX);
	CU_ASSERT_EQUAL(back.serial, UINT16_MAX);
}

static void
no_changed_character_passes(void)
{
	struct ticket t = one, back = { 0 };
	char spelt[TICKET_CHARS + 1], was;

	with_a_key(&keys);
	ticket_sign(&keys, &t, spelt);
	for (int i = 0; i < TICKET_CHARS; i++) {
		was = spelt[i];
		spelt[i] = was == '0' ? '1' : '0';
		CU_ASSERT_NOT_EQUAL(
		    ticket_read(&keys, spelt, TICKET_CHARS, &back),
		    TICKET_GOOD);
		spelt[i] = was;
	}
	CU_ASSERT_EQUAL(back.registration, 0);
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, spelt, TICKET_CHARS - 1, &back), TICKET_NOT);
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, "HTTPS://EXAMPLE.ORG", 19, &back), TICKET_NOT);
}

static void
another_key_forges(void)
{
	static struct ticket_keys other;
	struct ticket t = one, back;
	char spelt[TICKET_CHARS + 1];

	with_a_key(&keys);
	with_a_key(&other);
	ticket_sign(&other, &t, spelt);
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, spelt, TICKET_CHARS, &back), TICKET_FORGED);
	other.id = 9;
	ticket_sign(&other, &t, spelt);
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, spelt, TICKET_CHARS, &back), TICKET_FORGED);
	ticket_keys_know(&keys, 9, ticket_keys_public(&other));
	CU_ASSERT_EQUAL(
	    ticket_read(&keys, spelt, TICKET_CHARS, &back), TICKET_GOOD);
}

static void
a_key_file_is_never_overwritten_and_private(void)
{
	char path[] = "/tmp/ticket-test-XXXXXX";
	int fd = mkstemp(path);
	struct stat st;
	struct fault f = { 0 };

	CU_ASSERT_EQUAL(write(fd, "short", 5), 5);
	close(fd);
	CU_ASSERT_EQUAL(ticket_keys_make(path, &f), 0);
	CU_ASSERT_EQUAL(ticket_keys_load(&keys, path, 1, &f), -1);
	unlink(path);
	CU_ASSERT_EQUAL(ticket_keys_make(path, &f), 0);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	CU_ASSERT_EQUAL(st.st_size, TICKET_SECRET);
	CU_ASSERT_EQUAL(ticket_keys_load(&keys, path, 256, &f), -1);
	CU_ASSERT_EQUAL(ticket_keys_load(&keys, path, 255, &f), 0);
	unlink(path);
}

SUITE(ticket, SAYS(base45_writes_what_the_rfc_writes),
    SAYS(base45_refuses_what_says_more_than_its_bytes),
    SAYS(a_ticket_reads_back_as_it_was_signed),
    SAYS(no_changed_character_passes), SAYS(another_key_forges),
    SAYS(a_key_file_is_never_overwritten_and_private))
