#include "registration/answers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "web/visit.h"

enum { WORDS_MOST = 100000 };

/* A question while its field is made. */
struct asked {
	struct visit *visit;
	const json_t *row;    /* as the database has it */
	const json_t *answer; /* as stored, or NULL */
	const char *other;    /* the event's language */
	const char *kind;
	const char *name; /* "q12" */
};

static const char *
text_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

/* --- words ----------------------------------------------------------- */

bool
answers_is(const json_t *value, const char *text)
{
	return json_is_string(value) &&
	       strcmp(json_string_value(value), text) == 0;
}

const char *
answers_words(struct visit *v, const json_t *by_language, const char *other,
    const char **in)
{
	const char *const tried[] = { visit_language(v), other, languages[0] };
	void *first = json_object_iter((json_t *)(uintptr_t)by_language);

	for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++) {
		const char *words =
		    tried[i] == NULL ? NULL : text_of(by_language, tried[i]);

		if (words != NULL) {
			*in = tried[i];
			return words;
		}
	}
	*in = first == NULL ? NULL : json_object_iter_key(first);

	return first == NULL ? ""
	                     : json_string_value(json_object_iter_value(first));
}

static const char *
option_words(struct visit *v, const json_t *option, const char *other)
{
	const char *value = text_of(option, "value"), *in, *words, *usual;

	words = answers_words(v, json_object_get(option, "label"), other, &in);
	usual = arena_printf(visit_arena(v), "choice.need.%s", value);
	if (words[0] == '\0' && message_known(usual))
		return visit_message(v, usual, NULL);

	return words[0] == '\0' ? value : words;
}

const char *
answers_option(struct visit *v, const json_t *options, const char *value,
    const char *other)
{
	const json_t *option;
	size_t i;

	json_array_foreach(
	    options, i, option) if (strcmp(text_of(option, "value"), value) ==
	                            0) return option_words(v, option, other);

	return value;
}

/* One value of any kind of question. */
static const char *
value_words(struct visit *v, const char *kind, const json_t *options,
    const char *value, const char *other)
{
	struct arena *a = visit_arena(v);
	const char *words = NULL;

	if (strcmp(kind, "country") == 0)
		return words_country(a, visit_language(v), value);
	if (strcmp(kind, "language") == 0)
		return words_language(a, visit_language(v), value);
	if (strcmp(kind, "consent") == 0)
		return visit_message(v, "registration.agreed", NULL);
	if (strcmp(kind, "date") == 0)
		words = words_value(a, visit_language(v), "date", value);
	if (words != NULL)
		return words;

	return answers_option(v, options, value, other);
}

static void
say(struct text *out, const char *words)
{
	text_printf(out, "%s%s", out->size > 0 ? " · " : "", words);
}

/* Several values in one line. */
static void
say_values(struct visit *v, struct text *out, const json_t *row,
    const json_t *values, const char *other)
{
	const json_t *one;
	size_t i;

	json_array_foreach(values, i, one) if (json_is_string(one))
	    say(out, value_words(v, text_of(row, "kind"),
	                 json_object_get(row, "options"),
	                 json_string_value(one), other));
}

static const char *
answer_words(struct visit *v, const json_t *row)
{
	const json_t *value = json_object_get(row, "value");
	const char *other = text_of(row, "event_language");
	const char *kind = text_of(row, "kind");
	struct text out;
	const char *done;

	text_init(&out, WORDS_MOST);
	if (json_is_array(value))
		say_values(v, &out, row, value, other);
	else if (json_is_object(value)) {
		say_values(
		    v, &out, row, json_object_get(value, "chosen"), other);
		if (text_of(value, "words") != NULL)
			say(&out, text_of(value, "words"));
	} else if (json_is_number(value))
		say(&out, words_number(visit_arena(v), visit_language(v),
		              json_number_value(value)));
	else if (value != NULL && !json_is_null(value))
		say(&out, value_words(v, kind, json_object_get(row, "options"),
		              json_is_string(value) ? json_string_value(value)
		                                    : "true",
		              other));
	done = arena_text(visit_arena(v), out.size > 0 ? out.data : "");
	text_free(&out);

	return done;
}

void
answers_say(struct visit *v, json_t *answers)
{
	json_t *row;
	size_t i;

	json_array_foreach(answers, i, row)
	{
		const char *in, *label;

		json_object_set_new(
		    row, "words", json_string(answer_words(v, row)));
		label = answers_words(v, json_object_get(row, "label"),
		    text_of(row, "event_language"), &in);
		json_object_set_new(row, "label", json_string(label));
		if (json_is_false(json_object_get(row, "asked")))
			json_object_set_new(row, "past", json_true());
		json_object_del(row, "options");
	}
}

