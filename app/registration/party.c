/* Groups: one leader registers several people, and sees what became of them. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/token.h"
#include "registration/acts.h"
#include "registration/people.h"
#include "sql.h"

enum {
	GROUP_MOST = 50, /* as data.pool.party_most at most */
	ROWS_FIRST = 3,  /* empty rows on a new form */
	ROWS_SPARE = 1,  /* below what was typed */
	LIST_MOST = 20000
};

static const char *const columns[] = { "name", "email", "organisation",
	"country", "language", NULL };

#define PEOPLE_FIELDS                                                          \
	{ .name = "people", .kind = FIELD_ROWS, .choices = columns },          \
	    { .name = "list", .kind = FIELD_TEXT, .most = LIST_MOST },         \
	{                                                                      \
		.name = NULL                                                   \
	}

static const struct field make_fields[] = {
	{ .name = "group_name", .kind = FIELD_WORD, .most = 120 },
	{ .name = "key", .kind = FIELD_UUID, .flags = REQUIRED | HIDDEN },
	PEOPLE_FIELDS
};

static const struct field add_fields[] = { PEOPLE_FIELDS };

static const struct field rows_fields[] = { { .name = "rows",
	                                        .kind = FIELD_NUMBER,
	                                        .least = 1,
	                                        .most = GROUP_MOST },
	{ .name = NULL } };

/* --- what was typed --------------------------------------------------- */

/* The rows, and after them those of the list; -1 when the list is at fault, or
 * they are too many. */
static int
collect(struct visit *v, json_t **people, struct fault *f)
{
	const char *rows = visit_field(v, "people");
	const char *list = visit_field(v, "list");
	json_t *last;
	int first;

	*people = rows == NULL ? json_array() : json_loads(rows, 0, NULL);
	arena_defer(visit_arena(v), (void (*)(void *))json_decref, *people);
	last = json_array_get(*people, json_array_size(*people) - 1);
	first = (int)json_integer_value(json_object_get(last, "n")) + 1;
	if (list != NULL && list[0] != '\0' &&
	    people_list(visit_arena(v), *people, list, first, f) == -1)
		return -1;
	if (json_array_size(*people) > GROUP_MOST) {
		fault(f, FAULT_INPUT, "list", "web.too_many");
		f->number = GROUP_MOST;
		return -1;
	}

	return 0;
}

/* The cell "email-3", where its fault is shown. */
static void
at_row(const json_t *person, struct fault *f)
{
	char column[sizeof(f->field)];

	memcpy(column, f->field, sizeof(column));
	snprintf(f->field, sizeof(f->field), "%.30s-%d", column,
	    (int)json_integer_value(json_object_get(person, "n")));
}

/* Who stands there twice, is refused the second time. */
static int
check_one(json_t *seen, json_t *person, struct fault *f)
{
	const char *email;

	if (people_check(person, f) == -1)
		return -1;
	email = json_string_value(json_object_get(person, "email"));
	if (json_object_get(seen, email) != NULL)
		return fault(f, FAULT_INPUT, "email", "registration.twice");
	json_object_set_new(seen, email, json_true());

	return 0;
}

/* Everything that is wrong is said at once. */
static int
check(struct visit *v, json_t *people, struct fault *f)
{
	json_t *seen = json_object(), *person;
	size_t i;

	json_array_foreach(people, i, person)
	{
		struct fault one = { 0 };

		if (check_one(seen, person, &one) == 0)
			continue;
		at_row(person, &one);
		if (f->kind != FAULT_NONE)
			visit_fault(v, f);
		*f = one;
	}
	json_decref(seen);

	return f->kind == FAULT_NONE ? 0 : -1;
}

/* Nobody said otherwise: they read what their leader reads. */
static void
add_language(struct visit *v, json_t *people)
{
	json_t *person;
	size_t i;

	json_array_foreach(people, i, person)
	{
		if (json_object_get(person, "language") == NULL)
			json_object_set_new(
			    person, "language", json_string(visit_language(v)));
	}
}

