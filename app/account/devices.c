/* Phones at the door: enrolled by a QR code that is shown once. */
#include <stddef.h>

#include "account/acts.h"
#include "account/login.h"
#include "base/arena.h"
#include "base/token.h"
#include "checkin/qr.h"
#include "sql.h"

static const struct field make_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 80 },
	{ .name = NULL }
};

static const struct field use_fields[] = {
	{ .name = "token", .kind = FIELD_TOKEN, .flags = REQUIRED | HIDDEN },
	{ .name = NULL }
};

static int
make_before(struct visit *v, struct fault *f)
{
	char *token = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	(void)f;
	token_new(token);
	token_hash(token, hash);
	visit_bind(v, "enrolment", token);
	visit_bind(v, "token_hash", hash);

	return 0;
}

/* The address is in this answer alone; nobody can ask for it again. */
static int
make_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *enrolment = json_object_get(page, "enrolment");
	struct qr_svg qr;
	const char *address = arena_printf(visit_arena(v), "%s/enrol/%s",
	    visit_origin(v), visit_field(v, "enrolment"));

	if (qr_svg(visit_arena(v), address, &qr, f) == -1)
		return -1;
	json_object_set_new(
	    enrolment, "name", json_string(visit_field(v, "name")));
	json_object_set_new(enrolment, "address", json_string(address));
	json_object_set_new(enrolment, "qr",
	    json_pack("{s:i, s:s}", "side", qr.side, "path", qr.path));

	return 0;
}

static int
use_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "token_hash", visit_field(v, "token"));
	login_prepare(v, "login_hash");

	return 0;
}

static int
use_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	login_begin(v);

	return 0;
}

const struct act account_devices = { .room = "account",
	.summary = "The devices at an event's doors",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "devices", &SQL_ACCOUNT_DEVICES, MANY } },
	.page = "checkin/devices",
	.form = &account_enrolment_make };

const struct act account_enrolment_make = { .room = "account",
	.summary = "Makes a one-time address that enrols a device",
	.fields = make_fields,
	.before = make_before,
	.asks = { { "enrolment", &SQL_ACCOUNT_DEVICE_ENROL_MAKE, ONE },
	    { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "devices", &SQL_ACCOUNT_DEVICES, MANY } },
	.answer = make_answer,
	.page = "checkin/devices",
	.form = &account_enrolment_make,
	.again = &account_devices,
	.write = true,
	.quiet = true };

const struct act account_enrolment = { .room = "account",
	.summary = "Asks for the click that makes this browser a device",
	.page = "checkin/enrol",
	.form = &account_enrolment_use,
	.quiet = true };

const struct act account_enrolment_use = { .room = "account",
	.summary = "Makes this browser a device of the event",
	.fields = use_fields,
	.before = use_before,
	.asks = { { "", &SQL_ACCOUNT_DEVICE_ENROL_USE, ONE } },
	.answer = use_answer,
	.go = "/events/{event}/scan",
	.limit = "enrol",
	.write = true };

const struct act account_device_revoke = { .room = "account",
	.summary = "Ends a device at once",
	.asks = { { "", &SQL_ACCOUNT_DEVICE_REVOKE, ONE } },
	.go = "/events/{event}/devices",
	.said = "flash.saved",
	.write = true };
