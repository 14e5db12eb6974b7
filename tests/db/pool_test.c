/*
 * Pools against a real server: CONVENE_TEST_DATABASE is a connection string of
 * a role that may create a schema and end connections.
 */
#include "support/suite.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "db/inside.h"
#include "db/listen.h"
#include "db/poll.h"

/* clang-format off */
static const char *const of_enter[] = { "token", "need", "scope", "id" };
static const struct sql enter = { "enter",
	"select p as person_id, $3::text as scope, $4::bigint as scope_id "
	"from pool_test.enter($1::bytea, $2::text) p", 4, of_enter };
static const struct sql who = { "who",
	"select current_setting('convene.actor', true) as actor", 0, NULL };
static const char *const of_note[] = { "body" };
static const struct sql note = { "note",
	"insert into pool_test.note (body) values ($1::text) "
	"returning id, body", 1, of_note };
static const struct sql notes = { "notes",
	"select count(*) as n from pool_test.note where body = $1::text", 1,
	of_note };
static const char *const of_seconds[] = { "seconds" };
static const struct sql slow = { "slow",
	"select pg_sleep($1::float8), pg_backend_pid() as pid", 1, of_seconds };
static const struct sql end_others = { "end_others",
	"select count(pg_terminate_backend(a.pid)) as n "
	"from pg_stat_activity a where a.application_name = $1::text", 1,
	of_note };
static const struct sql settings = { "settings",
	"select current_setting('statement_timeout') as s, "
	"current_setting('lock_timeout') as l, "
	"current_setting('timezone') as z, "
	"current_setting('idle_in_transaction_session_timeout') as i", 0, NULL };
static const struct sql wrong = { "wrong", "select nothing from nowhere", 0,
	NULL };
static const struct sql shout = { "shout",
	"select pg_notify('pool_test', $1::text)", 1, of_note };
static const struct sql commits = { "commits",
	"insert into pool_test.note (body) "
	"values (current_setting('synchronous_commit')) returning body", 0,
	NULL };
static const struct sql hurry = { "db_hurry",
	"select set_config('synchronous_commit', 'off', true)", 0, NULL };
static const struct sql flush = { "db_flush",
	"select pg_logical_emit_message(true, 'pool_test', '') "
	"from pg_sleep(0.2)", 0, NULL };
static const struct sql torn = { "db_flush",
	"select pg_terminate_backend(pg_backend_pid())", 0, NULL };
static const struct sql failing = { "db_flush", "select 1 / 0", 0, NULL };
static const struct sql *const statements[] = { &who, &note, &notes, &slow,
	&end_others, &settings, &shout, &commits, &hurry, NULL };
static const struct sql *const with_wrong[] = { &wrong, &who, NULL };

static const char schema[] =
    "set client_min_messages = error;"
    "drop schema if exists pool_test cascade; create schema pool_test;"
    "create table pool_test.note (id bigint generated always as identity,"
    " body text not null constraint note_not_empty check (body <> ''));"
    "create function pool_test.enter(token bytea, need text) returns bigint"
    " language plpgsql as $$ declare v bigint := length(token); begin"
    " if need = 'member' and v is null then raise exception using"
    " errcode = '28000', message = 'account.sign_in'; end if;"
    " if need = 'admin' then raise exception using"
    " errcode = '42501', message = 'account.denied'; end if;"
    " perform set_config('convene.actor', coalesce(v::text, ''), true);"
    " return v; end $$";
/* clang-format on */

static struct poll_loop *loop;
static struct db_pool *pool;
static struct arena *arena;
static int answers;

static const char *
database(void)
{
	const char *connect = getenv("CONVENE_TEST_DATABASE");

	if (connect == NULL)
		SKIP("CONVENE_TEST_DATABASE is not set");
	return connect;
}

