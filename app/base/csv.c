/* Tables as spreadsheets save them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "base/text.h"

static const char field[] = "file";

/* Of a row with several faults, the first is told. */
static void
bad(struct fault *f, const char *key, long line)
{
	if (f->kind != FAULT_NONE)
		return;
	fault(f, FAULT_INPUT, field, key);
	f->number = line;
}

/* How many lines end within. */
static long
line_ends(const char *at, const char *end)
{
	long n = 0;

	for (; at < end; at++)
		n += *at == '\n' ||
		     (*at == '\r' && (at + 1 == end || at[1] != '\n'));

	return n;
}

/* Does a line end here, or the file? */
static bool
ends(const struct csv *c)
{
	return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

static bool
cell_ends(const struct csv *c)
{
	return ends(c) || *c->at == c->comma;
}

/* What parts the cells: names of columns seldom have any of these in them. */
static char
comma_of(const char *at, const char *end)
{
	static const char commas[] = ",;\t";
	int count[sizeof(commas)] = { 0 }, best = 0;
	bool quoted = false;

	for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
		const char *comma = strchr(commas, *at);

		if (*at == '"')
			quoted = !quoted;
		else if (comma != NULL && !quoted)
			count[comma - commas]++;
	}
	for (int i = 1; commas[i] != '\0'; i++)
		if (count[i] > count[best])
			best = i;

	return commas[best];
}

/* A copy without white space at either end; "" and a fault when too long. */
static const char *
cell_copy(struct csv *c, const char *at, const char *end, struct fault *f)
{
	while (at < end && isspace((unsigned char)*at))
		at++;
	while (end > at && isspace((unsigned char)end[-1]))
		end--;
	if (end - at > CSV_CELL) {
		bad(f, "web.csv_cell", c->line);
		return "";
	}

	return arena_part(c->arena, at, (size_t)(end - at));
}

static const char *
plain_cell(struct csv *c, struct fault *f)
{
	const char *start = c->at;

	while (!cell_ends(c))
		c->at++;

	return cell_copy(c, start, c->at, f);
}

/* To the mark that closes; -1 when none does. */
static int
find_close(struct csv *c)
{
	for (;;) {
		c->at = memchr(c->at, '"', (size_t)(c->end - c->at));
		if (c->at == NULL) {
			c->at = c->end;
			return -1;
		}
		if (c->at + 1 == c->end || c->at[1] != '"')
			return 0;
		c->at += 2;
	}
}

/* Two marks within are one; where there are none it is copied as it is. */
static const char *
unquoted(struct csv *c, const char *at, const char *end, struct fault *f)
{
	char *out, *o;

	if (end - at > 2 * CSV_CELL ||
	    memchr(at, '"', (size_t)(end - at)) == NULL)
		return cell_copy(c, at, end, f);
	out = o = arena_alloc(c->arena, (size_t)(end - at) + 1);
	for (; at < end; at++) {
		*o++ = *at;
		at += *at == '"';
	}

	return cell_copy(c, out, o, f);
}

static const char *
quoted_cell(struct csv *c, struct fault *f)
{
	const char *start = ++c->at, *cell;

	if (find_close(c) == -1) {
		bad(f, "web.csv_quote", c->line);
		return "";
	}
	cell = unquoted(c, start, c->at, f);
	c->line += line_ends(start, c->at);
	c->at++;
	if (!cell_ends(c))
		bad(f, "web.csv_after_quote", c->line);
	while (!cell_ends(c))
		c->at++;

	return cell;
}

static void
end_line(struct csv *c)
{
	if (c->at == c->end)
		return;
	c->at += *c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n';
	c->at++;
	c->line++;
}

