#include "archive/range.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

enum { DIGITS_MOST = 18 };

/* Digits up to `end`, which is passed. */
static bool
number(const char **s, char end, uint64_t *out)
{
	int digits = 0;

	*out = 0;
	for (; isdigit((unsigned char)**s); (*s)++, digits++)
		*out = *out * 10 + (uint64_t)(**s - '0');
	if (digits == 0 || digits > DIGITS_MOST || **s != end)
		return false;
	if (end != '\0')
		(*s)++;

	return true;
}

int
range_read(const char *s, struct range *r)
{
	if (s == NULL || strncasecmp(s, "bytes ", 6) != 0)
		return -1;
	s += 6;
	if (!number(&s, '-', &r->first) || !number(&s, '/', &r->last) ||
	    !number(&s, '\0', &r->size))
		return -1;

	return r->first <= r->last && r->last < r->size ? 0 : -1;
}
