#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/base45.h"
#include "base/fault.h"
#include "checkin/ticket.h"

_Static_assert(crypto_sign_SECRETKEYBYTES == TICKET_SECRET, "secret key");
_Static_assert(crypto_sign_PUBLICKEYBYTES == TICKET_PUBLIC, "public key");
_Static_assert(BASE45_CHARS(TICKET_BYTES) == TICKET_CHARS, "spelling");

enum { VERSION = 1 };

/* With its NUL: a signature made for another purpose never fits a ticket. */
static const char purpose[] = "ticket-v1";

enum { SIGNED = sizeof(purpose) + TICKET_BODY };

int
ticket_keys_load(
    struct ticket_keys *k, const char *path, long id, struct fault *f)
{
	FILE *file = fopen(path, "rbe");
	size_t n;
	int more;

	memset(k, 0, sizeof(*k));
	if (file == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "ticket_key: %s: %s", path, strerror(errno));
	n = fread(k->secret, 1, sizeof(k->secret), file);
	more = fgetc(file);
	fclose(file);

	if (n != TICKET_SECRET || more != EOF || id < 1 || id > TICKET_KEYS ||
	    sodium_init() == -1)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "ticket_key: %s: not a key of %d bytes numbered 1 to %d",
		    path, TICKET_SECRET, TICKET_KEYS);
	k->id = (uint8_t)id;
	ticket_keys_know(k, k->id, ticket_keys_public(k));

	return 0;
}

int
ticket_keys_make(const char *path, struct fault *f)
{
	uint8_t public_key[TICKET_PUBLIC], secret[TICKET_SECRET];
	int fd, wrote;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 && errno == EEXIST)
		return 0;
	if (fd == -1 || sodium_init() == -1)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "ticket_key: %s: %s", path, strerror(errno));

	crypto_sign_keypair(public_key, secret);
	wrote = write(fd, secret, sizeof(secret)) == (ssize_t)sizeof(secret) &&
	        fsync(fd) == 0;
	explicit_bzero(secret, sizeof(secret));
	if (close(fd) == -1 || !wrote) {
		unlink(path);
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "ticket_key: %s: %s", path, strerror(errno));
	}

	return 0;
}

void
ticket_keys_know(
    struct ticket_keys *k, uint8_t id, const uint8_t public_key[TICKET_PUBLIC])
{
	memcpy(k->known[id], public_key, TICKET_PUBLIC);
	k->knows[id] = true;
}

const uint8_t *
ticket_keys_public(const struct ticket_keys *k)
{
	return k->secret + TICKET_SECRET - TICKET_PUBLIC;
}

static void
put(uint8_t *to, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--, value >>= 8)
		to[i] = (uint8_t)value;
}

static uint64_t
get(const uint8_t *from, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | from[i];

	return value;
}

void
ticket_sign(
    const struct ticket_keys *k, struct ticket *t, char spelt[TICKET_CHARS + 1])
{
	uint8_t message[SIGNED], ticket[TICKET_BYTES];

	t->key = k->id;
	ticket[0] = VERSION;
	ticket[1] = t->key;
	put(ticket + 2, t->event, 4);
	put(ticket + 6, t->registration, 8);
	put(ticket + 14, t->serial, 2);

	memcpy(message, purpose, sizeof(purpose));
	memcpy(message + sizeof(purpose), ticket, TICKET_BODY);
	crypto_sign_detached(
	    ticket + TICKET_BODY, NULL, message, sizeof(message), k->secret);
	base45(ticket, sizeof(ticket), spelt, TICKET_CHARS + 1);
}

/* Is it a ticket by its shape? */
static bool
shaped(const char *spelt, size_t length, uint8_t ticket[TICKET_BYTES])
{
	size_t size;

	return length == TICKET_CHARS &&
	       base45_read(spelt, length, ticket, TICKET_BYTES, &size) == 0 &&
	       size == TICKET_BYTES && ticket[0] == VERSION;
}

int
ticket_key_of(const char *spelt, size_t length)
{
	uint8_t ticket[TICKET_BYTES];

	return shaped(spelt, length, ticket) ? ticket[1] : -1;
}

enum ticket_verdict
ticket_read(const struct ticket_keys *k, const char *spelt, size_t length,
    struct ticket *t)
{
	uint8_t message[SIGNED], ticket[TICKET_BYTES];

	if (!shaped(spelt, length, ticket))
		return TICKET_NOT;

	if (!k->knows[ticket[1]])
		return TICKET_FORGED;

	memcpy(message, purpose, sizeof(purpose));
	memcpy(message + sizeof(purpose), ticket, TICKET_BODY);
	if (crypto_sign_verify_detached(ticket + TICKET_BODY, message,
	        sizeof(message), k->known[ticket[1]]) != 0)
		return TICKET_FORGED;

	t->key = ticket[1];
	t->event = (uint32_t)get(ticket + 2, 4);
	t->registration = get(ticket + 6, 8);
	t->serial = (uint16_t)get(ticket + 14, 2);

	return TICKET_GOOD;
}
