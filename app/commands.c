#include "commands.h"

#include <stdio.h>

#include "base/config.h"
#include "base/fault.h"
#include "db/migrate.h"
#include "keys.h"

static int
migrate_command(int argc, char **argv)
{
	struct fault f = { 0 };

	if (argc > 1) {
		fprintf(stderr, "%s takes no arguments\n", argv[0]);
		return 2;
	}
	if (migrate(config("database_owner"), stdout, &f) == -1) {
		fprintf(stderr, "convene: %s\n", f.detail);
		return 1;
	}
	return 0;
}

const struct command commands[] = {
	{ "migrate", "", "brings the database to this version",
	    "Connects as database_owner of the configuration, makes the roles "
	    "that are absent,\napplies what is new in sql/migrations, and "
	    "makes "
	    "all functions, grants and\npolicies anew in one transaction.  "
	    "Safe "
	    "to repeat, and while the site is in use.\n",
	    migrate_command },
	{ "keys", "", "makes the secret keys that are absent",
	    "Writes secret_key and ticket_key of the configuration, readable "
	    "by this user alone.\nA key that is there is never changed.\n",
	    keys_command },
	{ NULL, NULL, NULL, NULL, NULL }
};
