#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libical/ical.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/memory.h"
#include "base/text.h"
#include "invite/ics.h"

enum { NAME_MAX_BYTES = 200, ADDRESS_MAX = 1024, FOLD = 75 };

static const char prodid[] = "-//Convene//Convene 1//EN";

const char *
ics_method_name(enum ics_method method)
{
	return method == ICS_CANCEL ? "CANCEL" : "REQUEST";
}

/* --- what libical does not check --- */

static int
bad(struct fault *f, const char *what)
{
	return fault_detail(f, FAULT_INPUT, what, "invite.unfit",
	    "%s is not fit for a calendar", what);
}

static int
check(const char *s, const char *what, struct fault *f)
{
	size_t n = s == NULL ? 0 : strlen(s);

	if (n > 0 && (!text_utf8(s, n) || !text_plain(s, n, true)))
		return bad(f, what);

	return 0;
}

static bool
is_web(const char *url)
{
	size_t n = 0;

	if (url == NULL)
		return false;
	if (strncasecmp(url, "https://", 8) == 0)
		n = 8;
	else if (strncasecmp(url, "http://", 7) == 0)
		n = 7;
	if (n == 0 || url[n] == '\0')
		return false;
	for (; url[n] != '\0'; n++)
		if (url[n] < 0x21 || url[n] > 0x7e)
			return false;

	return true;
}

/* A mailto: URI of one address; NULL when it is none. */
static const char *
mailto(char *to, size_t room, const char *address)
{
	static const char plain[] = "@.+-_~!$'*=/";
	size_t n = (size_t)snprintf(to, room, "mailto:");

	if (strchr(address, '@') == NULL)
		return NULL;
	for (const char *p = address; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c <= 0x20 || c == 0x7f || n + 4 > room)
			return NULL;
		if (isascii(c) && (isalnum(c) || strchr(plain, c) != NULL))
			to[n++] = *p;
		else
			n += (size_t)snprintf(to + n, room - n, "%%%02X", c);
	}
	to[n] = '\0';

	return to;
}

/* Quotes and carets have no spelling that all readers know (RFC 6868); the
 * cut never falls inside a character. */
static void
common_name(char to[NAME_MAX_BYTES + 1], const char *name)
{
	size_t n = 0;

	for (; *name != '\0' && n < NAME_MAX_BYTES; name++)
		if (*name == '\n' || *name == '\t' || *name == '\r')
			to[n++] = ' ';
		else if (*name != '"' && *name != '^')
			to[n++] = *name;
	while (n > 0 && ((unsigned char)*name & 0xc0) == 0x80 &&
	       ((unsigned char)to[n - 1] & 0xc0) == 0x80)
		n--;
	if (((unsigned char)*name & 0xc0) == 0x80 && n > 0)
		n--;
	to[n] = '\0';
}

/* CRLF and CR as LF; one line when it must be. */
static char *
clean(const char *s, bool lines)
{
	char *out = memory_text(s == NULL ? "" : s), *to = out;

	for (const char *p = out; *p != '\0'; p++) {
		if (*p == '\r' && p[1] == '\n')
			continue;
		if (*p == '\r' || *p == '\n')
			*to++ = lines ? '\n' : ' ';
		else
			*to++ = *p;
	}
	*to = '\0';

	return out;
}

/* --- components --- */

static struct icaltimetype
instant(int64_t seconds)
{
	return icaltime_from_timet_with_zone(
	    (time_t)seconds, 0, icaltimezone_get_utc_timezone());
}

static int
date(const char *spelt, int days, struct icaltimetype *t, struct fault *f)
{
	*t = icaltime_null_date();
	if (clock_day(spelt, &t->year, &t->month, &t->day) == -1)
		return bad(f, "day");
	icaltime_adjust(t, days, 0, 0, 0);

	return 0;
}

static void
add_text(icalcomponent *c, icalproperty *(*make)(const char *), const char *s,
    bool lines)
{
	char *cleaned = clean(s, lines);

	if (cleaned[0] != '\0')
		icalcomponent_add_property(c, make(cleaned));
	free(cleaned);
}

static int
add_span(icalcomponent *c, const struct ics_entry *e, struct fault *f)
{
	struct icaltimetype start = instant(e->starts), end = instant(e->ends);

	if (e->first != NULL && (date(e->first, 0, &start, f) == -1 ||
	                            date(e->last, 1, &end, f) == -1))
		return -1;
	if (icaltime_compare(start, end) >= 0)
		return bad(f, "ends");
	icalcomponent_add_property(c, icalproperty_new_dtstart(start));
	icalcomponent_add_property(c, icalproperty_new_dtend(end));

	return 0;
}

