/* Segments that are done together: see db_together() in db.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/inside.h"

enum {
	BATCH_MOST = 250,     /* entries in one transaction */
	BATCH_BYTES = 1 << 20 /* and about so many bytes of them */
};

/* Of one statement and one scope.  It is there as long as anybody waits in it
 * or is under way. */
struct batch {
	struct batch *next;
	struct db_pool *pool;
	const struct sql *sql;
	char *scope;
	struct db_segment *first, **last;       /* for the next round trip */
	struct db_segment *carried[BATCH_MOST]; /* in the one under way */
	int count;
	struct arena *arena; /* of that; NULL: none is */
};

static void carry(struct batch *);

void
db_together(struct db_segment *s, const struct sql *sql, const char *scope,
    const json_t *entry)
{
	char *dump = json_dumps(entry, JSON_COMPACT);

	db_ask(s, sql);
	s->scope = arena_text(s->arena, scope);
	s->entry = arena_text(s->arena, dump);
	free(dump);
}

static struct batch *
batch_of(struct db_pool *pool, const struct db_segment *s)
{
	const struct sql *sql = s->asked[0].sql;
	struct batch *b;

	for (b = pool->batches; b != NULL; b = b->next)
		if (b->sql == sql && strcmp(b->scope, s->scope) == 0)
			return b;
	b = memory_new(sizeof(*b));
	b->pool = pool;
	b->sql = sql;
	b->scope = memory_text(s->scope);
	b->last = &b->first;
	b->next = pool->batches;
	pool->batches = b;
	return b;
}

static void
end(struct batch *b)
{
	struct batch **at = &b->pool->batches;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	free(b->scope);
	free(b);
}

static struct db_segment *
shift(struct batch *b)
{
	struct db_segment *s = b->first;

	b->first = s->next;
	if (b->first == NULL)
		b->last = &b->first;
	b->pool->counts.together--;
	return s;
}

/* --- what comes back ------------------------------------------------------ */

static void
take_text(char *out, size_t room, json_t *row, const char *name)
{
	const char *value = json_string_value(json_object_get(row, name));

	snprintf(out, room, "%s", value == NULL ? "" : value);
	json_object_del(row, name);
}

/* An entry's row is its answer, or says why there is none. */
static void
take_row(struct batch *b, json_t *row)
{
	json_int_t n = json_integer_value(json_object_get(row, "n"));
	struct db_segment *s;

	if (n < 0 || n >= b->count)
		return;
	s = b->carried[n];
	json_object_del(row, "n");
	take_text(s->sqlstate, sizeof(s->sqlstate), row, "kind");
	take_text(s->message, sizeof(s->message), row, "fault");
	take_text(s->detail, sizeof(s->detail), row, "detail");
	take_text(s->constraint, sizeof(s->constraint), row, "field");
	s->column = true;
	json_decref(s->asked[0].rows);
	s->asked[0].rows = json_pack("[O]", row);
}

/* What was refused as a whole was refused to each. */
static enum db_state
state_of(const struct db_segment *carrier, struct db_segment *s)
{
	if (carrier->state == DB_REFUSED) {
		memcpy(s->sqlstate, carrier->sqlstate, sizeof(s->sqlstate));
		memcpy(s->message, carrier->message, sizeof(s->message));
	} else if (carrier->state == DB_DONE && s->asked[0].rows == NULL) {
		memcpy(s->sqlstate, "XX000", sizeof("XX000"));
		snprintf(s->message, sizeof(s->message), "%s has no row for it",
		    s->asked[0].sql->name);
	}
	if (carrier->state == DB_DONE && s->sqlstate[0] != '\0')
		return DB_REFUSED;
	return carrier->state;
}

static void
answered(struct db_segment *carrier, void *context)
{
	struct batch *b = context;
	json_t *row;
	size_t i;

	json_array_foreach(db_rows(carrier, 0), i, row) take_row(b, row);
	for (int n = 0; n < b->count; n++)
		segment_finish(b->carried[n], state_of(carrier, b->carried[n]));
	b->count = 0;
	arena_free(b->arena);
	b->arena = NULL;
	if (b->first != NULL)
		carry(b);
	else
		end(b);
}

/* --- what goes ------------------------------------------------------------ */

/* {"n":0, and the entry's own members. */
static void
add_entry(struct text *t, int n, const char *entry)
{
	text_puts(t, n == 0 ? "[" : ",");
	text_printf(t, "{\"n\":%d%s", n, entry[1] == '}' ? "" : ",");
	text_puts(t, entry + 1);
}

static void
carry(struct batch *b)
{
	struct db_segment *carrier;
	struct text entries;

	b->arena = arena_new();
	carrier = db_segment(b->arena);
	text_init(&entries, SIZE_MAX / 2);
	while (b->first != NULL && b->count < BATCH_MOST &&
	       entries.size < BATCH_BYTES) {
		struct db_segment *s = shift(b);

		s->flying = true;
		carrier->hurried |= s->hurried;
		add_entry(&entries, b->count, s->entry);
		b->carried[b->count++] = s;
	}
	text_puts(&entries, "]");
	db_ask(carrier, b->sql);
	db_bind(carrier, "scope", b->scope);
	db_bind(carrier, "entries", entries.data);
	text_free(&entries);
	pool_take(b->pool, carrier, answered, b);
}

void
batch_add(struct db_segment *s)
{
	struct batch *b = batch_of(s->pool, s);

	s->next = NULL;
	*b->last = s;
	b->last = &s->next;
	s->pool->counts.together++;
	if (b->arena == NULL)
		carry(b);
}

void
batch_remove(struct db_segment *s)
{
	struct batch *b = batch_of(s->pool, s);
	struct db_segment **at = &b->first;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (b->last == &s->next)
		b->last = at;
	b->pool->counts.together--;
}

/* --- who waits too long -----------------------------------------------------
 */

int64_t
batch_sweep(struct db_pool *pool, int64_t now)
{
	int64_t soonest = INT64_MAX;

	for (struct batch *b = pool->batches; b != NULL; b = b->next) {
		while (b->first != NULL && b->first->deadline <= now)
			segment_finish(shift(b), DB_LATE);
		if (b->first != NULL && b->first->deadline < soonest)
			soonest = b->first->deadline;
	}
	return soonest;
}

void
batch_close(struct db_pool *pool)
{
	for (struct batch *b = pool->batches; b != NULL; b = b->next)
		while (b->first != NULL)
			segment_finish(shift(b), DB_LOST);
}
