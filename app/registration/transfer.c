/* A seat is handed to a colleague. */
#include "base/arena.h"
#include "base/fault.h"
#include "base/token.h"
#include "registration/acts.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "registration/own.h"
#include "sql.h"

static const struct field transfer_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "language", .kind = FIELD_LANGUAGE },
	{ .name = "key", .kind = FIELD_UUID, .flags = REQUIRED | HIDDEN },
	{ .name = NULL }
};

/* Each form has a key of its own: sent twice, it is one transfer. */
static int
form_before(struct visit *v, struct fault *f)
{
	char *key = arena_alloc(visit_arena(v), UUID_CHARS + 1);

	if (visit_field(v, "token") != NULL && own_by_token(v, f) == -1)
		return -1;
	token_uuid(key);
	visit_bind(v, "key", key);

	return 0;
}

static int
form_answer(struct visit *v, json_t *page, struct fault *f)
{
	if (own_show(v, page, false, f) == -1)
		return -1;
	if (!json_is_true(json_object_get(
	        json_object_get(page, "terms"), "may_transfer")))
		return fault(
		    f, FAULT_CONFLICT, "", "registration.transfer_off");

	return 0;
}

/* The colleague's link is made of the form's key. */
static int
transfer_before(struct visit *v, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	char *token = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	if (secret == NULL ||
	    (visit_field(v, "token") != NULL && own_by_token(v, f) == -1))
		return -1;
	registration_manage(secret, visit_field(v, "key"), token);
	token_hash(token, hash);
	visit_bind(v, "manage_next", hash);

	return 0;
}

const struct act registration_own_transferring = { .room = "registration",
	.summary = "Asks whom one's own seat goes to",
	.before = form_before,
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "terms", &SQL_REGISTRATION_TRANSFER_TERMS, ONE } },
	.answer = form_answer,
	.page = "registration/transfer",
	.form = &registration_own_transfer,
	.quiet = true };

const struct act registration_own_transfer = { .room = "registration",
	.summary = "Hands one's own seat to a colleague; both are told by mail",
	.fields = transfer_fields,
	.before = transfer_before,
	.asks = { { "", &SQL_REGISTRATION_TRANSFER, ONE } },
	.go = "/my",
	.said = "flash.transferred",
	.again = &registration_own_transferring,
	.limit = "registration",
	.write = true };

const struct act registration_managed_transferring = { .room = "registration",
	.summary = "Asks the holder of the mail's link whom the seat goes to",
	.before = form_before,
	.asks = { { "registration", &SQL_REGISTRATION_MANAGED, ONE },
	    { "terms", &SQL_REGISTRATION_TRANSFER_TERMS, ONE } },
	.answer = form_answer,
	.page = "registration/transfer",
	.form = &registration_managed_transfer,
	.quiet = true };

const struct act registration_managed_transfer = { .room = "registration",
	.summary = "Hands the seat to a colleague; the link ends with it",
	.fields = transfer_fields,
	.before = transfer_before,
	.asks = { { "", &SQL_REGISTRATION_TRANSFER_BY_TOKEN, ONE } },
	.go = "/events/{event}",
	.said = "flash.transferred",
	.again = &registration_managed_transferring,
	.limit = "registration",
	.write = true,
	.quiet = true };
