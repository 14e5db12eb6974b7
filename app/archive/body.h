#ifndef ARCHIVE_BODY_H
#define ARCHIVE_BODY_H

#include <stddef.h>

struct fault;
struct visit;

/*
 * The bytes of a raw body, wherever the server has put them: in memory, or in
 * a file that is mapped.  They last as long as the visit.  NULL with a fault.
 */
const void *body_bytes(struct visit *, size_t *size, struct fault *);

#endif
