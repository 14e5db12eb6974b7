#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "web/template.h"
#include "web/template_render.h"

enum { CHAINS = 256 };

/* A template that is kept, with the memory of its nodes. */
struct kept {
	struct kept *next;
	char *name;
	struct arena *arena;
	struct node *root;
};

struct template_set {
	template_source source;
	void *context;
	int strict;
	struct kept *chains[CHAINS];
};

struct template_set *
template_set_new(template_source source, void *context)
{
	struct template_set *set = memory_new(sizeof(*set));

	set->source = source;
	set->context = context;

	return set;
}

void
template_set_free(struct template_set *set)
{
	if (set == NULL)
		return;
	for (int i = 0; i < CHAINS; i++)
		while (set->chains[i] != NULL) {
			struct kept *k = set->chains[i];

			set->chains[i] = k->next;
			arena_free(k->arena);
			free(k->name);
			free(k);
		}
	free(set);
}

void
template_set_strict(struct template_set *set, int strict)
{
	set->strict = strict;
}

static struct kept **
chain_of(struct template_set *set, const char *name)
{
	unsigned hash = 2166136261U;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619U;

	return &set->chains[hash % CHAINS];
}

static const struct node *
keep(struct template_set *set, const char *name, const char *source,
    struct fault *f)
{
	struct kept **chain = chain_of(set, name), *k;
	struct arena *a = arena_new();
	struct node *root = template_parse(a, source, strlen(source), f);

	if (root == NULL) {
		fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "template %.80s: %s", name, f->detail);
		arena_free(a);
		return NULL;
	}
	k = memory_new(sizeof(*k));
	k->name = memory_text(name);
	k->arena = a;
	k->root = root;
	k->next = *chain;
	*chain = k;

	return root;
}

const struct node *
template_kept(struct template_set *set, const char *name, struct fault *f)
{
	const char *source;

	for (struct kept *k = *chain_of(set, name); k != NULL; k = k->next)
		if (strcmp(k->name, name) == 0)
			return k->root;
	source = set->source == NULL ? NULL : set->source(set->context, name);

	return source == NULL ? NULL : keep(set, name, source, f);
}

static int
render(struct template_set *set, const struct node *root, bool escaped,
    const char *language, json_t *data, struct text *out, struct fault *f)
{
	struct render *r = memory_new(sizeof(*r));
	int ret;

	r->set = set;
	r->arena = arena_new();
	r->language = language;
	r->out = out;
	r->fault = f;
	r->contexts.of[r->contexts.count++] = data;
	r->fresh = true;
	r->strict = set->strict != 0;
	r->escaped = escaped;
	text_puts(out, ""); /* even an empty page ends with a NUL */
	render_nodes(r, root);
	if (out->full)
		render_stop(r, "too long", "output");
	ret = r->stopped ? -1 : 0;
	arena_free(r->arena);
	free(r);

	return ret;
}

/* "notice/confirmed.txt" is plain text. */
static bool
is_plain(const char *name)
{
	size_t size = strlen(name);

	return size > 4 && strcmp(name + size - 4, ".txt") == 0;
}

int
template_render(struct template_set *set, const char *name,
    const char *language, json_t *data, struct text *out, struct fault *f)
{
	const struct node *root;

	*f = (struct fault){ .kind = FAULT_NONE };
	root = template_kept(set, name, f);
	if (root == NULL && f->kind == FAULT_NONE)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "no template %.80s", name);
	if (root == NULL)
		return -1;
	if (render(set, root, !is_plain(name), language, data, out, f) == 0)
		return 0;

	return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
	    "template %.80s: %s", name, f->detail);
}

int
template_render_source(struct template_set *set, const char *source,
    const char *language, json_t *data, struct text *out, struct fault *f)
{
	struct arena *a = arena_new();
	const struct node *root;
	int ret = -1;

	*f = (struct fault){ .kind = FAULT_NONE };
	root = template_parse(a, source, strlen(source), f);
	if (root != NULL)
		ret = render(set, root, true, language, data, out, f);
	arena_free(a);

	return ret;
}
