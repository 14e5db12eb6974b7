/* The form of an event in the hands of its organizers. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "sql.h"

enum {
	LABEL_MOST = 500,
	HELP_MOST = 2000,
	OPTIONS_TEXT = 60000, /* letters: 200 lines of a value and its words */
	OPTIONS_BYTES = 4 * OPTIONS_TEXT,
	VALUES_TEXT = 20000,
	RETAIN_MOST = 36500,
	OPTIONS_MOST = 200
};

static const char *const kinds[] = { "short", "long", "number", "date",
	"choice", "choices", "country", "language", "file", "consent",
	"dietary", "access", NULL };
static const char *const audiences[] = { "all", "staff", "client", "nominated",
	NULL };

#define WORDS(code)                                                            \
	{ .name = "label_" code, .kind = FIELD_WORD, .most = LABEL_MOST },     \
	    { .name = "help_" code, .kind = FIELD_TEXT, .most = HELP_MOST },   \
	{                                                                      \
		.name = "options_" code, .kind = FIELD_TEXT,                   \
		.most = OPTIONS_TEXT                                           \
	}

/* Without a version there is none to change yet. */
static const struct field question_fields[] = {
	{ .name = "version", .kind = FIELD_NUMBER, .flags = HIDDEN },
	{ .name = "language",
	    .kind = FIELD_LANGUAGE,
	    .flags = REQUIRED | HIDDEN },
	{ .name = "kind",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = kinds },
	{ .name = "required", .kind = FIELD_FLAG }, WORDS("en"), WORDS("fr"),
	WORDS("es"), WORDS("pt"), WORDS("ar"), WORDS("zh"), WORDS("ru"),
	{ .name = "least", .kind = FIELD_NUMBER, .least = -1000000000 },
	{ .name = "most", .kind = FIELD_NUMBER, .least = -1000000000 },
	{ .name = "audience", .kind = FIELD_CHOICE, .choices = audiences },
	{ .name = "depends",
	    .kind = FIELD_WORD,
	    .most = 40,
	    .options = "parents" },
	{ .name = "values", .kind = FIELD_TEXT, .most = VALUES_TEXT },
	{ .name = "sensitive", .kind = FIELD_FLAG },
	{ .name = "retain_days",
	    .kind = FIELD_NUMBER,
	    .least = 1,
	    .most = RETAIN_MOST },
	{ .name = NULL }
};

static const struct field definition_fields[] = {
	{ .name = "questions", .kind = FIELD_JSON, .flags = REQUIRED },
	{ .name = NULL }
};

static const char *
text_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

/* "label" and "fr": the name of the field. */
static const char *
field_in(struct visit *v, const char *what, const char *language)
{
	return arena_printf(visit_arena(v), "%s_%s", what, language);
}

/* --- from the fields to a definition --------------------------------- */

static json_t *
words_typed(struct visit *v, const char *what)
{
	json_t *all = json_object();

	for (int i = 0; languages[i] != NULL; i++) {
		const char *words =
		    visit_field(v, field_in(v, what, languages[i]));

		if (words != NULL && words[0] != '\0')
			json_object_set_new(
			    all, languages[i], json_string(words));
	}

	return all;
}

/* The next line of a text, trimmed; NULL at the end. */
static const char *
line_next(struct visit *v, const char **at)
{
	const char *begin = *at;
	size_t n;

	if (begin == NULL || *begin == '\0')
		return NULL;
	n = strcspn(begin, "\n");
	*at = begin + n + (begin[n] == '\n');
	while (n > 0 && isspace((unsigned char)*begin)) {
		begin++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)begin[n - 1]))
		n--;

	return arena_part(visit_arena(v), begin, n);
}

/* "value = Words", or words alone. */
static json_t *
option_read(struct visit *v, const char *line, const char *language)
{
	size_t n = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                        "abcdefghijklmnopqrstuvwxyz0123456789_.-");
	const char *words = line;
	json_t *option = json_object(), *label = json_object();

	if (n > 0 && strncmp(line + n, " =", 2) == 0) {
		json_object_set_new(option, "value",
		    json_string(arena_part(visit_arena(v), line, n)));
		words = line + n + 2;
		words += strspn(words, " \t");
	}
	if (words[0] != '\0')
		json_object_set_new(label, language, json_string(words));
	json_object_set_new(option, "label", label);

	return option;
}

