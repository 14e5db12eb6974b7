#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "support/suite.h"

static struct arena *arena;
static struct csv csv;
static struct csv_row row;
static struct fault f;

static int
open_of(const char *text, size_t size)
{
	arena_free(arena);
	arena = arena_new();
	f = (struct fault){ 0 };

	return csv_open(&csv, arena, text, size, 3, &f);
}

static int
opened(const char *text)
{
	return open_of(text, strlen(text));
}

static int
next(void)
{
	return csv_next(&csv, &row, &f);
}

#define FAULT_IS(wanted, at)                                                   \
	do {                                                                   \
		CU_ASSERT_EQUAL(f.kind, FAULT_INPUT);                          \
		CU_ASSERT_STRING_EQUAL(f.key, wanted);                         \
		CU_ASSERT_EQUAL(f.number, at);                                 \
		CU_ASSERT_STRING_EQUAL(f.field, "file");                       \
	} while (0)
#define CELL_IS(name, wanted)                                                  \
	CU_ASSERT_STRING_EQUAL(csv_cell(&csv, &row, name), wanted)

static void
cells_are_found_by_the_name_of_their_column(void)
{
	CU_ASSERT_EQUAL(opened("Email, Name ,x\r\na@b.example,Ngũgĩ\r\n"), 0);
	CU_ASSERT_TRUE(csv_has(&csv, "email"));
	CU_ASSERT_FALSE(csv_has(&csv, "country"));
	CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(row.line, 2);
	CELL_IS("EMAIL", "a@b.example");
	CELL_IS("name", "Ngũgĩ");
	CELL_IS("x", "");
	CELL_IS("country", "");
	CU_ASSERT_EQUAL(next(), 0);
	CU_ASSERT_EQUAL(next(), 0);
}

static void
what_parts_cells_is_seen_in_the_first_line(void)
{
	static const char *const files[] = { "a,b;c\n1,2;3\n",
		"\xef\xbb\xbf"
		"a;\"b;,,,\"\n1;2;3\n",
		"a\tb, c\td\n1\t2\n", "a\n1,2\n", NULL };

	CU_ASSERT_EQUAL(opened(files[0]), 0);
	CU_ASSERT_EQUAL(next(), 1);
	CELL_IS("a", "1");
	CELL_IS("b;c", "2;3");
	CU_ASSERT_EQUAL(opened(files[1]), 0);
	CU_ASSERT_EQUAL(csv.comma, ';');
	CU_ASSERT_EQUAL(next(), -1);
	FAULT_IS("web.csv_ragged", 2);
	CU_ASSERT_EQUAL(opened(files[2]), 0);
	CU_ASSERT_EQUAL(next(), 1);
	CELL_IS("b, c", "2");
	CU_ASSERT_EQUAL(opened(files[3]), 0);
	CU_ASSERT_EQUAL(next(), -1);
	FAULT_IS("web.csv_ragged", 2);
}

static void
quoted_cells_hold_marks_commas_and_line_ends(void)
{
	CU_ASSERT_EQUAL(
	    opened("a,b\n\"one\r\ntwo\",\"say \"\"x\"\", y\"\r\n\"\",z"), 0);
	CU_ASSERT_EQUAL(next(), 1);
	CELL_IS("a", "one\r\ntwo");
	CELL_IS("b", "say \"x\", y");
	CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(row.line, 4);
	CELL_IS("a", "");
	CELL_IS("b", "z");
	CU_ASSERT_EQUAL(next(), 0);
}

static void
a_mark_within_a_plain_cell_is_a_mark(void)
{
	CU_ASSERT_EQUAL(opened("a,b\n5\" pipe,x\n"), 0);
	CU_ASSERT_EQUAL(next(), 1);
	CELL_IS("a", "5\" pipe");
	CELL_IS("b", "x");
}

static void
empty_rows_are_passed_over_and_lines_still_counted(void)
{
	CU_ASSERT_EQUAL(opened("\n\na,b\r\r;\n , \n1,2,,\n"), 0);
	CU_ASSERT_EQUAL(csv.head.line, 3);
	CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(row.line, 5);
	CELL_IS("a", ";");
	CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(row.line, 7);
	CELL_IS("b", "2");
	CU_ASSERT_EQUAL(next(), 0);
}

