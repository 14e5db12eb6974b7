#include "db/listen.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "db/link.h"

enum { COMMAND_MOST = 4096 };

struct db_listen {
	const char *const *channels;
	void (*heard)(void *, const char *, const char *);
	void *context;
	struct link *link;
	bool listening; /* the answer to LISTEN has come */
};

static void
opened(void *context)
{
	struct db_listen *l = context;
	PGconn *pg = link_pg(l->link);
	struct text command;

	l->listening = false;
	text_init(&command, COMMAND_MOST);
	for (const char *const *c = l->channels; *c != NULL; c++) {
		char *name = PQescapeIdentifier(pg, *c, strlen(*c));

		text_printf(&command, "listen %s;", name == NULL ? "" : name);
		PQfreemem(name);
	}
	if (command.full || !PQsendQuery(pg, command.data))
		link_fail_soon(l->link);
	else
		link_flush(l->link);
	text_free(&command);
}

/* One result for each channel. */
static void
take_answer(struct db_listen *l, PGconn *pg)
{
	PGresult *r;

	while (!PQisBusy(pg)) {
		r = PQgetResult(pg);
		if (r == NULL) {
			l->listening = true;
			break;
		}
		if (PQresultStatus(r) != PGRES_COMMAND_OK)
			link_fail_soon(l->link);
		PQclear(r);
	}
	if (!l->listening)
		return;
	link_settled(l->link);
	for (const char *const *c = l->channels; *c != NULL; c++)
		l->heard(l->context, *c, NULL);
}

static void
ready(void *context)
{
	struct db_listen *l = context;
	PGconn *pg = link_pg(l->link);
	PGnotify *n;

	if (!PQconsumeInput(pg) || PQstatus(pg) == CONNECTION_BAD) {
		link_fail(l->link);
		return;
	}
	if (!l->listening)
		take_answer(l, pg);
	while (l->listening && (n = PQnotifies(pg)) != NULL) {
		l->heard(l->context, n->relname, n->extra);
		PQfreemem(n);
	}
	link_flush(l->link);
}

static void
lost(void *context)
{
	struct db_listen *l = context;

	l->listening = false;
}

static const struct link_use use = { opened, ready, lost };

struct db_listen *
db_listen(const char *connect, const char *const *channels,
    const struct db_loop *loop,
    void (*heard)(void *, const char *, const char *), void *context)
{
	struct db_listen *l = memory_new(sizeof(*l));

	l->channels = channels;
	l->heard = heard;
	l->context = context;
	l->link = link_new(connect, "", loop, &use, l);
	return l;
}

void
db_listen_close(struct db_listen *l)
{
	if (l == NULL)
		return;
	link_free(l->link);
	free(l);
}