/* All of a row is read even when it is at fault: the next begins behind it. */
static void
read_row(struct csv *c, struct csv_row *row, struct fault *f)
{
	*row = (struct csv_row){ .line = c->line };
	for (;;) {
		const char *cell = c->at < c->end && *c->at == '"'
		                       ? quoted_cell(c, f)
		                       : plain_cell(c, f);

		if (row->cells < CSV_COLUMNS)
			row->cell[row->cells++] = cell;
		else if (*cell != '\0')
			bad(f, "web.csv_columns", row->line);
		if (ends(c))
			break;
		c->at++;
	}
	end_line(c);
}

static bool
blank(const struct csv_row *row)
{
	for (int i = 0; i < row->cells; i++)
		if (row->cell[i][0] != '\0')
			return false;

	return true;
}

/* 1: a row that is not blank; 0: none; -1: one that is at fault. */
static int
next_row(struct csv *c, struct csv_row *row, struct fault *f)
{
	struct fault found = { 0 };

	while (c->at < c->end) {
		read_row(c, row, &found);
		if (found.kind != FAULT_NONE) {
			*f = found;
			return -1;
		}
		if (!blank(row))
			return 1;
	}

	return 0;
}

/* Cells after the last that has something in it are none. */
static void
drop_empty(struct csv_row *row)
{
	while (row->cells > 0 && row->cell[row->cells - 1][0] == '\0')
		row->cells--;
}

int
csv_column(const struct csv *c, const char *name)
{
	for (int i = 0; i < c->head.cells; i++)
		if (strcasecmp(c->head.cell[i], name) == 0)
			return i;

	return -1;
}

static int
check_head(struct csv *c, struct fault *f)
{
	drop_empty(&c->head);
	for (int i = 0; i < c->head.cells; i++)
		if (c->head.cell[i][0] != '\0' &&
		    csv_column(c, c->head.cell[i]) != i) {
			bad(f, "web.csv_twice", c->head.line);
			return -1;
		}

	return 0;
}

/* The line that is not UTF-8; a NUL is not, either. */
static long
undecodable_line(const char *at, const char *end)
{
	long line = 1;

	while (at < end) {
		const char *next = memchr(at, '\n', (size_t)(end - at));

		next = next == NULL ? end : next + 1;
		if (!text_utf8(at, (size_t)(next - at)))
			break;
		line += line_ends(at, next);
		at = next;
	}

	return line;
}

int
csv_open(struct csv *c, struct arena *a, const char *data, size_t size,
    long most, struct fault *f)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t skip =
	    size >= 3 && memcmp(data, mark, 3) == 0 ? sizeof(mark) - 1 : 0;
	int found;

	*c = (struct csv){ .arena = a,
		.at = data + skip,
		.end = data + size,
		.line = 1,
		.most = most };
	*f = (struct fault){ 0 };
	if (!text_utf8(c->at, size - skip)) {
		bad(f, "web.csv_encoding", undecodable_line(c->at, c->end));
		return -1;
	}
	c->comma = comma_of(c->at, c->end);
	found = next_row(c, &c->head, f);
	if (found == 0)
		bad(f, "web.csv_empty", 1);

	return found == 1 ? check_head(c, f) : -1;
}

int
csv_next(struct csv *c, struct csv_row *row, struct fault *f)
{
	int found;

	*f = (struct fault){ 0 };
	found = next_row(c, row, f);
	if (found == 0)
		return 0;
	if (++c->rows > c->most) {
		c->at = c->end;
		*f = (struct fault){ 0 };
		bad(f, "web.csv_rows", row->line);
		return -1;
	}
	drop_empty(row);
	if (found == 1 && row->cells > c->head.cells) {
		bad(f, "web.csv_ragged", row->line);
		return -1;
	}

	return found;
}

bool
csv_has(const struct csv *c, const char *name)
{
	return csv_column(c, name) != -1;
}

const char *
csv_at(const struct csv_row *row, int column)
{
	return column == -1 || column >= row->cells ? "" : row->cell[column];
}

const char *
csv_cell(const struct csv *c, const struct csv_row *row, const char *name)
{
	return csv_at(row, csv_column(c, name));
}
