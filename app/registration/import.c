/* People put on an event's list by its organizers: one by a form, many by a
 * table that is checked line by line before anybody is added. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/body.h"
#include "archive/multipart.h"
#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "base/language.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/token.h"
#include "registration/acts.h"
#include "registration/import.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "sql.h"
#include "web/field.h"

/* So many lines in a transaction: who registers meanwhile waits no longer. */
enum { BODY_MOST = 4 << 20, PART_MOST = 64, PART = 500 };

static const char *const seats[] = { "now", "line", "offer", NULL };
static const char *const steps[] = { "check", "apply", NULL };

static const struct field add_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "organisation", .kind = FIELD_WORD, .most = 200 },
	{ .name = "country", .kind = FIELD_COUNTRY },
	{ .name = "language", .kind = FIELD_LANGUAGE },
	{ .name = "seat",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = seats },
	{ .name = NULL }
};

static const struct act import_rehearsed, import_agreed, import_part;

/* What a table said, from the request to its answer. */
struct import {
	struct import_table table;
	const char
	    *list; /* as it was typed or brought; "" if that is no text */
	const char *seat;
	bool apply;
	struct fault refused; /* why nothing in it can be read */
	json_t *done;         /* what became of the lines of each part */
	size_t next;          /* the first line that is not in a part yet */
	char *part;           /* bound once, and written anew for each part */
	size_t part_size;
};

/* --- one
 * ------------------------------------------------------------------------ */

/* The link in the mail is made of the key: see keys.c of this room. */
static int
add_key(json_t *person, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	char key[UUID_CHARS + 1], token[TOKEN_CHARS + 1];
	char hash[TOKEN_HASH_CHARS + 1];

	if (secret == NULL)
		return -1;
	token_uuid(key);
	registration_manage(secret, key, token);
	token_hash(token, hash);
	json_object_set_new(person, "key", json_string(key));
	json_object_set_new(person, "manage_hash", json_string(hash));

	return 0;
}

static int
add_before(struct visit *v, struct fault *f)
{
	const char *language = visit_field(v, "language");
	json_t *person = json_pack("{s:i, s:s, s:s, s:s?, s:s?, s:s}", "n", 1,
	    "name", visit_field(v, "name"), "email", visit_field(v, "email"),
	    "organisation", visit_field(v, "organisation"), "country",
	    visit_field(v, "country"), "language",
	    language != NULL ? language : visit_language(v));
	int ret = add_key(person, f);

	if (ret == 0)
		visit_bind_json(v, "person", person);
	json_decref(person);

	return ret;
}

const struct act registration_adding = { .room = "registration",
	.summary = "The form to add somebody to an event's list",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE } },
	.page = "registration/add",
	.form = &registration_add,
	.quiet = true };

