/* From values to a page: what every page has, its form, its template. */
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/embedded.h"
#include "base/language.h"
#include "base/messages.h"
#include "web/inside.h"
#include "web/template.h"

static struct template_set *templates;
static json_t *static_names;

static const char *
source(void *context, const char *name)
{
	(void)context;
	for (const struct embedded *e = templates_embedded; e->name; e++)
		if (strcmp(e->name, name) == 0)
			return e->data;

	return NULL;
}

int
web_start(struct fault *f)
{
	if (messages_load(f) == -1)
		return -1;
	templates = template_set_new(source, NULL);
	static_names = json_loads(static_manifest, 0, NULL);
	if (static_names == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "the manifest of static files is not JSON");

	return 0;
}

static json_t *
language_list_new(int current)
{
	json_t *list = json_array();

	for (int i = 0; languages[i] != NULL; i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:b}", "code", languages[i], "name",
		        language_name(languages[i]), "current", i == current));

	return list;
}

/* One for each language, made once: every page has it. */
static json_t *
language_list(const struct visit *v)
{
	static json_t *lists[LANGUAGES];
	int current = language_index(v->language);

	if (lists[current] == NULL)
		lists[current] = language_list_new(current);

	return lists[current];
}

/* The flash message that a write left in the address: only known ones. */
static void
put_said(struct visit *v)
{
	const char *key = pairs_find(&v->typed, "said");

	if (key == NULL || strncmp(key, "flash.", 6) != 0 ||
	    !message_known(key))
		return;
	json_object_set_new(
	    v->page, "said", json_string(visit_message(v, key, NULL)));
}

/* "has_<list>" beside each list that holds something: a template can repeat
 * a list, but not ask whether there is one. */
static void
put_has(struct visit *v)
{
	const char *name;
	json_t *value, *flags = json_object();

	json_object_foreach(v->page, name,
	    value) if (json_array_size(value) > 0) json_object_set_new(flags,
	    arena_printf(v->arena, "has_%s", name), json_true());
	json_object_update(v->page, flags);
	json_decref(flags);
}

void
page_chrome(struct visit *v)
{
	const json_t *me = visit_me(v);
	json_t *p = v->page;

	put_has(v);
	json_object_set_new(p, "lang", json_string(v->language));
	json_object_set_new(
	    p, "dir", json_string(language_rtl(v->language) ? "rtl" : "ltr"));
	json_object_set(p, "languages", language_list(v));
	json_object_set_new(p, "path", json_string(v->path));
	json_object_set_new(p, "origin", json_string(config("origin")));
	json_object_set_new(p, "organisation", json_string(config("name")));
	json_object_set(p, "static", static_names);
	if (me != NULL)
		json_object_set_new(p, "me", json_deep_copy(me));
	put_said(v);
}

static const char *
kind_type(const struct field *field)
{
	switch (field->kind) {
	case FIELD_EMAIL:
		return "email";
	case FIELD_URL:
		return "url";
	case FIELD_NUMBER:
		return "number";
	case FIELD_DAY:
		return "date";
	case FIELD_MOMENT:
		return "datetime-local";
	default:
		return "text";
	}
}

/* Which control it is: one flag for the template. */
static const char *
kind_control(const struct field *field)
{
	if (field->flags & HIDDEN)
		return "is_hidden";
	if (field_several(field))
		return "is_several";
	if (field->options != NULL || field->kind == FIELD_CHOICE ||
	    field->kind == FIELD_LANGUAGE || field->kind == FIELD_COUNTRY)
		return "is_select";
	if (field->kind == FIELD_TEXT)
		return "is_lines";
	if (field->kind == FIELD_FLAG)
		return "is_flag";

	return "is_text";
}

static void
add_option(
    json_t *list, const char *value, const char *label, const char *chosen)
{
	json_array_append_new(
	    list, json_pack("{s:s, s:s, s:b}", "value", value, "label", label,
	              "chosen", chosen != NULL && strcmp(chosen, value) == 0));
}

