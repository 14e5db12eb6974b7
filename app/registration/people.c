#include "registration/people.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/csv.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/token.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "web/field.h"

static const char *const columns[] = { "name", "email", "country", "language",
	"organisation", NULL };

static const char *
member(const json_t *person, const char *name)
{
	const char *s = json_string_value(json_object_get(person, name));

	return s == NULL ? "" : s;
}

static void
change_case(json_t *person, const char *name, int (*change)(int))
{
	char copy[256];
	size_t n = strlen(member(person, name));

	if (n == 0 || n >= sizeof(copy))
		return;
	for (size_t i = 0; i <= n; i++)
		copy[i] = (char)change((unsigned char)member(person, name)[i]);
	json_object_set_new(person, name, json_string(copy));
}

/* A cell of a table may have tabs and line ends, which a mail's header and a
 * list to print must not. */
static void
in_one_line(json_t *person, const char *name)
{
	char *copy = memory_text(member(person, name));

	for (char *c = copy; *c != '\0'; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	if (*copy != '\0')
		json_object_set_new(person, name, json_string(copy));
	free(copy);
}

int
people_check(json_t *person, struct fault *f)
{
	in_one_line(person, "name");
	in_one_line(person, "organisation");
	change_case(person, "email", tolower);
	change_case(person, "country", toupper);
	change_case(person, "language", tolower);
	if (*member(person, "name") == '\0')
		return fault(f, FAULT_INPUT, "name", "web.required");
	if (text_length(member(person, "name")) > 200) {
		fault(f, FAULT_INPUT, "name", "web.too_long");
		f->number = 200;
		return -1;
	}
	if (*member(person, "email") == '\0')
		return fault(f, FAULT_INPUT, "email", "web.required");
	if (!field_email(member(person, "email")))
		return fault(f, FAULT_INPUT, "email", "web.not_email");
	if (*member(person, "country") != '\0' &&
	    !country_known(member(person, "country")))
		return fault(
		    f, FAULT_INPUT, "country", "registration.import_country");
	if (*member(person, "language") != '\0' &&
	    language_known(member(person, "language")) == NULL)
		return fault(
		    f, FAULT_INPUT, "language", "registration.import_language");

	return 0;
}

int
people_keys(json_t *people, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	json_t *person;
	size_t i;

	if (secret == NULL)
		return -1;
	json_array_foreach(people, i, person)
	{
		char key[UUID_CHARS + 1], token[TOKEN_CHARS + 1];
		char hash[TOKEN_HASH_CHARS + 1];

		token_uuid(key);
		registration_manage(secret, key, token);
		token_hash(token, hash);
		json_object_set_new(person, "key", json_string(key));
		json_object_set_new(person, "manage_hash", json_string(hash));
	}

	return 0;
}

/* --- lists ----------------------------------------------------------- */

static int
bad_line(long line, const char *key, struct fault *f)
{
	fault(f, FAULT_INPUT, "list", key);
	f->number = line;

	return -1;
}

/* Does not belong to a word at either of its ends. */
static bool
between(char c)
{
	return c == ',' || c == ';' || c == '<' || c == '>' || c == '"' ||
	       isspace((unsigned char)c);
}

static char *
trim(char *s)
{
	size_t n;

	while (*s != '\0' && between(*s))
		s++;
	n = strlen(s);
	while (n > 0 && between(s[n - 1]))
		s[--n] = '\0';

	return s;
}

/* "Ana Lopez <ana@example.org>", "ana@example.org; Ana", "ana@example.org". */
static json_t *
read_line(struct arena *a, char *line, int n)
{
	char *at = strchr(line, '@'), *from = at, *to = at;
	const char *email, *name;

	if (at == NULL)
		return NULL;
	while (from > line && !between(from[-1]))
		from--;
	while (*to != '\0' && !between(*to))
		to++;
	email = arena_part(a, from, (size_t)(to - from));
	name = trim(arena_part(a, line, (size_t)(from - line)));
	if (*name == '\0')
		name = trim(to);
	if (*name == '\0')
		name = arena_part(a, from, (size_t)(at - from));

	return json_pack(
	    "{s:i, s:s, s:s}", "n", n, "email", email, "name", name);
}

static int
read_lines(struct arena *a, json_t *people, const char *list, int first,
    struct fault *f)
{
	long number = 0;
	int n = first;

	for (const char *at = list; *at != '\0';) {
		size_t size = strcspn(at, "\r\n");
		char *line = arena_part(a, at, size);
		json_t *person;

		number++;
		at += size;
		at += *at == '\r' ? 1 : 0;
		at += *at == '\n' ? 1 : 0;
		if (*trim(line) == '\0')
			continue;
		person = read_line(a, trim(line), n++);
		if (person == NULL)
			return bad_line(number, "registration.line_address", f);
		json_object_set_new(person, "line", json_integer(number));
		json_array_append_new(people, person);
		if (json_array_size(people) > PEOPLE_MOST)
			return bad_line(PEOPLE_MOST, "web.too_many", f);
	}

	return 0;
}

static int
read_table(struct arena *a, json_t *people, const char *list, int first,
    struct fault *f)
{
	struct csv c;
	struct csv_row row;
	int found, n = first;

	if (csv_open(&c, a, list, strlen(list), PEOPLE_MOST, f) == -1) {
		memcpy(f->field, "list", sizeof("list"));
		return -1;
	}
	if (!csv_has(&c, "email"))
		return bad_line(1, "registration.line_address", f);
	while ((found = csv_next(&c, &row, f)) == 1) {
		json_t *person = json_pack(
		    "{s:i, s:I}", "n", n++, "line", (json_int_t)row.line);

		for (int i = 0; columns[i] != NULL; i++)
			if (*csv_cell(&c, &row, columns[i]) != '\0')
				json_object_set_new(person, columns[i],
				    json_string(
				        csv_cell(&c, &row, columns[i])));
		json_array_append_new(people, person);
	}
	if (found == -1)
		memcpy(f->field, "list", sizeof("list"));

	return found;
}

int
people_list(struct arena *a, json_t *people, const char *list, int first,
    struct fault *f)
{
	const char *end = list + strcspn(list, "\r\n");
	const char *at = strchr(list, '@');

	if (at != NULL && at < end)
		return read_lines(a, people, list, first, f);

	return read_table(a, people, list, first, f);
}