const struct act registration_add = { .room = "registration",
	.summary = "Adds somebody: with a seat now, in line, or by an offer "
	           "that they accept",
	.fields = add_fields,
	.before = add_before,
	.asks = { { "", &SQL_REGISTRATION_ADD, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.added",
	.again = &registration_adding,
	.write = true };

/* --- a table: its lines
 * ------------------------------------------------------------ */

/* Those that must be there first. */
enum { NAME, EMAIL, NEEDED, ORGANISATION = NEEDED, COUNTRY, LANGUAGE, COLUMNS };

static const char *const columns[COLUMNS] = { "name", "email", "organisation",
	"country", "language" };

static void
bad_line(struct import_table *t, long line, const char *column, const char *key,
    long number)
{
	t->bad++;
	if (json_array_size(t->wrong) < IMPORT_SHOWN)
		json_array_append_new(
		    t->wrong, json_pack("{s:I, s:s, s:s, s:I}", "line",
		                  (json_int_t)line, "column", column, "key",
		                  key, "number", (json_int_t)number));
}

static const char *
in_case(struct arena *a, const char *s, int (*change)(int))
{
	char *out = arena_text(a, s);

	for (char *c = out; *c != '\0'; c++)
		*c = (char)change((unsigned char)*c);

	return out;
}

/* Which column of it cannot be, and why; -1 when all can. */
static int
wrong_column(const char *const *cell, const char **key, long *number)
{
	static const int words[] = { NAME, ORGANISATION, -1 };

	*number = 200;
	for (const int *i = words; *i != -1; i++) {
		const char *s = cell[*i];

		*key = text_length(s) > 200               ? "web.too_long"
		       : !text_plain(s, strlen(s), false) ? "web.not_plain"
		                                          : NULL;
		if (*key != NULL)
			return *i;
	}
	for (int i = 0; i < NEEDED; i++)
		if (*cell[i] == '\0')
			return *key = "web.required", i;
	if (!field_email(cell[EMAIL]))
		return *key = "web.not_email", EMAIL;
	if (*cell[COUNTRY] != '\0' && !country_known(cell[COUNTRY]))
		return *key = "registration.import_country", COUNTRY;
	if (*cell[LANGUAGE] != '\0' && language_known(cell[LANGUAGE]) == NULL)
		return *key = "registration.import_language", LANGUAGE;

	return -1;
}

/* What stands in the columns, which are at these places. */
static void
read_cells(struct arena *a, const char **cell, const struct csv_row *row,
    const int *at)
{
	for (int i = 0; i < COLUMNS; i++)
		cell[i] = csv_at(row, at[i]);
	cell[EMAIL] = in_case(a, cell[EMAIL], tolower);
	cell[COUNTRY] = in_case(a, cell[COUNTRY], toupper);
	cell[LANGUAGE] = in_case(a, cell[LANGUAGE], tolower);
}

static void
take_line(struct import_table *t, long line, const char *const *cell,
    const char *language)
{
	const json_t *before = json_object_get(t->seen, cell[EMAIL]);
	const char *key;
	json_t *person;
	long number;
	int column = wrong_column(cell, &key, &number);

	if (column != -1) {
		bad_line(t, line, columns[column], key, number);
		return;
	}
	if (before != NULL) {
		bad_line(t, line, "email", "registration.import_twice",
		    (long)json_integer_value(before));
		return;
	}
	json_object_set_new(t->seen, cell[EMAIL], json_integer(line));
	person = json_pack("{s:I, s:s, s:s, s:s, s:s}", "n", (json_int_t)line,
	    "name", cell[NAME], "email", cell[EMAIL], "organisation",
	    cell[ORGANISATION], "language",
	    *cell[LANGUAGE] != '\0' ? cell[LANGUAGE] : language);
	if (*cell[COUNTRY] != '\0')
		json_object_set_new(
		    person, "country", json_string(cell[COUNTRY]));
	json_array_append_new(t->people, person);
}

/* Text in another encoding is told by its name where it has a mark. */
static int
check_bytes(const char *data, size_t size, struct fault *f)
{
	const char *nul = memchr(data, '\0', size);
	long line = 1;

	if (size >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 ||
	                     memcmp(data, "\xfe\xff", 2) == 0))
		return fault(
		    f, FAULT_INPUT, "file", "registration.import_utf16");
	if (nul == NULL)
		return 0;
	for (const char *c = data; c < nul; c++)
		line += *c == '\n';
	fault(f, FAULT_INPUT, "file", "registration.import_nul");
	f->number = line;

	return -1;
}

int
import_read(struct import_table *t, struct arena *a, const char *data,
    size_t size, const char *language, struct fault *f)
{
	struct csv c;
	struct csv_row row;
	struct fault line;
	const char *cell[COLUMNS];
	int at[COLUMNS], found;

	*t = (struct import_table){ json_array(), json_array(), json_object(),
		0 };
	arena_defer(a, (void (*)(void *))json_decref, t->people);
	arena_defer(a, (void (*)(void *))json_decref, t->wrong);
	arena_defer(a, (void (*)(void *))json_decref, t->seen);
	if (check_bytes(data, size, f) == -1 ||
	    csv_open(&c, a, data, size, IMPORT_LINES, f) == -1)
		return -1;
	for (int i = 0; i < COLUMNS; i++) {
		at[i] = csv_column(&c, columns[i]);
		if (at[i] == -1 && i < NEEDED) {
			fault(f, FAULT_INPUT, "file",
			    "registration.import_column");
			memcpy(f->text, columns[i], strlen(columns[i]) + 1);
			return -1;
		}
	}

	while ((found = csv_next(&c, &row, &line)) != 0) {
		if (found == 1) {
			read_cells(a, cell, &row, at);
			take_line(t, row.line, cell, language);
		} else if (c.rows > IMPORT_LINES) {
			*f = line;
			return -1;
		} else
			bad_line(t, line.number, "", line.key, line.number);
	}

	return 0;
}

/* --- a table: its request
 * ----------------------------------------------------------- */

static bool
is(const struct part *part, const char *word)
{
	return strlen(word) == part->size &&
	       memcmp(word, part->data, part->size) == 0;
}

/* The table itself: a file that was chosen, or else what was pasted. */
struct brought {
	const char *data;
	size_t size;
};

static int
take_part(struct visit *v, struct import *m, struct brought *b,
    const struct part *part)
{
	if (strcmp(part->name, "list") == 0 ||
	    (part->filename != NULL && part->filename[0] != '\0')) {
		if (b->size == 0 || part->filename != NULL)
			*b = (struct brought){ part->data, part->size };
	} else if (strcmp(part->name, "seat") == 0 && is(part, "offer")) {
		m->seat = "offer";
	} else if (strcmp(part->name, "step") == 0) {
		m->apply = is(part, steps[1]);
	} else if (strcmp(part->name, "expected") == 0 &&
	           part->size < PART_MOST) {
		visit_bind(v, "expected",
		    arena_part(visit_arena(v), part->data, part->size));
	}

	return 0;
}

static int
read_form(struct visit *v, struct import *m, struct brought *b, struct fault *f)
{
	struct multipart form;
	struct part part;
	size_t size;
	const void *bytes = body_bytes(v, &size, f);
	int more;

	if (bytes == NULL ||
	    multipart_open(&form, visit_arena(v),
	        visit_header(v, "content-type"), bytes, size, f) == -1)
		return -1;
	while ((more = multipart_next(&form, &part, f)) == 1)
		take_part(v, m, b, &part);
	if (more == 0 && b->size == 0)
		return fault(f, FAULT_INPUT, "file", "web.required");

	return more;
}

/* Each good line is somebody with a key. */
static int
bind_people(struct visit *v, const struct import *m, struct fault *f)
{
	json_t *person;
	size_t i;

	json_array_foreach(
	    m->table.people, i, person) if (add_key(person, f) == -1) return -1;
	visit_bind_json(v, "people", m->table.people);
	visit_bind(v, "seat", m->seat);

	return 0;
}

static bool
shows(const char *data, size_t size)
{
	return text_utf8(data, size) && text_plain(data, size, true);
}

/* --- a table: its answer
 * ------------------------------------------------------------- */

/* What the database refuses of a line is a bad line, too. */
static json_int_t
take_outcomes(struct import_table *t, json_t *rows, json_t *states)
{
	json_t *row;
	json_int_t good = 0;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *key =
		    json_string_value(json_object_get(row, "fault"));
		const char *state =
		    json_string_value(json_object_get(row, "state"));
		const char *column =
		    json_string_value(json_object_get(row, "field"));

		if (key != NULL || state == NULL) {
			bad_line(t,
			    (long)json_integer_value(json_object_get(row, "n")),
			    column == NULL ? "" : column,
			    key == NULL ? "web.broken" : key, 0);
			continue;
		}
		good++;
		json_object_set_new(states, state,
		    json_integer(1 + json_integer_value(
		                         json_object_get(states, state))));
	}

	return good;
}

