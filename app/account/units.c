/* Parts of the organisation: their people and coordinators. */
#include "account/acts.h"
#include "sql.h"
#include "web/nav.h"

enum { CODE_MOST = 16 };

static const char *const parts[] = { "member", "coordinator", NULL };

static const struct field unit_fields[] = {
	{ .name = "name", .kind = FIELD_WORD, .flags = REQUIRED, .most = 120 },
	{ .name = "abbreviation",
	    .kind = FIELD_WORD,
	    .flags = REQUIRED,
	    .most = CODE_MOST },
	{ .name = NULL }
};

static const struct field add_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "name", .kind = FIELD_WORD, .most = 200 },
	{ .name = "part",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = parts },
	{ .name = NULL }
};

static const struct field after_fields[] = {
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL }
};

static int
unit_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	nav_by_key(v, page, "people");

	return 0;
}

const struct act account_units = { .room = "account",
	.summary = "The parts of the organisation",
	.asks = { { "units", &SQL_ACCOUNT_UNITS, MANY } },
	.page = "account/units",
	.form = &account_unit_make };

const struct act account_unit_make = { .room = "account",
	.summary = "Adds a unit",
	.fields = unit_fields,
	.asks = { { "", &SQL_ACCOUNT_UNIT_PUT, ONE } },
	.go = "/units/{unit}",
	.said = "flash.added",
	.again = &account_units,
	.write = true };

const struct act account_unit = { .room = "account",
	.summary = "A unit, its coordinators and its people",
	.fields = after_fields,
	.asks = { { "unit", &SQL_ACCOUNT_UNIT, ONE },
	    { "coordinators", &SQL_ACCOUNT_UNIT_COORDINATORS, MANY },
	    { "people", &SQL_ACCOUNT_UNIT_PEOPLE, MANY } },
	.answer = unit_answer,
	.page = "account/unit",
	.form = &account_unit_add };

const struct act account_unit_edit = { .room = "account",
	.summary = "The form of a unit",
	.asks = { { "unit", &SQL_ACCOUNT_UNIT, ONE } },
	.page = "account/unit_edit",
	.form = &account_unit_save,
	.prefill = "unit" };

const struct act account_unit_save = { .room = "account",
	.summary = "Names a unit anew",
	.fields = unit_fields,
	.asks = { { "", &SQL_ACCOUNT_UNIT_PUT, ONE } },
	.go = "/units/{unit}",
	.said = "flash.saved",
	.again = &account_unit_edit,
	.write = true };

const struct act account_unit_add = { .room = "account",
	.summary = "Adds a person to a unit, or makes one its coordinator",
	.fields = add_fields,
	.asks = { { "", &SQL_ACCOUNT_UNIT_ADD, ONE } },
	.go = "/units/{unit}",
	.said = "flash.added",
	.again = &account_unit,
	.write = true };

const struct act account_unit_leave = { .room = "account",
	.summary = "Says that a person belongs to no unit",
	.asks = { { "", &SQL_ACCOUNT_UNIT_LEAVE, ONE } },
	.go = "/units/{unit}",
	.said = "flash.removed",
	.write = true };

const struct act account_unit_coordinator_revoke = { .room = "account",
	.summary = "Ends that a person is the coordinator of a unit",
	.asks = { { "", &SQL_ACCOUNT_UNIT_COORDINATOR_REVOKE, MAYBE } },
	.go = "/units/{unit}",
	.said = "flash.role_removed",
	.write = true };
