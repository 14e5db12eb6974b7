#ifndef KEYS_H
#define KEYS_H

/* The command `keys`: makes the secret files that are absent. */
int keys_command(int argc, char **argv);

#endif
