#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/db.h"
#include "notice/compose.h"
#include "notice/outbox.h"
#include "notice/smtp.h"
#include "sql.h"

enum {
	BATCH = 50,
	FRESH_MS =
	    90000, /* of a lease of two minutes: later, another may hold it */
	MARK_AT = 25,    /* so many delivered are marked together … */
	MARK_MS = 50,    /* … or after so long */
	AGAIN_MS = 1000, /* once more, when they could not be marked */
	REST_MS = 5000,  /* when the relay is away */
	LIST_MAX = 1 << 20
};

/* What one claim brought; freed when the last of its mails is done. */
struct batch {
	struct arena *arena;
	json_t *rows;
	size_t next; /* the first not yet begun */
	int under_way;
	int64_t claimed;
};

struct mailing {
	struct outbox *outbox;
	struct batch *batch;
	int64_t id;
	struct composed mail;
};

struct outbox {
	struct outbox_settings set;
	struct batch *now, *before; /* being begun; one still being sent */
	struct arena *claiming;     /* the claim that is under way */
	int64_t claimed;
	struct text delivered, returned; /* "1,2,3": ids to be marked */
	int delivered_count;
	int64_t marks_from; /* not before: they could not be marked */
	int asks;           /* at the database, besides the claim */
	int under_way;      /* at the relay */
	bool timed, draining, more;
	int64_t rest_until;
	double allowance; /* mails that may go now */
	int64_t allowed;  /* when that was reckoned */
	struct outbox_counts counts;
};

static void proceed(struct outbox *);
static void mark_later(struct outbox *);

/* --- what became of them --- */

/* One statement of our own. */
struct ask {
	struct outbox *outbox;
	struct arena *arena;
	const char *what;
	const char *delivered; /* "1,2,3": those it marks, if it does */
	bool look;             /* there is something due after it */
};

/* What was delivered is marked later, lest it be sent again.  Of the others
 * the lease runs out, and they are tried again. */
static void
not_marked(const struct ask *ask, const char *why)
{
	struct outbox *o = ask->outbox;

	log_event(LOG_LEVEL_ERROR, "notice.not_marked", "what", ask->what,
	    "why", why, NULL);
	if (ask->delivered == NULL)
		return;
	text_printf(&o->delivered, "%s%s", o->delivered.size == 0 ? "{" : ",",
	    ask->delivered);
	o->marks_from = clock_monotonic() + AGAIN_MS;
	mark_later(o);
}

static void
ask_end(struct ask *ask)
{
	ask->outbox->asks--;
	arena_free(ask->arena);
	free(ask);
}

static void
asked(struct db_segment *s, void *context)
{
	struct ask *ask = context;
	struct outbox *o = ask->outbox;

	if (db_state(s) != DB_DONE)
		not_marked(ask, db_message(s));
	o->more = o->more || ask->look;
	ask_end(ask);
	proceed(o);
}

static void
say(struct outbox *o, const struct sql *sql, const char *name,
    const char *value, const char *problem)
{
	struct ask *ask = memory_new(sizeof(*ask));
	struct db_segment *s;
	struct fault f;

	ask->outbox = o;
	ask->arena = arena_new();
	ask->what = sql->name;
	ask->look = sql == &SQL_NOTICE_HAND_BACK;
	if (sql == &SQL_NOTICE_SENT)
		ask->delivered =
		    arena_part(ask->arena, value + 1, strlen(value) - 2);
	s = db_segment(ask->arena);
	db_ask(s, sql);
	db_bind(s, name, value);
	db_bind(s, "problem", problem);
	o->asks++;
	if (db_submit(o->set.pool, s, asked, ask, &f) == -1) {
		not_marked(ask, f.detail);
		ask_end(ask);
	}
}

static void
list_add(struct text *list, int64_t id)
{
	text_printf(list, "%s%" PRId64, list->size == 0 ? "{" : ",", id);
}

static void
list_say(struct outbox *o, struct text *list, const struct sql *sql)
{
	struct text ids;

	if (list->size == 0)
		return;
	ids = *list;
	text_init(list, LIST_MAX);
	text_puts(&ids, "}");
	say(o, sql, "notices", ids.data, NULL);
	text_free(&ids);
}

/* The database is: what is sent now could not be marked. */
static bool
away(const struct outbox *o)
{
	return db_up(o->set.pool) == 0 || clock_monotonic() < o->marks_from;
}

static void
mark(struct outbox *o)
{
	if (away(o)) {
		if (o->delivered.size > 0 || o->returned.size > 0)
			mark_later(o);
		return;
	}
	o->delivered_count = 0;
	list_say(o, &o->delivered, &SQL_NOTICE_SENT);
	list_say(o, &o->returned, &SQL_NOTICE_GIVE_BACK);
}

