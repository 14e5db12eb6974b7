/*
 * The one file that knows Kore: requests in, answers out, Kore's event loop
 * under the database's pools.  What is true of Kore 4.1.0 and why it is used
 * this way is in its comments here; the rest of Convene compiles without it.
 */
#include <sys/epoll.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/hooks.h>
#include <kore/seccomp.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/fault.h"
#include "base/log.h"
#include "db/db.h"
#include "sql.h"
#include "web/metrics.h"
#include "web/request.h"

/* What Debian's libc and our libraries call beyond Kore's own list. */
KORE_SECCOMP_FILTER("convene", KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(rename), KORE_SYSCALL_ALLOW(pread64),
    KORE_SYSCALL_ALLOW(pwrite64), KORE_SYSCALL_ALLOW(fsync),
    KORE_SYSCALL_ALLOW(fdatasync), KORE_SYSCALL_ALLOW(mkdir),
    KORE_SYSCALL_ALLOW(ftruncate), KORE_SYSCALL_ALLOW(unlink),
    KORE_SYSCALL_ALLOW(getrandom), KORE_SYSCALL_ALLOW(readlink),
    KORE_SYSCALL_ALLOW(rseq), KORE_SYSCALL_ALLOW(sysinfo),
    KORE_SYSCALL_ALLOW(flock), KORE_SYSCALL_ALLOW(fchmod),
    KORE_SYSCALL_ALLOW(statfs), KORE_SYSCALL_ALLOW(fstatfs),
    KORE_SYSCALL_ALLOW(copy_file_range), KORE_SYSCALL_ALLOW(sendfile),
    KORE_SYSCALL_ALLOW(mremap), KORE_SYSCALL_ALLOW(madvise))

enum {
	DRAIN_TURN_MS = 50,
	DRAIN_MOST_MS = 10000,
	WRITE_DEPTH = 2,
	WATCHES = 64
};

static struct db_pool *reads, *writes;

/* --- the loop under the pools ------------------------------------------ */

/* Kore finds the event by its first member. */
struct watch {
	struct kore_event event;
	int fd;
	void (*ready)(void *, int);
	void *context;
};

static struct watch watches[WATCHES];

static void
watch_event(void *arg, int error)
{
	struct watch *w = arg;
	int events = 0;

	if (error || (w->event.flags & KORE_EVENT_READ))
		events |= LOOP_READ;
	if (w->event.flags & KORE_EVENT_WRITE)
		events |= LOOP_WRITE;
	w->event.flags = 0;
	if (w->ready != NULL)
		w->ready(w->context, events);
}

static struct watch *
watch_of(int fd)
{
	struct watch *unused = NULL;

	for (int i = 0; i < WATCHES; i++) {
		if (watches[i].ready != NULL && watches[i].fd == fd)
			return &watches[i];
		if (watches[i].ready == NULL && unused == NULL)
			unused = &watches[i];
	}
	if (unused == NULL)
		fatal("more than %d watched descriptors", WATCHES);
	unused->fd = fd;

	return unused;
}

static void
loop_watch(
    void *context, int fd, int events, void (*ready)(void *, int), void *arg)
{
	struct watch *w = watch_of(fd);

	(void)context;
	w->event.handle = watch_event;
	w->ready = ready;
	w->context = arg;
	kore_platform_event_schedule(fd,
	    EPOLLRDHUP | (events & LOOP_READ ? (int)EPOLLIN : 0) |
	        (events & LOOP_WRITE ? (int)EPOLLOUT : 0),
	    0, w);
}

/* libpq may have closed the descriptor already, and Kore's own call to end a
 * watch kills the worker then: the kernel has forgotten it by itself.  A live
 * one is silenced: an event without a reader is passed over. */
static void
loop_forget(void *context, int fd)
{
	(void)context;
	for (int i = 0; i < WATCHES; i++)
		if (watches[i].ready != NULL && watches[i].fd == fd) {
			watches[i].ready = NULL;
			watches[i].fd = -1;
		}
}

struct later {
	void (*call)(void *);
	void *context;
};

static void
later_run(void *arg, u_int64_t now)
{
	struct later l = *(struct later *)arg;

	(void)now;
	kore_free(arg);
	l.call(l.context);
}

static void
loop_after(void *context, int milliseconds, void (*call)(void *), void *arg)
{
	struct later *l = kore_malloc(sizeof(*l));

	(void)context;
	l->call = call;
	l->context = arg;
	kore_timer_add(
	    later_run, (u_int64_t)milliseconds, l, KORE_TIMER_ONESHOT);
}

static const struct db_loop kore_loop = {
	.watch = loop_watch, .forget = loop_forget, .after = loop_after
};

/* --- a request ----------------------------------------------------------- */

struct state {
	struct request request;
	struct visit *visit;
	bool waiting;
	bool answered; /* the segment is done, the visit not yet gone on */
};

static const char *
header_of(void *context, const char *name)
{
	const char *value;

	return http_request_header(context, name, &value) == KORE_RESULT_OK
	           ? value
	           : NULL;
}

static void
body_of(struct http_request *req, struct request *r)
{
	r->body_size = req->http_body_length;
	if (req->http_body_path != NULL) {
		r->body_path = req->http_body_path;
		return;
	}
	/* The buffer's own offset is rewound to 0 by Kore. */
	if (req->http_body != NULL)
		r->body = (const char *)req->http_body->data;
}

