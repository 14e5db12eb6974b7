/* What is held about oneself, to read and to take along; and its end. */
#include <stdlib.h>
#include <string.h>

#include "account/acts.h"
#include "base/arena.h"
#include "base/messages.h"
#include "sql.h"

/* Of each list the page shows so many; the file has them all. */
enum { SHOWN = 100 };

/* The lists of what is held, in the order to be read. */
static const struct {
	const char *room, *name;
} lists[] = { { "account", "person" }, { "registration", "registrations" },
	{ "registration", "groups" }, { "registration", "invitations" },
	{ "registration", "notes" }, { "registration", "views" },
	{ "schedule", "speaking" }, { "archive", "records" },
	{ "archive", "materials" }, { "invite", "invites" },
	{ "checkin", "attendance" }, { "checkin", "scans" },
	{ "account", "consents" }, { "account", "looks" },
	{ "notice", "preferences" }, { "notice", "mails" },
	{ "account", "roles" }, { "account", "devices" },
	{ "checkin", "scanned" }, { "account", "logins" },
	{ "account", "signins" }, { "account", "acts" }, { NULL, NULL } };

/* What a page says of each entry, in this order; the rest is for machines. */
static const char *const facts[] = { "event", "session", "sessions", "title",
	"wording", "given", "name", "email", "by", "reason", "note", "language",
	"country", "zone", "organisation", "unit", "staff", "group", "called",
	"called", "nominated_by", "state", "via", "kind", "scope", "what",
	"topic", "wanted", "result", "people", "biography", "url", "act",
	"created", "expires", "since", "at", "sent", "last_seen", "bounced",
	NULL };

/* Of these an entry has several. */
static const struct {
	const char *list, *words;
} several[] = { { "picks", "session" }, { "changes", "became" },
	{ NULL, NULL } };

static const struct field erase_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "published", .kind = FIELD_FLAG }, { .name = NULL }
};

static const struct field erase_other_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "published", .kind = FIELD_FLAG },
	{ .name = "sure", .kind = FIELD_FLAG, .flags = REQUIRED },
	{ .name = NULL }
};

static const struct field retention_fields[] = { { .name = "retain_days",
	                                             .kind = FIELD_NUMBER,
	                                             .flags = REQUIRED,
	                                             .least = 1,
	                                             .most = 36500 },
	{ .name = NULL } };

/* The messages that word these, each with an argument of the fact's name. */
static const char *const wordings[][2] = { { "state", "registration.state" },
	{ "became", "registration.became" }, { "what", "notice.kind" },
	{ "result", "checkin.result" }, { "kind", "account.role_kind" },
	{ "scope", "account.role_scope" }, { NULL, NULL } };

/* A value in words: as the catalogue has it, or as it is. */
static const char *
in_words(struct visit *v, const char *fact, const char *value)
{
	struct arena *a = visit_arena(v);
	const char *key = arena_printf(a, "choice.%s.%s", fact, value);
	const char *words = NULL;

	if (strcmp(fact, "country") == 0)
		words = words_country(a, visit_language(v), value);
	else if (strcmp(fact, "language") == 0)
		words = words_language(a, visit_language(v), value);
	for (int i = 0; wordings[i][0] != NULL; i++)
		if (strcmp(fact, wordings[i][0]) == 0) {
			json_t *argument = json_pack("{s:s}", fact, value);

			words = visit_message(v, wordings[i][1], argument);
			json_decref(argument);
		}
	if (words == NULL && message_known(key))
		words = visit_message(v, key, NULL);

	return words == NULL ? value : words;
}

static const char *
label_of(struct visit *v, const char *fact)
{
	const char *key = arena_printf(visit_arena(v), "account.fact.%s", fact);

	if (!message_known(key))
		key = arena_printf(visit_arena(v), "field.%s", fact);

	return visit_message(v, key, NULL);
}

/* One line: what it is, in words or a moment. */
static void
put_fact(struct visit *v, json_t *said, const char *label, const char *fact,
    const json_t *value)
{
	const char *text = json_string_value(value);
	json_t *line;

	if (json_is_integer(value))
		text = arena_printf(visit_arena(v), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
	else if (json_is_boolean(value))
		text = visit_message(v,
		    json_is_true(value) ? "account.yes" : "account.no", NULL);
	if (text == NULL || text[0] == '\0')
		return;
	line = json_pack("{s:s}", "label", label);
	if (words_value(visit_arena(v), "en", "moment", text) != NULL &&
	    strchr(text, 'T') != NULL)
		json_object_set_new(line, "at", json_string(text));
	else
		json_object_set_new(
		    line, "words", json_string(in_words(v, fact, text)));
	json_array_append_new(said, line);
}

/* What was chosen of the needs that every form knows, and what was added. */
static const char *
needs_in_words(struct visit *v, const json_t *value)
{
	struct arena *a = visit_arena(v);
	const char *added = json_string_value(json_object_get(value, "words"));
	const char *said = "", *comma = visit_message(v, "web.comma", NULL);
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(value, "chosen"), i, one) said =
	    arena_printf(a, "%s%s%s", said, i == 0 ? "" : comma,
	        in_words(v, "need", json_string_value(one)));
	if (added != NULL && added[0] != '\0')
		said = arena_printf(
		    a, "%s%s%s", said, said[0] == '\0' ? "" : comma, added);

	return said;
}

/* An answer is kept in words only where its question had words to choose. */
static void
put_answer(struct visit *v, json_t *said, const json_t *one)
{
	const char *kind = json_string_value(json_object_get(one, "kind"));
	const json_t *value = json_object_get(one, "value");
	json_t *words = json_is_array(json_object_get(value, "chosen"))
	                    ? json_string(needs_in_words(v, value))
	                    : NULL;

	if (words == NULL && !json_is_boolean(value))
		value = json_object_get(one, "answer");
	put_fact(v, said, json_string_value(json_object_get(one, "question")),
	    kind, words == NULL ? value : words);
	json_decref(words);
}

