/*
 * What goes together, against a real server: CONVENE_TEST_DATABASE is a
 * connection string of a role that may create a schema.
 */
#include "support/suite.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "db/db.h"
#include "db/poll.h"

enum { MANY = 600 };

/* clang-format off */
static const char *const of_take[] = { "scope", "entries" };
static const struct sql take = { "take",
	"select * from batch_test.take($1::text, $2::jsonb)", 2, of_take };
static const struct sql hurry = { "db_hurry",
	"select set_config('synchronous_commit', 'off', true)", 0, NULL };
static const struct sql flush = { "db_flush",
	"select pg_logical_emit_message(true, 'batch_test', '')", 0, NULL };
static const struct sql *const statements[] = { &take, &hurry, &flush, NULL };

/* What an entry is decides what becomes of it. */
static const char schema[] =
    "set client_min_messages = error;"
    "drop schema if exists batch_test cascade; create schema batch_test;"
    "create sequence batch_test.tries;"
    "create table batch_test.note (place bigint generated always as identity,"
    " scope text, what text);"
    "create function batch_test.take(p_scope text, p_entries jsonb)"
    " returns table (n integer, what text, place bigint, size integer,"
    " durable text, kind text, fault text, field text, detail text)"
    " language plpgsql as $$"
    " declare v record; v_size integer := jsonb_array_length(p_entries); begin"
    " if p_entries @> '[{\"what\": \"slow\"}]' then perform pg_sleep(0.2); end if;"
    " if p_entries @> '[{\"what\": \"all\"}]' then raise exception using"
    "  errcode = 'P0003', message = 'test.all_refused'; end if;"
    " if p_entries @> '[{\"what\": \"victim\"}]'"
    "  and nextval('batch_test.tries') = 1 then"
    "  raise exception using errcode = '40P01'; end if;"
    " if p_entries @> '[{\"what\": \"end\"}]' then"
    "  perform pg_terminate_backend(pg_backend_pid()); end if;"
    " durable := current_setting('synchronous_commit');"
    " for v in select * from jsonb_to_recordset(p_entries)"
    "  e (n integer, what text) order by e.n loop"
    "  continue when v.what = 'silent';"
    "  n := v.n; what := v.what; size := v_size; place := null;"
    "  kind := case when v.what = 'bad' then 'P0001' end;"
    "  fault := case when v.what = 'bad' then 'test.bad' end;"
    "  field := case when v.what = 'bad' then 'what' end;"
    "  detail := case when v.what = 'bad' then '7' end;"
    "  if kind is null then insert into batch_test.note (scope, what)"
    "   values (p_scope, v.what) returning note.place into place; end if;"
    "  return next;"
    " end loop; end $$";
/* clang-format on */

static struct poll_loop *loop;
static struct db_pool *pool;
static struct arena *arena;
static int answers;

static void
turn_until_up(int connections)
{
	for (int i = 0; i < 200 && db_up(pool) < connections; i++)
		poll_loop_turn(loop, 50);
	CU_ASSERT_EQUAL(db_up(pool), connections);
}