static int
by_line(const void *a, const void *b)
{
	const json_t *const *left = a, *const *right = b;
	json_int_t l = json_integer_value(json_object_get(*left, "line"));
	json_int_t r = json_integer_value(json_object_get(*right, "line"));

	return (l > r) - (l < r);
}

/* The bad lines in their order, each with its words. */
static json_t *
worded(struct visit *v, const struct import_table *t)
{
	size_t n = json_array_size(t->wrong);
	json_t **line = arena_alloc(visit_arena(v), (n + 1) * sizeof(json_t *));
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		line[i] = json_array_get(t->wrong, i);
	qsort(line, n, sizeof(json_t *), by_line);
	for (size_t i = 0; i < n; i++) {
		json_object_set_new(line[i], "why",
		    json_string(visit_message(v,
		        json_string_value(json_object_get(line[i], "key")),
		        line[i])));
		json_array_append(list, line[i]);
	}

	return list;
}

static int
import_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct import *m = visit_kept(v);
	json_t *states = json_object(), *outcomes = json_array(), *people;
	json_int_t good =
	    take_outcomes(&m->table, json_object_get(page, "rows"), states);
	const char *state;

	(void)f;
	json_object_foreach(states, state, people)
	    json_array_append_new(outcomes,
	        json_pack("{s:s, s:O}", "state", state, "people", people));
	json_decref(states);
	json_object_del(page, "rows");
	json_object_set_new(page, "checked", json_true());
	json_object_set_new(page, "outcomes", outcomes);
	json_object_set_new(page, "good", json_integer(good));
	json_object_set_new(page, "may", json_boolean(good > 0));
	json_object_set_new(page, "wrong", worded(v, &m->table));
	if (m->table.bad > 0)
		json_object_set_new(page, "bad", json_integer(m->table.bad));
	if (m->table.bad > IMPORT_SHOWN)
		json_object_set_new(
		    page, "unshown", json_integer(m->table.bad - IMPORT_SHOWN));
	if (!visit_wants_json(v)) {
		json_object_set_new(page, "list", json_string(m->list));
		json_object_set_new(page, "offers",
		    json_boolean(strcmp(m->seat, "offer") == 0));
	}

	return 0;
}

