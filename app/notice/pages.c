/* An event's mails that did not arrive, and sending them again. */
#include <string.h>

#include "notice/acts.h"
#include "sql.h"

/* registration.confirmed is "confirmed" to people. */
static int
failures_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *row;
	size_t i;

	(void)v;
	(void)f;
	json_array_foreach(json_object_get(page, "failures"), i, row)
	{
		const char *kind =
		    json_string_value(json_object_get(row, "kind"));
		const char *state =
		    json_string_value(json_object_get(row, "state"));
		const char *dot = strchr(kind, '.');

		json_object_set_new(
		    row, "what", json_string(dot == NULL ? kind : dot + 1));
		json_object_set_new(row, "is_waiting",
		    json_boolean(strcmp(state, "waiting") == 0));
	}

	return 0;
}

const struct act notice_failures = { .room = "notice",
	.summary =
	    "An event's mails that did not arrive, or wait to be tried again",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_NOTICE_COUNTS, ONE },
	    { "failures", &SQL_NOTICE_FAILURES, MANY },
	    { "unreachable", &SQL_NOTICE_UNREACHABLE, MANY } },
	.answer = failures_answer,
	.page = "notice/failures" };

const struct act notice_again = { .room = "notice",
	.summary = "Sends one of them again, to the person's address of now",
	.asks = { { "", &SQL_NOTICE_AGAIN, ONE } },
	.go = "/events/{event}/failures",
	.said = "flash.notice_again",
	.write = true };

const struct act notice_retry_all = { .room = "notice",
	.summary = "Sends all of an event's again that were refused",
	.asks = { { "", &SQL_NOTICE_RETRY_ALL, ONE } },
	.go = "/events/{event}/failures",
	.said = "flash.notice_again",
	.write = true };

const struct act notice_reachable = { .room = "notice",
	.summary = "Takes the mark from an address that came back before",
	.asks = { { "", &SQL_NOTICE_REACHABLE, MAYBE } },
	.go = "/events/{event}/failures",
	.said = "flash.saved",
	.write = true };
