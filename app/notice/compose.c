#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "checkin/qr.h"
#include "invite/ics.h"
#include "notice/compose.h"
#include "notice/mail.h"

enum {
	WIRE_MAX = 1 << 20,
	ICS_MAX = 256 << 10,
	PNG_MAX = 64 << 10,
	PIXELS = 8
};

static const char *
say(struct arena *a, const json_t *row, const char *key)
{
	const char *language = language_known(notice_word(row, "language"));

	return message(
	    a, language == NULL ? languages[0] : language, key, NULL, NULL);
}

static int64_t
number(const json_t *row, const char *name)
{
	return json_integer_value(json_object_get(row, name));
}

static int
ticket(struct text *png, const struct notice_house *h, const json_t *row,
    struct fault *f)
{
	struct ticket t = { .event = (uint32_t)number(row, "event_id"),
		.registration = (uint64_t)number(row, "registration_id"),
		.serial = (uint16_t)number(row, "serial") };
	char spelt[TICKET_CHARS + 1];

	ticket_sign(h->tickets, &t, spelt);

	return qr_png(png, spelt, PIXELS, f);
}

/* From = ORGANIZER: a client knows an update and its answers by it. */
static int
calendar(struct text *ics, struct mail *m, struct arena *a,
    const struct notice_house *h, const json_t *row, struct fault *f)
{
	enum ics_method method = strcmp(notice_word(row, "method"), "CANCEL")
	                             ? ICS_REQUEST
	                             : ICS_CANCEL;
	struct ics_invite invite = { .organizer = ics_organizer(a, h->secret,
		                         number(row, "person_id"),
		                         notice_word(row, "uid"), h->domain),
		.organizer_name = h->organisation,
		.attendee = notice_word(row, "email"),
		.attendee_name = notice_line(a, notice_word(row, "name")),
		.partstat = notice_word(row, "partstat"),
		.now = clock_wall() / 1000 };
	struct ics_entry e;

	if (ics_entry_read(a, &e, row, f) == -1)
		return -1;
	e.url = notice_url(a, h, row);
	e.text = ics_about(a, row, e.online, e.url);
	e.join = say(a, row, "invite.join");
	m->from = invite.organizer;
	m->method = ics_method_name(method);
	m->calendar = ics;

	return ics_message(ics, method, &e, &invite, f);
}

static int
parts(struct mail *m, struct text *ics, struct text *png, struct arena *a,
    const struct notice_house *h, const json_t *row, struct fault *f)
{
	if (notice_word(row, "uid")[0] != '\0' &&
	    notice_word(row, "method")[0] != '\0' &&
	    calendar(ics, m, a, h, row, f) == -1)
		return -1;
	if (notice_has_ticket(row) && !notice_is_mailing(row)) {
		if (ticket(png, h, row, f) == -1)
			return -1;
		m->ticket = png;
		m->ticket_name = say(a, row, "notice.ticket_file");
	}

	return 0;
}

int
notice_compose(struct composed *out, struct arena *a,
    const struct notice_house *h, const json_t *row, struct fault *f)
{
	int64_t id = number(row, "id");
	struct text ics, png;
	struct letter letter = { 0 };
	struct mail m;
	int ret = -1;

	if (wording(&letter, a, h, row, f) == -1)
		return -1;
	m = (struct mail){ .id = arena_printf(a, "notice-%" PRId64, id),
		.domain = h->domain,
		.from = h->from,
		.from_name = h->organisation,
		.to = notice_word(row, "email"),
		.to_name = notice_line(a, notice_word(row, "name")),
		.subject = letter.subject,
		.date = clock_wall() / 1000,
		.language = notice_word(row, "language"),
		.text = letter.text,
		.html = letter.html,
		.unsubscribe = notice_unsubscribe_url(a, h, row) };

	text_init(&out->wire, WIRE_MAX);
	text_init(&ics, ICS_MAX);
	text_init(&png, PNG_MAX);
	if (parts(&m, &ics, &png, a, h, row, f) == 0)
		ret = mail_write(&out->wire, &m, f);
	out->bounce = mail_bounce(a, h->secret, id, h->domain);
	out->to = m.to;
	text_free(&ics);
	text_free(&png);
	if (ret == -1)
		text_free(&out->wire);

	return ret;
}
