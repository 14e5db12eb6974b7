/* Programs: seen by everybody, made and changed by their organizers. */
#include <stddef.h>

#include "program/acts.h"
#include "sql.h"

static const char *const reaches[] = { "global", "regional", NULL };

static const struct field index_fields[] = {
	{ .name = "reach", .kind = FIELD_CHOICE, .choices = reaches },
	{ .name = "theme", .kind = FIELD_ID },
	{ .name = "country", .kind = FIELD_COUNTRY }, { .name = NULL }
};

static const struct field save_fields[] = {
	{ .name = "title", .kind = FIELD_WORD, .flags = REQUIRED, .most = 200 },
	{ .name = "reach",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = reaches },
	{ .name = "region", .kind = FIELD_WORD, .most = 80 },
	{ .name = "summary", .kind = FIELD_TEXT, .most = 4000 },
	{ .name = "language", .kind = FIELD_LANGUAGE, .flags = REQUIRED },
	{ .name = "themes", .kind = FIELD_IDS, .options = "offered_themes" },
	{ .name = "countries", .kind = FIELD_WORD, .most = 800 },
	{ .name = NULL }
};

static int
index_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	json_object_set_new(page, "may_add",
	    json_boolean(json_is_true(json_object_get(visit_me(v), "admin"))));

	return 0;
}

static int
new_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "language", visit_language(v));

	return 0;
}

const struct act program_index = { .room = "program",
	.summary = "The programs, global ones first",
	.fields = index_fields,
	.asks = { { "programs", &SQL_PROGRAM_LIST, MANY } },
	.answer = index_answer,
	.page = "program/list" };

const struct act program_page = { .room = "program",
	.summary = "A program with its events",
	.asks = { { "program", &SQL_PROGRAM_SHOW, ONE },
	    { "themes", &SQL_PROGRAM_THEMES, MANY },
	    { "countries", &SQL_PROGRAM_COUNTRIES, MANY },
	    { "events", &SQL_PROGRAM_EVENTS, MANY },
	    { "past", &SQL_PROGRAM_PAST, MANY } },
	.page = "program/show" };

const struct act program_new = { .room = "program",
	.summary = "The form of a new program",
	.before = new_before,
	.asks = { { "", &SQL_PROGRAM_MAY_MAKE, ONE },
	    { "offered_themes", &SQL_PROGRAM_THEME_LIST, MANY } },
	.page = "program/edit",
	.form = &program_make };

const struct act program_make = { .room = "program",
	.summary = "Makes a program, as a draft",
	.fields = save_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_PROGRAM_SAVE, ONE } },
	.go = "/programs/{program}",
	.said = "flash.added",
	.again = &program_new,
	.write = true };

const struct act program_edit = { .room = "program",
	.summary = "The form of a program",
	.asks = { { "program", &SQL_PROGRAM_EDIT, ONE },
	    { "offered_themes", &SQL_PROGRAM_THEME_LIST, MANY } },
	.page = "program/edit",
	.form = &program_save,
	.prefill = "program" };

const struct act program_save = { .room = "program",
	.summary = "Changes a program",
	.fields = save_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_PROGRAM_SAVE, ONE } },
	.go = "/programs/{program}",
	.said = "flash.saved",
	.again = &program_edit,
	.write = true };

const struct act program_publish = { .room = "program",
	.summary = "Lets everybody see a program",
	.asks = { { "", &SQL_PROGRAM_PUBLISH, ONE } },
	.go = "/programs/{program}",
	.said = "flash.published",
	.write = true };

const struct act program_cancel = { .room = "program",
	.summary = "Ends a program; what is past stays to be seen",
	.asks = { { "", &SQL_PROGRAM_CANCEL, ONE } },
	.go = "/programs/{program}",
	.said = "flash.ended",
	.write = true };

const struct act program_delete = { .room = "program",
	.summary = "Removes a draft without events",
	.asks = { { "", &SQL_PROGRAM_DELETE, ONE } },
	.go = "/programs",
	.said = "flash.removed",
	.write = true };
