#ifndef ACCOUNT_COMMANDS_H
#define ACCOUNT_COMMANDS_H

/* The command line's ways into accounts; see app/commands.c. */
int login_command(int argc, char **argv);
int enrol_command(int argc, char **argv);
int grant_command(int argc, char **argv);
int erase_command(int argc, char **argv);

#endif
