#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include <jansson.h>

struct route;

/* The OpenAPI 3.1 document of a route table; the caller's reference. */
json_t *openapi(const struct route *);

#endif
