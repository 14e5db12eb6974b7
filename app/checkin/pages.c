/* The door: a ticket, a number or a name, and who may come in. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/token.h"
#include "checkin/acts.h"
#include "checkin/keys.h"
#include "checkin/ticket.h"
#include "sql.h"

/* A QR code holds at most 4296 characters; ours have 120. */
enum { CODE_MOST = 4296, NUMBER_MOST = 18 };

static const struct field page_fields[] = {
	{ .name = "scan", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field scan_fields[] = { { .name = "ticket",
	                                        .kind = FIELD_WORD,
	                                        .flags = REQUIRED,
	                                        .most = CODE_MOST,
	                                        .autocomplete = "off" },
	{ .name = "key", .kind = FIELD_UUID, .flags = REQUIRED | HIDDEN },
	{ .name = "session", .kind = FIELD_ID, .flags = HIDDEN },
	{ .name = NULL } };

static const struct field people_fields[] = {
	{ .name = "q", .kind = FIELD_WORD, .most = 100 },
	{ .name = "session", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field admit_fields[] = {
	{ .name = "registration", .kind = FIELD_ID, .flags = REQUIRED },
	{ .name = "key", .kind = FIELD_UUID, .flags = REQUIRED },
	{ .name = "session", .kind = FIELD_ID }, { .name = NULL }
};

static const struct field counts_fields[] = {
	{ .name = "session", .kind = FIELD_ID }, { .name = NULL }
};

static const struct act scan_ticket, scan_number, scan_refused, scan_other_key;

/* --- what a code is worth, before the database is asked -------------- */

static bool
is_number(const char *s)
{
	size_t n = strlen(s);

	return n <= NUMBER_MOST && s[0] != '0' && strspn(s, "0123456789") == n;
}

/* A ticket may begin with a space, which a field takes away. */
static const char *
spelt_whole(struct visit *v, const char *code)
{
	return strlen(code) == TICKET_CHARS - 1
	           ? arena_printf(visit_arena(v), " %s", code)
	           : code;
}

static void
bind_ticket(struct visit *v, const struct ticket *t)
{
	struct arena *a = visit_arena(v);

	visit_bind(v, "registration",
	    arena_printf(a, "%llu", (unsigned long long)t->registration));
	visit_bind(v, "serial", arena_printf(a, "%u", t->serial));
	visit_bind(v, "ticket_event", arena_printf(a, "%u", t->event));
}

/* Which verb is asked: what C has refused is kept, too. */
static void
judge(struct visit *v, const struct ticket_keys *keys)
{
	const char *code = spelt_whole(v, visit_field(v, "ticket"));
	struct ticket t;
	enum ticket_verdict is = ticket_read(keys, code, strlen(code), &t);

	if (is == TICKET_GOOD) {
		bind_ticket(v, &t);
		visit_then(v, &scan_ticket);
		return;
	}
	visit_bind(v, "result", is == TICKET_FORGED ? "forged" : "unknown");
	visit_then(v, &scan_refused);
}

/* A ticket of ours by its shape, whose key this process does not hold: one
 * that signed before, perhaps. */
static bool
by_other_key(const struct ticket_keys *keys, const char *code)
{
	int key = ticket_key_of(code, strlen(code));

	return key != -1 && !keys->knows[key];
}

static void
bind_uuid(struct visit *v)
{
	visit_bind(v, "uuid", visit_field(v, "key"));
}

static int
scan_before(struct visit *v, struct fault *f)
{
	const struct ticket_keys *keys = checkin_keys(f);
	const char *code = visit_field(v, "ticket");

	if (keys == NULL)
		return -1;
	bind_uuid(v);
	if (is_number(code)) {
		visit_bind(v, "registration", code);
		visit_then(v, &scan_number);
	} else if (by_other_key(keys, spelt_whole(v, code))) {
		visit_then(v, &scan_other_key);
	} else {
		judge(v, keys);
	}

	return 0;
}

static int
hex_read(const char *hex, uint8_t out[TICKET_PUBLIC])
{
	if (hex == NULL || strlen(hex) != 2 * TICKET_PUBLIC)
		return -1;
	for (int i = 0; i < TICKET_PUBLIC; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}

	return 0;
}

/* Not kept beyond the visit, for a key may be retired at any time. */
static int
other_key_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct ticket_keys *keys = arena_alloc(visit_arena(v), sizeof(*keys));
	json_t *rows = json_object_get(page, "keys"), *row;
	size_t i;

	*keys = *checkin_keys(f);
	json_array_foreach(rows, i, row)
	{
		uint8_t public_key[TICKET_PUBLIC];

		if (hex_read(
		        json_string_value(json_object_get(row, "public_key")),
		        public_key) == 0)
			ticket_keys_know(keys,
			    (uint8_t)json_integer_value(
			        json_object_get(row, "id")),
			    public_key);
	}
	json_object_del(page, "keys");
	judge(v, keys);

	return 0;
}

/* --- what the pages show --------------------------------------------- */

static bool
result_is(const json_t *verdict, const char *result)
{
	const char *has = json_string_value(json_object_get(verdict, "result"));

	return has != NULL && strcmp(has, result) == 0;
}

/* One flag says with which sign and colour. */
static void
put_look(json_t *verdict)
{
	json_object_set_new(verdict,
	    result_is(verdict, "admitted")  ? "is_admitted"
	    : result_is(verdict, "already") ? "is_already"
	                                    : "is_refused",
	    json_true());
}

static int
page_before(struct visit *v, struct fault *f)
{
	char *key = arena_alloc(visit_arena(v), UUID_CHARS + 1);

	(void)f;
	token_uuid(key);
	visit_bind(v, "key", key);

	return 0;
}

static int
page_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *verdict = json_object_get(page, "verdict");

	(void)v;
	(void)f;
	if (verdict != NULL)
		put_look(verdict);

	return 0;
}

static int
people_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *q = visit_field(v, "q");

	(void)f;
	json_object_set_new(page, "q", json_string(q == NULL ? "" : q));

	return 0;
}

static int
admit_before(struct visit *v, struct fault *f)
{
	(void)f;
	bind_uuid(v);

	return 0;
}

/* For scripts; who comes with a browser is shown the page that has them. */
static int
counts_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	if (!visit_wants_json(v))
		visit_go(v, arena_printf(visit_arena(v), "/events/%lld/scan",
		                (long long)json_integer_value(
		                    json_object_get(page, "event"))));

	return 0;
}