static void
state_end(struct http_request *req)
{
	struct state *s = req->hdlr_extra;

	if (s != NULL && s->visit != NULL) {
		visit_free(s->visit);
		s->visit = NULL;
	}
}

static void
send_answer(struct http_request *req, struct state *s)
{
	const struct response *r = visit_response(s->visit);

	for (int i = 0; i < r->headers; i++)
		http_response_header(
		    req, r->header[i].name, r->header[i].value);
	http_response(req, r->status, r->body, r->size);
	metrics_answered(r->status);
}

static void
segment_done(struct db_segment *segment, void *arg)
{
	struct http_request *req = arg;
	struct state *s = http_state_get(req);

	(void)segment;
	s->waiting = false;
	s->answered = true;
	http_request_wakeup(req);
}

static enum visit_step
ask(struct http_request *req, struct state *s)
{
	struct fault f = { 0 };
	struct db_pool *pool = visit_writes(s->visit) ? writes : reads;

	s->waiting = true;
	if (db_submit(pool, visit_segment(s->visit), segment_done, req, &f) ==
	    -1) {
		s->waiting = false;
		return visit_refused(s->visit);
	}

	return VISIT_ASKS;
}

static struct state *
state_begin(struct http_request *req)
{
	struct state *s = http_state_create(req, sizeof(*s), state_end);

	s->request.method = http_method_text(req->method);
	s->request.path = req->path;
	s->request.query = req->query_string;
	s->request.header = header_of;
	s->request.context = req;
	body_of(req, &s->request);
	s->visit = visit_new(&s->request);

	return s;
}

/* Kore enters here for each request, and again each time it is woken. */
int dispatch(struct http_request *);

int
dispatch(struct http_request *req)
{
	struct state *s;
	enum visit_step step;

	if (!http_state_exists(req)) {
		s = state_begin(req);
		step = visit_begin(s->visit);
	} else {
		s = http_state_get(req);
		if (!s->answered) {
			http_request_sleep(req);
			return KORE_RESULT_RETRY;
		}
		s->answered = false;
		step = visit_answered(s->visit);
	}
	while (step == VISIT_ASKS) {
		step = ask(req, s);
		if (step == VISIT_ASKS && s->waiting) {
			http_request_sleep(req);
			return KORE_RESULT_RETRY;
		}
	}
	send_answer(req, s);

	return KORE_RESULT_OK;
}

/* --- start and end ------------------------------------------------------ */

static void
give_up(const char *what, const struct fault *f)
{
	fatal("%s: %s %s", what, f->key, f->detail);
}

/* 4.1.0 routes by path alone, so there is one route and our own table. */
static void
add_route(void)
{
	struct kore_server *s;
	struct kore_domain *d;

	LIST_FOREACH(s, &kore_servers, list)
	TAILQ_FOREACH(d, &s->domains, list)
	if (!kore_module_handler_new(
	        d, "^/", "dispatch", NULL, HANDLER_TYPE_DYNAMIC))
		fatal("the route was refused");
}

void
kore_parent_configure(int argc, char **argv)
{
	struct fault f = { 0 };

	(void)argc;
	(void)argv;
	setvbuf(stdout, NULL, _IOLBF, 0); /* 4.1.0 never flushes its log */
	if (config_load(getenv("CONVENE_CONF"), &f) == -1)
		give_up("configuration", &f);
	if (web_start(&f) == -1)
		give_up("start", &f);
	add_route();
	http_server_version("convene");
}

static volatile sig_atomic_t stopping;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
}

/* No new connections, the requests in flight are answered, then the end. */
static void
drain(void *arg, u_int64_t now)
{
	static u_int64_t since;

	(void)arg;
	if (!stopping)
		return;
	if (since == 0) {
		since = now;
		worker_max_connections = 0;
	}
	if (http_request_count == 0 || now - since > DRAIN_MOST_MS) {
		signal(SIGTERM, SIG_DFL);
		sig_recv = SIGTERM;
	}
}

static struct db_pool *
open_pool(int connections, int depth, bool reads_only)
{
	struct db_settings s = {
		.connect = config("database"),
		.statements = sql_all,
		.connections = connections,
		.depth = depth,
		.waiting = (int)config_number("db_waiting"),
		.wait_ms = (int)config_number("db_wait_ms"),
		.together = (int)config_number("db_together"),
		.together_ms = (int)config_number("db_together_ms"),
		.statement_ms = (int)config_number("db_statement_ms"),
		.lock_ms = (int)config_number("db_lock_ms"),
		.answer_ms = (int)config_number("db_answer_ms"),
		.reads = reads_only,
	};

	return db_open(&s, &kore_loop);
}

void
kore_worker_configure(void)
{
	struct sigaction action = { .sa_handler = on_stop };

	reads = open_pool((int)config_number("db_readers"),
	    (int)config_number("db_depth"), true);
	writes =
	    open_pool((int)config_number("db_writers"), WRITE_DEPTH, false);
	metrics_watch(reads, writes);
	sigfillset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGQUIT, &action, NULL);
	kore_timer_add(drain, DRAIN_TURN_MS, NULL, 0);
}
