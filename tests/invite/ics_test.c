#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "support/suite.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "invite/ics.h"

static const struct ics_entry talk = { .uid = "0d3c6a52@events.example.org",
	.sequence = 4,
	.revised = 1800000000,
	.starts = 1801000000,
	.ends = 1801003600,
	.title = "Ateliers, été; ورشة عمل 研修",
	.place = "Room 3; Building B, \\ \"Annex\"",
	.text = "One line, with comma; semicolon\r\nand another \\ line",
	.url = "https://events.example.org/sessions/7?a=b;c,d",
	.online = "https://meet.example.org/r/1?a=b;c,d",
	.join = "Join, now" };

static const struct ics_invite amina = { .organizer =
	                                     "calendar+1-0a@events.example.org",
	.organizer_name = "Learning, \"Unit\"",
	.attendee = "amina@example.com",
	.attendee_name = "Amina \"Ami\" O^Hara",
	.partstat = "",
	.now = 1800000100 };

static struct text out;
static struct fault f;

static const char *
say(enum ics_method method, const struct ics_entry *e,
    const struct ics_invite *i)
{
	text_free(&out);
	text_init(&out, 1 << 20);
	memset(&f, 0, sizeof(f));

	return ics_message(&out, method, e, i, &f) == -1 ? NULL : out.data;
}

static bool
has(const char *part)
{
	return out.data != NULL && strstr(out.data, part) != NULL;
}

/* Read by libical again, the value of a property of the event. */
static char *
read_back(const char *ics, icalproperty_kind kind)
{
	icalcomponent *c = icalparser_parse_string(ics), *event;
	icalproperty *p;
	char *value;

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL(icalcomponent_count_errors(c), 0);
	CU_ASSERT(icalrestriction_check(c));
	event = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
	p = icalcomponent_get_first_property(event, kind);
	value = p == NULL ? NULL : icalproperty_get_value_as_string_r(p);
	icalcomponent_free(c);

	return value;
}

static void
an_invitation_names_one_person_and_its_method(void)
{
	char *value;

	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &talk, &amina));
	CU_ASSERT(has("METHOD:REQUEST\r\n"));
	CU_ASSERT(has("SEQUENCE:4\r\n"));
	CU_ASSERT(has("DTSTAMP:20270115T080140Z\r\n"));
	CU_ASSERT(has("LAST-MODIFIED:20270115T080000Z\r\n"));
	CU_ASSERT(has("DTSTART:20270126T214640Z\r\n"));
	CU_ASSERT(has("STATUS:CONFIRMED\r\n"));
	CU_ASSERT(has("TRANSP:OPAQUE\r\n"));
	CU_ASSERT(has("ORGANIZER;CN=\"Learning, Unit\":mailto:calendar+1-0a@"));
	CU_ASSERT(has("ATTENDEE;CN=Amina Ami OHara;CUTYPE=INDIVIDUAL"));
	CU_ASSERT(has("URL:https://events.example.org/sessions/7?a=b;c,d\r\n"));
	CU_ASSERT(!has("VALARM"));
	value = read_back(out.data, ICAL_ATTENDEE_PROPERTY);
	CU_ASSERT_STRING_EQUAL(value, "mailto:amina@example.com");
	icalmemory_free_buffer(value);
	value = read_back(out.data, ICAL_CONFERENCE_PROPERTY);
	CU_ASSERT_STRING_EQUAL(value, talk.online);
	icalmemory_free_buffer(value);
}

static void
a_cancellation_says_so_in_method_and_status(void)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_CANCEL, &talk, &amina));
	CU_ASSERT(has("METHOD:CANCEL\r\n"));
	CU_ASSERT(has("STATUS:CANCELLED\r\n"));
	CU_ASSERT(has("ATTENDEE;"));
	CU_ASSERT(!has("RSVP="));
	CU_ASSERT(!has("CONFERENCE"));
	free(read_back(out.data, ICAL_UID_PROPERTY));
}

static void
several_days_are_dates_with_an_exclusive_end(void)
{
	struct ics_entry e = talk;

	e.first = "2026-12-30";
	e.last = "2026-12-31";
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &e, &amina));
	CU_ASSERT(has("DTSTART;VALUE=DATE:20261230\r\n"));
	CU_ASSERT(has("DTEND;VALUE=DATE:20270101\r\n"));
	CU_ASSERT(has("TRANSP:TRANSPARENT\r\n"));
	e.last = "2028-02-28";
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &e, &amina));
	CU_ASSERT(has("DTEND;VALUE=DATE:20280229\r\n"));
	e.last = "2026-02-29";
	CU_ASSERT_PTR_NULL(say(ICS_REQUEST, &e, &amina));
}

