/* An event's registrations, for its organizers. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "registration/acts.h"
#include "sql.h"
#include "web/nav.h"

enum { SEATS_MOST = 1000000, CSV_MAX = 64 << 20 };

static const char *const states[] = { "confirmed", "waitlisted", "withdrawn",
	"cancelled", "requested", "offered", "held", "declined", "expired",
	NULL };

/* The columns of the file, for good: programs read it. */
static const char *const columns[] = { "id", "name", "email", "language",
	"state", "via", "country", "organisation", "arrival", "created",
	"arrived", NULL };

static const struct field list_fields[] = {
	{ .name = "state", .kind = FIELD_CHOICE, .choices = states },
	{ .name = "q", .kind = FIELD_WORD, .most = 200 },
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field seats_fields[] = {
	{ .name = "seats", .kind = FIELD_NUMBER, .most = SEATS_MOST },
	{ .name = NULL }
};

static int
list_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *q = visit_field(v, "q"), *state = visit_field(v, "state");
	json_t *options = json_array();

	(void)f;
	nav_by_key(v, page, "registrations");
	for (int i = 0; states[i] != NULL; i++)
		json_array_append_new(options,
		    json_pack("{s:s, s:b}", "value", states[i], "chosen",
		        state != NULL && strcmp(state, states[i]) == 0));
	json_object_set_new(page, "states", options);
	json_object_set_new(page, "q", json_string(q == NULL ? "" : q));

	return 0;
}

/* Quoted; what a spreadsheet would take for a formula begins with a quote
 * mark there, which it does not show. */
static void
csv_text(struct text *out, const char *s)
{
	text_puts(out, "\"");
	if (s[0] != '\0' && strchr("=+-@\t\r", s[0]) != NULL)
		text_puts(out, "'");
	for (; *s != '\0'; s++)
		text_printf(out, *s == '"' ? "\"%c" : "%c", *s);
	text_puts(out, "\"");
}

static void
csv_row(struct text *out, const json_t *row)
{
	for (int i = 0; columns[i] != NULL; i++) {
		const json_t *value = json_object_get(row, columns[i]);

		if (i > 0)
			text_puts(out, ",");
		if (json_is_integer(value))
			text_printf(
			    out, "%lld", (long long)json_integer_value(value));
		else if (json_is_string(value))
			csv_text(out, json_string_value(value));
	}
	text_puts(out, "\r\n");
}

/* RFC 4180, with the mark by which spreadsheets know UTF-8. */
static int
csv_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *name = arena_printf(visit_arena(v),
	    "attachment; filename=\"registrations-%s.csv\"",
	    visit_field(v, "event"));
	struct text out;
	json_t *row;
	size_t n;
	bool full;

	text_init(&out, CSV_MAX);
	text_puts(&out, "\xef\xbb\xbf");
	for (int i = 0; columns[i] != NULL; i++)
		text_printf(&out, "%s%s", i > 0 ? "," : "", columns[i]);
	text_puts(&out, "\r\n");
	json_array_foreach(json_object_get(page, "rows"), n, row)
	    csv_row(&out, row);
	if (!out.full) {
		visit_respond_text(
		    v, "text/csv; charset=utf-8", out.data, out.size);
		visit_respond_header(v, "content-disposition", name);
	}
	full = out.full;
	text_free(&out);

	return full ? fault_detail(f, FAULT_BROKEN, "", "web.broken",
	                  "a list of more than %d bytes", CSV_MAX)
	            : 0;
}

const struct act registration_list = { .room = "registration",
	.summary = "An event's registrations in order of arrival, by state, "
	           "name or address",
	.fields = list_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_SCHEDULE_COUNTS, ONE },
	    { "registrations", &SQL_REGISTRATION_LIST, MANY } },
	.answer = list_answer,
	.page = "registration/list",
	.form = &registration_seats,
	.prefill = "counts" };

const struct act registration_csv = { .room = "registration",
	.summary = "An event's registrations as a file (CSV)",
	.asks = { { "rows", &SQL_REGISTRATION_EXPORT, MANY } },
	.answer = csv_answer,
	.quiet = true };

const struct act registration_seats = { .room = "registration",
	.summary = "Sets an event's seats (none: no limit); who waits moves up",
	.fields = seats_fields,
	.asks = { { "", &SQL_REGISTRATION_SET_SEATS, ONE } },
	.go = "/events/{event}/registrations",
	.said = "flash.seats_set",
	.again = &registration_list,
	.write = true };

const struct act registration_one = { .room = "registration",
	.summary = "One registration and what became of it, for the organizer",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "history", &SQL_REGISTRATION_HISTORY, MANY } },
	.page = "registration/one" };

const struct act registration_cancel = { .room = "registration",
	.summary = "Cancels somebody's registration; the seat goes to the next "
	           "in line",
	.asks = { { "", &SQL_REGISTRATION_CANCEL, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.registration_cancelled",
	.write = true };

const struct act registration_reissue = { .room = "registration",
	.summary = "Mails a new ticket; the one before is no longer valid",
	.asks = { { "", &SQL_REGISTRATION_REISSUE, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.ticket_reissued",
	.write = true };
