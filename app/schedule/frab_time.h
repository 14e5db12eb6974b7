#ifndef SCHEDULE_FRAB_TIME_H
#define SCHEDULE_FRAB_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A time as a schedule spells it.  Offsets are the file's own. */
struct frab_time {
	int64_t wall; /* seconds since 1970 of the wall clock */
	int offset;   /* minutes east of UTC */
	bool local;   /* no offset was given */
	bool day;     /* only a date was given */
};

enum { FRAB_TIME_CHARS = 25, FRAB_DAY_CHARS = 10 };

/* "2025-02-01", "2025-02-01T09:30[:00][.000][Z|+01:00|+0100]"; 0 or -1. */
int frab_time(const char *, struct frab_time *);
void frab_time_spell(const struct frab_time *, char spelt[FRAB_TIME_CHARS + 1]);
void frab_day_spell(int64_t wall, char spelt[FRAB_DAY_CHARS + 1]);

/* "9:30", "09:30", "09:30:00" into seconds after midnight; 0 or -1. */
int frab_clock(const char *, long *seconds);

/* "00:20", "1:30", "00:20:00", "120:00" into seconds; 0 or -1. */
int frab_duration(const char *, long *seconds);

#endif
