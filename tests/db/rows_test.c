#include "support/suite.h"

#include <string.h>

#include "db/inside.h"

/* One row of one column, as a server would have sent it. */
static json_t *
row_of(Oid type, const char *text)
{
	PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	char name[] = "value";
	PGresAttDesc column = { name, 0, 0, 0, type, -1, -1 };
	char copy[256] = "";
	json_t *rows;

	PQsetResultAttrs(r, 1, &column);
	if (text != NULL)
		strncpy(copy, text, sizeof(copy) - 1);
	PQsetvalue(r, 0, 0, text == NULL ? NULL : copy,
	    text == NULL ? -1 : (int)strlen(copy));
	rows = rows_read(r);
	PQclear(r);
	return rows;
}

static void
is(Oid type, const char *text, const char *json)
{
	json_t *rows = row_of(type, text);
	char *spelt =
	    json_dumps(json_object_get(json_array_get(rows, 0), "value"),
	        JSON_ENCODE_ANY | JSON_COMPACT);

	CU_ASSERT_STRING_EQUAL(spelt, json);
	if (strcmp(spelt, json) != 0)
		printf("\n    %s became %s, not %s", text, spelt, json);
	free(spelt);
	json_decref(rows);
}

static void
integers_booleans_and_json_arrive_as_such(void)
{
	is(20, "9223372036854775807", "9223372036854775807");
	is(23, "-5", "-5");
	is(16, "t", "true");
	is(16, "f", "false");
	is(3802, "{\"a\":[1,null]}", "{\"a\":[1,null]}");
	is(114, "7", "7");
	is(1700, "2.50", "2.5");
}

static void
what_json_cannot_say_is_null(void)
{
	is(25, NULL, "null");
	is(701, "NaN", "null");
	is(1700, "Infinity", "null");
}

static void
everything_else_is_text(void)
{
	is(25, "é\"", "\"é\\\"\"");
	is(1184, "2026-03-04 14:00:00+00", "\"2026-03-04 14:00:00+00\"");
	is(99999, "confirmed", "\"confirmed\"");
}

static void
arrays_are_arrays(void)
{
	is(1016, "{}", "[]");
	is(1016, "{1,NULL,-3}", "[1,null,-3]");
	is(1000, "{t,f}", "[true,false]");
	is(1009, "{a,\"b,\\\"}\\\\\",\"\",NULL,\"NULL\"}",
	    "[\"a\",\"b,\\\"}\\\\\",\"\",null,\"NULL\"]");
	is(1007, "{{1,2},{3,4}}", "[[1,2],[3,4]]");
	is(1007, "[0:1]={8,9}", "[8,9]");
}

static void
a_broken_array_ends(void)
{
	is(1009, "{a,\"b", "[\"a\",\"b\"]");
	is(1009, "{", "[]");
	is(1009, "", "\"\"");
	is(1009, "{a\\", "[\"a\\\\\"]");
}

static void
no_rows_are_an_empty_array(void)
{
	PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_COMMAND_OK);
	json_t *rows = rows_read(r);

	CU_ASSERT(json_is_array(rows));
	CU_ASSERT_EQUAL(json_array_size(rows), 0);
	json_decref(rows);
	PQclear(r);
}

SUITE(rows, SAYS(integers_booleans_and_json_arrive_as_such),
    SAYS(what_json_cannot_say_is_null), SAYS(everything_else_is_text),
    SAYS(arrays_are_arrays), SAYS(a_broken_array_ends),
    SAYS(no_rows_are_an_empty_array))
