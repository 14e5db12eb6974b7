#include "db/poll.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

struct watched {
	int fd;
	int events;
	void (*ready)(void *, int);
	void *context;
	unsigned long birth; /* tells it from a later watch of the same fd */
};

struct timer {
	struct timer *next; /* by the time due, then by the order set */
	int64_t due;
	unsigned long order;
	void (*call)(void *);
	void *context;
};

struct poll_loop {
	struct db_loop db;
	struct watched *watched;
	size_t count, room;
	unsigned long births;
	struct timer *timers;
	unsigned long order; /* of the timer set last */
};

static struct watched *
find(struct poll_loop *p, int fd)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->watched[i].fd == fd)
			return &p->watched[i];
	return NULL;
}

static void
loop_watch(
    void *context, int fd, int events, void (*ready)(void *, int), void *arg)
{
	struct poll_loop *p = context;
	struct watched *w = find(p, fd);

	if (w == NULL) {
		if (p->count == p->room) {
			p->room = p->room * 2 + 8;
			p->watched = memory_grow(
			    p->watched, p->room * sizeof(*p->watched));
		}
		w = &p->watched[p->count++];
		w->birth = ++p->births;
	}
	w->fd = fd;
	w->events = events;
	w->ready = ready;
	w->context = arg;
}

static void
loop_forget(void *context, int fd)
{
	struct poll_loop *p = context;
	struct watched *w = find(p, fd);

	if (w != NULL)
		*w = p->watched[--p->count];
}

static void
loop_after(void *context, int milliseconds, void (*call)(void *), void *arg)
{
	struct poll_loop *p = context;
	struct timer *t = memory_new(sizeof(*t));
	struct timer **at = &p->timers;

	t->due = clock_monotonic() + milliseconds;
	t->order = ++p->order;
	t->call = call;
	t->context = arg;
	while (*at != NULL && (*at)->due <= t->due)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

static int
loop_cancel(void *context, void (*call)(void *), void *arg)
{
	struct poll_loop *p = context;
	struct timer **at = &p->timers;
	int taken = 0;

	while (*at != NULL) {
		struct timer *t = *at;

		if (t->call != call || t->context != arg) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		free(t);
		taken++;
	}
	return taken;
}

struct poll_loop *
poll_loop_new(void)
{
	struct poll_loop *p = memory_new(sizeof(*p));

	p->db = (struct db_loop){ loop_watch, loop_forget, loop_after, p,
		loop_cancel };
	return p;
}

void
poll_loop_free(struct poll_loop *p)
{
	if (p == NULL)
		return;
	while (p->timers != NULL) {
		struct timer *t = p->timers;

		p->timers = t->next;
		free(t);
	}
	free(p->watched);
	free(p);
}

const struct db_loop *
poll_loop_db(struct poll_loop *p)
{
	return &p->db;
}

/* Not those set meanwhile: they wait for the next turn. */
static void
call_due(struct poll_loop *p)
{
	int64_t now = clock_monotonic();
	unsigned long order = p->order;

	while (p->timers != NULL && p->timers->due <= now &&
	       p->timers->order <= order) {
		struct timer *t = p->timers;
		void (*call)(void *) = t->call;
		void *context = t->context;

		p->timers = t->next;
		free(t);
		call(context);
	}
}

static int
patience(const struct poll_loop *p, int milliseconds)
{
	int64_t left;

	if (p->timers == NULL)
		return milliseconds;
	left = p->timers->due - clock_monotonic();
	if (left < 0)
		left = 0;
	return left < milliseconds ? (int)left : milliseconds;
}

static int
events_of(short revents)
{
	return (revents & (POLLIN | POLLHUP | POLLERR) ? LOOP_READ : 0) |
	       (revents & POLLOUT ? LOOP_WRITE : 0);
}

/* A callback may watch and forget: each is looked up anew. */
static void
call_ready(struct poll_loop *p, const struct pollfd *polled, size_t count,
    unsigned long births)
{
	for (size_t i = 0; i < count; i++) {
		struct watched *w = find(p, polled[i].fd);
		int events = events_of(polled[i].revents);

		if (w != NULL && w->birth <= births && events != 0)
			w->ready(w->context, events);
	}
}

void
poll_loop_turn(struct poll_loop *p, int milliseconds)
{
	size_t count = p->count;
	struct pollfd *polled = memory_new(count * sizeof(*polled));
	unsigned long births = p->births;

	for (size_t i = 0; i < count; i++) {
		polled[i].fd = p->watched[i].fd;
		polled[i].events =
		    (short)((p->watched[i].events & LOOP_READ ? POLLIN : 0) |
		            (p->watched[i].events & LOOP_WRITE ? POLLOUT : 0));
	}
	if (poll(polled, count, patience(p, milliseconds)) > 0)
		call_ready(p, polled, count, births);
	free(polled);
	call_due(p);
}
