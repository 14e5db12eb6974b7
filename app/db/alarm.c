#include "db/alarm.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

struct alarm {
	const struct db_loop *loop;
	void (*call)(void *);
	void *context;
	int64_t at;  /* 0: not set */
	int pending; /* calls that the loop owes us */
	bool gone;
};

struct alarm *
alarm_new(const struct db_loop *loop, void (*call)(void *), void *context)
{
	struct alarm *a = memory_new(sizeof(*a));

	a->loop = loop;
	a->call = call;
	a->context = context;
	return a;
}

static void
ring(void *context)
{
	struct alarm *a = context;
	int64_t now = clock_monotonic();

	a->pending--;
	if (a->gone) {
		if (a->pending == 0)
			free(a);
		return;
	}
	if (a->at == 0)
		return;
	if (now >= a->at) {
		a->at = 0;
		a->call(a->context);
	} else if (a->pending == 0)
		alarm_set(a, (int)(a->at - now));
}

void
alarm_free(struct alarm *a)
{
	if (a == NULL)
		return;
	a->gone = true;
	if (a->pending > 0 && a->loop->cancel != NULL)
		a->pending -= a->loop->cancel(a->loop->context, ring, a);
	if (a->pending == 0)
		free(a);
}

void
alarm_set(struct alarm *a, int milliseconds)
{
	a->at = clock_monotonic() + milliseconds;
	if (a->at == 0)
		a->at = 1;
	a->pending++;
	a->loop->after(a->loop->context, milliseconds, ring, a);
}

bool
alarm_is_set(const struct alarm *a)
{
	return a->at != 0;
}
