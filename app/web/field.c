/* Checks what was typed against what an act declares. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/messages.h"
#include "base/token.h"
#include "web/field.h"
#include "web/inside.h"

enum {
	WORD_MOST = 200,
	TEXT_MOST = 10000,
	EMAIL_MOST = 254,
	URL_MOST = 2000,
	OPAQUE_MOST = 1024,
	NUMBER_MOST = INT_MAX /* as an integer of the database */
};

static const char *
bad(struct fault *f, const struct field *field, const char *key, long number)
{
	fault(f, FAULT_INPUT, field->name, key);
	f->number = number;
	return NULL;
}

/* A copy without white space at either end. */
static char *
trimmed(struct arena *a, const char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		n--;

	return arena_part(a, s, n);
}

static const char *
text_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	bool lines = field->kind == FIELD_TEXT;
	long most = field->most ? field->most : lines ? TEXT_MOST : WORD_MOST;
	char *s = trimmed(v->arena, typed), *o = s;
	size_t length;

	if (!text_plain(s, strlen(s), lines))
		return bad(f, field, "web.not_plain", 0);
	for (const char *c = s; *c != '\0'; c++) /* CR LF is one line end */
		if (*c != '\r')
			*o++ = *c;
	*o = '\0';
	length = text_length(s);
	if (length > (size_t)most)
		return bad(f, field, "web.too_long", most);
	if (length < (size_t)field->least)
		return bad(f, field, "web.too_short", field->least);

	return s;
}

static const char *
number_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	const char *s = trimmed(v->arena, typed);
	long most = field->most != 0 ? field->most : NUMBER_MOST;
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, 10);
	if (end == s || *end != '\0' || errno != 0)
		return bad(f, field, "web.not_number", 0);
	if (n < field->least)
		return bad(f, field, "web.too_small", field->least);
	if (n > most)
		return bad(f, field, "web.too_large", most);

	return arena_printf(v->arena, "%ld", n);
}

static const char *
id_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	const char *s = trimmed(v->arena, typed);
	size_t n = strlen(s);

	if (n == 0 || n > 18 || s[0] == '0' || strspn(s, "0123456789") != n)
		return bad(f, field, "web.not_known", 0);

	return s;
}

/* One label of a domain name: letters, digits, inner hyphens. */
static bool
label_valid(const char *s, size_t n)
{
	if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;

	return true;
}

static bool
domain_valid(const char *s)
{
	int labels = 0;

	for (;;) {
		size_t n = strcspn(s, ".");

		if (!label_valid(s, n))
			return false;
		labels++;
		if (s[n] == '\0')
			return labels > 1;
		s += n + 1;
	}
}

bool
field_email(const char *s)
{
	const char *at = strchr(s, '@');
	size_t local = at == NULL ? 0 : (size_t)(at - s);

	if (local == 0 || local > 64 || strlen(s) > EMAIL_MOST || s[0] == '.' ||
	    at[-1] == '.' || strstr(s, "..") != NULL)
		return false;
	for (size_t i = 0; i < local; i++)
		if (!isalnum((unsigned char)s[i]) &&
		    strchr("!#$%&'*+/=?^_`{|}~.-", s[i]) == NULL)
			return false;

	return domain_valid(at + 1);
}

static const char *
email_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	char *s = trimmed(v->arena, typed);

	for (char *c = s; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!field_email(s))
		return bad(f, field, "web.not_email", 0);

	return s;
}

/* Printable ASCII only: what goes into calendars and mail unescaped. */
bool
field_url(const char *s)
{
	size_t scheme = strncmp(s, "https://", 8) == 0  ? 8
	                : strncmp(s, "http://", 7) == 0 ? 7
	                                                : 0;

	if (scheme == 0 || s[scheme] == '\0' || strlen(s) > URL_MOST)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 127 || strchr("\"<>\\^`{|}", *s))
			return false;

	return true;
}

bool
field_uuid(const char *s)
{
	if (strlen(s) != UUID_CHARS)
		return false;
	for (size_t i = 0; i < UUID_CHARS; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}

	return true;
}

