/* Coordinators name the people for what is set aside for their units. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/body.h"
#include "archive/multipart.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/token.h"
#include "registration/acts.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "registration/seats.h"
#include "sql.h"
#include "web/field.h"

enum {
	NAME_MOST = 200,
	PEOPLE_MOST = 1000, /* at once */
	FILE_MOST = 2 << 20,
	PEOPLE_BYTES = 1 << 20
};

#define UNIT_FIELD                                                             \
	{                                                                      \
		.name = "unit", .kind = FIELD_ID, .flags = REQUIRED,           \
		.options = "units"                                             \
	}

static const struct field one_fields[] = { UNIT_FIELD,
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "name",
	    .kind = FIELD_WORD,
	    .flags = REQUIRED,
	    .most = NAME_MOST },
	{ .name = "country", .kind = FIELD_COUNTRY },
	{ .name = "language", .kind = FIELD_LANGUAGE }, { .name = NULL } };

static const struct field people_fields[] = { UNIT_FIELD,
	{ .name = "people", .kind = FIELD_JSON, .flags = REQUIRED },
	{ .name = NULL } };

/* A person as they were typed, or stand in a line. */
struct said {
	const char *email, *name, *country, *language;
};

/* What was read of a file. */
struct list {
	const char *unit;
	json_t *people; /* as they can be nominated */
	json_t *bad;    /* [{line, email, words}] */
	json_t *seen;   /* addresses, each once */
};

/* --- one person ------------------------------------------------------ */

static const char *
in_case(struct visit *v, const char *s, int (*change)(int))
{
	char *copy = arena_text(visit_arena(v), s == NULL ? "" : s);

	for (char *c = copy; *c != '\0'; c++)
		*c = (char)change((unsigned char)*c);

	return copy;
}

static int
check_name(const char *name, struct fault *f)
{
	if (name == NULL || *name == '\0')
		return fault(f, FAULT_INPUT, "name", "web.required");
	if (!text_plain(name, strlen(name), false))
		return fault(f, FAULT_INPUT, "name", "web.not_plain");
	if (text_length(name) > NAME_MOST) {
		fault(f, FAULT_INPUT, "name", "web.too_long");
		f->number = NAME_MOST;
		return -1;
	}

	return 0;
}

/* As the verb takes them, with a key of their own; NULL with what is wrong. */
static json_t *
person(struct visit *v, const struct said *s, struct fault *f)
{
	const char *email = in_case(v, s->email, tolower);
	const char *country = in_case(v, s->country, toupper);
	const char *language = in_case(v, s->language, tolower);
	char key[UUID_CHARS + 1];

	if (!field_email(email))
		fault(f, FAULT_INPUT, "email", "web.not_email");
	else if (*country != '\0' && !country_known(country))
		fault(f, FAULT_INPUT, "country", "registration.not_country");
	else if (*language != '\0' && language_known(language) == NULL)
		fault(f, FAULT_INPUT, "language", "registration.not_language");
	if (f->kind != FAULT_NONE || check_name(s->name, f) == -1)
		return NULL;
	token_uuid(key);

	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "email", email, "name",
	    s->name, "country", country, "language",
	    *language != '\0' ? language : visit_language(v), "key", key);
}

/* The hash of the link that each will have; it follows from the key. */
static int
add_hashes(json_t *people, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	json_t *one;
	size_t i;

	if (secret == NULL)
		return -1;
	json_array_foreach(people, i, one)
	{
		char token[TOKEN_CHARS + 1], hash[TOKEN_HASH_CHARS + 1];

		registration_manage(secret,
		    json_string_value(json_object_get(one, "key")), token);
		token_hash(token, hash);
		json_object_set_new(one, "manage_hash", json_string(hash));
	}

	return 0;
}

static int
one_before(struct visit *v, struct fault *f)
{
	struct said s = { visit_field(v, "email"), visit_field(v, "name"),
		visit_field(v, "country"), visit_field(v, "language") };
	json_t *people = json_array(), *one = person(v, &s, f);
	int r = -1;

	if (one != NULL) {
		json_array_append_new(people, one);
		r = add_hashes(people, f);
		visit_bind_json(v, "people", people);
	}
	json_decref(people);

	return r;
}

/* Who was registered already is not nominated. */
static const char *
refusal(const json_t *outcome)
{
	const char *state =
	    json_string_value(json_object_get(outcome, "state"));

	if (json_is_string(json_object_get(outcome, "fault")))
		return json_string_value(json_object_get(outcome, "fault"));

	return strcmp(state, "offered") == 0 || strcmp(state, "waitlisted") == 0
	           ? NULL
	           : "registration.nominee_registered";
}

