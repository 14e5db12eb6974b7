#include "support/suite.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "db/inside.h"

static struct fault
fault_of(const struct db_segment *s)
{
	struct fault f = { 0 };

	CU_ASSERT_EQUAL(db_fault(s, &f), -1);
	return f;
}

static struct fault
refused(const char *sqlstate, const char *message, const char *constraint)
{
	struct db_segment s = { .state = DB_REFUSED, .table = "person" };

	strcpy(s.sqlstate, sqlstate);
	strcpy(s.message, message);
	strcpy(s.constraint, constraint);
	return fault_of(&s);
}

static void
a_verb_that_raises_a_key_gives_key_and_field(void)
{
	struct db_segment s = { .state = DB_REFUSED, .column = true };
	struct fault f;

	strcpy(s.sqlstate, "P0001");
	strcpy(s.message, "schedule.room_taken");
	strcpy(s.constraint, "room");
	strcpy(s.detail, "14");
	f = fault_of(&s);
	CU_ASSERT_EQUAL(f.kind, FAULT_INPUT);
	CU_ASSERT_STRING_EQUAL(f.key, "schedule.room_taken");
	CU_ASSERT_STRING_EQUAL(f.field, "room");
	CU_ASSERT_EQUAL(f.number, 14);
	CU_ASSERT_STRING_EQUAL(f.text, "14");
}

static void
each_sqlstate_has_its_kind(void)
{
	static const struct {
		const char *sqlstate;
		enum fault_kind kind;
	} expected[] = { { "P0002", FAULT_MISSING },
		{ "P0003", FAULT_CONFLICT }, { "P0004", FAULT_GONE },
		{ "P0005", FAULT_LIMIT }, { "P0006", FAULT_EARLY },
		{ "28000", FAULT_SIGNIN }, { "42501", FAULT_DENIED },
		{ "23505", FAULT_CONFLICT }, { "23P01", FAULT_CONFLICT },
		{ "40001", FAULT_CONFLICT }, { "40P01", FAULT_CONFLICT },
		{ "55P03", FAULT_CONFLICT }, { "23514", FAULT_INPUT },
		{ "23502", FAULT_INPUT }, { "22P02", FAULT_INPUT },
		{ "53300", FAULT_BUSY }, { "57014", FAULT_BUSY },
		{ "57P01", FAULT_BUSY }, { "42703", FAULT_BROKEN },
		{ "XX000", FAULT_BROKEN } };

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct fault f = refused(expected[i].sqlstate, "a.key", "");

		CU_ASSERT_EQUAL(f.kind, expected[i].kind);
	}
}

static void
what_plpgsql_raises_by_itself_is_broken(void)
{
	struct fault f =
	    refused("P0003", "query returned more than one row", "");

	CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
	CU_ASSERT_STRING_EQUAL(f.key, "fault.broken");
	f = refused("P0004", "assertion failed", "");
	CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
}

static void
a_listed_constraint_gives_its_message(void)
{
	struct fault f =
	    refused("23505", "duplicate key value violates unique constraint",
	        "person_email_once");

	CU_ASSERT_EQUAL(f.kind, FAULT_CONFLICT);
	CU_ASSERT_STRING_EQUAL(f.key, "account.email_taken");
	CU_ASSERT_STRING_EQUAL(f.field, "email");
}

static void
a_columns_own_check_names_its_column(void)
{
	struct fault f = refused("23514", "new row violates check constraint",
	    "person_feed_hash_check");

	CU_ASSERT_STRING_EQUAL(f.field, "feed_hash");
	CU_ASSERT_STRING_EQUAL(f.key, "fault.input");
	f = refused("23514", "new row violates", "person_check");
	CU_ASSERT_STRING_EQUAL(f.field, "");
}

static void
lost_and_late_are_busy(void)
{
	struct db_segment s = { .state = DB_LOST };

	CU_ASSERT_EQUAL(fault_of(&s).kind, FAULT_BUSY);
	s.state = DB_LATE;
	CU_ASSERT_EQUAL(fault_of(&s).kind, FAULT_BUSY);
}

static const char *const takes_two[] = { "event", "email" };
static const struct sql two = { "two", "", 2, takes_two };

static void
binds_go_by_name_and_unknown_names_are_ignored(void)
{
	struct arena *arena = arena_new();
	struct db_segment *s = db_segment(arena);
	char email[] = "a@example.org";

	db_ask(s, &two);
	db_bind(s, "email", email);
	db_bind(s, "nobody", "asks");
	db_bind_int(s, "event", -7);
	email[0] = 'b';
	CU_ASSERT_STRING_EQUAL(s->asked[0].values[0], "-7");
	CU_ASSERT_STRING_EQUAL(s->asked[0].values[1], "a@example.org");
	db_bind(s, "email", NULL);
	CU_ASSERT_PTR_NULL(s->asked[0].values[1]);
	arena_free(arena);
}

SUITE(db_fault, SAYS(a_verb_that_raises_a_key_gives_key_and_field),
    SAYS(each_sqlstate_has_its_kind),
    SAYS(what_plpgsql_raises_by_itself_is_broken),
    SAYS(a_listed_constraint_gives_its_message),
    SAYS(a_columns_own_check_names_its_column), SAYS(lost_and_late_are_busy),
    SAYS(binds_go_by_name_and_unknown_names_are_ignored))
