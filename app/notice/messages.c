/* Messages to many: written, looked at, sent, watched. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/messages.h"
#include "notice/acts.h"
#include "notice/mailing.h"
#include "notice/placeholder.h"
#include "notice/wording.h"
#include "registration/filter.h"
#include "sql.h"
#include "web/nav.h"

/* Who is asked for when nobody is: all who are not out of it. */
static const char live[] = "{\"state\": [\"held\", \"requested\", "
                           "\"waitlisted\", \"offered\", \"confirmed\"]}";

enum { SUBJECT_MOST = 150, BODY_MOST = 8000, DAYS_MOST = 365 };

static const char *const kinds[] = { "mailing", "reminder", NULL };
static const char *const topics[] = { "event", "reminder", "program", NULL };
static const char *const anchors[] = { "starts", "ends", "cutoff", "opens",
	NULL };
static const char *const sides[] = { "before", "after", NULL };

/* Messages to begin with; notice.template.<name>.subject and .body. */
static const struct template
{
	const char *name, *anchor, *side, *days;
}
templates[] = { { "week", "starts", "before", "7" },
	{ "day", "starts", "before", "1" },
	{ "closing", "cutoff", "before", "3" },
	{ "opening", "opens", "after", "0" },
	{ "thanks", "ends", "after", "1" }, { NULL, NULL, NULL, NULL } };

/* What became of somebody: as the counts of a mailing are named. */
static const char *const outcomes[] = { "sent", "waiting", "deferred", "failed",
	"bounced", "unwanted", "unreachable", "stopped", NULL };

#define WORDS_IN(language)                                                     \
	{ .name = "subject_" language,                                         \
		.kind = FIELD_WORD,                                            \
		.most = SUBJECT_MOST },                                        \
	{                                                                      \
		.name = "body_" language, .kind = FIELD_TEXT,                  \
		.most = BODY_MOST                                              \
	}

static const struct field fields[] = { { .name = "kind",
	                                   .kind = FIELD_CHOICE,
	                                   .flags = REQUIRED | HIDDEN,
	                                   .choices = kinds },
	{ .name = "version", .kind = FIELD_NUMBER, .flags = HIDDEN },
	{ .name = "filter", .kind = FIELD_JSON, .flags = HIDDEN, .most = 4000 },
	{ .name = "days", .kind = FIELD_NUMBER, .most = DAYS_MOST },
	{ .name = "hours", .kind = FIELD_NUMBER, .most = 23 },
	{ .name = "side", .kind = FIELD_CHOICE, .choices = sides },
	{ .name = "anchor", .kind = FIELD_CHOICE, .choices = anchors },
	WORDS_IN("en"), WORDS_IN("fr"), WORDS_IN("es"), WORDS_IN("pt"),
	WORDS_IN("ar"), WORDS_IN("zh"), WORDS_IN("ru"),
	{ .name = "topic",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = topics },
	{ .name = "essential", .kind = FIELD_FLAG }, { .name = NULL } };

static const struct field new_fields[] = {
	{ .name = "kind", .kind = FIELD_CHOICE, .choices = kinds },
	{ .name = "filter", .kind = FIELD_JSON, .most = 4000 },
	{ .name = "from", .kind = FIELD_ID },
	{ .name = "template", .kind = FIELD_WORD, .most = 20 }, { .name = NULL }
};

static const struct field show_fields[] = {
	{ .name = "show", .kind = FIELD_CHOICE, .choices = outcomes },
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL }
};

/* --- what was written --- */

static const char *
in(struct visit *v, const char *what, const char *language)
{
	return arena_printf(visit_arena(v), "%s_%s", what, language);
}

/* One of the words: nothing in it that would go out as it stands. */
static int
check(struct visit *v, const char *name, const char *words, struct fault *f)
{
	const char *unknown = placeholder_unknown(visit_arena(v), words);

	if (unknown == NULL)
		return 0;
	fault(f, FAULT_INPUT, name, "notice.placeholder_unknown");
	snprintf(f->text, sizeof(f->text), "{%s}", unknown);

	return -1;
}

