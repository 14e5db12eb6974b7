/* FIELD_ANSWERS: what was answered to questions that no act knows beforehand.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "web/inside.h"

enum {
	ANSWERS_MOST = 250, /* questions, and the words beside choices */
	CHOSEN_MOST = 200,  /* of one question */
	ANSWER_CHARS = 10000,
	NUMBER_DIGITS = 18
};

/* "12", or "12-words": the words beside the choices of question 12. */
static bool
name_valid(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return digits > 0 && digits <= NUMBER_DIGITS && s[0] != '0' &&
	       (s[digits] == '\0' || strcmp(s + digits, "-words") == 0);
}

/* The member of a form that a fault is shown at: "q12". */
static const char *
member(struct visit *v, const char *name)
{
	return arena_printf(
	    v->arena, "q%.*s", (int)strspn(name, "0123456789"), name);
}

/* One text as a text field would take it; NULL with the fault, "" is none. */
static const char *
clean(struct visit *v, const char *name, const char *typed, struct fault *f)
{
	struct field one = { .name = member(v, name),
		.kind = FIELD_TEXT,
		.most = ANSWER_CHARS };

	return field_value(v, &one, typed, f);
}

static int
too_many(struct visit *v, const char *name, long most, struct fault *f)
{
	fault(f, FAULT_INPUT, member(v, name), "web.too_many");
	f->number = most;

	return -1;
}

/* What is there already and one more are several. */
static int
add(struct visit *v, json_t *answers, const char *name, const char *typed,
    struct fault *f)
{
	const char *value = clean(v, name, typed, f);
	json_t *was = json_object_get(answers, name);

	if (value == NULL)
		return -1;
	if (value[0] == '\0')
		return 0;
	if (was == NULL && json_object_size(answers) == ANSWERS_MOST)
		return too_many(v, name, ANSWERS_MOST, f);
	if (was == NULL)
		return json_object_set_new(answers, name, json_string(value));
	if (json_is_array(was) && json_array_size(was) == CHOSEN_MOST)
		return too_many(v, name, CHOSEN_MOST, f);
	if (json_is_array(was))
		return json_array_append_new(was, json_string(value));

	return json_object_set_new(
	    answers, name, json_pack("[O, o]", was, json_string(value)));
}

static json_t *cleaned(
    struct visit *, const char *, json_t *, int, struct fault *);

static json_t *
cleaned_all(struct visit *v, const char *name, json_t *value, int depth,
    struct fault *f)
{
	json_t *all = json_is_array(value) ? json_array() : json_object(),
	       *item;
	const char *key;
	size_t i;

	json_array_foreach(value, i, item)
	    json_array_append_new(all, cleaned(v, name, item, depth, f));
	json_object_foreach(value, key, item)
	    json_object_set_new(all, key, cleaned(v, name, item, depth, f));
	if (f->kind == FAULT_NONE)
		return all;
	json_decref(all);

	return NULL;
}

/* Of a JSON body: texts are cleaned wherever they stand, two levels deep. */
static json_t *
cleaned(struct visit *v, const char *name, json_t *value, int depth,
    struct fault *f)
{
	const char *text;

	if (json_is_string(value)) {
		text = clean(v, name, json_string_value(value), f);
		return text == NULL ? NULL : json_string(text);
	}
	if (!json_is_array(value) && !json_is_object(value))
		return json_deep_copy(value);
	if (depth == 2 || json_array_size(value) > CHOSEN_MOST ||
	    json_object_size(value) > CHOSEN_MOST) {
		too_many(v, name, CHOSEN_MOST, f);
		return NULL;
	}

	return cleaned_all(v, name, value, depth + 1, f);
}

static int
read_object(
    struct visit *v, json_t *answers, const char *typed, struct fault *f)
{
	json_t *given = json_loads(typed, JSON_REJECT_DUPLICATES, NULL);
	json_t *value, *clean_value;
	const char *name;

	if (!json_is_object(given)) {
		json_decref(given);
		return fault(f, FAULT_INPUT, "answers", "web.not_json");
	}
	json_object_foreach(given, name, value)
	{
		if (!name_valid(name) ||
		    json_object_size(answers) == ANSWERS_MOST) {
			fault(f, FAULT_INPUT, "answers", "web.not_known");
			break;
		}
		clean_value = cleaned(v, name, value, 0, f);
		if (clean_value == NULL)
			break;
		json_object_set_new(
		    answers, arena_text(v->arena, name), clean_value);
	}
	json_decref(given);

	return f->kind == FAULT_NONE ? 0 : -1;
}

const char *
answers_value(struct visit *v, const struct field *field,
    const struct pairs *pairs, struct fault *f)
{
	const char *typed = pairs_find(pairs, field->name), *bound = NULL;
	json_t *answers = json_object();
	char *dump;
	int ret = 0;

	if (typed != NULL)
		ret = read_object(v, answers, typed, f);
	for (int i = 0; i < pairs->count && ret == 0; i++) {
		const struct pair *p = &pairs->pair[i];

		if (p->name[0] == 'q' && name_valid(p->name + 1))
			ret = add(v, answers, p->name + 1, p->value, f);
	}
	if (ret == 0 && json_object_size(answers) > 0) {
		json_object_set_new(answers, "lang", json_string(v->language));
		dump = json_dumps(answers, JSON_COMPACT);
		bound = arena_text(v->arena, dump);
		free(dump);
	}
	json_decref(answers);

	return bound;
}
