#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "db/inside.h"

/* Of pg_type, fixed since types have numbers. */
enum {
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_OID = 26,
	OID_JSON = 114,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_NUMERIC = 1700,
	OID_JSONB = 3802,
	OID_BOOLS = 1000,
	OID_INT2S = 1005,
	OID_INT4S = 1007,
	OID_TEXTS = 1009,
	OID_VARCHARS = 1015,
	OID_INT8S = 1016,
	OID_UUIDS = 2951
};

static json_t *
number(const char *text)
{
	return json_integer(strtoll(text, NULL, 10));
}

/* NaN and infinity have no spelling in JSON. */
static json_t *
real(const char *text)
{
	json_t *value = json_real(strtod(text, NULL));

	return value != NULL ? value : json_null();
}

static json_t *
truth(const char *text)
{
	return json_boolean(text[0] == 't');
}

static json_t *
words(const char *text)
{
	json_t *value = json_string(text);

	return value != NULL ? value : json_null();
}

static json_t *
parsed(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	return value != NULL ? value : words(text);
}

/*
 * PostgreSQL's spelling of an array: {1,NULL,"a \"b\""}, nested for more
 * dimensions.  `room` is as large as the whole text.
 */
struct array {
	const char *at;
	char *room;
	json_t *(*element)(const char *);
};

static json_t *
array_element(struct array *a)
{
	bool quoted = *a->at == '"';
	size_t n = 0;

	if (quoted)
		a->at++;
	while (*a->at != '\0' &&
	       (quoted ? *a->at != '"' : strchr(",}", *a->at) == NULL)) {
		if (*a->at == '\\' && a->at[1] != '\0')
			a->at++;
		a->room[n++] = *a->at++;
	}
	a->room[n] = '\0';
	if (quoted && *a->at == '"')
		a->at++;
	if (!quoted && strcmp(a->room, "NULL") == 0)
		return json_null();
	return a->element(a->room);
}

/* As deep as PostgreSQL's arrays can be: six dimensions. */
static json_t *
array_level(struct array *a)
{
	json_t *level = json_array();

	a->at++;
	while (*a->at != '}' && *a->at != '\0') {
		json_array_append_new(
		    level, *a->at == '{' ? array_level(a) : array_element(a));
		if (*a->at == ',')
			a->at++;
	}
	if (*a->at == '}')
		a->at++;
	return level;
}

static json_t *
array(const char *text, json_t *(*element)(const char *))
{
	struct array a = { text, memory_new(strlen(text) + 1), element };
	json_t *value;

	/* "[2:3]={…}" when it does not begin at one. */
	a.at = strchr(text, '{');
	value = a.at == NULL ? words(text) : array_level(&a);
	free(a.room);
	return value;
}

static json_t *
value_of(Oid type, const char *text)
{
	switch (type) {
	case OID_INT8:
	case OID_INT2:
	case OID_INT4:
	case OID_OID:
		return number(text);
	case OID_BOOL:
		return truth(text);
	case OID_JSON:
	case OID_JSONB:
		return parsed(text);
	case OID_FLOAT4:
	case OID_FLOAT8:
	case OID_NUMERIC:
		return real(text);
	case OID_INT2S:
	case OID_INT4S:
	case OID_INT8S:
		return array(text, number);
	case OID_BOOLS:
		return array(text, truth);
	case OID_TEXTS:
	case OID_VARCHARS:
	case OID_UUIDS:
		return array(text, words);
	default:
		return words(text);
	}
}

json_t *
rows_read(const PGresult *r)
{
	json_t *rows = json_array();
	int columns = PQnfields(r);

	for (int i = 0; i < PQntuples(r); i++) {
		json_t *row = json_object();

		for (int c = 0; c < columns; c++)
			json_object_set_new_nocheck(row, PQfname(r, c),
			    PQgetisnull(r, i, c)
			        ? json_null()
			        : value_of(PQftype(r, c), PQgetvalue(r, i, c)));
		json_array_append_new(rows, row);
	}
	return rows;
}
