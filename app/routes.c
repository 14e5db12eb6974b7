/* Every door of Convene.  First match wins. */
/* clang-format off */
#include <stddef.h>

#include "web/acts.h"

const struct route routes[] = {
	/* method  path              who        act */
	{ "GET",  "/healthz",        ANYONE,    &web_health },
	{ "GET",  "/readyz",         ANYONE,    &web_ready },
	{ "GET",  "/metrics",        ANYONE,    &web_metrics },
	{ "GET",  "/api/openapi.json", ANYONE,  &web_openapi },
	{ "POST", "/language",       ANYONE,    &web_language },
	{ "GET",  "/about",          ANYONE,    &web_about },

	{ NULL, NULL, ANYONE, NULL }
};