/* What fills the page's form: a row, or NULL. */
static json_t *
prefill(const struct visit *v)
{
	const char *name = v->act->prefill;

	return name == NULL      ? NULL
	       : name[0] == '\0' ? v->page
	                         : json_object_get(v->page, name);
}

static bool
same_value(const json_t *stored, const char *value)
{
	return json_is_string(stored)
	           ? strcmp(json_string_value(stored), value) == 0
	           : json_integer_value(stored) == strtoll(value, NULL, 10);
}

/* Of a field with several values: is this one of them, as typed or stored? */
static const char *
among_several(struct visit *v, const struct field *field, const char *value)
{
	json_t *stored = json_object_get(prefill(v), field->name), *one;
	size_t i;

	if (visit_again(v))
		return visit_typed_so(v, field->name, value) ? value : NULL;
	json_array_foreach(
	    stored, i, one) if (same_value(one, value)) return value;

	return NULL;
}

static void
choice_options(struct visit *v, const struct field *field, const char *chosen,
    json_t *list)
{
	for (int i = 0; field->choices[i] != NULL; i++)
		add_option(list, field->choices[i],
		    visit_message(v,
		        arena_printf(v->arena, "choice.%s.%s", field->name,
		            field->choices[i]),
		        NULL),
		    chosen);
}

static void
row_options(struct visit *v, const struct field *field, const char *chosen,
    json_t *list)
{
	json_t *rows = json_object_get(v->page, field->options), *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		json_t *value = json_object_get(row, "value");
		const char *s = json_is_integer(value)
		                    ? arena_printf(v->arena, "%lld",
		                          (long long)json_integer_value(value))
		                    : json_string_value(value);

		if (s != NULL)
			add_option(list, s,
			    json_string_value(json_object_get(row, "label")),
			    field_several(field) ? among_several(v, field, s)
			                         : chosen);
	}
}

static json_t *
options(struct visit *v, const struct field *field, const char *chosen)
{
	json_t *list = json_array();

	if (field->options != NULL)
		row_options(v, field, chosen, list);
	else if (field->kind == FIELD_CHOICE)
		choice_options(v, field, chosen, list);
	else if (field->kind == FIELD_LANGUAGE)
		for (int i = 0; languages[i] != NULL; i++)
			add_option(list, languages[i],
			    language_name(languages[i]), chosen);
	else if (field->kind == FIELD_COUNTRY)
		for (const char *const *c = countries_by_name(v->language);
		     *c != NULL; c++)
			add_option(list, *c,
			    words_country(v->arena, v->language, *c), chosen);

	return list;
}

const char *
field_room(const struct act *act)
{
	return act == NULL || act->room == NULL ? "" : act->room;
}

/* "field.<room>.<name>", or "field.<name>" where no room has its own. */
static const char *
own_or_shared(
    struct visit *v, const char *what, const char *room, const char *name)
{
	const char *key = arena_printf(v->arena, "%s.%s.%s", what, room, name);

	if (message_known(key))
		return key;
	key = arena_printf(v->arena, "%s.%s", what, name);

	return message_known(key) ? key : NULL;
}

const char *
field_label(struct visit *v, const char *room, const char *name)
{
	const char *key = own_or_shared(v, "field", room, name);
	const char *own = json_string_value(
	    json_object_get(json_object_get(v->page, "labels"), name));

	if (own != NULL)
		return own;

	return key == NULL ? name : visit_message(v, key, NULL);
}

/* What was hidden in the form of who came too late is as it is now: whoever
 * then sends the form once more has been told, and means it. */
static bool
overtaken(const struct visit *v, const struct field *field)
{
	return (field->flags & HIDDEN) && v->fault[0].kind == FAULT_CONFLICT &&
	       json_object_get(prefill(v), field->name) != NULL;
}

