#ifndef NOTICE_RICH_H
#define NOTICE_RICH_H

struct arena;

/*
 * The little that organizers' words may look like: a blank line parts
 * paragraphs, **this** is bold, a web address is a link.
 */

/* As HTML, everything else escaped; each paragraph has its own direction. */
const char *rich_html(struct arena *, const char *words);

/* As plain text: the marks of bold words are left out. */
const char *rich_plain(struct arena *, const char *words);

#endif
