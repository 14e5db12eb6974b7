/* A table of registrations, as CSV or as a workbook. */
#include <xlsxwriter.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/text.h"
#include "registration/sheet.h"

enum {
	OWN = 14,
	COLUMNS = OWN + 150,
	NAME = 200, /* bytes of a column's name */
	FILE_MAX = 256 << 20,
	CELL_MAX = 32767 /* what a workbook's cell holds, counted in bytes */
};

enum kind { TEXT, NUMBER, FLAG, DAY, MOMENT };

/* For good: programs read them. */
static const struct {
	const char *name;
	enum kind kind;
	double width; /* in characters, of the workbook's column */
} own[OWN] = { { "id", NUMBER, 8 }, { "name", TEXT, 26 }, { "email", TEXT, 30 },
	{ "language", TEXT, 9 }, { "state", TEXT, 11 }, { "via", TEXT, 12 },
	{ "country", TEXT, 8 }, { "organisation", TEXT, 26 },
	{ "audience", TEXT, 9 }, { "unit", TEXT, 18 }, { "bucket", TEXT, 18 },
	{ "arrival", NUMBER, 8 }, { "created", MOMENT, 17 },
	{ "arrived", MOMENT, 17 } };

struct column {
	const char *member; /* of the row, or of its answers */
	const char *name;
	enum kind kind;
	double width;
	const json_t *options; /* labels by value, or NULL */
};

struct sheet {
	struct arena *arena;
	enum sheet_form form;
	struct column column[COLUMNS];
	int columns;
	long rows;
	struct text words; /* of the cell that is being written */
	struct text csv;
	char path[512]; /* of the workbook, "" when there is none */
	lxw_workbook *book;
	lxw_worksheet *page;
	lxw_format *head, *day, *moment;
};

/* --- columns ----------------------------------------------------------------
 */

static enum kind
kind_of(const char *question)
{
	return strcmp(question, "number") == 0    ? NUMBER
	       : strcmp(question, "date") == 0    ? DAY
	       : strcmp(question, "consent") == 0 ? FLAG
	                                          : TEXT;
}

/* "q7 Your dietary needs": the number is for good, the words may change. */
static void
add_question(struct sheet *s, const json_t *question)
{
	struct column *c = &s->column[s->columns];
	long long id =
	    (long long)json_integer_value(json_object_get(question, "id"));
	const char *label =
	    json_string_value(json_object_get(question, "label"));

	if (s->columns == COLUMNS)
		return;
	c->member = arena_printf(s->arena, "%lld", id);
	c->name = arena_printf(
	    s->arena, "q%lld %.*s", id, (int)text_cut(label, NAME), label);
	c->kind = kind_of(json_string_value(json_object_get(question, "kind")));
	c->width = 20;
	c->options = json_object_get(question, "options");
	s->columns++;
}

static void
add_columns(struct sheet *s, const char *zone, json_t *questions)
{
	json_t *question;
	size_t i;

	for (i = 0; i < OWN; i++) {
		const char *name = own[i].name;
		/* In CSV each moment says by itself how far it is from UTC. */
		if (s->form == SHEET_XLSX && own[i].kind == MOMENT)
			name = arena_printf(s->arena, "%s (%s)", name, zone);
		s->column[s->columns++] = (struct column){
			.member = own[i].name,
			.name = name,
			.kind = own[i].kind,
			.width = own[i].width,
		};
	}
	arena_defer(
	    s->arena, (void (*)(void *))json_decref, json_incref(questions));
	json_array_foreach(questions, i, question) add_question(s, question);
}

/* --- cells
 * -------------------------------------------------------------------- */

static void
add_words(struct sheet *s, const struct column *c, const json_t *value)
{
	const char *word = json_string_value(value);
	const char *label =
	    word == NULL ? NULL
	                 : json_string_value(json_object_get(c->options, word));

	if (word == NULL || *word == '\0')
		return;
	if (s->words.size > 0)
		text_puts(&s->words, "; ");
	text_puts(&s->words, label != NULL ? label : word);
}

/* A text, several that were chosen, or needs: chosen and in words. */
static const char *
cell_words(struct sheet *s, const struct column *c, const json_t *value)
{
	const json_t *list =
	    json_is_object(value) ? json_object_get(value, "chosen") : value;

	s->words.size = 0;
	s->words.full = false;
	text_puts(&s->words, "");
	if (json_is_string(value))
		add_words(s, c, value);
	for (size_t i = 0; i < json_array_size(list); i++)
		add_words(s, c, json_array_get(list, i));
	add_words(s, c, json_object_get(value, "words"));
	if (json_is_integer(json_object_get(value, "file")))
		text_printf(&s->words, "%lld",
		    (long long)json_integer_value(
		        json_object_get(value, "file")));

	return s->words.data;
}

