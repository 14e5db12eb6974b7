#include "commands.h"

#include <stdio.h>

#include "account/commands.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "db/db.h"
#include "db/migrate.h"
#include "demo/demo.h"
#include "keys.h"
#include "notice/commands.h"
#include "schedule/exchange_command.h"
#include "sql.h"
#include "verify_command.h"

/* What the database must know of the configuration. */
static int
save_setting(
    struct db_pool *pool, const char *name, const char *value, struct fault *f)
{
	struct arena *arena = arena_new();
	struct db_segment *s = db_segment(arena);
	int ret;

	db_ask(s, &SQL_ACCOUNT_SETTING_SAVE);
	db_bind(s, "name", name);
	db_bind(s, "value", value);
	ret = db_run(pool, s, f);
	arena_free(arena);
	return ret;
}

static int
save_settings(struct fault *f)
{
	static const struct sql *const statements[] = {
		&SQL_ACCOUNT_SETTING_SAVE, NULL
	};
	struct db_settings s = { .connect = config("database_owner"),
		.statements = statements };
	struct db_pool *pool = db_open_waiting(&s, f);
	int ret;

	if (pool == NULL)
		return -1;
	ret = save_setting(pool, "mail_domain", config("mail_domain"), f);
	if (ret == 0)
		ret =
		    save_setting(pool, "notice_days", config("notice_days"), f);
	db_close(pool);
	return ret;
}

static int
migrate_command(int argc, char **argv)
{
	struct fault f = { 0 };

	if (argc > 1) {
		fprintf(stderr, "%s takes no arguments\n", argv[0]);
		return 2;
	}
	if (migrate(config("database_owner"), stdout, &f) == -1 ||
	    save_settings(&f) == -1) {
		fprintf(stderr, "convene: %s\n", f.detail);
		return 1;
	}
	return 0;
}

/* clang-format off */
const struct command commands[] = {
	{ "migrate", "", "brings the database to this version",
	    "Connects as database_owner of the configuration, makes the roles that are\n"
	    "absent, applies what is new in sql/migrations, and makes all functions,\n"
	    "grants and policies anew in one transaction.  Safe to repeat, and while the\n"
	    "site is in use.\n",
	    migrate_command },
	{ "keys", "", "makes the secret keys that are absent",
	    "Writes secret_key and ticket_key of the configuration, readable "
	    "by this user alone.\nA key that is there is never changed.\n",
	    keys_command },
	{ "login", "EMAIL [PATH]", "prints a link that signs a person in, once",
	    "The link works for ten minutes, in any browser, and leads to PATH or\n"
	    "to the person's own page.\n",
	    login_command },
	{ "enrol", "EVENT NAME", "prints a link that makes a browser a door device",
	    "EVENT is the event's number.  The link works once, for ten minutes.\n",
	    enrol_command },
	{ "grant", "EMAIL NAME ROLE [SCOPE ID]", "gives a person a role",
	    "ROLE is admin, organizer, staff or coordinator; SCOPE is program, event or\n"
	    "unit with its number.  Without a scope the role is for the whole system.\n"
	    "The person is made when the address is new.\n",
	    grant_command },
	{ "bounce", "[ADDRESS]", "takes a mail that came back, on standard input",
	    "For the relay, as what it delivers bounce+…@mail_domain to; ADDRESS is that\n"
	    "address, else the mail's own header has it.  What is no report, or forged,\n"
	    "changes nothing.  The exit status is 67 when the address is not ours, and 75\n"
	    "when the database is away: then try again.\n",
	    bounce_command },
	{ "erase", "EMAIL [--published]", "erases a person who asked for it",
	    "Gives up their seats, tells their calendars, and deletes what is held about\n"
	    "them; what stays are counts and history without a name.  --published removes\n"
	    "their name from programs and records, too.  It cannot be undone.\n",
	    erase_command },
	{ "verify", "[ROOM]...", "asks the database whether what must hold does",
	    "Runs every check, or those of the rooms named: no seat given twice, no one\n"
	    "waiting beside a free seat, every calendar told, the audit's chain whole and\n"
	    "so on.  Prints each with `ok` or the rows that break it; the exit status is 1\n"
	    "when any is broken.\n",
	    verify_command },
	{ "demo", "", "fills an empty house with an invented organisation",
	    "Programs, events in many time zones, people and what they registered for,\n"
	    "attendance and the archive; dates are around today.  Only where there is no\n"
	    "program yet.  A second run says what is there; one that was stopped goes on.\n",
	    demo_command },
	{ "import", "schedule FILE [--program SLUG] [--zone ZONE] [--publish]",
	    "stores a schedule, frab XML or JSON",
	    "A new schedule becomes a draft in the program named, or in one that collects\n"
	    "what was imported; --publish publishes the event and its program.  An event\n"
	    "that is there already is brought to what the file says: its people are told of\n"
	    "what moved, and a session that the file has no more is cancelled.  Nothing is\n"
	    "stored of a file with a fault, which is printed as FILE:LINE: reason.\n"
	    "ZONE is for a file that names none.\n",
	    import_command },
	{ "export", "schedule EVENT [FILE]", "writes a schedule as frab XML",
	    "EVENT is the event's name in its address.  Without FILE it goes to standard\n"
	    "output.  An import of what was written changes nothing.\n",
	    export_command },
	{ NULL, NULL, NULL, NULL, NULL }
};
