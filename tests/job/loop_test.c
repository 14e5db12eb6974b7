/*
 * Jobs as the worker runs them, on a migrated database beside that of
 * CONVENE_TEST_DATABASE: each in a process of its own, with a lease, tried
 * again when it fails, dies, or does not end.
 */
#include "support/suite.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/poll.h"
#include "job/loop.h"
#include "sql.h"

enum { PATIENCE_MS = 10000 };

static char connect[512], file[] = "/tmp/convene-jobs-XXXXXX";
static struct poll_loop *loop;
static struct db_pool *pool;
static struct job_loop *jobs;
static int called;

/* --- what is done: in another process, which leaves a line in a file ------ */

static int
good(struct job *job, struct fault *f)
{
	FILE *out = fopen(file, "ae");

	(void)f;
	fprintf(out, "%s %d\n", job->key, job->attempts);
	return fclose(out);
}

static int
bad(struct job *job, struct fault *f)
{
	(void)job;
	return fault_detail(f, FAULT_BUSY, "", "fault.busy", "not today");
}

static int
crash(struct job *job, struct fault *f)
{
	(void)job;
	(void)f;
	abort();
}

static int
endless(struct job *job, struct fault *f)
{
	(void)job;
	(void)f;
	return (int)sleep(60);
}

static void
count(void)
{
	called++;
}

static const struct job_kind kinds[] = { { "good", good }, { "bad", bad },
	{ "crash", crash }, { "endless", endless }, { NULL, NULL } };
static const struct chore chores[] = { { NULL, 1, count }, { NULL, 0, NULL } };

/* --- the database -----------------------------------------------------------
 */

static const char *
ask(const char *connection, const char *sql)
{
	static char said[256];
	PGconn *pg = PQconnectdb(connection);
	PGresult *r = PQexec(pg, sql);

	snprintf(said, sizeof(said), "%s",
	    PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : PQerrorMessage(pg));
	PQclear(r);
	PQfinish(pg);
	return said;
}

static void
must_be(const char *sql, const char *expected)
{
	CU_ASSERT_STRING_EQUAL(ask(connect, sql), expected);
}

/* The only job, as it is now. */
static void
job_is(const char *expected)
{
	must_be("select concat_ws(' ', case when done is null then 'waits' "
	        "else 'done' end, attempts, lease_until is not null, "
	        "next_try > now(), problem) from data.job",
	    expected);
}

static void
migrated(const char *base)
{
	FILE *nowhere = fopen("/dev/null", "we");
	struct fault f = { 0 };

	snprintf(connect, sizeof(connect), "%s dbname=convene_job", base);
	ask(base, "drop database if exists convene_job");
	ask(base, "create database convene_job");
	CU_ASSERT_EQUAL_FATAL(migrate(connect, nowhere, &f), 0);
	fclose(nowhere);
	CU_ASSERT_NOT_EQUAL(close(mkstemp(file)), -1);
}

static bool
begin(int seconds)
{
	const char *base = getenv("CONVENE_TEST_DATABASE");
	int64_t until;
	struct db_settings db = { .connect = connect, .statements = sql_all };
	struct job_settings set = { .kinds = kinds,
		.chores = chores,
		.connect = connect,
		.seconds = seconds,
		.at_once = 2 };

	if (base == NULL) {
		SKIP("CONVENE_TEST_DATABASE is not set");
		return false;
	}
	if (connect[0] == '\0')
		migrated(base);
	ask(connect, "delete from data.job");
	CU_ASSERT_EQUAL(truncate(file, 0), 0);
	called = 0;
	loop = poll_loop_new();
	set.pool = pool = db_open(&db, poll_loop_db(loop));
	set.loop = poll_loop_db(loop);
	jobs = job_loop_new(&set);
	until = clock_monotonic() + PATIENCE_MS;
	while (db_up(pool) == 0 && clock_monotonic() < until)
		poll_loop_turn(loop, 50);
	return true;
}

