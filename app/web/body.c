/* The query or the body, as names and values. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/messages.h"
#include "web/inside.h"

static bool
type_is(const char *type, const char *wanted)
{
	size_t n = strlen(wanted);

	return type != NULL && strncasecmp(type, wanted, n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static const struct field *
field_named(const struct visit *v, const char *name)
{
	for (const struct field *f = v->act->fields; f && f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;

	return NULL;
}

/* Words as they are, and no list or object that would read like some. */
static bool
fits(const struct field *field, const json_t *value)
{
	return field == NULL || field->kind == FIELD_JSON ||
	       field->kind == FIELD_ANSWERS || field->kind == FIELD_ROWS ||
	       (!json_is_array(value) && !json_is_object(value));
}

/* One member of the JSON body as if it had been typed. */
static int
member_add(struct visit *v, struct pairs *out, const char *name,
    const json_t *value, struct fault *f)
{
	const char *typed;
	char *dump;

	if (!fits(field_named(v, name), value))
		return fault(f, FAULT_INPUT, name, "web.not_one");
	switch (json_typeof(value)) {
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		typed = arena_text(v->arena, json_string_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		typed = json_is_true(value) ? "true" : "false";
		break;
	default:
		dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		typed = arena_text(v->arena, dump);
		free(dump);
	}
	if (pairs_add(out, arena_text(v->arena, name), typed) == -1)
		return fault(f, FAULT_LARGE, "", "web.too_many_fields");

	return 0;
}

static bool
ids_only(const json_t *array)
{
	size_t i;
	json_t *item;

	json_array_foreach(
	    array, i, item) if (!json_is_integer(item)) return false;

	return json_array_size(array) > 0;
}

/* Is it an array for a field of several values? */
static bool
several(const struct visit *v, const char *name, const json_t *value)
{
	const struct field *field = field_named(v, name);

	if (!json_is_array(value))
		return false;

	return field != NULL ? field_several(field) : ids_only(value);
}

/* Such an array is that many values of one name. */
static int
array_add(struct visit *v, struct pairs *out, const char *name,
    const json_t *array, struct fault *f)
{
	size_t i;
	json_t *item;

	json_array_foreach(array, i,
	    item) if (member_add(v, out, name, item, f) == -1) return -1;

	return 0;
}

static int
json_read(struct visit *v, struct pairs *out, struct fault *f)
{
	json_t *root = json_loadb(v->request->body, v->request->body_size,
	    JSON_REJECT_DUPLICATES, NULL);
	const char *name;
	json_t *value;

	if (root == NULL || !json_is_object(root)) {
		json_decref(root);
		return fault(f, FAULT_FORM, "", "web.not_json");
	}
	arena_defer(v->arena, (void (*)(void *))json_decref, root);
	json_object_foreach(root, name, value)
	{
		int r = several(v, name, value)
		            ? array_add(v, out, name, value, f)
		            : member_add(v, out, name, value, f);
		if (r == -1)
			return -1;
	}

	return 0;
}

static int
body_sized(struct visit *v, struct fault *f)
{
	size_t most = v->act->body_max ? v->act->body_max : BODY_MAX;

	if (v->request->body_size <= most)
		return 0;
	fault(f, FAULT_LARGE, "", "web.body_too_large");
	f->number = (long)(most / 1024);

	return -1;
}

int
body_read(struct visit *v, struct pairs *out, struct fault *f)
{
	const struct request *r = v->request;
	const char *type = visit_header(v, "content-type");
	bool unsafe = strcmp(v->route->method, "GET") != 0;

	if (body_sized(v, f) == -1)
		return -1;
	if (!unsafe || v->act->raw)
		return r->query == NULL ? 0
		                        : form_parse(v->arena, r->query,
		                              strlen(r->query), out, f);
	if (r->body_size == 0)
		return 0;
	if (r->body == NULL)
		return fault(f, FAULT_LARGE, "", "web.body_too_large");
	if (type_is(type, "application/json"))
		return json_read(v, out, f);
	if (type_is(type, "application/x-www-form-urlencoded"))
		return form_parse(v->arena, r->body, r->body_size, out, f);

	return fault(f, FAULT_TYPE, "", "web.not_form");
}
