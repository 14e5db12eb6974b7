#include "db/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "db/alarm.h"

enum {
	BACKOFF_FIRST_MS = 50,
	BACKOFF_MOST_MS = 1000, /* a second is all that an outage adds */
	CONNECT_MS = 5000,      /* PQconnectPoll knows no connect_timeout */
	KEYWORDS = 64
};

enum link_state { DOWN, CONNECTING, OPEN };

struct link {
	const struct db_loop *loop;
	const struct link_use *use;
	void *context;
	char *connect;
	char *options;
	PGconn *pg;
	int fd; /* that is watched, or -1 */
	int watched;
	enum link_state state;
	int backoff;
	unsigned long times;
	bool failing; /* to be failed from the loop */
	struct alarm *alarm;
	char why[160];
};

static void begin(struct link *);
static void event(void *, int);

/* What the string says wins over our defaults; its options come after ours. */
static PGconn *
start(const struct link *l)
{
	const char *keywords[KEYWORDS] = { "gssencmode", "tcp_user_timeout",
		"client_encoding", "fallback_application_name", "dbname",
		"options", NULL };
	const char *values[KEYWORDS] = { "disable", "3000", "UTF8", "convene",
		l->connect, NULL, NULL };
	PQconninfoOption *given = PQconninfoParse(l->connect, NULL);
	char all[1024];
	PGconn *pg;

	snprintf(all, sizeof(all), "%s", l->options);
	for (PQconninfoOption *o = given; o != NULL && o->keyword; o++)
		if (strcmp(o->keyword, "options") == 0 && o->val != NULL)
			snprintf(all, sizeof(all), "%s %s", l->options, o->val);
	values[5] = all;
	pg = PQconnectStartParams(keywords, values, 1);
	PQconninfoFree(given);
	return pg;
}

static void
watch(struct link *l, int events)
{
	l->watched = events;
	l->loop->watch(l->loop->context, l->fd, events, event, l);
}

/* On end of file libpq closes the descriptor itself: the loop is told to
 * forget it all the same, and must bear that it is closed already. */
static void
forget(struct link *l)
{
	if (l->fd != -1)
		l->loop->forget(l->loop->context, l->fd);
	l->fd = -1;
}

/* Says whether it is another reason than the last time. */
static bool
remember_why(struct link *l)
{
	const char *message = l->pg == NULL ? "" : PQerrorMessage(l->pg);
	size_t size = strcspn(message, "\n");
	char why[sizeof(l->why)];
	bool other;

	snprintf(why, sizeof(why), "%.*s", (int)size, message);
	other = strcmp(why, l->why) != 0;
	memcpy(l->why, why, sizeof(why));

	return other;
}

/* Once for each reason, not for each try. */
static void
log_failure(const struct link *l, bool was_open, bool other)
{
	if (was_open && l->why[0] == '\0')
		log_event(LOG_LEVEL_INFO, "db.renewed", NULL);
	else if (was_open || other)
		log_event(LOG_LEVEL_WARN,
		    was_open ? "db.lost" : "db.unreachable", "why", l->why,
		    NULL);
}

void
link_fail(struct link *l)
{
	bool was_open = l->state == OPEN;

	log_failure(l, was_open, remember_why(l));
	forget(l);
	PQfinish(l->pg);
	l->pg = NULL;
	l->state = DOWN;
	l->failing = false;
	l->backoff = l->backoff == 0 ? BACKOFF_FIRST_MS : l->backoff * 2;
	if (l->backoff > BACKOFF_MOST_MS)
		l->backoff = BACKOFF_MOST_MS;
	alarm_set(l->alarm, l->backoff);
	if (was_open)
		l->use->lost(l->context);
}

void
link_fail_soon(struct link *l)
{
	l->failing = true;
	alarm_set(l->alarm, 0);
}

/* Said by the server beside its answers, as when it could not wait for its
 * standby: whoever keeps it running must see that. */
static void
notice(void *unused, const PGresult *r)
{
	const char *level =
	    PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *words = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	(void)unused;
	if (level != NULL && strcmp(level, "WARNING") == 0)
		log_event(LOG_LEVEL_WARN, "db.notice", "words",
		    words == NULL ? "" : words, NULL);
}

static void
opened(struct link *l)
{
	l->state = OPEN;
	l->times++;
	PQsetnonblocking(l->pg, 1);
	PQsetNoticeReceiver(l->pg, notice, NULL);
	watch(l, LOOP_READ);
	l->use->opened(l->context);
}

/* libpq may try several hosts, each on a descriptor of its own. */
static void
go_on(struct link *l, PostgresPollingStatusType status)
{
	int fd = PQsocket(l->pg);

	if (fd != l->fd)
		forget(l);
	l->fd = fd;
	if (fd == -1 || status == PGRES_POLLING_FAILED)
		link_fail(l);
	else if (status == PGRES_POLLING_OK)
		opened(l);
	else
		watch(l,
		    status == PGRES_POLLING_READING ? LOOP_READ : LOOP_WRITE);
}

static void
event(void *context, int events)
{
	struct link *l = context;

	if (l->state == CONNECTING) {
		go_on(l, PQconnectPoll(l->pg));
		return;
	}
	if (events & LOOP_WRITE)
		link_flush(l);
	l->use->ready(l->context);
}

static void
begin(struct link *l)
{
	l->pg = start(l);
	l->state = CONNECTING;
	if (l->pg == NULL || PQstatus(l->pg) == CONNECTION_BAD) {
		link_fail(l);
		return;
	}
	alarm_set(l->alarm, CONNECT_MS);
	go_on(l, PGRES_POLLING_WRITING);
}

static void
woken(void *context)
{
	struct link *l = context;

	if (l->state == DOWN)
		begin(l);
	else if (l->state == CONNECTING || l->failing)
		link_fail(l);
}

struct link *
link_new(const char *connect, const char *options, const struct db_loop *loop,
    const struct link_use *use, void *context)
{
	struct link *l = memory_new(sizeof(*l));

	l->loop = loop;
	l->use = use;
	l->context = context;
	l->connect = memory_text(connect);
	l->options = memory_text(options);
	l->fd = -1;
	l->alarm = alarm_new(loop, woken, l);
	alarm_set(l->alarm, 0);
	return l;
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	forget(l);
	PQfinish(l->pg);
	alarm_free(l->alarm);
	free(l->connect);
	free(l->options);
	free(l);
}

PGconn *
link_pg(const struct link *l)
{
	return l->state == OPEN ? l->pg : NULL;
}

void
link_flush(struct link *l)
{
	int events = LOOP_READ | (PQflush(l->pg) == 1 ? LOOP_WRITE : 0);

	if (events != l->watched && PQsocket(l->pg) == l->fd)
		watch(l, events);
}

void
link_settled(struct link *l)
{
	l->backoff = 0;
}

unsigned long
link_times(const struct link *l)
{
	return l->times;
}

const char *
link_why(const struct link *l)
{
	return l->why;
}
