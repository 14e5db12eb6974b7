/* Registering: the form, and what is said afterwards. */
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/token.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "sql.h"

enum { TYPED_SECONDS = 300, EMAIL_BYTES = 254 };

/* Who registered without an account sees the address again that they typed,
 * for a slip in it is why mails do not come.  Nobody else's browser does. */
static const char typed_cookie[] = "registered";

static const char *const ways[] = { "face_to_face", "online", NULL };

static const struct field take_fields[] = { { .name = "email",
	                                        .kind = FIELD_EMAIL,
	                                        .flags = REQUIRED | STRANGER,
	                                        .autocomplete = "email" },
	{ .name = "name",
	    .kind = FIELD_WORD,
	    .flags = REQUIRED | STRANGER,
	    .most = 200,
	    .autocomplete = "name" },
	{ .name = "organisation",
	    .kind = FIELD_WORD,
	    .most = 200,
	    .autocomplete = "organization" },
	{ .name = "country", .kind = FIELD_COUNTRY, .autocomplete = "country" },
	{ .name = "via", .kind = FIELD_CHOICE, .choices = ways },
	{ .name = "answers", .kind = FIELD_ANSWERS },
	{ .name = "key", .kind = FIELD_UUID, .flags = REQUIRED | HIDDEN },
	{ .name = "code", .kind = FIELD_WORD, .most = 64 },
	{ .name = "hold", .kind = FIELD_FLAG, .flags = HIDDEN },
	{ .name = NULL } };

static const struct act held_form;

/* An invitation's link brings its code. */
static const struct field form_fields[] = {
	{ .name = "code", .kind = FIELD_WORD, .most = 64 }, { .name = NULL }
};

/* Each form has a key of its own: sent twice, it is one registration. */
static int
form_before(struct visit *v, struct fault *f)
{
	char *key = arena_alloc(visit_arena(v), UUID_CHARS + 1);

	(void)f;
	token_uuid(key);
	visit_bind(v, "key", key);

	return 0;
}

static int
form_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *event = json_object_get(page, "event");
	json_t *mine = json_object_get(page, "mine");
	const char *mode = json_string_value(json_object_get(event, "mode"));
	bool held = json_is_true(json_object_get(mine, "is_held"));

	(void)f;
	answers_form(v, page, json_object_get(page, "questions"), NULL,
	    json_object_get(page, "answer_faults"));
	json_object_del(page, "answer_faults");
	json_object_set_new(event, "is_hybrid",
	    json_boolean(mode != NULL && strcmp(mode, "hybrid") == 0));
	if (mine != NULL)
		json_object_set_new(mine, "manage",
		    json_sprintf("/registrations/%lld",
		        (long long)json_integer_value(
		            json_object_get(mine, "registration"))));
	/* Who holds a seat does not queue for one. */
	json_object_set_new(event, "queues",
	    json_boolean(
	        !held && json_is_true(json_object_get(event, "full"))));
	if (held) {
		/* Not yet registered: the form is still to be sent. */
		json_object_set(page, "held", mine);
		json_object_del(page, "mine");
	}

	return 0;
}

static int
take_before(struct visit *v, struct fault *f)
{
	char *token = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);
	const uint8_t *secret = registration_secret(f);

	if (secret == NULL)
		return -1;
	registration_manage(secret, visit_field(v, "key"), token);
	token_hash(token, hash);
	visit_bind(v, "manage", hash);

	return 0;
}

static void
remember_typed(struct visit *v)
{
	const char *email = visit_field(v, "email");
	size_t room = 2 * EMAIL_BYTES;
	char *spelt = arena_alloc(visit_arena(v), room);

	if (email == NULL || strlen(email) > EMAIL_BYTES)
		return;
	token_base64url(email, strlen(email), spelt, room);
	visit_cookie(v, typed_cookie, spelt, TYPED_SECONDS);
}

