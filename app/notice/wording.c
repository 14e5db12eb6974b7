#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "invite/ics.h"
#include "notice/mailing.h"
#include "notice/unsubscribe.h"
#include "notice/wording.h"
#include "registration/manage.h"
#include "web/template.h"

enum { LETTER_MAX = 256 << 10 };

const char *
notice_word(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s == NULL ? "" : s;
}

static bool
is(const json_t *row, const char *name, const char *value)
{
	return strcmp(notice_word(row, name), value) == 0;
}

static json_int_t
number(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

int
notice_has_ticket(const json_t *row)
{
	return json_is_true(json_object_get(row, "has_ticket"));
}

int
notice_is_mailing(const json_t *row)
{
	return is(row, "kind", "mailing");
}

static void
put(json_t *context, const char *name, const char *value)
{
	json_object_set_new(context, name, json_string(value));
}

/* The value of a message's argument: a text or whole number of the context. */
static const char *
argument(void *context, const char *name)
{
	static char number[24];
	const json_t *value = json_object_get(context, name);

	if (!json_is_integer(value))
		return json_string_value(value);
	snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
	    json_integer_value(value));

	return number;
}

/* How its time is said: on one day, over midnight, or over several days. */
static const char *
when(struct arena *a, const json_t *row)
{
	const char *starts = notice_word(row, "starts");
	const char *ends = notice_word(row, "ends");
	struct ics_entry e;
	struct fault f;

	if (ics_entry_read(a, &e, row, &f) == 0 && e.first != NULL)
		return "notice.when.days";

	return strncmp(starts, ends, 10) == 0 ? "notice.when.day"
	                                      : "notice.when.night";
}

