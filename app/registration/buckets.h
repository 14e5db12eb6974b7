#ifndef REGISTRATION_BUCKETS_H
#define REGISTRATION_BUCKETS_H

#include <jansson.h>

struct visit;

/*
 * Each of page.buckets in words: `for` (by what) and `labels` (of whom), from
 * page.units and page.options; and page.kinds [{value, label}], what more seats
 * can be set aside by.
 */
void buckets_say(struct visit *, json_t *page);

#endif
