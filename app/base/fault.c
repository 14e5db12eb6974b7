#include <stdarg.h>
#include <stdio.h>

#include "base/fault.h"

/* The one table from a kind to its HTTP status. */
static const int statuses[] = {
	[FAULT_NONE] = 200,
	[FAULT_INPUT] = 422,
	[FAULT_FORM] = 400,
	[FAULT_SIGNIN] = 401,
	[FAULT_DENIED] = 403,
	[FAULT_MISSING] = 404,
	[FAULT_METHOD] = 405,
	[FAULT_TYPE] = 415,
	[FAULT_CONFLICT] = 409,
	[FAULT_EARLY] = 409,
	[FAULT_GONE] = 410,
	[FAULT_LARGE] = 413,
	[FAULT_RANGE] = 416,
	[FAULT_LIMIT] = 429,
	[FAULT_BUSY] = 503,
	[FAULT_BROKEN] = 500,
};

int
fault(struct fault *f, enum fault_kind kind, const char *field, const char *key)
{
	*f = (struct fault){ .kind = kind };
	snprintf(f->field, sizeof(f->field), "%s", field == NULL ? "" : field);
	snprintf(f->key, sizeof(f->key), "%s", key);

	return -1;
}

int
fault_detail(struct fault *f, enum fault_kind kind, const char *field,
    const char *key, const char *fmt, ...)
{
	char detail[sizeof(f->detail)];
	va_list ap;

	/* Formed first: the arguments may lie in the fault itself. */
	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);

	fault(f, kind, field, key);
	snprintf(f->detail, sizeof(f->detail), "%s", detail);

	return -1;
}

int
fault_status(enum fault_kind kind)
{
	size_t n = sizeof(statuses) / sizeof(statuses[0]);

	return (size_t)kind < n ? statuses[kind] : 500;
}
