#ifndef VERIFY_COMMAND_H
#define VERIFY_COMMAND_H

/* The command `verify`: every statement named verify_*, which finds the rows
 * that break what must hold.  1 when any finds some, or cannot be asked. */
int verify_command(int argc, char **argv);

#endif