const char *
notice_zone(struct arena *a, const json_t *row)
{
	char *out = arena_text(a, notice_word(row, "zone"));

	for (char *p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';

	return out;
}

static void
put_subject_of(struct arena *a, json_t *context, const json_t *row)
{
	bool session = number(row, "session_id") != 0;
	struct ics_entry e;
	struct fault f;

	put(context, "title", notice_word(row, "title"));
	if (session)
		put(context, "of", notice_word(row, "event_title"));
	put(context, "starts", notice_word(row, "starts"));
	put(context, "ends", notice_word(row, "ends"));
	put(context, "zone", notice_zone(a, row));
	put(context, "when", when(a, row));
	put(context, "look",
	    session ? "notice.look.session" : "notice.look.event");
	if (ics_entry_read(a, &e, row, &f) == -1)
		return;
	if (strcmp(e.place, e.online) != 0)
		put(context, "place", e.place);
	if (!is(row, "method", "CANCEL"))
		put(context, "online_url", e.online);
}

const char *
notice_url(struct arena *a, const struct notice_house *h, const json_t *row)
{
	json_int_t session = number(row, "session_id");

	if (session != 0)
		return arena_printf(
		    a, "%s/sessions/%" JSON_INTEGER_FORMAT, h->origin, session);

	return arena_printf(a, "%s/events/%" JSON_INTEGER_FORMAT, h->origin,
	    number(row, "event_id"));
}

static bool
has_ended(const json_t *row)
{
	return is(row, "state", "declined") || is(row, "state", "withdrawn") ||
	       is(row, "state", "expired") || is(row, "state", "cancelled");
}

static void
swap(json_t *context, const char *one, const char *other)
{
	json_t *was = json_incref(json_object_get(context, one));

	json_object_set(context, one, json_object_get(context, other));
	json_object_set_new(context, other, was);
}

/* An offer is there to be answered: that comes first, the event after it. */
static void
put_links(struct arena *a, json_t *context, const struct notice_house *h,
    const json_t *row)
{
	const char *key = notice_word(row, "key");
	char token[TOKEN_CHARS + 1];

	put(context, "link", notice_url(a, h, row));
	if (is(row, "kind", "registration.invited")) {
		put(context, "link",
		    arena_printf(a, "%s/register?code=%s",
		        notice_url(a, h, row),
		        notice_word(json_object_get(row, "details"), "code")));
		put(context, "look", "notice.look.invited");
	}
	if (key[0] == '\0')
		return;
	registration_manage(h->secret, key, token);
	put(context, "manage", arena_printf(a, "%s/r/%s", h->origin, token));
	put(context, "manage_words",
	    has_ended(row) ? "notice.manage.ended" : "notice.manage");
	if (is(row, "state", "offered")) {
		put(context, "expires", notice_word(row, "expires"));
		swap(context, "link", "manage");
		put(context, "look", "notice.look.offer");
		put(context, "manage_words", "notice.look.event");
	}
}

/* To who decides: how many requests there are, and where. */
static void
put_requests(struct arena *a, json_t *context, const struct notice_house *h,
    const json_t *row)
{
	const json_t *details = json_object_get(row, "details");

	put(context, "note", notice_word(details, "note"));
	if (number(details, "requests") == 0)
		return;
	json_object_set_new(
	    context, "requests", json_integer(number(details, "requests")));
	put(context, "look", "notice.look.requests");
	if (is(details, "step", "coordinator"))
		put(context, "link",
		    arena_printf(a, "%s/coordinate", h->origin));
	else
		put(context, "link",
		    arena_printf(a,
		        "%s/events/%" JSON_INTEGER_FORMAT "/requests",
		        h->origin, number(row, "event_id")));
}

/* The agenda's times are said as the letter's own are. */
static void
put_agenda(struct arena *a, json_t *context, const json_t *row)
{
	json_t *agenda = json_deep_copy(json_object_get(row, "agenda")), *each;
	size_t i;

	json_array_foreach(agenda, i, each)
	{
		json_object_set_new(each, "session_id", json_integer(1));
		put(each, "when", when(a, each));
	}
	if (json_array_size(agenda) > 0 && notice_has_ticket(row)) {
		json_object_set_new(context, "has_agenda", json_true());
		json_object_set(context, "agenda", agenda);
	}
	json_decref(agenda);
}

/* A change of time or place has words of its own. */
static const char *
kind_of(struct arena *a, const json_t *row)
{
	const json_t *details = json_object_get(row, "details");
	const char *kind = notice_word(row, "kind");
	const char *dot = strchr(kind, '.');

	if (strncmp(kind, "invite.", 7) == 0 &&
	    json_is_true(json_object_get(details, "material")))
		return arena_printf(a, "%.*s.moved", (int)(dot - kind), kind);

	return kind;
}

static void
put_house(json_t *c, const struct notice_house *h, const char *language)
{
	put(c, "lang", language);
	put(c, "dir", language_rtl(language) ? "rtl" : "ltr");
	put(c, "organisation", h->organisation);
	put(c, "origin", h->origin);
}

static json_t *
context_of(struct arena *a, const struct notice_house *h, const json_t *row,
    const char *language)
{
	const json_t *details = json_object_get(row, "details");
	json_t *c = json_object();

	put_house(c, h, language);
	put(c, "name", notice_word(row, "name"));
	put(c, "lead", arena_printf(a, "notice.%s.lead", kind_of(a, row)));
	if (is(row, "kind", "signin")) {
		put(c, "code", notice_word(details, "code"));
		put(c, "link",
		    arena_printf(a, "%s/signin/%s", h->origin,
		        notice_word(details, "link")));
		return c;
	}
	put_subject_of(a, c, row);
	put_links(a, c, h, row);
	put_requests(a, c, h, row);
	put_agenda(a, c, row);
	if (notice_has_ticket(row))
		json_object_set_new(c, "ticket", json_true());
	if (is(row, "method", "CANCEL"))
		json_object_set_new(c, "cancelled", json_true());
	if (number(row, "place") > 0)
		json_object_set_new(
		    c, "queue", json_integer(number(row, "place")));

	return c;
}

static const char *
render(struct arena *a, const struct notice_house *h, const char *template,
    const char *language, json_t *context, struct fault *f)
{
	char *words = NULL;
	struct text out;

	text_init(&out, LETTER_MAX);
	if (template_render(
	        h->templates, template, language, context, &out, f) == 0) {
		if (out.full)
			fault(f, FAULT_BROKEN, "", "web.broken");
		else
			words = arena_text(a, out.size == 0 ? "" : out.data);
	}
	text_free(&out);

	return words;
}

const char *
notice_line(struct arena *a, const char *s)
{
	char *out = arena_text(a, s);

	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';

	return out;
}

const char *
notice_unsubscribe_url(
    struct arena *a, const struct notice_house *h, const json_t *row)
{
	const char *key = notice_word(row, "mail_key");
	const char *topic = notice_word(row, "topic");
	char token[TOKEN_CHARS + 1];

	if (key[0] == '\0' || topic[0] == '\0')
		return NULL;
	unsubscribe_token(h->secret, key, topic, token);

	return arena_printf(a, "%s/unsubscribe/%s", h->origin, token);
}

/* Both forms of a letter, framed by the templates of that name. */
static int
frame(struct letter *l, struct arena *a, const struct notice_house *h,
    const char *name, const char *language, json_t *context, struct fault *f)
{
	put(context, "subject", l->subject);
	l->text =
	    render(a, h, arena_printf(a, "%s.txt", name), language, context, f);
	l->html = render(a, h, name, language, context, f);
	json_decref(context);

	return l->text == NULL || l->html == NULL ? -1 : 0;
}

/* The words are the organizer's own. */
static int
mailing(struct letter *l, struct arena *a, const struct notice_house *h,
    const json_t *row, const char *language, struct fault *f)
{
	const char *unsubscribe = notice_unsubscribe_url(a, h, row);
	json_t *context = json_object();
	struct mailing_words words;

	if (notice_word(row, "body_words")[0] == '\0') {
		json_decref(context);
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "the mailing is no more");
	}
	mailing_words(&words, a, h, row);
	l->subject = notice_line(a, words.subject);
	put_house(context, h, language);
	put(context, "name", notice_word(row, "name"));
	put(context, "body", words.plain);
	put(context, "body_html", words.html);
	if (unsubscribe != NULL)
		put(context, "unsubscribe", unsubscribe);

	return frame(l, a, h, "notice/mailing", language, context, f);
}

int
wording(struct letter *l, struct arena *a, const struct notice_house *h,
    const json_t *row, struct fault *f)
{
	const char *language = language_known(notice_word(row, "language"));
	bool signin = is(row, "kind", "signin");
	const char *key;
	json_t *context;

	if (language == NULL)
		language = languages[0];
	if (notice_is_mailing(row))
		return mailing(l, a, h, row, language, f);
	key = arena_printf(a, "notice.%s.subject", kind_of(a, row));
	if (!message_known(key))
		return fault_detail(f, FAULT_BROKEN, "kind", "web.broken",
		    "no wording for %s", notice_word(row, "kind"));

	context = context_of(a, h, row, language);
	l->subject =
	    notice_line(a, message(a, language, key, argument, context));

	return frame(l, a, h, signin ? "notice/signin" : "notice/letter",
	    language, context, f);
}
