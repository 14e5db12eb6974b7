#include <stdlib.h>

#include "base/clock.h"
#include "base/fault.h"
#include "db/inside.h"
#include "db/poll.h"

/* For those who wait: a pool of one connection on a loop of its own. */

static const char slow[] = "the statements could not be prepared in time";

static int
wait_until_up(struct db_pool *pool, int64_t until, struct fault *f)
{
	while (db_up(pool) == 0) {
		const char *why = connection_why(pool->connections[0]);

		if (clock_monotonic() >= until)
			return fault_detail(f, FAULT_BUSY, "", "fault.busy",
			    "%s", why[0] != '\0' ? why : slow);
		poll_loop_turn(pool->own, 50);
	}
	return 0;
}

struct db_pool *
db_open_waiting(const struct db_settings *settings, struct fault *f)
{
	struct poll_loop *loop = poll_loop_new();
	struct db_settings one = *settings;
	struct db_pool *pool;

	one.connections = 1;
	pool = db_open(&one, poll_loop_db(loop));
	pool->own = loop;
	if (wait_until_up(
	        pool, clock_monotonic() + pool->settings.wait_ms, f) == 0)
		return pool;
	db_close(pool);
	return NULL;
}

static void
finished(struct db_segment *s, void *context)
{
	(void)s;
	*(bool *)context = true;
}

int
db_run(struct db_pool *pool, struct db_segment *s, struct fault *f)
{
	bool over = false;

	if (pool->own == NULL)
		abort(); /* a bug: it is somebody else's loop */
	if (wait_until_up(
	        pool, clock_monotonic() + pool->settings.wait_ms, f) == -1 ||
	    db_submit(pool, s, finished, &over, f) == -1)
		return -1;
	while (!over)
		poll_loop_turn(pool->own, 1000);
	return db_fault(s, f);
}
