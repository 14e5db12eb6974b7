/* Answers, changed by who gave them until the deadline, or by an organizer;
 * files are brought here. */
#include <stdio.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/acts.h"
#include "registration/answers.h"
#include "registration/own.h"
#include "sql.h"

static const struct field edit_fields[] = {
	{ .name = "version", .kind = FIELD_NUMBER, .flags = REQUIRED | HIDDEN },
	{ .name = "answers", .kind = FIELD_ANSWERS }, { .name = NULL }
};

/* The names of files that were brought stand by their questions. */
static void
put_files(json_t *page, const json_t *edit)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "questions"), i, row)
	{
		json_t *file = json_object_get(row, "file"), *name;
		char number[24];

		if (file == NULL)
			continue;
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(json_object_get(file, "id")));
		name = json_object_get(json_object_get(edit, "files"), number);
		if (name != NULL)
			json_object_set(file, "brought", name);
		json_object_set_new(page, "has_files", json_true());
	}
}

/* The questions with what was answered, or typed, and what is wrong with it. */
static void
put_form(struct visit *v, json_t *page)
{
	json_t *edit = json_object_get(page, "edit");

	json_object_set(
	    page, "event_language", json_object_get(edit, "event_language"));
	answers_form(v, page, json_object_get(edit, "questions"),
	    json_object_get(edit, "answers"), json_object_get(edit, "faults"));
	json_object_del(edit, "faults");
}

static int
edit_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *edit = json_object_get(page, "edit");

	if (own_show(v, page, false, f) == -1)
		return -1;
	if (!json_is_true(json_object_get(edit, "editable")))
		return fault(f, FAULT_GONE, "", "registration.edit_over");
	put_form(v, page);
	put_files(page, edit);

	return 0;
}

/* Another's, for an organizer. */
static int
organized_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *edit = json_object_get(page, "edit");

	if (!json_is_true(json_object_get(edit, "editable")))
		return fault(f, FAULT_GONE, "", "registration.edit_over");
	put_form(v, page);

	return 0;
}

/* Labels in the visitor's language. */
static json_t *
owed(struct visit *v, const json_t *edit)
{
	json_t *list = json_array(), *label;
	const char *in;
	size_t i;

	json_array_foreach(json_object_get(edit, "owed"), i, label)
	    json_array_append_new(list,
	        json_string(answers_words(v, label,
	            json_string_value(json_object_get(edit, "event_language")),
	            &in)));

	return list;
}

void
own_edit(struct visit *v, json_t *page)
{
	json_t *edit = json_object_get(page, "edit");

	json_object_del(edit, "faults");
	if (visit_wants_json(v))
		return;
	json_object_set_new(edit, "owed", owed(v, edit));
	json_object_set_new(edit, "asks",
	    json_boolean(
	        json_array_size(json_object_get(edit, "questions")) > 0));
	json_object_del(edit, "questions");
	json_object_del(edit, "answers");
}

const struct act registration_own_editing = { .room = "registration",
	.summary = "The form of one's own answers",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "edit", &SQL_REGISTRATION_EDIT_FORM, ONE } },
	.answer = edit_answer,
	.page = "registration/edit",
	.form = &registration_own_edit,
	.prefill = "edit",
	.quiet = true };

const struct act registration_own_edit = { .room = "registration",
	.summary =
	    "Changes all of one's own answers; the organizer may have to "
	    "approve them anew",
	.fields = edit_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_REGISTRATION_EDIT, ONE } },
	.go = "/registrations/{registration}",
	.said = "flash.answers_saved",
	.again = &registration_own_editing,
	.write = true };

const struct act registration_managed_editing = { .room = "registration",
	.summary = "The form of the answers, for the holder of the mail's link",
	.before = own_by_token,
	.asks = { { "registration", &SQL_REGISTRATION_MANAGED, ONE },
	    { "edit", &SQL_REGISTRATION_EDIT_FORM_BY_TOKEN, ONE } },
	.answer = edit_answer,
	.page = "registration/edit",
	.form = &registration_managed_edit,
	.prefill = "edit",
	.quiet = true };

const struct act registration_managed_edit = { .room = "registration",
	.summary =
	    "Changes all answers; the organizer may have to approve them "
	    "anew",
	.fields = edit_fields,
	.body_max = LONG_TEXT,
	.before = own_by_token,
	.asks = { { "", &SQL_REGISTRATION_EDIT_BY_TOKEN, ONE } },
	.go = "/r/{token}",
	.said = "flash.answers_saved",
	.again = &registration_managed_editing,
	.limit = "registration",
	.write = true,
	.quiet = true };

const struct act registration_answering = { .room = "registration",
	.summary = "The form of somebody's answers, for the event's organizers",
	.asks = { { "registration", &SQL_REGISTRATION_ONE, ONE },
	    { "edit", &SQL_REGISTRATION_ORGANIZED_FORM, ONE } },
	.answer = organized_answer,
	.page = "registration/answering",
	.form = &registration_answer,
	.prefill = "edit",
	.write = true, /* who looks at what is sensitive is noted */
	.quiet = true };

const struct act registration_answer = { .room = "registration",
	.summary = "Changes somebody's answers, but for what they agreed to; "
	           "they are told",
	.fields = edit_fields,
	.body_max = LONG_TEXT,
	.asks = { { "", &SQL_REGISTRATION_ORGANIZE_ANSWERS, ONE } },
	.go = "/registrations/{registration}/organize",
	.said = "flash.answers_saved",
	.again = &registration_answering,
	.write = true };
