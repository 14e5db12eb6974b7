#include "db/migrate.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/fault.h"

/* A room may use the functions of those before it; those not named follow. */
static const char *const order[] = { "account", "job", "program", "schedule",
	"invite", "notice", "registration", "checkin", "archive" };
enum { ORDERED = sizeof(order) / sizeof(order[0]), ROOMS = 32 };

struct deploy {
	PGconn *pg;
	FILE *says;
	struct fault *fault;
	char rooms[ROOMS][32];
	int room_count;
};

static const struct embedded *
script(const char *name)
{
	for (const struct embedded *e = schema_embedded; e->name != NULL; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	abort(); /* the build lost a file of sql/db */
}

/* PostgreSQL counts characters; an editor wants lines. */
static int
line_of(const char *text, const char *position)
{
	long characters = position == NULL ? 1 : strtol(position, NULL, 10);
	int line = 1;

	for (; *text != '\0' && characters > 1; text++) {
		if (((unsigned char)text[1] & 0xc0) != 0x80)
			characters--;
		if (*text == '\n')
			line++;
	}
	return line;
}

static int
refused(struct deploy *d, const PGresult *r, const struct embedded *what)
{
	const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(r, PG_DIAG_MESSAGE_HINT);
	const char *context = PQresultErrorField(r, PG_DIAG_CONTEXT);

	return fault_detail(d->fault, FAULT_BROKEN, "", "fault.broken",
	    "sql/%s:%d: %s%s%s%s%.80s", what->name,
	    line_of(
	        what->data, PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION)),
	    message != NULL ? message : PQerrorMessage(d->pg),
	    hint != NULL ? " " : "", hint != NULL ? hint : "",
	    context != NULL ? ", in " : "", context != NULL ? context : "");
}

static bool
succeeded(const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* A whole file, of any number of statements. */
static int
run(struct deploy *d, const struct embedded *what)
{
	PGresult *r = PQexec(d->pg, what->data);
	int ret = succeeded(r) ? 0 : refused(d, r, what);

	PQclear(r);
	return ret;
}

static int
word(struct deploy *d, const char *command)
{
	struct embedded what = { command, command, strlen(command) };

	return run(d, &what);
}

/* One statement with texts; its first value, if any, into `value`. */
static int
ask(struct deploy *d, const char *name, int count, const char *const *values,
    char *value, size_t room)
{
	const struct embedded *what = script(name);
	PGresult *r =
	    PQexecParams(d->pg, what->data, count, NULL, values, NULL, NULL, 0);
	int ret = succeeded(r) ? 0 : refused(d, r, what);

	if (ret == 0 && value != NULL)
		snprintf(value, room, "%s",
		    PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
	PQclear(r);
	return ret;
}

static void
hash(const struct embedded *what, char spelt[65])
{
	unsigned char sum[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(sum, (const unsigned char *)what->data, what->size);
	sodium_bin2hex(spelt, 65, sum, sizeof(sum));
}

static int
apply(struct deploy *d, const struct embedded *what, const char *name,
    const char *sum)
{
	const char *const row[] = { name, sum };

	if (word(d, "begin") == -1 ||
	    ask(d, "db/apply.sql", 2, row, NULL, 0) == -1 || run(d, what) == -1)
		return -1;
	fprintf(d->says, "applied %s\n", name);
	return word(d, "commit");
}

static int
migration(struct deploy *d, const struct embedded *what)
{
	const char *name = what->name + strlen("migrations/");
	char sum[65], applied[65];

	hash(what, sum);
	if (ask(d, "db/applied.sql", 1, &name, applied, sizeof(applied)) == -1)
		return -1;
	if (applied[0] == '\0')
		return apply(d, what, name, sum);
	if (strcmp(applied, sum) != 0)
		return fault_detail(d->fault, FAULT_BROKEN, "", "fault.broken",
		    "sql/%s was changed after it was applied: write a new "
		    "migration instead",
		    what->name);
	return 0;
}

static bool
within(const struct embedded *what, const char *folder)
{
	size_t size = strlen(folder);

	return strncmp(what->name, folder, size) == 0 &&
	       what->name[size] == '/';
}

static bool
is_policies(const struct embedded *what)
{
	const char *file = strchr(what->name, '/');

	return file != NULL && strcmp(file, "/policies.sql") == 0;
}

static void
list_room(struct deploy *d, const char *name, size_t size)
{
	char room[32];

	snprintf(room, sizeof(room), "%.*s", (int)size, name);
	if (strcmp(room, "migrations") == 0 || strcmp(room, "db") == 0)
		return;
	for (int i = 0; i < d->room_count; i++)
		if (strcmp(d->rooms[i], room) == 0)
			return;
	if (d->room_count == ROOMS)
		abort();
	memcpy(d->rooms[d->room_count++], room, sizeof(room));
}

static void
list_rooms(struct deploy *d)
{
	for (int i = 0; i < ORDERED; i++)
		list_room(d, order[i], strlen(order[i]));
	for (const struct embedded *e = schema_embedded; e->name != NULL; e++)
		list_room(d, e->name, strcspn(e->name, "/"));
}

static int
announce(struct deploy *d)
{
	char spelt[ROOMS * 33] = "";
	const char *value = spelt;
	size_t at = 0;

	for (int i = 0; i < d->room_count; i++)
		at += (size_t)snprintf(spelt + at, sizeof(spelt) - at, "%s%s",
		    i > 0 ? " " : "", d->rooms[i]);
	fprintf(d->says, "deploying %s\n", spelt);
	return ask(d, "db/announce.sql", 1, &value, NULL, 0);
}

static int
each(struct deploy *d, bool policies)
{
	for (int i = 0; i < d->room_count; i++)
		for (const struct embedded *e = schema_embedded; e->name; e++)
			if (within(e, d->rooms[i]) &&
			    is_policies(e) == policies && run(d, e) == -1)
				return -1;
	return 0;
}

static int
deploy(struct deploy *d)
{
	list_rooms(d);
	if (word(d, "begin") == -1 || announce(d) == -1 ||
	    run(d, script("db/rooms.sql")) == -1 || each(d, false) == -1 ||
	    run(d, script("db/grants.sql")) == -1 || each(d, true) == -1)
		return -1;
	return word(d, "commit");
}

static int
steps(struct deploy *d)
{
	if (run(d, script("db/lock.sql")) == -1 ||
	    run(d, script("db/roles.sql")) == -1 ||
	    run(d, script("db/ledger.sql")) == -1)
		return -1;
	for (const struct embedded *e = schema_embedded; e->name != NULL; e++)
		if (within(e, "migrations") && migration(d, e) == -1)
			return -1;
	return deploy(d);
}

static void
no_notice(void *unused, const char *message)
{
	(void)unused;
	if (strncmp(message, "NOTICE", 6) != 0)
		fputs(message, stderr);
}

int
migrate(const char *connect, FILE *says, struct fault *f)
{
	struct deploy d = { .says = says, .fault = f };
	int ret = -1;

	if (sodium_init() == -1)
		return fault(f, FAULT_BROKEN, "", "fault.broken");
	d.pg = PQconnectdb(connect);
	PQsetNoticeProcessor(d.pg, no_notice, NULL);
	if (PQstatus(d.pg) != CONNECTION_OK)
		fault_detail(f, FAULT_BUSY, "", "fault.busy", "%s",
		    PQerrorMessage(d.pg));
	else
		ret = steps(&d);
	PQfinish(d.pg);
	return ret;
}
