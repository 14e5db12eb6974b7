/* The secret of manage tokens. */
#include <stdbool.h>
#include <stdio.h>

#include "base/config.h"
#include "base/fault.h"
#include "registration/keys.h"

enum { SECRET = 32 };

const uint8_t *
registration_secret(struct fault *f)
{
	static uint8_t secret[SECRET];
	static bool known;
	const char *path = config("secret_key");
	FILE *file;

	if (known)
		return secret;
	file = fopen(path, "rbe");
	known = file != NULL && fread(secret, 1, SECRET, file) == SECRET;
	if (file != NULL)
		fclose(file);
	if (known)
		return secret;
	fault_detail(f, FAULT_BROKEN, "", "web.broken",
	    "secret_key: %s has no %d bytes", path, SECRET);

	return NULL;
}
