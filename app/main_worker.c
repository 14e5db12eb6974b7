#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/messages.h"
#include "db/db.h"
#include "db/listen.h"
#include "db/poll.h"
#include "job/loop.h"
#include "jobs.h"
#include "notice/outbox.h"
#include "notice/smtp.h"
#include "sql.h"
#include "web/template.h"

/*
 * What works behind: mails out, jobs, chores.  One process, one loop; many of
 * them may run on many machines, for each claims its own.
 */
enum {
	POLL_MS = 5000,
	SOON_MS = 50, /* while the database is away */
	TURN_MS = 250,
	DRAIN_MS = 15000,
	JOBS_AT_ONCE = 2
};

struct worker {
	struct poll_loop *loop;
	struct db_pool *pool;
	struct db_listen *listen;
	struct smtp *smtp;
	struct outbox *outbox;
	struct job_loop *jobs;
	struct notice_house house;
	struct ticket_keys tickets;
	char password[256];
};

static volatile sig_atomic_t stopping;

static void
on_stop(int number)
{
	(void)number;
	stopping = 1;
}

static const char *
source(void *context, const char *name)
{
	(void)context;
	for (const struct embedded *e = templates_embedded; e->name != NULL;
	     e++)
		if (strcmp(e->name, name) == 0)
			return e->data;

	return NULL;
}

static int
read_secret(uint8_t secret[32], struct fault *f)
{
	const char *path = config("secret_key");
	FILE *file = fopen(path, "rbe");
	size_t n = file == NULL ? 0 : fread(secret, 1, 32, file);

	if (file != NULL)
		fclose(file);
	if (n != 32)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "secret_key: %s has no 32 bytes", path);

	return 0;
}

/* The first line of the file that smtp_password names. */
static int
read_password(struct worker *w, struct fault *f)
{
	const char *path = config("smtp_password");
	FILE *file;
	bool read;

	if (path[0] == '\0')
		return 0;
	file = fopen(path, "re");
	read = file != NULL &&
	       fgets(w->password, sizeof(w->password), file) != NULL;
	if (file != NULL)
		fclose(file);
	w->password[strcspn(w->password, "\r\n")] = '\0';
	if (!read)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "smtp_password: %s cannot be read", path);

	return 0;
}

static int
read_house(struct worker *w, struct fault *f)
{
	struct notice_house *h = &w->house;

	if (config_load(getenv("CONVENE_CONF"), f) == -1 ||
	    messages_load(f) == -1 || read_secret(h->secret, f) == -1 ||
	    read_password(w, f) == -1 ||
	    ticket_keys_load(&w->tickets, config("ticket_key"),
	        config_number("ticket_key_id"), f) == -1)
		return -1;
	if (config_number("smtp_connections") < 1 ||
	    config_number("smtp_connections") > SMTP_CONNECTIONS)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "smtp_connections: 1 to %d", SMTP_CONNECTIONS);
	h->origin = config("origin");
	h->organisation = config("name");
	h->from = config("mail_from");
	h->domain = config("mail_domain");
	h->tickets = &w->tickets;
	h->templates = template_set_new(source, NULL);

	return 0;
}

static void
look(struct worker *w)
{
	outbox_look(w->outbox);
	job_loop_look(w->jobs);
}

/* NOTIFY is a hint, the poll the guarantee. */
static void
on_notify(void *context, const char *channel, const char *payload)
{
	struct worker *w = context;

	if (stopping)
		return;
	if (strcmp(channel, "notice") == 0 && payload != NULL &&
	    strcmp(payload, "paused") == 0)
		outbox_pause(w->outbox);
	else if (strcmp(channel, "notice") == 0)
		outbox_look(w->outbox);
	else
		job_loop_look(w->jobs);
}

static void
on_poll(void *context)
{
	struct worker *w = context;
	const struct db_loop *loop = poll_loop_db(w->loop);

	if (stopping)
		return;
	look(w);
	loop->after(
	    loop->context, db_up(w->pool) > 0 ? POLL_MS : SOON_MS, on_poll, w);
}

static void
open_mail(struct worker *w, const struct db_loop *loop)
{
	struct smtp_settings smtp = { .url = config("smtp_url"),
		.tls = strcmp(config("smtp_tls"), "required") == 0,
		.user = config("smtp_user"),
		.password = w->password,
		.connections = (int)config_number("smtp_connections"),
		.connect_ms = 5000,
		.total_ms = 30000 };
	struct outbox_settings outbox = { .pool = w->pool,
		.loop = loop,
		.house = &w->house,
		.per_minute = config_number("mail_per_minute") };

	outbox.smtp = w->smtp = smtp_open(&smtp, loop);
	w->outbox = outbox_new(&outbox);
}

static void
open_all(struct worker *w)
{
	static const char *const channels[] = { "notice", "job", NULL };
	const char *connect = config("database_worker");
	const struct db_loop *loop;
	struct db_settings db = { .connect = connect,
		.statements = sql_all,
		.connections = 2,
		.depth = 8,
		.waiting = 256,
		.wait_ms = 10000,
		.statement_ms = 10000,
		.lock_ms = 5000 };
	struct job_settings jobs = { .kinds = job_kinds,
		.chores = chores,
		.connect = connect,
		.seconds = (int)config_number("job_seconds"),
		.at_once = JOBS_AT_ONCE };

	w->loop = poll_loop_new();
	loop = poll_loop_db(w->loop);
	jobs.pool = w->pool = db_open(&db, loop);
	jobs.loop = loop;
	open_mail(w, loop);
	w->jobs = job_loop_new(&jobs);
	w->listen = db_listen(connect, channels, loop, on_notify, w);
	loop->after(loop->context, 0, on_poll, w);
}

static void
close_all(struct worker *w)
{
	db_listen_close(w->listen);
	smtp_close(w->smtp);
	db_close(w->pool);
	outbox_free(w->outbox);
	job_loop_free(w->jobs);
	poll_loop_free(w->loop);
	template_set_free(w->house.templates);
	explicit_bzero(&w->house.secret, sizeof(w->house.secret));
	explicit_bzero(&w->tickets, sizeof(w->tickets));
	explicit_bzero(w->password, sizeof(w->password));
}

static bool
idle(const struct worker *w)
{
	return outbox_idle(w->outbox) && job_loop_idle(w->jobs);
}

/* Once told to stop, what was begun is ended, if it does not take too long. */
static void
work(struct worker *w)
{
	int64_t until;

	while (!stopping)
		poll_loop_turn(w->loop, TURN_MS);
	outbox_drain(w->outbox);
	job_loop_drain(w->jobs);
	until = clock_monotonic() + DRAIN_MS;
	while (!idle(w) && clock_monotonic() < until)
		poll_loop_turn(w->loop, TURN_MS);
}

int
main(void)
{
	static struct worker w;
	struct sigaction stop = { .sa_handler = on_stop };
	struct fault f = { 0 };

	if (read_house(&w, &f) == -1) {
		log_event(LOG_LEVEL_ERROR, "worker.cannot_start", "why",
		    f.detail, NULL);
		return 1;
	}
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	open_all(&w);
	log_event(LOG_LEVEL_INFO, "worker.start", NULL);
	work(&w);
	if (idle(&w))
		close_all(&w);
	log_event(LOG_LEVEL_INFO, "worker.end", NULL);

	return 0;
}