static int
one_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *outcome =
	    json_array_get(json_object_get(page, "nominated"), 0);
	const char *why = refusal(outcome);

	(void)v;

	return why == NULL ? 0 : fault(f, FAULT_INPUT, "email", why);
}

/* --- a file of them --------------------------------------------------- */

/* What is wrong with a line; of a broken file the words name it. */
static void
add_bad(struct visit *v, struct list *l, long line, const char *email,
    const struct fault *f)
{
	json_t *arguments = json_pack("{s:I}", "number", (json_int_t)f->number);

	json_array_append_new(
	    l->bad, json_pack("{s:b, s:I, s:s, s:s}", "is_line", line > 0,
	                "line", (json_int_t)line, "email", email, "words",
	                visit_message(v, f->key, arguments)));
	json_decref(arguments);
}

static void
read_line(struct visit *v, struct list *l, const struct csv *c,
    const struct csv_row *row)
{
	struct said s = { csv_cell(c, row, "email"), csv_cell(c, row, "name"),
		csv_cell(c, row, "country"), csv_cell(c, row, "language") };
	struct fault f = { 0 };
	json_t *one = person(v, &s, &f);
	const char *email;

	if (one == NULL) {
		add_bad(v, l, row->line, s.email, &f);
		return;
	}
	email = json_string_value(json_object_get(one, "email"));
	if (json_object_get(l->seen, email) != NULL) {
		fault(&f, FAULT_INPUT, "email", "registration.csv_again");
		add_bad(v, l, row->line, s.email, &f);
		json_decref(one);
		return;
	}
	json_object_set_new(l->seen, email, json_true());
	json_array_append_new(l->people, one);
}

static int
read_table(
    struct visit *v, struct list *l, const struct part *file, struct fault *f)
{
	struct csv c;
	struct csv_row row;
	struct fault bad;
	int found;

	if (csv_open(&c, visit_arena(v), file->data, file->size, PEOPLE_MOST,
	        f) == -1)
		return -1;
	if (!csv_has(&c, "email") || !csv_has(&c, "name"))
		return fault(
		    f, FAULT_INPUT, "file", "registration.csv_columns");
	while ((found = csv_next(&c, &row, &bad)) != 0)
		if (found == 1)
			read_line(v, l, &c, &row);
		else
			add_bad(v, l, 0, "", &bad);

	return 0;
}

static void
take_unit(struct visit *v, struct list *l, const struct part *part)
{
	const char *unit = arena_part(visit_arena(v), part->data, part->size);
	size_t n = strlen(unit);

	if (n > 0 && n <= 18 && strspn(unit, "0123456789") == n)
		l->unit = unit;
}

static int
read_parts(struct visit *v, struct list *l, struct fault *f)
{
	struct multipart m;
	struct part part, file = { .data = NULL };
	size_t size;
	const void *bytes = body_bytes(v, &size, f);
	int more;

	if (bytes == NULL ||
	    multipart_open(&m, visit_arena(v), visit_header(v, "content-type"),
	        bytes, size, f) == -1)
		return -1;
	while ((more = multipart_next(&m, &part, f)) == 1)
		if (strcmp(part.name, "file") == 0 && part.filename != NULL &&
		    part.filename[0] != '\0')
			file = part;
		else if (strcmp(part.name, "unit") == 0)
			take_unit(v, l, &part);
	if (more == -1)
		return -1;
	if (l->unit == NULL)
		return fault(f, FAULT_INPUT, "unit", "web.required");
	if (file.data == NULL)
		return fault(f, FAULT_INPUT, "file", "web.required");

	return read_table(v, l, &file, f);
}

static json_t *
kept_array(struct visit *v)
{
	json_t *array = json_array();

	arena_defer(visit_arena(v), (void (*)(void *))json_decref, array);

	return array;
}

static int
read_before(struct visit *v, struct fault *f)
{
	struct list *l = arena_alloc(visit_arena(v), sizeof(*l));
	int r;

	l->people = kept_array(v);
	l->bad = kept_array(v);
	l->seen = json_object();
	visit_keep(v, l);
	r = read_parts(v, l, f);
	json_decref(l->seen);
	l->seen = NULL;

	return r;
}

/* The people go into a form, to be sent once they have been looked at. */
static int
read_answer(struct visit *v, json_t *page, struct fault *f)
{
	const struct list *l = visit_kept(v);
	char *dump = json_dumps(l->people, JSON_COMPACT);

	(void)f;
	json_object_set(page, "bad", l->bad);
	json_object_set(page, "people", l->people);
	json_object_set_new(page, "unit", json_string(l->unit));
	json_object_set_new(
	    page, "good", json_integer((json_int_t)json_array_size(l->people)));
	json_object_set_new(
	    page, "wrong", json_integer((json_int_t)json_array_size(l->bad)));
	json_object_set_new(page, "people_text", json_string(dump));
	free(dump);

	return 0;
}