int
answers_one(struct visit *v, json_t *page, struct fault *f)
{
	json_t *row = json_object_get(page, "registration");

	(void)f;
	answers_say(v, json_object_get(page, "answers"));
	json_object_set_new(row, "manage",
	    json_sprintf("/registrations/%lld",
	        (long long)json_integer_value(json_object_get(row, "id"))));

	return 0;
}

/* --- fields ---------------------------------------------------------- */

static bool
is(const struct asked *q, const char *kind)
{
	return strcmp(q->kind, kind) == 0;
}

static bool
is_need(const struct asked *q)
{
	return is(q, "dietary") || is(q, "access");
}

/* Is this value chosen, as typed or as stored? */
static bool
chosen(const struct asked *q, const char *value)
{
	const json_t *list = json_is_object(q->answer)
	                         ? json_object_get(q->answer, "chosen")
	                         : q->answer;
	const json_t *one;
	size_t i;

	if (visit_again(q->visit))
		return visit_typed_so(q->visit, q->name, value);
	json_array_foreach(
	    list, i, one) if (answers_is(one, value)) return true;

	return answers_is(list, value);
}

static void
add_option(
    const struct asked *q, json_t *list, const char *value, const char *label)
{
	json_array_append_new(
	    list, json_pack("{s:s, s:s, s:b}", "value", value, "label", label,
	              "chosen", chosen(q, value)));
}

static json_t *
options_of(const struct asked *q)
{
	struct visit *v = q->visit;
	json_t *list = json_array(), *option;
	size_t i;

	if (is(q, "country"))
		for (const char *const *c =
		         countries_by_name(visit_language(v));
		     *c != NULL; c++)
			add_option(q, list, *c,
			    words_country(
			        visit_arena(v), visit_language(v), *c));
	if (is(q, "language"))
		for (const char *const *c = language_codes(); *c != NULL; c++)
			add_option(q, list, *c,
			    words_language(
			        visit_arena(v), visit_language(v), *c));
	json_array_foreach(json_object_get(q->row, "options"), i, option)
	{
		const char *value = text_of(option, "value");

		/* One that is offered no more stays where it was chosen. */
		if (!json_is_true(json_object_get(option, "retired")) ||
		    chosen(q, value))
			add_option(
			    q, list, value, option_words(v, option, q->other));
	}

	return list;
}

static const char *
control(const struct asked *q)
{
	if (is(q, "choices") || is_need(q))
		return "is_several";
	if (is(q, "choice") || is(q, "country") || is(q, "language"))
		return "is_select";
	if (is(q, "consent"))
		return "is_flag";

	return is(q, "long") ? "is_lines" : "is_text";
}

/* What stands in a field of one text. */
static const char *
shown(const struct asked *q, const char *name, const json_t *stored)
{
	if (visit_again(q->visit))
		return visit_typed(q->visit, name, 0);
	if (json_is_number(stored))
		return arena_printf(
		    visit_arena(q->visit), "%.15g", json_number_value(stored));

	return json_string_value(stored);
}

static void
put(json_t *o, const char *name, const char *words)
{
	if (words != NULL && words[0] != '\0')
		json_object_set_new(o, name, json_string(words));
}

static void
put_limits(const struct asked *q, json_t *field)
{
	json_t *least = json_object_get(q->row, "lowest");
	json_t *most = json_object_get(q->row, "highest");

	if (is(q, "number") && json_is_integer(most) &&
	    json_is_integer(least)) {
		json_object_set(field, "lowest", least);
		json_object_set(field, "highest", most);
	} else if ((is(q, "short") || is(q, "long")) && json_is_integer(most)) {
		json_object_set(field, "max", most);
	}
}

/* As web/field shows it. */
static json_t *
field_of(const struct asked *q, const char *label)
{
	struct visit *v = q->visit;
	const char *in;
	json_t *field = json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "name",
	    q->name, "id", arena_printf(visit_arena(v), "f-%s", q->name),
	    "label", label, "required",
	    json_is_true(json_object_get(q->row, "required")), "type",
	    is(q, "number") ? "number"
	    : is(q, "date") ? "date"
	                    : "text",
	    "options", options_of(q));

	json_object_set_new(field, control(q), json_true());
	put(field, "value", shown(q, q->name, q->answer));
	put(field, "hint",
	    answers_words(v, json_object_get(q->row, "help"), q->other, &in));
	put(field, "fault", visit_wrong(v, q->name));
	if (is(q, "consent"))
		json_object_set_new(field, "checked",
		    json_boolean(visit_again(v)
		                     ? visit_typed(v, q->name, 0) != NULL
		                     : q->answer != NULL));
	put_limits(q, field);

	return field;
}

