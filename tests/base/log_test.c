#include <CUnit/CUnit.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

void log_suite(void);

enum { ROOM = 16 * 1024 };

/* What `say` writes on standard error. */
static void
written(void (*say)(void), char out[ROOM])
{
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t n;

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	say();
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	n = read(ends[0], out, ROOM - 1);
	close(ends[0]);
	out[n > 0 ? n : 0] = '\0';
}

static const char *
member(json_t *line, const char *name)
{
	return json_string_value(json_object_get(line, name));
}

static void
say_plainly(void)
{
	log_event(
	    LOG_LEVEL_WARN, "job.late", "job", "mail", "next", NULL, NULL);
}

static void
an_event_is_one_object(void)
{
	char out[ROOM];
	json_t *line;

	written(say_plainly, out);
	line = json_loads(out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT_STRING_EQUAL(member(line, "level"), "warn");
	CU_ASSERT_STRING_EQUAL(member(line, "event"), "job.late");
	CU_ASSERT_STRING_EQUAL(member(line, "job"), "mail");
	CU_ASSERT_TRUE(json_is_null(json_object_get(line, "next")));
	CU_ASSERT_EQUAL(strlen(member(line, "time")), 24);
	json_decref(line);
}

static void
say_cunningly(void)
{
	log_event(LOG_LEVEL_INFO, "x", "a", "1\n{\"level\":\"error\"}", "b",
	    "\x1b[31m\\\x7f", "c", "\xff\xfe", "d", "é", NULL);
}

static void
one_event_is_one_line_whatever_the_value(void)
{
	char out[ROOM];
	json_t *line;

	written(say_cunningly, out);
	CU_ASSERT_PTR_EQUAL(strchr(out, '\n'), out + strlen(out) - 1);
	CU_ASSERT_PTR_NULL(strchr(out, '\x1b'));
	line = json_loads(out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT_STRING_EQUAL(member(line, "a"), "1\n{\"level\":\"error\"}");
	CU_ASSERT_STRING_EQUAL(member(line, "b"), "\x1b[31m\\\x7f");
	CU_ASSERT_STRING_EQUAL(member(line, "c"), "??");
	CU_ASSERT_STRING_EQUAL(member(line, "d"), "é");
	json_decref(line);
}

static void
say_at_length(void)
{
	char longer[3000];

	memset(longer, '\x01', sizeof(longer));
	for (size_t i = 0; i < 600; i += 2)
		memcpy(longer + i, "é", 2);
	longer[sizeof(longer) - 1] = '\0';
	log_event(LOG_LEVEL_ERROR, "x", "a", longer, "b", longer + 1000, "c",
	    longer + 1000, "d", "kept", NULL);
}

static void
what_is_too_long_is_cut_and_stays_an_object(void)
{
	char out[ROOM];
	json_t *line;

	written(say_at_length, out);
	line = json_loads(out, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	CU_ASSERT_EQUAL(strlen(member(line, "a")), 512);
	json_decref(line);
}

void
log_suite(void)
{
	CU_pSuite s = CU_add_suite("log", NULL, NULL);

	CU_ADD_TEST(s, an_event_is_one_object);
	CU_ADD_TEST(s, one_event_is_one_line_whatever_the_value);
	CU_ADD_TEST(s, what_is_too_long_is_cut_and_stays_an_object);
}
