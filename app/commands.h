#ifndef COMMANDS_H
#define COMMANDS_H

/*
 * The command line's table of contents.  A command is a row in commands.c and
 * a function in its room: argv[0] is its name, the result the exit status.
 */
struct command {
	const char *name;
	const char *usage;   /* after the name: "FILE [--dry]", or "" */
	const char *summary; /* one line for the list */
	const char *help;    /* the rest of what --help says */
	int (*run)(int argc, char **argv);
};

/* Ends with a NULL name. */
extern const struct command commands[];

#endif
