#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdio.h>

struct fault;

/*
 * conf/convene.conf: "name = value", every name known here with its default;
 * CONVENE_NAME in the environment overrides; an unknown name is an error.
 * Secrets are read from the files that the configuration names.
 */
int config_load(const char *path, struct fault *); /* path NULL: defaults */

/* The value; a name that config.c does not list is a bug and aborts. */
const char *config(const char *name);
long config_number(const char *name);

/* conf/convene.conf as it is delivered: each default in a comment. */
void config_print(FILE *);

#endif
