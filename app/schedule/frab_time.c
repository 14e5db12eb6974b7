#include <stdio.h>
#include <string.h>

#include "schedule/frab_time.h"

/* Up to `most` digits, at least `least`; the number, or -1. */
static long
digits(const char **p, int least, int most)
{
	long n = 0;
	int count = 0;

	while (count < most && **p >= '0' && **p <= '9') {
		n = n * 10 + (**p - '0');
		(*p)++;
		count++;
	}

	return count < least ? -1 : n;
}

static bool
skip(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;

	return true;
}

/* Days since 1970 of the proleptic Gregorian calendar. */
static int64_t
day_number(long y, long m, long d)
{
	int64_t year = m <= 2 ? y - 1 : y;
	int64_t era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static void
day_parts(int64_t days, long *y, long *m, long *d)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t mp = (5 * of_year + 2) / 153;

	*d = of_year - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = year + era * 400 + (*m <= 2);
}

static int
read_day(const char **p, int64_t *days)
{
	long y = digits(p, 4, 4), m, d, y2, m2, d2;

	if (y < 1970 || y > 2199 || !skip(p, '-'))
		return -1;
	m = digits(p, 2, 2);
	if (m < 1 || m > 12 || !skip(p, '-'))
		return -1;
	d = digits(p, 2, 2);
	if (d < 1 || d > 31)
		return -1;

	*days = day_number(y, m, d);
	day_parts(*days, &y2, &m2, &d2);

	return y2 == y && m2 == m && d2 == d ? 0 : -1; /* 30 February */
}

/* hh:mm[:ss[.fraction]] */
static int
read_clock(const char **p, int hour_digits, long *seconds)
{
	long h = digits(p, hour_digits, 2), m, s = 0;

	if (h < 0 || h > 23 || !skip(p, ':'))
		return -1;
	m = digits(p, 2, 2);
	if (m < 0 || m > 59)
		return -1;
	if (skip(p, ':')) {
		s = digits(p, 2, 2);
		if (s < 0 || s > 59)
			return -1;
		if (skip(p, '.') && digits(p, 1, 9) == -1)
			return -1;
	}
	*seconds = h * 3600 + m * 60 + s;

	return 0;
}

static int
read_offset(const char **p, struct frab_time *t)
{
	int sign = **p == '-' ? -1 : 1;
	long h, m;

	t->local = **p == '\0';
	if (t->local || skip(p, 'Z') || skip(p, 'z'))
		return 0;
	if (!skip(p, '+') && !skip(p, '-'))
		return -1;
	h = digits(p, 2, 2);
	(void)skip(p, ':');
	m = digits(p, 2, 2);
	if (h < 0 || h > 14 || m < 0 || m > 59)
		return -1;
	t->offset = sign * (int)(h * 60 + m);

	return 0;
}

int
frab_time(const char *text, struct frab_time *t)
{
	int64_t days;
	long seconds = 0;

	memset(t, 0, sizeof(*t));
	if (text == NULL || read_day(&text, &days) == -1)
		return -1;

	t->day = t->local = *text == '\0';
	if (!t->day) {
		if (!skip(&text, 'T') && !skip(&text, 't') && !skip(&text, ' '))
			return -1;
		if (read_clock(&text, 2, &seconds) == -1 ||
		    read_offset(&text, t) == -1)
			return -1;
	}
	t->wall = days * 86400 + seconds;

	return *text == '\0' ? 0 : -1;
}

void
frab_day_spell(int64_t wall, char spelt[FRAB_DAY_CHARS + 1])
{
	long y, m, d;

	day_parts(wall / 86400, &y, &m, &d);
	(void)snprintf(spelt, FRAB_DAY_CHARS + 1, "%04u-%02u-%02u",
	    (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100);
}

void
frab_time_spell(const struct frab_time *t, char spelt[FRAB_TIME_CHARS + 1])
{
	unsigned s = (unsigned)(t->wall % 86400);
	unsigned off = (unsigned)(t->offset < 0 ? -t->offset : t->offset);
	char *p = spelt + FRAB_DAY_CHARS;

	frab_day_spell(t->wall, spelt);
	(void)snprintf(
	    p, 10, "T%02u:%02u:%02u", s / 3600 % 24, s / 60 % 60, s % 60);
	if (!t->local)
		(void)snprintf(p + 9, 7, "%c%02u:%02u",
		    t->offset < 0 ? '-' : '+', off / 60 % 100, off % 60);
}

int
frab_clock(const char *text, long *seconds)
{
	return text != NULL && read_clock(&text, 1, seconds) == 0 &&
	               *text == '\0'
	           ? 0
	           : -1;
}

int
frab_duration(const char *text, long *seconds)
{
	long h, m, s = 0;

	if (text == NULL)
		return -1;
	h = digits(&text, 1, 4);
	if (h < 0 || !skip(&text, ':'))
		return -1;
	m = digits(&text, 2, 2);
	if (m < 0 || m > 59)
		return -1;
	if (skip(&text, ':')) {
		s = digits(&text, 1, 2);
		if (s < 0 || s > 59)
			return -1;
	}
	*seconds = h * 3600 + m * 60 + s;

	return *text == '\0' ? 0 : -1;
}
