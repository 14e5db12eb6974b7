#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/suite.h"

#include "base/clock.h"
#include "db/poll.h"
#include "notice/smtp.h"

static const char message[] = "Subject: s\r\n\r\n.\r\n.dots\r\n";
static char folder[] = "/tmp/smtp-test-XXXXXX";
static pid_t sink;
static int port;
static char url[64];

struct got {
	int count;
	struct smtp_answer last;
};

static void
on_answer(void *context, const struct smtp_answer *answer)
{
	struct got *got = context;

	got->count++;
	got->last = *answer;
}

static void
wait_for(struct poll_loop *loop, const struct got *got, int count)
{
	int64_t until = clock_monotonic() + 10000;

	while (got->count < count && clock_monotonic() < until)
		poll_loop_turn(loop, 50);
	CU_ASSERT_EQUAL(got->count, count);
}

static struct smtp *
open_smtp(struct poll_loop *loop, int connections, long total_ms)
{
	struct smtp_settings set = { .url = url,
		.connections = connections,
		.connect_ms = 2000,
		.total_ms = total_ms };

	return smtp_open(&set, poll_loop_db(loop));
}

static struct smtp_answer
send_one(const char *to, long total_ms)
{
	struct poll_loop *loop = poll_loop_new();
	struct smtp *smtp = open_smtp(loop, 1, total_ms);
	struct got got = { 0 };

	CU_ASSERT_EQUAL(smtp_send(smtp, "bounce+1=a@x.example", to, message,
	                    strlen(message), on_answer, &got),
	    0);
	wait_for(loop, &got, 1);
	smtp_close(smtp);
	poll_loop_free(loop);

	return got.last;
}

static void
begin(void)
{
	char at[64];

	if (sink != 0)
		return;
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	port = 30000 + (int)(getpid() % 20000);
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", port);
	snprintf(at, sizeof(at), "127.0.0.1:%d", port);
	sink = fork();
	if (sink == 0) {
		execl("tools/mail-sink", "mail-sink", at, folder, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 100; i++) {
		if (!send_one("hello@x.example", 2000).away)
			break;
		usleep(100000);
	}
}

static void
a_mail_arrives_as_it_was_given(void)
{
	struct smtp_answer answer;

	begin();
	answer = send_one("b@x.example", 5000);
	CU_ASSERT_EQUAL(answer.verdict, SMTP_SENT);
	CU_ASSERT_EQUAL(answer.code, 250);
}

static void
the_verdict_is_the_relays(void)
{
	static const struct {
		const char *to;
		enum smtp_verdict verdict;
		long code;
	} all[] = { { "451@x.example", SMTP_LATER, 451 },
		{ "550@x.example", SMTP_NEVER, 550 },
		{ "data451@x.example", SMTP_LATER, 451 },
		{ "data550@x.example", SMTP_NEVER, 550 },
		{ "slow@x.example", SMTP_SENT, 250 } };

	begin();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct smtp_answer answer = send_one(all[i].to, 5000);

		CU_ASSERT_EQUAL(answer.verdict, all[i].verdict);
		CU_ASSERT_EQUAL(answer.code, all[i].code);
		CU_ASSERT(!answer.away);
		if (answer.verdict != SMTP_SENT)
			CU_ASSERT_EQUAL(
			    strtol(answer.words, NULL, 10), all[i].code);
	}
}

static void
a_lost_answer_is_tried_again(void)
{
	begin();
	CU_ASSERT_EQUAL(send_one("drop@x.example", 5000).verdict, SMTP_LATER);
	CU_ASSERT_EQUAL(send_one("lost@x.example", 5000).verdict, SMTP_LATER);
	CU_ASSERT_EQUAL(send_one("slow@x.example", 500).verdict, SMTP_LATER);
}

