#include <stdlib.h>
#include <string.h>

#include <libxml/uri.h>

#include "base/text.h"
#include "schedule/frab_inside.h"
#include "schedule/frab_put.h"

void
put_text(struct text *out, const char *s, bool attribute)
{
	static const char marks[] = "&<>\r";
	static const char attribute_marks[] = "&<>\r\n\t\"";
	size_t n;

	for (; *s != '\0'; s += n) {
		n = strcspn(s, attribute ? attribute_marks : marks);
		text_add(out, s, n);
		if (s[n] == '\0')
			return;
		if (s[n] == '&')
			text_puts(out, "&amp;");
		else if (s[n] == '<')
			text_puts(out, "&lt;");
		else if (s[n] == '>')
			text_puts(out, "&gt;");
		else
			text_printf(out, "&#%d;", s[n]);
		n++;
	}
}

void
put_indent(struct text *out, int depth)
{
	text_add(out, "            ", (size_t)depth * 2);
}

void
put_element(struct text *out, int depth, const char *name, const char *value)
{
	put_indent(out, depth);
	text_printf(out, "<%s>", name);
	put_text(out, value, false);
	text_printf(out, "</%s>\n", name);
}

void
put_attribute(struct text *out, const char *name, const char *value)
{
	text_printf(out, " %s=\"", name);
	put_text(out, value, true);
	text_puts(out, "\"");
}

/* Nothing when there is nothing to say.  '>' stands only in texts, where it
 * may be spelt otherwise; unspelt it could end the instruction. */
void
put_rest(struct text *out, int depth, const json_t *rest, const char *end)
{
	char *json;

	if (json_object_size(rest) == 0)
		return;
	json = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
	if (json == NULL)
		abort();
	put_indent(out, depth);
	text_puts(out, "<?convene ");
	for (const char *s = json; *s != '\0'; s++) {
		if (*s == '>')
			text_puts(out, "\\u003e");
		else
			text_add(out, s, 1);
	}
	text_printf(out, "?>%s", end);
	free(json);
}

/* As libxml2 judges an anyURI, after the schema's "https?://.*". */
static bool
fits_uri(const char *s)
{
	xmlChar *escaped;
	xmlURIPtr uri;
	bool fits;

	if (strncmp(s, "http://", 7) != 0 && strncmp(s, "https://", 8) != 0)
		return false;
	if (s[strcspn(s, " \t\r\n")] != '\0')
		return false;
	escaped = xmlURIEscapeStr(
	    (const xmlChar *)s, (const xmlChar *)"_-.!~*'()/#%&=?;:@$,+");
	uri = escaped == NULL ? NULL : xmlParseURI((const char *)escaped);
	fits = uri != NULL;
	xmlFreeURI(uri);
	xmlFree(escaped);

	return fits;
}

static bool
only(const char *s, const char *of)
{
	return s[strspn(s, of)] == '\0';
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* "[a-z0-9_]{4,}-[a-z0-9\-_]{4,}" */
static bool
fits_slug(const char *s)
{
	size_t n = strspn(s, LOWER DIGITS "_");

	return n >= 4 && s[n] == '-' && strlen(s + n + 1) >= 4 &&
	       only(s + n, LOWER DIGITS "_-");
}

bool
put_fits(const char *s, enum fit fit)
{
	char lower[37];

	switch (fit) {
	case ANY:
		return true;
	case URI:
		return fits_uri(s);
	case URI_OR_EMPTY:
		return s[0] == '\0' || fits_uri(s);
	case SLUG:
		return fits_slug(s);
	case CODE:
		return strlen(s) == 6 &&
		       only(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS);
	case TRACK_SLUG:
		return s[0] >= 'a' && s[0] <= 'z' && s[1] != '\0' &&
		       only(s, LOWER DIGITS "-");
	case COLOUR:
		return s[0] == '#' && strlen(s) == 7 &&
		       only(s + 1, DIGITS "abcdefABCDEF");
	case GUID:
		return frab_uuid(s, lower) && strlen(s) == 36;
	}

	return false;
}

/* What is to be said of a thing: its source, and what its columns hold. */
json_t *
put_source(const json_t *thing)
{
	json_t *source = json_object_get(thing, "source");

	return json_is_object(source) ? json_deep_copy(source) : json_object();
}

/* Columns join what may have to be said in an instruction. */
void
put_join(
    json_t *rest, const json_t *thing, const char *column, const char *name)
{
	const char *value = frab_text_of(thing, column);

	if (value[0] != '\0')
		(void)json_object_set_new(rest, name, json_string(value));
}

/* Writes what fits of the elements, and takes it out of the rest. */
void
put_elements(
    struct text *out, int depth, const struct element *elements, json_t *rest)
{
	const json_t *value;
	const char *text;

	for (; elements->name != NULL; elements++) {
		value = json_object_get(rest, elements->name);
		text = value == NULL ? "" : json_string_value(value);
		if ((value == NULL && !elements->required) || text == NULL ||
		    !put_fits(text, elements->fit))
			continue;
		put_element(out, depth, elements->name, text);
		(void)json_object_del(rest, elements->name);
	}
}

void
put_fitting_attribute(
    struct text *out, json_t *rest, const char *name, enum fit fit)
{
	const char *value = json_string_value(json_object_get(rest, name));

	if (value == NULL || !put_fits(value, fit))
		return;
	put_attribute(out, name, value);
	(void)json_object_del(rest, name);
}
