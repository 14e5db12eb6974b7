/* FIELD_ROWS: several things of one kind, each a row of a form. */
#include <stdlib.h>
#include <string.h>

#include "web/inside.h"

enum { ROWS_MOST = 100, CELL_CHARS = 254, NUMBER_DIGITS = 2 };

/* "email-3" is the column "email" of row 3; -1 when the name is no such. */
static int
row_of(const struct field *field, const char *name, const char **column)
{
	for (int i = 0; field->choices[i] != NULL; i++) {
		size_t n = strlen(field->choices[i]);
		const char *number;

		if (strncmp(name, field->choices[i], n) != 0 || name[n] != '-')
			continue;
		number = name + n + 1;
		if (strspn(number, "0123456789") != strlen(number) ||
		    strlen(number) > NUMBER_DIGITS || number[0] == '0' ||
		    number[0] == '\0')
			return -1;
		*column = field->choices[i];
		return (int)strtol(number, NULL, 10);
	}

	return -1;
}

/* The cell, cleaned as one line of text; what is empty is no cell. */
static void
put_cell(struct visit *v, json_t *rows[], int n, const char *column,
    const char *typed)
{
	struct field one = { .name = arena_printf(v->arena, "%s-%d", column, n),
		.kind = FIELD_WORD,
		.most = CELL_CHARS };
	struct fault f = { 0 };
	const char *value = field_value(v, &one, typed, &f);

	if (value == NULL) {
		visit_fault(v, &f);
		return;
	}
	if (value[0] == '\0')
		return;
	if (rows[n] == NULL)
		rows[n] = json_pack("{s:i}", "n", n);
	json_object_set_new(rows[n], column, json_string(value));
}

/* Of a JSON body: an array of objects, whose rows count from 1. */
static int
read_array(struct visit *v, const struct field *field, json_t *rows[],
    const char *typed, struct fault *f)
{
	json_t *given = json_loads(typed, JSON_REJECT_DUPLICATES, NULL), *row;
	size_t i;

	if (!json_is_array(given) || json_array_size(given) >= ROWS_MOST) {
		json_decref(given);
		return fault(f, FAULT_INPUT, field->name, "web.not_json");
	}
	json_array_foreach(given, i, row)
	{
		for (int c = 0; field->choices[c] != NULL; c++) {
			const char *s = json_string_value(
			    json_object_get(row, field->choices[c]));

			if (s != NULL)
				put_cell(
				    v, rows, (int)i + 1, field->choices[c], s);
		}
	}
	json_decref(given);

	return 0;
}

const char *
rows_value(struct visit *v, const struct field *field,
    const struct pairs *pairs, struct fault *f)
{
	const char *typed = pairs_find(pairs, field->name), *bound = NULL,
	           *column;
	json_t *rows[ROWS_MOST] = { NULL }, *all = json_array();
	char *dump;

	if (typed != NULL)
		read_array(v, field, rows, typed, f);
	for (int i = 0; i < pairs->count; i++) {
		int n = row_of(field, pairs->pair[i].name, &column);

		if (n > 0)
			put_cell(v, rows, n, column, pairs->pair[i].value);
	}
	for (int n = 0; n < ROWS_MOST; n++)
		if (rows[n] != NULL)
			json_array_append_new(all, rows[n]);
	if (f->kind == FAULT_NONE && json_array_size(all) > 0) {
		dump = json_dumps(all, JSON_COMPACT);
		bound = arena_text(v->arena, dump);
		free(dump);
	}
	json_decref(all);

	return bound;
}