static int
people_before(struct visit *v, struct fault *f)
{
	json_t *people;

	if (collect(v, &people, f) == -1 || check(v, people, f) == -1 ||
	    people_keys(people, f) == -1)
		return -1;
	if (json_array_size(people) == 0)
		return fault(f, FAULT_INPUT, "email-1", "web.required");
	add_language(v, people);
	visit_bind_json(v, "group", people);

	return 0;
}

/* --- the form ---------------------------------------------------------- */

static void
add_option(
    json_t *options, const char *value, const char *label, const char *chosen)
{
	json_array_append_new(
	    options, json_pack("{s:s, s:s, s:b}", "value", value, "label",
	                 label, "chosen", strcmp(value, chosen) == 0));
}

static json_t *
options(struct visit *v, const char *column, const char *chosen)
{
	json_t *list = json_array();

	if (strcmp(column, "language") == 0)
		for (int i = 0; languages[i] != NULL; i++)
			add_option(list, languages[i],
			    language_name(languages[i]), chosen);
	else
		for (const char *const *c =
		         countries_by_name(visit_language(v));
		     *c != NULL; c++)
			add_option(list, *c,
			    words_country(
			        visit_arena(v), visit_language(v), *c),
			    chosen);

	return list;
}

/* A cell as web/field shows it; its label for the list of faults, too. */
static json_t *
cell(struct visit *v, const char *column, int n, const json_t *person,
    json_t *labels)
{
	const char *name = arena_printf(visit_arena(v), "%s-%d", column, n);
	const char *typed = visit_typed(v, name, 0);
	const char *value =
	    typed != NULL && typed[0] != '\0'
	        ? typed
	        : json_string_value(json_object_get(person, column));
	const char *label = visit_message(
	    v, arena_printf(visit_arena(v), "field.%s", column), NULL);
	bool choice =
	    strcmp(column, "country") == 0 || strcmp(column, "language") == 0;
	json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", name, "id",
	    arena_printf(visit_arena(v), "f-%s", name), "label", label, "type",
	    strcmp(column, "email") == 0 ? "email" : "text", "required",
	    strcmp(column, "name") == 0 || strcmp(column, "email") == 0);
	json_t *which = json_pack("{s:s, s:i}", "label", label, "n", n);

	json_object_set_new(labels, name,
	    json_string(visit_message(v, "registration.row_label", which)));
	json_decref(which);
	json_object_set_new(o, choice ? "is_select" : "is_text", json_true());
	if (choice)
		json_object_set_new(o, "options",
		    options(v, column, value == NULL ? "" : value));
	if (value != NULL && !choice)
		json_object_set_new(o, "value", json_string(value));
	if (visit_wrong(v, name) != NULL)
		json_object_set_new(
		    o, "fault", json_string(visit_wrong(v, name)));

	return o;
}

static json_t *
row(struct visit *v, int n, const json_t *person, json_t *labels)
{
	json_t *cells = json_array();

	for (int i = 0; columns[i] != NULL; i++)
		json_array_append_new(
		    cells, cell(v, columns[i], n, person, labels));

	return json_pack("{s:i, s:o}", "n", n, "cells", cells);
}

static const json_t *
numbered(const json_t *people, int n)
{
	const json_t *person;
	size_t i;

	json_array_foreach(people, i, person)
	{
		if (json_integer_value(json_object_get(person, "n")) == n)
			return person;
	}

	return NULL;
}

/* The number of the last row. */
static int
last_of(const json_t *people)
{
	size_t size = json_array_size(people);

	return size == 0 ? 0
	                 : (int)json_integer_value(json_object_get(
	                       json_array_get(people, size - 1), "n"));
}

/* What was typed before: rows, and a list that could be read as rows. */
static json_t *
typed_people(struct visit *v, json_t *page)
{
	struct fault f = { 0 };
	json_t *people;

	if (collect(v, &people, &f) == -1) {
		json_object_set_new(
		    page, "list_kept", json_string(visit_typed(v, "list", 0)));
		json_object_set_new(
		    page, "list_fault", json_string(visit_wrong(v, "list")));
	}

	return people;
}

/* The leader often comes, too. */
static json_t *
leader(struct visit *v)
{
	json_t *people = json_pack("[{s:i, s:O?, s:O?}]", "n", 1, "name",
	    json_object_get(visit_me(v), "name"), "email",
	    json_object_get(visit_me(v), "email"));

	arena_defer(visit_arena(v), (void (*)(void *))json_decref, people);

	return people;
}