/* The same line in another language is the same option. */
static int
options_say(
    struct visit *v, json_t *options, const char *language, struct fault *f)
{
	const char *name = field_in(v, "options", language);
	const char *at = visit_field(v, name), *line;
	size_t i = 0;

	while ((line = line_next(v, &at)) != NULL) {
		json_t *label =
		    json_object_get(json_array_get(options, i++), "label");

		if (label == NULL)
			return fault(
			    f, FAULT_INPUT, name, "registration.lines_differ");
		if (line[0] != '\0')
			json_object_set_new(label, language, json_string(line));
	}

	return 0;
}

static int
options_typed(
    struct visit *v, const char *language, json_t *options, struct fault *f)
{
	const char *at = visit_field(v, field_in(v, "options", language));
	const char *line;

	while ((line = line_next(v, &at)) != NULL) {
		if (line[0] == '\0')
			continue;
		if (json_array_size(options) == OPTIONS_MOST) {
			fault(f, FAULT_INPUT, field_in(v, "options", language),
			    "registration.too_many_options");
			f->number = OPTIONS_MOST;
			return -1;
		}
		json_array_append_new(options, option_read(v, line, language));
	}
	for (int i = 0; languages[i] != NULL; i++)
		if (strcmp(languages[i], language) != 0 &&
		    options_say(v, options, languages[i], f) == -1)
			return -1;

	return 0;
}

static json_t *
values_typed(struct visit *v)
{
	const char *at = visit_field(v, "values"), *line;
	json_t *values = json_array();

	while ((line = line_next(v, &at)) != NULL)
		if (line[0] != '\0')
			json_array_append_new(values, json_string(line));

	return values;
}

static int
question_before(struct visit *v, struct fault *f)
{
	static const char *const plain[] = { "kind", "required", "least",
		"most", "audience", "depends", "sensitive", "retain_days",
		NULL };
	json_t *definition = json_object(), *options = json_array();
	int ret;

	for (int i = 0; plain[i] != NULL; i++)
		if (visit_field(v, plain[i]) != NULL)
			json_object_set_new(definition, plain[i],
			    json_string(visit_field(v, plain[i])));
	json_object_set_new(definition, "label", words_typed(v, "label"));
	json_object_set_new(definition, "help", words_typed(v, "help"));
	json_object_set_new(definition, "values", values_typed(v));
	ret = options_typed(v, visit_field(v, "language"), options, f);
	json_object_set_new(definition, "options", options);
	visit_bind_json(v, "definition", definition);
	json_decref(definition);

	return ret;
}

/* --- the form of a question ------------------------------------------ */

/* Options as lines, with their values in the event's own language. */
static const char *
option_lines(
    struct visit *v, const json_t *options, const char *language, bool main)
{
	const json_t *option;
	struct text out;
	const char *done;
	size_t i;

	text_init(&out, OPTIONS_BYTES);
	json_array_foreach(options, i, option)
	{
		const char *words =
		    text_of(json_object_get(option, "label"), language);

		if (json_is_true(json_object_get(option, "retired")))
			continue;
		if (main)
			text_printf(&out, "%s = ", text_of(option, "value"));
		text_printf(&out, "%s\n", words == NULL ? "" : words);
	}
	done = arena_text(visit_arena(v), out.size > 0 ? out.data : "");
	text_free(&out);

	return done;
}

/* One text of a wording: as typed or stored, and what is wrong with it. */
static void
put_text(struct visit *v, json_t *wording, json_t *labels, const char *what,
    const char *stored)
{
	struct arena *a = visit_arena(v);
	const char *language = text_of(wording, "code");
	const char *name = field_in(v, what, language);
	const char *value = visit_again(v) ? visit_typed(v, name, 0) : stored;
	const char *wrong = visit_wrong(v, name);
	const char *label = visit_message(
	    v, arena_printf(a, "field.registration.%s", what), NULL);

	json_object_set_new(labels, name,
	    json_string(
	        arena_printf(a, "%s (%s)", label, language_name(language))));
	if (value != NULL && value[strspn(value, "\n")] != '\0') {
		json_object_set_new(wording, what, json_string(value));
		json_object_set_new(wording, "open", json_true());
	}
	if (wrong != NULL) {
		json_object_set_new(
		    wording, field_in(v, what, "fault"), json_string(wrong));
		json_object_set_new(wording, "open", json_true());
	}
}

