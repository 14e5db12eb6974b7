#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gmime/gmime.h>

#include "support/suite.h"

#include "base/arena.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "checkin/ticket.h"
#include "notice/compose.h"
#include "notice/mail.h"
#include "web/template.h"

static struct ticket_keys keys;
static struct notice_house house = { .origin = "https://events.example.org",
	.organisation = "Learning & Events, Nairobi",
	.from = "no-reply@events.example.org",
	.domain = "events.example.org",
	.secret = { 7 },
	.tickets = &keys };
static struct arena *arena;
static struct fault f;

static const char *
source(void *context, const char *name)
{
	(void)context;
	for (const struct embedded *e = templates_embedded; e->name != NULL;
	     e++)
		if (strcmp(e->name, name) == 0)
			return e->data;

	return NULL;
}

static void
begin(void)
{
	char path[] = "/tmp/mail-test-XXXXXX";

	memset(&f, 0, sizeof(f));
	arena = arena_new();
	if (house.templates != NULL)
		return;
	CU_ASSERT_EQUAL_FATAL(messages_load(&f), 0);
	close(mkstemp(path));
	unlink(path);
	CU_ASSERT_EQUAL_FATAL(ticket_keys_make(path, &f), 0);
	CU_ASSERT_EQUAL_FATAL(ticket_keys_load(&keys, path, 1, &f), 0);
	unlink(path);
	house.templates = template_set_new(source, NULL);
	g_mime_init();
}

static GMimeMessage *
parse(const struct text *wire)
{
	GMimeStream *s =
	    g_mime_stream_mem_new_with_buffer(wire->data, wire->size);
	GMimeParser *p = g_mime_parser_new_with_stream(s);
	GMimeMessage *m = g_mime_parser_construct_message(p, NULL);

	g_object_unref(p);
	g_object_unref(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m);

	return m;
}

/* "mixed(alternative(plain,related(html,png),calendar),ics,png)" */
static void
tree(GMimeObject *o, struct text *out)
{
	GMimeContentType *type = g_mime_object_get_content_type(o);

	text_puts(out, g_mime_content_type_get_media_subtype(type));
	if (!GMIME_IS_MULTIPART(o))
		return;
	text_puts(out, "(");
	for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(o));
	     i++) {
		text_puts(out, i > 0 ? "," : "");
		tree(g_mime_multipart_get_part(GMIME_MULTIPART(o), i), out);
	}
	text_puts(out, ")");
}

static GMimeObject *
at(GMimeMessage *m, int a, int b, int c)
{
	GMimeObject *o = g_mime_message_get_mime_part(m);
	const int path[] = { a, b, c };

	for (int i = 0; i < 3 && path[i] >= 0; i++)
		o = g_mime_multipart_get_part(GMIME_MULTIPART(o), path[i]);

	return o;
}

/* The decoded bytes of a part. */
static GByteArray *
bytes(GMimeObject *o)
{
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *array;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
	g_mime_data_wrapper_write_to_stream(
	    g_mime_part_get_content(GMIME_PART(o)), mem);
	array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	g_object_unref(mem);
	g_byte_array_append(array, (const guint8 *)"", 1);
	array->len--;

	return array;
}

static bool
says(GMimeObject *o, const char *what)
{
	GByteArray *b = bytes(o);
	bool found = strstr((const char *)b->data, what) != NULL;

	g_byte_array_free(b, TRUE);

	return found;
}

