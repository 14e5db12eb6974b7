#ifndef REGISTRATION_DISCARD_H
#define REGISTRATION_DISCARD_H

struct fault;
struct job;

/* A file whose answer was deleted leaves the store, when nothing else is the
 * same file.  The job's key is its SHA-256 in hex. */
int registration_discard(struct job *, struct fault *);

#endif
