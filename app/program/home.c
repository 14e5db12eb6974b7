/* The first page, and the search over programs, events, sessions, records. */
#include <string.h>

#include "base/arena.h"
#include "program/acts.h"
#include "sql.h"
#include "web/nav.h"

enum { HOME_CARDS = 6, FOUND_A_PAGE = 20, PAGES_MOST = 100 };

static const char *const kinds[] = { "program", "event", "session", "record",
	NULL };

static const struct field find_fields[] = {
	{ .name = "q", .kind = FIELD_WORD, .most = 200 },
	{ .name = "kind", .kind = FIELD_CHOICE, .choices = kinds },
	{ .name = "page",
	    .kind = FIELD_NUMBER,
	    .least = 1,
	    .most = PAGES_MOST },
	{ .name = NULL }
};

static int
home_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "limit", arena_printf(visit_arena(v), "%d", HOME_CARDS));

	return 0;
}

static void
crop(json_t *list, size_t most)
{
	while (json_array_size(list) > most)
		json_array_remove(list, json_array_size(list) - 1);
}

/* What was called off is no invitation. */
static void
drop_cancelled(json_t *events)
{
	for (size_t i = json_array_size(events); i-- > 0;)
		if (!json_is_true(json_object_get(
		        json_array_get(events, i), "is_published")))
			json_array_remove(events, i);
}

static int
home_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	drop_cancelled(json_object_get(page, "events"));
	crop(json_object_get(page, "events"), HOME_CARDS);
	crop(json_object_get(page, "programs"), HOME_CARDS);

	return 0;
}

/* Each kind has its own door: /programs/3, /records/7. */
static int
find_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *results = json_object_get(page, "results"), *row;
	const char *q = visit_field(v, "q");
	json_int_t found = json_integer_value(
	    json_object_get(json_array_get(results, 0), "total"));
	size_t i;

	(void)f;
	json_array_foreach(results, i, row)
	{
		json_object_set_new(row, "href",
		    json_sprintf("/%ss/%lld",
		        json_string_value(json_object_get(row, "kind")),
		        (long long)json_integer_value(
		            json_object_get(row, "id"))));
		json_object_del(row, "total");
		if (json_equal(json_object_get(row, "title"),
		        json_object_get(row, "event_title")))
			json_object_set_new(row, "event_title", json_null());
	}
	json_object_set_new(page, "q", json_string(q == NULL ? "" : q));
	json_object_set_new(
	    page, "asked", json_boolean(q != NULL && q[0] != '\0'));
	json_object_set_new(page, "found", json_integer(found));
	nav_by_number(v, page, (long)found, FOUND_A_PAGE);

	return 0;
}

const struct act program_home = { .room = "program",
	.summary = "What comes next, which programs there are, what is new in "
	           "the archive",
	.before = home_before,
	.asks = { { "events", &SQL_SCHEDULE_EVENTS, MANY },
	    { "programs", &SQL_PROGRAM_LIST, MANY },
	    { "records", &SQL_ARCHIVE_LIST, MANY } },
	.answer = home_answer,
	.page = "web/home" };

const struct act program_find = { .room = "program",
	.summary = "Finds programs, events, sessions and records by words",
	.fields = find_fields,
	.asks = { { "results", &SQL_PROGRAM_SEARCH, MANY } },
	.answer = find_answer,
	.page = "schedule/search" };