/* --- CSV
 * -------------------------------------------------------------------------- */

/* Quoted; what a spreadsheet would take for a formula begins with a quote
 * mark there, which it does not show. */
static void
csv_text(struct text *out, const char *s)
{
	text_puts(out, "\"");
	if (s[0] != '\0' && strchr("=+-@\t\r\n", s[0]) != NULL)
		text_puts(out, "'");
	for (const char *mark; (mark = strchr(s, '"')) != NULL; s = mark + 1) {
		text_add(out, s, (size_t)(mark - s));
		text_puts(out, "\"\"");
	}
	text_puts(out, s);
	text_puts(out, "\"");
}

static void
csv_cell(struct sheet *s, const struct column *c, const json_t *value)
{
	if (value == NULL || json_is_null(value))
		return;
	if (json_is_boolean(value))
		text_puts(&s->csv, json_is_true(value) ? "true" : "false");
	else if (json_is_integer(value))
		text_printf(
		    &s->csv, "%lld", (long long)json_integer_value(value));
	else if (json_is_number(value))
		text_printf(&s->csv, "%.15g", json_number_value(value));
	else
		csv_text(&s->csv, cell_words(s, c, value));
}

/* With the mark by which spreadsheets know UTF-8. */
static void
csv_head(struct sheet *s)
{
	text_puts(&s->csv, "\xef\xbb\xbf");
	for (int i = 0; i < s->columns; i++) {
		text_puts(&s->csv, i > 0 ? "," : "");
		if (i < OWN)
			text_puts(&s->csv, s->column[i].name);
		else
			csv_text(&s->csv, s->column[i].name);
	}
	text_puts(&s->csv, "\r\n");
}

/* --- the workbook
 * ---------------------------------------------------------------- */

/* The wall's date and time, whatever zone the text then names. */
static bool
wall(const char *text, lxw_datetime *out)
{
	int minute = 0, hour = 0, second = 0, year, month, day;

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &year,
	                        &month, &day, &hour, &minute, &second) < 3)
		return false;
	*out = (lxw_datetime){ year, month, day, hour, minute, second };

	return true;
}

/* Every kind by its own call: none of them reads a formula or a link. */
static lxw_error
xlsx_cell(struct sheet *s, lxw_row_t row, int at, const json_t *value)
{
	const struct column *c = &s->column[at];
	lxw_col_t col = (lxw_col_t)at;
	lxw_datetime moment;
	const char *words;

	if (value == NULL || json_is_null(value))
		return LXW_NO_ERROR;
	if (json_is_boolean(value))
		return worksheet_write_boolean(
		    s->page, row, col, json_is_true(value), NULL);
	if (json_is_number(value))
		return worksheet_write_number(
		    s->page, row, col, json_number_value(value), NULL);
	if ((c->kind == DAY || c->kind == MOMENT) &&
	    wall(json_string_value(value), &moment))
		return worksheet_write_datetime(s->page, row, col, &moment,
		    c->kind == DAY ? s->day : s->moment);
	words = cell_words(s, c, value);
	s->words.data[text_cut(words, CELL_MAX)] = '\0';
	if (*words == '\0')
		return LXW_NO_ERROR;

	return worksheet_write_string(s->page, row, col, words, NULL);
}

static void
xlsx_head(struct sheet *s)
{
	for (int i = 0; i < s->columns; i++) {
		lxw_col_t col = (lxw_col_t)i;

		worksheet_set_column(
		    s->page, col, col, s->column[i].width, NULL);
		worksheet_write_string(
		    s->page, 0, col, s->column[i].name, s->head);
	}
	worksheet_freeze_panes(s->page, 1, 0);
}

