#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "invite/ics.h"

static const char *
word(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s == NULL ? "" : s;
}

static int
instant(const json_t *row, const char *name, int64_t *seconds, struct fault *f)
{
	const json_t *value = json_object_get(row, name);
	struct moment m;

	if (json_is_integer(value)) {
		*seconds = json_integer_value(value);
		return 0;
	}
	if (!json_is_string(value) ||
	    moment_read(json_string_value(value), &m) == -1)
		return fault_detail(f, FAULT_BROKEN, name, "web.broken",
		    "%s is not a moment", name);
	*seconds = m.utc / 1000;

	return 0;
}

/* The day before "2026-03-01". */
static const char *
day_before(struct arena *a, const char *day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int y, m, d;

	if (clock_day(day, &y, &m, &d) == -1)
		return day;
	if (--d == 0) {
		if (--m == 0) {
			m = 12;
			y--;
		}
		d = days[m - 1];
		if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
			d = 29;
	}

	return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

/*
 * Over several days: it ends on a later day of its own zone than it starts,
 * and more than half a day on, for an evening past midnight is one evening.
 * What ends at 00:00 ends the day before.
 */
static void
whole_days(struct arena *a, struct ics_entry *e, const json_t *row)
{
	const char *starts = word(row, "starts"), *ends = word(row, "ends");
	const char *first, *last;

	if (strlen(starts) < 19 || strlen(ends) < 19 ||
	    e->ends - e->starts <= 12 * 3600)
		return;
	first = arena_part(a, starts, 10);
	last = arena_part(a, ends, 10);
	if (strncmp(ends + 10, "T00:00:00", 9) == 0)
		last = day_before(a, last);
	if (strcmp(first, last) >= 0)
		return;
	e->first = first;
	e->last = last;
}

static const char *
place(struct arena *a, const json_t *row)
{
	const char *venue = word(row, "venue"), *room = word(row, "room");
	const char *city = word(row, "city"), *out = "";
	const char *parts[] = { room, venue, city };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i][0] != '\0')
			out = arena_printf(a, "%s%s%s", out,
			    out[0] == '\0' ? "" : ", ", parts[i]);

	return out[0] == '\0' ? word(row, "online_url") : out;
}

/* The summary, then the links on lines of their own: not every client shows
 * CONFERENCE or URL. */
const char *
ics_about(
    struct arena *a, const json_t *row, const char *online, const char *url)
{
	const char *parts[] = { word(row, "summary"), online, url };
	const char *out = "";

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i][0] != '\0')
			out = arena_printf(a, "%s%s%s", out,
			    out[0] == '\0' ? "" : "\n\n", parts[i]);

	return out;
}

int
ics_entry_read(
    struct arena *a, struct ics_entry *e, const json_t *row, struct fault *f)
{
	const json_t *live = json_object_get(row, "live");
	const json_t *revised = json_object_get(row, "revised");

	*e = (struct ics_entry){ .uid = word(row, "uid"),
		.sequence =
		    json_integer_value(json_object_get(row, "sequence")),
		.title = word(row, "title"),
		.url = word(row, "url"),
		.online = word(row, "online_url"),
		.place = place(a, row) };
	if ((revised != NULL && !json_is_null(revised) &&
	        instant(row, "revised", &e->revised, f) == -1) ||
	    instant(row, "starts", &e->starts, f) == -1 ||
	    instant(row, "ends", &e->ends, f) == -1)
		return -1;
	if (json_integer_value(json_object_get(row, "session_id")) == 0)
		whole_days(a, e, row);
	e->cancelled = strcmp(word(row, "state"), "cancelled") == 0 ||
	               json_is_true(json_object_get(row, "cancelled")) ||
	               json_is_false(live);
	e->text = ics_about(a, row, e->online, e->url);

	return 0;
}
