/* One statement on a connection of its own. */
#include <stdarg.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/config.h"
#include "db/db.h"
#include "db/once.h"

static void
bind_all(struct db_segment *segment, va_list pairs)
{
	const char *name;

	while ((name = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);

		db_bind(segment, name, value);
	}
}

json_t *
db_once(struct arena *arena, const struct sql *sql, struct fault *f, ...)
{
	const struct sql *const statements[] = { sql, NULL };
	struct db_settings settings = { .connect = config("database_owner"),
		.statements = statements };
	struct db_pool *pool = db_open_waiting(&settings, f);
	struct db_segment *segment;
	va_list pairs;
	int ret;

	if (pool == NULL)
		return NULL;
	segment = db_segment(arena);
	db_ask(segment, sql);
	va_start(pairs, f);
	bind_all(segment, pairs);
	va_end(pairs);
	ret = db_run(pool, segment, f);
	db_close(pool);

	return ret == -1 ? NULL : db_rows(segment, 0);
}
