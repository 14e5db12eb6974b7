#include <stdio.h>
#include <string.h>

#include "web/template_tree.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static const char *
find(const char *from, const char *end, const char *what)
{
	return memmem(from, (size_t)(end - from), what, strlen(what));
}

/* What closes a tag of this sigil. */
static void
closing(const struct scanner *s, char sigil, char out[DELIMITER_MOST + 2])
{
	const char *before = sigil == '{' ? "}" : sigil == '=' ? "=" : "";

	snprintf(out, DELIMITER_MOST + 2, "%s%s", before, s->close);
}

/* Where the tag stands in its line. */
static void
surroundings(const struct scanner *s, struct tag *t)
{
	const char *p = t->begin;

	while (p > s->start && is_blank(p[-1]) && p != s->blank)
		p--;
	t->line = p;
	t->first = p == s->start || p[-1] == '\n';
	t->blank = t->first || p == s->blank;

	p = t->after;
	while (p < s->end && is_blank(*p))
		p++;
	if (p == s->end)
		t->next_line = p;
	else if (*p == '\n')
		t->next_line = p + 1;
	else if (*p == '\r' && p + 1 < s->end && p[1] == '\n')
		t->next_line = p + 2;
	else
		t->next_line = NULL;
}

int
template_scan(struct scanner *s, struct tag *t)
{
	char close[DELIMITER_MOST + 2];
	const char *p, *end;

	*t = (struct tag){ .begin = find(s->at, s->end, s->open) };
	if (t->begin == NULL)
		return 0;

	p = t->begin + strlen(s->open);
	while (p < s->end && is_blank(*p))
		p++;
	if (p < s->end && *p != '\0' && strchr("#^/!=>&{<$%", *p) != NULL)
		t->sigil = *p++;
	closing(s, t->sigil, close);
	end = find(p, s->end, close);
	if (end == NULL)
		return -1;
	t->after = end + strlen(close);

	while (p < end && is_space(*p))
		p++;
	while (end > p && is_space(end[-1]))
		end--;
	t->name = p;
	t->size = (size_t)(end - p);
	surroundings(s, t);

	return 1;
}

int
template_delimiters(struct scanner *s, const struct tag *t)
{
	const char *p = t->name, *end = t->name + t->size, *second;
	size_t first_size = 0, second_size;

	while (p + first_size < end && !is_space(p[first_size]))
		first_size++;
	second = p + first_size;
	while (second < end && is_space(*second))
		second++;
	second_size = (size_t)(end - second);
	if (first_size == 0 || first_size > DELIMITER_MOST ||
	    second_size == 0 || second_size > DELIMITER_MOST ||
	    memchr(p, '=', t->size) != NULL ||
	    strcspn(second, " \t\r\n") < second_size)
		return -1;

	snprintf(s->open, sizeof(s->open), "%.*s", (int)first_size, p);
	snprintf(s->close, sizeof(s->close), "%.*s", (int)second_size, second);

	return 0;
}