static const char *
named(const char *name)
{
	return arena_printf(arena, "%s fallback_application_name=%s",
	    getenv("CONVENE_TEST_DATABASE"), name);
}

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

	if (database() == NULL)
		return false;
	pg = PQconnectdb(database());
	r = PQexec(pg, schema);
	CU_ASSERT_EQUAL(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
	PQfinish(pg);

	arena = arena_new();
	loop = poll_loop_new();
	answers = 0;
	s.connect = named("pool_test");
	s.statements = s.statements == NULL ? statements : s.statements;
	s.enter = &enter;
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
segment(const char *token, const char *need, const struct sql *sql,
    const char *value)
{
	struct db_segment *s = db_segment(arena);

	if (need != NULL)
		db_enter(s, token, need, "event", 5);
	db_ask(s, sql);
	if (value != NULL)
		db_bind(s, sql->parameter[0], value);
	return s;
}

static struct db_segment *
submit(struct db_segment *s)
{
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

static const char *
text_of(const struct db_segment *s, const char *name)
{
	const char *value = json_string_value(
	    json_object_get(json_array_get(db_rows(s, 0), 0), name));

	return value == NULL ? "" : value;
}

static json_int_t
number_of(const struct db_segment *s, const char *name)
{
	return json_integer_value(
	    json_object_get(json_array_get(db_rows(s, 0), 0), name));
}

/* What another connection counts: only what was committed. */
static json_int_t
notes_of(const char *body)
{
	int before = answers;
	struct db_segment *s = submit(segment(NULL, NULL, &notes, body));

	turn_until(before + 1);
	return number_of(s, "n");
}

static void
end_connections(const char *name)
{
	struct db_settings s = { .connect = named("killer"),
		.statements = statements };
	struct fault f = { 0 };
	struct db_pool *killer = db_open_waiting(&s, &f);
	struct db_segment *kill = segment(NULL, NULL, &end_others, name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(killer);
	CU_ASSERT_EQUAL(db_run(killer, kill, &f), 0);
	CU_ASSERT(number_of(kill, "n") > 0);
	db_close(killer);
}

static void
a_refused_guard_aborts_its_own_segment_alone(void)
{
	struct db_segment *s[5];

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	s[0] = submit(segment("a", "member", &note, "first"));
	s[1] = submit(segment(NULL, "member", &note, "nobody"));
	s[2] = submit(segment("abc", "member", &note, "third"));
	s[3] = submit(segment("a", "admin", &note, "denied"));
	s[4] = submit(segment("a", "member", &note, ""));
	turn_until(5);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_REFUSED);
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[1]), "28000");
	CU_ASSERT_STRING_EQUAL(db_message(s[1]), "account.sign_in");
	CU_ASSERT_PTR_NULL(db_rows(s[1], 0));
	CU_ASSERT_EQUAL(db_state(s[2]), DB_DONE);
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[3]), "42501");
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[4]), "23514");
	CU_ASSERT_STRING_EQUAL(db_constraint(s[4]), "note_not_empty");
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(db_entered(s[2]), "person_id")),
	    3);
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(db_entered(s[2]), "scope_id")),
	    5);
	CU_ASSERT_EQUAL(notes_of("third"), 1);
	CU_ASSERT_EQUAL(notes_of("nobody") + notes_of("denied"), 0);
	end();
}

static void
a_later_statement_that_fails_undoes_the_earlier(void)
{
	struct db_segment *s;

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	s = segment("a", "member", &note, "earlier");
	db_ask(s, &note);
	db_bind(s, "body", "");
	submit(s);
	turn_until(1);
	CU_ASSERT_EQUAL(db_state(s), DB_REFUSED);
	CU_ASSERT_EQUAL(notes_of("earlier"), 0);
	end();
}

static void
the_actor_does_not_leak(void)
{
	struct db_segment *s[3];

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	s[0] = submit(segment("four", "member", &who, NULL));
	s[1] = submit(segment(NULL, NULL, &who, NULL));
	s[2] = submit(segment(NULL, "anyone", &who, NULL));
	turn_until(3);
	CU_ASSERT_STRING_EQUAL(text_of(s[0], "actor"), "4");
	CU_ASSERT_STRING_EQUAL(text_of(s[1], "actor"), "");
	CU_ASSERT_STRING_EQUAL(text_of(s[2], "actor"), "");
	end();
}

