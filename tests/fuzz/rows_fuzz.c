/* Whatever a column holds becomes a row, and the row is valid JSON. */
#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const Oid types[] = { 16, 20, 25, 114, 1000, 1007, 1009, 1700 };
	char name[] = "value";
	PGresAttDesc column = { name, 0, 0, 0, 25, -1, -1 };
	PGresult *r;
	json_t *rows;
	char *text, *spelt;

	if (size == 0)
		return 0;
	column.typid = types[data[0] % 8];
	text = strndup((const char *)data + 1, size - 1);
	r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PQsetResultAttrs(r, 1, &column);
	PQsetvalue(r, 0, 0, text, (int)strlen(text));
	rows = rows_read(r);
	spelt = json_dumps(rows, 0);
	if (spelt == NULL)
		abort();
	free(spelt);
	json_decref(rows);
	PQclear(r);
	free(text);
	return 0;
}
