/* Registrations as a table for other programs. */
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/text.h"
#include "registration/sheet.h"
#include "support/suite.h"

/* The lines of a CSV file of one registration, its mark and its own columns
 * left out. */
static const char *
csv_of(struct arena *a, const char *questions, const char *answers)
{
	json_t *asked = json_loads(questions, 0, NULL), *rows;
	json_t *given = json_loads(answers, 0, NULL);
	struct fault f = { 0 };
	struct sheet *s = sheet_open(a, SHEET_CSV, "E", "UTC", asked, &f);
	struct text out;
	char *copy;

	rows = json_pack("[{s:i, s:s, s:n, s:o}]", "id", 7, "name", "Ngũgĩ",
	    "country", "answers", given);
	text_init(&out, 1 << 20);
	CU_ASSERT_EQUAL_FATAL(sheet_rows(s, rows, &f), 0);
	CU_ASSERT_EQUAL_FATAL(sheet_finish(s, &out, &f), 0);
	CU_ASSERT_NSTRING_EQUAL(out.data, "\xef\xbb\xbfid,name,email,", 17);
	copy = arena_text(a, strstr(out.data, "arrived") + 7);
	text_free(&out);
	json_decref(rows);
	json_decref(asked);

	return copy;
}

static void
what_somebody_typed_is_no_formula(void)
{
	static const struct {
		const char *typed, *cell;
	} cases[] = { { "\"=1+1\"", "\"'=1+1\"" }, { "\"+1\"", "\"'+1\"" },
		{ "\"-1\"", "\"'-1\"" }, { "\"@SUM(A1)\"", "\"'@SUM(A1)\"" },
		{ "\"\\t=1\"", "\"'\t=1\"" }, { "\"\\r=1\"", "\"'\r=1\"" },
		{ "\"\\n=1\"", "\"'\n=1\"" }, { "\"a=1\"", "\"a=1\"" },
		{ "[\"=x\"]", "\"'=x\"" }, { "\"\"", "\"\"" },
		{ "{\"chosen\": [], \"words\": \"=x\"}", "\"'=x\"" } };
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line =
		    csv_of(a, "[{\"id\":3,\"kind\":\"short\",\"label\":\"L\"}]",
		        arena_printf(a, "{\"3\": %s}", cases[i].typed));

		CU_ASSERT_STRING_EQUAL(
		    line, arena_printf(a,
		              ",\"q3 L\"\r\n7,\"Ngũgĩ\",,,,,,,,,,,,,%s\r\n",
		              cases[i].cell));
	}
	arena_free(a);
}

static void
a_question_is_a_column_for_good(void)
{
	struct arena *a = arena_new();
	const char *line = csv_of(a,
	    "[{\"id\":9,\"kind\":\"choices\",\"label\":\"=Which?\","
	    "\"options\":{\"x\":\"Apple\"}},"
	    "{\"id\":2,\"kind\":\"number\",\"label\":\"Say \\\"how\\\"\"},"
	    "{\"id\":4,\"kind\":\"consent\",\"label\":\"Yes\"},"
	    "{\"id\":5,\"kind\":\"file\",\"label\":\"File\"}]",
	    "{\"9\":[\"x\",\"gone\"],\"2\":2.5,\"4\":true,\"5\":{\"file\":8}}");

	CU_ASSERT_STRING_EQUAL(line,
	    ",\"q9 =Which?\",\"q2 Say \"\"how\"\"\",\"q4 Yes\",\"q5 File\"\r\n"
	    "7,\"Ngũgĩ\",,,,,,,,,,,,,\"Apple; gone\",2.5,true,\"8\"\r\n");
	arena_free(a);
}

static void
more_questions_than_columns_are_left_out(void)
{
	struct arena *a = arena_new();
	json_t *questions = json_array();
	struct fault f = { 0 };
	struct sheet *s;
	struct text out;
	size_t commas = 0;

	for (int i = 1; i <= 10000; i++)
		json_array_append_new(
		    questions, json_pack("{s:i, s:s, s:s}", "id", i, "kind",
		                   "short", "label", "L"));
	s = sheet_open(a, SHEET_CSV, "E", "UTC", questions, &f);
	text_init(&out, 1 << 20);
	CU_ASSERT_EQUAL(sheet_finish(s, &out, &f), 0);
	for (const char *c = out.data; *c != '\0'; c++)
		commas += *c == ',';
	CU_ASSERT_EQUAL(commas, 14 + 150 - 1);
	text_free(&out);
	json_decref(questions);
	arena_free(a);
}

/* A cell of this many of these letters, in CSV. */
static const char *
cell_of(struct arena *a, const char *letter, size_t n)
{
	char *cell = arena_alloc(a, n * strlen(letter) + 1), *end = cell;

	for (; n > 0; n--)
		end = stpcpy(end, letter);

	return cell;
}

