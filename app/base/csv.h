#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct fault;

/*
 * A table as spreadsheets save it (RFC 4180): UTF-8, with or without its mark;
 * cells parted by whatever of "," ";" and tab stands most often between the
 * names of the columns, which are the first row; lines ended by CR LF, LF or
 * CR.  Rows in which all cells are empty are passed over.
 *
 * What is wrong with a file is wrong in a line: a fault's number is that line,
 * counted from 1 as editors do, and its field is "file".
 */
enum {
	CSV_COLUMNS = 200, /* most in a row */
	CSV_CELL = 10240   /* most bytes of a cell */
};

struct csv_row {
	long line; /* where it begins */
	int cells;
	const char *cell[CSV_COLUMNS]; /* without white space at either end */
};

struct csv {
	struct arena *arena;
	const char *at, *end;
	char comma;
	long line;
	long rows, most;
	struct csv_row head; /* the names of the columns */
};

/*
 * Reads the first row.  The data must outlive the reader; cells are copied to
 * the arena.  Refused: what is not UTF-8 or has a NUL in it, no names, a name
 * that stands there twice.
 */
int csv_open(struct csv *, struct arena *, const char *data, size_t size,
    long most, struct fault *);

/*
 * 1: there is a row; 0: there are no more; -1: this one is at fault, and the
 * next may be asked for.  After a quotation mark that is never closed, and
 * after `most` rows, there is none.
 */
int csv_next(struct csv *, struct csv_row *, struct fault *);

/* Is there a column of that name, upper and lower case being the same? */
bool csv_has(const struct csv *, const char *name);

/* Its number, for who looks into many rows; -1: there is none. */
int csv_column(const struct csv *, const char *name);
const char *csv_at(const struct csv_row *, int column);

/* What stands in that column; "" where there is no such cell. */
const char *csv_cell(
    const struct csv *, const struct csv_row *, const char *name);

#endif
