#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/memory.h"
#include "db/db.h"
#include "notice/smtp.h"

struct letter {
	struct smtp *smtp;
	CURL *curl;
	bool busy;
	const char *at;
	size_t left;
	bool began; /* the relay asked for the message itself */
	struct curl_slist *to;
	char from[320];
	char said[SMTP_WORDS]; /* the last refusing line */
	char problem[CURL_ERROR_SIZE];
	void (*done)(void *, const struct smtp_answer *);
	void *context;
};

/* A socket that libcurl wants watched. */
struct socket {
	struct smtp *smtp;
	int fd;
};

struct smtp {
	const struct db_loop *loop;
	CURLM *multi;
	struct smtp_settings set;
	char *url;
	int64_t due; /* when libcurl wants to be called; -1: never */
	int count;
	struct letter letters[];
};

static void work(struct smtp *, int fd, int events);

/* --- libcurl's wishes, put to the loop --- */

static void
ready(void *context, int events)
{
	struct socket *s = context;
	int bits = 0;

	if ((events & LOOP_READ) != 0)
		bits |= CURL_CSELECT_IN;
	if ((events & LOOP_WRITE) != 0)
		bits |= CURL_CSELECT_OUT;
	work(s->smtp, s->fd, bits);
}

static int
on_socket(CURL *curl, curl_socket_t fd, int what, void *context, void *mine)
{
	struct smtp *smtp = context;
	struct socket *s = mine;
	int events = 0;

	(void)curl;
	if (what == CURL_POLL_REMOVE) {
		smtp->loop->forget(smtp->loop->context, fd);
		curl_multi_assign(smtp->multi, fd, NULL);
		free(s);
		return 0;
	}
	if (s == NULL) {
		s = memory_new(sizeof(*s));
		s->smtp = smtp;
		s->fd = fd;
		curl_multi_assign(smtp->multi, fd, s);
	}
	if ((what & CURL_POLL_IN) != 0)
		events |= LOOP_READ;
	if ((what & CURL_POLL_OUT) != 0)
		events |= LOOP_WRITE;
	smtp->loop->watch(smtp->loop->context, fd, events, ready, s);

	return 0;
}

static void
tick(void *context)
{
	struct smtp *smtp = context;

	if (smtp->due != -1 && clock_monotonic() >= smtp->due) {
		smtp->due = -1;
		work(smtp, CURL_SOCKET_TIMEOUT, 0);
	}
}

static int
on_timer(CURLM *multi, long ms, void *context)
{
	struct smtp *smtp = context;

	(void)multi;
	if (ms < 0) {
		smtp->due = -1;
		return 0;
	}
	smtp->due = clock_monotonic() + ms;
	smtp->loop->after(smtp->loop->context, (int)ms, tick, smtp);

	return 0;
}

/* --- one letter --- */

static size_t
on_read(char *to, size_t size, size_t count, void *context)
{
	struct letter *l = context;
	size_t n = size * count;

	if (n > l->left)
		n = l->left;
	memcpy(to, l->at, n);
	l->at += n;
	l->left -= n;
	l->began = true;

	return n;
}

/* The relay's lines; the last one that refuses is kept. */
static size_t
on_line(char *line, size_t size, size_t count, void *context)
{
	struct letter *l = context;
	size_t n = size * count, keep = n;

	if (n > 0 && (line[0] == '4' || line[0] == '5')) {
		while (keep > 0 && (unsigned char)line[keep - 1] < ' ')
			keep--;
		if (keep >= sizeof(l->said))
			keep = sizeof(l->said) - 1;
		memcpy(l->said, line, keep);
		l->said[keep] = '\0';
	}

	return n;
}

/*
 * For good only what the relay says to this recipient or this message: a 5xx
 * in the greeting, or to who we say we are, is trouble with the relay.
 */
static enum smtp_verdict
verdict(const struct letter *l, CURLcode rc, long code)
{
	if (rc == CURLE_OK)
		return SMTP_SENT;
	if (code < 500 || code > 599 || code == 530 || code == 535)
		return SMTP_LATER;
	if (l->began || rc == CURLE_SEND_ERROR)
		return SMTP_NEVER;

	return SMTP_LATER;
}

