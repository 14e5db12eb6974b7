/* An event's registrations as a file, and as lists to print. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "registration/acts.h"
#include "registration/sheet.h"
#include "sql.h"
#include "web/nav.h"

/*
 * A file is made in parts, a visit to the database each, while the worker
 * turns to others in between: none of them waits longer than a part takes, no
 * job has to be waited for, and no file with people in it is left lying about.
 */
enum { PART = 1000, ROWS_MOST = 100000, FILE_MAX = 256 << 20 };

static const char *const lists[] = { "signin", "badges", NULL };

struct export
{
	enum sheet_form form;
	struct sheet *sheet;
	const char *name;
	const struct act *part;
	long rows;
	char after[24]; /* bound once, and written anew for each part */
};

static const struct field export_fields[] = { { .name = "filter",
	                                          .kind = FIELD_JSON },
	{ .name = "sensitive", .kind = FIELD_FLAG }, { .name = NULL } };

static const struct field print_fields[] = { { .name = "filter",
	                                         .kind = FIELD_JSON },
	{ .name = "list", .kind = FIELD_CHOICE, .choices = lists },
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL } };

static const struct act export_sensitive, export_part;

static int
begin(struct visit *v, json_t *page, enum sheet_form form, struct fault *f)
{
	struct export *e = arena_alloc(visit_arena(v), sizeof(*e));
	const json_t *event = json_object_get(page, "event");

	e->form = form;
	e->sheet = sheet_open(visit_arena(v), form,
	    json_string_value(json_object_get(event, "title")),
	    json_string_value(json_object_get(event, "zone")),
	    json_object_get(page, "questions"), f);
	if (e->sheet == NULL)
		return -1;
	e->name = arena_printf(visit_arena(v), "registrations-%s.%s",
	    visit_field(v, "event"), form == SHEET_CSV ? "csv" : "xlsx");
	visit_keep(v, e);
	visit_bind(v, "after", NULL);
	visit_bind(v, "most", arena_printf(visit_arena(v), "%d", PART));
	e->part = strcmp(visit_field(v, "sensitive"), "true") == 0
	              ? &export_sensitive
	              : &export_part;
	visit_then(v, e->part);

	return 0;
}

static int
csv_answer(struct visit *v, json_t *page, struct fault *f)
{
	return begin(v, page, SHEET_CSV, f);
}

static int
xlsx_answer(struct visit *v, json_t *page, struct fault *f)
{
	return begin(v, page, SHEET_XLSX, f);
}

static int
finish(struct visit *v, struct export *e, struct fault *f)
{
	struct text out;
	int ret;

	text_init(&out, FILE_MAX);
	ret = sheet_finish(e->sheet, &out, f);
	if (ret == 0) {
		visit_respond_text(v, sheet_type(e->form), out.data, out.size);
		visit_respond_header(v, "content-disposition",
		    arena_printf(visit_arena(v), "attachment; filename=\"%s\"",
		        e->name));
	}
	text_free(&out);

	return ret;
}

/* After this row comes the next part. */
static void
go_after(struct visit *v, struct export *e, const json_t *last)
{
	bool first = e->after[0] == '\0';

	snprintf(e->after, sizeof(e->after), "%lld",
	    (long long)json_integer_value(json_object_get(last, "id")));
	if (first)
		visit_bind(v, "after", e->after);
	visit_then(v, e->part);
}

/* What is sensitive stands apart, by registration: it goes to the others. */
static void
put_sensitive(json_t *rows, json_t *sensitive)
{
	json_t *by_id = json_object(), *row, *answers;
	char id[24];
	size_t i;

	json_array_foreach(sensitive, i, row)
	{
		snprintf(id, sizeof(id), "%lld",
		    (long long)json_integer_value(json_object_get(row, "id")));
		json_object_set(by_id, id, json_object_get(row, "answers"));
	}
	json_array_foreach(rows, i, row)
	{
		snprintf(id, sizeof(id), "%lld",
		    (long long)json_integer_value(json_object_get(row, "id")));
		answers = json_object_get(row, "answers");
		if (json_is_object(answers))
			json_object_update(answers, json_object_get(by_id, id));
		else if (json_object_get(by_id, id) != NULL)
			json_object_set(
			    row, "answers", json_object_get(by_id, id));
	}
	json_decref(by_id);
}

static int
part_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct export *e = visit_kept(v);
	json_t *rows = json_object_get(page, "rows");
	size_t n = json_array_size(rows);

	if (e->part == &export_sensitive)
		put_sensitive(rows, json_object_get(page, "sensitive"));
	if (sheet_rows(e->sheet, rows, f) == -1)
		return -1;
	e->rows += (long)n;
	if (n < PART || e->rows >= ROWS_MOST)
		return finish(v, e, f);
	go_after(v, e, json_array_get(rows, n - 1));
	json_array_clear(rows);
	json_array_clear(json_object_get(page, "sensitive"));

	return 0;
}

const struct act registration_csv = { .room = "registration",
	.summary = "An event's registrations as a file (CSV), at most 100,000; "
	           "sensitive answers only where they are asked for",
	.fields = export_fields,
	.asks = { { "event", &SQL_REGISTRATION_EXPORT_HEAD, ONE },
	    { "questions", &SQL_REGISTRATION_EXPORT_QUESTIONS, MANY } },
	.answer = csv_answer,
	.quiet = true };

const struct act registration_xlsx = { .room = "registration",
	.summary = "The same as a workbook (XLSX), at most 20,000",
	.fields = export_fields,
	.asks = { { "event", &SQL_REGISTRATION_EXPORT_HEAD, ONE },
	    { "questions", &SQL_REGISTRATION_EXPORT_QUESTIONS, MANY } },
	.answer = xlsx_answer,
	.quiet = true };

static const struct act export_part = {
	.asks = { { "rows", &SQL_REGISTRATION_EXPORT, MANY } },
	.answer = part_answer,
	.quiet = true
};

/* It is noted whose sensitive answers these are, hence the write. */
static const struct act export_sensitive = {
	.asks = { { "rows", &SQL_REGISTRATION_EXPORT, MANY },
	    { "sensitive", &SQL_REGISTRATION_EXPORT_SENSITIVE, MANY } },
	.answer = part_answer,
	.write = true,
	.quiet = true
};

/* --- on paper
 * ----------------------------------------------------------------- */

static int
print_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *list = visit_field(v, "list");

	(void)f;
	nav_by_key(v, page, "people");
	json_object_set_new(page, "badges",
	    json_boolean(list != NULL && strcmp(list, "badges") == 0));

	return 0;
}

const struct act registration_print = { .room = "registration",
	.summary = "A list to print, by name: to sign, or as badges; 500 at a "
	           "time",
	.fields = print_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "people", &SQL_REGISTRATION_PRINT, MANY } },
	.answer = print_answer,
	.page = "registration/print",
	.quiet = true };