/* The joining link is also said in words: not every client shows it. */
static void
add_about(icalcomponent *c, const struct ics_entry *e)
{
	icalproperty *p;

	add_text(c, icalproperty_new_location, e->place, false);
	add_text(c, icalproperty_new_description, e->text, true);
	if (is_web(e->url))
		icalcomponent_add_property(c, icalproperty_new_url(e->url));
	if (is_web(e->online) && !e->cancelled) {
		p = icalproperty_new_conference(e->online);
		icalproperty_add_parameter(
		    p, icalparameter_new_feature(ICAL_FEATURE_VIDEO));
		if (e->join != NULL && e->join[0] != '\0')
			icalproperty_add_parameter(
			    p, icalparameter_new_label(e->join));
		icalcomponent_add_property(c, p);
	}
}

static int
entry_check(const struct ics_entry *e, struct fault *f)
{
	if (e->uid == NULL || e->uid[0] == '\0' ||
	    !text_plain(e->uid, strlen(e->uid), false))
		return bad(f, "uid");
	if (e->title == NULL || e->title[0] == '\0')
		return bad(f, "title");
	if (check(e->uid, "uid", f) == -1 ||
	    check(e->title, "title", f) == -1 ||
	    check(e->place, "place", f) == -1 ||
	    check(e->text, "text", f) == -1 || check(e->join, "join", f) == -1)
		return -1;

	return 0;
}