static void
a_write_that_was_lost_is_said_to_be_lost(void)
{
	struct db_segment *s;
	struct fault f = { 0 };

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	s = segment("a", "member", &note, "once");
	db_ask(s, &slow);
	db_bind(s, "seconds", "5");
	submit(s);
	poll_loop_turn(loop, 50);
	end_connections("pool_test");
	turn_until(1);
	CU_ASSERT_EQUAL(db_state(s), DB_LOST);
	CU_ASSERT_EQUAL(db_fault(s, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	turn_until_up(1);
	CU_ASSERT_EQUAL(notes_of("once"), 0);
	end();
}

static void
who_hurries_is_answered_after_the_flush(void)
{
	int64_t since = clock_monotonic();
	struct db_segment *s[5];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 8, .flush = &flush }))
		return;
	s[0] = segment("four", "member", &commits, NULL);
	db_ask(s[0], &who);
	s[1] = segment(NULL, "member", &note, "nobody");
	s[2] = segment(NULL, NULL, &note, "");
	s[3] = segment(NULL, NULL, &commits, NULL);
	for (int i = 0; i < 4; i++) {
		db_hurry(s[i]);
		submit(s[i]);
	}
	s[4] = submit(segment(NULL, NULL, &commits, NULL));
	turn_until(5);
	CU_ASSERT(clock_monotonic() - since >= 800);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_STRING_EQUAL(text_of(s[0], "body"), "off");
	CU_ASSERT_STRING_EQUAL(
	    json_string_value(
	        json_object_get(json_array_get(db_rows(s[0], 1), 0), "actor")),
	    "4");
	CU_ASSERT_EQUAL(
	    json_integer_value(json_object_get(db_entered(s[0]), "person_id")),
	    4);
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[1]), "28000");
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[2]), "23514");
	CU_ASSERT_STRING_EQUAL(text_of(s[3], "body"), "off");
	CU_ASSERT_PTR_NULL(db_entered(s[3]));
	CU_ASSERT_STRING_EQUAL(text_of(s[4], "body"), "on");
	end();
}

/* Committed, and perhaps on the disk: nobody is told yes. */
static void
what_was_not_made_durable_is_lost(void)
{
	static const struct sql *const ways[] = { &torn, &failing };

	for (int i = 0; i < 2; i++) {
		struct db_segment *s;

		if (!begin((struct db_settings){
		        .connections = 1, .depth = 8, .flush = ways[i] }))
			return;
		s = segment(NULL, NULL, &note, "unsure");
		db_hurry(s);
		submit(s);
		turn_until(1);
		CU_ASSERT_EQUAL(db_state(s), DB_LOST);
		CU_ASSERT_PTR_NULL(db_rows(s, 0));
		turn_until_up(1);
		CU_ASSERT_EQUAL(notes_of("unsure"), 1);
		end();
	}
}

static void
without_its_statements_nobody_hurries(void)
{
	struct fault f = { 0 };
	struct db_segment *s;

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	s = segment(NULL, NULL, &note, "hurried");
	db_hurry(s);
	CU_ASSERT_EQUAL(db_submit(pool, s, count, NULL, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	end();
}

static void
a_read_that_was_lost_is_asked_again_once(void)
{
	struct db_segment *s[2];
	struct db_counts counts;

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 8, .reads = true }))
		return;
	s[0] = submit(segment("four", "member", &slow, "0.7"));
	s[1] = submit(segment("four", "member", &who, NULL));
	poll_loop_turn(loop, 50);
	end_connections("pool_test");
	turn_until(2);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_DONE);
	CU_ASSERT_STRING_EQUAL(text_of(s[1], "actor"), "4");
	s[0] = submit(segment(NULL, NULL, &slow, "5"));
	for (int i = 0; i < 2; i++) {
		poll_loop_turn(loop, 50);
		end_connections("pool_test");
		for (int t = 0; t < 10; t++)
			poll_loop_turn(loop, 30);
	}
	turn_until(3);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_LOST);
	db_counts(pool, &counts);
	CU_ASSERT_EQUAL(counts.lost, 1);
	CU_ASSERT_EQUAL(counts.in_flight + counts.waiting, 0);
	turn_until_up(1);
	end();
}

/* The pid of the connection that the pool has. */
static pid_t
backend(void)
{
	int before = answers;
	struct db_segment *s = submit(segment(NULL, NULL, &slow, "0"));

	turn_until(before + 1);
	return (pid_t)number_of(s, "pid");
}

static void
a_server_that_hangs_is_not_waited_for(void)
{
	for (int reads = 0; reads < 2; reads++) {
		int64_t since;
		struct db_segment *s[2];
		struct fault f = { 0 };
		pid_t pid;

		if (!begin((struct db_settings){ .connections = 1,
		        .depth = 8,
		        .answer_ms = 300,
		        .reads = reads == 1 }))
			return;
		pid = backend();
		CU_ASSERT_EQUAL_FATAL(kill(pid, SIGSTOP), 0);
		since = clock_monotonic();
		s[0] = submit(segment(NULL, NULL, &note, "hung"));
		s[1] = submit(segment(NULL, NULL, &who, NULL));
		turn_until(3);
		CU_ASSERT(clock_monotonic() - since >= 300);
		CU_ASSERT(clock_monotonic() - since < 9000);
		CU_ASSERT_EQUAL(db_state(s[0]), DB_LOST);
		CU_ASSERT_EQUAL(db_state(s[1]), DB_LOST);
		CU_ASSERT_EQUAL(db_fault(s[0], &f), -1);
		CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
		turn_until_up(1);
		CU_ASSERT_NOT_EQUAL(backend(), pid);
		kill(pid, SIGCONT);
		end();
	}
}

