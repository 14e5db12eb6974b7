#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

/*
 * Files compiled into the programs by tools/embed.  Each table ends with a
 * NULL name; data is followed by a NUL that size does not count.
 */
struct embedded {
	const char *name;
	const char *data;
	size_t size;
};

/* assets/messages/en.json is "en". */
extern const struct embedded messages_embedded[];

/* assets/demo/people.json is "people". */
extern const struct embedded demo_embedded[];

/* assets/schedule/event.html is "schedule/event", event.txt is
 * "schedule/event.txt". */
extern const struct embedded templates_embedded[];

/* sql/account/verbs.sql is "account/verbs.sql"; sql/<room>/…queries.sql are
 * statements (build/sql.h) and not here. */
extern const struct embedded schema_embedded[];

/* JSON: logical name of a static file to its name under its hash; "{}" when
 * the static files were not built. */
extern const char static_manifest[];

#endif
