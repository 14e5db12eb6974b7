/* A person's feed, and calendar entries to download. */
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/token.h"
#include "invite/acts.h"
#include "invite/download.h"
#include "sql.h"

static int
feed_before(struct visit *v, struct fault *f)
{
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	(void)f;
	token_hash(visit_field(v, "token"), hash);
	visit_bind(v, "feed", hash);

	return 0;
}

static const char *
feed_argument(void *context, const char *name)
{
	return strcmp(name, "organisation") == 0
	           ? config("name")
	           : json_string_value(json_object_get(context, name));
}

/* In the person's language, for programs that fetch it say none of their own;
 * and so its bytes are the same for all of them. */
static int
feed_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *rows = json_object_get(page, "entries");
	json_t *first = json_array_get(rows, 0);
	struct invite_file file = { .name = "convene.ics", .feed = 1 };
	const char *spoken =
	    json_string_value(json_object_get(first, "language"));

	if (first == NULL)
		return fault(f, FAULT_MISSING, "", "web.no_page");
	file.language = spoken == NULL ? NULL : language_known(spoken);
	if (file.language == NULL)
		file.language = languages[0];
	file.title = message(visit_arena(v), file.language, "invite.feed_name",
	    feed_argument, first);
	file.page = arena_printf(visit_arena(v), "%s/my", visit_origin(v));

	return invite_respond(v, rows, &file, f);
}

static int
event_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct invite_file file = { .name = "event.ics" };

	return invite_respond(v, json_object_get(page, "entries"), &file, f);
}

static int
session_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct invite_file file = { .name = "session.ics" };

	return invite_respond(v, json_object_get(page, "entries"), &file, f);
}

const struct act invite_feed = { .room = "invite",
	.summary = "A person's calendar (iCalendar), by its secret address",
	.before = feed_before,
	.asks = { { "entries", &SQL_INVITE_FEED, MANY } },
	.answer = feed_answer,
	.quiet = true };

const struct act invite_event = { .room = "invite",
	.summary = "An event's calendar entry (iCalendar)",
	.asks = { { "entries", &SQL_INVITE_EVENT, MANY } },
	.answer = event_answer };

const struct act invite_session = { .room = "invite",
	.summary = "A session's calendar entry (iCalendar)",
	.asks = { { "entries", &SQL_INVITE_SESSION, MANY } },
	.answer = session_answer };