/* Each word that comes gives it time again. */
static void
a_server_that_speaks_is_waited_for(void)
{
	struct db_segment *s[3];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 8, .answer_ms = 2000 }))
		return;
	for (int i = 0; i < 3; i++)
		s[i] = submit(segment(NULL, NULL, &slow, "0.8"));
	turn_until(3);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(db_state(s[i]), DB_DONE);
	end();
}

static void
a_full_queue_refuses_as_busy(void)
{
	struct fault f = { 0 };
	struct db_segment *s[4];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 1, .waiting = 2 }))
		return;
	for (int i = 0; i < 4; i++)
		s[i] = segment(NULL, NULL, &slow, "0.1");
	for (int i = 0; i < 3; i++)
		submit(s[i]);
	CU_ASSERT_EQUAL(db_submit(pool, s[3], count, NULL, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	turn_until(3);
	submit(s[3]);
	turn_until(4);
	end();
}

static void
who_waits_too_long_is_late(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 1, .wait_ms = 100 }))
		return;
	s[0] = submit(segment(NULL, NULL, &slow, "0.5"));
	s[1] = submit(segment(NULL, NULL, &note, "late"));
	turn_until(1);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_WAITING);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_LATE);
	turn_until(2);
	CU_ASSERT_EQUAL(notes_of("late"), 0);
	end();
}

static void
nothing_up_refuses_at_once(void)
{
	struct fault f = { 0 };
	struct db_settings s = { .connect = "host=/nonexistent",
		.statements = statements,
		.connections = 2 };

	arena = arena_new();
	loop = poll_loop_new();
	pool = db_open(&s, poll_loop_db(loop));
	poll_loop_turn(loop, 10);
	CU_ASSERT_EQUAL(
	    db_submit(pool, segment(NULL, NULL, &who, NULL), count, NULL, &f),
	    -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	end();
}

/* A visit that ended, with its arena, while its segments were under way. */
static void
who_left_changes_nothing(void)
{
	struct arena *kept, *visit;
	struct db_segment *s;

	if (!begin((struct db_settings){ .connections = 1, .depth = 1 }))
		return;
	kept = arena;
	arena = visit = arena_new();
	s = segment("a", "member", &note, "detached");
	db_ask(s, &slow);
	db_bind(s, "seconds", "0.1");
	submit(s);
	submit(segment(NULL, NULL, &note, "never sent"));
	db_detach(s);
	arena_free(visit);
	arena = kept;
	CU_ASSERT_EQUAL(notes_of("detached"), 1);
	CU_ASSERT_EQUAL(notes_of("never sent"), 0);
	CU_ASSERT_EQUAL(answers, 2);
	end();
}

static void
closing_says_lost_to_who_waits(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){ .connections = 1, .depth = 1 }))
		return;
	s[0] = submit(segment(NULL, NULL, &slow, "1"));
	s[1] = submit(segment(NULL, NULL, &who, NULL));
	db_close(pool);
	CU_ASSERT_EQUAL(answers, 2);
	CU_ASSERT_EQUAL(db_state(s[0]), DB_LOST);
	CU_ASSERT_EQUAL(db_state(s[1]), DB_LOST);
	arena_free(arena);
	poll_loop_free(loop);
}

static void
a_session_has_its_settings(void)
{
	struct db_segment *s;

	if (!begin((struct db_settings){ .connections = 1,
	        .depth = 1,
	        .statement_ms = 1234,
	        .lock_ms = 567 }))
		return;
	s = submit(segment(NULL, NULL, &settings, NULL));
	turn_until(1);
	CU_ASSERT_STRING_EQUAL(text_of(s, "s"), "1234ms");
	CU_ASSERT_STRING_EQUAL(text_of(s, "l"), "567ms");
	CU_ASSERT_STRING_EQUAL(text_of(s, "i"), "10s");
	CU_ASSERT_STRING_EQUAL(text_of(s, "z"), "UTC");
	end();
}

static void
one_wrong_statement_leaves_the_others(void)
{
	struct db_segment *s[2];

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 1, .statements = with_wrong }))
		return;
	s[0] = submit(segment(NULL, NULL, &wrong, NULL));
	s[1] = submit(segment("ab", "member", &who, NULL));
	turn_until(2);
	CU_ASSERT_STRING_EQUAL(db_sqlstate(s[0]), "26000");
	CU_ASSERT_STRING_EQUAL(text_of(s[1], "actor"), "2");
	end();
}

