#ifndef INVITE_ICS_H
#define INVITE_ICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fault;
struct text;

/*
 * What Convene writes as iCalendar (RFC 5545, 5546, 7986).  Instants are
 * seconds since 1970 and go out in UTC; what lasts several days goes out as
 * dates.  Texts are checked before libical sees them, for its setters let
 * line ends through.
 */
struct ics_entry {
	const char *uid;  /* for life */
	int64_t sequence; /* only grows */
	int64_t revised;  /* last change of what it says */
	int64_t starts, ends;
	const char *first,
	    *last; /* "2026-03-04": whole days, last included; else NULL */
	const char *title;
	const char *place;  /* "" when none */
	const char *text;   /* "" when none */
	const char *url;    /* the page; left out when not http(s) */
	const char *online; /* the joining link; left out likewise */
	const char *join;   /* its label, in words */
	bool cancelled;
};

/* The one recipient of an invitation, and who it says it comes from. */
struct ics_invite {
	const char *organizer; /* address, constant per (person, UID) */
	const char *organizer_name;
	const char *attendee; /* address */
	const char *attendee_name;
	const char *partstat; /* the recorded answer; "" is NEEDS-ACTION */
	int64_t now;          /* DTSTAMP: when this message is made */
};

enum ics_method { ICS_REQUEST, ICS_CANCEL };
const char *ics_method_name(enum ics_method);

/* One message to one person, added to out. */
int ics_message(struct text *out, enum ics_method, const struct ics_entry *,
    const struct ics_invite *, struct fault *);

/*
 * A feed, or a download when `refresh` is false: no METHOD, no person, and
 * DTSTAMP the last revision, so that the body changes only when an entry does.
 */
struct ics_feed {
	const char *name;
	const char *url; /* the page it belongs to, or "" */
	bool refresh;    /* a feed: clients come again within the hour */
	const struct ics_entry *entries;
	size_t count;
};
int ics_feed(struct text *out, const struct ics_feed *, struct fault *);

/*
 * Reads a row of a query: uid, sequence, revised, starts, ends (spelt by
 * schedule.at), title, room, venue, city, online_url, summary, url, session_id
 * and one of state, cancelled and live.  An event over several days becomes
 * whole days; a session never does.  `join` is left to the caller.
 */
int ics_entry_read(
    struct arena *, struct ics_entry *, const json_t *row, struct fault *);

/* Its description: the summary, then the links on lines of their own. */
const char *ics_about(
    struct arena *, const json_t *row, const char *online, const char *url);

/*
 * "calendar+<token>@domain": the mailbox that stands for one (person, UID).
 * The token is person-MAC: who answers can be looked up and proven.
 */
enum { ICS_KEY = 32 };
const char *ics_organizer(struct arena *, const uint8_t key[ICS_KEY],
    int64_t person, const char *uid, const char *domain);

/* Reads the token of such an address: the person, or -1.  Whether it is the
 * person's mailbox for a UID, says comparing it with ics_organizer(). */
int64_t ics_organizer_person(const char *address);

#endif
