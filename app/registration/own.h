#ifndef REGISTRATION_OWN_H
#define REGISTRATION_OWN_H

#include <jansson.h>
#include <stdbool.h>

struct fault;
struct visit;

/* What the pages of one registration share, by the mail's link or for its
 * person: page.registration is the row. */

/* A `before`: binds `manage`, the hash of the path's {token}. */
int own_by_token(struct visit *, struct fault *);

/* The address that the page's links go on from: this one without its end. */
const char *own_address(struct visit *, const json_t *row);

/* Shapes page.event and page.registration; the ticket is drawn where it is
 * shown: half the cost of the page.  Who only works there has lists. */
int own_show(struct visit *, json_t *page, bool ticket, struct fault *);

/* page.edit becomes what the page says of editing: {until, editable, asks,
 * owed: labels of what is still to be answered}. */
void own_edit(struct visit *, json_t *page);

#endif