/* Nothing in it can be read: the reason, and what was sent. */
static int
say_refused(
    struct visit *v, const struct import *m, json_t *page, struct fault *f)
{
	json_t *arguments;

	if (visit_wants_json(v)) {
		*f = m->refused;
		return -1;
	}
	arguments = json_pack("{s:I, s:s}", "number",
	    (json_int_t)m->refused.number, "text", m->refused.text);
	json_object_set_new(page, "refused",
	    json_string(visit_message(v, m->refused.key, arguments)));
	json_object_set_new(page, "list", json_string(m->list));
	json_decref(arguments);
	visit_status(v, 422);

	return 0;
}

/* --- a table: part by part
 * ----------------------------------------------------------- */

/* The lines from the next on, at most a part's; the list is the caller's. */
static json_t *
cut_part(const struct import *m)
{
	json_t *part = json_array();

	for (size_t i = m->next;
	     i < json_array_size(m->table.people) && i < m->next + PART; i++)
		json_array_append(part, json_array_get(m->table.people, i));

	return part;
}

/* Goes on with the next part, if there is one. */
static bool
next_part(struct visit *v, struct import *m)
{
	json_t *part = cut_part(m);
	char *dump = json_dumps(part, JSON_COMPACT);
	bool more = json_array_size(part) > 0;

	if (more) {
		m->next += json_array_size(part);
		snprintf(m->part, m->part_size, "%s", dump);
		visit_then(v, &import_part);
	}
	free(dump);
	json_decref(part);

	return more;
}