static void
lines_are_75_octets_and_whole_characters(void)
{
	struct ics_entry e = talk;
	char title[1500], *back;
	size_t n = 0;

	title[n++] = 'T';
	while (n < 1200) {
		memcpy(title + n, n % 7 == 0 ? "  研修 " : "ورشة",
		    n % 7 == 0 ? 9 : 8);
		n += n % 7 == 0 ? 9 : 8;
	}
	title[n] = '\0';
	e.title = title;
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &e, &amina));
	for (const char *p = out.data, *end; *p != '\0'; p = end + 2) {
		end = strstr(p, "\r\n");
		CU_ASSERT_PTR_NOT_NULL_FATAL(end);
		CU_ASSERT(end - p <= 75);
		CU_ASSERT(text_utf8(p, (size_t)(end - p)));
		CU_ASSERT(end == p || end[-1] != ' ');
		CU_ASSERT_PTR_NULL(memchr(p, '\n', (size_t)(end - p)));
	}
	back = read_back(out.data, ICAL_SUMMARY_PROPERTY);
	CU_ASSERT_STRING_EQUAL(back, title);
	icalmemory_free_buffer(back);
}

static void
what_was_written_reads_back(void)
{
	icalcomponent *c, *event;
	char *value;

	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &talk, &amina));
	CU_ASSERT(has("SUMMARY:Ateliers\\, été\\; "));
	CU_ASSERT(has("comma\\; semicolon\\nand another"));
	c = icalparser_parse_string(out.data);
	event = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
	CU_ASSERT_STRING_EQUAL(icalcomponent_get_summary(event), talk.title);
	CU_ASSERT_STRING_EQUAL(icalcomponent_get_location(event), talk.place);
	value = icalcomponent_as_ical_string_r(c);
	CU_ASSERT_PTR_NULL(strstr(value, "X-LIC-ERROR"));
	icalmemory_free_buffer(value);
	icalcomponent_free(c);
}

static void
refused(struct ics_entry e, struct ics_invite i, const char *what)
{
	CU_ASSERT_PTR_NULL(say(ICS_REQUEST, &e, &i));
	CU_ASSERT_EQUAL(f.kind, FAULT_INPUT);
	CU_ASSERT_STRING_EQUAL(f.field, what);
	CU_ASSERT_EQUAL(out.size, 0);
}

static void
what_would_break_a_calendar_is_refused(void)
{
	struct ics_entry e = talk;
	struct ics_invite i = amina;

	e.title = "bell \a";
	refused(e, amina, "title");
	e.title = "\xff\xfe";
	refused(e, amina, "title");
	e.title = "\xed\xa0\x80";
	refused(e, amina, "title");
	e = talk;
	e.text = "NUL is \x01";
	refused(e, amina, "text");
	e = talk;
	e.uid = "a\r\nX-EVIL:1";
	refused(e, amina, "uid");
	e = talk;
	e.ends = e.starts;
	refused(e, amina, "ends");
	i.organizer = "a@b.example\r\nX-EVIL:1";
	refused(talk, i, "organizer");
	i = amina;
	i.attendee = "a@b.example\r\nATTENDEE:mailto:c@d.example";
	refused(talk, i, "attendee");
	i.attendee = "nobody";
	refused(talk, i, "attendee");
}

static void
a_link_that_is_none_is_left_out(void)
{
	struct ics_entry e = talk;

	e.url = "https://x/\r\nX-EVIL:1";
	e.online = "javascript:alert(1)";
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &e, &amina));
	CU_ASSERT(!has("EVIL"));
	CU_ASSERT(!has("javascript"));
	CU_ASSERT(!has("URL:"));
	e.title = "A\r\nBEGIN:VALARM\r\nX-EVIL:1";
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &e, &amina));
	CU_ASSERT(has("SUMMARY:A BEGIN:VALARM X-EVIL:1\r\n"));
	CU_ASSERT(!has("\nBEGIN:VALARM"));
}

static void
odd_addresses_stay_one_uri(void)
{
	struct ics_invite i = amina;
	char *value;

	i.attendee = "a?cc=b%25@example.com";
	CU_ASSERT_PTR_NOT_NULL_FATAL(say(ICS_REQUEST, &talk, &i));
	value = read_back(out.data, ICAL_ATTENDEE_PROPERTY);
	CU_ASSERT_STRING_EQUAL(value, "mailto:a%3Fcc=b%2525@example.com");
	icalmemory_free_buffer(value);
}

