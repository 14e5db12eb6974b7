/* Records of the archive: published, listed, read, withdrawn, resolved. */
#include <stdlib.h>
#include <string.h>

#include "archive/acts.h"
#include "archive/ark.h"
#include "archive/json_ld.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "schedule/shown.h"
#include "sql.h"
#include "web/form.h"

enum { LIST_SHOWN = 30, YEAR_FIRST = 1900, YEAR_LAST = 9999 };

static const char *const accesses[] = { "public", "internal", "participants",
	NULL };

/* By SPDX identifier; the last is none of SPDX's. */
static const char *const licences[] = { "CC-BY-4.0", "CC-BY-SA-4.0",
	"CC-BY-NC-4.0", "CC0-1.0", "all-rights-reserved", NULL };

static const char *const licence_urls[] = {
	"https://creativecommons.org/licenses/by/4.0/",
	"https://creativecommons.org/licenses/by-sa/4.0/",
	"https://creativecommons.org/licenses/by-nc/4.0/",
	"https://creativecommons.org/publicdomain/zero/1.0/", "", NULL
};

static const struct field publish_fields[] = {
	{ .name = "title", .kind = FIELD_WORD, .flags = REQUIRED, .most = 500 },
	{ .name = "abstract", .kind = FIELD_TEXT, .most = 10000 },
	{ .name = "persons", .kind = FIELD_TEXT, .most = 10000 },
	{ .name = "held", .kind = FIELD_DAY },
	{ .name = "language", .kind = FIELD_LANGUAGE, .flags = REQUIRED },
	{ .name = "licence",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = licences },
	{ .name = "access",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = accesses },
	{ .name = NULL }
};

static const struct field index_fields[] = {
	{ .name = "q", .kind = FIELD_WORD, .most = 200 },
	{ .name = "program", .kind = FIELD_ID },
	{ .name = "event", .kind = FIELD_ID },
	{ .name = "language", .kind = FIELD_OPAQUE },
	{ .name = "access", .kind = FIELD_CHOICE, .choices = accesses },
	{ .name = "year",
	    .kind = FIELD_NUMBER,
	    .least = YEAR_FIRST,
	    .most = YEAR_LAST },
	{ .name = "before_held", .kind = FIELD_DAY },
	{ .name = "before_id", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field withdraw_fields[] = { { .name = "reason",
	                                            .kind = FIELD_WORD,
	                                            .flags = REQUIRED,
	                                            .most = 500 },
	{ .name = NULL } };

static const struct act searched;

static const char *
text_of(const json_t *row, const char *name)
{
	const char *value = json_string_value(json_object_get(row, name));

	return value == NULL ? "" : value;
}

/* --- publishing ------------------------------------------------------ */

/* Only what is complete is shown: all of it goes in. */
static int
publishing_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *materials = json_object_get(page, "materials");

	(void)v;
	(void)f;
	for (size_t i = json_array_size(materials); i-- > 0;)
		if (!json_is_true(json_object_get(
		        json_array_get(materials, i), "is_complete")))
			json_array_remove(materials, i);
	if (json_is_true(
	        json_object_get(json_object_get(page, "draft"), "withdrawn")))
		return fault(f, FAULT_GONE, "", "archive.record_withdrawn");

	return 0;
}

static int
publish_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "naan", config("naan"));
	visit_bind(v, "shoulder", config("shoulder"));

	return 0;
}

/* --- a record -------------------------------------------------------- */

static const char *
licence_url(const char *licence)
{
	for (int i = 0; licences[i] != NULL; i++)
		if (strcmp(licences[i], licence) == 0)
			return licence_urls[i];

	return "";
}

/* "A; B": how a citation begins. */
static json_t *
who(const json_t *persons)
{
	struct text out;
	json_t *row, *all;
	size_t i;

	text_init(&out, BUFSIZ);
	json_array_foreach(persons, i, row)
	    text_printf(&out, "%s%s", i > 0 ? "; " : "", text_of(row, "name"));
	all = json_string(out.data == NULL ? "" : out.data);
	text_free(&out);

	return all;
}

