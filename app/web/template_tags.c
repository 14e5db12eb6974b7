#include <string.h>

#include "base/arena.h"
#include "base/messages.h"
#include "web/template_render.h"

/* The value, spelt in the rendering's arena; NULL when it has no spelling. */
static const char *
spelt(struct render *r, const json_t *v)
{
	char room[SPELT_ROOM];
	size_t size;
	const char *s = value_spelt(v, room, &size);

	return s == room ? arena_part(r->arena, s, size) : s;
}

static const char *
argument(void *context, const char *name)
{
	struct render *r = context;
	const char *s = spelt(r, value_named(&r->contexts, name));

	if (s == NULL && r->strict)
		render_stop(r, "no argument of a message", name);

	return s;
}

void
render_message(struct render *r, const char *key)
{
	const char *said;

	if (r->strict && !message_known(key)) {
		render_stop(r, "no message", key);
		return;
	}
	said = message(r->arena, r->language, key, argument, r);
	render_value(r, said, strlen(said), false);
}

void
render_keyed(struct render *r, const struct node *n)
{
	const char *key = spelt(r, value_find(&r->contexts, n->path));

	if (key == NULL && r->strict)
		render_stop(r, "no value", n->text);
	if (key != NULL && *key != '\0')
		render_message(r, key);
}

/* Nothing for null and for what is absent; a value that is not of the kind is
 * shown as it is. */
void
render_worded(struct render *r, const struct node *n)
{
	const char *s = spelt(r, value_find(&r->contexts, n->path));
	const char *said = NULL;

	if (s == NULL && r->strict)
		render_stop(r, "no value", n->text);
	if (s == NULL || *s == '\0')
		return;
	said = words_value(r->arena, r->language, n->word, s);
	if (said == NULL && r->strict)
		render_stop(r, "not of this kind", n->text);
	if (said == NULL)
		said = s;
	render_value(r, said, strlen(said), false);
}