static icalcomponent *
vevent(const struct ics_entry *e, int64_t stamp, struct fault *f)
{
	icalcomponent *c;

	if (entry_check(e, f) == -1)
		return NULL;

	c = icalcomponent_new_vevent();
	icalcomponent_add_property(c, icalproperty_new_uid(e->uid));
	icalcomponent_add_property(
	    c, icalproperty_new_sequence((int)e->sequence));
	icalcomponent_add_property(c, icalproperty_new_dtstamp(instant(stamp)));
	icalcomponent_add_property(
	    c, icalproperty_new_lastmodified(instant(e->revised)));
	if (add_span(c, e, f) == -1) {
		icalcomponent_free(c);
		return NULL;
	}
	add_text(c, icalproperty_new_summary, e->title, false);
	add_about(c, e);
	icalcomponent_add_property(c,
	    icalproperty_new_status(
	        e->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
	icalcomponent_add_property(
	    c, icalproperty_new_transp(e->first != NULL || e->cancelled
	                                   ? ICAL_TRANSP_TRANSPARENT
	                                   : ICAL_TRANSP_OPAQUE));
	icalcomponent_add_property(
	    c, icalproperty_new_class(ICAL_CLASS_PUBLIC));

	return c;
}

static enum icalparameter_partstat
partstat(const char *s)
{
	if (s == NULL)
		return ICAL_PARTSTAT_NEEDSACTION;
	if (strcmp(s, "ACCEPTED") == 0)
		return ICAL_PARTSTAT_ACCEPTED;
	if (strcmp(s, "DECLINED") == 0)
		return ICAL_PARTSTAT_DECLINED;
	if (strcmp(s, "TENTATIVE") == 0)
		return ICAL_PARTSTAT_TENTATIVE;

	return ICAL_PARTSTAT_NEEDSACTION;
}

static int
add_organizer(icalcomponent *c, const struct ics_invite *i, struct fault *f)
{
	char uri[ADDRESS_MAX], name[NAME_MAX_BYTES + 1];
	icalproperty *p;

	if (mailto(uri, sizeof(uri), i->organizer) == NULL ||
	    check(i->organizer_name, "organizer", f) == -1)
		return bad(f, "organizer");

	p = icalproperty_new_organizer(uri);
	common_name(name, i->organizer_name);
	if (name[0] != '\0')
		icalproperty_add_parameter(p, icalparameter_new_cn(name));
	icalcomponent_add_property(c, p);

	return 0;
}

static int
add_attendee(icalcomponent *c, enum ics_method method,
    const struct ics_invite *i, struct fault *f)
{
	char uri[ADDRESS_MAX], name[NAME_MAX_BYTES + 1];
	icalproperty *p;

	if (mailto(uri, sizeof(uri), i->attendee) == NULL ||
	    check(i->attendee_name, "attendee", f) == -1)
		return bad(f, "attendee");

	p = icalproperty_new_attendee(uri);
	common_name(name, i->attendee_name);
	if (name[0] != '\0')
		icalproperty_add_parameter(p, icalparameter_new_cn(name));
	icalproperty_add_parameter(
	    p, icalparameter_new_cutype(ICAL_CUTYPE_INDIVIDUAL));
	icalproperty_add_parameter(
	    p, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
	if (method == ICS_REQUEST) {
		icalproperty_add_parameter(
		    p, icalparameter_new_partstat(partstat(i->partstat)));
		icalproperty_add_parameter(
		    p, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
	}
	icalcomponent_add_property(c, p);

	return 0;
}

/* --- calendars --- */

static icalcomponent *
vcalendar(void)
{
	icalcomponent *c;

	/* libical would abort on what it calls a usage error. */
	icalerror_set_errors_are_fatal(0);
	c = icalcomponent_new_vcalendar();
	icalcomponent_add_property(c, icalproperty_new_prodid(prodid));
	icalcomponent_add_property(c, icalproperty_new_version("2.0"));
	icalcomponent_add_property(c, icalproperty_new_calscale("GREGORIAN"));

	return c;
}

/* The bytes that must stay on one line: a character, with the spaces before
 * it, since transport strips what a line ends in. */
static size_t
unit(const char *p)
{
	size_t n = strspn(p, " ");

	if (n >= FOLD - 4)
		n = 0;
	if (p[n] != '\0')
		n++;
	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;

	return n;
}

static void
unfold(char *s)
{
	char *to = s;

	while (*s != '\0')
		if (strncmp(s, "\r\n ", 3) == 0)
			s += 3;
		else
			*to++ = *s++;
	*to = '\0';
}

/* libical folds where it looks nice, and so behind spaces: folded anew. */
static void
fold(struct text *out, char *ics)
{
	size_t used = 0, n;

	unfold(ics);
	for (const char *p = ics; *p != '\0'; p += n) {
		if (*p == '\r' || *p == '\n') {
			text_add(out, p, n = 1);
			used = 0;
			continue;
		}
		n = unit(p);
		if (used + n > FOLD) {
			text_puts(out, "\r\n ");
			used = 1;
		}
		text_add(out, p, n);
		used += n;
	}
}

/* Writes and frees the calendar; what libical itself finds wrong is refused. */
static int
finish(struct text *out, icalcomponent *c, struct fault *f)
{
	int ret = -1;
	char *ics;

	if (icalcomponent_count_errors(c) > 0) {
		fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "libical found its own calendar wrong");
		goto done;
	}
	ics = icalcomponent_as_ical_string_r(c);
	if (ics != NULL && strstr(ics, "X-LIC-ERROR") == NULL) {
		fold(out, ics);
		ret = out->full ? -1 : 0;
	}
	icalmemory_free_buffer(ics);
	if (ret == -1)
		fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "the calendar cannot be written");
done:
	icalcomponent_free(c);

	return ret;
}

int
ics_message(struct text *out, enum ics_method method,
    const struct ics_entry *given, const struct ics_invite *i, struct fault *f)
{
	struct ics_entry e = *given;
	icalcomponent *calendar, *event;

	e.cancelled = method == ICS_CANCEL;
	event = vevent(&e, i->now, f);
	if (event == NULL)
		return -1;
	if (add_organizer(event, i, f) == -1 ||
	    add_attendee(event, method, i, f) == -1) {
		icalcomponent_free(event);
		return -1;
	}

	calendar = vcalendar();
	icalcomponent_add_property(
	    calendar, icalproperty_new_method(method == ICS_CANCEL
	                                          ? ICAL_METHOD_CANCEL
	                                          : ICAL_METHOD_REQUEST));
	icalcomponent_add_component(calendar, event);

	return finish(out, calendar, f);
}

/* This libical leaves commas in it as they are; readers take it whole. */
static void
add_x(icalcomponent *c, const char *name, const char *value)
{
	icalproperty *p = icalproperty_new_x(value);

	icalproperty_set_x_name(p, name);
	icalcomponent_add_property(c, p);
}

static void
add_feed_head(icalcomponent *c, const struct ics_feed *feed)
{
	struct icaldurationtype hour = icaldurationtype_from_int(3600);
	char *name = clean(feed->name, false);

	icalcomponent_add_property(c, icalproperty_new_name(name));
	add_x(c, "X-WR-CALNAME", name);
	if (is_web(feed->url))
		icalcomponent_add_property(c, icalproperty_new_url(feed->url));
	if (feed->refresh) {
		icalcomponent_add_property(
		    c, icalproperty_new_refreshinterval(hour));
		add_x(c, "X-PUBLISHED-TTL", "PT1H");
	}
	free(name);
}

int
ics_feed(struct text *out, const struct ics_feed *feed, struct fault *f)
{
	icalcomponent *calendar, *event;

	if (check(feed->name, "name", f) == -1)
		return -1;

	calendar = vcalendar();
	add_feed_head(calendar, feed);
	for (size_t n = 0; n < feed->count; n++) {
		const struct ics_entry *e = &feed->entries[n];

		event = vevent(e, e->revised, f);
		if (event == NULL) {
			icalcomponent_free(calendar);
			return -1;
		}
		icalcomponent_add_component(calendar, event);
	}

	return finish(out, calendar, f);
}