static void
a_file_that_is_not_utf8_names_its_line(void)
{
	CU_ASSERT_EQUAL(opened("name\nMalm\xf6\n"), -1);
	FAULT_IS("web.csv_encoding", 2);
	CU_ASSERT_EQUAL(opened("\xff\xfe"
	                       "e"),
	    -1);
	FAULT_IS("web.csv_encoding", 1);
	CU_ASSERT_EQUAL(open_of("name\r\nx\r\na\0b\r\n", 14), -1);
	FAULT_IS("web.csv_encoding", 3);
}

static void
an_open_quotation_mark_names_where_it_was_opened(void)
{
	CU_ASSERT_EQUAL(opened("a,b\n1,2\n3,\"open\n5,6\n"), 0);
	CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(next(), -1);
	FAULT_IS("web.csv_quote", 3);
	CU_ASSERT_EQUAL(next(), 0);
	CU_ASSERT_EQUAL(opened("a,b\n\"1\"2,3\n4,5\n"), 0);
	CU_ASSERT_EQUAL(next(), -1);
	FAULT_IS("web.csv_after_quote", 2);
	CU_ASSERT_EQUAL(next(), 1);
	CELL_IS("a", "4");
}

static void
a_cell_of_a_megabyte_costs_its_row_alone(void)
{
	enum { BIG = 1 << 20 };
	char *text = malloc(BIG);

	for (int quoted = 0; quoted < 2; quoted++) {
		memset(text, quoted ? '"' : 'x', BIG);
		memcpy(text, "a,b\n1,", 6);
		memcpy(text + BIG - 6, "\n3,4\n\n", 6);
		if (quoted)
			text[BIG - 7] = '"';
		CU_ASSERT_EQUAL(open_of(text, BIG), 0);
		CU_ASSERT_EQUAL(next(), -1);
		FAULT_IS("web.csv_cell", 2);
		CU_ASSERT_EQUAL(next(), 1);
		CELL_IS("b", "4");
	}
	memset(text, 'x', CSV_CELL + 8);
	memcpy(text, "a\n", 2);
	text[CSV_CELL + 2] = '\0';
	CU_ASSERT_EQUAL(opened(text), 0);
	CU_ASSERT_EQUAL(next(), 1);
	free(text);
}

static void
rows_and_columns_have_a_most(void)
{
	char many[4 * CSV_COLUMNS];
	size_t n = 0;

	CU_ASSERT_EQUAL(opened("a\n1\n2\n3\n4\n5\n"), 0);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(next(), 1);
	CU_ASSERT_EQUAL(next(), -1);
	FAULT_IS("web.csv_rows", 5);
	CU_ASSERT_EQUAL(next(), 0);
	for (int i = 0; i <= CSV_COLUMNS; i++) {
		many[n++] = 'x';
		many[n++] = ',';
	}
	many[n] = '\0';
	CU_ASSERT_EQUAL(opened(many), -1);
	FAULT_IS("web.csv_columns", 1);
}

static void
a_table_needs_names_each_once(void)
{
	CU_ASSERT_EQUAL(opened(""), -1);
	FAULT_IS("web.csv_empty", 1);
	CU_ASSERT_EQUAL(opened("\xef\xbb\xbf\r\n , \r\n"), -1);
	FAULT_IS("web.csv_empty", 1);
	CU_ASSERT_EQUAL(opened("email,name,Email\n"), -1);
	FAULT_IS("web.csv_twice", 1);
	arena_free(arena);
	arena = NULL;
}

SUITE(csv, SAYS(cells_are_found_by_the_name_of_their_column),
    SAYS(what_parts_cells_is_seen_in_the_first_line),
    SAYS(quoted_cells_hold_marks_commas_and_line_ends),
    SAYS(a_mark_within_a_plain_cell_is_a_mark),
    SAYS(empty_rows_are_passed_over_and_lines_still_counted),
    SAYS(a_file_that_is_not_utf8_names_its_line),
    SAYS(an_open_quotation_mark_names_where_it_was_opened),
    SAYS(a_cell_of_a_megabyte_costs_its_row_alone),
    SAYS(rows_and_columns_have_a_most), SAYS(a_table_needs_names_each_once))