/* A row as notice_mail has it. */
static json_t *
confirmed(
    const char *title, const char *starts, const char *ends, const char *zone)
{
	json_t *row = json_pack("{s:i,s:i,s:i,s:i,s:i,s:i,s:b,s:{}}", "id", 77,
	    "person_id", 5, "event_id", 9, "registration_id", 1234, "sequence",
	    2, "serial", 1, "has_ticket", 1, "details");
	const char *const words[][2] = { { "kind", "registration.confirmed" },
		{ "email", "amina@example.com" },
		{ "name", "Amina Müller, 王小明" }, { "language", "en" },
		{ "uid", "u-1@events.example.org" }, { "method", "REQUEST" },
		{ "revised", "2026-03-01T00:00:00+00:00" }, { "title", title },
		{ "event_title", title }, { "starts", starts },
		{ "ends", ends }, { "zone", zone },
		{ "venue", "Hall <3> & Garden" }, { "city", "Kathmandu" },
		{ "summary", "What & why" }, { "state", "confirmed" },
		{ "online_url", "https://meet.example.org/x?a=1&b=2" },
		{ "key", "0d3c6a52-7d1e-4ad0-9c8b-2f1e5b7c9a10" },
		{ "partstat", "NEEDS-ACTION" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		json_object_set_new(row, words[i][0], json_string(words[i][1]));

	return row;
}

static void
a_confirmation_has_the_tree_of_the_guide(void)
{
	json_t *row;
	struct composed mail;
	struct text shape;
	GMimeMessage *m;
	GByteArray *one, *two;
	GMimeContentType *type;

	begin();
	row = confirmed("Atelier été", "2026-03-04T14:00:00+05:45",
	    "2026-03-04T16:00:00+05:45", "Asia/Kathmandu");
	CU_ASSERT_EQUAL_FATAL(notice_compose(&mail, arena, &house, row, &f), 0);
	m = parse(&mail.wire);
	text_init(&shape, 1000);
	tree(g_mime_message_get_mime_part(m), &shape);
	CU_ASSERT_STRING_EQUAL(shape.data,
	    "mixed(alternative(plain,related(html,png),calendar),ics,png)");
	type = g_mime_object_get_content_type(at(m, 0, 2, -1));
	CU_ASSERT_STRING_EQUAL(
	    g_mime_content_type_get_parameter(type, "method"), "REQUEST");
	CU_ASSERT_STRING_EQUAL(
	    g_mime_content_type_get_parameter(type, "component"), "VEVENT");
	CU_ASSERT_EQUAL(
	    g_mime_part_get_content_encoding(GMIME_PART(at(m, 0, 2, -1))),
	    GMIME_CONTENT_ENCODING_BASE64);
	type = g_mime_object_get_content_type(at(m, 1, -1, -1));
	CU_ASSERT_PTR_NULL(g_mime_content_type_get_parameter(type, "method"));
	CU_ASSERT_STRING_EQUAL(
	    g_mime_part_get_filename(GMIME_PART(at(m, 1, -1, -1))),
	    "invite.ics");
	one = bytes(at(m, 0, 2, -1));
	two = bytes(at(m, 1, -1, -1));
	CU_ASSERT_EQUAL(one->len, two->len);
	CU_ASSERT_EQUAL(memcmp(one->data, two->data, one->len), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr((char *)one->data, "METHOD:REQUEST\r\n"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr((char *)one->data, "https://events.example.org/events/9"));
	g_byte_array_free(one, TRUE);
	g_byte_array_free(two, TRUE);
	one = bytes(at(m, 0, 1, 1));
	two = bytes(at(m, 2, -1, -1));
	CU_ASSERT_EQUAL(one->len, two->len);
	CU_ASSERT_EQUAL(memcmp(one->data, two->data, one->len), 0);
	CU_ASSERT_EQUAL(memcmp(one->data, "\x89PNG", 4), 0);
	g_byte_array_free(one, TRUE);
	g_byte_array_free(two, TRUE);
	CU_ASSERT_STRING_EQUAL(
	    g_mime_object_get_content_id(at(m, 0, 1, 1)), "ticket@mail");
	CU_ASSERT(says(at(m, 0, 1, 0), "src=\"cid:ticket@mail\""));
	printf("\n    %zu bytes on the wire ", mail.wire.size);
	g_object_unref(m);
	text_free(&shape);
	text_free(&mail.wire);
	json_decref(row);
	arena_free(arena);
}

static void
headers_are_stable_and_say_who(void)
{
	json_t *row;
	struct composed mail;
	GMimeMessage *m;
	InternetAddress *from, *to;

	begin();
	row = confirmed("ورشة عمل 研修, été", "2026-03-04T14:00:00+05:45",
	    "2026-03-04T16:00:00+05:45", "Asia/Kathmandu");
	CU_ASSERT_EQUAL_FATAL(notice_compose(&mail, arena, &house, row, &f), 0);
	m = parse(&mail.wire);
	CU_ASSERT_STRING_EQUAL(g_mime_message_get_subject(m),
	    "You are registered: ورشة عمل 研修, été");
	CU_ASSERT_STRING_EQUAL(
	    g_mime_message_get_message_id(m), "notice-77@events.example.org");
	from = internet_address_list_get_address(g_mime_message_get_from(m), 0);
	to = internet_address_list_get_address(g_mime_message_get_to(m), 0);
	CU_ASSERT_STRING_EQUAL(
	    internet_address_get_name(from), house.organisation);
	CU_ASSERT_STRING_EQUAL(
	    internet_address_get_name(to), "Amina Müller, 王小明");
	CU_ASSERT_EQUAL(strncmp(internet_address_mailbox_get_addr(
	                            INTERNET_ADDRESS_MAILBOX(from)),
	                    "calendar+5-", 11),
	    0);
	CU_ASSERT_STRING_EQUAL(
	    g_mime_object_get_header(GMIME_OBJECT(m), "Auto-Submitted"),
	    "auto-generated");
	CU_ASSERT_PTR_NULL(
	    g_mime_object_get_header(GMIME_OBJECT(m), "List-Unsubscribe"));
	for (const char *p = mail.wire.data; (p = strchr(p, '\n')) != NULL; p++)
		CU_ASSERT(p[-1] == '\r');
	CU_ASSERT_EQUAL(mail_bounce_read(house.secret, mail.bounce), 77);
	g_object_unref(m);
	text_free(&mail.wire);
	json_decref(row);
	arena_free(arena);
}

static void
a_name_with_line_ends_is_still_written_to(void)
{
	json_t *row;
	struct composed mail;
	GMimeMessage *m;

	begin();
	row = confirmed("T", "2026-03-04T14:00:00+05:45",
	    "2026-03-04T16:00:00+05:45", "Asia/Kathmandu");
	json_object_set_new(row, "name", json_string("Amina\tM\r\nX: y"));
	CU_ASSERT_EQUAL_FATAL(notice_compose(&mail, arena, &house, row, &f), 0);
	m = parse(&mail.wire);
	CU_ASSERT_STRING_EQUAL(
	    internet_address_get_name(
	        internet_address_list_get_address(g_mime_message_get_to(m), 0)),
	    "Amina M  X: y");
	g_object_unref(m);
	text_free(&mail.wire);
	json_decref(row);
	arena_free(arena);
}

static void
times_are_local_with_their_zone(void)
{
	static const char *const all[][5] = {
		{ "2026-06-04T14:00:00+03:00", "2026-06-04T16:30:00+03:00",
		    "Africa/Cairo",
		    "Thursday 4 June 2026, 14:00–16:30 "
		    "(Africa/Cairo, UTC+03:00)" },
		{ "2026-06-04T09:00:00+05:00", "2026-06-04T10:00:00+05:00",
		    "Asia/Almaty",
		    "Thursday 4 June 2026, 09:00–10:00 "
		    "(Asia/Almaty, UTC+05:00)" },
		{ "2026-07-01T22:00:00-06:00", "2026-07-02T01:00:00-06:00",
		    "America/Mexico_City",
		    "Wednesday 1 July 2026, 22:00 – Thursday 2 July 2026, "
		    "01:00 "
		    "(America/Mexico City, UTC-06:00)" },
		{ "2026-07-01T09:00:00-03:00", "2026-07-01T10:00:00-03:00",
		    "America/Asuncion",
		    "Wednesday 1 July 2026, 09:00–10:00 "
		    "(America/Asuncion, UTC-03:00)" },
		{ "2026-03-04T14:00:00+05:45", "2026-03-06T16:00:00+05:45",
		    "Asia/Kathmandu",
		    "Wednesday 4 March 2026 – Friday 6 March 2026, from 14:00 "
		    "(Asia/Kathmandu, UTC+05:45)" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct letter l;
		json_t *row;

		begin();
		row = confirmed("T", all[i][0], all[i][1], all[i][2]);
		CU_ASSERT_EQUAL_FATAL(wording(&l, arena, &house, row, &f), 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(l.text, all[i][3]));
		if (strstr(l.text, all[i][3]) == NULL)
			printf("\n%s\n", l.text);
		json_decref(row);
		arena_free(arena);
	}
}

static void
the_text_alone_says_all_and_escapes_nothing(void)
{
	struct letter l;
	json_t *row;

	begin();
	row = confirmed("R&D <b>\"x\"</b> 'q'", "2026-06-04T14:00:00+03:00",
	    "2026-06-04T16:30:00+03:00", "Africa/Cairo");
	CU_ASSERT_EQUAL_FATAL(wording(&l, arena, &house, row, &f), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "    R&D <b>\"x\"</b> 'q'\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "Hall <3> & Garden, Kathmandu"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(l.text, "https://meet.example.org/x?a=1&b=2"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(l.text, "https://events.example.org/events/9\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "https://events.example.org/r/"));
	CU_ASSERT_PTR_NULL(strstr(l.html, "<b>\"x\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(l.html, "R&amp;D &lt;b&gt;"));
	CU_ASSERT_PTR_NULL(strstr(l.text, "⟨"));
	CU_ASSERT_PTR_NULL(strstr(l.html, "⟨"));
	json_decref(row);
	arena_free(arena);
}

static void
every_kind_has_its_words(void)
{
	static const char *const kinds[] = { "registration.confirmed",
		"registration.promoted", "registration.waitlisted",
		"registration.again", "registration.reissued",
		"registration.withdrawn", "registration.cancelled",
		"registration.picked", "registration.unpicked",
		"registration.offered", "registration.nominated",
		"registration.reminder_offer", "registration.requested",
		"registration.seconded", "registration.reasked",
		"registration.approved", "registration.declined",
		"registration.expired", "registration.transferred_from",
		"registration.transferred_to", "registration.pick_promoted",
		"registration.decide", "registration.reminder_decide",
		"invite.changed", "invite.event_cancelled",
		"invite.session_cancelled", "signin" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct letter l = { 0 };
		json_t *row;

		begin();
		row = confirmed("T", "2026-06-04T14:00:00+03:00",
		    "2026-06-04T16:30:00+03:00", "Africa/Cairo");
		json_object_set_new(row, "kind", json_string(kinds[i]));
		json_object_set_new(row, "place", json_integer(3));
		json_object_set_new(row, "details",
		    json_pack("{s:s,s:s,s:i}", "code", "ABCD2345", "link",
		        "tok", "requests", 2));
		CU_ASSERT_EQUAL(wording(&l, arena, &house, row, &f), 0);
		CU_ASSERT_PTR_NOT_NULL_FATAL(l.text);
		CU_ASSERT_PTR_NULL(strstr(l.subject, "⟨"));
		CU_ASSERT_PTR_NULL(strstr(l.text, "⟨"));
		CU_ASSERT_PTR_NULL(strstr(l.html, "⟨"));
		json_decref(row);
		arena_free(arena);
	}
}

static void
an_offer_is_answered_on_its_page(void)
{
	struct letter l = { 0 };
	json_t *row;
	char *page, *event;

	begin();
	row = confirmed("T", "2026-06-04T14:00:00+03:00",
	    "2026-06-04T16:30:00+03:00", "Africa/Cairo");
	json_object_set_new(row, "kind", json_string("registration.offered"));
	json_object_set_new(row, "state", json_string("offered"));
	json_object_set_new(
	    row, "expires", json_string("2026-05-01T12:00:00+03:00"));
	json_object_set_new(row, "has_ticket", json_false());
	CU_ASSERT_EQUAL_FATAL(wording(&l, arena, &house, row, &f), 0);
	page = strstr(l.text, "https://events.example.org/r/");
	event = strstr(l.text, "https://events.example.org/events/9");
	CU_ASSERT(page != NULL && event != NULL && page < event);
	CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "Please answer by"));
	CU_ASSERT_PTR_NOT_NULL(strstr(l.html, "Please answer by"));
	json_decref(row);
	arena_free(arena);
}

static void
who_decides_is_sent_to_the_requests(void)
{
	struct letter l = { 0 };
	json_t *row;

	begin();
	row = json_pack("{s:s,s:s,s:s,s:s,s:i,s:{s:i,s:s}}", "kind",
	    "registration.decide", "email", "o@example.org", "language", "en",
	    "title", "T", "event_id", 9, "details", "requests", 2, "step",
	    "organizer");
	CU_ASSERT_EQUAL_FATAL(wording(&l, arena, &house, row, &f), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "2 registrations wait"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(l.text, "https://events.example.org/events/9/requests"));
	json_decref(row);
	arena_free(arena);
}

/* A row of a message to many. */
static json_t *
of_many(const char *topic)
{
	json_t *row = confirmed("Rivers", "2026-03-04T14:00:00+05:45",
	    "2026-03-04T15:00:00+05:45", "Asia/Kathmandu");
	const char *const words[][2] = { { "kind", "mailing" }, { "uid", "" },
		{ "method", "" },
		{ "subject_words", "Boots for {event}\r\nBcc: x" },
		{ "body_words",
		    "Dear {name},\n\n**{event}** begins on {starts} "
		    "in {place}: {ticket} <b>" },
		{ "topic", topic },
		{ "key", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9" },
		{ "state", "confirmed" },
		{ "mail_key", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		json_object_set_new(row, words[i][0], json_string(words[i][1]));

	return row;
}

static void
a_message_to_many_can_be_unsubscribed(void)
{
	struct composed c = { 0 };
	json_t *row = of_many("event");
	GMimeMessage *m;
	const char *leave;

	begin();
	CU_ASSERT_EQUAL_FATAL(notice_compose(&c, arena, &house, row, &f), 0);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(c.wire.data, "\r\nList-Unsubscribe: "
	                        "<https://events.example.org/unsubscribe/"));
	m = parse(&c.wire);
	CU_ASSERT_STRING_EQUAL(
	    g_mime_object_get_header(GMIME_OBJECT(m), "List-Unsubscribe-Post"),
	    "List-Unsubscribe=One-Click");
	CU_ASSERT_STRING_EQUAL(
	    g_mime_message_get_subject(m), "Boots for Rivers  Bcc: x");
	leave = g_mime_object_get_header(GMIME_OBJECT(m), "List-Unsubscribe");
	CU_ASSERT_EQUAL(strlen(leave), strlen("<https://events.example.org/"
	                                      "unsubscribe/>") +
	                                   43);
	CU_ASSERT(says(at(m, 0, -1, -1),
	    "Rivers begins on Wednesday 4 March 2026, 14:00 (Asia/Kathmandu)"));
	CU_ASSERT(says(at(m, 0, -1, -1), "/ticket <b>"));
	CU_ASSERT(says(at(m, 1, -1, -1), "<strong>Rivers</strong>"));
	CU_ASSERT(says(at(m, 1, -1, -1), "&lt;b&gt;"));
	CU_ASSERT(says(at(m, 1, -1, -1), "/unsubscribe/"));
	g_object_unref(m);
	text_free(&c.wire);
	json_decref(row);
	arena_free(arena);
}

static void
what_is_essential_cannot(void)
{
	struct composed c = { 0 };
	json_t *row = of_many("");

	begin();
	CU_ASSERT_EQUAL_FATAL(notice_compose(&c, arena, &house, row, &f), 0);
	CU_ASSERT_PTR_NULL(strcasestr(c.wire.data, "unsubscribe"));
	text_free(&c.wire);
	json_decref(row);
	arena_free(arena);
}

static void
a_kind_without_words_is_a_fault(void)
{
	json_t *odd = json_pack("{s:s}", "kind", "odd");
	struct letter l;

	begin();
	CU_ASSERT_EQUAL(wording(&l, arena, &house, odd, &f), -1);
	json_decref(odd);
	arena_free(arena);
}

static void
a_sign_in_has_its_code_and_link(void)
{
	json_t *row;
	struct composed mail;
	GMimeMessage *m;
	struct text shape;

	begin();
	row = json_pack("{s:i,s:s,s:s,s:s,s:{s:s,s:s}}", "id", 8, "kind",
	    "signin", "email", "b@example.org", "language", "en", "details",
	    "code", "ABCD2345", "link", "tok_en-1");
	CU_ASSERT_EQUAL_FATAL(notice_compose(&mail, arena, &house, row, &f), 0);
	m = parse(&mail.wire);
	text_init(&shape, 1000);
	tree(g_mime_message_get_mime_part(m), &shape);
	CU_ASSERT_STRING_EQUAL(shape.data, "alternative(plain,html)");
	CU_ASSERT_STRING_EQUAL(
	    g_mime_message_get_subject(m), "ABCD2345 is your code to sign in");
	CU_ASSERT(says(at(m, 0, -1, -1), "    ABCD2345\r\n"));
	CU_ASSERT(says(at(m, 0, -1, -1),
	    "https://events.example.org/signin/tok_en-1\r\n"));
	g_object_unref(m);
	text_free(&shape);
	text_free(&mail.wire);
	json_decref(row);
	arena_free(arena);
}

static void
a_cancellation_tells_the_calendar(void)
{
	json_t *row;
	struct composed mail;
	GMimeMessage *m;

	begin();
	row = confirmed("T", "2026-06-04T14:00:00+03:00",
	    "2026-06-04T16:30:00+03:00", "Africa/Cairo");
	json_object_set_new(row, "kind", json_string("registration.withdrawn"));
	json_object_set_new(row, "method", json_string("CANCEL"));
	json_object_set_new(row, "state", json_string("withdrawn"));
	json_object_set_new(row, "has_ticket", json_false());
	CU_ASSERT_EQUAL_FATAL(notice_compose(&mail, arena, &house, row, &f), 0);
	m = parse(&mail.wire);
	CU_ASSERT(says(at(m, 0, 2, -1), "METHOD:CANCEL\r\n"));
	CU_ASSERT(says(at(m, 0, 2, -1), "STATUS:CANCELLED\r\n"));
	CU_ASSERT_STRING_EQUAL(
	    g_mime_object_get_content_type_parameter(at(m, 0, 2, -1), "method"),
	    "CANCEL");
	g_object_unref(m);
	text_free(&mail.wire);
	json_decref(row);
	arena_free(arena);
}

static void
nothing_gets_into_a_header(void)
{
	struct mail good = { .id = "notice-1",
		.domain = "x.example",
		.from = "a@x.example",
		.from_name = "A",
		.to = "b@x.example",
		.to_name = "",
		.subject = "S",
		.text = "T" };
	struct mail bad[8];
	struct text out;

	begin();
	for (int i = 0; i < 8; i++)
		bad[i] = good;
	bad[0].subject = "S\r\nBcc: c@x.example";
	bad[1].to = "b@x.example\r\nBcc: c@x.example";
	bad[2].to = "b@x.example, c@x.example";
	bad[3].to_name = "B\nBcc: c@x.example";
	bad[4].from_name = "A\r";
	bad[5].id = "1>\r\nX: y";
	bad[6].to = "<b@x.example>";
	bad[7].unsubscribe = "https://x/\r\nX: y";
	text_init(&out, 1 << 20);
	CU_ASSERT_EQUAL(mail_write(&out, &good, &f), 0);
	CU_ASSERT_PTR_NULL(strstr(out.data, "multipart"));
	text_free(&out);
	for (int i = 0; i < 8; i++) {
		text_init(&out, 1 << 20);
		CU_ASSERT_EQUAL(mail_write(&out, &bad[i], &f), -1);
		CU_ASSERT_EQUAL(out.size, 0);
		text_free(&out);
	}
	arena_free(arena);
}

static void
a_bounce_address_is_believed_only_with_its_code(void)
{
	static const uint8_t key[32] = { 1 }, other[32] = { 2 };
	const char *address;

	begin();
	address = mail_bounce(arena, key, 123456789012, "x.example");
	CU_ASSERT_EQUAL(mail_bounce_read(key, address), 123456789012);
	CU_ASSERT_EQUAL(mail_bounce_read(other, address), -1);
	CU_ASSERT_EQUAL(mail_bounce_read(key, "bounce+1=@x.example"), -1);
	CU_ASSERT_EQUAL(mail_bounce_read(key, "bounce+=1@x.example"), -1);
	CU_ASSERT_EQUAL(
	    mail_bounce_read(key, "bounce+99999999999999999999=0@x"), -1);
	CU_ASSERT(strchr(address, '@') - address <= 64);
	arena_free(arena);
	template_set_free(house.templates);
	house.templates = NULL;
}

SUITE(mail, SAYS(a_confirmation_has_the_tree_of_the_guide),
    SAYS(headers_are_stable_and_say_who),
    SAYS(a_name_with_line_ends_is_still_written_to),
    SAYS(times_are_local_with_their_zone),
    SAYS(the_text_alone_says_all_and_escapes_nothing),
    SAYS(every_kind_has_its_words), SAYS(an_offer_is_answered_on_its_page),
    SAYS(who_decides_is_sent_to_the_requests),
    SAYS(a_message_to_many_can_be_unsubscribed), SAYS(what_is_essential_cannot),
    SAYS(a_kind_without_words_is_a_fault),
    SAYS(a_sign_in_has_its_code_and_link),
    SAYS(a_cancellation_tells_the_calendar), SAYS(nothing_gets_into_a_header),
    SAYS(a_bounce_address_is_believed_only_with_its_code))
