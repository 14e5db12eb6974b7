/* Forms, queries and paths as browsers, robots and attackers send them. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "web/form.h"

void form_suite(void);

static int
parse(struct arena *a, const char *s, struct pairs *p, struct fault *f)
{
	memset(p, 0, sizeof(*p));
	memset(f, 0, sizeof(*f));

	return form_parse(a, s, strlen(s), p, f);
}

static void
names_and_values_are_decoded(void)
{
	struct arena *a = arena_new();
	struct pairs p;
	struct fault f;

	CU_ASSERT_EQUAL(
	    parse(a, "name=Aminata+Diallo&city=S%C3%A3o%20Paulo&x", &p, &f), 0);
	CU_ASSERT_EQUAL(p.count, 3);
	CU_ASSERT_STRING_EQUAL(pairs_find(&p, "name"), "Aminata Diallo");
	CU_ASSERT_STRING_EQUAL(pairs_find(&p, "city"), "São Paulo");
	CU_ASSERT_STRING_EQUAL(pairs_find(&p, "x"), "");
	CU_ASSERT_PTR_NULL(pairs_find(&p, "y"));
	arena_free(a);
}

static void
what_is_not_utf8_is_refused(void)
{
	static const char *const wrong[] = { "a=%ff", "a=%00", "a=%c0%80",
		"a=%ed%a0%80", "a=%", "a=%4", "a=%zz", "%ff=a", NULL };
	struct arena *a = arena_new();
	struct pairs p;
	struct fault f;

	for (int i = 0; wrong[i] != NULL; i++) {
		CU_ASSERT_EQUAL(parse(a, wrong[i], &p, &f), -1);
		CU_ASSERT_EQUAL(f.kind, FAULT_FORM);
	}
	arena_free(a);
}

static void
too_many_fields_are_refused(void)
{
	struct arena *a = arena_new();
	struct pairs p;
	struct fault f;
	char s[3 * (PAIRS_MAX + 1) + 1];

	for (int i = 0; i <= PAIRS_MAX; i++)
		memcpy(s + 3 * i, "a=&", 3);
	s[3 * PAIRS_MAX] = '\0';
	CU_ASSERT_EQUAL(parse(a, s, &p, &f), 0);
	s[3 * PAIRS_MAX] = 'a';
	s[3 * PAIRS_MAX + 1] = '\0';
	CU_ASSERT_EQUAL(parse(a, s, &p, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_LARGE);
	arena_free(a);
}

static void
a_path_with_an_encoded_slash_is_refused(void)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };

	CU_ASSERT_STRING_EQUAL(path_decode(a, "/caf%C3%A9", &f), "/café");
	CU_ASSERT_PTR_NULL(path_decode(a, "/a%2fb", &f));
	CU_ASSERT_PTR_NULL(path_decode(a, "/a%0ab", &f));
	CU_ASSERT_PTR_NULL(path_decode(a, "/a%00", &f));
	arena_free(a);
}

static void
what_is_encoded_decodes_to_itself(void)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	const char *s = "a b&c=d/é?";
	struct pairs p;
	const char *sent;

	memset(&p, 0, sizeof(p));
	sent = arena_printf(a, "x=%s", url_encode(a, s));
	CU_ASSERT_EQUAL(form_parse(a, sent, strlen(sent), &p, &f), 0);
	CU_ASSERT_STRING_EQUAL(pairs_find(&p, "x"), s);
	arena_free(a);
}

void
form_suite(void)
{
	CU_pSuite s = CU_add_suite("form", NULL, NULL);

	CU_ADD_TEST(s, names_and_values_are_decoded);
	CU_ADD_TEST(s, what_is_not_utf8_is_refused);
	CU_ADD_TEST(s, too_many_fields_are_refused);
	CU_ADD_TEST(s, a_path_with_an_encoded_slash_is_refused);
	CU_ADD_TEST(s, what_is_encoded_decodes_to_itself);
}
