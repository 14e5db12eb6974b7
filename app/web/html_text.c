#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "web/html_text.h"

/* What may stand in what. */
enum content {
	FLOW,    /* holds blocks and inline */
	PHRASES, /* holds inline only */
	ITEMS    /* holds <li> only */
};

enum place {
	BLOCK, /* stands in FLOW */
	ITEM,  /* stands in ITEMS */
	INLINE /* stands in FLOW and PHRASES */
};

struct element {
	const char *from; /* as the author wrote it */
	const char *name; /* as we write it; NULL: only what it holds */
	enum place place;
	enum content content;
};

/* clang-format off */
static const struct element elements[] = {
	{ "p",          "p",          BLOCK,  PHRASES },
	{ "ul",         "ul",         BLOCK,  ITEMS },
	{ "ol",         "ol",         BLOCK,  ITEMS },
	{ "li",         "li",         ITEM,   FLOW },
	{ "blockquote", "blockquote", BLOCK,  FLOW },
	{ "pre",        "pre",        BLOCK,  PHRASES },
	{ "h3",         "h3",         BLOCK,  PHRASES },
	{ "h4",         "h4",         BLOCK,  PHRASES },
	{ "a",          "a",          INLINE, PHRASES },
	{ "em",         "em",         INLINE, PHRASES },
	{ "strong",     "strong",     INLINE, PHRASES },
	{ "code",       "code",       INLINE, PHRASES },
	{ "i",          "em",         INLINE, PHRASES },
	{ "b",          "strong",     INLINE, PHRASES },
	/* These part paragraphs, no more. */
	{ "div",        NULL,         BLOCK,  FLOW },
	{ "section",    NULL,         BLOCK,  FLOW },
	{ "article",    NULL,         BLOCK,  FLOW },
	{ "h1",         NULL,         BLOCK,  FLOW },
	{ "h2",         NULL,         BLOCK,  FLOW },
	{ "h5",         NULL,         BLOCK,  FLOW },
	{ "h6",         NULL,         BLOCK,  FLOW },
	{ "table",      NULL,         BLOCK,  FLOW },
	{ "tr",         NULL,         BLOCK,  FLOW },
	{ "dl",         NULL,         BLOCK,  FLOW },
	{ "dt",         NULL,         BLOCK,  FLOW },
	{ "dd",         NULL,         BLOCK,  FLOW },
	{ "center",     NULL,         BLOCK,  FLOW },
	{ "hr",         NULL,         BLOCK,  FLOW },
	{ NULL,         NULL,         BLOCK,  FLOW }
};
/* clang-format on */

/* Nothing of these is text. */
static const char *const dropped[] = { "script", "style", "head", "title",
	"iframe", "object", "applet", "embed", "noscript", "noframes",
	"template", "textarea", "select", "svg", "math", "video", "audio",
	NULL };

/* An element of ours that was begun, and perhaps written already. */
struct begun {
	const struct element *element;
	const char *href; /* of <a> */
	bool written;
	bool ours; /* begun for loose text, ends with it */
};

struct cleaner {
	struct text out;
	struct begun begun[HTML_TEXT_DEPTH];
	int count;
	bool between; /* blocks: white space and breaks say nothing here */
};

static void
put_escaped(struct text *out, const char *s, size_t size)
{
	for (const char *end = s + size; s < end; s++) {
		switch (*s) {
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
		case '\'':
			text_puts(out, "&#39;");
			break;
		default:
			if (text_plain(s, 1, true))
				text_add(out, s, 1);
		}
	}
}

static enum content
content_here(const struct cleaner *c)
{
	return c->count == 0 ? FLOW : c->begun[c->count - 1].element->content;
}

static bool
is_within(const struct cleaner *c, const char *name)
{
	for (int i = 0; i < c->count; i++)
		if (strcmp(c->begun[i].element->name, name) == 0)
			return true;

	return false;
}