/* Needs that no option says. */
static json_t *
more_of(const struct asked *q)
{
	struct arena *a = visit_arena(q->visit);
	const char *name = arena_printf(a, "%s-words", q->name);
	json_t *field = json_pack("{s:s, s:s, s:s, s:s, s:b, s:i}", "name",
	    name, "id", arena_printf(a, "f-%s", name), "label",
	    visit_message(q->visit, "registration.other_need", NULL), "type",
	    "text", "is_text", 1, "max", 500);

	put(field, "value",
	    shown(q, name, json_object_get(q->answer, "words")));

	return field;
}

/* --- conditions ------------------------------------------------------ */

static const json_t *
row_of(const json_t *questions, json_int_t id)
{
	const json_t *row;
	size_t i;

	json_array_foreach(questions, i,
	    row) if (json_integer_value(json_object_get(row, "id")) ==
	             id) return row;

	return NULL;
}

/* In words for everybody, and for the script that hides it. */
static void
put_condition(const struct asked *q, const json_t *questions, json_t *out)
{
	struct visit *v = q->visit;
	json_int_t id = json_integer_value(json_object_get(q->row, "depends"));
	const json_t *on = id == 0 ? NULL : row_of(questions, id);
	json_t *values = json_object_get(q->row, "depends_values"), *arguments;
	struct text words;
	const char *in;
	char *dump;

	if (on == NULL)
		return;
	text_init(&words, WORDS_MOST);
	say_values(v, &words, on, values, q->other);
	arguments = json_pack("{s:s, s:s}", "question",
	    answers_words(v, json_object_get(on, "label"), q->other, &in),
	    "answer", words.size > 0 ? words.data : "");
	put(out, "only_if",
	    visit_message(v, "registration.only_if", arguments));
	json_decref(arguments);
	text_free(&words);
	dump = json_dumps(values, JSON_COMPACT);
	json_object_set_new(out, "values", json_string(dump));
	json_object_set_new(
	    out, "depends", json_sprintf("q%lld", (long long)id));
	free(dump);
}

/* --- the form -------------------------------------------------------- */

/* All that is wrong is said at once, each thing once. */
static void
add_faults(struct visit *v, const json_t *faults)
{
	const json_t *row;
	size_t i;

	json_array_foreach(faults, i, row)
	{
		const char *name = arena_printf(visit_arena(v), "q%lld",
		    (long long)json_integer_value(
		        json_object_get(row, "question")));
		const char *detail = text_of(row, "detail");
		struct fault f = { 0 };

		if (visit_wrong(v, name) != NULL)
			continue;
		fault(&f, FAULT_INPUT, name, text_of(row, "fault"));
		f.number = detail == NULL ? 0 : strtol(detail, NULL, 10);
		visit_fault(v, &f);
	}
}

static json_t *
question_of(struct asked *q, const json_t *questions, json_t *labels)
{
	struct visit *v = q->visit;
	const char *in, *label;
	json_t *out = json_object();

	label =
	    answers_words(v, json_object_get(q->row, "label"), q->other, &in);
	json_object_set_new(labels, q->name, json_string(label));
	if (in != NULL && strcmp(in, visit_language(v)) != 0) {
		put(out, "in", in);
		put(out, "in_dir", language_rtl(in) ? "rtl" : "ltr");
	}
	put_condition(q, questions, out);
	if (strcmp(text_of(q->row, "audience"), "all") != 0)
		put(out, "audience", text_of(q->row, "audience"));
	if (is(q, "file")) {
		json_object_set_new(out, "file",
		    json_pack("{s:s, s:O}", "label", label, "id",
		        json_object_get(q->row, "id")));
		return out;
	}
	json_object_set_new(out, "field", field_of(q, label));
	if (is_need(q))
		json_object_set_new(out, "more", more_of(q));

	return out;
}

void
answers_form(struct visit *v, json_t *page, const json_t *questions,
    const json_t *answers, const json_t *faults)
{
	json_t *list, *labels;
	const json_t *row;
	size_t i;

	if (visit_wants_json(v))
		return; /* it has the rows */
	if (visit_again(v))
		add_faults(v, faults);
	list = json_array();
	labels = json_object();
	json_array_foreach(questions, i, row)
	{
		const char *number = arena_printf(visit_arena(v), "%lld",
		    (long long)json_integer_value(json_object_get(row, "id")));
		struct asked q = { .visit = v,
			.row = row,
			.answer = json_object_get(answers, number),
			.other = text_of(row, "event_language"),
			.kind = text_of(row, "kind"),
			.name = arena_printf(visit_arena(v), "q%s", number) };

		if (q.other == NULL)
			q.other = text_of(page, "event_language");
		json_array_append_new(list, question_of(&q, questions, labels));
	}
	json_object_set_new(page, "questions", list);
	json_object_set_new(page, "labels", labels);
}
