#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

static int64_t
milliseconds(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);

	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_monotonic(void)
{
	return milliseconds(CLOCK_MONOTONIC);
}

int64_t
clock_wall(void)
{
	return milliseconds(CLOCK_REALTIME);
}

/* The number of exactly n digits, or -1. */
static int
digits(const char *s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = v * 10 + (s[i] - '0');
	}

	return v;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Reads "2026-03-04" and leaves what follows. */
static int
day_part(const char *s, int *year, int *month, int *day)
{
	if (strnlen(s, 10) < 10 || s[4] != '-' || s[7] != '-')
		return -1;

	*year = digits(s, 4);
	*month = digits(s + 5, 2);
	*day = digits(s + 8, 2);
	if (*year < 1 || *month < 1 || *month > 12 || *day < 1)
		return -1;

	return *day > month_days(*year, *month) ? -1 : 0;
}

int
clock_day(const char *s, int *year, int *month, int *day)
{
	if (day_part(s, year, month, day) == -1 || s[10] != '\0')
		return -1;

	return 0;
}

/* Days since 1970-01-01 in the Gregorian calendar, years counted from March so
 * that the leap day comes last. */
static int64_t
days_since_1970(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)y * 365 + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

/* Reads "14:00:00", with a fraction if there is one; milliseconds of the day,
 * or -1.  *end is what follows. */
static int64_t
time_part(const char *s, const char **end)
{
	int hour, minute, second, part = 0, weight = 100;

	if (strnlen(s, 8) < 8 || s[2] != ':' || s[5] != ':')
		return -1;
	hour = digits(s, 2);
	minute = digits(s + 3, 2);
	second = digits(s + 6, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 59)
		return -1;

	s += 8;
	if (*s == '.') {
		if (s[1] < '0' || s[1] > '9')
			return -1;
		for (s++; *s >= '0' && *s <= '9'; s++, weight /= 10)
			part += (*s - '0') * weight;
	}
	*end = s;

	return ((hour * 60 + minute) * 60 + second) * (int64_t)1000 + part;
}

/* Reads "+05:45", "-03", or "Z", and nothing after it. */
static int
offset_part(const char *s, int *offset)
{
	int hour, minute = 0;

	*offset = 0;
	if (strcmp(s, "Z") == 0)
		return 0;
	if (s[0] != '+' && s[0] != '-')
		return -1;
	hour = strnlen(s, 3) < 3 ? -1 : digits(s + 1, 2);
	if (hour < 0 || hour > 18)
		return -1;
	if (s[3] != '\0') {
		if (s[3] != ':' || strnlen(s, 7) != 6)
			return -1;
		minute = digits(s + 4, 2);
		if (minute < 0 || minute > 59)
			return -1;
	}
	*offset = (hour * 60 + minute) * (s[0] == '-' ? -1 : 1);

	return 0;
}

int
moment_read(const char *s, struct moment *m)
{
	int year, month, day;
	int64_t within;

	if (day_part(s, &year, &month, &day) == -1 || s[10] != 'T')
		return -1;
	if ((within = time_part(s + 11, &s)) == -1)
		return -1;
	if (offset_part(s, &m->offset) == -1)
		return -1;
	m->utc = days_since_1970(year, month, day) * 86400000 + within -
	         (int64_t)m->offset * 60000;

	return 0;
}