static void
a_feed_names_nobody_and_stays_the_same(void)
{
	struct ics_entry all[2] = { talk, talk };
	struct ics_feed feed = { "Amina's, agenda", "https://x.example/me",
		true, all, 2 };
	struct text again;

	all[1].uid = "other@events.example.org";
	all[1].cancelled = true;
	text_free(&out);
	text_init(&out, 1 << 20);
	text_init(&again, 1 << 20);
	CU_ASSERT_EQUAL(ics_feed(&out, &feed, &f), 0);
	CU_ASSERT_EQUAL(ics_feed(&again, &feed, &f), 0);
	CU_ASSERT_STRING_EQUAL(out.data, again.data);
	CU_ASSERT(!has("METHOD"));
	CU_ASSERT(!has("ATTENDEE"));
	CU_ASSERT(!has("ORGANIZER"));
	CU_ASSERT(has("NAME:Amina's\\, agenda\r\n"));
	CU_ASSERT(has("X-WR-CALNAME:Amina's"));
	CU_ASSERT(has("REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"));
	CU_ASSERT(has("X-PUBLISHED-TTL:PT1H\r\n"));
	CU_ASSERT(has("DTSTAMP:20270115T080000Z\r\n"));
	CU_ASSERT(has("STATUS:CANCELLED\r\n"));
	free(read_back(out.data, ICAL_UID_PROPERTY));
	text_free(&again);

	feed.refresh = false;
	feed.count = 0;
	text_free(&out);
	text_init(&out, 1 << 20);
	CU_ASSERT_EQUAL(ics_feed(&out, &feed, &f), 0);
	CU_ASSERT(!has("REFRESH"));
	CU_ASSERT(has("END:VCALENDAR\r\n"));
}

static void
a_row_over_days_becomes_dates_and_an_evening_does_not(void)
{
	static const struct {
		const char *starts, *ends, *first, *last;
		int session;
	} rows[] = {
		{ "2026-03-04T09:00:00+05:45", "2026-03-06T17:00:00+05:45",
		    "2026-03-04", "2026-03-06", 0 },
		{ "2026-03-04T18:00:00+02:00", "2026-03-05T02:00:00+02:00",
		    NULL, NULL, 0 },
		{ "2026-03-04T14:00:00+02:00", "2026-03-05T12:00:00+02:00",
		    "2026-03-04", "2026-03-05", 0 },
		{ "2026-02-28T00:00:00-03:00", "2026-03-02T00:00:00-03:00",
		    "2026-02-28", "2026-03-01", 0 },
		{ "2026-12-31T00:00:00+00:00", "2027-01-01T00:00:00+00:00",
		    NULL, NULL, 0 },
		{ "2026-03-04T09:00:00+05:45", "2026-03-06T17:00:00+05:45",
		    NULL, NULL, 8 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *a = arena_new();
		struct ics_entry e;
		json_t *row = json_pack("{s:s,s:i,s:i,s:s,s:s,s:s,s:i,s:s}",
		    "uid", "u@x", "sequence", 2, "revised", 1800000000,
		    "starts", rows[i].starts, "ends", rows[i].ends, "title",
		    "T", "session_id", rows[i].session, "city", "Kathmandu");

		CU_ASSERT_EQUAL(ics_entry_read(a, &e, row, &f), 0);
		CU_ASSERT_EQUAL(e.first == NULL, rows[i].first == NULL);
		if (e.first != NULL && rows[i].first != NULL) {
			CU_ASSERT_STRING_EQUAL(e.first, rows[i].first);
			CU_ASSERT_STRING_EQUAL(e.last, rows[i].last);
		}
		CU_ASSERT_STRING_EQUAL(e.place, "Kathmandu");
		CU_ASSERT_EQUAL(e.sequence, 2);
		json_decref(row);
		arena_free(a);
	}
}

static void
an_organizer_is_constant_for_a_person_and_uid(void)
{
	static const uint8_t key[ICS_KEY] = { 1, 2, 3 };
	struct arena *a = arena_new();
	const char *one =
	    ics_organizer(a, key, 42, "u1@x", "events.example.org");

	CU_ASSERT_STRING_EQUAL(
	    one, ics_organizer(a, key, 42, "u1@x", "events.example.org"));
	CU_ASSERT_STRING_NOT_EQUAL(
	    one, ics_organizer(a, key, 42, "u2@x", "events.example.org"));
	CU_ASSERT_STRING_NOT_EQUAL(
	    one, ics_organizer(a, key, 43, "u1@x", "events.example.org"));
	CU_ASSERT_EQUAL(strncmp(one, "calendar+42-", 12), 0);
	CU_ASSERT(strchr(one, '@') - one <= 64);
	CU_ASSERT_EQUAL(ics_organizer_person(one), 42);
	CU_ASSERT_EQUAL(ics_organizer_person("calendar+@x"), -1);
	CU_ASSERT_EQUAL(ics_organizer_person("bounce+42-1@x"), -1);
	arena_free(a);
	text_free(&out);
}

SUITE(ics, SAYS(an_invitation_names_one_person_and_its_method),
    SAYS(a_cancellation_says_so_in_method_and_status),
    SAYS(several_days_are_dates_with_an_exclusive_end),
    SAYS(lines_are_75_octets_and_whole_characters),
    SAYS(what_was_written_reads_back),
    SAYS(what_would_break_a_calendar_is_refused),
    SAYS(a_link_that_is_none_is_left_out), SAYS(odd_addresses_stay_one_uri),
    SAYS(a_feed_names_nobody_and_stays_the_same),
    SAYS(a_row_over_days_becomes_dates_and_an_evening_does_not),
    SAYS(an_organizer_is_constant_for_a_person_and_uid))
