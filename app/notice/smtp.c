#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/memory.h"
#include "db/db.h"
#include "notice/smtp.h"

/*
 * Each connection has a thread of its own: libcurl waits for the reply to the
 * message itself without giving back control, so that on one thread a relay
 * that takes its time would take the letters one after the other.  A letter is
 * the loop's while it is not busy, and its thread's until it is in the pipe.
 */
struct letter {
	struct smtp *smtp;
	CURL *curl;
	pthread_t thread;
	pthread_cond_t posted;
	bool busy;
	const char *at;
	size_t left;
	bool began; /* the relay asked for the message itself */
	CURLcode result;
	struct curl_slist *to;
	char from[320];
	char said[SMTP_WORDS]; /* the last refusing line */
	char problem[CURL_ERROR_SIZE];
	void (*done)(void *, const struct smtp_answer *);
	void *context;
};

struct smtp {
	const struct db_loop *loop;
	struct smtp_settings set;
	char *url;
	pthread_mutex_t lock; /* over `toil` of each letter, and `closing` */
	bool closing;
	int pipe[2]; /* numbers of letters that are done, a byte each */
	int count;
	bool *toil; /* posted, and not yet done */
	struct letter letters[];
};

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
finish(struct letter *l)
{
	struct smtp_answer answer = { 0 };
	CURLcode rc = l->result;

	curl_easy_getinfo(l->curl, CURLINFO_RESPONSE_CODE, &answer.code);
	answer.verdict = verdict(l, rc, answer.code);
	answer.away = rc != CURLE_OK && !l->began &&
	              (rc != CURLE_SEND_ERROR || answer.code == 0);
	if (rc != CURLE_OK)
		snprintf(answer.words, sizeof(answer.words), "%s",
		    l->said[0] != '\0'      ? l->said
		    : l->problem[0] != '\0' ? l->problem
		                            : curl_easy_strerror(rc));
	curl_slist_free_all(l->to);
	l->to = NULL;
	l->busy = false;
	l->done(l->context, &answer);
}

/* Numbers in the pipe, on the loop. */
static void
ready(void *context, int events)
{
	struct smtp *smtp = context;
	unsigned char n;

	(void)events;
	if (read(smtp->pipe[0], &n, 1) == 1)
		finish(&smtp->letters[n]);
}

static bool
is_closing(struct smtp *smtp)
{
	bool closing;

	pthread_mutex_lock(&smtp->lock);
	closing = smtp->closing;
	pthread_mutex_unlock(&smtp->lock);

	return closing;
}

/* libcurl asks at least once a second. */
static int
on_progress(void *context, curl_off_t total, curl_off_t got, curl_off_t to_send,
    curl_off_t sent)
{
	struct letter *l = context;

	(void)total;
	(void)got;
	(void)to_send;
	(void)sent;

	return is_closing(l->smtp);
}

static void *
toil(void *context)
{
	struct letter *l = context;
	struct smtp *smtp = l->smtp;
	unsigned char n = (unsigned char)(l - smtp->letters);

	pthread_mutex_lock(&smtp->lock);
	while (!smtp->closing) {
		if (!smtp->toil[n]) {
			pthread_cond_wait(&l->posted, &smtp->lock);
			continue;
		}
		smtp->toil[n] = false;
		pthread_mutex_unlock(&smtp->lock);
		l->result = curl_easy_perform(l->curl);
		while (write(smtp->pipe[1], &n, 1) != 1)
			;
		pthread_mutex_lock(&smtp->lock);
	}
	pthread_mutex_unlock(&smtp->lock);

	return NULL;
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
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, l);
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
	pthread_mutex_lock(&smtp->lock);
	smtp->toil[l - smtp->letters] = true;
	pthread_cond_signal(&l->posted);
	pthread_mutex_unlock(&smtp->lock);

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

static void
letter_open(struct smtp *smtp, struct letter *l)
{
	l->smtp = smtp;
	l->curl = curl_easy_init();
	if (l->curl == NULL || pthread_cond_init(&l->posted, NULL) != 0 ||
	    pthread_create(&l->thread, NULL, toil, l) != 0)
		abort();
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
	smtp->count = set->connections;
	smtp->toil = memory_new(n * sizeof(smtp->toil[0]));
	if (pipe(smtp->pipe) == -1 ||
	    pthread_mutex_init(&smtp->lock, NULL) != 0)
		abort();
	loop->watch(loop->context, smtp->pipe[0], LOOP_READ, ready, smtp);
	for (int i = 0; i < smtp->count; i++)
		letter_open(smtp, &smtp->letters[i]);

	return smtp;
}

static void
letter_close(struct letter *l)
{
	pthread_join(l->thread, NULL);
	pthread_cond_destroy(&l->posted);
	curl_slist_free_all(l->to);
	curl_easy_cleanup(l->curl);
}

void
smtp_close(struct smtp *smtp)
{
	if (smtp == NULL)
		return;
	pthread_mutex_lock(&smtp->lock);
	smtp->closing = true;
	for (int i = 0; i < smtp->count; i++)
		pthread_cond_signal(&smtp->letters[i].posted);
	pthread_mutex_unlock(&smtp->lock);
	for (int i = 0; i < smtp->count; i++)
		letter_close(&smtp->letters[i]);
	smtp->loop->forget(smtp->loop->context, smtp->pipe[0]);
	close(smtp->pipe[0]);
	close(smtp->pipe[1]);
	pthread_mutex_destroy(&smtp->lock);
	free(smtp->toil);
	free(smtp->url);
	free(smtp);
}
