#include <CUnit/CUnit.h>
#include <string.h>

#include "base/fault.h"

void fault_suite(void);

static void
a_fault_names_its_field_and_its_message(void)
{
	struct fault f = { .number = 7, .detail = "old" };

	CU_ASSERT_EQUAL(fault(&f, FAULT_INPUT, "email", "field.no_email"), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_INPUT);
	CU_ASSERT_STRING_EQUAL(f.field, "email");
	CU_ASSERT_STRING_EQUAL(f.key, "field.no_email");
	CU_ASSERT_EQUAL(f.number, 0);
	CU_ASSERT_STRING_EQUAL(f.detail, "");
}

static void
a_detail_may_be_made_of_the_fault_itself(void)
{
	struct fault f;

	CU_ASSERT_EQUAL(
	    fault_detail(&f, FAULT_BROKEN, "", "fault.broken", "%d", 1), -1);
	CU_ASSERT_EQUAL(fault_detail(&f, FAULT_BROKEN, NULL, "fault.broken",
	                    "then: %s", f.detail),
	    -1);
	CU_ASSERT_STRING_EQUAL(f.detail, "then: 1");
	CU_ASSERT_STRING_EQUAL(f.field, "");
}

static void
what_is_too_long_is_cut(void)
{
	char longer[400];
	struct fault f;

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	fault_detail(&f, FAULT_BROKEN, longer, longer, "%s", longer);
	CU_ASSERT_EQUAL(strlen(f.field), sizeof(f.field) - 1);
	CU_ASSERT_EQUAL(strlen(f.key), sizeof(f.key) - 1);
	CU_ASSERT_EQUAL(strlen(f.detail), sizeof(f.detail) - 1);
}

static void
each_kind_has_one_status(void)
{
	static const struct {
		enum fault_kind kind;
		int status;
	} expected[] = { { FAULT_NONE, 200 }, { FAULT_INPUT, 422 },
		{ FAULT_FORM, 400 }, { FAULT_SIGNIN, 401 },
		{ FAULT_DENIED, 403 }, { FAULT_MISSING, 404 },
		{ FAULT_METHOD, 405 }, { FAULT_TYPE, 415 },
		{ FAULT_CONFLICT, 409 }, { FAULT_GONE, 410 },
		{ FAULT_EARLY, 409 }, { FAULT_LARGE, 413 },
		{ FAULT_LIMIT, 429 }, { FAULT_BUSY, 503 },
		{ FAULT_BROKEN, 500 }, { (enum fault_kind)99, 500 } };

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		CU_ASSERT_EQUAL(
		    fault_status(expected[i].kind), expected[i].status);
}

void
fault_suite(void)
{
	CU_pSuite s = CU_add_suite("fault", NULL, NULL);

	CU_ADD_TEST(s, a_fault_names_its_field_and_its_message);
	CU_ADD_TEST(s, a_detail_may_be_made_of_the_fault_itself);
	CU_ADD_TEST(s, what_is_too_long_is_cut);
	CU_ADD_TEST(s, each_kind_has_one_status);
}
