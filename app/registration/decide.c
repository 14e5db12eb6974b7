/* Who is next, and who is let in: lines, offers and requests. */
#include <string.h>

#include "registration/acts.h"
#include "sql.h"
#include "web/nav.h"

enum { COUNT_MOST = 10000, PAGES_MOST = 10000, QUEUE_PAGE = 100 };

static const char *const decisions[] = { "approve", "decline", NULL };

static const struct field page_fields[] = { { .name = "page",
	                                        .kind = FIELD_NUMBER,
	                                        .least = 1,
	                                        .most = PAGES_MOST },
	{ .name = NULL } };

static const struct field count_fields[] = { { .name = "count",
	                                         .kind = FIELD_NUMBER,
	                                         .flags = REQUIRED,
	                                         .least = 1,
	                                         .most = COUNT_MOST },
	{ .name = NULL } };

static const struct field decide_fields[] = {
	{ .name = "registrations", .kind = FIELD_IDS, .flags = REQUIRED },
	{ .name = "decision",
	    .kind = FIELD_CHOICE,
	    .flags = REQUIRED,
	    .choices = decisions },
	{ .name = "why", .kind = FIELD_TEXT, .most = 1000 }, { .name = NULL }
};

static const struct act approve_here, decline_here, approve_mine, decline_mine;

/* Rows in the order of their lines into page.lines [{name, of, people}]. */
static void
by_line(json_t *page)
{
	json_t *rows = json_object_get(page, "queue"), *row;
	json_t *queues = json_array(), *people = NULL;
	const json_t *last = NULL;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const json_t *bucket = json_object_get(row, "bucket");

		if (people == NULL || !json_equal(bucket, last)) {
			people = json_array();
			json_array_append_new(queues,
			    json_pack("{s:O, s:O, s:o}", "name",
			        json_object_get(row, "bucket_name"), "of",
			        json_object_get(row, "of"), "people", people));
		}
		json_array_append(people, row);
		last = bucket;
	}
	json_object_set_new(page, "queues", queues);
}

static int
queue_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *first = json_array_get(json_object_get(page, "queue"), 0);

	(void)f;
	nav_by_number(v, page,
	    (long)json_integer_value(json_object_get(first, "all")),
	    QUEUE_PAGE);
	by_line(page);

	return 0;
}

/* Only what the reader decides can be chosen. */
static int
requests_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *row;
	size_t i;
	bool mine = false;

	(void)v;
	(void)f;
	json_array_foreach(json_object_get(page, "requests"), i, row)
	{
		mine |= json_is_true(json_object_get(row, "is_mine"));
	}
	json_object_set_new(page, "may_decide", json_boolean(mine));

	return 0;
}

static bool
approves(struct visit *v)
{
	return strcmp(visit_field(v, "decision"), decisions[0]) == 0;
}

static int
decide_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_then(v, approves(v) ? &approve_here : &decline_here);

	return 0;
}

static int
decide_mine_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_then(v, approves(v) ? &approve_mine : &decline_mine);

	return 0;
}

const struct act registration_queue = { .room = "registration",
	.summary =
	    "Who waits for a seat, line by line, and who was offered one",
	.fields = page_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "lines", &SQL_REGISTRATION_LINES, ONE },
	    { "queue", &SQL_REGISTRATION_QUEUE, MANY },
	    { "offers", &SQL_REGISTRATION_OFFERS, MANY } },
	.answer = queue_answer,
	.page = "registration/queue",
	.form = &registration_promote };

const struct act registration_promote = { .room = "registration",
	.summary = "Gives so many free seats to those who are next in line",
	.fields = count_fields,
	.asks = { { "", &SQL_REGISTRATION_PROMOTE_NEXT, ONE } },
	.go = "/events/{event}/queue",
	.said = "flash.promoted",
	.again = &registration_queue,
	.write = true };

const struct act registration_offer = { .room = "registration",
	.summary = "Offers a free seat to one who waits, before their turn",
	.asks = { { "", &SQL_REGISTRATION_OFFER_TO, ONE } },
	.go = "/events/{event}/queue",
	.said = "flash.offered",
	.write = true };

const struct act registration_requests = { .room = "registration",
	.summary = "Who asks for a seat, for the event's organizers",
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "lines", &SQL_REGISTRATION_LINES, ONE },
	    { "requests", &SQL_REGISTRATION_REQUESTS, MANY } },
	.answer = requests_answer,
	.page = "registration/requests",
	.form = &registration_decide };

const struct act registration_decide = { .room = "registration",
	.summary = "Approves or declines those who ask for a seat",
	.fields = decide_fields,
	.before = decide_before,
	.go = "/events/{event}/requests",
	.again = &registration_requests,
	.write = true };

static const struct act approve_here = { .room = "registration",
	.asks = { { "decided", &SQL_REGISTRATION_APPROVE_ALL, MANY } },
	.go = "/events/{event}/requests",
	.said = "flash.approved",
	.again = &registration_requests,
	.write = true };

static const struct act decline_here = { .room = "registration",
	.asks = { { "decided", &SQL_REGISTRATION_DECLINE_ALL, MANY } },
	.go = "/events/{event}/requests",
	.said = "flash.declined",
	.again = &registration_requests,
	.write = true };

const struct act registration_coordinate = { .room = "registration",
	.summary = "What a coordinator has to decide, and may nominate for",
	.asks = { { "requests", &SQL_REGISTRATION_COORDINATED, MANY },
	    { "allotments", &SQL_REGISTRATION_MY_ALLOTMENTS, MANY } },
	.answer = requests_answer,
	.page = "registration/coordinate",
	.form = &registration_decide_mine };

const struct act registration_decide_mine = { .room = "registration",
	.summary = "Approves or declines requests of one's units",
	.fields = decide_fields,
	.before = decide_mine_before,
	.go = "/coordinate",
	.again = &registration_coordinate,
	.write = true };

static const struct act approve_mine = { .room = "registration",
	.asks = { { "decided", &SQL_REGISTRATION_APPROVE_ALL, MANY } },
	.go = "/coordinate",
	.said = "flash.approved",
	.again = &registration_coordinate,
	.write = true };

static const struct act decline_mine = { .room = "registration",
	.asks = { { "decided", &SQL_REGISTRATION_DECLINE_ALL, MANY } },
	.go = "/coordinate",
	.said = "flash.declined",
	.again = &registration_coordinate,
	.write = true };
