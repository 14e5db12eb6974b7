#include <string.h>

#include "base/text.h"
#include "web/template_render.h"

void
render_stop(struct render *r, const char *why, const char *name)
{
	if (!r->stopped)
		fault_detail(r->fault, FAULT_BROKEN, "", "fault.broken",
		    "%s: %.160s", why, name);
	r->stopped = true;
}

/* The indent waits until its line has something to show. */
static void
begin_line(struct render *r)
{
	if (r->fresh && r->indent_size > 0)
		text_add(r->out, r->indent, r->indent_size);
	r->fresh = false;
}

static void
put_escaped(struct text *out, const char *s, size_t size)
{
	size_t from = 0;

	for (size_t i = 0; i < size; i++) {
		const char *entity;

		switch (s[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			entity = "&quot;";
			break;
		case '\'':
			entity = "&#39;";
			break;
		default:
			continue;
		}
		text_add(out, s + from, i - from);
		text_puts(out, entity);
		from = i + 1;
	}
	text_add(out, s + from, size - from);
}

void
render_value(struct render *r, const char *s, size_t size, bool raw)
{
	if (size == 0)
		return;
	begin_line(r);
	if (raw || !r->escaped)
		text_add(r->out, s, size);
	else
		put_escaped(r->out, s, size);
}

static void
render_text(struct render *r, const struct node *n)
{
	const char *s = n->text, *end = s + n->size;

	if (r->indent_size == 0) {
		text_add(r->out, s, n->size);
	} else {
		while (s < end) {
			const char *stop = memchr(s, '\n', (size_t)(end - s));

			stop = stop == NULL ? end : stop + 1;
			begin_line(r);
			text_add(r->out, s, (size_t)(stop - s));
			s = stop;
			r->fresh = s[-1] == '\n';
		}
	}
	r->fresh = n->size > 0 ? end[-1] == '\n' : r->fresh;
}

static void
render_name(struct render *r, const struct node *n)
{
	const json_t *v = value_find(&r->contexts, n->path);
	char room[SPELT_ROOM];
	size_t size;
	const char *s = value_spelt(v, room, &size);

	if (s == NULL && r->strict)
		render_stop(r, v == NULL ? "no value" : "not a value", n->text);
	if (s != NULL)
		render_value(r, s, size, n->kind == NODE_RAW);
}

static void
render_within(struct render *r, json_t *v, const struct node *child)
{
	if (r->contexts.count == CONTEXT_MOST) {
		render_stop(r, "too deep", "context");
		return;
	}
	r->contexts.of[r->contexts.count++] = v;
	render_nodes(r, child);
	r->contexts.count--;
}

static void
render_section(struct render *r, const struct node *n)
{
	json_t *v = value_find(&r->contexts, n->path);

	if (!value_true(v))
		return;
	if (!json_is_array(v)) {
		render_within(r, v, n->child);
		return;
	}
	for (size_t i = 0; i < json_array_size(v) && !r->stopped; i++)
		render_within(r, json_array_get(v, i), n->child);
}

/* What a partial or a parent is called, or NULL. */
static const char *
name_of(struct render *r, const struct node *n)
{
	const char *name = n->text;

	if (n->dynamic)
		name = json_string_value(value_find(&r->contexts, n->path));
	if (name == NULL && r->strict)
		render_stop(r, "no name of a partial", n->text);

	return name;
}

/* Renders with an indent more, or, when inline, none at all. */
static void
render_indented(struct render *r, const struct node *root, const char *indent)
{
	size_t size = indent == NULL ? 0 : strlen(indent);
	size_t before = r->indent_size;

	if (indent == NULL) {
		begin_line(r);
		r->indent_size = 0;
	} else if (size > INDENT_MOST - before) {
		render_stop(r, "too deep", "indent");
		return;
	} else {
		memcpy(r->indent + before, indent, size);
		r->indent_size += size;
	}
	render_nodes(r, root);
	r->indent_size = before;
}

static void
render_partial(struct render *r, const struct node *n)
{
	const char *name = name_of(r, n);
	const struct node *root = NULL;

	if (name != NULL)
		root = template_kept(r->set, name, r->fault);
	if (name == NULL ||
	    (root == NULL && r->fault->kind == FAULT_NONE && !r->strict))
		return;
	if (root == NULL) {
		if (r->fault->kind == FAULT_NONE)
			render_stop(r, "no such partial", name);
		r->stopped = true;
		return;
	}
	if (n->kind == NODE_PARENT) {
		if (r->inherited_count == INHERITED_MOST) {
			render_stop(r, "too deep", name);
			return;
		}
		r->inherited[r->inherited_count++] = n;
	}
	render_indented(r, root, n->indent);
	if (n->kind == NODE_PARENT)
		r->inherited_count--;
}

/* The outermost template that says something for the block has the word. */
static void
render_block(struct render *r, const struct node *n)
{
	const struct node *said = NULL;

	for (int i = 0; i < r->inherited_count && said == NULL; i++)
		for (said = r->inherited[i]->child; said != NULL;
		     said = said->next)
			if (said->kind == NODE_BLOCK &&
			    strcmp(said->text, n->text) == 0)
				break;
	if (said == NULL)
		said = n;
	if (n->indent != NULL)
		render_indented(r, said->child, n->indent);
	else
		render_nodes(r, said->child);
}

static void
render_node(struct render *r, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		render_text(r, n);
		break;
	case NODE_VALUE:
	case NODE_RAW:
		render_name(r, n);
		break;
	case NODE_SECTION:
		render_section(r, n);
		break;
	case NODE_INVERTED:
		if (!value_true(value_find(&r->contexts, n->path)))
			render_nodes(r, n->child);
		break;
	case NODE_PARTIAL:
	case NODE_PARENT:
		render_partial(r, n);
		break;
	case NODE_BLOCK:
		render_block(r, n);
		break;
	case NODE_MESSAGE:
		render_message(r, n->text);
		break;
	case NODE_KEYED:
		render_keyed(r, n);
		break;
	case NODE_WORDED:
		render_worded(r, n);
	}
}

void
render_nodes(struct render *r, const struct node *n)
{
	if (r->depth == RENDER_DEPTH_MOST) {
		render_stop(r, "too deep", "partial");
		return;
	}
	r->depth++;
	for (; n != NULL && !r->stopped; n = n->next) {
		if (++r->steps > RENDER_STEPS_MOST)
			render_stop(r, "too long", "template");
		else if (r->out->full)
			render_stop(r, "too long", "output");
		else
			render_node(r, n);
	}
	r->depth--;
}
