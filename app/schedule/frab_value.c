#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/uri.h>

#include "base/memory.h"
#include "base/text.h"
#include "schedule/frab_inside.h"

const char *
frab_text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

long
frab_line_of(const json_t *said)
{
	return (long)json_integer_value(json_object_get(said, "#line"));
}

void
frab_cut(char *to, size_t room, const char *from)
{
	size_t n = strlen(from);

	if (n >= room) {
		n = room - 1;
		while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(to, from, n);
	to[n] = '\0';
}

int
frab_fault(struct frab *r, const json_t *said, const char *key,
    const char *text, long number)
{
	if (said != NULL)
		r->line = frab_line_of(said);
	(void)fault(r->fault, FAULT_INPUT, "", key);
	frab_cut(
	    r->fault->text, sizeof(r->fault->text), text == NULL ? "" : text);
	r->fault->number = number;

	return -1;
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* Trimmed; each run of blanks that holds a line's end or a tab is one space. */
static char *
one_line(const char *s)
{
	char *out = memory_new(strlen(s) + 1), *p = out;
	size_t n;

	s += strspn(s, " \t\r\n");
	while (*s != '\0') {
		n = strcspn(s, " \t\r\n");
		memcpy(p, s, n);
		p += n;
		s += n;
		n = strspn(s, " \t\r\n");
		if (s[n] == '\0')
			break;
		if (strspn(s, " ") < n) {
			*p++ = ' ';
		} else {
			memcpy(p, s, n);
			p += n;
		}
		s += n;
	}
	*p = '\0';

	return out;
}

int
frab_take(struct frab *r, json_t *said, const char *key, json_t *target,
    const char *column, enum frab_kind kind, size_t max)
{
	const char *text = frab_text_of(said, key);
	char *line = NULL;
	size_t length;

	if (blank(text))
		text = "";
	if (kind == FRAB_LINE)
		text = line = one_line(text);
	length = text_length(text);
	if (length <= max)
		(void)json_object_set_new(target, column, json_string(text));
	free(line);
	if (length > max)
		return frab_fault(
		    r, said, "schedule.import.too_long", key, (long)max);

	(void)json_object_del(said, key);

	return 0;
}

int
frab_take_number(
    struct frab *r, json_t *said, const char *key, json_int_t *number)
{
	const json_t *value = json_object_get(said, key);
	const char *text = json_string_value(value);
	char *end;

	if (json_is_integer(value)) {
		*number = json_integer_value(value);
	} else {
		if (r->typed || text == NULL)
			return -1;
		text += strspn(text, " \t\r\n");
		if (!isdigit((unsigned char)*text) || strlen(text) > 18)
			return -1;
		*number = strtoll(text, &end, 10);
		if (!blank(end))
			return -1;
	}
	(void)json_object_del(said, key);

	return 0;
}

/* What a page may offer as a link.  Others run programs or read files. */
static bool
offered(const char *url)
{
	static const char *const schemes[] = { "http:", "https:", "mailto:",
		"matrix:", "ftp:", "irc:", "ircs:", "tel:", "xmpp:", "geo:",
		NULL };

	for (size_t i = 0; schemes[i] != NULL; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;

	return false;
}

static bool
has_scheme(const char *url)
{
	size_t n = strspn(url, "abcdefghijklmnopqrstuvwxyz"
	                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n > 0 && url[n] == ':';
}

/* Absolute, from a base; NULL when it cannot be made so. */
static char *
absolute(const char *url, const char *base)
{
	xmlChar *made;
	char *copy;

	if (base == NULL || strlen(url) > 2000)
		return NULL;
	made = xmlBuildURI((const xmlChar *)url, (const xmlChar *)base);
	if (made == NULL)
		return NULL;
	copy = memory_text((const char *)made);
	xmlFree(made);

	return copy;
}

int
frab_take_url(struct frab *r, json_t *said, const char *key, json_t *target,
    const char *column)
{
	const char *url;
	char *made = NULL;

	if (frab_take(r, said, key, target, column, FRAB_LINE, 2000) == -1)
		return -1;
	url = frab_text_of(target, column);
	if (url[0] == '\0')
		return 0;
	if (!has_scheme(url))
		url = made = absolute(url, r->base_url);
	if (url == NULL || !offered(url) || text_length(url) > 2000) {
		r->dropped++;
		url = "";
	}
	(void)json_object_set_new(target, column, json_string(url));
	free(made);

	return 0;
}

static bool
says_nothing(const json_t *value)
{
	return json_is_null(value) ||
	       (json_is_string(value) && blank(json_string_value(value))) ||
	       (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

void
frab_take_rest(json_t *said, json_t *target)
{
	json_t *source = json_object();
	const char *key;
	json_t *value;

	json_object_foreach(said, key, value)
	{
		if (key[0] != '#' && !says_nothing(value))
			(void)json_object_set(source, key, value);
	}
	(void)json_object_set_new(target, "source", source);
}

json_t *
frab_slug(const char *text)
{
	char slug[81];
	size_t n = 0;
	bool gap = false;

	for (; *text != '\0' && n < 78; text++) {
		if (!isascii((unsigned char)*text) ||
		    !isalnum((unsigned char)*text)) {
			gap = n > 0;
			continue;
		}
		if (gap)
			slug[n++] = '-';
		gap = false;
		slug[n++] = (char)tolower((unsigned char)*text);
	}
	slug[n] = '\0';

	return json_string(slug);
}

bool
frab_uuid(const char *text, char lower[37])
{
	size_t i;

	text += strspn(text, " \t\r\n");
	for (i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
		lower[i] = (char)tolower((unsigned char)text[i]);
	}
	lower[i] = '\0';

	return blank(text + i);
}

/* What XML could not say is left out. */
static size_t
clean_text(char *to, const char *from, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)from[i];

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			continue;
		if (c == 0xef && i + 2 < size &&
		    (unsigned char)from[i + 1] == 0xbf &&
		    (unsigned char)from[i + 2] >= 0xbe) {
			i += 2; /* U+FFFE, U+FFFF */
			continue;
		}
		to[n++] = (char)c;
	}

	return n;
}

json_t *
frab_clean(json_t *value)
{
	json_t *made, *child;
	const char *key;
	char *text;
	size_t i;

	if (json_is_string(value)) {
		i = json_string_length(value);
		text = memory_new(i + 1);
		made = json_stringn(
		    text, clean_text(text, json_string_value(value), i));
		free(text);
		return made;
	}
	if (json_is_array(value)) {
		made = json_array();
		json_array_foreach(value, i, child)
		{
			(void)json_array_append_new(made, frab_clean(child));
		}
		return made;
	}
	if (!json_is_object(value))
		return json_deep_copy(value);
	made = json_object();
	json_object_foreach(value, key, child)
	{
		if (key[0] != '#' && !json_is_null(child))
			(void)json_object_set_new(made, key, frab_clean(child));
	}

	return made;
}
