#ifndef NOTICE_SMTP_H
#define NOTICE_SMTP_H

#include <stdbool.h>
#include <stddef.h>

struct db_loop;

/*
 * Mails out, several at once, each connection on a thread of its own; what is
 * here is called from the loop's thread alone.  A connection is used again, for
 * greetings cost more than mails.  The
 * verdict is the relay's reply, not libcurl's result, which is the same for
 * 451 and 550.
 */
struct smtp;

enum { SMTP_CONNECTIONS = 64 };
struct smtp_settings {
	const char *url;             /* smtp://relay:25 */
	bool tls;                    /* STARTTLS or nothing */
	const char *user, *password; /* kept by the caller; user "": none */
	int connections;             /* 1 to SMTP_CONNECTIONS */
	long connect_ms, total_ms;
};

enum smtp_verdict {
	SMTP_SENT,
	SMTP_LATER, /* the relay is away, or said 4xx */
	SMTP_NEVER  /* the relay said 5xx to this recipient or message */
};

enum { SMTP_WORDS = 256 };
struct smtp_answer {
	enum smtp_verdict verdict;
	bool away; /* it never came to this mail: the relay is down */
	long code; /* 0: no reply */
	char words[SMTP_WORDS]; /* the relay's line, or what went wrong */
};

struct smtp *smtp_open(const struct smtp_settings *, const struct db_loop *);
/* What is under way is given up: nobody is told what became of it. */
void smtp_close(struct smtp *);

/* How many more could be sent at once. */
int smtp_room(const struct smtp *);

/*
 * Sends; `done` is called once, from the loop.  -1 when there is no room or
 * an address would break the dialogue.  The message is borrowed until then.
 */
int smtp_send(struct smtp *, const char *from, const char *to, const char *wire,
    size_t, void (*done)(void *, const struct smtp_answer *), void *context);

#endif