static void
many_go_over_few_connections(void)
{
	struct poll_loop *loop = poll_loop_new();
	struct smtp *smtp;
	struct got got = { 0 };
	int sent = 0;

	begin();
	smtp = open_smtp(loop, 4, 5000);
	while (sent < 100) {
		for (; smtp_room(smtp) > 0 && sent < 100; sent++)
			CU_ASSERT_EQUAL(
			    smtp_send(smtp, "a@x.example", "b@x.example",
			        message, strlen(message), on_answer, &got),
			    0);
		if (smtp_room(smtp) == 0)
			CU_ASSERT_EQUAL(
			    smtp_send(smtp, "a@x.example", "b@x.example",
			        message, 1, on_answer, &got),
			    -1);
		poll_loop_turn(loop, 100);
		CU_ASSERT(got.count == 0 || got.last.verdict == SMTP_SENT);
	}
	wait_for(loop, &got, sent);
	smtp_close(smtp);
	poll_loop_free(loop);
}

/* Each takes two seconds at the relay. */
static void
a_slow_relay_answers_several_at_once(void)
{
	struct poll_loop *loop = poll_loop_new();
	struct smtp *smtp;
	struct got got = { 0 };
	int64_t began;

	begin();
	smtp = open_smtp(loop, 4, 8000);
	began = clock_monotonic();
	for (int i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(smtp_send(smtp, "a@x.example", "slow@x.example",
		                    message, strlen(message), on_answer, &got),
		    0);
	wait_for(loop, &got, 4);
	CU_ASSERT(clock_monotonic() - began < 6000);
	smtp_close(smtp);
	poll_loop_free(loop);
}

static void
closing_gives_up_what_is_under_way(void)
{
	struct poll_loop *loop = poll_loop_new();
	struct smtp *smtp;
	struct got got = { 0 };

	begin();
	smtp = open_smtp(loop, 1, 30000);
	CU_ASSERT_EQUAL(smtp_send(smtp, "a@x.example", "slow@x.example",
	                    message, strlen(message), on_answer, &got),
	    0);
	poll_loop_turn(loop, 100);
	smtp_close(smtp);
	poll_loop_turn(loop, 0);
	CU_ASSERT_EQUAL(got.count, 0);
	poll_loop_free(loop);
}

static void
an_address_cannot_break_the_dialogue(void)
{
	static const char *const all[] = { "", "a@x.example>\r\nRCPT TO:<b@x",
		"a b@x.example", "a@x.example>", "<a@x.example" };
	struct poll_loop *loop = poll_loop_new();
	struct smtp *smtp;
	struct got got = { 0 };

	begin();
	smtp = open_smtp(loop, 1, 5000);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		CU_ASSERT_EQUAL(smtp_send(smtp, "a@x.example", all[i], message,
		                    1, on_answer, &got),
		    -1);
		CU_ASSERT_EQUAL(smtp_send(smtp, all[i], "a@x.example", message,
		                    1, on_answer, &got),
		    -1);
	}
	CU_ASSERT_EQUAL(got.count, 0);
	smtp_close(smtp);
	poll_loop_free(loop);
}

/* Last: the sink ends here. */
static void
a_relay_that_is_down_is_away(void)
{
	struct smtp_answer answer;

	begin();
	kill(sink, SIGTERM);
	waitpid(sink, NULL, 0);
	answer = send_one("b@x.example", 5000);
	CU_ASSERT_EQUAL(answer.verdict, SMTP_LATER);
	CU_ASSERT(answer.away);
	CU_ASSERT_EQUAL(answer.code, 0);
}

SUITE(smtp, SAYS(a_mail_arrives_as_it_was_given),
    SAYS(the_verdict_is_the_relays), SAYS(a_lost_answer_is_tried_again),
    SAYS(many_go_over_few_connections),
    SAYS(a_slow_relay_answers_several_at_once),
    SAYS(closing_gives_up_what_is_under_way),
    SAYS(an_address_cannot_break_the_dialogue),
    SAYS(a_relay_that_is_down_is_away))
