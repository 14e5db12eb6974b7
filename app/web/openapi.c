/* The contract of the API, from the same table that serves it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/messages.h"
#include "web/openapi.h"
#include "web/visit.h"

/* Type, format and pattern of each kind (JSON Schema 2020-12). */
static json_t *
kind_schema(enum field_kind kind)
{
	switch (kind) {
	case FIELD_ID:
		return json_pack("{s:s, s:s, s:i}", "type", "integer", "format",
		    "int64", "minimum", 1);
	case FIELD_NUMBER:
		return json_pack("{s:s}", "type", "integer");
	case FIELD_FLAG:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_EMAIL:
		return json_pack(
		    "{s:s, s:s}", "type", "string", "format", "email");
	case FIELD_URL:
		return json_pack(
		    "{s:s, s:s}", "type", "string", "format", "uri");
	case FIELD_UUID:
		return json_pack(
		    "{s:s, s:s}", "type", "string", "format", "uuid");
	case FIELD_DAY:
		return json_pack(
		    "{s:s, s:s}", "type", "string", "format", "date");
	case FIELD_COUNTRY:
		return json_pack(
		    "{s:s, s:s}", "type", "string", "pattern", "^[A-Z]{2}$");
	case FIELD_TOKEN:
		return json_pack("{s:s, s:s}", "type", "string", "pattern",
		    "^[A-Za-z0-9_-]{43}$");
	case FIELD_IDS:
		return json_pack("{s:s, s:{s:s, s:s}}", "type", "array",
		    "items", "type", "integer", "format", "int64");
	case FIELD_CHOICES:
		return json_pack("{s:s, s:{s:s}}", "type", "array", "items",
		    "type", "string");
	case FIELD_JSON:
		return json_object();
	case FIELD_ROWS:
		return json_pack("{s:s, s:{s:s}}", "type", "array", "items",
		    "type", "object");
	case FIELD_ANSWERS:
		return json_pack("{s:s, s:s}", "type", "object", "description",
		    "By question number: text, number, boolean, array of "
		    "values, or {chosen, words}");
	default:
		return json_pack("{s:s}", "type", "string");
	}
}

static json_t *
field_schema(const struct field *field)
{
	json_t *schema = kind_schema(field->kind), *values;
	const char *const *list =
	    field->kind == FIELD_LANGUAGE ? languages : field->choices;
	bool number = field->kind == FIELD_NUMBER;

	if (field->least != 0)
		json_object_set_new(schema, number ? "minimum" : "minLength",
		    json_integer(field->least));
	if (field->most != 0)
		json_object_set_new(schema, number ? "maximum" : "maxLength",
		    json_integer(field->most));
	if (list == NULL)
		return schema;
	values = json_array();
	for (; *list != NULL; list++)
		json_array_append_new(values, json_string(*list));
	json_object_set_new(schema, "enum", values);

	return schema;
}

static json_t *
path_parameters(const char *path)
{
	json_t *list = json_array();
	const char *open = path;

	while ((open = strchr(open, '{')) != NULL) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(open + 1, "}"), open + 1);
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", name, "in",
		        "path", "required", 1, "schema", "type", "string"));
		open++;
	}

	return list;
}

static void
query_parameters(const struct field *field, json_t *list)
{
	for (; field != NULL && field->name != NULL; field++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:b, s:o}", "name", field->name, "in",
		        "query", "required", field->flags & REQUIRED, "schema",
		        field_schema(field)));
}

static json_t *
body_schema(const struct field *field)
{
	json_t *properties = json_object(), *required = json_array();
	json_t *schema =
	    json_pack("{s:s, s:o}", "type", "object", "properties", properties);

	for (; field != NULL && field->name != NULL; field++) {
		json_object_set_new(
		    properties, field->name, field_schema(field));
		if ((field->flags & (REQUIRED | STRANGER)) == REQUIRED)
			json_array_append_new(
			    required, json_string(field->name));
	}
	if (json_array_size(required) > 0)
		json_object_set(schema, "required", required);
	json_decref(required);

	return schema;
}

static json_t *
responses(const struct route *r)
{
	json_t *list = json_pack("{s:{s:s}, s:{s:s, s:{s:{s:{s:s}}}}}", "200",
	    "description", "Done", "default", "description",
	    "A problem (RFC 9457)", "content", "application/problem+json",
	    "schema", "$ref", "#/components/schemas/problem");

	if (r->act->go != NULL)
		json_object_set_new(list, "303",
		    json_pack("{s:s}", "description",
		        "Done; a page follows, for browsers"));

	return list;
}

static json_t *
operation(const struct route *r)
{
	json_t *parameters = path_parameters(r->path);
	json_t *o = json_pack("{s:s, s:o, s:o}", "summary",
	    r->act->summary ? r->act->summary : "", "parameters", parameters,
	    "responses", responses(r));

	if (strcmp(r->method, "GET") == 0 || r->act->raw)
		query_parameters(r->act->fields, parameters);
	else
		json_object_set_new(o, "requestBody",
		    json_pack("{s:{s:{s:o}}}", "content", "application/json",
		        "schema", body_schema(r->act->fields)));
	if (r->act->raw)
		json_object_set_new(o, "requestBody",
		    json_pack(
		        "{s:{s:{}}}", "content", "application/octet-stream"));
	json_object_set_new(o, "security",
	    r->who == ANYONE ? json_array() : json_pack("[{s:[]}]", "token"));

	return o;
}

static void
add_route(json_t *paths, const struct route *r)
{
	json_t *item = json_object_get(paths, r->path);
	char method[8] = "";

	for (size_t i = 0; r->method[i] != '\0' && i < sizeof(method) - 1; i++)
		method[i] = (char)tolower((unsigned char)r->method[i]);
	if (item == NULL) {
		item = json_object();
		json_object_set_new(paths, r->path, item);
	}
	json_object_set_new(item, method, operation(r));
}

json_t *
openapi(const struct route *r)
{
	json_t *paths = json_object();

	for (; r->method != NULL; r++)
		add_route(paths, r);

	return json_pack(
	    "{s:s, s:{s:s, s:s}, s:o, s:{s:{s:{s:s, s:s}}, "
	    "s:{s:{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}}}}}",
	    "openapi", "3.1.0", "info", "title", "Convene", "version", "1",
	    "paths", paths, "components", "securitySchemes", "token", "type",
	    "http", "scheme", "bearer", "schemas", "problem", "type", "object",
	    "properties", "title", "type", "string", "status", "type",
	    "integer", "detail", "type", "string", "code", "type", "string");
}
