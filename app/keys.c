/* The secrets of an installation: made once, in files that only it reads. */
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/fault.h"
#include "checkin/ticket.h"

enum { SECRET_BYTES = 32 };

static int
cannot_write(const char *path, struct fault *f)
{
	return fault_detail(f, FAULT_BROKEN, "", "fault.broken", "%.160s: %s",
	    path, strerror(errno));
}

/* Random bytes into a new file; one that is there is left as it is. */
static int
secret_make(const char *path, struct fault *f)
{
	unsigned char secret[SECRET_BYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int ret = -1;

	if (fd == -1)
		return errno == EEXIST ? 0 : cannot_write(path, f);
	randombytes_buf(secret, sizeof(secret));
	if (write(fd, secret, sizeof(secret)) != (ssize_t)sizeof(secret) ||
	    fsync(fd) == -1) {
		cannot_write(path, f);
		unlink(path);
	} else {
		ret = 0;
	}
	sodium_memzero(secret, sizeof(secret));
	close(fd);

	return ret;
}

int
keys_command(int argc, char **argv)
{
	struct fault f = { 0 };

	if (argc > 1) {
		fprintf(stderr, "%s takes no arguments\n", argv[0]);
		return 2;
	}
	if (sodium_init() == -1 ||
	    secret_make(config("secret_key"), &f) == -1 ||
	    ticket_keys_make(config("ticket_key"), &f) == -1) {
		fprintf(stderr, "convene: %s\n", f.detail);
		return 1;
	}
	return 0;
}
