/* convene: the administrator's command line. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/fault.h"
#include "commands.h"

/* The first that is there: what tools/run wrote, or what a person did. */
static const char *const usual[] = { "var/convene.conf", "conf/convene.conf",
	NULL };

static void
usage(FILE *out)
{
	fprintf(out, "usage: convene [-c FILE] COMMAND [ARGUMENT]...\n"
	             "       convene COMMAND --help\n\n");
	for (const struct command *c = commands; c->name != NULL; c++)
		fprintf(out, "  %-10s %s\n", c->name, c->summary);
	fprintf(out,
	    "\nThe configuration is FILE, else CONVENE_CONF, else %s or %s.\n",
	    usual[0], usual[1]);
}

static int
help(const struct command *c)
{
	printf("usage: convene %s%s%s\n\n%s.\n\n%s", c->name,
	    c->usage[0] != '\0' ? " " : "", c->usage, c->summary, c->help);
	return 0;
}

static const struct command *
command_named(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static const char *
configuration(const char *given)
{
	if (given == NULL)
		given = getenv("CONVENE_CONF");
	for (int i = 0; given == NULL && usual[i] != NULL; i++)
		if (access(usual[i], R_OK) == 0)
			given = usual[i];
	return given;
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

static int
run(const struct command *c, const char *conf, int argc, char **argv)
{
	struct fault f = { 0 };

	if (asks_for_help(argc, argv))
		return help(c);
	if (config_load(configuration(conf), &f) == -1) {
		fprintf(stderr, "convene: %s\n", f.detail);
		return 1;
	}
	return c->run(argc, argv);
}

int
main(int argc, char **argv)
{
	const char *conf = NULL;
	const struct command *c;
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		conf = argv[2];
		first = 3;
	}
	if (argc > first && strcmp(argv[first], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (argc <= first || (c = command_named(argv[first])) == NULL) {
		usage(stderr);
		return 2;
	}
	return run(c, conf, argc - first, argv + first);
}
