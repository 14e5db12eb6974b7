#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_monotonic(void); /* milliseconds, never goes back */
int64_t clock_wall(void);      /* milliseconds since 1970, UTC */

/*
 * A moment as the database spells it: local wall time with its offset,
 * "2026-03-04T14:00:00+05:45" (RFC 3339).  Offsets come from PostgreSQL's
 * zone data and are never computed here.
 */
struct moment {
	int64_t utc;     /* milliseconds since 1970 */
	int offset;      /* minutes east of UTC */
};

/* 0, or -1 when it is not such a spelling or no such day or time. */
int moment_read(const char *, struct moment *);

/* Year 1 to 9999, month and day that exist: "2026-02-29" does not. */
int clock_day(const char *, int *year, int *month, int *day);

#endif
