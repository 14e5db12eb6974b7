#ifndef REGISTRATION_SHEET_H
#define REGISTRATION_SHEET_H

#include <jansson.h>
#include <stddef.h>

struct arena;
struct fault;
struct text;

/*
 * An event's registrations as a table for other programs: CSV (RFC 4180), or
 * a workbook (XLSX) with dates that are dates and numbers that are numbers.
 * The columns are the same each time and in the same order: those of the
 * registration, then one for each question, in the order of the form.  What
 * somebody typed is never a formula.
 *
 * Rows come in parts and each is written before the next is asked for, so a
 * long table costs what one part does, and the file.
 */
enum sheet_form { SHEET_CSV, SHEET_XLSX };

/* A workbook is packed at once at its end, while others wait. */
enum { SHEET_XLSX_ROWS = 20000 };

struct sheet;

/* questions: [{id, kind, label, options {value: label}}]; kept.  What is not
 * finished ends with the arena. */
struct sheet *sheet_open(struct arena *, enum sheet_form, const char *title,
    const char *zone, json_t *questions, struct fault *);

/* rows: [{id, name, …, answers {question's id: value}}]. */
int sheet_rows(struct sheet *, const json_t *rows, struct fault *);

/* The file's bytes. */
int sheet_finish(struct sheet *, struct text *out, struct fault *);

const char *sheet_type(enum sheet_form);

#endif
