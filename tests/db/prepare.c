/*
 * Prepares every named statement as the web's role would, and says in TAP
 * which were refused: a misspelt column, a parameter without a type.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "sql.h"

static const char *
first_line(char *message)
{
	message[strcspn(message, "\n")] = '\0';
	return message;
}

static int
untyped(PGconn *pg, const struct sql *sql)
{
	PGresult *r = PQdescribePrepared(pg, sql->name);
	int ret = PQnparams(r) != sql->parameters;

	PQclear(r);
	return ret;
}

static int
prepare(PGconn *pg, const struct sql *sql, int number)
{
	PGresult *r = PQprepare(pg, sql->name, sql->text, 0, NULL);
	int failed = PQresultStatus(r) != PGRES_COMMAND_OK;

	PQclear(r);
	if (!failed && untyped(pg, sql))
		failed = 1;
	printf("%sok %d - %s\n", failed ? "not " : "", number, sql->name);
	if (failed)
		printf("# %s\n", first_line(PQerrorMessage(pg)));
	return failed;
}

int
main(int argc, char **argv)
{
	PGconn *pg = PQconnectdb(argc > 1 ? argv[1] : "");
	int failed = 0, number = 0;

	if (PQstatus(pg) != CONNECTION_OK) {
		printf("Bail out! %s\n", PQerrorMessage(pg));
		return 2;
	}
	for (const struct sql *const *s = sql_all; *s != NULL; s++)
		failed += prepare(pg, *s, ++number);
	printf("1..%d\n", number);
	PQfinish(pg);
	return failed != 0;
}
