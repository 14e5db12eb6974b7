#ifndef WEB_FIELD_H
#define WEB_FIELD_H

#include <stdbool.h>

/* The checks that others need too. */
bool field_email(const char *); /* one addr-spec, ASCII (RFC 5321 4.1.2) */
bool field_url(const char *);   /* http or https, printable ASCII */
bool field_uuid(const char *);  /* in either case */

#endif