static void
submit_within_done(struct db_segment *s, void *context)
{
	struct fault f = { 0 };
	int *left = context;

	CU_ASSERT_EQUAL(db_state(s), DB_DONE);
	answers++;
	if (--*left > 0)
		CU_ASSERT_EQUAL(
		    db_submit(pool, segment("a", "member", &who, NULL),
		        submit_within_done, left, &f),
		    0);
}

static void
an_answer_may_ask_again(void)
{
	struct fault f = { 0 };
	int left = 50;

	if (!begin((struct db_settings){ .connections = 2, .depth = 4 }))
		return;
	CU_ASSERT_EQUAL(db_submit(pool, segment("a", "member", &who, NULL),
	                    submit_within_done, &left, &f),
	    0);
	CU_ASSERT_EQUAL(answers, 0);
	turn_until(50);
	end();
}

static void
large_values_pass_both_ways(void)
{
	enum { SIZE = 3000000 };
	struct db_segment *s[4];
	char *large;

	if (!begin((struct db_settings){ .connections = 1, .depth = 8 }))
		return;
	large = arena_alloc(arena, SIZE + 1);
	memset(large, 'x', SIZE);
	for (int i = 0; i < 4; i++)
		s[i] = submit(segment("a", "member", &note, large));
	turn_until(4);
	for (int i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(strlen(text_of(s[i], "body")), SIZE);
	end();
}

/* What was prepared is gone, as after a pooler's change of server. */
static const struct sql deallocate = { "deallocate", "deallocate all", 0,
	NULL };
static const struct sql *const with_deallocate[] = { &deallocate, &who, NULL };

static void
a_plan_that_is_gone_is_prepared_anew(void)
{
	struct db_segment *s;

	if (!begin((struct db_settings){
	        .connections = 1, .depth = 4, .statements = with_deallocate }))
		return;
	submit(segment(NULL, NULL, &deallocate, NULL));
	s = submit(segment("abc", "member", &who, NULL));
	turn_until(2);
	CU_ASSERT_EQUAL(db_state(s), DB_DONE);
	CU_ASSERT_STRING_EQUAL(text_of(s, "actor"), "3");
	end();
}

static void
hear(void *context, const char *channel, const char *payload)
{
	char *heard = context;

	CU_ASSERT_STRING_EQUAL(channel, "pool_test");
	strcat(heard, payload == NULL ? "anew " : payload);
	answers++;
}

static void
a_listener_hears_and_comes_back(void)
{
	static const char *const channels[] = { "pool_test", NULL };
	char heard[100] = "";
	struct db_listen *l;

	if (!begin((struct db_settings){ .connections = 1, .depth = 4 }))
		return;
	l = db_listen(
	    named("listener"), channels, poll_loop_db(loop), hear, heard);
	turn_until(1);
	submit(segment(NULL, NULL, &shout, "mail "));
	turn_until(3);
	end_connections("listener");
	turn_until(4);
	submit(segment(NULL, NULL, &shout, "job"));
	turn_until(6);
	CU_ASSERT_STRING_EQUAL(heard, "anew mail anew job");
	db_listen_close(l);
	end();
}

SUITE(pool, SAYS(a_refused_guard_aborts_its_own_segment_alone),
    SAYS(a_later_statement_that_fails_undoes_the_earlier),
    SAYS(the_actor_does_not_leak),
    SAYS(a_write_that_was_lost_is_said_to_be_lost),
    SAYS(who_hurries_is_answered_after_the_flush),
    SAYS(what_was_not_made_durable_is_lost),
    SAYS(without_its_statements_nobody_hurries),
    SAYS(a_read_that_was_lost_is_asked_again_once),
    SAYS(a_server_that_hangs_is_not_waited_for),
    SAYS(a_server_that_speaks_is_waited_for),
    SAYS(a_full_queue_refuses_as_busy), SAYS(who_waits_too_long_is_late),
    SAYS(nothing_up_refuses_at_once), SAYS(who_left_changes_nothing),
    SAYS(closing_says_lost_to_who_waits), SAYS(a_session_has_its_settings),
    SAYS(one_wrong_statement_leaves_the_others), SAYS(an_answer_may_ask_again),
    SAYS(large_values_pass_both_ways),
    SAYS(a_plan_that_is_gone_is_prepared_anew),
    SAYS(a_listener_hears_and_comes_back))