static void
put_several(struct visit *v, json_t *said, const json_t *entry)
{
	json_t *one;
	size_t n;

	json_array_foreach(json_object_get(entry, "answers"), n, one)
	    put_answer(v, said, one);
	for (int i = 0; several[i].list != NULL; i++)
		json_array_foreach(
		    json_object_get(entry, several[i].list), n, one)
		{
			put_fact(v, said, label_of(v, several[i].list),
			    several[i].words,
			    json_object_get(one, several[i].words));
		}
}

static json_t *
readable_entry(struct visit *v, const json_t *entry)
{
	json_t *said = json_array();
	json_t *o = json_object();

	for (int i = 0; facts[i] != NULL; i++) {
		const json_t *value = json_object_get(entry, facts[i]);

		if (value != NULL)
			put_fact(
			    v, said, label_of(v, facts[i]), facts[i], value);
	}
	put_several(v, said, entry);
	json_object_set_new(o, "facts", said);
	if (json_is_true(json_object_get(entry, "holds")))
		json_object_set(o, "consent", json_object_get(entry, "id"));

	return o;
}

/* A list under its heading, when it holds something. */
static void
put_section(
    struct visit *v, json_t *sections, const char *name, const json_t *list)
{
	json_t *entries, *entry;
	size_t n;

	if (json_array_size(list) == 0)
		return;
	entries = json_array();
	json_array_foreach(list, n, entry)
	{
		if (n == SHOWN)
			break;
		json_array_append_new(entries, readable_entry(v, entry));
	}
	json_array_append_new(sections,
	    json_pack("{s:s, s:o, s:b}", "head",
	        arena_printf(visit_arena(v), "account.held.%s", name),
	        "entries", entries, "cut", json_array_size(list) > SHOWN));
}

static int
data_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *held = json_object_get(page, "held");
	json_t *sections;

	(void)f;
	if (visit_wants_json(v))
		return 0;
	sections = json_array();
	for (int i = 0; lists[i].name != NULL; i++)
		put_section(v, sections, lists[i].name,
		    json_object_get(
		        json_object_get(held, lists[i].room), lists[i].name));
	json_object_set_new(page, "sections", sections);
	json_object_del(page, "held");

	return 0;
}

static int
file_answer(struct visit *v, json_t *page, struct fault *f)
{
	char *text = json_dumps(
	    json_object_get(page, "held"), JSON_INDENT(2) | JSON_SORT_KEYS);

	(void)f;
	visit_respond_header(
	    v, "content-disposition", "attachment; filename=\"about-me.json\"");
	visit_respond_text(
	    v, "application/json; charset=utf-8", text, strlen(text));
	free(text);

	return 0;
}

/* The login is gone with the person. */
static int
erased_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	visit_cookie(v, visit_login_cookie(), "", 0);
	visit_respond_header(v, "clear-site-data", "\"storage\"");

	return 0;
}

const struct act account_data = { .room = "account",
	.summary = "All that is held about me",
	.asks = { { "", &SQL_ACCOUNT_EXPORT_ME, ONE } },
	.answer = data_answer,
	.page = "account/data",
	.quiet = true };

const struct act account_data_file = { .room = "account",
	.summary = "All that is held about me, as a file",
	.asks = { { "", &SQL_ACCOUNT_EXPORT_ME, ONE } },
	.answer = file_answer,
	.quiet = true };

const struct act account_consent_withdraw = { .room = "account",
	.summary = "Takes back a consent of mine",
	.asks = { { "", &SQL_ACCOUNT_CONSENT_WITHDRAW, MAYBE } },
	.go = "/profile/data",
	.said = "flash.consent_withdrawn",
	.write = true };

const struct act account_erasing = { .room = "account",
	.summary = "Asks whether I am sure that I want to be forgotten",
	.asks = { { "person", &SQL_ACCOUNT_ME, ONE } },
	.page = "account/erase",
	.form = &account_erase_me,
	.quiet = true };

const struct act account_erase_me = { .room = "account",
	.summary = "Erases me: gives up my seats, and deletes what is held "
	           "about me",
	.fields = erase_fields,
	.asks = { { "", &SQL_ACCOUNT_ERASE_ME, MAYBE } },
	.answer = erased_answer,
	.go = "/",
	.said = "flash.erased",
	.again = &account_erasing,
	.write = true };

const struct act account_erasing_other = { .room = "account",
	.summary = "Asks an administrator whom to erase",
	.page = "account/erase",
	.form = &account_erase,
	.quiet = true };

const struct act account_erase = { .room = "account",
	.summary = "Erases somebody who asked for it",
	.fields = erase_other_fields,
	.asks = { { "", &SQL_ACCOUNT_ERASE, ONE } },
	.go = "/people/erase",
	.said = "flash.erased_other",
	.again = &account_erasing_other,
	.write = true };

const struct act account_retention = { .room = "account",
	.summary = "How long an event keeps what people said of themselves",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "retention", &SQL_ACCOUNT_RETENTION, ONE } },
	.page = "account/retention",
	.form = &account_retention_set,
	.prefill = "retention" };

const struct act account_retention_set = { .room = "account",
	.summary =
	    "Says how long an event keeps what people said of themselves",
	.fields = retention_fields,
	.asks = { { "", &SQL_ACCOUNT_RETENTION_SET, MAYBE } },
	.go = "/events/{event}/retention",
	.said = "flash.saved",
	.again = &account_retention,
	.write = true };
