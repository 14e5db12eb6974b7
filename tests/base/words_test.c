#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/messages.h"

void words_suite(void);

static void
check(const char *language, const char *kind, const char *value,
    const char *expected)
{
	struct arena *a = arena_new();
	const char *said = words_value(a, language, kind, value);

	if (said == NULL)
		said = "(nothing)";
	CU_ASSERT_STRING_EQUAL(said, expected);
	if (strcmp(said, expected) != 0)
		printf("\n  %s %s: gave %s\n", language, kind, said);
	arena_free(a);
}

/*
 * Zones whose rules changed after ICU's data was made, in July 2026: the
 * words follow the offset that is given.  ICU alone would say 18:00 in
 * Almaty, 15:00 in Cairo, 08:00 in Asuncion.
 */
static void
the_offset_given_is_the_one_worded(void)
{
	check("ru", "moment", "2026-07-10T17:00:00+05:00",
	    "10 июля 2026\u202fг., 17:00"); /* Asia/Almaty */
	check("ru", "offset", "2026-07-10T17:00:00+05:00", "UTC+05:00");
	check("ar", "moment", "2026-07-10T15:00:00+03:00",
	    "10 يوليو 2026، 3:00 م"); /* Africa/Cairo */
	check("ar", "offset", "2026-07-10T15:00:00+03:00", "UTC+03:00");
	check("es", "moment", "2026-07-10T09:00:00-03:00",
	    "10 de julio de 2026, 9:00"); /* America/Asuncion */
	check("es", "offset", "2026-07-10T09:00:00-03:00", "UTC-03:00");
	check("en", "moment", "2026-07-10T17:45:00+05:45",
	    "10 July 2026, 17:45"); /* Asia/Kathmandu */
	check("en", "offset", "2026-07-10T17:45:00+05:45", "UTC+05:45");
}

static void
the_day_is_that_of_the_place(void)
{
	check("en", "date", "2026-01-01T00:30:00+12:00", "1 January 2026");
	check("en", "date", "2025-12-31T23:30:00-11:00", "31 December 2025");
	check("en", "day", "2026-03-04T14:00:00Z", "Wednesday 4 March");
	check("en", "offset", "2026-03-04T14:00:00Z", "UTC");
}

static void
each_language_has_its_order(void)
{
	const char *m = "2026-03-04T14:05:00+05:45";

	check("fr", "moment", m, "4 mars 2026, 14:05");
	check("es", "day", m, "miércoles, 4 de marzo");
	check("pt", "date", m, "4 de março de 2026");
	check("zh", "moment", m, "2026年3月4日 14:05");
	check("zh", "day", m, "3月4日星期三");
	check("ru", "day", m, "среда, 4 марта");
	check("ar", "time", m, "2:05 م");
	check("xx", "time", m, "14:05");
}

static void
a_bare_day_is_a_date_without_a_time(void)
{
	check("en", "date", "2026-12-31", "31 December 2026");
	check("fr", "day", "2026-12-31", "jeudi 31 décembre");
	check("en", "iso", "2026-12-31", "2026-12-31");
	check("en", "time", "2026-12-31", "(nothing)");
}

static void
numbers_and_sizes_follow_the_language(void)
{
	check("en", "number", "1234567", "1,234,567");
	check("es", "number", "1234567.5", "1.234.567,5");
	check("ar", "number", "1234567", "1,234,567");
	check("en", "size", "512", "512 bytes");
	check("en", "size", "1534000", "1.5 MB");
	check("en", "size", "999960", "1 MB");
	check("fr", "size", "2500000000", "2,5\u202fGo");
	check("en", "size", "5e15", "5,000 TB");
}

static void
places_and_tongues_have_names(void)
{
	check("en", "country", "KZ", "Kazakhstan");
	check("ru", "country", "KZ", "Казахстан");
	check("en", "country", "Q9", "Q9");
	check("fr", "language", "ar", "arabe");
	check("en", "country", "", "(nothing)");
	CU_ASSERT_EQUAL(strlen(country_codes()[0]), 2);
}