/* "2026-03-04T14:00", seconds allowed as some browsers send them. */
static bool
wall_valid(const char *s)
{
	int year, month, day, hour, minute;
	char date[11];

	if (strlen(s) != 16 && !(strlen(s) == 19 && s[16] == ':'))
		return false;
	memcpy(date, s, 10);
	date[10] = '\0';
	if (clock_day(date, &year, &month, &day) == -1 || s[10] != 'T' ||
	    s[13] != ':')
		return false;
	for (size_t i = 11; s[i] != '\0'; i++)
		if (i != 13 && i != 16 && !isdigit((unsigned char)s[i]))
			return false;
	hour = (s[11] - '0') * 10 + s[12] - '0';
	minute = (s[14] - '0') * 10 + s[15] - '0';

	return hour < 24 && minute < 60;
}

static const char *
choice_value(const struct field *field, const char *typed, struct fault *f)
{
	for (int i = 0; field->choices[i] != NULL; i++)
		if (strcmp(field->choices[i], typed) == 0)
			return field->choices[i];

	return bad(f, field, "web.not_choice", 0);
}

static const char *
token_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	char *hash;

	if (strlen(typed) != TOKEN_CHARS)
		return bad(f, field, "web.not_known", 0);
	hash = arena_alloc(v->arena, TOKEN_HASH_CHARS + 1);
	token_hash(typed, hash);

	return hash;
}

static const char *
code_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	char code[CODE_CHARS + 1];
	char *hash;

	token_code_read(typed, code);
	if (strlen(code) != CODE_CHARS)
		return bad(f, field, "web.not_code", CODE_CHARS);
	hash = arena_alloc(v->arena, TOKEN_HASH_CHARS + 1);
	token_hash(code, hash);

	return hash;
}

/* A document of its own: what is none is said with its line. */
static const char *
json_value(const struct field *field, const char *typed, struct fault *f)
{
	json_error_t wrong;
	json_t *read = json_loads(typed, JSON_REJECT_DUPLICATES, &wrong);

	if (read == NULL)
		return bad(f, field, "web.not_json_line", wrong.line);
	json_decref(read);
	if (field->most != 0 && text_length(typed) > (size_t)field->most)
		return bad(f, field, "web.too_long", field->most);

	return typed;
}

static bool
zone_shaped(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= 80 && isalpha((unsigned char)s[0]) &&
	       strstr(s, "..") == NULL &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                 "0123456789_+-/") == n;
}

/* Kinds that are kept as typed, where the shape is right. */
static const char *
shaped_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	const char *s = trimmed(v->arena, typed);
	int year, month, day;

	switch (field->kind) {
	case FIELD_URL:
		return field_url(s) ? s : bad(f, field, "web.not_url", 0);
	case FIELD_UUID:
		return field_uuid(s) ? s : bad(f, field, "web.not_known", 0);
	case FIELD_DAY:
		return clock_day(s, &year, &month, &day) == 0
		           ? s
		           : bad(f, field, "web.not_day", 0);
	case FIELD_MOMENT:
		return wall_valid(s) ? s : bad(f, field, "web.not_moment", 0);
	case FIELD_ZONE:
		return zone_shaped(s) ? s : bad(f, field, "web.not_zone", 0);
	case FIELD_LANGUAGE:
		return language_known(s) ? s
		                         : bad(f, field, "web.not_choice", 0);
	case FIELD_COUNTRY:
		return strlen(s) == 2 && isupper((unsigned char)s[0]) &&
		               isupper((unsigned char)s[1])
		           ? s
		           : bad(f, field, "web.not_choice", 0);
	case FIELD_OPAQUE:
		for (const char *c = s; *c != '\0'; c++)
			if (*c < ' ' || *c >= 127)
				return bad(f, field, "web.not_known", 0);
		return strlen(s) <= OPAQUE_MOST
		           ? s
		           : bad(f, field, "web.too_long", OPAQUE_MOST);
	default:
		return s;
	}
}

const char *
field_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	switch (field->kind) {
	case FIELD_ID:
		return id_value(v, field, typed, f);
	case FIELD_NUMBER:
		return number_value(v, field, typed, f);
	case FIELD_WORD:
	case FIELD_TEXT:
		return text_value(v, field, typed, f);
	case FIELD_EMAIL:
		return email_value(v, field, typed, f);
	case FIELD_CHOICE:
		return choice_value(field, typed, f);
	case FIELD_CODE:
		return code_value(v, field, typed, f);
	case FIELD_TOKEN:
		return token_value(v, field, typed, f);
	case FIELD_JSON:
		return json_value(field, typed, f);
	default:
		return shaped_value(v, field, typed, f);
	}
}