/* A language has both, or neither. */
static int
take_language(struct visit *v, const char *language, json_t *subject,
    json_t *body, struct fault *f)
{
	const char *head_name = in(v, "subject", language);
	const char *text_name = in(v, "body", language);
	const char *head = visit_field(v, head_name);
	const char *text = visit_field(v, text_name);
	bool has_head = head != NULL && head[0] != '\0';
	bool has_text = text != NULL && text[0] != '\0';

	if (!has_head && !has_text)
		return 0;
	if (has_head != has_text)
		return fault(f, FAULT_INPUT, has_head ? text_name : head_name,
		    "notice.words_half");
	if (check(v, head_name, head, f) == -1 ||
	    check(v, text_name, text, f) == -1)
		return -1;
	json_object_set_new(subject, language, json_string(head));
	json_object_set_new(body, language, json_string(text));

	return 0;
}

static void
bind_json(struct visit *v, const char *name, json_t *value)
{
	visit_bind_json(v, name, value);
	json_decref(value);
}

/* A mailing goes when it is sent, whatever the form says of time. */
static int
take_time(struct visit *v, struct fault *f)
{
	const char *side = visit_field(v, "side");
	const char *days = visit_field(v, "days");
	const char *hours = visit_field(v, "hours");
	const char *sign =
	    side != NULL && strcmp(side, "before") == 0 ? "-" : "";

	if (strcmp(visit_field(v, "kind"), "reminder") != 0) {
		visit_bind(v, "anchor", NULL);
		return 0;
	}
	if (visit_field(v, "anchor") == NULL)
		return fault(f, FAULT_INPUT, "anchor", "web.required");
	if (side == NULL)
		return fault(f, FAULT_INPUT, "side", "web.required");
	visit_bind(v, "lag",
	    arena_printf(visit_arena(v), "%s%s days %s%s hours", sign,
	        days == NULL ? "0" : days, sign, hours == NULL ? "0" : hours));

	return 0;
}

static void
take_filter(struct visit *v)
{
	const char *filter = visit_field(v, "filter");

	if (filter == NULL)
		visit_bind(v, "filter", live);
}

static int
save_before(struct visit *v, struct fault *f)
{
	json_t *subject = json_object(), *body = json_object();
	int ret = take_time(v, f);

	take_filter(v);
	for (int i = 0; languages[i] != NULL && ret == 0; i++)
		ret = take_language(v, languages[i], subject, body, f);
	bind_json(v, "subject", subject);
	bind_json(v, "body", body);

	return ret;
}

/* --- the form --- */

/* Which languages are asked for at once: those of the readers, the event's,
 * and those that have words. */
static void
ask_languages(struct visit *v, json_t *page)
{
	const json_t *event = json_object_get(page, "event"), *row;
	const json_t *draft = json_object_get(page, "draft");
	json_t *asked = json_object();
	json_int_t people = 0;
	const char *code;
	json_t *word;
	size_t i;

	json_object_set_new(asked,
	    in(v, "ask", json_string_value(json_object_get(event, "language"))),
	    json_true());
	json_array_foreach(json_object_get(page, "readers"), i, row)
	{
		people += json_integer_value(json_object_get(row, "people"));
		json_object_set_new(asked,
		    in(v, "ask",
		        json_string_value(json_object_get(row, "code"))),
		    json_true());
	}
	json_object_foreach(json_object_get(draft, "body"), code, word)
	    json_object_set_new(asked, in(v, "ask", code), json_true());
	json_object_update(page, asked);
	json_decref(asked);
	json_object_set_new(page, "reached", json_integer(people));
}

/* The same people as the list of registrations shows them. */
static void
put_list(struct visit *v, json_t *page, const char *filter)
{
	json_t *read = filter == NULL ? NULL : json_loads(filter, 0, NULL);

	if (json_is_object(read))
		json_object_set_new(page, "list_query",
		    json_string(filter_query(visit_arena(v), read)));
	json_decref(read);
}

static int
new_before(struct visit *v, struct fault *f)
{
	(void)f;
	take_filter(v);

	return 0;
}

static const struct template *
chosen_template(const struct visit *v)
{
	const char *name = visit_field(v, "template");

	for (const struct template *t = templates; t->name != NULL; t++)
		if (name != NULL && strcmp(t->name, name) == 0)
			return t;

	return NULL;
}

