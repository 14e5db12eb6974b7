#ifndef WEB_TEMPLATE_H
#define WEB_TEMPLATE_H

#include <jansson.h>
#include <stddef.h>

struct arena;
struct fault;
struct text;

/*
 * Mustache (required modules of the public specification, and inheritance)
 * over jansson, with two tags more:
 *   {{%key}}           the message `key`, its arguments looked up in the context
 *   {{%word name}}     name worded: date day time moment offset number size
 *                      country language (see base/messages.h); `iso` for <time>
 * A message is escaped like a value.  {{%% name}} is the message whose key is
 * the value of name.
 *
 * Absent, null, false, "" and [] are not true; 0 is.  A template whose name
 * ends in ".txt" is plain text: nothing in it is escaped.
 */
struct template_set;

/* Source of a template by name, or NULL; borrowed. */
typedef const char *(*template_source)(void *context, const char *name);
struct template_set *template_set_new(template_source, void *context);
void template_set_free(struct template_set *);

/* Missing values, messages and partials are faults when strict (tests); else
 * they are empty.  A section may always ask for what is not there. */
void template_set_strict(struct template_set *, int strict);

/* Renders into out (whose maximum holds).  Parsed templates are kept. */
int template_render(struct template_set *, const char *name, const char *language,
    json_t *data, struct text *out, struct fault *);

/* Renders a source that is not kept. */
int template_render_source(struct template_set *, const char *source,
    const char *language, json_t *data, struct text *out, struct fault *);

#endif
