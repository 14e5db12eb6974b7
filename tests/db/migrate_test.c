/*
 * The schema as it is compiled in, brought to a database of its own beside
 * the one of CONVENE_TEST_DATABASE.
 */
#include "support/suite.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "db/db.h"
#include "db/migrate.h"
#include "sql.h"

static char connect[512];

static PGconn *
reach(const char *string)
{
	PGconn *pg = PQconnectdb(string);

	CU_ASSERT_EQUAL_FATAL(PQstatus(pg), CONNECTION_OK);
	return pg;
}

static void
run(PGconn *pg, const char *sql)
{
	PGresult *r = PQexec(pg, sql);

	CU_ASSERT_EQUAL(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
}

/* Once for all tests here. */
static bool
begin(void)
{
	const char *base = getenv("CONVENE_TEST_DATABASE");
	PGconn *pg;

	if (base == NULL) {
		SKIP("CONVENE_TEST_DATABASE is not set");
		return false;
	}
	if (connect[0] != '\0')
		return true;
	snprintf(connect, sizeof(connect), "%s dbname=convene_migrate", base);
	pg = reach(base);
	run(pg, "set client_min_messages = error");
	run(pg, "drop database if exists convene_migrate");
	run(pg, "create database convene_migrate");
	PQfinish(pg);
	return true;
}

static int
attempt(char *said, size_t room, struct fault *f)
{
	FILE *out = fmemopen(said, room, "w");
	int ret = migrate(connect, out, f);

	fclose(out);
	if (ret == -1)
		printf("\n    %s ", f->detail);
	return ret;
}

static void
an_empty_database_becomes_ours(void)
{
	char said[4096] = "";
	struct fault f = { 0 };

	if (!begin())
		return;
	CU_ASSERT_EQUAL_FATAL(attempt(said, sizeof(said), &f), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "applied 0001_house.sql"));
}

static void
migrating_twice_applies_nothing_twice(void)
{
	char said[4096] = "";
	struct fault f = { 0 };

	if (!begin())
		return;
	CU_ASSERT_EQUAL(attempt(said, sizeof(said), &f), 0);
	CU_ASSERT_PTR_NULL(strstr(said, "applied"));
}

static void
a_migration_changed_afterwards_is_refused(void)
{
	char said[4096] = "";
	struct fault f = { 0 };
	PGconn *pg;

	if (!begin())
		return;
	pg = reach(connect);
	run(pg, "begin; create table kept as select * from data.migration; "
	        "update data.migration set sha256 = repeat('0', 64) "
	        "where name like '0002%'; commit");
	CU_ASSERT_EQUAL(attempt(said, sizeof(said), &f), -1);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(f.detail, "0002_account.sql was changed"));
	run(pg, "begin; update data.migration m set sha256 = k.sha256 "
	        "from kept k where k.name = m.name; drop table kept; commit");
	PQfinish(pg);
}

static void
functions_are_nobodys_but_ours(void)
{
	PGconn *pg;
	PGresult *r;

	if (!begin())
		return;
	pg = reach(connect);
	r = PQexec(pg,
	    "select p.oid::regprocedure from pg_proc p "
	    "join pg_namespace n on n.oid = p.pronamespace "
	    "where n.nspname in ('account', 'schedule', 'registration') "
	    "and (has_function_privilege('public', p.oid, 'execute') "
	    "or p.proowner <> 'convene_owner'::regrole)");
	CU_ASSERT_EQUAL(PQntuples(r), 0);
	PQclear(r);
	PQfinish(pg);
}

/* As the role that will send them. */
static void
every_statement_can_be_prepared(void)
{
	PGconn *pg;

	if (!begin())
		return;
	pg = reach(connect);
	run(pg, "set role convene_worker");
	for (const struct sql *const *s = sql_all; *s != NULL; s++) {
		PGresult *r = PQprepare(pg, (*s)->name, (*s)->text, 0, NULL);

		CU_ASSERT_EQUAL(PQresultStatus(r), PGRES_COMMAND_OK);
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			printf("\n    %s: %s ", (*s)->name,
			    PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
		PQclear(r);
	}
	PQfinish(pg);
}

SUITE(migrate, SAYS(an_empty_database_becomes_ours),
    SAYS(migrating_twice_applies_nothing_twice),
    SAYS(a_migration_changed_afterwards_is_refused),
    SAYS(functions_are_nobodys_but_ours), SAYS(every_statement_can_be_prepared))
