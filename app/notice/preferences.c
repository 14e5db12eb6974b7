/* Which mail one wants: on one's own page, and by the link in a mail. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "notice/acts.h"
#include "notice/unsubscribe.h"
#include "registration/keys.h"
#include "sql.h"

/* What a mail program sends is a line; what is longer is no such thing. */
enum { CLICK_MOST = 4096 };

static const struct field fields[] = { { .name = "event", .kind = FIELD_FLAG },
	{ .name = "reminder", .kind = FIELD_FLAG },
	{ .name = "program", .kind = FIELD_FLAG }, { .name = NULL } };

/* The link says whose mail, and which; its signature that we made it. */
static int
token_before(struct visit *v, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	char *key = arena_alloc(visit_arena(v), UUID_CHARS + 1);
	const char *topic;

	if (secret == NULL)
		return -1;
	if (unsubscribe_read(secret, visit_field(v, "token"), key, &topic) ==
	    -1)
		return fault(f, FAULT_MISSING, "", "web.no_page");
	visit_bind(v, "mail_key", key);
	visit_bind(v, "topic", topic);

	return 0;
}

static int
leaving_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *topic = visit_field(v, "topic");

	(void)f;
	json_object_set_new(page, "topic", json_string(topic));
	json_object_set_new(
	    page, "token", json_string(visit_field(v, "token")));
	json_object_set_new(page, "wanted",
	    json_boolean(json_is_true(
	        json_object_get(json_object_get(page, "wishes"), topic))));

	return 0;
}

const struct act notice_wishes = { .room = "notice",
	.summary = "Which mail one wants",
	.asks = { { "wishes", &SQL_NOTICE_WISHES, ONE } },
	.page = "notice/wishes",
	.form = &notice_prefer,
	.prefill = "wishes" };

const struct act notice_prefer = { .room = "notice",
	.summary = "Chooses which mail one wants",
	.fields = fields,
	.asks = { { "", &SQL_NOTICE_PREFER, MAYBE } },
	.go = "/profile/mail",
	.said = "flash.saved",
	.again = &notice_wishes,
	.write = true };

const struct act notice_leaving = { .room = "notice",
	.summary =
	    "The page of a mail's link to unsubscribe; nothing is changed",
	.before = token_before,
	.asks = { { "wishes", &SQL_NOTICE_WISHES, ONE } },
	.answer = leaving_answer,
	.page = "notice/leaving",
	.form = &notice_choose,
	.prefill = "wishes",
	.quiet = true };

/* RFC 8058: from a mail program, without cookie or origin, in any form, and
 * answered without going elsewhere.  Once more is the same. */
const struct act notice_unsubscribe = { .room = "notice",
	.summary = "Unsubscribes by one click (RFC 8058)",
	.before = token_before,
	.asks = { { "", &SQL_NOTICE_UNSUBSCRIBE, MAYBE },
	    { "wishes", &SQL_NOTICE_WISHES, ONE } },
	.answer = leaving_answer,
	.page = "notice/leaving",
	.form = &notice_choose,
	.prefill = "wishes",
	.write = true,
	.body_max = CLICK_MOST,
	.raw = true,
	.quiet = true,
	.cross_site = true };

const struct act notice_choose = { .room = "notice",
	.summary = "Chooses which mail one wants, by a mail's link",
	.fields = fields,
	.before = token_before,
	.asks = { { "", &SQL_NOTICE_PREFER, MAYBE } },
	.go = "/unsubscribe/{token}",
	.said = "flash.saved",
	.write = true };
