#ifndef SCHEDULE_EXCHANGE_COMMAND_H
#define SCHEDULE_EXCHANGE_COMMAND_H

/* convene import schedule FILE …, convene export schedule EVENT [FILE] */
int import_command(int argc, char **argv);
int export_command(int argc, char **argv);

#endif
