/* One registration: for the holder of the mail's link, and for its person. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/token.h"
#include "checkin/keys.h"
#include "checkin/qr.h"
#include "checkin/ticket.h"
#include "invite/download.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "registration/own.h"
#include "sql.h"

/* What of the row is its event's. */
static const char *const of_event[] = { "title", "slug", "zone", "mode",
	"starts", "ends", "one_day", "venue", "city", "online_url",
	"is_published", NULL };

int
own_by_token(struct visit *v, struct fault *f)
{
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	(void)f;
	token_hash(visit_field(v, "token"), hash);
	visit_bind(v, "manage", hash);

	return 0;
}

const char *
own_address(struct visit *v, const json_t *row)
{
	const char *token = visit_field(v, "token");

	if (token != NULL)
		return arena_printf(visit_arena(v), "/r/%s", token);

	return arena_printf(visit_arena(v), "/registrations/%lld",
	    (long long)json_integer_value(json_object_get(row, "id")));
}

/* The flat row into page.event and page.registration. */
static void
split(struct visit *v, json_t *page, json_t *row)
{
	json_t *event = json_object();

	for (int i = 0; of_event[i] != NULL; i++) {
		json_object_set(
		    event, of_event[i], json_object_get(row, of_event[i]));
		json_object_del(row, of_event[i]);
	}
	json_object_set(event, "id", json_object_get(row, "event_id"));
	json_object_set(event, "state", json_object_get(row, "event_state"));
	json_object_set_new(row, "manage", json_string(own_address(v, row)));
	json_object_set_new(row, "calendar",
	    visit_field(v, "token") != NULL
	        ? json_sprintf("%s/invite.ics", own_address(v, row))
	        : json_sprintf("/events/%lld/event.ics",
	              (long long)json_integer_value(
	                  json_object_get(row, "event_id"))));
	json_object_set_new(page, "event", event);
}

static int
put_ticket(struct visit *v, json_t *page, const json_t *row, struct fault *f)
{
	const struct ticket_keys *keys;
	struct ticket t = { .event = (uint32_t)json_integer_value(
		                json_object_get(row, "event_id")),
		.registration =
		    (uint64_t)json_integer_value(json_object_get(row, "id")),
		.serial = (uint16_t)json_integer_value(
		    json_object_get(row, "serial")) };
	char spelt[TICKET_CHARS + 1];
	struct qr_svg qr;

	keys = checkin_keys(f);
	if (keys == NULL)
		return -1;
	ticket_sign(keys, &t, spelt);
	if (qr_svg(visit_arena(v), spelt, &qr, f) == -1)
		return -1;
	json_object_set_new(page, "qr",
	    json_pack("{s:i, s:s}", "side", qr.side, "path", qr.path));
	json_object_set_new(page, "ticket", json_string(spelt));

	return 0;
}

int
own_show(struct visit *v, json_t *page, bool ticket, struct fault *f)
{
	json_t *row = json_object_get(page, "registration");

	/* Who works at the event has lists of their own. */
	if (json_is_false(json_object_get(row, "own")))
		return fault(f, FAULT_MISSING, "", "registration.missing");
	if (ticket && json_is_true(json_object_get(row, "has_ticket")) &&
	    put_ticket(v, page, row, f) == -1)
		return -1;
	split(v, page, row);

	return 0;
}

/* The page of it: with the ticket, and with what was answered. */
static int
own_answer(struct visit *v, json_t *page, struct fault *f)
{
	answers_say(v, json_object_get(page, "answers"));
	own_edit(v, page);

	return own_show(v, page, true, f);
}

static int
ticket_answer(struct visit *v, json_t *page, struct fault *f)
{
	if (own_show(v, page, true, f) == -1)
		return -1;
	if (json_object_get(page, "qr") == NULL)
		return fault(
		    f, FAULT_CONFLICT, "", "registration.not_confirmed");

	return 0;
}

/* Asked before it is done, for a seat that is given up is gone. */
static int
leave_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *row = json_object_get(page, "registration");

	if (own_show(v, page, false, f) == -1)
		return -1;
	if (!json_is_true(json_object_get(row, "is_live")))
		visit_go(v, own_address(v, row));

	return 0;
}

static int
ics_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct invite_file file = { .name = "invite.ics" };

	return invite_respond(v, json_object_get(page, "entries"), &file, f);
}