static void
mark_late(void *context)
{
	struct outbox *o = context;

	o->timed = false;
	mark(o);
	proceed(o);
}

static void
mark_later(struct outbox *o)
{
	if (o->timed)
		return;
	o->timed = true;
	o->set.loop->after(o->set.loop->context, MARK_MS, mark_late, o);
}

static void
mark_soon(struct outbox *o)
{
	if (o->delivered_count >= MARK_AT || o->under_way == 0)
		mark(o);
	else
		mark_later(o);
}

static void
mark_one(
    struct outbox *o, const struct sql *sql, int64_t id, const char *problem)
{
	char spelt[24];

	snprintf(spelt, sizeof(spelt), "%" PRId64, id);
	log_event(LOG_LEVEL_WARN,
	    sql == &SQL_NOTICE_RETRY ? "notice.later" : "notice.never",
	    "notice", spelt, NULL);
	if (sql == &SQL_NOTICE_RETRY)
		o->counts.later++;
	else
		o->counts.never++;
	say(o, sql, "notice", spelt, problem);
}

static void
batch_done(struct outbox *o, struct batch *b)
{
	if (b->under_way > 0 || b->next < json_array_size(b->rows))
		return;
	if (o->now == b)
		o->now = NULL;
	if (o->before == b)
		o->before = NULL;
	arena_free(b->arena);
	free(b);
}

/* The relay is away: nothing is tried for a while, and nothing counted. */
static void
rest(struct outbox *o, const char *why)
{
	if (o->rest_until <= clock_monotonic())
		log_event(
		    LOG_LEVEL_WARN, "notice.relay_away", "why", why, NULL);
	o->rest_until = clock_monotonic() + REST_MS;
}

static void
answered(void *context, const struct smtp_answer *answer)
{
	struct mailing *m = context;
	struct outbox *o = m->outbox;

	o->under_way--;
	m->batch->under_way--;
	if (answer->verdict == SMTP_SENT) {
		o->counts.sent++;
		o->delivered_count++;
		list_add(&o->delivered, m->id);
	} else if (answer->away) {
		rest(o, answer->words);
		list_add(&o->returned, m->id);
	} else
		mark_one(o,
		    answer->verdict == SMTP_LATER ? &SQL_NOTICE_RETRY
		                                  : &SQL_NOTICE_FAILED,
		    m->id, answer->words);
	text_free(&m->mail.wire);
	batch_done(o, m->batch);
	free(m);
	proceed(o);
	mark_soon(o);
}

/* --- sending --- */

static void
begin(struct outbox *o, struct batch *b, const json_t *row)
{
	struct mailing *m = memory_new(sizeof(*m));
	struct fault f = { 0 };

	m->outbox = o;
	m->batch = b;
	m->id = json_integer_value(json_object_get(row, "id"));
	if (notice_compose(&m->mail, b->arena, o->set.house, row, &f) == -1) {
		mark_one(o, &SQL_NOTICE_FAILED, m->id, f.detail);
		free(m);
		return;
	}
	b->under_way++;
	o->under_way++;
	if (smtp_send(o->set.smtp, m->mail.bounce, m->mail.to,
	        m->mail.wire.data, m->mail.wire.size, answered, m) == 0)
		return;
	b->under_way--;
	o->under_way--;
	mark_one(o, &SQL_NOTICE_FAILED, m->id, "address");
	text_free(&m->mail.wire);
	free(m);
}

static bool
resting(const struct outbox *o)
{
	return o->rest_until > clock_monotonic();
}

/* So many a minute, and no more at once than a tenth of that. */
static bool
allowed(struct outbox *o)
{
	int64_t now = clock_monotonic();
	double most = (double)o->set.per_minute / 10 + 1;

	if (o->set.per_minute == 0)
		return true;
	o->allowance +=
	    (double)(now - o->allowed) * (double)o->set.per_minute / 60000;
	if (o->allowance > most)
		o->allowance = most;
	o->allowed = now;
	if (o->allowance < 1)
		return false;
	o->allowance -= 1;

	return true;
}

static void
return_rest(struct outbox *o, struct batch *b)
{
	for (; b->next < json_array_size(b->rows); b->next++)
		list_add(
		    &o->returned, json_integer_value(json_object_get(
		                      json_array_get(b->rows, b->next), "id")));
	list_say(o, &o->returned, &SQL_NOTICE_GIVE_BACK);
}

/* Begins as many as the relay's connections take. */
static void
begin_more(struct outbox *o)
{
	struct batch *b = o->now;

	if (b == NULL)
		return;
	b->under_way++; /* not to be freed while we are at it */
	if (resting(o) || o->draining ||
	    clock_monotonic() - b->claimed > FRESH_MS)
		return_rest(o, b);
	while (
	    b->next < json_array_size(b->rows) && smtp_room(o->set.smtp) > 0) {
		if (away(o) || !allowed(o)) {
			mark_later(o);
			break;
		}
		begin(o, b, json_array_get(b->rows, b->next++));
	}
	b->under_way--;
	if (b->next == json_array_size(b->rows) && o->before == NULL) {
		o->now = NULL;
		o->before = b;
	}
	batch_done(o, b);
}

