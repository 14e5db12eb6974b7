#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdio.h>

struct fault;

/*
 * Brings a database to the schema that is compiled in: roles if absent, new
 * migrations (each in a transaction of its own, its row in the ledger first),
 * then, in one transaction, the functions, grants and policies of all rooms.
 * Two at a time wait for each other.  A migration that was changed after it
 * was applied is a fault.  What was done is said on `says`, a line each; a
 * fault's detail names file and line.
 */
int migrate(const char *connect, FILE *says, struct fault *);

#endif
