#ifndef REGISTRATION_PEOPLE_H
#define REGISTRATION_PEOPLE_H

#include <jansson.h>
#include <stddef.h>

struct arena;
struct fault;

/*
 * People as somebody typed them, to be registered or invited: objects of n,
 * name, email, country, language and organisation, all but n texts that may be
 * absent.
 */
enum { PEOPLE_MOST = 500 };

/* Puts the address in small letters, the country in capitals, and each name on
 * one line; -1 with what is wrong at which member. */
int people_check(json_t *person, struct fault *);

/* Gives each the key of a registration, and the hash of the link made of it. */
int people_keys(json_t *people, struct fault *);

/*
 * Appends those of a list: a line each, an address with or without a name beside
 * it, or a table whose first line names the columns.  They are numbered from
 * `first`, and know their `line`.  -1 with the line that cannot be, or when they are too many.
 */
int people_list(struct arena *, json_t *people, const char *list, int first,
    struct fault *);

#endif
