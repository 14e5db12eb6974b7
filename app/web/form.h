#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stddef.h>

struct arena;
struct fault;

/*
 * Names and values of a query or an urlencoded body (WHATWG URL section 5.1),
 * decoded.  Bounded; refused: invalid UTF-8, NUL, broken percent signs, too
 * many or too long names.
 */
enum { PAIRS_MAX = 512, PAIR_NAME_MAX = 64 };

struct pair {
	const char *name;
	const char *value;
};

struct pairs {
	struct pair pair[PAIRS_MAX];
	int count;
};

int form_parse(struct arena *, const char *, size_t, struct pairs *,
    struct fault *);

/* The first value of that name, or NULL. */
const char *pairs_find(const struct pairs *, const char *name);
int pairs_count(const struct pairs *, const char *name);
int pairs_add(struct pairs *, const char *name, const char *value);

/* Percent-decoding of a path: %2F stays a fault, as does anything that
 * would not be valid UTF-8. */
const char *path_decode(struct arena *, const char *, struct fault *);

/* Percent-encodes what may not stand in a path or query value. */
const char *url_encode(struct arena *, const char *);

#endif