/* --- the acts -------------------------------------------------------- */

const struct act checkin_page = { .room = "checkin",
	.summary = "The scanner of an event's door, or the verdict of a scan",
	.fields = page_fields,
	.before = page_before,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "counts", &SQL_CHECKIN_COUNTS, ONE },
	    { "recent", &SQL_CHECKIN_RECENT, MANY },
	    { "verdict", &SQL_CHECKIN_VERDICT, MAYBE } },
	.answer = page_answer,
	.page = "checkin/scan",
	.form = &checkin_scan,
	.quiet = true };

const struct act checkin_scan = { .room = "checkin",
	.summary = "Judges a ticket's code, or a registration's number",
	.fields = scan_fields,
	.before = scan_before,
	.go = "/events/{event}/scan?scan={scan}",
	.again = &checkin_page,
	.write = true,
	.quiet = true };

/* One of these four answers a scan. */
static const struct act scan_ticket = { .room = "checkin",
	.asks = { { "", &SQL_CHECKIN_SCAN, ONE } },
	.go = "/events/{event}/scan?scan={scan}",
	.again = &checkin_page,
	.write = true,
	.quiet = true };

static const struct act scan_number = { .room = "checkin",
	.asks = { { "", &SQL_CHECKIN_NUMBER, ONE } },
	.go = "/events/{event}/scan?scan={scan}",
	.again = &checkin_page,
	.write = true,
	.quiet = true };

static const struct act scan_refused = { .room = "checkin",
	.asks = { { "", &SQL_CHECKIN_REFUSE, ONE } },
	.go = "/events/{event}/scan?scan={scan}",
	.again = &checkin_page,
	.write = true,
	.quiet = true };

static const struct act scan_other_key = { .room = "checkin",
	.asks = { { "keys", &SQL_CHECKIN_KEYS, MANY } },
	.answer = other_key_answer,
	.again = &checkin_page,
	.quiet = true };

const struct act checkin_people = { .room = "checkin",
	.summary = "Finds the people of an event by name or address",
	.fields = people_fields,
	.asks = { { "event", &SQL_SCHEDULE_EVENT, ONE },
	    { "people", &SQL_CHECKIN_SEARCH, MANY } },
	.answer = people_answer,
	.page = "checkin/people",
	.form = &checkin_admit,
	.quiet = true };

const struct act checkin_admit = { .room = "checkin",
	.summary = "Admits somebody who was found by name",
	.fields = admit_fields,
	.before = admit_before,
	.asks = { { "", &SQL_CHECKIN_ADMIT, ONE } },
	.go = "/events/{event}/scan?scan={scan}",
	.again = &checkin_people,
	.write = true,
	.quiet = true };

const struct act checkin_undo = { .room = "checkin",
	.summary = "Takes an admission back",
	.asks = { { "", &SQL_CHECKIN_UNDO, ONE } },
	.go = "/events/{event}/scan",
	.said = "flash.undone",
	.write = true,
	.quiet = true };

const struct act checkin_counts = { .room = "checkin",
	.summary = "How many are expected, and how many are in",
	.fields = counts_fields,
	.asks = { { "", &SQL_CHECKIN_COUNTS, ONE } },
	.answer = counts_answer,
	.quiet = true };