static int
xlsx_open(struct sheet *s, const char *title, struct fault *f)
{
	/* Row by row to a file: memory does not grow with the table. */
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	lxw_doc_properties about = { 0 };
	int fd;

	snprintf(s->path, sizeof(s->path), "%s/sheet-XXXXXX", config("upload"));
	fd = mkstemp(s->path);
	if (fd == -1) {
		s->path[0] = '\0';
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "a workbook's file: %s", strerror(errno));
	}
	close(fd);
	options.tmpdir = arena_text(s->arena, config("upload"));
	s->book = workbook_new_opt(s->path, &options);
	about.title = arena_text(s->arena, title);
	workbook_set_properties(s->book, &about);
	s->page = workbook_add_worksheet(s->book, NULL);
	s->head = workbook_add_format(s->book);
	format_set_bold(s->head);
	s->day = workbook_add_format(s->book);
	format_set_num_format(s->day, "yyyy-mm-dd");
	s->moment = workbook_add_format(s->book);
	format_set_num_format(s->moment, "yyyy-mm-dd hh:mm");
	xlsx_head(s);

	return 0;
}

static int
xlsx_read(struct sheet *s, struct text *out, struct fault *f)
{
	char block[65536];
	FILE *file;
	size_t n;
	lxw_error wrong = workbook_close(s->book);

	s->book = NULL;
	file = wrong == LXW_NO_ERROR ? fopen(s->path, "rbe") : NULL;
	if (file == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "a workbook: %s",
		    wrong != LXW_NO_ERROR ? lxw_strerror(wrong)
		                          : strerror(errno));
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		text_add(out, block, n);
	fclose(file);

	return 0;
}

/* --- both
 * ----------------------------------------------------------------------- */

/* Nobody will read it: it is not packed first, which takes the longest. */
static void
xlsx_drop(struct sheet *s)
{
	if (s->page->optimize_tmpfile != NULL)
		fclose(s->page->optimize_tmpfile);
	lxw_workbook_free(s->book);
}

static void
sheet_end(void *object)
{
	struct sheet *s = object;

	if (s->book != NULL)
		xlsx_drop(s);
	if (s->path[0] != '\0')
		unlink(s->path);
	text_free(&s->words);
	text_free(&s->csv);
}

struct sheet *
sheet_open(struct arena *a, enum sheet_form form, const char *title,
    const char *zone, json_t *questions, struct fault *f)
{
	struct sheet *s = arena_alloc(a, sizeof(*s));

	s->arena = a;
	s->form = form;
	text_init(&s->words, FILE_MAX);
	text_init(&s->csv, FILE_MAX);
	arena_defer(a, sheet_end, s);
	add_columns(s, zone, questions);
	if (form == SHEET_CSV)
		csv_head(s);
	else if (xlsx_open(s, title, f) == -1)
		return NULL;

	return s;
}

static const json_t *
value_of(const struct sheet *s, int at, const json_t *row)
{
	return json_object_get(at < OWN ? row : json_object_get(row, "answers"),
	    s->column[at].member);
}

int
sheet_rows(struct sheet *s, const json_t *rows, struct fault *f)
{
	lxw_error wrong = LXW_NO_ERROR;

	if (s->form == SHEET_XLSX &&
	    s->rows + (long)json_array_size(rows) > SHEET_XLSX_ROWS) {
		fault(f, FAULT_INPUT, "", "registration.xlsx_rows");
		f->number = SHEET_XLSX_ROWS;
		return -1;
	}
	for (size_t n = 0; n < json_array_size(rows); n++) {
		const json_t *row = json_array_get(rows, n);

		s->rows++;
		for (int i = 0; i < s->columns; i++) {
			const json_t *value = value_of(s, i, row);

			if (s->form == SHEET_XLSX) {
				if (wrong == LXW_NO_ERROR)
					wrong = xlsx_cell(
					    s, (lxw_row_t)s->rows, i, value);
				continue;
			}
			text_puts(&s->csv, i > 0 ? "," : "");
			csv_cell(s, &s->column[i], value);
		}
		if (s->form == SHEET_CSV)
			text_puts(&s->csv, "\r\n");
	}

	return wrong == LXW_NO_ERROR
	           ? 0
	           : fault_detail(f, FAULT_BROKEN, "", "web.broken",
	                 "a workbook's cell: %s", lxw_strerror(wrong));
}

int
sheet_finish(struct sheet *s, struct text *out, struct fault *f)
{
	if (s->form == SHEET_CSV)
		text_add(out, s->csv.data, s->csv.size);
	else if (xlsx_read(s, out, f) == -1)
		return -1;

	return out->full || s->csv.full
	           ? fault_detail(f, FAULT_BROKEN, "", "web.broken",
	                 "a table of more than %d bytes", FILE_MAX)
	           : 0;
}

const char *
sheet_type(enum sheet_form form)
{
	return form == SHEET_CSV ? "text/csv; charset=utf-8"
	                         : "application/vnd.openxmlformats-"
	                           "officedocument.spreadsheetml.sheet";
}
