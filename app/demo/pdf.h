#ifndef DEMO_PDF_H
#define DEMO_PDF_H

#include <jansson.h>

struct text;

/*
 * Slides as a small PDF 1.4: an array of slides, each an array of its title
 * and its points.  Latin letters only, for the fonts are those that every
 * reader has; what they lack becomes a question mark.
 */
void pdf_slides(struct text *out, const json_t *slides);

#endif
