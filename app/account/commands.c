/* Accounts from the command line: one-time links, devices, roles, erasure. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "account/commands.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/token.h"
#include "db/once.h"
#include "sql.h"

/* Words a fault for the terminal, and the exit status that goes with it. */
static int
failed(struct arena *a, const struct fault *f)
{
	struct fault ignored = { 0 };
	const char *words = "";

	if (messages_load(&ignored) == 0 && message_known(f->key))
		words = message(a, languages[0], f->key, NULL, NULL);
	fprintf(stderr, "convene: %s %s\n", words, f->detail);
	arena_free(a);

	return 1;
}

int
login_command(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	char link[TOKEN_CHARS + 1], hash[TOKEN_HASH_CHARS + 1];

	if (argc < 2 || argc > 3) {
		arena_free(a);
		return 2;
	}
	token_new(link);
	token_hash(link, hash);
	if (db_once(a, &SQL_ACCOUNT_SIGNIN_LINK, &f, "email", argv[1],
	        "link_hash", hash, "goes_to", argc == 3 ? argv[2] : "/my",
	        NULL) == NULL)
		return failed(a, &f);
	printf("%s/signin/%s\n", config("origin"), link);
	arena_free(a);

	return 0;
}

int
enrol_command(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	char link[TOKEN_CHARS + 1], hash[TOKEN_HASH_CHARS + 1];

	if (argc != 3) {
		arena_free(a);
		return 2;
	}
	token_new(link);
	token_hash(link, hash);
	if (db_once(a, &SQL_ACCOUNT_DEVICE_ENROL_MAKE, &f, "event", argv[1],
	        "name", argv[2], "token_hash", hash, NULL) == NULL)
		return failed(a, &f);
	printf("%s/enrol/%s\n", config("origin"), link);
	arena_free(a);

	return 0;
}

int
grant_command(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };

	if (argc != 4 && argc != 6) {
		arena_free(a);
		return 2;
	}
	if (db_once(a, &SQL_ACCOUNT_ROLE_GRANT, &f, "email", argv[1], "name",
	        argv[2], "kind", argv[3], "scope",
	        argc == 6 ? argv[4] : "system", "scope_id",
	        argc == 6 ? argv[5] : "0", NULL) == NULL)
		return failed(a, &f);
	arena_free(a);

	return 0;
}

int
erase_command(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	bool published = argc == 3 && strcmp(argv[2], "--published") == 0;

	if (argc != 2 && !published) {
		arena_free(a);
		return 2;
	}
	if (db_once(a, &SQL_ACCOUNT_ERASE, &f, "email", argv[1], "published",
	        published ? "true" : "false", NULL) == NULL)
		return failed(a, &f);
	arena_free(a);

	return 0;
}
