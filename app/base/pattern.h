#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>

#include "base/messages.h"

struct arena;
struct fault;

/*
 * One message in one language.  ICU's C interface knows arguments by number
 * only, and takes them by "…": a pattern's names are therefore replaced by
 * numbers, those of doubles first, then those of texts.
 */
enum { PATTERN_NUMBERS = 2, PATTERN_TEXTS = 4 };

struct pattern;

/* NULL, with the fault, when it is not such a pattern.  Not yet seen by ICU. */
struct pattern *pattern_new(const char *source, struct fault *);
void pattern_free(struct pattern *); /* accepts NULL */

/* The words, or NULL when ICU refuses the pattern. */
const char *pattern_say(struct arena *, struct pattern *, const char *language,
    message_argument, void *context);

/* As messages_check() asks; `source` is the English of the same key. */
int pattern_check(struct pattern *, const char *language,
    const struct pattern *source, struct fault *);

#endif
