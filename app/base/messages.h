#ifndef BASE_MESSAGES_H
#define BASE_MESSAGES_H

#include <stdbool.h>

#include "base/clock.h"

struct arena;
struct embedded;
struct fault;

/*
 * The message catalogue: assets/messages/<language>.json, flat, key to ICU
 * MessageFormat with named arguments: {name}, {name, number}, plural,
 * selectordinal, select, and {name, <kind>} for each kind of words_value() below.
 * At most two arguments are numbers and four texts.  English is the source
 * and the fallback.  A key that ends in _note is for translators only.  A
 * pattern is parsed when it is first used.
 *
 * What ICU opened is kept and not shared: one thread only.
 */
enum { LANGUAGES = 7 };
extern const char *const languages[LANGUAGES + 1]; /* "en" first, NULL last */

/* Reads the embedded catalogue; called once, before anything is said. */
int messages_load(struct fault *);

/* Adds other files to it, later words in place of earlier ones: for tests. */
int messages_read(const struct embedded *, struct fault *);

/* Parses every pattern of every language; the arguments are those of the
 * English, the plural has every form of its language.  For tests. */
int messages_check(struct fault *);

/* The language's own entry of languages[], or NULL. */
const char *language_known(const char *);

/* The best of ours for an Accept-Language header (RFC 9110 12.5.4). */
const char *language_accept(const char *header);

bool language_rtl(const char *language);
const char *language_name(const char *language); /* in itself: "Français" */

/* Gives the value of a named argument, or NULL.  Numbers are spelt plainly. */
typedef const char *(*message_argument)(void *context, const char *name);

/* The words, in the arena.  An unknown key gives "⟨key⟩" and is logged. */
const char *message(struct arena *, const char *language, const char *key,
    message_argument, void *context);
bool message_known(const char *key);

/* Dates in words.  The offset is the moment's own; ICU only words it. */
enum words_of {
	WORDS_DATE,    /* 4 March 2026 */
	WORDS_DAY,     /* Wednesday 4 March */
	WORDS_FULL,    /* Wednesday 4 March 2026 */
	WORDS_TIME,    /* 14:00 */
	WORDS_MOMENT,  /* 4 March 2026, 14:00 */
	WORDS_OFFSET   /* UTC+05:45 */
};
const char *words_moment(
    struct arena *, const char *language, enum words_of, struct moment);
const char *words_number(struct arena *, const char *language, double);
const char *words_size(struct arena *, const char *language, double bytes);
const char *words_country(struct arena *, const char *language, const char *code);
const char *const *country_codes(void); /* ISO 3166 alpha-2, NULL-ended */
bool country_known(const char *code); /* in capitals */
/* The same, sorted by their names in the language. */
const char *const *countries_by_name(const char *language);
const char *const *language_codes(void); /* ISO 639-1, NULL-ended */
const char *words_language(struct arena *, const char *language, const char *code);

/*
 * The words of a value as a page has it.  The kinds are date, day, full,
 * time, moment and offset (of a moment, the first three also of a bare day), iso (the
 * same for <time datetime>), number, size, country and language.  NULL when
 * the value is none of that kind, or the kind is none of these.
 */
const char *words_value(struct arena *, const char *language, const char *kind,
    const char *value);
bool words_known(const char *kind);

#endif
