/* A JSON body through a whole visit, up to where the database is asked. */
#include <string.h>

#include "web/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *
header(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "content-type") == 0)
		return "application/json";
	if (strcmp(name, "sec-fetch-site") == 0)
		return "same-origin";

	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request r = { .method = "POST",
		.path = "/language",
		.header = header,
		.body = (const char *)data,
		.body_size = size };
	struct pairs pairs = { .count = 0 };
	struct fault f = { 0 };
	struct visit *v = visit_new(&r);
	const char *allow = NULL;

	v->path = r.path;
	if (route_find(v, &allow, &f) == 0 && body_read(v, &pairs, &f) == 0)
		fields_read(v, v->act->fields, &pairs);
	visit_free(v);

	return 0;
}
