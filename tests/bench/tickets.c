/*
 * tickets: signs what tools/bench shows at the door.
 *
 *   tickets KEYFILE     "event registration serial" a line in, a ticket a line
 * out
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/fault.h"
#include "checkin/ticket.h"

int
main(int argc, char **argv)
{
	struct ticket_keys keys;
	struct fault f = { 0 };
	struct ticket t = { 0 };
	char spelt[TICKET_CHARS + 1];

	if (argc != 2 || ticket_keys_load(&keys, argv[1], 1, &f) == -1) {
		fprintf(stderr, "tickets: %s\n",
		    argc == 2 ? f.detail : "which key?");
		return 1;
	}
	while (scanf("%" SCNu32 " %" SCNu64 " %" SCNu16, &t.event,
	           &t.registration, &t.serial) == 3) {
		ticket_sign(&keys, &t, spelt);
		puts(spelt);
	}
	return 0;
}
