/* Forms with files, as browsers and others send them. */
#include <stdlib.h>
#include <string.h>

#include "archive/multipart.h"
#include "base/arena.h"
#include "base/fault.h"
#include "support/suite.h"

static struct arena *arena;
static struct fault f;

/* Reads all parts of a body with the boundary "x"; how many, or -1. */
static int
parts(const char *body, struct part *out, int most)
{
	struct multipart m;
	int n = 0, more;

	memset(&f, 0, sizeof(f));
	if (multipart_open(&m, arena, "multipart/form-data; boundary=x", body,
	        strlen(body), &f) == -1)
		return -1;
	while (
	    (more = multipart_next(&m, &out[n < most ? n : most - 1], &f)) == 1)
		n++;

	return more == -1 ? -1 : n;
}

static void
fields_and_files_are_read_where_they_lie(void)
{
	struct part p[4];

	arena = arena_new();
	CU_ASSERT_EQUAL(
	    parts("--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n"
	          "slides\r\n--x\r\nContent-Disposition: form-data; "
	          "name=\"file\"; filename=\"a %22b%22 \xc3\xa9.pdf\"\r\n"
	          "Content-Type: application/pdf\r\n\r\n"
	          "%PDF-1.7\r\n--y\r\n\r\n--x--\r\nafter",
	        p, 4),
	    2);
	CU_ASSERT_STRING_EQUAL(p[0].name, "kind");
	CU_ASSERT_PTR_NULL(p[0].filename);
	CU_ASSERT_EQUAL(p[0].size, 6);
	CU_ASSERT_EQUAL(memcmp(p[0].data, "slides", 6), 0);
	CU_ASSERT_STRING_EQUAL(p[1].filename, "a \"b\" \xc3\xa9.pdf");
	CU_ASSERT_EQUAL(p[1].size, 15);
	CU_ASSERT_EQUAL(memcmp(p[1].data, "%PDF-1.7\r\n--y\r\n", 15), 0);
	arena_free(arena);
}

static void
an_empty_part_is_empty(void)
{
	struct part p[2];

	arena = arena_new();
	CU_ASSERT_EQUAL(parts("before\r\n--x \r\ncontent-disposition: "
	                      "form-data; filename=\"\"; name=file\r\n\r\n\r\n"
	                      "--x--",
	                    p, 2),
	    1);
	CU_ASSERT_STRING_EQUAL(p[0].name, "file");
	CU_ASSERT_STRING_EQUAL(p[0].filename, "");
	CU_ASSERT_EQUAL(p[0].size, 0);
	arena_free(arena);
}

static void
what_is_cut_or_crooked_is_refused(void)
{
	static const char *const wrong[] = { "", "--", "--x", "--x\r\n",
		"no delimiter",
		"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--",
		"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nbody",
		"--x\r\nContent-Disposition: form-data; "
		"name=\"a\r\n\r\n\r\n--x--",
		"--x\r\nContent-Disposition: form-data; "
		"name=\"\xff\"\r\n\r\n\r\n--x--",
		"--x\r\nContent-Disposition: form-data; "
		"name=\"a\"\r\n\r\n1\r\n--xy",
		"--x\r\n\r\nno name\r\n--x--" };

	arena = arena_new();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct part p[2];

		CU_ASSERT_EQUAL(parts(wrong[i], p, 2), -1);
		CU_ASSERT_EQUAL(f.kind, FAULT_FORM);
	}
	arena_free(arena);
}

static void
too_many_parts_are_refused(void)
{
	char body[8192] = "";
	struct part p[1];

	arena = arena_new();
	for (int i = 0; i <= MULTIPART_PARTS; i++)
		strncat(body,
		    "--x\r\nContent-Disposition: form-data; name=a"
		    "\r\n\r\n1\r\n",
		    sizeof(body) - strlen(body) - 1);
	strncat(body, "--x--", sizeof(body) - strlen(body) - 1);
	CU_ASSERT_EQUAL(parts(body, p, 1), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_LARGE);
	arena_free(arena);
}

static void
the_type_names_the_boundary(void)
{
	static const char *const wrong[] = { "text/plain",
		"multipart/form-data", "multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"x",
		"multipart/form-data; boundary=a b\r\n",
		"multipart/form-data; boundary=\"a\001b\"" };
	struct multipart m;
	struct part p;

	arena = arena_new();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_EQUAL(
		    multipart_open(&m, arena, wrong[i], "--x--", 5, &f), -1);
	CU_ASSERT_EQUAL(multipart_open(&m, arena, NULL, "--x--", 5, &f), -1);
	CU_ASSERT_EQUAL(multipart_open(&m, arena,
	                    "Multipart/Form-Data; charset=utf-8; "
	                    "boundary=\"=x=\"",
	                    "--=x=--", 7, &f),
	    0);
	CU_ASSERT_EQUAL(multipart_next(&m, &p, &f), 0);
	CU_ASSERT_EQUAL(multipart_next(&m, &p, &f), 0);
	arena_free(arena);
}

SUITE(multipart, SAYS(fields_and_files_are_read_where_they_lie),
    SAYS(an_empty_part_is_empty), SAYS(what_is_cut_or_crooked_is_refused),
    SAYS(too_many_parts_are_refused), SAYS(the_type_names_the_boundary))