/* What has been begun is written when there is something to put in it. */
static void
write_begun(struct cleaner *c)
{
	for (int i = 0; i < c->count; i++) {
		struct begun *b = &c->begun[i];

		if (b->written)
			continue;
		text_printf(&c->out, "<%s", b->element->name);
		if (b->href != NULL) {
			text_puts(&c->out, " href=\"");
			put_escaped(&c->out, b->href, strlen(b->href));
			text_puts(&c->out, "\" rel=\"nofollow noopener\"");
		}
		text_puts(&c->out, ">");
		b->written = true;
	}
}

static void
end_last(struct cleaner *c)
{
	const struct begun *b = &c->begun[--c->count];

	if (!b->written)
		return;
	text_printf(&c->out, "</%s>", b->element->name);
	if (b->element->place != INLINE) {
		text_puts(&c->out, "\n");
		c->between = true;
	}
}

static void
end_down_to(struct cleaner *c, int count)
{
	while (c->count > count)
		end_last(c);
}

static const struct element *
element_named(const char *name)
{
	for (const struct element *e = elements; e->from != NULL; e++)
		if (strcasecmp(e->from, name) == 0)
			return e;

	return NULL;
}

/* False when that would be too deep. */
static bool
begin(struct cleaner *c, const struct element *e, const char *href, bool ours)
{
	if (c->count == HTML_TEXT_DEPTH)
		return false;
	c->begun[c->count++] =
	    (struct begun){ .element = e, .href = href, .ours = ours };

	return true;
}

/* Ends the paragraph or item that loose text began. */
static void
end_ours(struct cleaner *c)
{
	if (c->count > 0 && c->begun[c->count - 1].ours)
		end_last(c);
}

/* Loose text stands in an item when it is in a list, and in a paragraph when it
 * is in nothing.  False when that would be too deep. */
static bool
make_place(struct cleaner *c)
{
	if (content_here(c) == ITEMS)
		return begin(c, element_named("li"), NULL, true);
	if (c->count == 0)
		return begin(c, element_named("p"), NULL, true);

	return true;
}

/* After white space, and the controls that are not written. */
static const char *
after_blank(const char *s)
{
	while ((*s > 0 && *s <= ' ') || *s == 0x7f)
		s++;

	return s;
}

static void
put_words(struct cleaner *c, const char *s)
{
	bool empty = *after_blank(s) == '\0';

	if (empty && (c->between || c->count == 0 || content_here(c) == ITEMS ||
	                 !c->begun[c->count - 1].written))
		return;
	if (c->between && !is_within(c, "pre"))
		s = after_blank(s);
	if (!make_place(c))
		return;
	write_begun(c);
	put_escaped(&c->out, s, strlen(s));
	c->between = false;
}

