#include "checkin/keys.h"

#include "base/config.h"
#include "checkin/ticket.h"

const struct ticket_keys *
checkin_keys(struct fault *f)
{
	static struct ticket_keys keys;

	if (keys.id == 0 && ticket_keys_load(&keys, config("ticket_key"),
	                        config_number("ticket_key_id"), f) == -1)
		return NULL;

	return &keys;
}