/* Nothing is held where seats are not scarce.  In a browser the form goes on,
 * with what was typed into it. */
static int
hold_answer(struct visit *v, json_t *page)
{
	if (!visit_wants_json(v)) {
		json_object_clear(page);
		visit_then(v, &held_form);
	} else if (!json_is_integer(json_object_get(page, "registration"))) {
		json_object_clear(page);
	}

	return 0;
}

static int
held_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_object_set_new(page, "was_tried", json_true());

	return form_answer(v, page, f);
}

/* A stranger learns nothing here: what became of it, only the mail says. */
static int
take_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *registration = json_object_get(page, "registration");

	(void)f;
	if (strcmp(visit_field(v, "hold"), "true") == 0)
		return hold_answer(v, page);
	if (json_is_null(json_object_get(page, "expires")))
		json_object_del(page, "expires");
	if (json_is_integer(registration)) {
		visit_go(
		    v, arena_printf(visit_arena(v),
		           "/registrations/%lld?said=flash.registration_taken",
		           (long long)json_integer_value(registration)));
		return 0;
	}
	remember_typed(v);
	json_object_clear(page);
	json_object_set_new(page, "mailed", json_true());
	if (visit_wants_json(v))
		visit_status(v, 202);

	return 0;
}

/* The address that this browser typed a moment ago, or NULL. */
static const char *
typed(struct visit *v)
{
	const char *sent = visit_cookie_sent(v, typed_cookie);
	char *email = arena_alloc(visit_arena(v), EMAIL_BYTES + 1);
	size_t size;

	if (sent == NULL || token_base64url_read(sent, strlen(sent), email,
	                        EMAIL_BYTES, &size) == -1)
		return NULL;
	email[size] = '\0';

	return strlen(email) == size && text_utf8(email, size) &&
	               text_plain(email, size, false) &&
	               strchr(email, '@') != NULL
	           ? email
	           : NULL;
}

static int
taken_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *email = typed(v);

	(void)f;
	if (email != NULL && !visit_wants_json(v) &&
	    !json_is_integer(json_object_get(page, "registration")))
		json_object_set_new(page, "email", json_string(email));

	return 0;
}

const struct act registration_form = { .room = "registration",
	.summary = "An event's seats, and the form to register",
	.fields = form_fields,
	.before = form_before,
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE },
	    { "mine", &SQL_REGISTRATION_MY_EVENT, MAYBE },
	    { "questions", &SQL_REGISTRATION_QUESTIONS, MANY },
	    { "answer_faults", &SQL_REGISTRATION_FORM_FAULTS, MANY } },
	.answer = form_answer,
	.page = "registration/form",
	.form = &registration_take,
	.quiet = true };

const struct act registration_take = { .room = "registration",
	.summary = "Takes a seat, or a place on the waiting list; the same key "
	           "repeats the first answer",
	.fields = take_fields,
	.body_max = LONG_TEXT,
	.before = take_before,
	.asks = { { "", &SQL_REGISTRATION_TAKE, ONE } },
	.answer = take_answer,
	.go = "/events/{event}/registered",
	.again = &registration_form,
	.limit = "registration",
	.write = true,
	.rush = true,
	.together = true };

static const struct act held_form = { .room = "registration",
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE },
	    { "mine", &SQL_REGISTRATION_MY_EVENT, MAYBE },
	    { "questions", &SQL_REGISTRATION_QUESTIONS, MANY } },
	.answer = held_answer,
	.page = "registration/form",
	.form = &registration_take,
	.typed = true,
	.quiet = true };

const struct act registration_taken = { .room = "registration",
	.summary = "What is said after registering; of the state only to who "
	           "signed in",
	.asks = { { "event", &SQL_REGISTRATION_EVENT, ONE },
	    { "", &SQL_REGISTRATION_MY_EVENT, MAYBE } },
	.answer = taken_answer,
	.page = "registration/taken",
	.quiet = true };