static void
describe(struct visit *v, json_t *record)
{
	struct arena *a = visit_arena(v);
	const char *licence = text_of(record, "licence");

	json_object_set_new(record, "identifier",
	    json_sprintf("%s/ark:%s", visit_origin(v), text_of(record, "ark")));
	json_object_set_new(
	    record, "licence_url", json_string(licence_url(licence)));
	json_object_set_new(
	    record, "licence_key", json_sprintf("choice.licence.%s", licence));
	json_object_set_new(record, "year",
	    json_string(arena_part(a, text_of(record, "held"),
	        strcspn(text_of(record, "held"), "-"))));
}

static int
record_answer(struct visit *v, json_t *page, struct fault *f)
{
	static const char *const words[] = { "abstract", NULL };
	json_t *record = json_object_get(page, "record");
	json_t *persons = json_object_get(page, "persons");

	(void)f;
	describe(v, record);
	json_object_set_new(record, "who", who(persons));
	if (text_of(record, "withdrawn")[0] != '\0')
		visit_status(v, 410);
	visit_respond_header(v, "link",
	    arena_printf(visit_arena(v), "<%s>; rel=\"cite-as\"",
	        text_of(record, "identifier")));
	if (visit_wants_json(v))
		return 0;
	shown_body(visit_arena(v), record, words);
	json_object_set_new(page, "json_ld",
	    json_string(
	        record_json_ld(visit_arena(v), visit_origin(v), config("name"),
	            record, persons, json_object_get(page, "files"))));

	return 0;
}

/* --- an identifier --------------------------------------------------- */

static int
resolve_before(struct visit *v, struct fault *f)
{
	char *ark = arena_alloc(visit_arena(v), ARK_MOST);

	switch (ark_read(visit_field(v, "naan"), visit_field(v, "ark"), ark)) {
	case ARK_NOT:
		return fault(f, FAULT_MISSING, "", "archive.not_ark");
	case ARK_MISTYPED:
		return fault(f, FAULT_MISSING, "", "archive.mistyped");
	case ARK_GOOD:
	default:
		visit_bind(v, "ark", ark);
		return 0;
	}
}

/* On to the record; of one that was withdrawn, what is left is shown here. */
static int
resolve_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *record = json_object_get(page, "record");

	if (record == NULL)
		return fault(f, FAULT_MISSING, "", "archive.no_record");
	if (text_of(record, "withdrawn")[0] == '\0' && !visit_wants_json(v)) {
		visit_status(v, 302);
		visit_go(v, arena_printf(visit_arena(v), "/records/%lld",
		                (long long)json_integer_value(
		                    json_object_get(record, "id"))));
		return 0;
	}

	return record_answer(v, page, f);
}

/* --- the list -------------------------------------------------------- */

static int
index_before(struct visit *v, struct fault *f)
{
	const char *q = visit_field(v, "q");

	(void)f;
	visit_bind(
	    v, "limit", arena_printf(visit_arena(v), "%d", LIST_SHOWN + 1));
	if (q != NULL && q[0] != '\0')
		visit_then(v, &searched);

	return 0;
}

static void
choose(json_t *rows, const char *asked)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const json_t *value = json_object_get(row, "value");
		bool chosen =
		    asked != NULL &&
		    (json_is_string(value)
		            ? strcmp(json_string_value(value), asked) == 0
		            : json_integer_value(value) ==
		                  strtoll(asked, NULL, 10));

		json_object_set_new(row, "chosen", json_boolean(chosen));
	}
}

static json_t *
access_list(const char *asked)
{
	json_t *list = json_array();

	for (int i = 0; accesses[i] != NULL; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "access", accesses[i],
		              "value", accesses[i]));
	choose(list, asked);

	return list;
}

/* Where the list goes on: below its last row, with the same filter. */
static json_t *
onwards(struct visit *v, const json_t *last)
{
	static const char *const kept[] = { "program", "event", "language",
		"access", "year", NULL };
	struct text out;
	json_t *nav;

	text_init(&out, BUFSIZ);
	text_printf(&out, "/archive?before_held=%s&before_id=%lld",
	    text_of(last, "held"),
	    (long long)json_integer_value(json_object_get(last, "id")));
	for (int i = 0; kept[i] != NULL; i++)
		if (visit_field(v, kept[i]) != NULL)
			text_printf(&out, "&%s=%s", kept[i],
			    url_encode(
			        visit_arena(v), visit_field(v, kept[i])));
	nav = json_pack("{s:s}", "after", out.data);
	text_free(&out);

	return nav;
}

