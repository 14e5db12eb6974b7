/* One's own profile; for administrators, roles and the audit. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "account/acts.h"
#include "sql.h"
#include "web/nav.h"

static const char *const kinds[] = { "admin", "organizer", "staff",
	"coordinator", NULL };
static const char *const scopes[] = { "system", "unit", "program", "event",
	NULL };

enum { PLACE_MOST = 40 };

static const struct field profile_fields[] = { { .name = "name",
	                                           .kind = FIELD_WORD,
	                                           .flags = REQUIRED,
	                                           .most = 200,
	                                           .autocomplete = "name" },
	{ .name = "language", .kind = FIELD_LANGUAGE, .flags = REQUIRED },
	{ .name = "country", .kind = FIELD_COUNTRY, .autocomplete = "country" },
	{ .name = "zone", .kind = FIELD_ZONE, .options = "zones" },
	{ .name = "organisation",
	    .kind = FIELD_WORD,
	    .most = 200,
	    .autocomplete = "organization" },
	{ .name = NULL } };

static const struct field grant_fields[] = {
	{ .name = "email", .kind = FIELD_EMAIL, .flags = REQUIRED },
	{ .name = "name", .kind = FIELD_WORD, .most = 200 },
	{ .name = "kind",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = kinds },
	{ .name = "scope",
	    .kind = FIELD_WORD,
	    .flags = REQUIRED,
	    .most = PLACE_MOST,
	    .options = "places" },
	{ .name = NULL }
};

static const struct field revoke_fields[] = {
	{ .name = "person", .kind = FIELD_ID, .flags = REQUIRED },
	{ .name = "kind",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = kinds },
	{ .name = "scope",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = scopes },
	{ .name = "scope_id", .kind = FIELD_NUMBER, .most = LONG_MAX },
	{ .name = NULL }
};

static const struct field audit_fields[] = { { .name = "after",
	                                         .kind = FIELD_ID },
	{ .name = "act", .kind = FIELD_OPAQUE }, { .name = NULL } };

static int
audit_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *entries = json_object_get(page, "entries");
	json_t *entry;
	size_t i;

	(void)f;
	json_array_foreach(entries, i, entry)
	{
		char *details =
		    json_dumps(json_object_get(entry, "details"), JSON_COMPACT);

		json_object_set_new(
		    entry, "details_text", json_string(details));
		free(details);
	}
	nav_by_key(v, page, "entries");

	return 0;
}

/* Each place with what it is, "event:12"; the whole system comes first. */
static int
roles_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *rows = json_object_get(page, "places"), *row;
	size_t i;

	(void)f;
	json_array_insert_new(
	    rows, 0, json_pack("{s:s, s:n}", "scope", scopes[0], "title"));
	json_array_foreach(rows, i, row)
	{
		const char *scope =
		    json_string_value(json_object_get(row, "scope"));
		const char *title =
		    json_string_value(json_object_get(row, "title"));
		const char *what = visit_message(v, "account.role_scope", row);

		json_object_set_new(row, "value",
		    title == NULL ? json_string(scope)
		                  : json_sprintf("%s:%lld", scope,
		                        (long long)json_integer_value(
		                            json_object_get(row, "id"))));
		json_object_set_new(row, "label",
		    title == NULL ? json_string(what)
		                  : json_sprintf("%s: %s", what, title));
	}

	return 0;
}

/* "event:12" is a scope and its id; "system" has none. */
static int
grant_before(struct visit *v, struct fault *f)
{
	const char *place = visit_field(v, "scope");
	size_t n = strcspn(place, ":");
	const char *id = place[n] == ':' ? place + n + 1 : "0";

	if (strspn(id, "0123456789") != strlen(id) || *id == '\0' ||
	    strlen(id) > 18)
		return fault(f, FAULT_INPUT, "scope", "web.not_choice");
	visit_bind(v, "scope_id", id);
	for (int i = 0; scopes[i] != NULL; i++)
		if (strlen(scopes[i]) == n &&
		    strncmp(scopes[i], place, n) == 0) {
			visit_bind(v, "scope", scopes[i]);
			return 0;
		}

	return fault(f, FAULT_INPUT, "scope", "web.not_choice");
}

const struct act account_profile = { .room = "account",
	.summary = "One's own profile and browsers",
	.asks = { { "person", &SQL_ACCOUNT_ME, ONE },
	    { "logins", &SQL_ACCOUNT_LOGINS, MANY },
	    { "zones", &SQL_SCHEDULE_ZONES, MANY } },
	.page = "account/profile",
	.form = &account_profile_save,
	.prefill = "person" };

const struct act account_profile_save = { .room = "account",
	.summary = "Changes one's own profile",
	.fields = profile_fields,
	.asks = { { "", &SQL_ACCOUNT_PROFILE_SAVE, ONE } },
	.go = "/profile",
	.said = "flash.saved",
	.again = &account_profile,
	.write = true };

const struct act account_roles = { .room = "account",
	.summary = "Who may do what",
	.asks = { { "roles", &SQL_ACCOUNT_ALL_ROLES, MANY },
	    { "places", &SQL_ACCOUNT_PLACES, MANY } },
	.answer = roles_answer,
	.page = "account/roles",
	.form = &account_role_grant };

const struct act account_role_grant = { .room = "account",
	.summary = "Gives a role",
	.fields = grant_fields,
	.before = grant_before,
	.asks = { { "", &SQL_ACCOUNT_ROLE_GRANT, ONE } },
	.go = "/roles",
	.said = "flash.saved",
	.again = &account_roles,
	.write = true };

const struct act account_role_revoke = { .room = "account",
	.summary = "Takes a role back",
	.fields = revoke_fields,
	.asks = { { "", &SQL_ACCOUNT_ROLE_REVOKE, MAYBE } },
	.go = "/roles",
	.said = "flash.saved",
	.again = &account_roles,
	.write = true };

const struct act account_audit = { .room = "account",
	.summary = "What was done, newest first",
	.fields = audit_fields,
	.asks = { { "entries", &SQL_ACCOUNT_AUDIT, MANY } },
	.answer = audit_answer,
	.page = "account/audit" };