static void
a_countrys_name_is_kept(void)
{
	struct arena *a = arena_new();
	const char *kenya = words_country(a, "fr", "KE");

	CU_ASSERT_STRING_EQUAL(words_country(a, "zh", "KE"), "肯尼亚");
	CU_ASSERT_PTR_EQUAL(words_country(a, "fr", "KE"), kenya);
	arena_free(a);
	CU_ASSERT_STRING_EQUAL(kenya, "Kenya");
}

/* Where in the list a country is. */
static int
place_of(const char *language, const char *code)
{
	const char *const *all = countries_by_name(language);
	int i = 0;

	while (all[i] != NULL && strcmp(all[i], code) != 0)
		i++;

	return all[i] == NULL ? -1 : i;
}

static void
a_country_is_known_by_its_code(void)
{
	static const char *const none[] = { "XX", "ke", "KEN", "K", "", "É" };

	for (const char *const *c = country_codes(); *c != NULL; c++)
		CU_ASSERT_TRUE(country_known(*c));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CU_ASSERT_FALSE(country_known(none[i]));
}

static void
countries_are_in_the_order_of_their_names(void)
{
	int n[2] = { 0, 0 };

	for (const char *const *c = country_codes(); *c != NULL; c++)
		n[0]++;
	for (const char *const *c = countries_by_name("fr"); *c != NULL; c++)
		n[1]++;
	CU_ASSERT_EQUAL(n[0], n[1]);
	/* Afghanistan, Åland, Albania; Zimbabwe is last */
	CU_ASSERT_EQUAL(place_of("en", "AF"), 0);
	CU_ASSERT_TRUE(place_of("en", "AX") < place_of("en", "AL"));
	CU_ASSERT_EQUAL(place_of("en", "ZW"), n[0] - 1);
	/* Germany is Allemagne; Égypte is an E; Алжир, Египет, Япония */
	CU_ASSERT_TRUE(place_of("fr", "DE") < place_of("fr", "BE"));
	CU_ASSERT_TRUE(place_of("fr", "EG") < place_of("fr", "FR"));
	CU_ASSERT_TRUE(place_of("ru", "DZ") < place_of("ru", "EG"));
	CU_ASSERT_EQUAL(place_of("ru", "JP"), n[0] - 1);
	CU_ASSERT_TRUE(place_of("ar", "JO") < place_of("ar", "YE"));
	CU_ASSERT_PTR_EQUAL(countries_by_name("zh"), countries_by_name("zh"));
}

static void
what_is_not_of_the_kind_has_no_words(void)
{
	check("en", "date", "soon", "(nothing)");
	check("en", "number", "12a", "(nothing)");
	check("en", "number", "", "(nothing)");
	check("en", "year", "2026", "(nothing)");
	CU_ASSERT_TRUE(words_known("size"));
	CU_ASSERT_FALSE(words_known("year"));
}

void
words_suite(void)
{
	CU_pSuite s = CU_add_suite("words", NULL, NULL);

	CU_ADD_TEST(s, the_offset_given_is_the_one_worded);
	CU_ADD_TEST(s, the_day_is_that_of_the_place);
	CU_ADD_TEST(s, each_language_has_its_order);
	CU_ADD_TEST(s, a_bare_day_is_a_date_without_a_time);
	CU_ADD_TEST(s, numbers_and_sizes_follow_the_language);
	CU_ADD_TEST(s, places_and_tongues_have_names);
	CU_ADD_TEST(s, a_countrys_name_is_kept);
	CU_ADD_TEST(s, a_country_is_known_by_its_code);
	CU_ADD_TEST(s, countries_are_in_the_order_of_their_names);
	CU_ADD_TEST(s, what_is_not_of_the_kind_has_no_words);
}