static void
end(void)
{
	db_close(pool);
	job_loop_free(jobs);
	poll_loop_free(loop);
}

static void
turn(int milliseconds)
{
	int64_t until = clock_monotonic() + milliseconds;

	while (clock_monotonic() < until)
		poll_loop_turn(loop, 50);
}

/* Looks, and waits until what was begun has ended. */
static void
work(void)
{
	int64_t until = clock_monotonic() + PATIENCE_MS;

	job_loop_look(jobs);
	do
		poll_loop_turn(loop, 50);
	while (!job_loop_idle(jobs) && clock_monotonic() < until);
	CU_ASSERT(job_loop_idle(jobs));
}

static void
file_is(const char *expected)
{
	char said[256] = "";
	FILE *in = fopen(file, "re");

	said[fread(said, 1, sizeof(said) - 1, in)] = '\0';
	fclose(in);
	CU_ASSERT_STRING_EQUAL(said, expected);
}

/* --- tests
 * --------------------------------------------------------------------- */

static void
a_job_is_done_once(void)
{
	if (!begin(30))
		return;
	ask(connect, "select job.put('good', 'one')");
	work();
	job_is("done 1 f f ");
	work();
	file_is("one 1\n");
	end();
}

static void
one_that_fails_is_tried_again_later(void)
{
	if (!begin(30))
		return;
	ask(connect, "select job.put('bad', 'two')");
	work();
	job_is("waits 1 f t fault.busy not today");
	work();
	job_is("waits 1 f t fault.busy not today");
	ask(connect, "update data.job set kind = 'good', next_try = now()");
	work();
	job_is("done 2 f f ");
	file_is("two 2\n");
	end();
}

static void
one_that_dies_is_tried_again_later(void)
{
	if (!begin(30))
		return;
	ask(connect, "select job.put('crash', 'three')");
	work();
	job_is("waits 1 f t ended by signal 6");
	end();
}

static void
one_that_does_not_end_is_ended(void)
{
	if (!begin(1))
		return;
	ask(connect, "select job.put('endless', 'four')");
	work();
	job_is("waits 1 f t ended by signal 9");
	end();
}

/* Another worker claimed it, and is gone. */
static void
a_lease_that_ran_out_is_taken_over(void)
{
	if (!begin(30))
		return;
	ask(connect, "select job.put('good', 'five')");
	ask(connect, "select id from job.claim('{good}', 1)");
	work();
	job_is("waits 1 t f ");
	ask(connect, "update data.job set lease_until = now()");
	work();
	job_is("done 2 f f ");
	file_is("five 2\n");
	end();
}

static void
more_than_fit_are_done_one_after_the_other(void)
{
	if (!begin(30))
		return;
	ask(connect, "select count(job.put('good', 'job ' || g)) "
	             "from generate_series(1, 7) g");
	work();
	must_be("select count(*) from data.job where done is not null "
	        "and attempts = 1",
	    "7");
	end();
}

static void
chores_are_done_again_and_again(void)
{
	if (!begin(30))
		return;
	turn(2500);
	CU_ASSERT(called == 2 || called == 3);
	end();
}

static void
who_stops_begins_nothing_new(void)
{
	if (!begin(30))
		return;
	turn(50);
	called = 0;
	job_loop_drain(jobs);
	ask(connect, "select job.put('good', 'late')");
	work();
	turn(1500);
	job_is("waits 0 f f ");
	CU_ASSERT_EQUAL(called, 0);
	end();
	unlink(file);
}

SUITE(loop, SAYS(a_job_is_done_once), SAYS(one_that_fails_is_tried_again_later),
    SAYS(one_that_dies_is_tried_again_later),
    SAYS(one_that_does_not_end_is_ended),
    SAYS(a_lease_that_ran_out_is_taken_over),
    SAYS(more_than_fit_are_done_one_after_the_other),
    SAYS(chores_are_done_again_and_again), SAYS(who_stops_begins_nothing_new))