/* The address, when it is one that may be followed. */
static const char *
address(const char *href)
{
	static const char *const schemes[] = { "http://", "https://",
		"mailto:", NULL };

	while (href != NULL && (*href == ' ' || *href == '\n'))
		href++;
	if (href == NULL || strlen(href) > 2000)
		return NULL;
	for (const char *s = href; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return NULL;
	for (int i = 0; schemes[i] != NULL; i++)
		if (strncasecmp(href, schemes[i], strlen(schemes[i])) == 0)
			return href;

	return NULL;
}

static const char *
href_of(const xmlNode *node)
{
	for (const xmlAttr *a = node->properties; a != NULL; a = a->next)
		if (strcasecmp((const char *)a->name, "href") == 0 &&
		    a->children != NULL && a->children->next == NULL)
			return address((const char *)a->children->content);

	return NULL;
}

static void clean_list(struct cleaner *, const xmlNode *, int depth);

static void
clean_inline(
    struct cleaner *c, const struct element *e, const xmlNode *node, int depth)
{
	bool link = strcmp(e->name, "a") == 0;
	const char *href = link ? href_of(node) : NULL;
	int count;

	if ((link && (href == NULL || is_within(c, "a"))) || !make_place(c)) {
		clean_list(c, node->children, depth + 1);
		return;
	}
	count = c->count;
	begin(c, e, href, false);
	clean_list(c, node->children, depth + 1);
	end_down_to(c, count);
}

/* A block or an item; where it may not stand, only what it holds. */
static void
clean_block(
    struct cleaner *c, const struct element *e, const xmlNode *node, int depth)
{
	enum content where = e->place == ITEM ? ITEMS : FLOW;
	int count;

	end_ours(c);
	count = c->count;
	if (e->name != NULL && e->place == BLOCK && content_here(c) == ITEMS)
		make_place(c);
	if (e->name != NULL && content_here(c) == where)
		begin(c, e, NULL, false);
	clean_list(c, node->children, depth + 1);
	end_down_to(c, count);
}

static bool
is_dropped(const xmlNode *node)
{
	for (int i = 0; dropped[i] != NULL; i++)
		if (strcasecmp((const char *)node->name, dropped[i]) == 0)
			return true;

	return false;
}

static void
clean_node(struct cleaner *c, const xmlNode *node, int depth)
{
	const char *name = (const char *)node->name;
	const struct element *e;

	if (node->type == XML_TEXT_NODE)
		put_words(c, (const char *)node->content);
	if (node->type != XML_ELEMENT_NODE || is_dropped(node))
		return;
	e = element_named(name);
	if (strcasecmp(name, "br") == 0) {
		if (!c->between)
			text_puts(&c->out, "<br>");
	} else if (e == NULL) {
		clean_list(c, node->children, depth + 1);
	} else if (e->place == INLINE) {
		clean_inline(c, e, node, depth);
	} else {
		clean_block(c, e, node, depth);
	}
}

static void
clean_list(struct cleaner *c, const xmlNode *node, int depth)
{
	/* libxml2 stops at 256 as well; the stack is ours. */
	if (depth > 256)
		return;
	for (; node != NULL && !c->out.full; node = node->next)
		clean_node(c, node, depth);
}

const char *
html_text(struct arena *a, const char *html)
{
	size_t size = strlen(html);
	struct cleaner c = { .between = true };
	const char *ret = NULL;
	htmlDocPtr doc;

	if (size > HTML_TEXT_MOST || !text_utf8(html, size))
		return NULL;
	text_init(&c.out, HTML_TEXT_MOST);
	text_puts(&c.out, "");
	doc = htmlReadMemory(html, (int)size, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	        HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC);
	if (doc != NULL)
		clean_list(&c, xmlDocGetRootElement(doc), 0);
	end_down_to(&c, 0);
	xmlFreeDoc(doc);
	if (!c.out.full)
		ret = arena_part(a, c.out.data, c.out.size);
	text_free(&c.out);

	return ret;
}

static bool
is_blank_line(const char *s)
{
	s += strspn(s, " \t");

	return *s == '\r' || *s == '\n' || *s == '\0';
}

static const char *
after_line(const char *s)
{
	s += strcspn(s, "\r\n");
	if (s[0] == '\r' && s[1] == '\n')
		s++;

	return *s == '\0' ? s : s + 1;
}

const char *
html_lines(struct arena *a, const char *plain)
{
	const char *s = plain, *ret = NULL;
	bool open = false;
	struct text out;

	if (strlen(plain) > HTML_TEXT_MOST || !text_utf8(plain, strlen(plain)))
		return NULL;
	text_init(&out, HTML_TEXT_MOST);
	text_puts(&out, "");
	while (*s != '\0') {
		if (is_blank_line(s)) {
			text_puts(&out, open ? "</p>\n" : "");
			open = false;
			s = after_line(s);
			continue;
		}
		text_puts(&out, open ? "<br>\n" : "<p>");
		open = true;
		put_escaped(&out, s, strcspn(s, "\r\n"));
		s = after_line(s);
	}
	text_puts(&out, open ? "</p>\n" : "");
	if (!out.full)
		ret = arena_part(a, out.data, out.size);
	text_free(&out);

	return ret;
}
