#ifndef SUPPORT_SUITE_H
#define SUPPORT_SUITE_H

#include <CUnit/CUnit.h>
#include <stdio.h>

/*
 * A test file tests/<room>/<thing>_test.c ends with its suite, which
 * `make test-unit` finds by the file's name:
 *
 *	SUITE(thing, SAYS(a_full_pool_refuses), SAYS(a_freed_seat_is_offered))
 */
#define SAYS(test) { #test, test }

#define SUITE(thing, ...) \
	static CU_TestInfo thing##_tests[] = { __VA_ARGS__, \
		CU_TEST_INFO_NULL }; \
	extern CU_SuiteInfo thing##_suite; \
	CU_SuiteInfo thing##_suite = { #thing, NULL, NULL, NULL, NULL, \
		thing##_tests };

/* Says why a test did not look, instead of passing in silence. */
#define SKIP(why) printf("\n    skipped: %s ", why)

#endif