/* Whose login has ended meanwhile is a stranger to the verb alone. */
static bool
asked_of(const struct visit *v, const struct field *field)
{
	return (field->flags & REQUIRED) != 0 &&
	       ((field->flags & STRANGER) == 0 || v->token[0] == '\0');
}

/* A word as an element of an array. */
static const char *
element(struct visit *v, const char *word)
{
	char *out, *o;

	if (word == NULL)
		return NULL;
	out = o = arena_alloc(v->arena, 2 * strlen(word) + 3);
	*o++ = '"';
	for (; *word != '\0'; word++) {
		if (*word == '"' || *word == '\\')
			*o++ = '\\';
		*o++ = *word;
	}
	*o = '"';

	return out;
}

bool
field_several(const struct field *field)
{
	return field->kind == FIELD_IDS || field->kind == FIELD_CHOICES;
}

/* Several values of one name as PostgreSQL reads an array. */
static const char *
several_value(struct visit *v, const struct field *field,
    const struct pairs *pairs, struct fault *f)
{
	struct text out;
	const char *done;

	text_init(&out, BODY_MAX);
	text_puts(&out, "{");
	for (int i = 0; i < pairs->count; i++) {
		const char *typed = pairs->pair[i].value, *one;

		if (strcmp(pairs->pair[i].name, field->name) != 0)
			continue;
		one = field->kind == FIELD_IDS
		          ? id_value(v, field, typed, f)
		          : element(v, text_value(v, field, typed, f));
		if (one == NULL)
			break;
		text_printf(&out, "%s%s", out.size > 1 ? "," : "", one);
	}
	if (out.size == 1 && asked_of(v, field))
		bad(f, field, "web.required", 0);
	text_puts(&out, "}");
	done = out.full ? bad(f, field, "web.too_many", PAIRS_MAX)
	       : f->kind != FAULT_NONE ? NULL
	                               : arena_text(v->arena, out.data);
	text_free(&out);

	return done;
}

/* One that is REQUIRED has to be ticked. */
static const char *
flag_value(struct visit *v, const struct field *field, const char *typed,
    struct fault *f)
{
	bool off = typed == NULL || *trimmed(v->arena, typed) == '\0' ||
	           strcmp(typed, "false") == 0 || strcmp(typed, "0") == 0;

	if (off && asked_of(v, field))
		return bad(f, field, "web.required", 0);

	return off ? "false" : "true";
}

static const char *
one_value(struct visit *v, const struct field *field, const struct pairs *pairs,
    struct fault *f)
{
	const char *typed = pairs_find(pairs, field->name);

	if (field_several(field))
		return several_value(v, field, pairs, f);
	if (field->kind == FIELD_ANSWERS)
		return answers_value(v, field, pairs, f);
	if (field->kind == FIELD_ROWS)
		return rows_value(v, field, pairs, f);
	if (pairs_count(pairs, field->name) > 1)
		return bad(f, field, "web.repeated", 0);
	if (field->kind == FIELD_FLAG)
		return flag_value(v, field, typed, f);
	if (typed == NULL || *trimmed(v->arena, typed) == '\0') {
		if (asked_of(v, field))
			bad(f, field, "web.required", 0);
		/* An emptied box of words is empty, not absent. */
		return typed != NULL && (field->kind == FIELD_WORD ||
		                            field->kind == FIELD_TEXT)
		           ? ""
		           : NULL;
	}

	return field_value(v, field, typed, f);
}

static bool
is_bound(const struct visit *v, const char *name)
{
	for (int i = 0; i < v->values; i++)
		if (strcmp(v->value[i].name, name) == 0)
			return true;

	return false;
}

int
fields_unsaid(struct visit *v, const struct field *fields, struct fault *f)
{
	const struct pairs nothing = { .count = 0 };

	for (; fields != NULL && fields->name != NULL; fields++) {
		const char *bound;

		if (is_bound(v, fields->name))
			continue;
		bound = one_value(v, fields, &nothing, f);
		if (f->kind != FAULT_NONE)
			return -1;
		visit_bind(v, fields->name, bound);
	}

	return 0;
}

void
fields_read(
    struct visit *v, const struct field *fields, const struct pairs *pairs)
{
	for (; fields != NULL && fields->name != NULL; fields++) {
		struct fault f = { 0 };
		const char *bound = one_value(v, fields, pairs, &f);

		if (f.kind != FAULT_NONE)
			visit_fault(v, &f);
		else
			visit_bind(v, fields->name, bound);
	}
}
