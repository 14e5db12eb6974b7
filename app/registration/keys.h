#ifndef REGISTRATION_KEYS_H
#define REGISTRATION_KEYS_H

#include <stdint.h>

struct fault;

/*
 * The key of manage tokens, 32 bytes of the file that the configuration
 * names, read once in each process; NULL with the fault when it cannot be.
 */
const uint8_t *registration_secret(struct fault *);

#endif