static bool
begin(struct db_settings s)
{
	PGconn *pg;
	PGresult *r;

	s.connect = getenv("CONVENE_TEST_DATABASE");
	if (s.connect == NULL) {
		SKIP("CONVENE_TEST_DATABASE is not set");
		return false;
	}
	pg = PQconnectdb(s.connect);
	r = PQexec(pg, schema);
	CU_ASSERT_EQUAL(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
	PQfinish(pg);

	arena = arena_new();
	loop = poll_loop_new();
	answers = 0;
	s.statements = statements;
	pool = db_open(&s, poll_loop_db(loop));
	turn_until_up(s.connections);
	return true;
}

static void
end(void)
{
	arena_free(arena);
	db_close(pool);
	poll_loop_free(loop);
}

static void
count(struct db_segment *s, void *context)
{
	(void)s;
	(void)context;
	answers++;
}

static struct db_segment *
entry(const char *scope, const char *what)
{
	struct db_segment *s = db_segment(arena);
	json_t *o = json_pack("{s:s}", "what", what);

	db_together(s, &take, scope, o);
	json_decref(o);
	return s;
}

static struct db_segment *
submit(const char *scope, const char *what)
{
	struct db_segment *s = entry(scope, what);
	struct fault f = { 0 };

	CU_ASSERT_EQUAL(db_submit(pool, s, count, NULL, &f), 0);
	return s;
}

static void
turn_until(int expected)
{
	int64_t patience = clock_monotonic() + 10000;

	while (answers < expected && clock_monotonic() < patience)
		poll_loop_turn(loop, 100);
	CU_ASSERT_EQUAL(answers, expected);
}

static json_int_t
number_of(const struct db_segment *s, const char *name)
{
	return json_integer_value(
	    json_object_get(json_array_get(db_rows(s, 0), 0), name));
}

static const char *
text_of(const struct db_segment *s, const char *name)
{
	const char *value = json_string_value(
	    json_object_get(json_array_get(db_rows(s, 0), 0), name));

	return value == NULL ? "" : value;
}

static void
the_first_goes_at_once_and_the_others_together(void)
{
	struct db_segment *s[5];

	if (!begin((struct db_settings){ .connections = 4, .depth = 2 }))
		return;
	s[0] = submit("one", "a");
	for (int i = 1; i < 5; i++)
		s[i] = submit("one", "b");
	turn_until(5);
	CU_ASSERT_EQUAL(number_of(s[0], "size"), 1);
	for (int i = 1; i < 5; i++) {
		CU_ASSERT_EQUAL(db_state(s[i]), DB_DONE);
		CU_ASSERT_EQUAL(number_of(s[i], "size"), 4);
		CU_ASSERT_EQUAL(number_of(s[i], "place"), i + 1);
	}
	CU_ASSERT_STRING_EQUAL(text_of(s[0], "what"), "a");
	CU_ASSERT_STRING_EQUAL(text_of(s[4], "what"), "b");
	end();
}

static void
scopes_do_not_wait_for_each_other(void)
{
	struct db_segment *s[3];

	if (!begin((struct db_settings){ .connections = 4, .depth = 1 }))
		return;
	s[0] = submit("one", "slow");
	s[1] = submit("one", "a");
	s[2] = submit("two", "b");
	turn_until(1);
	CU_ASSERT_EQUAL(db_state(s[2]), DB_DONE);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_WAITING);
	turn_until(3);
	end();
}

static void
one_bad_entry_refuses_itself_alone(void)
{
	struct db_segment *s[4];
	struct fault f = { 0 };

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	submit("one", "slow");
	s[0] = submit("one", "a");
	s[1] = submit("one", "bad");
	s[2] = submit("one", "silent");
	s[3] = submit("one", "d");
	turn_until(5);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_REFUSED);
	CU_ASSERT_EQUAL(db_fault(s[1], &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_INPUT);
	CU_ASSERT_STRING_EQUAL(f.key, "test.bad");
	CU_ASSERT_STRING_EQUAL(f.field, "what");
	CU_ASSERT_EQUAL(f.number, 7);
	CU_ASSERT_PTR_NULL(db_rows(s[1], 0));
	CU_ASSERT_EQUAL(db_fault(s[2], &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
	CU_ASSERT_EQUAL(db_state(s[3]), DB_DONE);
	CU_ASSERT_EQUAL(number_of(s[3], "place"), 3);
	end();
}

static void
what_refuses_all_is_each_ones_answer(void)
{
	struct db_segment *s[3];
	struct fault f = { 0 };

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	submit("one", "slow");
	s[0] = submit("one", "a");
	s[1] = submit("one", "all");
	turn_until(3);
	s[2] = submit("one", "after");
	turn_until(4);
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(db_fault(s[i], &f), -1);
		CU_ASSERT_EQUAL(f.kind, FAULT_CONFLICT);
		CU_ASSERT_STRING_EQUAL(f.key, "test.all_refused");
	}
	CU_ASSERT_EQUAL(db_state(s[2]), DB_DONE);
	end();
}

static void
what_a_deadlock_undid_is_done_again(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	submit("one", "slow");
	s[0] = submit("one", "a");
	s[1] = submit("one", "victim");
	turn_until(3);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_DONE);
	CU_ASSERT_EQUAL(number_of(s[1], "place"), 3);
	end();
}

