#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "web/html_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* The tag at s is one that may be shown, spelt as we spell it. */
static int
is_ours(const char *s)
{
	static const char *const tags[] = { "p", "br", "ul", "ol", "li", "em",
		"strong", "code", "pre", "blockquote", "h3", "h4", NULL };
	static const char *const links[] = {
		"http:", "https:", "mailto:", NULL
	};

	if (begins(s, "</a>"))
		return 1;
	if (begins(s, "<a href=\"")) {
		const char *end = strchr(s + 9, '"');

		if (end == NULL ||
		    !begins(end, "\" rel=\"nofollow noopener\">"))
			return 0;
		for (int i = 0; links[i] != NULL; i++)
			if (strncasecmp(s + 9, links[i], strlen(links[i])) == 0)
				return 1;
		return 0;
	}
	s += s[1] == '/' ? 2 : 1;
	for (int i = 0; tags[i] != NULL; i++)
		if (begins(s, tags[i]) && s[strlen(tags[i])] == '>')
			return 1;

	return 0;
}

/* Only our tags come out, and cleaning them again changes nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	char *copy = arena_part(a, (const char *)data, size);
	const char *once = html_text(a, copy), *twice;

	if (once != NULL) {
		for (const char *s = strchr(once, '<'); s != NULL;
		     s = strchr(s + 1, '<'))
			if (!is_ours(s))
				abort();
		twice = html_text(a, once);
		if (twice == NULL || strcmp(once, twice) != 0)
			abort();
	}
	html_lines(a, copy);
	arena_free(a);

	return 0;
}
