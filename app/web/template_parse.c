#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "web/template_tree.h"

enum { NESTED_MOST = 64, SOURCE_MOST = 1024 * 1024 };

struct parser {
	struct scanner scan;
	struct arena *arena;
	struct fault *fault;
	int nested;
	bool wrong;
};

/* A list that is being made. */
struct list {
	struct node *first, **last;
};

static struct node *parse_list(struct parser *, const struct node *within);

static void
wrong(struct parser *p, const char *at, const char *what)
{
	int line = 1;

	for (const char *s = p->scan.start; s < at; s++)
		line += *s == '\n';
	if (!p->wrong)
		fault_detail(p->fault, FAULT_BROKEN, "", "fault.broken",
		    "line %d: %s", line, what);
	p->wrong = true;
}

static struct node *
append(struct parser *p, struct list *l, enum node_kind kind)
{
	struct node *n = arena_alloc(p->arena, sizeof(*n));

	n->kind = kind;
	*l->last = n;
	l->last = &n->next;

	return n;
}

static bool
begins_line(const struct parser *p, const char *s)
{
	return s == p->scan.start || s[-1] == '\n';
}

/* How much of the white space at a line's start is dropped. */
static size_t
dropped(const struct parser *p, const char *s, const char *end)
{
	size_t n = 0;

	if (!begins_line(p, s))
		return 0;
	while (
	    n < p->scan.dedent && s + n < end && (s[n] == ' ' || s[n] == '\t'))
		n++;

	return n;
}

static void
add_text(struct parser *p, struct list *l, const char *s, const char *end)
{
	struct node *n;
	char *copy;

	if (s >= end)
		return;
	copy = arena_alloc(p->arena, (size_t)(end - s) + 1);
	n = append(p, l, NODE_TEXT);
	n->text = copy;
	while (s < end) {
		const char *line, *stop;

		line = s + dropped(p, s, end);
		stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop == NULL ? end : stop + 1;
		memcpy(copy + n->size, line, (size_t)(stop - line));
		n->size += (size_t)(stop - line);
		s = stop;
	}
}

/* "a.b.c" into its parts. */
static const char *const *
path_of(struct parser *p, const char *name)
{
	char *copy = arena_text(p->arena, name);
	const char **parts;
	size_t n = 1;

	for (const char *s = name; *s != '\0'; s++)
		n += *s == '.';
	parts = arena_alloc(p->arena, (n + 1) * sizeof(*parts));
	if (strcmp(name, ".") == 0)
		return parts;
	n = 0;
	parts[n++] = copy;
	for (char *s = copy; *s != '\0'; s++)
		if (*s == '.') {
			*s = '\0';
			parts[n++] = s + 1;
		}

	return parts;
}

static void
set_name(struct parser *p, struct node *n, const char *name, size_t size)
{
	n->text = arena_part(p->arena, name, size);
	n->size = size;
	n->path = path_of(p, n->text);
}

/* {{%key}}, {{%word name}}, {{%% name}} */
static void
add_words(struct parser *p, struct list *l, const struct tag *t)
{
	struct node *n = append(p, l, NODE_MESSAGE);
	size_t first = strcspn(t->name, " \t\r\n"), rest = first;

	if (t->size > 0 && t->name[0] == '%') {
		n->kind = NODE_KEYED;
		first = 1;
		rest = 1;
	} else if (first >= t->size) {
		n->text = arena_part(p->arena, t->name, t->size);
		n->size = t->size;
		return;
	} else {
		n->kind = NODE_WORDED;
		n->word = arena_part(p->arena, t->name, first);
		if (!words_known(n->word))
			wrong(p, t->begin, "no such word");
	}
	while (rest < t->size && strchr(" \t\r\n", t->name[rest]) != NULL)
		rest++;
	set_name(p, n, t->name + rest, t->size - rest);
}

/* The white space before a tag that has its line for itself. */
static const char *
indent_of(struct parser *p, const char *s, const char *end)
{
	s += dropped(p, s, end);

	return arena_part(p->arena, s, (size_t)(end - s));
}

static size_t
blanks(const char *s)
{
	return strspn(s, " \t");
}

/*
 * A block's lines begin where its first line does: that much is dropped from
 * each, and comes again, as the indent, where the block is shown.  When the
 * opening tag ends its line, the first line is the next; if that only closes
 * the block, it is the tag's own.
 */
static void
measure_block(struct parser *p, struct node *n, const struct tag *t)
{
	const char *s = t->line, *end = t->begin;
	size_t dedent;

	if (!t->blank)
		return;
	dedent = begins_line(p, s) ? (size_t)(end - s) : p->scan.dedent;
	if (t->next_line != NULL) {
		const char *next = t->next_line;
		const char *word = next + blanks(next);

		dedent = (size_t)(word - next);
		if (strncmp(word, p->scan.open, strlen(p->scan.open)) != 0 ||
		    word[strlen(p->scan.open)] != '/') {
			s = next;
			end = word;
		}
	}
	n->indent = indent_of(p, s, end);
	p->scan.dedent = dedent;
}