/* As if it had been written before, in every language that there is. */
static json_t *
draft_of(struct visit *v, const struct template *t)
{
	struct arena *a = visit_arena(v);
	json_t *draft = json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind",
	    "reminder", "anchor", t->anchor, "side", t->side, "days", t->days,
	    "topic", "reminder");

	for (int i = 0; languages[i] != NULL; i++) {
		json_object_set_new(draft, in(v, "subject", languages[i]),
		    json_string(message(a, languages[i],
		        arena_printf(a, "notice.template.%s.subject", t->name),
		        NULL, NULL)));
		json_object_set_new(draft, in(v, "body", languages[i]),
		    json_string(message(a, languages[i],
		        arena_printf(a, "notice.template.%s.body", t->name),
		        NULL, NULL)));
	}

	return draft;
}

static void
put_if(json_t *o, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(o, name, json_string(value));
}

/* A copy has the words of what it was made from, and no state of it. */
static int
new_answer(struct visit *v, json_t *page, struct fault *f)
{
	const struct template *t = chosen_template(v);
	json_t *draft = json_object_get(page, "draft");

	(void)f;
	if (t != NULL)
		json_object_set_new(page, "draft", draft_of(v, t));
	else if (draft == NULL)
		json_object_set_new(page, "draft",
		    json_pack(
		        "{s:s, s:s}", "kind", "mailing", "topic", "event"));
	draft = json_object_get(page, "draft");
	put_if(draft, "kind", visit_field(v, "kind"));
	put_if(draft, "filter", visit_field(v, "filter"));
	json_object_set_new(page, "is_reminder",
	    json_boolean(
	        strcmp(json_string_value(json_object_get(draft, "kind")),
	            "reminder") == 0));
	put_list(v, page, visit_field(v, "filter"));
	ask_languages(v, page);

	return 0;
}

static int
edit_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *kind = visit_field(v, "kind");

	(void)f;
	if (kind == NULL)
		kind = json_string_value(
		    json_object_get(json_object_get(page, "draft"), "kind"));
	json_object_set_new(page, "is_reminder",
	    json_boolean(kind != NULL && strcmp(kind, "reminder") == 0));
	json_object_set_new(page, "is_edit", json_true());
	put_list(v, page,
	    json_string_value(
	        json_object_get(json_object_get(page, "draft"), "filter")));
	ask_languages(v, page);

	return 0;
}

/* --- one of them --- */

static void
put_preview(struct visit *v, json_t *page)
{
	struct notice_house house = { .origin = visit_origin(v),
		.organisation = config("name") };
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "preview"), i, row)
	{
		const char *language =
		    language_known(notice_word(row, "language"));
		struct mailing_words words;

		if (language == NULL)
			language = languages[0];
		mailing_words(&words, visit_arena(v), &house, row);
		json_object_clear(row);
		json_object_set_new(row, "language", json_string(language));
		json_object_set_new(
		    row, "in", json_string(language_name(language)));
		json_object_set_new(row, "letter_dir",
		    json_string(language_rtl(language) ? "rtl" : "ltr"));
		json_object_set_new(row, "subject", json_string(words.subject));
		json_object_set_new(row, "plain", json_string(words.plain));
		json_object_set_new(row, "body_html", json_string(words.html));
	}
}

/* The counts that are not none, each with the way to its people. */
static void
put_outcomes(struct visit *v, json_t *page)
{
	const char *show = visit_field(v, "show");
	json_t *list = json_array();

	for (int i = 0; outcomes[i] != NULL; i++) {
		json_int_t count =
		    json_integer_value(json_object_get(page, outcomes[i]));

		if (count == 0 && i > 0)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s, s:I, s:b, s:b}", "outcome", outcomes[i],
		        "count", count, "some", count > 0, "shown",
		        show != NULL && strcmp(show, outcomes[i]) == 0));
	}
	json_object_set_new(page, "outcomes", list);
	if (show != NULL)
		json_object_set_new(page, "show", json_string(show));
}

static int
message_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_int_t people = 0;
	const json_t *row;
	size_t i;

	(void)f;
	json_array_foreach(json_object_get(page, "readers"), i, row) people +=
	    json_integer_value(json_object_get(row, "people"));
	json_object_set_new(page, "reached", json_integer(people));
	put_preview(v, page);
	put_list(v, page, json_string_value(json_object_get(page, "filter")));
	json_object_set(page, "subject",
	    json_object_get(json_array_get(json_object_get(page, "preview"), 0),
	        "subject"));
	put_outcomes(v, page);
	nav_by_key(v, page, "persons");

	return 0;
}

