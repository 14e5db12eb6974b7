#include "notice/rich.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { RICH_MAX = 512 << 10 };

static void
put_escaped(struct text *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (s[i]) {
		case '&':
			text_puts(out, "&amp;");
			break;
		case '<':
			text_puts(out, "&lt;");
			break;
		case '>':
			text_puts(out, "&gt;");
			break;
		case '"':
			text_puts(out, "&quot;");
			break;
		default:
			text_add(out, s + i, 1);
		}
}

/* Bytes of the web address that begins here, or 0.  What ends a sentence, or
 * a bracket that was opened before it, is not of it. */
static size_t
address(const char *s)
{
	size_t scheme = strncmp(s, "https://", 8) == 0  ? 8
	                : strncmp(s, "http://", 7) == 0 ? 7
	                                                : 0;
	size_t n = scheme;

	if (scheme == 0)
		return 0;
	while (s[n] > ' ' && s[n] < 127 && strchr("\"<>\\^`{|}", s[n]) == NULL)
		n++;
	while (n > scheme && strchr(".,;:!?'*)", s[n - 1]) != NULL)
		n--;

	return n > scheme ? n : 0;
}

static void
put_link(struct text *out, const char *s, size_t n)
{
	text_puts(out, "<a href=\"");
	put_escaped(out, s, n);
	text_puts(out, "\" rel=\"noopener\">");
	put_escaped(out, s, n);
	text_puts(out, "</a>");
}

/* Does this pair of asterisks open something that is closed on its line? */
static bool
opens(const char *s)
{
	const char *end;

	if (strncmp(s, "**", 2) != 0 || s[2] == ' ' || s[2] == '*')
		return false;
	end = strstr(s + 2, "**");

	return end != NULL && end > s + 2 &&
	       memchr(s, '\n', (size_t)(end - s)) == NULL;
}

/* One line, bold words and addresses marked. */
static void
put_line(struct text *out, const char *s, size_t n)
{
	bool bold = false;

	for (size_t i = 0; i < n;) {
		size_t link = address(s + i);

		if (link > n - i)
			link = 0;
		if (link > 0) {
			put_link(out, s + i, link);
			i += link;
		} else if (bold ? strncmp(s + i, "**", 2) == 0 : opens(s + i)) {
			text_puts(out, bold ? "</strong>" : "<strong>");
			bold = !bold;
			i += 2;
		} else
			put_escaped(out, s + i++, 1);
	}
	text_puts(out, bold ? "</strong>" : "");
}

static bool
blank(const char *s, size_t n)
{
	return strspn(s, " \t\r") >= n;
}

/* What is too long ends where it is full. */
static const char *
taken(struct arena *a, struct text *out)
{
	const char *s = arena_part(a, out->data, out->size);

	text_free(out);

	return s;
}

const char *
rich_html(struct arena *a, const char *words)
{
	bool open = false;
	struct text out;

	text_init(&out, RICH_MAX);
	text_puts(&out, "");
	for (const char *s = words; *s != '\0';) {
		size_t n = strcspn(s, "\n");

		if (blank(s, n)) {
			text_puts(&out, open ? "</p>\n" : "");
			open = false;
		} else {
			text_puts(&out, open ? "<br>\n" : "<p dir=\"auto\">");
			open = true;
			put_line(&out, s, n);
		}
		s += n + (s[n] == '\n');
	}
	text_puts(&out, open ? "</p>\n" : "");

	return taken(a, &out);
}

const char *
rich_plain(struct arena *a, const char *words)
{
	bool bold = false;
	struct text out;

	text_init(&out, RICH_MAX);
	text_puts(&out, "");
	for (const char *s = words; *s != '\0';) {
		size_t link = address(s);

		if (link > 0) {
			text_add(&out, s, link);
			s += link;
		} else if (bold ? strncmp(s, "**", 2) == 0 : opens(s)) {
			bold = !bold;
			s += 2;
		} else
			text_add(&out, s++, 1);
	}

	return taken(a, &out);
}
