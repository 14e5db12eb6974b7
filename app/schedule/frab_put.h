#ifndef SCHEDULE_FRAB_PUT_H
#define SCHEDULE_FRAB_PUT_H

#include <jansson.h>
#include <stdbool.h>

struct text;

/*
 * The schema of schedule.xml has no element for much of what a schedule says,
 * and strict patterns for the rest.  A value that fits goes into its element;
 * one that does not, into an instruction <?convene {…}?> inside the element
 * it belongs to, which validators and other readers pass over and frab_xml.c
 * reads.
 */
enum fit { ANY, URI, URI_OR_EMPTY, SLUG, CODE, TRACK_SLUG, COLOUR, GUID };

struct element {
	const char *name;   /* in the file */
	const char *column; /* of the document; NULL: of its source */
	enum fit fit;
	bool required;
};

bool put_fits(const char *, enum fit);
void put_text(struct text *, const char *, bool attribute);
void put_indent(struct text *, int depth);
void put_element(struct text *, int depth, const char *name, const char *value);
void put_attribute(struct text *, const char *name, const char *value);

/* A copy of thing.source, to which columns are joined under the file's names;
 * what is written is taken out of it, and the rest becomes the instruction. */
json_t *put_source(const json_t *thing);
void put_join(
    json_t *rest, const json_t *thing, const char *column, const char *name);
void put_elements(
    struct text *, int depth, const struct element *, json_t *rest);
void put_fitting_attribute(
    struct text *, json_t *rest, const char *name, enum fit);
void put_rest(struct text *, int depth, const json_t *rest, const char *end);

#endif
