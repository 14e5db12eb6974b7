#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/fault.h"

void config_suite(void);

/* Loads a file of these lines. */
static int
loaded(const char *lines, struct fault *f)
{
	char path[] = "/tmp/convene-config-XXXXXX";
	int fd = mkstemp(path), ret;
	FILE *file = fdopen(fd, "w");

	*f = (struct fault){ .kind = FAULT_NONE };
	fputs(lines, file);
	fclose(file);
	ret = config_load(path, f);
	unlink(path);

	return ret;
}

static void
every_name_has_a_default(void)
{
	struct fault f;

	unsetenv("CONVENE_ORIGIN");
	CU_ASSERT_EQUAL(config_load(NULL, &f), 0);
	CU_ASSERT_STRING_EQUAL(config("origin"), "http://localhost:8080");
	CU_ASSERT_STRING_EQUAL(config("naan"), "99999");
	CU_ASSERT_EQUAL(config_number("upload_max"), 1073741824);
}

static void
a_file_changes_them(void)
{
	struct fault f;

	CU_ASSERT_EQUAL(loaded("# a comment\n\n  name =  The Union = ours \n"
	                       "smtp_connections=9000\nsmtp_user =\n",
	                    &f),
	    0);
	CU_ASSERT_STRING_EQUAL(config("name"), "The Union = ours");
	CU_ASSERT_EQUAL(config_number("smtp_connections"), 9000);
	CU_ASSERT_STRING_EQUAL(config("smtp_user"), "");
	CU_ASSERT_EQUAL(config_load(NULL, &f), 0);
	CU_ASSERT_STRING_EQUAL(config("name"), "Convene");
}

static void
the_environment_overrides(void)
{
	struct fault f;

	setenv("CONVENE_NAME", "From outside", 1);
	setenv("CONVENE_SMTP_CONNECTIONS", "1234", 1);
	CU_ASSERT_EQUAL(loaded("name = From the file\n", &f), 0);
	CU_ASSERT_STRING_EQUAL(config("name"), "From outside");
	CU_ASSERT_EQUAL(config_number("smtp_connections"), 1234);
	setenv("CONVENE_SMTP_CONNECTIONS", "many", 1);
	CU_ASSERT_EQUAL(config_load(NULL, &f), -1);
	unsetenv("CONVENE_NAME");
	unsetenv("CONVENE_SMTP_CONNECTIONS");
	CU_ASSERT_EQUAL(config_load(NULL, &f), 0);
}

static void
mistakes_are_named_with_their_line(void)
{
	struct fault f;

	CU_ASSERT_EQUAL(loaded("name = x\nnmae = y\n", &f), -1);
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(f.detail, ":2: no setting is named nmae"));
	CU_ASSERT_EQUAL(loaded("name\n", &f), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(f.detail, ":1:"));
	CU_ASSERT_EQUAL(loaded("smtp_connections = 80a\n", &f), -1);
	CU_ASSERT_STRING_EQUAL(f.field, "smtp_connections");
	CU_ASSERT_EQUAL(loaded("smtp_connections =\n", &f), -1);
	CU_ASSERT_EQUAL(config_load("/nowhere/convene.conf", &f), -1);
	CU_ASSERT_EQUAL(config_load(NULL, &f), 0);
}

/* `convene.conf` is what config_print() says: nobody forgot to write it. */
static void
the_delivered_file_is_that_of_the_table(void)
{
	char *printed = NULL, *kept;
	size_t size = 0, n;
	FILE *out = open_memstream(&printed, &size);
	FILE *file = fopen("conf/convene.conf", "r");
	struct fault f;

	config_print(out);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	kept = calloc(1, size + 2);
	n = fread(kept, 1, size + 1, file);
	CU_ASSERT_EQUAL(n, size);
	CU_ASSERT_STRING_EQUAL(kept, printed);
	fclose(file);
	CU_ASSERT_EQUAL(config_load("conf/convene.conf", &f), 0);
	free(kept);
	free(printed);
}

void
config_suite(void)
{
	CU_pSuite s = CU_add_suite("config", NULL, NULL);

	CU_ADD_TEST(s, every_name_has_a_default);
	CU_ADD_TEST(s, a_file_changes_them);
	CU_ADD_TEST(s, the_environment_overrides);
	CU_ADD_TEST(s, mistakes_are_named_with_their_line);
	CU_ADD_TEST(s, the_delivered_file_is_that_of_the_table);
}