/* --- claiming --- */

static void
forget_claim(struct outbox *o)
{
	arena_free(o->claiming);
	o->claiming = NULL;
}

/* The rows that the mails are made from. */
static void
read_rows(struct db_segment *s, void *context)
{
	struct outbox *o = context;
	struct batch *b;
	struct fault f;

	if (db_fault(s, &f) == -1) {
		log_event(LOG_LEVEL_ERROR, "notice.not_read", "why",
		    db_message(s), NULL);
		forget_claim(o);
		return;
	}
	b = memory_new(sizeof(*b));
	b->arena = o->claiming;
	b->rows = db_rows(s, 0);
	b->claimed = o->claimed;
	o->claiming = NULL;
	o->now = b;
	proceed(o);
}

/* Committed: only now may any of them go out. */
static void
claimed(struct db_segment *s, void *context)
{
	struct outbox *o = context;
	struct db_segment *next;
	struct fault f;
	struct text ids;
	const json_t *row;
	size_t i;

	if (db_fault(s, &f) == -1 || json_array_size(db_rows(s, 0)) == 0) {
		if (db_state(s) != DB_DONE)
			log_event(LOG_LEVEL_ERROR, "notice.not_claimed", "why",
			    db_message(s), NULL);
		forget_claim(o);
		return;
	}
	o->counts.claims++;
	o->more = json_array_size(db_rows(s, 0)) == BATCH;
	text_init(&ids, 1 << 16);
	json_array_foreach(db_rows(s, 0), i, row)
	    list_add(&ids, json_integer_value(json_object_get(row, "id")));
	text_puts(&ids, "}");
	next = db_segment(o->claiming);
	db_ask(next, &SQL_NOTICE_MAIL);
	db_bind(next, "notices", ids.data);
	text_free(&ids);
	if (db_submit(o->set.pool, next, read_rows, o, &f) == -1)
		forget_claim(o);
}

static void
claim(struct outbox *o)
{
	struct db_segment *s;
	struct fault f;

	o->more = false;
	o->claimed = clock_monotonic();
	o->claiming = arena_new();
	s = db_segment(o->claiming);
	db_ask(s, &SQL_NOTICE_CLAIM);
	db_bind_int(s, "limit", BATCH);
	if (db_submit(o->set.pool, s, claimed, o, &f) == -1)
		forget_claim(o);
}

static void
proceed(struct outbox *o)
{
	begin_more(o);
	if (o->more && !o->draining && !resting(o) && o->now == NULL &&
	    o->claiming == NULL)
		claim(o);
}

void
outbox_look(struct outbox *o)
{
	o->more = true;
	proceed(o);
}

/* What is still due of them is claimed again, if not of the paused one. */
void
outbox_pause(struct outbox *o)
{
	struct batch *b = o->now;
	struct text handed;
	size_t kept = b == NULL ? 0 : b->next;

	text_init(&handed, 1 << 16);
	for (size_t i = kept; b != NULL && i < json_array_size(b->rows); i++) {
		json_t *row = json_array_get(b->rows, i);

		if (json_is_integer(json_object_get(row, "mailing_id")))
			list_add(&handed,
			    json_integer_value(json_object_get(row, "id")));
		else
			json_array_set(b->rows, kept++, row);
	}
	while (b != NULL && json_array_size(b->rows) > kept)
		json_array_remove(b->rows, json_array_size(b->rows) - 1);
	list_say(o, &handed, &SQL_NOTICE_HAND_BACK);
	text_free(&handed);
	proceed(o);
}

void
outbox_drain(struct outbox *o)
{
	o->draining = true;
	proceed(o);
	mark(o);
}

bool
outbox_idle(const struct outbox *o)
{
	return o->under_way == 0 && o->asks == 0 && o->claiming == NULL &&
	       o->now == NULL && o->delivered.size == 0;
}

struct outbox_counts
outbox_counts(const struct outbox *o)
{
	return o->counts;
}

struct outbox *
outbox_new(const struct outbox_settings *set)
{
	struct outbox *o = memory_new(sizeof(*o));

	o->set = *set;
	o->allowed = clock_monotonic();
	text_init(&o->delivered, LIST_MAX);
	text_init(&o->returned, LIST_MAX);

	return o;
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	o->set.loop->cancel(o->set.loop->context, mark_late, o);
	text_free(&o->delivered);
	text_free(&o->returned);
	free(o);
}
