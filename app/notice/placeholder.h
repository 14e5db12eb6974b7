#ifndef NOTICE_PLACEHOLDER_H
#define NOTICE_PLACEHOLDER_H

struct arena;

/*
 * "{name}" in the words of a mailing.  What stands between braces on one line
 * is taken for a placeholder, so that one that is misspelt is found.
 */
enum { PLACEHOLDER_MOST = 40 }; /* bytes of a name */

/* All there are, NULL-ended. */
extern const char *const placeholders[];

/* The first that is none of ours, or NULL. */
const char *placeholder_unknown(struct arena *, const char *words);

/* The words with the value of each in its place; NULL puts nothing. */
typedef const char *(*placeholder_value)(void *context, const char *name);
const char *placeholder_fill(
    struct arena *, const char *words, placeholder_value, void *context);

#endif