static int
index_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *records = json_object_get(page, "records");
	const char *q = visit_field(v, "q");
	bool more = json_array_size(records) > LIST_SHOWN;

	(void)f;
	if (more)
		json_array_remove(records, LIST_SHOWN);
	if (more && (q == NULL || q[0] == '\0'))
		json_object_set_new(page, "nav",
		    onwards(v, json_array_get(records, LIST_SHOWN - 1)));
	json_object_set_new(page, "q", json_string(q == NULL ? "" : q));
	json_object_set_new(page, "cut", json_boolean(more && q && q[0]));
	choose(json_object_get(page, "languages_found"),
	    visit_field(v, "language"));
	choose(json_object_get(page, "years"), visit_field(v, "year"));
	json_object_set_new(
	    page, "accesses", access_list(visit_field(v, "access")));

	return 0;
}

/* --- the acts -------------------------------------------------------- */

const struct act archive_publishing = { .room = "archive",
	.summary = "The form that publishes a session's record",
	.asks = { { "session", &SQL_SCHEDULE_SESSION, ONE },
	    { "draft", &SQL_ARCHIVE_DRAFT, ONE },
	    { "materials", &SQL_ARCHIVE_MATERIALS, MANY } },
	.answer = publishing_answer,
	.page = "archive/publish",
	.form = &archive_publish,
	.prefill = "draft",
	.quiet = true };

const struct act archive_publish = { .room = "archive",
	.summary = "Publishes a session's record, or changes it",
	.fields = publish_fields,
	.before = publish_before,
	.asks = { { "", &SQL_ARCHIVE_PUBLISH, ONE } },
	.go = "/records/{record}",
	.said = "flash.record_published",
	.again = &archive_publishing,
	.write = true,
	.body_max = LONG_TEXT };

const struct act archive_record = { .room = "archive",
	.summary = "A record, or what is left of one that was withdrawn (410)",
	.asks = { { "record", &SQL_ARCHIVE_RECORD, ONE },
	    { "persons", &SQL_ARCHIVE_PERSONS, MANY },
	    { "files", &SQL_ARCHIVE_FILES, MANY } },
	.answer = record_answer,
	.page = "archive/record",
	.form = &archive_record_withdraw };

const struct act archive_resolve = { .room = "archive",
	.summary = "A record by its identifier",
	.before = resolve_before,
	.asks = { { "record", &SQL_ARCHIVE_RECORD, MAYBE },
	    { "persons", &SQL_ARCHIVE_PERSONS, MANY },
	    { "files", &SQL_ARCHIVE_FILES, MANY } },
	.answer = resolve_answer,
	.page = "archive/record",
	.form = &archive_record_withdraw };

const struct act archive_record_withdraw = { .room = "archive",
	.summary = "Withdraws a record; its page stays and says why",
	.fields = withdraw_fields,
	.asks = { { "", &SQL_ARCHIVE_WITHDRAW_RECORD, ONE } },
	.go = "/records/{record}",
	.said = "flash.record_withdrawn",
	.again = &archive_record,
	.write = true };

const struct act archive_index = { .room = "archive",
	.summary = "Records, the latest first, or those found by words",
	.fields = index_fields,
	.before = index_before,
	.asks = { { "records", &SQL_ARCHIVE_LIST, MANY },
	    { "languages_found", &SQL_ARCHIVE_LANGUAGES, MANY },
	    { "years", &SQL_ARCHIVE_YEARS, MANY } },
	.answer = index_answer,
	.page = "archive/list" };

static const struct act searched = { .room = "archive",
	.asks = { { "records", &SQL_ARCHIVE_SEARCH, MANY },
	    { "languages_found", &SQL_ARCHIVE_LANGUAGES, MANY },
	    { "years", &SQL_ARCHIVE_YEARS, MANY } },
	.answer = index_answer,
	.page = "archive/list" };