/* The event's own language first, then the others. */
static void
put_wordings(
    struct visit *v, json_t *page, const json_t *question, const char *main)
{
	json_t *list = json_array(), *labels = json_object();
	const json_t *options = json_object_get(question, "options");

	for (int i = 0; languages[i] != NULL; i++) {
		const char *code = languages[i];
		bool first = strcmp(code, main) == 0;
		json_t *w = json_pack("{s:s, s:s, s:s, s:b}", "code", code,
		    "name", language_name(code), "direction",
		    language_rtl(code) ? "rtl" : "ltr", "is_main", first);

		put_text(v, w, labels, "label",
		    text_of(json_object_get(question, "label"), code));
		put_text(v, w, labels, "help",
		    text_of(json_object_get(question, "help"), code));
		put_text(v, w, labels, "options",
		    option_lines(v, options, code, first));
		json_array_insert_new(
		    list, first ? 0 : json_array_size(list), w);
	}
	json_object_set_new(page, "wordings", list);
	json_object_set_new(page, "labels", labels);
}

/* What a condition may be about, in words. */
static void
say_parents(struct visit *v, json_t *page)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "parents"), i, row)
	{
		const char *in;
		const char *words =
		    answers_words(v, json_object_get(row, "label"),
		        text_of(row, "event_language"), &in);

		json_object_set_new(row, "label", json_string(words));
	}
}

/* The values of a condition as lines. */
static void
say_values(json_t *question)
{
	json_t *values = json_object_get(question, "depends_values"), *one;
	struct text out;
	size_t i;

	text_init(&out, VALUES_TEXT);
	json_array_foreach(values, i, one)
	    text_printf(&out, "%s\n", json_string_value(one));
	json_object_set_new(
	    question, "values", json_string(out.size > 0 ? out.data : ""));
	text_free(&out);
}

static int
question_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *question = json_object_get(page, "question");
	const char *main = text_of(json_object_get(page, "event"), "language");

	(void)f;
	if (visit_wants_json(v))
		return 0;
	if (question == NULL) {
		question =
		    json_pack("{s:s, s:s}", "kind", "short", "audience", "all");
		json_object_set_new(page, "question", question);
		json_object_set_new(page, "is_new", json_true());
	}
	json_object_set_new(question, "language", json_string(main));
	say_values(question);
	say_parents(v, page);
	put_wordings(v, page, question, main);

	return 0;
}

/* --- the list, and the preview --------------------------------------- */

static void
say_condition(struct visit *v, json_t *row)
{
	const char *other = text_of(row, "event_language"), *in;
	json_t *values = json_object_get(row, "depends_values"), *one;
	const json_t *on = json_object_get(row, "depends_label");
	struct text words;
	json_t *arguments;
	size_t i;

	if (!json_is_object(on))
		return;
	text_init(&words, OPTIONS_BYTES);
	json_array_foreach(values, i, one)
	    text_printf(&words, "%s%s", words.size > 0 ? " · " : "",
	        strcmp(text_of(row, "depends_kind"), "consent") == 0
	            ? visit_message(v, "registration.agreed", NULL)
	            : answers_option(v, json_object_get(row, "depends_options"),
	                  json_string_value(one), other));
	arguments = json_pack("{s:s, s:s}", "question",
	    answers_words(v, on, other, &in), "answer",
	    words.size > 0 ? words.data : "");
	json_object_set_new(row, "only_if",
	    json_string(visit_message(v, "registration.only_if", arguments)));
	json_decref(arguments);
	text_free(&words);
}