static void
a_lost_connection_loses_those_under_way_alone(void)
{
	struct db_segment *s[4];

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	submit("one", "slow");
	s[0] = submit("one", "a");
	s[1] = submit("one", "end");
	turn_until(1);
	s[2] = submit("one", "next");
	turn_until(4);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_LOST);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_LOST);
	CU_ASSERT_EQUAL(db_state(s[2]), DB_DONE);
	end();
}

static void
a_batch_has_a_limit(void)
{
	static struct db_segment *s[MANY];
	json_int_t most = 0;

	if (!begin((struct db_settings){ .connections = 2, .depth = 2 }))
		return;
	for (int i = 0; i < MANY; i++)
		s[i] = submit("one", i == 0 ? "slow" : "a");
	turn_until(MANY);
	for (int i = 0; i < MANY; i++) {
		CU_ASSERT_EQUAL(db_state(s[i]), DB_DONE);
		CU_ASSERT_EQUAL(number_of(s[i], "place"), i + 1);
		if (number_of(s[i], "size") > most)
			most = number_of(s[i], "size");
	}
	CU_ASSERT_EQUAL(most, 250);
	end();
}

static void
too_many_are_refused_as_busy(void)
{
	struct fault f = { 0 };
	struct db_counts counts;

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 2, .together = 3 }))
		return;
	submit("one", "slow");
	for (int i = 0; i < 3; i++)
		submit("one", "a");
	db_counts(pool, &counts);
	CU_ASSERT_EQUAL(counts.together, 3);
	CU_ASSERT_EQUAL(
	    db_submit(pool, entry("one", "b"), count, NULL, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	turn_until(4);
	db_counts(pool, &counts);
	CU_ASSERT_EQUAL(counts.together, 0);
	submit("one", "c");
	turn_until(5);
	end();
}

static void
who_waits_too_long_is_late(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 2, .together_ms = 50 }))
		return;
	s[0] = submit("one", "slow");
	s[1] = submit("one", "a");
	turn_until(2);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_LATE);
	end();
}

static void
who_left_is_not_asked_for(void)
{
	struct db_segment *s[3];

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	s[0] = submit("one", "slow");
	s[1] = submit("one", "gone");
	s[2] = submit("one", "a");
	db_detach(s[0]); /* under way: it is done, but nobody hears of it */
	db_detach(s[1]);
	turn_until(1);
	CU_ASSERT_EQUAL(number_of(s[2], "size"), 1);
	CU_ASSERT_EQUAL(number_of(s[2], "place"), 2);
	end();
}

static void
closing_says_lost_to_who_waits(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	s[0] = submit("one", "slow");
	s[1] = submit("one", "a");
	db_close(pool);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_LOST);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_LOST);
	CU_ASSERT_EQUAL(answers, 2);
	arena_free(arena);
	poll_loop_free(loop);
}

static void
a_batch_hurries_when_one_does(void)
{
	struct db_segment *s;
	struct fault f = { 0 };

	if (!begin((struct db_settings){ .connections = 1, .depth = 2 }))
		return;
	s = entry("one", "a");
	db_hurry(s);
	CU_ASSERT_EQUAL(db_submit(pool, s, count, NULL, &f), 0);
	turn_until(1);
	CU_ASSERT_STRING_EQUAL(text_of(s, "durable"), "off");
	end();
}

SUITE(batch, SAYS(the_first_goes_at_once_and_the_others_together),
    SAYS(scopes_do_not_wait_for_each_other),
    SAYS(one_bad_entry_refuses_itself_alone),
    SAYS(what_refuses_all_is_each_ones_answer),
    SAYS(what_a_deadlock_undid_is_done_again),
    SAYS(a_lost_connection_loses_those_under_way_alone),
    SAYS(a_batch_has_a_limit), SAYS(too_many_are_refused_as_busy),
    SAYS(who_waits_too_long_is_late), SAYS(who_left_is_not_asked_for),
    SAYS(closing_says_lost_to_who_waits), SAYS(a_batch_hurries_when_one_does))