static void
add_inheritance(struct parser *p, struct list *l, const struct tag *t)
{
	struct node *n =
	    append(p, l, t->sigil == '<' ? NODE_PARENT : NODE_BLOCK);
	size_t dedent = p->scan.dedent;

	set_name(p, n, t->name, t->size);
	if (t->blank && t->next_line == NULL)
		p->scan.blank = t->after;
	if (n->kind == NODE_BLOCK)
		measure_block(p, n, t);
	else if (t->blank)
		n->indent = indent_of(p, t->line, t->begin);
	n->child = parse_list(p, n);
	p->scan.dedent = dedent;
}

static void
add_partial(struct parser *p, struct list *l, const struct tag *t)
{
	struct node *n = append(p, l, NODE_PARTIAL);
	size_t skip = 0;

	if (t->size > 0 && t->name[0] == '*') {
		n->dynamic = true;
		for (skip = 1; skip < t->size && t->name[skip] == ' ';)
			skip++;
	}
	set_name(p, n, t->name + skip, t->size - skip);
	if (t->first && t->next_line != NULL)
		n->indent = indent_of(p, t->line, t->begin);
}

/* Whether a tag that shows nothing by itself takes its line away with it. */
static bool
is_alone(const struct tag *t)
{
	if (t->sigil == '<' || t->sigil == '$')
		return t->blank;
	if (t->sigil == '\0' || strchr("&{%", t->sigil) != NULL)
		return false;

	return t->first && t->next_line != NULL;
}

static void
add_tag(struct parser *p, struct list *l, const struct tag *t)
{
	struct node *n;

	switch (t->sigil) {
	case '!':
		break;
	case '=':
		if (template_delimiters(&p->scan, t) == -1)
			wrong(p, t->begin, "no such delimiters");
		break;
	case '>':
		add_partial(p, l, t);
		break;
	case '<':
	case '$':
		add_inheritance(p, l, t);
		break;
	case '%':
		add_words(p, l, t);
		break;
	case '#':
	case '^':
		n = append(
		    p, l, t->sigil == '#' ? NODE_SECTION : NODE_INVERTED);
		set_name(p, n, t->name, t->size);
		n->child = parse_list(p, n);
		break;
	default:
		n = append(p, l, t->sigil == '\0' ? NODE_VALUE : NODE_RAW);
		set_name(p, n, t->name, t->size);
	}
}

/* The end of a section; that of a parent takes the rest of its line away when
 * the beginning had its line for itself. */
static void
close_list(struct parser *p, const struct node *within, const struct tag *t)
{
	if (within == NULL || within->size != t->size ||
	    memcmp(within->text, t->name, t->size) != 0) {
		wrong(p, t->begin, "closes what is not open");
		return;
	}
	if (within->kind == NODE_PARENT && within->indent != NULL &&
	    t->next_line != NULL)
		p->scan.at = t->next_line;
}

static void
parse_until_closed(struct parser *p, struct list *l, const struct node *within)
{
	struct tag t;
	int found = 0;

	while (!p->wrong && (found = template_scan(&p->scan, &t)) == 1) {
		bool alone = is_alone(&t);

		add_text(p, l, p->scan.at, alone ? t.line : t.begin);
		p->scan.at =
		    alone && t.next_line != NULL ? t.next_line : t.after;
		if (t.sigil == '/') {
			close_list(p, within, &t);
			return;
		}
		add_tag(p, l, &t);
	}
	if (p->wrong)
		return;
	if (found == -1)
		wrong(p, t.begin, "a tag is not closed");
	else if (within != NULL)
		wrong(p, p->scan.end, "a section is not closed");
	add_text(p, l, p->scan.at, p->scan.end);
}

static struct node *
parse_list(struct parser *p, const struct node *within)
{
	struct list l = { .first = NULL };

	l.last = &l.first;
	if (++p->nested > NESTED_MOST)
		wrong(p, p->scan.at, "nested too deep");
	else
		parse_until_closed(p, &l, within);
	p->nested--;

	return l.first;
}

struct node *
template_parse(
    struct arena *a, const char *source, size_t size, struct fault *f)
{
	struct parser p = { .arena = a, .fault = f };
	struct node *first;

	if (size > SOURCE_MOST) {
		wrong(&p, NULL, "too large");
		return NULL;
	}
	p.scan = (struct scanner){ .start = source,
		.at = source,
		.end = source + size,
		.open = "{{",
		.close = "}}" };
	first = parse_list(&p, NULL);
	if (p.wrong)
		return NULL;
	if (first == NULL) {
		first = arena_alloc(a, sizeof(*first));
		first->text = "";
	}

	return first;
}