/* What stands in the field: as typed, else as stored, else from the query. */
static const char *
field_shown(struct visit *v, const struct field *field)
{
	const json_t *row = prefill(v), *value;

	if (field->flags & SECRET)
		return NULL;
	if (visit_again(v) && !overtaken(v, field))
		return pairs_find(&v->typed, field->name);
	value = json_object_get(row, field->name);
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		return arena_printf(
		    v->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : NULL;

	return row == NULL ? visit_field(v, field->name) : NULL;
}

const char *
visit_wrong(struct visit *v, const char *name)
{
	for (int i = 0; i < v->faults; i++) {
		const struct fault *f = &v->fault[i];
		json_t *arguments;
		const char *words;

		if (strcmp(f->field, name) != 0)
			continue;
		arguments = json_pack("{s:I, s:s}", "number",
		    (json_int_t)f->number, "text", f->text);
		words = visit_message(v, f->key, arguments);
		json_decref(arguments);
		return words;
	}

	return NULL;
}

static json_t *
field_object(struct visit *v, const struct act *act, const struct field *field)
{
	const char *shown = field_shown(v, field);
	const char *wrong = visit_wrong(v, field->name);
	const char *room = field_room(act);
	const char *hint = own_or_shared(v, "hint", room, field->name);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o}", "name",
	    field->name, "id", arena_printf(v->arena, "f-%s", field->name),
	    "label", field_label(v, room, field->name), "type",
	    kind_type(field), "required", (field->flags & REQUIRED) != 0,
	    "options", options(v, field, shown));

	json_object_set_new(o, kind_control(field), json_true());
	if (shown != NULL)
		json_object_set_new(o, "value", json_string(shown));
	if (field->kind == FIELD_FLAG)
		json_object_set_new(o, "checked", json_boolean(shown != NULL));
	if (hint != NULL)
		json_object_set_new(
		    o, "hint", json_string(visit_message(v, hint, NULL)));
	if (field->most > 0)
		json_object_set_new(o,
		    field->kind == FIELD_NUMBER ? "highest" : "max",
		    json_integer(field->most));
	if (field->kind == FIELD_NUMBER)
		json_object_set_new(o, "lowest", json_integer(field->least));
	if (field->autocomplete != NULL)
		json_object_set_new(
		    o, "autocomplete", json_string(field->autocomplete));
	if (wrong != NULL)
		json_object_set_new(o, "fault", json_string(wrong));

	return o;
}

/* `form`: the fields of the write that this page offers. */
void
page_form(struct visit *v)
{
	const struct act *act = v->act->form;
	json_t *form, *fields;

	if (act == NULL)
		return;
	fields = json_array();
	form = json_pack("{s:s, s:o}", "action", route_path_of(v, act),
	    "faults", problem_faults(v));
	for (const struct field *f = act->fields; f && f->name; f++) {
		json_t *o;

		if (f->kind == FIELD_ANSWERS || f->kind == FIELD_ROWS)
			continue;
		o = field_object(v, act, f);
		if (field_several(f) &&
		    json_array_size(json_object_get(o, "options")) == 0) {
			json_decref(o); /* nothing to choose from */
			continue;
		}
		json_object_set(form, f->name, o);
		json_array_append_new(fields, o);
	}
	json_object_set_new(form, "fields", fields);
	if (v->faults > 0)
		json_object_set_new(form, "faulty", json_true());
	json_object_set_new(v->page, "form", form);
}

int
page_render(struct visit *v, struct fault *f)
{
	const char *name = v->template != NULL ? v->template : v->act->page;

	if (name == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "%s has no page", v->route->path);
	v->out.size = 0;
	if (template_render(
	        templates, name, v->language, v->page, &v->out, f) == -1)
		return -1;
	visit_respond_header(v, "content-type", "text/html; charset=utf-8");
	v->response.body = v->out.data;
	v->response.size = v->out.size;

	return 0;
}
