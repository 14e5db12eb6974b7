/* Codes that let people register, and invitations bound to an address. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/acts.h"
#include "registration/people.h"
#include "sql.h"

enum { CODES_MOST = 500, USES_MOST = 100000, LIST_MOST = 50000 };

#define TERMS                                                                  \
	{ .name = "expires", .kind = FIELD_MOMENT },                           \
	    { .name = "bucket", .kind = FIELD_ID, .options = "buckets" },      \
	    { .name = "waives_approval", .kind = FIELD_FLAG },                 \
	    { .name = "priority",                                              \
		    .kind = FIELD_NUMBER,                                      \
		    .least = -1000,                                            \
		    .most = 1000 },                                            \
	{                                                                      \
		.name = NULL                                                   \
	}

static const struct field make_fields[] = {
	{ .name = "purpose", .kind = FIELD_WORD, .most = 200 },
	{ .name = "codes",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .least = 1,
	    .most = CODES_MOST },
	{ .name = "uses",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .least = 1,
	    .most = USES_MOST },
	TERMS
};

static const struct field invite_fields[] = { { .name = "list",
	                                          .kind = FIELD_TEXT,
	                                          .flags = REQUIRED,
	                                          .most = LIST_MOST },
	TERMS };

static int
codes_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "invitations", "false");

	return 0;
}

static int
invitations_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "invitations", "true");

	return 0;
}

/* One code for one use, if nothing else is said. */
static int
codes_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	json_object_set_new(
	    page, "usual", json_pack("{s:i, s:i}", "codes", 1, "uses", 1));

	return 0;
}

/* The first that cannot be, by its line. */
static int
check(json_t *people, struct fault *f)
{
	json_t *person;
	size_t i;

	json_array_foreach(people, i, person)
	{
		if (people_check(person, f) == 0)
			continue;
		fault(f, FAULT_INPUT, "list", "registration.line_address");
		f->number =
		    (long)json_integer_value(json_object_get(person, "line"));
		return -1;
	}

	return 0;
}

static int
invite_before(struct visit *v, struct fault *f)
{
	json_t *people = json_array();
	int r =
	    people_list(visit_arena(v), people, visit_field(v, "list"), 1, f);

	if (r == 0)
		r = check(people, f);
	if (r == 0)
		visit_bind_json(v, "invited", people);
	json_decref(people);

	return r;
}

const struct act registration_codes = { .room = "registration",
	.summary = "An event's access codes and their uses",
	.before = codes_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "codes", &SQL_REGISTRATION_CODES, MANY },
	    { "buckets", &SQL_REGISTRATION_CODE_BUCKETS, MANY },
	    { "lines", &SQL_REGISTRATION_LINES, ONE } },
	.answer = codes_answer,
	.page = "registration/codes",
	.form = &registration_codes_make,
	.prefill = "usual",
	.quiet = true };

const struct act registration_codes_make = { .room = "registration",
	.summary = "Makes access codes",
	.fields = make_fields,
	.asks = { { "", &SQL_REGISTRATION_CODES_MAKE, ONE } },
	.go = "/events/{event}/codes",
	.said = "flash.codes_made",
	.again = &registration_codes,
	.write = true };

const struct act registration_invitations = { .room = "registration",
	.summary = "An event's invitations and what became of them",
	.before = invitations_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "codes", &SQL_REGISTRATION_CODES, MANY },
	    { "buckets", &SQL_REGISTRATION_CODE_BUCKETS, MANY },
	    { "lines", &SQL_REGISTRATION_LINES, ONE } },
	.page = "registration/invitations",
	.form = &registration_invite,
	.quiet = true };

const struct act registration_invite = { .room = "registration",
	.summary =
	    "Invites addresses: each gets a link that works for it alone",
	.fields = invite_fields,
	.body_max = LONG_TEXT,
	.before = invite_before,
	.asks = { { "", &SQL_REGISTRATION_INVITE, ONE } },
	.go = "/events/{event}/invitations",
	.said = "flash.invited",
	.again = &registration_invitations,
	.write = true };

const struct act registration_code_revoke = { .room = "registration",
	.summary = "Ends a code or an invitation; who came in by it stays",
	.asks = { { "", &SQL_REGISTRATION_CODE_REVOKE, ONE } },
	.go = "/events/{event}/{list}",
	.said = "flash.code_revoked",
	.write = true };
