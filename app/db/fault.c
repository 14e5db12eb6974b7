#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "db/inside.h"

/* The one table from SQLSTATE to a kind of fault; the first that begins the
 * code counts.  A code that is not here is our own mistake. */
struct meaning {
	const char *begins;
	enum fault_kind kind;
	const char *key;
	bool raised; /* only with a key: PL/pgSQL raises it by itself too */
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ "P0001", FAULT_INPUT,    "fault.input",    true },
	{ "P0002", FAULT_MISSING,  "fault.missing",  false },
	{ "P0003", FAULT_CONFLICT, "fault.conflict", true },
	{ "P0004", FAULT_GONE,     "fault.gone",     true },
	{ "P0005", FAULT_LIMIT,    "fault.limit",    true },
	{ "P0006", FAULT_EARLY,    "fault.conflict", true },
	{ "28000", FAULT_SIGNIN,   "fault.signin",   false },
	{ "42501", FAULT_DENIED,   "fault.denied",   false },
	{ "23505", FAULT_CONFLICT, "fault.taken",    false },
	{ "23P01", FAULT_CONFLICT, "fault.taken",    false },
	{ "23503", FAULT_CONFLICT, "fault.related",  false },
	{ "23001", FAULT_CONFLICT, "fault.related",  false },
	{ "23514", FAULT_INPUT,    "fault.input",    false },
	{ "23502", FAULT_INPUT,    "fault.required", false },
	{ "22",    FAULT_INPUT,    "fault.input",    false },
	{ "40001", FAULT_CONFLICT, "fault.conflict", false },
	{ "40P01", FAULT_CONFLICT, "fault.conflict", false },
	{ "55P03", FAULT_CONFLICT, "fault.conflict", false },
	{ "08",    FAULT_BUSY,     "fault.busy",     false },
	{ "25006", FAULT_BUSY,     "fault.busy",     false },
	{ "25P03", FAULT_BUSY,     "fault.busy",     false },
	{ "53",    FAULT_BUSY,     "fault.busy",     false },
	{ "57",    FAULT_BUSY,     "fault.busy",     false },
	{ "",      FAULT_BROKEN,   "fault.broken",   false }
};
/* clang-format on */

static const struct meaning *
meaning_of(const struct db_segment *s, bool has_key)
{
	const struct meaning *m = meanings;

	while (strncmp(m->begins, s->sqlstate, strlen(m->begins)) != 0 ||
	       (m->raised && !has_key))
		m++;
	return m;
}

/* "schedule.room_taken": what a verb raises, unlike PostgreSQL's sentences. */
static bool
is_key(const char *message)
{
	size_t room = strspn(message, "abcdefghijklmnopqrstuvwxyz_");
	const char *rest = message + room + 1;

	if (room == 0 || message[room] != '.' || *rest == '\0')
		return false;
	return rest[strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789_.")] ==
	       '\0';
}

static void
detail_into(const struct db_segment *s, struct fault *f)
{
	char *end;
	long number = strtol(s->detail, &end, 10);

	if (s->detail[0] != '\0' && *end == '\0')
		f->number = number;
	snprintf(f->text, sizeof(f->text), "%s", s->detail);
}

/* A column's own check is named <table>_<column>_check by PostgreSQL. */
static void
field_of(const struct db_segment *s, char *field, size_t room)
{
	size_t table = strlen(s->table);
	size_t size = strlen(s->constraint);
	const char *name = s->constraint;

	field[0] = '\0';
	if (s->column)
		snprintf(field, room, "%.*s", (int)room - 1, name);
	else if (strncmp(name, s->table, table) == 0 && size > table + 7 &&
	         strcmp(name + size - 6, "_check") == 0)
		snprintf(field, room, "%.*s", (int)(size - table - 7),
		    name + table + 1);
}

static int
refused(const struct db_segment *s, struct fault *f)
{
	bool key = is_key(s->message);
	const struct meaning *m = meaning_of(s, key);
	const struct constraint *c =
	    key ? NULL : constraint_known(s->constraint);
	char field[sizeof(f->field)];

	if (c != NULL)
		return fault_detail(f, m->kind, c->field, c->key, "%s %s",
		    s->sqlstate, s->constraint);
	field_of(s, field, sizeof(field));
	fault_detail(f, m->kind, field, key ? s->message : m->key, "%s %s",
	    s->sqlstate, s->message);
	if (key)
		detail_into(s, f);
	return -1;
}

int
db_fault(const struct db_segment *s, struct fault *f)
{
	switch (s->state) {
	case DB_DONE:
		return 0;
	case DB_REFUSED:
		return refused(s, f);
	case DB_LATE:
		return fault_detail(
		    f, FAULT_BUSY, "", "fault.busy", "not sent in time");
	default:
		return fault_detail(f, FAULT_BUSY, "", "fault.busy",
		    "connection lost: it may have been done");
	}
}
