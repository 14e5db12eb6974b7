/* Lists of people as they are pasted. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "registration/people.h"
#include "support/suite.h"

static struct arena *arena;
static json_t *people;
static struct fault f;

static int
list(const char *text)
{
	if (arena != NULL) {
		json_decref(people);
		arena_free(arena);
	}
	arena = arena_new();
	people = json_array();
	memset(&f, 0, sizeof(f));

	return people_list(arena, people, text, 3, &f);
}

static const char *
says(size_t i, const char *member)
{
	const char *s = json_string_value(
	    json_object_get(json_array_get(people, i), member));

	return s == NULL ? "" : s;
}

static int
number(size_t i, const char *member)
{
	return (int)json_integer_value(
	    json_object_get(json_array_get(people, i), member));
}

static void
an_address_is_found_wherever_it_stands(void)
{
	CU_ASSERT_EQUAL(list("Ana Lopez <ana@example.org>\r\n\r\n"
	                     "bo@example.org; Bo \"B\" Yin\n"
	                     "  cy@example.org\r"
	                     "\"Dee\"\tdee@example.org,"),
	    0);
	CU_ASSERT_EQUAL(json_array_size(people), 4);
	CU_ASSERT_STRING_EQUAL(says(0, "email"), "ana@example.org");
	CU_ASSERT_STRING_EQUAL(says(0, "name"), "Ana Lopez");
	CU_ASSERT_STRING_EQUAL(says(1, "name"), "Bo \"B\" Yin");
	CU_ASSERT_STRING_EQUAL(says(2, "name"), "cy");
	CU_ASSERT_STRING_EQUAL(says(3, "name"), "Dee");
	CU_ASSERT_STRING_EQUAL(says(3, "email"), "dee@example.org");
	CU_ASSERT_EQUAL(number(0, "n"), 3);
	CU_ASSERT_EQUAL(number(3, "n"), 6);
	CU_ASSERT_EQUAL(number(1, "line"), 3);
}

static void
a_line_without_an_address_is_named(void)
{
	CU_ASSERT_EQUAL(list("a@example.org\n\nnobody\n"), -1);
	CU_ASSERT_STRING_EQUAL(f.field, "list");
	CU_ASSERT_STRING_EQUAL(f.key, "registration.line_address");
	CU_ASSERT_EQUAL(f.number, 3);
}

static void
a_table_names_its_columns(void)
{
	CU_ASSERT_EQUAL(list("Email;Name;Country\n"
	                     "a@example.org;\"Yin; Ann\";ke\n"),
	    0);
	CU_ASSERT_STRING_EQUAL(says(0, "name"), "Yin; Ann");
	CU_ASSERT_STRING_EQUAL(says(0, "country"), "ke");
	CU_ASSERT_EQUAL(number(0, "line"), 2);
	CU_ASSERT_EQUAL(people_check(json_array_get(people, 0), &f), 0);
	CU_ASSERT_STRING_EQUAL(says(0, "country"), "KE");
	CU_ASSERT_EQUAL(list("name,country\nAnn,KE\n"), -1);
	CU_ASSERT_STRING_EQUAL(f.field, "list");
}

static void
a_name_is_one_line(void)
{
	CU_ASSERT_EQUAL(list("Ann\tYin <a@example.org>\n"), 0);
	CU_ASSERT_EQUAL(people_check(json_array_get(people, 0), &f), 0);
	CU_ASSERT_STRING_EQUAL(says(0, "name"), "Ann Yin");
	CU_ASSERT_EQUAL(list("email,name,organisation\n"
	                     "a@example.org,\"Ngũgĩ\nB\",\"One\r\nTwo\"\n"),
	    0);
	CU_ASSERT_EQUAL(people_check(json_array_get(people, 0), &f), 0);
	CU_ASSERT_STRING_EQUAL(says(0, "name"), "Ngũgĩ B");
	CU_ASSERT_STRING_EQUAL(says(0, "organisation"), "One  Two");
}

static void
what_is_wrong_with_a_person_is_said_at_its_member(void)
{
	static const char *const rows[][3] = { { "email,name\nno,Ann\n",
		                                   "email", "web.not_email" },
		{ "email,name\na@example.org,\n", "name", "web.required" },
		{ "email,name,country\na@example.org,A,Kenya\n", "country",
		    "registration.import_country" },
		{ "email,name,language\na@example.org,A,xx\n", "language",
		    "registration.import_language" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(list(rows[i][0]), 0);
		CU_ASSERT_EQUAL(
		    people_check(json_array_get(people, 0), &f), -1);
		CU_ASSERT_STRING_EQUAL(f.field, rows[i][1]);
		CU_ASSERT_STRING_EQUAL(f.key, rows[i][2]);
	}
}

static void
a_list_has_an_end(void)
{
	char text[(PEOPLE_MOST + 1) * 4 + 1] = "";

	for (int i = 0; i <= PEOPLE_MOST; i++)
		memcpy(text + 4 * i, "a@b\n", 5);
	CU_ASSERT_EQUAL(list(text), -1);
	CU_ASSERT_STRING_EQUAL(f.key, "web.too_many");
	CU_ASSERT_EQUAL(f.number, PEOPLE_MOST);
	CU_ASSERT_EQUAL(list(""), -1);
	json_decref(people);
	arena_free(arena);
	arena = NULL;
}

SUITE(people, SAYS(an_address_is_found_wherever_it_stands),
    SAYS(a_line_without_an_address_is_named), SAYS(a_table_names_its_columns),
    SAYS(a_name_is_one_line),
    SAYS(what_is_wrong_with_a_person_is_said_at_its_member),
    SAYS(a_list_has_an_end))
