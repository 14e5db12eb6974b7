#ifndef WEB_TEMPLATE_TREE_H
#define WEB_TEMPLATE_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct fault;

/* A parsed template: what template.c and its parts share, nobody else's. */
enum node_kind {
	NODE_TEXT,
	NODE_VALUE,    /* {{name}} */
	NODE_RAW,      /* {{{name}}}, {{&name}} */
	NODE_SECTION,  /* {{#name}} */
	NODE_INVERTED, /* {{^name}} */
	NODE_PARTIAL,  /* {{>name}}, {{>*name}} */
	NODE_PARENT,   /* {{<name}} */
	NODE_BLOCK,    /* {{$name}} */
	NODE_MESSAGE,  /* {{%key}} */
	NODE_KEYED,    /* {{%% name}}: the message whose key is the value */
	NODE_WORDED    /* {{%word name}} */
};

struct node {
	struct node *next, *child;
	enum node_kind kind;
	const char *text;          /* the text, or the name */
	size_t size;
	const char *word;          /* NODE_WORDED */
	const char *const *path;   /* the name's parts; NULL-ended; "." has none */
	bool dynamic;              /* {{>*name}} */
	const char *indent;        /* what its lines begin with; NULL: inline */
};

/* All of it is in the arena, the source not needed any more.  NULL with the
 * fault; an empty template is an empty text. */
struct node *template_parse(
    struct arena *, const char *source, size_t, struct fault *);

/* --- the scanner: app/web/template_scan.c --- */
enum { DELIMITER_MOST = 15 };

struct scanner {
	const char *start, *at, *end;
	const char *blank; /* its line holds only white space and tags before */
	char open[DELIMITER_MOST + 1], close[DELIMITER_MOST + 1];
	size_t dedent;     /* white space dropped at the start of lines */
};

struct tag {
	char sigil;              /* 0 when it has none */
	const char *name;        /* trimmed, without the sigil */
	size_t size;
	const char *begin, *after; /* with its delimiters */
	const char *line;        /* start of the white space before it */
	const char *next_line;   /* NULL unless only white space follows */
	bool first;              /* only white space before it on its line */
	bool blank;              /* or white space and tags of inheritance */
};

/* 1 with the next tag, 0 when there is none, -1 when it is not closed. */
int template_scan(struct scanner *, struct tag *);

/* Reads "{{=<% %>=}}". */
int template_delimiters(struct scanner *, const struct tag *);

#endif