/* It is still as it was checked: now in parts, each of which fits where all of
 * it does. */
static int
agreed_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct import *m = visit_kept(v);

	(void)f;
	json_object_del(page, "rows");
	m->done = json_array();
	arena_defer(visit_arena(v), (void (*)(void *))json_decref, m->done);
	m->part_size = strlen(visit_field(v, "people")) + 1;
	m->part = arena_alloc(visit_arena(v), m->part_size);
	visit_bind(v, "people", m->part);
	next_part(v, m);

	return 0;
}

static bool
all_are_there(const json_t *rows)
{
	const char *key;
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		key = json_string_value(json_object_get(row, "fault"));
		if (key != NULL &&
		    strcmp(key, "registration.already_there") != 0)
			return false;
	}

	return true;
}

/* Whoever agreed knows which lines are bad: only what came between is told. */
static int
part_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct import *m = visit_kept(v);

	json_array_extend(m->done, json_object_get(page, "rows"));
	if (next_part(v, m))
		return 0;
	if (all_are_there(m->done))
		visit_go(v, arena_printf(visit_arena(v),
		                "/events/%s/registrations?said=flash.imported",
		                visit_field(v, "event")));
	json_object_set(page, "rows", m->done);
	import_answer(v, page, f);
	json_object_set_new(page, "added", json_true());
	json_object_set_new(page, "may", json_false());

	return 0;
}

/* Who asks may: only now is the table read. */
static int
brought_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct import *m = arena_alloc(visit_arena(v), sizeof(*m));
	struct brought b = { NULL, 0 };

	m->seat = "line";
	if (read_form(v, m, &b, f) == -1)
		return -1;
	m->list = shows(b.data, b.size)
	              ? arena_part(visit_arena(v), b.data, b.size)
	              : "";
	visit_keep(v, m);
	if (import_read(&m->table, visit_arena(v), b.data, b.size,
	        visit_language(v), &m->refused) == -1)
		return say_refused(v, m, page, f);
	if (json_array_size(m->table.people) == 0)
		return import_answer(v, page, f);
	visit_then(v, m->apply && visit_field(v, "expected") != NULL
	                  ? &import_agreed
	                  : &import_rehearsed);

	return bind_people(v, m, f);
}

const struct act registration_importing = { .room = "registration",
	.summary = "The form to add many people by a table",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE } },
	.page = "registration/import",
	.form = &registration_import,
	.quiet = true };

const struct act registration_import = { .room = "registration",
	.summary =
	    "A table of people (CSV) as multipart/form-data with file or "
	    "list, seat, step: what would become of each line; with "
	    "step apply, and expected, they are added",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE } },
	.answer = brought_answer,
	.page = "registration/import",
	.again = &registration_importing,
	.body_max = BODY_MOST,
	.raw = true,
	.write = true,
	.quiet = true };

static const struct act import_rehearsed = { .room = "registration",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "patience", &SQL_REGISTRATION_PATIENCE, MAYBE },
	    { "rows", &SQL_REGISTRATION_IMPORT_CHECK, MANY } },
	.answer = import_answer,
	.page = "registration/import",
	.again = &registration_importing,
	.write = true,
	.quiet = true };

static const struct act import_agreed = { .room = "registration",
	.asks = { { "patience", &SQL_REGISTRATION_PATIENCE, MAYBE },
	    { "rows", &SQL_REGISTRATION_IMPORT_AGREED, MANY } },
	.answer = agreed_answer,
	.again = &import_rehearsed,
	.write = true,
	.quiet = true };

static const struct act import_part = { .room = "registration",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "patience", &SQL_REGISTRATION_PATIENCE, MAYBE },
	    { "rows", &SQL_REGISTRATION_IMPORT, MANY } },
	.answer = part_answer,
	.page = "registration/import",
	.again = &registration_importing,
	.write = true,
	.quiet = true };