static void
a_long_answer_is_whole_and_so_are_those_after_it(void)
{
	struct arena *a = arena_new();
	const char *words = cell_of(a, "语", 20000);
	const char *line = csv_of(a,
	    "[{\"id\":3,\"kind\":\"long\",\"label\":\"A\"},"
	    "{\"id\":4,\"kind\":\"short\",\"label\":\"B\"}]",
	    arena_printf(a, "{\"3\": \"%s\", \"4\": \"after\"}", words));

	CU_ASSERT_PTR_NOT_NULL(
	    strstr(line, arena_printf(a, ",\"%s\",\"after\"\r\n", words)));
	arena_free(a);
}

static void
a_column_s_name_ends_with_a_letter(void)
{
	struct arena *a = arena_new();
	const char *line = csv_of(a,
	    arena_printf(a, "[{\"id\":3,\"kind\":\"long\",\"label\":\"%s\"}]",
	        cell_of(a, "语", 100)),
	    "{}");

	CU_ASSERT_NSTRING_EQUAL(
	    line, arena_printf(a, ",\"q3 %s\"\r\n", cell_of(a, "语", 66)), 206);
	arena_free(a);
}

static void
a_workbook_is_one(void)
{
	struct arena *a = arena_new();
	json_t *rows = json_pack("[{s:i, s:s, s:s}]", "id", 1, "name", "=1+1",
	    "created", "2031-03-04T05:06:07+05:45");
	json_t *none = json_array();
	struct fault f = { 0 };
	struct sheet *s;
	struct text out;

	json_array_append_new(
	    rows, json_pack("{s:s}", "name", cell_of(a, "😀", 40000)));
	setenv("CONVENE_UPLOAD", "/tmp", 1);
	CU_ASSERT_EQUAL_FATAL(config_load(NULL, &f), 0);
	s = sheet_open(a, SHEET_XLSX, "E", "Asia/Kathmandu", none, &f);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	text_init(&out, 1 << 20);
	CU_ASSERT_EQUAL(sheet_rows(s, rows, &f), 0);
	CU_ASSERT_EQUAL_FATAL(sheet_finish(s, &out, &f), 0);
	CU_ASSERT_NSTRING_EQUAL(out.data, "PK", 2);
	text_free(&out);
	json_decref(rows);
	json_decref(none);
	arena_free(a); /* and its file is gone */
}

static void
what_is_not_finished_is_cleared_away(void)
{
	struct arena *a = arena_new();
	char folder[] = "/tmp/sheet-test-XXXXXX";
	json_t *none = json_array(), *rows = json_pack("[{s:i}]", "id", 1);
	struct fault f = { 0 };
	struct stat left;
	struct sheet *s;
	glob_t found;
	int fd;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	setenv("CONVENE_UPLOAD", folder, 1);
	CU_ASSERT_EQUAL_FATAL(config_load(NULL, &f), 0);
	s = sheet_open(a, SHEET_XLSX, "E", "UTC", none, &f);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(sheet_rows(s, rows, &f), 0);
	CU_ASSERT_EQUAL_FATAL(
	    glob(arena_printf(a, "%s/*", folder), 0, NULL, &found), 0);
	fd = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
	globfree(&found);
	json_decref(none);
	json_decref(rows);
	arena_free(a);
	CU_ASSERT_EQUAL(fstat(fd, &left), 0);
	CU_ASSERT_EQUAL(left.st_size, 0); /* it was not packed */
	close(fd);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	unsetenv("CONVENE_UPLOAD");
	config_load(NULL, &f);
}

static void
a_workbook_has_an_end(void)
{
	struct arena *a = arena_new();
	json_t *none = json_array(), *rows = json_array();
	struct fault f = { 0 };
	struct sheet *s;

	setenv("CONVENE_UPLOAD", "/tmp", 1);
	CU_ASSERT_EQUAL_FATAL(config_load(NULL, &f), 0);
	s = sheet_open(a, SHEET_XLSX, "E", "UTC", none, &f);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	for (int i = 0; i < SHEET_XLSX_ROWS; i++)
		json_array_append_new(rows, json_pack("{s:i}", "id", i));
	CU_ASSERT_EQUAL(sheet_rows(s, rows, &f), 0);
	CU_ASSERT_EQUAL(sheet_rows(s, rows, &f), -1);
	CU_ASSERT_STRING_EQUAL(f.key, "registration.xlsx_rows");
	CU_ASSERT_EQUAL(f.number, SHEET_XLSX_ROWS);
	json_decref(none);
	json_decref(rows);
	arena_free(a);
	unsetenv("CONVENE_UPLOAD");
	config_load(NULL, &f);
}

SUITE(sheet, SAYS(what_somebody_typed_is_no_formula),
    SAYS(a_question_is_a_column_for_good),
    SAYS(more_questions_than_columns_are_left_out),
    SAYS(a_long_answer_is_whole_and_so_are_those_after_it),
    SAYS(a_column_s_name_ends_with_a_letter), SAYS(a_workbook_is_one),
    SAYS(what_is_not_finished_is_cleared_away), SAYS(a_workbook_has_an_end))
