/* Tables from anywhere. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { ROWS = 1000 };

/* A fault says where, and what is read keeps to the limits. */
static void
look(const struct csv_row *row, const struct csv *c)
{
	if (row->cells < 1 || row->cells > c->head.cells || row->line < 2)
		abort();
	csv_cell(c, row, "email");
	for (int i = 0; i < row->cells; i++)
		if (strlen(row->cell[i]) > CSV_CELL ||
		    !text_utf8(row->cell[i], strlen(row->cell[i])))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	struct csv c;
	struct csv_row row;
	long rows = 0;
	int found;

	if (csv_open(&c, a, (const char *)data, size, ROWS, &f) == 0) {
		while ((found = csv_next(&c, &row, &f)) != 0) {
			if (++rows > ROWS + 1)
				abort();
			if (found == 1)
				look(&row, &c);
			else if (f.kind != FAULT_INPUT || f.number < 2)
				abort();
		}
	} else if (f.kind != FAULT_INPUT || f.number < 1)
		abort();
	arena_free(a);

	return 0;
}