/* --- all of them ------------------------------------------------------ */

static const char *
member(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

/* Checked again: they come from a browser.  One that brings its key keeps it.
 */
static int
people_before(struct visit *v, struct fault *f)
{
	json_t *all = json_loads(visit_field(v, "people"), 0, NULL), *row;
	json_t *people = kept_array(v);
	size_t i;

	if (all != NULL)
		arena_defer(visit_arena(v), (void (*)(void *))json_decref, all);
	if (json_array_size(all) == 0 || json_array_size(all) > PEOPLE_MOST) {
		fault(f, FAULT_INPUT, "people", "web.too_many");
		f->number = PEOPLE_MOST;
		return -1;
	}
	json_array_foreach(all, i, row)
	{
		struct said s = { member(row, "email"), member(row, "name"),
			member(row, "country"), member(row, "language") };
		json_t *one = person(v, &s, f);

		if (one == NULL) { /* of the document: it has no field */
			snprintf(f->field, sizeof(f->field), "people");
			return -1;
		}
		if (member(row, "key") != NULL &&
		    field_uuid(member(row, "key")))
			json_object_set(
			    one, "key", json_object_get(row, "key"));
		json_array_append_new(people, one);
	}
	if (add_hashes(people, f) == -1)
		return -1;
	visit_bind_json(v, "people", people);

	return 0;
}

/* Who is nominated now, and who cannot be. */
static int
people_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *rows = json_object_get(page, "nominated"), *row;
	json_t *refused = json_array();
	size_t i;

	(void)f;
	json_array_foreach(rows, i, row)
	{
		const char *why = refusal(row);

		if (why == NULL)
			continue;
		json_object_set_new(
		    row, "words", json_string(visit_message(v, why, NULL)));
		json_array_append(refused, row);
	}
	json_object_set_new(page, "good",
	    json_integer((
	        json_int_t)(json_array_size(rows) - json_array_size(refused))));
	json_object_set_new(
	    page, "wrong", json_integer((json_int_t)json_array_size(refused)));
	json_object_set_new(page, "refused", refused);

	return 0;
}

static int
nominations_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	seats_bars(json_object_get(page, "allotments"));

	return 0;
}

const struct act registration_nominations = { .room = "nomination",
	.summary = "What is set aside for one's units, and whom they nominated",
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE },
	    { "allotments", &SQL_REGISTRATION_ALLOTMENTS, MANY },
	    { "units", &SQL_REGISTRATION_MY_UNITS, MANY },
	    { "usual", &SQL_REGISTRATION_ONLY_UNIT, MAYBE },
	    { "nominations", &SQL_REGISTRATION_NOMINATIONS, MANY } },
	.answer = nominations_answer,
	.page = "registration/nominations",
	.form = &registration_nominate,
	.prefill = "usual" };

const struct act registration_nominate = { .room = "nomination",
	.summary = "Nominates a person, who is offered a seat",
	.fields = one_fields,
	.before = one_before,
	.asks = { { "nominated", &SQL_REGISTRATION_NOMINATE, MANY } },
	.answer = one_answer,
	.go = "/events/{event}/nominations",
	.said = "flash.nominated",
	.again = &registration_nominations,
	.write = true };

const struct act registration_nominees_read = { .room = "nomination",
	.summary = "Reads a table of people (CSV) and says what is wrong with "
	           "it; nobody is nominated yet",
	.before = read_before,
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE } },
	.answer = read_answer,
	.page = "registration/nominees",
	.again = &registration_nominations,
	.body_max = FILE_MOST,
	.raw = true,
	.quiet = true };

const struct act registration_nominees = { .room = "nomination",
	.summary =
	    "Nominates many; one that cannot be does not stop the others",
	.fields = people_fields,
	.before = people_before,
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE },
	    { "nominated", &SQL_REGISTRATION_NOMINATE, MANY } },
	.answer = people_answer,
	.page = "registration/nominated",
	.again = &registration_nominations,
	.body_max = PEOPLE_BYTES,
	.write = true,
	.quiet = true };

const struct act registration_nomination_withdraw = { .room = "nomination",
	.summary = "Takes a nomination back",
	.asks = { { "", &SQL_REGISTRATION_NOMINATION_WITHDRAW, ONE } },
	.go = "/events/{event}/nominations",
	.said = "flash.nomination_withdrawn",
	.write = true };
