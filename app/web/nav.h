#ifndef WEB_NAV_H
#define WEB_NAV_H

#include <jansson.h>

struct visit;

/*
 * The way to the next page of a long list that is paged by keyset: where the
 * last row of page.<list> has `more` true, page.nav.after is this address
 * with after=<its id>.  The `more` column leaves the rows.
 */
void nav_by_key(struct visit *, json_t *page, const char *list);

/* The same for a list paged by number, `of` rows in all, `size` a page. */
void nav_by_number(struct visit *, json_t *page, long of, long size);

#endif
