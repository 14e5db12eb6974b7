/* Asks the database whether what must hold does. */
#include "verify_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "db/db.h"
#include "sql.h"

/* Rows shown of a statement that finds many; and how long it may look. */
enum { SHOWN = 20, STATEMENT_MS = 600000 };

static const char prefix[] = "verify_";

static int
is_asked(const struct sql *sql, int argc, char **argv)
{
	if (strncmp(sql->name, prefix, strlen(prefix)) != 0)
		return 0;
	for (int i = 1; i < argc; i++)
		if (strncmp(sql->name + strlen(prefix), argv[i],
		        strlen(argv[i])) == 0)
			return 1;

	return argc == 1;
}

static void
show(const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		char *words = json_dumps(row, JSON_COMPACT);

		if (i == SHOWN) {
			printf(
			    "  and %zu more\n", json_array_size(rows) - SHOWN);
			free(words);
			break;
		}
		printf("  %s\n", words);
		free(words);
	}
}

/* 0 when no row is found. */
static int
ask(struct db_pool *pool, const struct sql *sql)
{
	struct arena *arena = arena_new();
	struct db_segment *s = db_segment(arena);
	struct fault f = { 0 };
	int ret = 1;

	db_ask(s, sql);
	if (db_run(pool, s, &f) == -1) {
		printf("%s cannot be asked: %s\n", sql->name, f.detail);
	} else if (json_array_size(db_rows(s, 0)) == 0) {
		printf("%s ok\n", sql->name);
		ret = 0;
	} else {
		printf("%s %zu\n", sql->name, json_array_size(db_rows(s, 0)));
		show(db_rows(s, 0));
	}
	fflush(stdout);
	arena_free(arena);

	return ret;
}

/* A list of those to be asked, NULL-ended, for the connection to prepare. */
static const struct sql **
asked(struct arena *arena, int argc, char **argv)
{
	const struct sql **list;
	size_t all = 0, n = 0;

	while (sql_all[all] != NULL)
		all++;
	list = arena_alloc(arena, (all + 1) * sizeof(const struct sql *));
	for (size_t i = 0; i < all; i++)
		if (is_asked(sql_all[i], argc, argv))
			list[n++] = sql_all[i];

	return list;
}

int
verify_command(int argc, char **argv)
{
	struct arena *arena = arena_new();
	const struct sql **list = asked(arena, argc, argv);
	struct db_settings settings = { .connect = config("database_owner"),
		.statements = list,
		.statement_ms = STATEMENT_MS };
	struct fault f = { 0 };
	struct db_pool *pool = NULL;
	int broken = 0;

	if (list[0] == NULL) {
		fprintf(stderr, "convene: nothing to verify of that name\n");
		broken = 1;
	} else if ((pool = db_open_waiting(&settings, &f)) == NULL) {
		fprintf(stderr, "convene: %s\n", f.detail);
		broken = 1;
	}
	for (size_t i = 0; pool != NULL && list[i] != NULL; i++)
		broken |= ask(pool, list[i]);
	if (pool != NULL)
		db_close(pool);
	arena_free(arena);

	return broken;
}
