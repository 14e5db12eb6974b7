#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What the server adapter gives to a visit and takes from it.  Only the
 * adapter knows the server; a test is an adapter too.
 */
struct request {
	const char *method;     /* "GET" */
	const char *path;       /* as sent, still percent-encoded, no query */
	const char *query;      /* without '?', or NULL */
	/* The header's value or NULL; names in lower case. */
	const char *(*header)(void *context, const char *name);
	void *context;
	const char *body;       /* NULL when it lies in a file */
	size_t body_size;
	const char *body_path;
};

struct header {
	const char *name;
	const char *value;
};

enum { RESPONSE_HEADERS = 24 };
struct response {
	int status;
	struct header header[RESPONSE_HEADERS];
	int headers;
	const char *body;
	size_t size;
};

struct db_segment;
struct visit;

/* The request must outlive the visit. */
struct visit *visit_new(const struct request *);
void visit_free(struct visit *);

/*
 * A visit is answered at once, or asks the database first: then the caller
 * sends visit_segment() (to the write pool when visit_writes()), and calls
 * visit_answered() when it is done, or visit_refused() when it could not even
 * be sent; either may ask once more.
 */
enum visit_step { VISIT_ANSWERED, VISIT_ASKS };
enum visit_step visit_begin(struct visit *);
enum visit_step visit_answered(struct visit *);
enum visit_step visit_refused(struct visit *);

struct db_segment *visit_segment(struct visit *);
bool visit_writes(const struct visit *);
const struct response *visit_response(struct visit *);

/* Once, before the first visit: templates, static names, limits. */
struct fault;
int web_start(struct fault *);

#endif