/* --- the doors --- */

const struct act notice_messages = { .room = "notice",
	.summary = "An event's messages to many, and its reminders",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_NOTICE_COUNTS, ONE },
	    { "audiences", &SQL_NOTICE_AUDIENCES, MANY },
	    { "mailings", &SQL_NOTICE_MAILINGS, MANY } },
	.page = "notice/messages" };

const struct act notice_new = { .room = "notice",
	.summary = "The form of a new message, empty, from a template or "
	           "another message",
	.fields = new_fields,
	.before = new_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "readers", &SQL_NOTICE_RECIPIENTS, MANY },
	    { "copies", &SQL_NOTICE_COPIES, MANY },
	    { "draft", &SQL_NOTICE_DRAFT, MAYBE } },
	.answer = new_answer,
	.page = "notice/compose",
	.form = &notice_make,
	.prefill = "draft" };

const struct act notice_make = { .room = "notice",
	.summary = "Writes a message down, not yet sent",
	.fields = fields,
	.asks = { { "", &SQL_NOTICE_MAILING_SAVE, ONE } },
	.before = save_before,
	.go = "/events/{event}/messages/{mailing}",
	.again = &notice_new,
	.write = true,
	.body_max = LONG_TEXT };

const struct act notice_edit = { .room = "notice",
	.summary = "The form of a message that is not sent yet",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "draft", &SQL_NOTICE_DRAFT, ONE },
	    { "readers", &SQL_NOTICE_RECIPIENTS, MANY } },
	.answer = edit_answer,
	.page = "notice/compose",
	.form = &notice_save,
	.prefill = "draft" };

const struct act notice_save = { .room = "notice",
	.summary = "Changes a message that is not sent yet",
	.fields = fields,
	.asks = { { "", &SQL_NOTICE_MAILING_SAVE, ONE } },
	.before = save_before,
	.go = "/events/{event}/messages/{mailing}",
	.said = "flash.saved",
	.again = &notice_edit,
	.write = true,
	.body_max = LONG_TEXT };

const struct act notice_message = { .room = "notice",
	.summary = "A message: how it will look, or what became of it",
	.fields = show_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "", &SQL_NOTICE_MAILING, ONE },
	    { "readers", &SQL_NOTICE_RECIPIENTS, MANY },
	    { "preview", &SQL_NOTICE_PREVIEW, MANY },
	    { "persons", &SQL_NOTICE_MAILING_PEOPLE, MANY } },
	.answer = message_answer,
	.page = "notice/message" };

const struct act notice_test = { .room = "notice",
	.summary = "Mails a message to whoever asks, in each of its languages",
	.asks = { { "", &SQL_NOTICE_TEST, ONE } },
	.go = "/events/{event}/messages/{mailing}",
	.said = "flash.notice_test",
	.write = true };

const struct act notice_send = { .room = "notice",
	.summary = "Sends a message to all whom it reaches, or sets a "
	           "reminder's clock",
	.asks = { { "", &SQL_NOTICE_SEND, ONE } },
	.go = "/events/{event}/messages/{mailing}",
	.write = true };

const struct act notice_pause = { .room = "notice",
	.summary = "Holds a message that is being sent",
	.asks = { { "", &SQL_NOTICE_PAUSE, MAYBE } },
	.go = "/events/{event}/messages/{mailing}",
	.said = "flash.notice_paused",
	.write = true };

const struct act notice_resume = { .room = "notice",
	.summary = "Goes on with a message that was held",
	.asks = { { "", &SQL_NOTICE_RESUME, MAYBE } },
	.go = "/events/{event}/messages/{mailing}",
	.write = true };

const struct act notice_cancel = { .room = "notice",
	.summary = "Ends a message: who has not got it does not get it",
	.asks = { { "", &SQL_NOTICE_CANCEL, MAYBE } },
	.go = "/events/{event}/messages/{mailing}",
	.said = "flash.notice_stopped",
	.write = true };

const struct act notice_delete = { .room = "notice",
	.summary = "Throws a draft away",
	.asks = { { "", &SQL_NOTICE_DELETE, MAYBE } },
	.go = "/events/{event}/messages",
	.said = "flash.notice_deleted",
	.write = true };