static void
put_rows(struct visit *v, json_t *page, const json_t *people, int count)
{
	json_t *rows = json_array(), *labels = json_object();

	for (int n = 1; n <= count && n <= GROUP_MOST + ROWS_SPARE; n++)
		json_array_append_new(
		    rows, row(v, n, numbered(people, n), labels));
	json_object_set_new(labels, "list",
	    json_string(visit_message(v, "field.registration.list", NULL)));
	json_object_set_new(page, "rows", rows);
	json_object_set_new(page, "labels", labels);
}

/* Each form has a key of its own: sent twice, it is one group. */
static int
group_before(struct visit *v, struct fault *f)
{
	char *key = arena_alloc(visit_arena(v), UUID_CHARS + 1);

	(void)f;
	token_uuid(key);
	visit_bind(v, "key", key);

	return 0;
}

/* As many rows as were asked for, or one more than there are people. */
static int
group_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *asked = visit_field(v, "rows");
	json_t *people;
	int count = ROWS_FIRST;

	(void)f;
	if (visit_wants_json(v))
		return 0;
	if (asked != NULL)
		count = (int)strtol(asked, NULL, 10);
	people = visit_again(v) ? typed_people(v, page) : leader(v);
	put_rows(v, page, people,
	    visit_again(v) ? last_of(people) + ROWS_SPARE : count);

	return 0;
}

static int
party_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *party = json_object_get(page, "party"), *one;
	json_t *people = visit_again(v) ? typed_people(v, page) : NULL;
	json_int_t live = 0;
	size_t i;

	(void)f;
	json_array_foreach(json_object_get(page, "people"), i, one)
	{
		live += json_is_true(json_object_get(one, "live"));
	}
	json_object_set_new(party, "live", json_integer(live));
	json_object_set_new(party, "room",
	    json_boolean(
	        json_is_true(json_object_get(party, "open")) &&
	        live < json_integer_value(json_object_get(party, "most"))));
	if (!visit_wants_json(v))
		put_rows(v, page, people, last_of(people) + ROWS_SPARE);

	return 0;
}

const struct act registration_group = { .room = "registration",
	.summary = "The form to register a group",
	.fields = rows_fields,
	.before = group_before,
	.asks = { { "event", &SQL_REGISTRATION_GROUP_EVENT, ONE } },
	.answer = group_answer,
	.page = "registration/group",
	.form = &registration_party_make,
	.quiet = true };

const struct act registration_party_make = { .room = "registration",
	.summary = "Registers a group: everybody has a registration and a mail "
	           "of their own",
	.fields = make_fields,
	.body_max = LONG_TEXT,
	.before = people_before,
	.asks = { { "", &SQL_REGISTRATION_PARTY_MAKE, ONE } },
	.go = "/groups/{party}",
	.said = "flash.group_made",
	.again = &registration_group,
	.limit = "registration",
	.write = true };

const struct act registration_party = { .room = "registration",
	.summary = "A group, for its leader",
	.asks = { { "party", &SQL_REGISTRATION_PARTY, ONE },
	    { "people", &SQL_REGISTRATION_PARTY_PEOPLE, MANY } },
	.answer = party_answer,
	.page = "registration/party",
	.form = &registration_party_add,
	.quiet = true };

const struct act registration_party_add = { .room = "registration",
	.summary = "Adds people to a group",
	.fields = add_fields,
	.body_max = LONG_TEXT,
	.before = people_before,
	.asks = { { "", &SQL_REGISTRATION_PARTY_ADD, ONE } },
	.go = "/groups/{party}",
	.said = "flash.group_grew",
	.again = &registration_party,
	.limit = "registration",
	.write = true };

const struct act registration_party_withdraw = { .room = "registration",
	.summary = "Gives up the place of one of a group",
	.asks = { { "", &SQL_REGISTRATION_PARTY_WITHDRAW, ONE } },
	.go = "/groups/{party}",
	.said = "flash.group_withdrawn",
	.again = &registration_party,
	.write = true };
