/* The headers that every answer carries. */
#include <string.h>

#include "base/config.h"
#include "web/inside.h"

static const struct header always[] = {
	{ "content-security-policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
	    "worker-src 'self'; form-action 'self'; base-uri 'none'; "
	    "object-src 'none'; frame-ancestors 'none'; "
	    "require-trusted-types-for 'script'" },
	{ "x-content-type-options", "nosniff" },
	{ "referrer-policy", "no-referrer" },
	{ "cross-origin-opener-policy", "same-origin" },
	{ "cross-origin-resource-policy", "same-origin" }, { NULL, NULL }
};

static bool
has(const struct visit *v, const char *name)
{
	for (int i = 0; i < v->response.headers; i++)
		if (strcmp(v->response.header[i].name, name) == 0)
			return true;

	return false;
}

/* The camera belongs to the scanner's page alone. */
static bool
scans(const struct visit *v)
{
	return v->route != NULL && strstr(v->route->path, "/scan") != NULL;
}

void
visit_security_headers(struct visit *v)
{
	for (const struct header *h = always; h->name != NULL; h++)
		visit_respond_header(v, h->name, h->value);
	visit_respond_header(v, "permissions-policy",
	    scans(v) ? "camera=(self), microphone=(), geolocation=()"
	             : "camera=(), microphone=(), geolocation=()");
	if (strncmp(config("origin"), "https:", 6) == 0)
		visit_respond_header(v, "strict-transport-security",
		    "max-age=31536000; includeSubDomains");
	if (!has(v, "cache-control"))
		visit_respond_header(v, "cache-control",
		    v->token[0] != '\0' || v->response.status >= 400 ||
		            (v->act != NULL && v->act->quiet)
		        ? "no-store"
		        : "no-cache");
	visit_respond_header(v, "vary", "Accept, Accept-Language, Cookie");
}
