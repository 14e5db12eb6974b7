#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/template_value.h"

json_t *
value_find(const struct contexts *c, const char *const *path)
{
	json_t *v = NULL;

	if (path[0] == NULL)
		return c->of[c->count - 1];
	for (int i = c->count; i > 0 && v == NULL; i--)
		v = json_object_get(c->of[i - 1], path[0]);
	for (path++; v != NULL && *path != NULL; path++)
		v = json_object_get(v, *path);

	return v;
}

json_t *
value_named(const struct contexts *c, const char *name)
{
	size_t length = strcspn(name, ".");
	json_t *v = NULL;

	for (int i = c->count; i > 0 && v == NULL; i--)
		v = json_object_getn(c->of[i - 1], name, length);
	while (v != NULL && name[length] == '.') {
		name += length + 1;
		length = strcspn(name, ".");
		v = json_object_getn(v, name, length);
	}

	return v;
}

bool
value_true(const json_t *v)
{
	switch (v == NULL ? JSON_NULL : json_typeof(v)) {
	case JSON_NULL:
	case JSON_FALSE:
		return false;
	case JSON_ARRAY:
		return json_array_size(v) > 0;
	case JSON_STRING:
		return json_string_length(v) > 0;
	default:
		return true;
	}
}

/* The shortest spelling that reads back as the same number. */
static int
spell_real(double d, char room[SPELT_ROOM])
{
	int n = 0;

	if (d == floor(d) && fabs(d) < 1e15)
		return snprintf(room, SPELT_ROOM, "%.0f", d);
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(room, SPELT_ROOM, "%.*g", digits, d);
		if (strtod(room, NULL) == d)
			break;
	}

	return n;
}

const char *
value_spelt(const json_t *v, char room[SPELT_ROOM], size_t *size)
{
	int n;

	switch (v == NULL ? JSON_OBJECT : json_typeof(v)) {
	case JSON_STRING:
		*size = json_string_length(v);
		return json_string_value(v);
	case JSON_INTEGER:
		n = snprintf(room, SPELT_ROOM, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
		break;
	case JSON_REAL:
		n = spell_real(json_real_value(v), room);
		break;
	case JSON_TRUE:
		n = snprintf(room, SPELT_ROOM, "true");
		break;
	case JSON_FALSE:
		n = snprintf(room, SPELT_ROOM, "false");
		break;
	case JSON_NULL:
		n = snprintf(room, SPELT_ROOM, "%s", "");
		break;
	default:
		*size = 0;
		return NULL;
	}
	*size = (size_t)n;

	return room;
}