static int
list_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *rows = json_object_get(page, "questions"), *row;
	json_t *live = json_array(), *past = json_array();
	size_t i;

	(void)f;
	json_array_foreach(rows, i, row)
	{
		const char *in,
		    *words = answers_words(v, json_object_get(row, "label"),
		        text_of(row, "event_language"), &in);

		say_condition(v, row);
		json_object_set_new(row, "label", json_string(words));
		json_object_del(row, "depends_options");
		json_array_append(
		    json_is_true(json_object_get(row, "asked")) ? live : past,
		    row);
	}
	json_object_set_new(page, "questions", live);
	json_object_set_new(page, "past", past);

	return 0;
}

static int
preview_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	answers_form(v, page, json_object_get(page, "questions"), NULL, NULL);
	json_object_set_new(page, "is_preview", json_true());

	return 0;
}

/* --- the whole form as a document ------------------------------------ */

/* "questions.3.label_fr" is no field of the page: it says where to look. */
static int
definition_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *typed = visit_typed(v, "questions", 0);
	char *dump;

	(void)f;
	if (visit_wants_json(v))
		return 0;
	dump = json_dumps(json_object_get(page, "questions"),
	    JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_object_set_new(
	    page, "definition", json_string(typed != NULL ? typed : dump));
	free(dump);

	return 0;
}

/* --- the acts -------------------------------------------------------- */

const struct act registration_questions = { .room = "registration",
	.summary =
	    "The questions of an event's form, those no longer asked too",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "questions", &SQL_REGISTRATION_FORM_LIST, MANY } },
	.answer = list_answer,
	.page = "registration/questions_list" };

const struct act registration_questions_preview = { .room = "registration",
	.summary = "The form as participants see it",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "questions", &SQL_REGISTRATION_FORM_PREVIEW, MANY } },
	.answer = preview_answer,
	.page = "registration/questions_preview" };

const struct act registration_question_new = { .room = "registration",
	.summary = "The form of a new question",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "parents", &SQL_REGISTRATION_QUESTION_PARENTS, MANY } },
	.answer = question_answer,
	.page = "registration/question_edit",
	.form = &registration_question_make,
	.prefill = "question" };

const struct act registration_question_make = { .room = "registration",
	.summary = "Adds a question at the end of an event's form",
	.fields = question_fields,
	.body_max = LONG_TEXT,
	.before = question_before,
	.asks = { { "", &SQL_REGISTRATION_QUESTION_PUT, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.added",
	.again = &registration_question_new,
	.write = true };

const struct act registration_question = { .room = "registration",
	.summary = "The form of a question",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "question", &SQL_REGISTRATION_QUESTION, ONE },
	    { "parents", &SQL_REGISTRATION_QUESTION_PARENTS, MANY } },
	.answer = question_answer,
	.page = "registration/question_edit",
	.form = &registration_question_save,
	.prefill = "question" };

const struct act registration_question_save = { .room = "registration",
	.summary = "Changes a question; answers stay readable with the words "
	           "that they answered",
	.fields = question_fields,
	.body_max = LONG_TEXT,
	.before = question_before,
	.asks = { { "", &SQL_REGISTRATION_QUESTION_PUT, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.saved",
	.again = &registration_question,
	.write = true };

const struct act registration_question_up = { .room = "registration",
	.summary = "Moves a question one up",
	.asks = { { "", &SQL_REGISTRATION_QUESTION_UP, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.saved",
	.write = true };

const struct act registration_question_down = { .room = "registration",
	.summary = "Moves a question one down",
	.asks = { { "", &SQL_REGISTRATION_QUESTION_DOWN, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.saved",
	.write = true };

const struct act registration_question_retire = { .room = "registration",
	.summary = "Asks a question no more; what was answered stays",
	.asks = { { "", &SQL_REGISTRATION_QUESTION_RETIRE, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.question_retired",
	.write = true };

const struct act registration_definition = { .room = "registration",
	.summary = "An event's form as one document",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "", &SQL_REGISTRATION_FORM_DEFINITION, ONE } },
	.answer = definition_answer,
	.page = "registration/definition",
	.form = &registration_define };

const struct act registration_define = { .room = "registration",
	.summary = "Adds and changes the questions of a document, all or none; "
	           "what is wrong is named by its place",
	.fields = definition_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_REGISTRATION_FORM_DEFINE, ONE } },
	.go = "/events/{event}/questions",
	.said = "flash.form_defined",
	.again = &registration_definition,
	.write = true };
