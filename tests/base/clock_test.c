#include <CUnit/CUnit.h>

#include "base/clock.h"

void clock_suite(void);

static void
check(const char *spelt, int64_t seconds, int offset)
{
	struct moment m;

	CU_ASSERT_EQUAL(moment_read(spelt, &m), 0);
	CU_ASSERT_EQUAL(m.utc, seconds * 1000);
	CU_ASSERT_EQUAL(m.offset, offset);
}

/* The seconds are those that date(1) gives. */
static void
a_moment_is_read_with_its_offset(void)
{
	check("1970-01-01T00:00:00Z", 0, 0);
	check("2026-03-04T14:00:00+05:45", 1772612100, 345);
	check("2026-03-04T14:00:00-03", 1772643600, -180);
	check("2000-02-29T23:59:59+00:00", 951868799, 0);
	check("1969-12-31T23:59:59Z", -1, 0);
	check("0001-01-01T00:00:00Z", -62135596800, 0);
	check("9999-12-31T23:59:59Z", 253402300799, 0);
}

static void
a_fraction_is_kept_to_the_millisecond(void)
{
	struct moment m;

	CU_ASSERT_EQUAL(moment_read("1970-01-01T00:00:00.123456Z", &m), 0);
	CU_ASSERT_EQUAL(m.utc, 123);
	CU_ASSERT_EQUAL(moment_read("1970-01-01T00:00:00.5+01:00", &m), 0);
	CU_ASSERT_EQUAL(m.utc, 500 - 3600000);
}

static void
what_is_no_moment_is_refused(void)
{
	static const char *const bad[] = { "", "2026", "2026-03-04",
		"2026-03-04T14:00:00", "2026-03-04 14:00:00Z",
		"2026-03-04T24:00:00Z", "2026-03-04T14:60:00Z",
		"2026-03-04T14:00:60Z", "2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"0000-01-01T00:00:00Z", "2026-03-04T14:00:00+5:45",
		"2026-03-04T14:00:00+0545",
		"2026-03-04T14:00:00+05:", "2026-03-04T14:00:00+05:60",
		"2026-03-04T14:00:00+19:00", "2026-03-04T14:00:00.Z",
		"2026-03-04T14:00:00Zx", "2026-03-04T14:00:00+05:45x",
		"2026-03-04T14:00Z", "+026-03-04T14:00:00Z",
		" 2026-03-04T14:00:00Z", NULL };
	struct moment m;

	for (int i = 0; bad[i] != NULL; i++)
		CU_ASSERT_EQUAL(moment_read(bad[i], &m), -1);
}

static void
days_exist_or_not(void)
{
	int y, m, d;

	CU_ASSERT_EQUAL(clock_day("2024-02-29", &y, &m, &d), 0);
	CU_ASSERT(y == 2024 && m == 2 && d == 29);
	CU_ASSERT_EQUAL(clock_day("2000-02-29", &y, &m, &d), 0);
	CU_ASSERT_EQUAL(clock_day("1900-02-29", &y, &m, &d), -1);
	CU_ASSERT_EQUAL(clock_day("2026-02-29", &y, &m, &d), -1);
	CU_ASSERT_EQUAL(clock_day("2026-04-31", &y, &m, &d), -1);
	CU_ASSERT_EQUAL(clock_day("2026-4-3", &y, &m, &d), -1);
	CU_ASSERT_EQUAL(clock_day("2026-04-30T", &y, &m, &d), -1);
	CU_ASSERT_EQUAL(clock_day("2026-04-00", &y, &m, &d), -1);
}

static void
the_clocks_go_on(void)
{
	int64_t a = clock_monotonic();

	CU_ASSERT(clock_monotonic() >= a);
	CU_ASSERT(clock_wall() > 1700000000000);
}

void
clock_suite(void)
{
	CU_pSuite s = CU_add_suite("clock", NULL, NULL);

	CU_ADD_TEST(s, a_moment_is_read_with_its_offset);
	CU_ADD_TEST(s, a_fraction_is_kept_to_the_millisecond);
	CU_ADD_TEST(s, what_is_no_moment_is_refused);
	CU_ADD_TEST(s, days_exist_or_not);
	CU_ADD_TEST(s, the_clocks_go_on);
}
