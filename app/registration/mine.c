/* Everything of mine: registrations, agenda, feed. */
#include <string.h>

#include "base/arena.h"
#include "base/token.h"
#include "registration/acts.h"
#include "sql.h"
#include "web/acts.h"

static const struct field pick_fields[] = {
	{ .name = "next", .kind = FIELD_OPAQUE, .flags = HIDDEN },
	{ .name = NULL }
};

/* All of them: what has to be answered first, those to come, what is past. */
static int
mine_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *all = json_object_get(page, "all"), *row;
	json_t *to_do = json_array(), *coming = json_array();
	json_t *past = json_array();
	size_t i;

	(void)v;
	(void)f;
	json_array_foreach(all, i, row)
	{
		json_object_set_new(row, "manage",
		    json_sprintf("/registrations/%lld",
		        (long long)json_integer_value(
		            json_object_get(row, "id"))));
		json_array_append(
		    json_is_true(json_object_get(row, "to_do"))  ? to_do
		    : json_is_true(json_object_get(row, "past")) ? past
		                                                 : coming,
		    row);
	}
	json_object_set_new(page, "has_waits_for_me",
	    json_boolean(
	        json_array_size(to_do) +
	            json_array_size(json_object_get(page, "invitations")) >
	        0));
	json_object_set_new(page, "to_do", to_do);
	json_object_set_new(page, "registrations", coming);
	json_object_set_new(page, "past", past);
	json_object_del(page, "all");

	return 0;
}

static int
feed_before(struct visit *v, struct fault *f)
{
	char *token = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	(void)f;
	token_new(token);
	token_hash(token, hash);
	visit_bind(v, "token", token);
	visit_bind(v, "feed", hash);

	return 0;
}

/* The address is in this answer alone: only its hash is kept. */
static int
feed_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_object_del(page, "feed_make");
	json_object_set_new(page, "has_feed", json_true());
	json_object_set_new(page, "feed",
	    json_sprintf(
	        "%s/feed/%s.ics", visit_origin(v), visit_field(v, "token")));
	json_object_set_new(page, "said",
	    json_string(visit_message(v, "flash.feed_made", NULL)));

	return mine_answer(v, page, f);
}

/* Back to the page of ours where it was asked, if it says which. */
static void
go_back(struct visit *v, const char *said)
{
	const char *next = visit_field(v, "next");

	if (!path_ours(next))
		next = arena_printf(
		    visit_arena(v), "/sessions/%s", visit_field(v, "session"));
	visit_go(v, arena_printf(visit_arena(v), "%s%csaid=%s", next,
	                strchr(next, '?') ? '&' : '?', said));
}

static int
pick_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	go_back(v, json_is_true(json_object_get(page, "waiting"))
	               ? "flash.pick_waits"
	               : "flash.picked");

	return 0;
}

static int
unpick_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	go_back(v, "flash.unpicked");

	return 0;
}

const struct act registration_mine = { .room = "registration",
	.summary = "Everything of mine: registrations, agenda, feed",
	.asks = { { "all", &SQL_REGISTRATION_MINE, MANY },
	    { "picks", &SQL_REGISTRATION_MY_PICKS, MANY },
	    { "groups", &SQL_REGISTRATION_MY_GROUPS, MANY },
	    { "invitations", &SQL_REGISTRATION_MY_INVITATIONS, MANY },
	    { "", &SQL_INVITE_HAS_FEED, ONE } },
	.answer = mine_answer,
	.page = "registration/mine",
	.quiet = true };

const struct act registration_feed = { .room = "registration",
	.summary = "Makes a new secret address for my calendar feed; the one "
	           "before ends",
	.before = feed_before,
	.asks = { { "", &SQL_INVITE_FEED_MAKE, ONE },
	    { "all", &SQL_REGISTRATION_MINE, MANY },
	    { "picks", &SQL_REGISTRATION_MY_PICKS, MANY },
	    { "groups", &SQL_REGISTRATION_MY_GROUPS, MANY },
	    { "invitations", &SQL_REGISTRATION_MY_INVITATIONS, MANY } },
	.answer = feed_answer,
	.page = "registration/mine",
	.write = true,
	.quiet = true };

const struct act registration_pick = { .room = "registration",
	.summary = "Puts a session on my agenda, and in my calendar",
	.fields = pick_fields,
	.asks = { { "", &SQL_REGISTRATION_PICK, ONE } },
	.answer = pick_answer,
	.go = "/sessions/{session}",
	.write = true };

const struct act registration_unpick = { .room = "registration",
	.summary = "Takes a session off my agenda, and out of my calendar",
	.fields = pick_fields,
	.asks = { { "", &SQL_REGISTRATION_UNPICK, ONE } },
	.answer = unpick_answer,
	.go = "/sessions/{session}",
	.write = true };
