#ifndef NOTICE_COMMANDS_H
#define NOTICE_COMMANDS_H

/* `convene bounce`: for the relay, which brings what came back. */
int bounce_command(int argc, char **argv);

#endif
