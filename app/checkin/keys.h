#ifndef CHECKIN_KEYS_H
#define CHECKIN_KEYS_H

struct fault;
struct ticket_keys;

/*
 * The key of this house, which signs its tickets, read once in each process;
 * NULL with a fault when the configuration names none that can be read.
 */
const struct ticket_keys *checkin_keys(struct fault *);

#endif