const struct act registration_managed = { .room = "registration",
	.summary = "One registration with its ticket, for the holder of the "
	           "mail's link",
	.before = own_by_token,
	.asks = { { "registration", &SQL_REGISTRATION_MANAGED, ONE },
	    { "told", &SQL_REGISTRATION_MANAGED_TOLD, ONE },
	    { "picks", &SQL_REGISTRATION_MANAGED_PICKS, MANY },
	    { "answers", &SQL_REGISTRATION_ANSWERS_BY_TOKEN, MANY },
	    { "edit", &SQL_REGISTRATION_EDIT_FORM_BY_TOKEN, ONE },
	    { "terms", &SQL_REGISTRATION_TRANSFER_TERMS, MAYBE } },
	.answer = own_answer,
	.page = "registration/manage",
	.quiet = true };

const struct act registration_managed_ticket = { .room = "registration",
	.summary = "The ticket alone, for the holder of the mail's link",
	.before = own_by_token,
	.asks = { { "registration", &SQL_REGISTRATION_MANAGED, ONE } },
	.answer = ticket_answer,
	.page = "checkin/ticket",
	.quiet = true };

const struct act registration_managed_ics = { .room = "registration",
	.summary =
	    "The event's calendar entry, for the holder of the mail's link",
	.before = own_by_token,
	.asks = { { "entries", &SQL_INVITE_MANAGED, MANY } },
	.answer = ics_answer,
	.quiet = true };

const struct act registration_managed_leave = { .room = "registration",
	.summary =
	    "Asks the holder of the mail's link whether to give the place up",
	.before = own_by_token,
	.asks = { { "registration", &SQL_REGISTRATION_MANAGED, ONE } },
	.answer = leave_answer,
	.page = "registration/withdraw",
	.form = &registration_managed_withdraw,
	.quiet = true };

const struct act registration_managed_withdraw = { .room = "registration",
	.summary = "Gives the place up; it goes to the next in line",
	.before = own_by_token,
	.asks = { { "", &SQL_REGISTRATION_WITHDRAW_BY_TOKEN, ONE } },
	.go = "/r/{token}",
	.said = "flash.registration_withdrawn",
	.limit = "registration",
	.write = true,
	.quiet = true };

/* By a button and not by opening the mail's link: what reads mails for people
 * opens links, too. */
const struct act registration_managed_accept = { .room = "registration",
	.summary = "Takes the seat that was offered",
	.before = own_by_token,
	.asks = { { "", &SQL_REGISTRATION_ACCEPT_BY_TOKEN, ONE } },
	.go = "/r/{token}",
	.said = "flash.registration_accepted",
	.limit = "registration",
	.write = true,
	.quiet = true };

const struct act registration_own_accept = { .room = "registration",
	.summary = "Takes the seat that one was offered",
	.asks = { { "", &SQL_REGISTRATION_ACCEPT, ONE } },
	.go = "/registrations/{registration}",
	.said = "flash.registration_accepted",
	.write = true };

const struct act registration_own = { .room = "registration",
	.summary = "One's own registration with its ticket",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "told", &SQL_REGISTRATION_OWN_TOLD, ONE },
	    { "picks", &SQL_REGISTRATION_PICKS, MANY },
	    { "answers", &SQL_REGISTRATION_OWN_ANSWERS, MANY },
	    { "edit", &SQL_REGISTRATION_EDIT_FORM, ONE },
	    { "terms", &SQL_REGISTRATION_TRANSFER_TERMS, MAYBE } },
	.answer = own_answer,
	.page = "registration/manage",
	.quiet = true };

const struct act registration_own_ticket = { .room = "registration",
	.summary = "One's own ticket alone",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE } },
	.answer = ticket_answer,
	.page = "checkin/ticket",
	.quiet = true };

const struct act registration_own_leave = { .room = "registration",
	.summary = "Asks whether to give one's own place up",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE } },
	.answer = leave_answer,
	.page = "registration/withdraw",
	.form = &registration_own_withdraw,
	.quiet = true };

const struct act registration_own_withdraw = { .room = "registration",
	.summary = "Gives one's own place up; it goes to the next in line",
	.asks = { { "", &SQL_REGISTRATION_WITHDRAW, ONE } },
	.go = "/registrations/{registration}",
	.said = "flash.registration_withdrawn",
	.write = true };
