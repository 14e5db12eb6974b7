#include "notice/placeholder.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { FILLED_MAX = 256 << 10 };

const char *const placeholders[] = { "name", "event", "starts", "ends", "place",
	"link", "ticket", "organisation", NULL };

/* The next one at or after `at`: its name from `*name`, `*size` bytes. */
static const char *
next(const char *at, const char **name, size_t *size)
{
	while ((at = strchr(at, '{')) != NULL) {
		*name = at + 1;
		*size = strcspn(*name, "{}\n");
		if (*size > 0 && *size <= PLACEHOLDER_MOST &&
		    (*name)[*size] == '}')
			return at;
		at++;
	}

	return NULL;
}

static bool
known(const char *name)
{
	for (int i = 0; placeholders[i] != NULL; i++)
		if (strcmp(placeholders[i], name) == 0)
			return true;

	return false;
}

const char *
placeholder_unknown(struct arena *a, const char *words)
{
	const char *at = words, *name;
	size_t size;

	while ((at = next(at, &name, &size)) != NULL) {
		const char *spelt = arena_part(a, name, size);

		if (!known(spelt))
			return spelt;
		at = name + size;
	}

	return NULL;
}

const char *
placeholder_fill(
    struct arena *a, const char *words, placeholder_value value, void *context)
{
	const char *at = words, *from = words, *name, *filled;
	struct text out;
	size_t size;

	text_init(&out, FILLED_MAX);
	text_puts(&out, "");
	while ((at = next(at, &name, &size)) != NULL) {
		const char *put = value(context, arena_part(a, name, size));

		text_add(&out, from, (size_t)(at - from));
		text_puts(&out, put == NULL ? "" : put);
		at = from = name + size + 1;
	}
	text_puts(&out, from);
	filled = arena_part(a, out.data, out.size);
	text_free(&out);

	return filled;
}
