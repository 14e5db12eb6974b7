#ifndef WEB_TEMPLATE_RENDER_H
#define WEB_TEMPLATE_RENDER_H

#include "base/fault.h"
#include "web/template_tree.h"
#include "web/template_value.h"

struct template_set;
struct text;

enum {
	RENDER_DEPTH_MOST = 160,
	INHERITED_MOST = 32,
	INDENT_MOST = 256,
	RENDER_STEPS_MOST = 4 * 1000 * 1000
};

/* One rendering. */
struct render {
	struct template_set *set;
	struct arena *arena;      /* ends with the rendering */
	const char *language;
	struct text *out;
	struct fault *fault;
	struct contexts contexts;
	const struct node *inherited[INHERITED_MOST]; /* parents, outermost first */
	int inherited_count;
	int depth;
	long steps;
	char indent[INDENT_MOST]; /* what each line of the template begins with */
	size_t indent_size;
	bool fresh;               /* at the start of a line of the template */
	bool strict;
	bool escaped;             /* HTML; plain text is not escaped */
	bool stopped;             /* the fault says why */
};

/* Stops the rendering; the first reason counts. */
void render_stop(struct render *, const char *why, const char *name);

/* Text that is a value: escaped unless raw. */
void render_value(struct render *, const char *, size_t, bool raw);

void render_nodes(struct render *, const struct node *);

/* The tags with a percent sign: app/web/template_tags.c. */
void render_message(struct render *, const char *key);
void render_keyed(struct render *, const struct node *);
void render_worded(struct render *, const struct node *);

/* A kept template, parsed when it is first asked for; NULL when there is none,
 * or when it is wrong: then the fault is set too. */
const struct node *template_kept(
    struct template_set *, const char *name, struct fault *);

#endif
