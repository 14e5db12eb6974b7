#include <stdio.h>
#include <string.h>

#include "support/suite.h"

#include "base/arena.h"
#include "notice/bounce.h"
#include "notice/mail.h"

static const uint8_t secret[32] = { 7 }, other[32] = { 8 };

/* A report as relays write it, about what was sent to notice 42. */
static void
report(struct bounce *b, const uint8_t key[32], const char *type,
    const char *fields)
{
	struct arena *a = arena_new();
	const char *to = mail_bounce(a, key, 42, "events.example.org");
	char mail[4096];

	snprintf(mail, sizeof(mail),
	    "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\n"
	    "To: %s\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status; "
	    "boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
	    "Status: 5.1.1 in the words does not count.\r\n--b\r\n"
	    "Content-Type: %s\r\n\r\nReporting-MTA: dns; relay.example\r\n"
	    "\r\n%s\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
	    "Subject: what was sent\r\n\r\nBody\r\n--b--\r\n",
	    to, type, fields);
	bounce_read(b, secret, NULL, mail, strlen(mail));
	arena_free(a);
}

static enum bounce_kind
kind_of(const char *fields)
{
	struct bounce b;

	report(&b, secret, "message/delivery-status", fields);

	return b.kind;
}

static void
an_address_that_does_not_exist_is_a_hard_bounce(void)
{
	struct bounce b;

	report(&b, secret, "message/delivery-status",
	    "Final-Recipient: rfc822; amina@example.com\r\n"
	    "Action: failed\r\nStatus: 5.1.1 (bad mailbox)\r\n"
	    "Diagnostic-Code: smtp; 550 5.1.1\r\n  no such user\r\n");
	CU_ASSERT_EQUAL(b.kind, BOUNCE_HARD);
	CU_ASSERT_EQUAL(b.notice, 42);
	CU_ASSERT_STRING_EQUAL(b.status, "5.1.1");
	CU_ASSERT_STRING_EQUAL(b.words, "5.1.1 550 5.1.1 no such user");
}

static void
what_may_pass_is_a_soft_bounce(void)
{
	CU_ASSERT_EQUAL(
	    kind_of("Action: failed\r\nStatus: 4.4.7\r\n"), BOUNCE_SOFT);
	CU_ASSERT_EQUAL(
	    kind_of("Action: failed\r\nStatus: 5.2.2\r\n"), BOUNCE_SOFT);
	CU_ASSERT_EQUAL(
	    kind_of("action: FAILED\r\nstatus: 5.7.1\r\n"), BOUNCE_SOFT);
	CU_ASSERT_EQUAL(kind_of("Action: failed\r\n"), BOUNCE_SOFT);
}

static void
what_is_on_its_way_is_no_bounce(void)
{
	CU_ASSERT_EQUAL(
	    kind_of("Action: delayed\r\nStatus: 4.4.1\r\n"), BOUNCE_IGNORED);
	CU_ASSERT_EQUAL(
	    kind_of("Action: delivered\r\nStatus: 2.0.0\r\n"), BOUNCE_IGNORED);
	CU_ASSERT_EQUAL(kind_of(""), BOUNCE_IGNORED);
	CU_ASSERT_EQUAL(kind_of("Action: delivered\r\nStatus: 2.0.0\r\n\r\n"
	                        "Action: failed\r\nStatus: 5.1.2\r\n"),
	    BOUNCE_HARD);
}

static void
only_the_part_that_says_so_is_believed(void)
{
	struct bounce b;

	report(&b, secret, "text/plain", "Action: failed\r\nStatus: 5.1.1\r\n");
	CU_ASSERT_EQUAL(b.kind, BOUNCE_IGNORED);
}

static void
an_absence_note_is_ignored(void)
{
	struct arena *a = arena_new();
	const char *to = mail_bounce(a, secret, 42, "x.example");
	const char *mail = arena_printf(a,
	    "To: <%s>\nAuto-Submitted: auto-replied\nSubject: Away\n\nAway.\n",
	    to);
	struct bounce b;

	bounce_read(&b, secret, NULL, mail, strlen(mail));
	CU_ASSERT_EQUAL(b.kind, BOUNCE_IGNORED);
	CU_ASSERT_EQUAL(b.notice, 42);
	bounce_read(&b, secret, to, "", 0);
	CU_ASSERT_EQUAL(b.kind, BOUNCE_IGNORED);
	arena_free(a);
}

static void
a_forged_address_is_refused(void)
{
	struct bounce b;

	report(&b, other, "message/delivery-status",
	    "Action: failed\r\nStatus: 5.1.1\r\n");
	CU_ASSERT_EQUAL(b.kind, BOUNCE_FORGED);
	CU_ASSERT_EQUAL(b.notice, -1);
	bounce_read(&b, secret, "bounce+42=00000000000000000000@x.example",
	    "To: a@b.example\n\n", 17);
	CU_ASSERT_EQUAL(b.kind, BOUNCE_FORGED);
	bounce_read(&b, secret, NULL, "", 0);
	CU_ASSERT_EQUAL(b.kind, BOUNCE_FORGED);
}

static void
words_from_elsewhere_stay_on_a_line(void)
{
	struct bounce b;

	report(&b, secret, "message/delivery-status",
	    "Action: failed\r\nStatus: 5.1.1\r\n"
	    "Diagnostic-Code: smtp; 550 \x1b[31m\tno\x01\xff\xfe\r\n");
	CU_ASSERT_EQUAL(b.kind, BOUNCE_HARD);
	CU_ASSERT_STRING_EQUAL(b.words, "5.1.1");
}

SUITE(bounce, SAYS(an_address_that_does_not_exist_is_a_hard_bounce),
    SAYS(what_may_pass_is_a_soft_bounce), SAYS(what_is_on_its_way_is_no_bounce),
    SAYS(only_the_part_that_says_so_is_believed),
    SAYS(an_absence_note_is_ignored), SAYS(a_forged_address_is_refused),
    SAYS(words_from_elsewhere_stay_on_a_line))
