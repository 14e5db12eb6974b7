#include <CUnit/CUnit.h>

#include "base/messages.h"

void language_suite(void);

static void
the_reader_gets_the_best_of_ours(void)
{
	static const char *const pairs[][2] = { { "fr", "fr" },
		{ "fr-CA, en;q=0.5", "fr" }, { "de, ru;q=0.3", "ru" },
		{ "en;q=0.2, zh-Hant;q=0.9", "zh" }, { "fr, en", "fr" },
		{ "es;q=0.5,pt;q=0.5", "es" }, { "*", "en" },
		{ "en;q=0, *", "fr" }, { "de", "en" }, { "", "en" },
		{ "AR", "ar" }, { "ar ; q=1.0", "ar" }, { "fr;q=0", "en" },
		{ ",,;;q=,-", "en" }, { "english", "en" },
		{ "ru;q=0.001,es;q=0.002", "es" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		CU_ASSERT_STRING_EQUAL(
		    language_accept(pairs[i][0]), pairs[i][1]);
	CU_ASSERT_STRING_EQUAL(language_accept(NULL), "en");
}

static void
languages_are_known_by_their_code(void)
{
	CU_ASSERT_PTR_EQUAL(language_known("ru"), languages[6]);
	CU_ASSERT_PTR_NULL(language_known("de"));
	CU_ASSERT_PTR_NULL(language_known("EN"));
	CU_ASSERT_PTR_NULL(language_known(NULL));
	CU_ASSERT_PTR_NULL(languages[LANGUAGES]);
	CU_ASSERT_TRUE(language_rtl("ar"));
	CU_ASSERT_FALSE(language_rtl("fr"));
	CU_ASSERT_STRING_EQUAL(language_name("pt"), "Português");
}

void
language_suite(void)
{
	CU_pSuite s = CU_add_suite("language", NULL, NULL);

	CU_ADD_TEST(s, the_reader_gets_the_best_of_ours);
	CU_ADD_TEST(s, languages_are_known_by_their_code);
}