static void
finish(struct letter *l, CURLcode rc)
{
	struct smtp_answer answer = { 0 };

	curl_easy_getinfo(l->curl, CURLINFO_RESPONSE_CODE, &answer.code);
	answer.verdict = verdict(l, rc, answer.code);
	answer.away = rc != CURLE_OK && !l->began &&
	              (rc != CURLE_SEND_ERROR || answer.code == 0);
	if (rc != CURLE_OK)
		snprintf(answer.words, sizeof(answer.words), "%s",
		    l->said[0] != '\0'      ? l->said
		    : l->problem[0] != '\0' ? l->problem
		                            : curl_easy_strerror(rc));
	curl_multi_remove_handle(l->smtp->multi, l->curl);
	curl_slist_free_all(l->to);
	l->to = NULL;
	l->busy = false;
	l->done(l->context, &answer);
}

static void
work(struct smtp *smtp, int fd, int events)
{
	CURLMsg *msg;
	int running, left;

	curl_multi_socket_action(smtp->multi, fd, events, &running);
	while ((msg = curl_multi_info_read(smtp->multi, &left)) != NULL) {
		struct letter *l = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &l);
		finish(l, msg->data.result);
	}
}

/* curl_easy_reset() forgets the options and keeps the connection. */
static void
prepare(struct letter *l)
{
	const struct smtp_settings *set = &l->smtp->set;
	CURL *c = l->curl;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, l->smtp->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_USE_SSL,
	    (long)(set->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (set->user != NULL && set->user[0] != '\0') {
		curl_easy_setopt(c, CURLOPT_USERNAME, set->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, set->password);
	}
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, l->from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, l->to);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(c, CURLOPT_READDATA, l);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, l);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)l->left);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, set->connect_ms);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, set->total_ms);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, l->problem);
	curl_easy_setopt(c, CURLOPT_PRIVATE, l);
}

/* Nothing that could end the line, the address or the command. */
static bool
fits(const char *address)
{
	size_t n = strlen(address);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)address[i] <= ' ' || address[i] == 0x7f ||
		    address[i] == '<' || address[i] == '>')
			return false;

	return n > 0 && n <= 300;
}

int
smtp_send(struct smtp *smtp, const char *from, const char *to, const char *wire,
    size_t size, void (*done)(void *, const struct smtp_answer *),
    void *context)
{
	struct letter *l = NULL;
	char rcpt[320];

	for (int i = 0; i < smtp->count && l == NULL; i++)
		if (!smtp->letters[i].busy)
			l = &smtp->letters[i];
	if (l == NULL || !fits(from) || !fits(to))
		return -1;

	snprintf(l->from, sizeof(l->from), "<%s>", from);
	snprintf(rcpt, sizeof(rcpt), "<%s>", to);
	l->to = curl_slist_append(NULL, rcpt);
	l->at = wire;
	l->left = size;
	l->began = false;
	l->said[0] = l->problem[0] = '\0';
	l->done = done;
	l->context = context;
	l->busy = true;
	prepare(l);
	curl_multi_add_handle(smtp->multi, l->curl);

	return 0;
}

int
smtp_room(const struct smtp *smtp)
{
	int n = 0;

	for (int i = 0; i < smtp->count; i++)
		n += !smtp->letters[i].busy;

	return n;
}

struct smtp *
smtp_open(const struct smtp_settings *set, const struct db_loop *loop)
{
	struct smtp *smtp;
	size_t n = (size_t)set->connections;

	curl_global_init(CURL_GLOBAL_ALL);
	smtp = memory_new(sizeof(*smtp) + n * sizeof(smtp->letters[0]));
	smtp->loop = loop;
	smtp->set = *set;
	smtp->url = memory_text(set->url);
	smtp->due = -1;
	smtp->count = set->connections;
	smtp->multi = curl_multi_init();
	curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETDATA, smtp);
	curl_multi_setopt(smtp->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(smtp->multi, CURLMOPT_TIMERDATA, smtp);
	curl_multi_setopt(
	    smtp->multi, CURLMOPT_MAXCONNECTS, (long)set->connections);
	for (int i = 0; i < smtp->count; i++) {
		smtp->letters[i].smtp = smtp;
		smtp->letters[i].curl = curl_easy_init();
		if (smtp->letters[i].curl == NULL)
			abort();
	}

	return smtp;
}

void
smtp_close(struct smtp *smtp)
{
	if (smtp == NULL)
		return;
	for (int i = 0; i < smtp->count; i++) {
		struct letter *l = &smtp->letters[i];

		if (l->busy)
			curl_multi_remove_handle(smtp->multi, l->curl);
		curl_slist_free_all(l->to);
		curl_easy_cleanup(l->curl);
	}
	curl_multi_cleanup(smtp->multi);
	smtp->loop->cancel(smtp->loop->context, tick, smtp);
	free(smtp->url);
	free(smtp);
}
