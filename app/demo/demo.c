#include "demo/demo.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/text.h"
#include "base/token.h"
#include "db/db.h"
#include "registration/keys.h"
#include "registration/manage.h"
#include "sql.h"

/* A statement over everything takes longer than one of a visit. */
enum { STATEMENTS_MOST = 7, STATEMENT_MS = 60000, WORDS_MOST = 4 << 20 };
/* Keys beyond those of the events' wanted: of who comes to the seats' rules. */
enum { KEYS_MORE = 40 };

/*
 * Each step is one transaction, whose last statement says that it was done:
 * who is stopped in the middle goes on where that was.  What acts for people
 * comes before what the house does.
 */
struct step {
	const char *name;
	const struct sql *statements[STATEMENTS_MOST + 1]; /* NULL last */
	int (*also)(struct demo *, struct fault *); /* first; safe to repeat */
};

/* clang-format off */
static const struct step steps[] = {
	{ "people", { &SQL_DEMO_THEMES, &SQL_DEMO_UNITS, &SQL_DEMO_PEOPLE,
	    &SQL_DEMO_PEOPLE_NOTED }, NULL },
	{ "programs", { &SQL_DEMO_PROGRAMS, &SQL_DEMO_PROGRAM_SLUGS,
	    &SQL_DEMO_PROGRAMS_PUBLISHED }, NULL },
	{ "events", { &SQL_DEMO_EVENTS, &SQL_DEMO_EVENT_SLUGS, &SQL_DEMO_ROOMS,
	    &SQL_DEMO_SESSIONS, &SQL_DEMO_SESSION_SPEAKERS,
	    &SQL_DEMO_EVENTS_PUBLISHED, &SQL_DEMO_ROLES }, NULL },
	{ "registrations", { &SQL_DEMO_REGISTRATIONS, &SQL_DEMO_MAILED,
	    &SQL_DEMO_WITHDRAWALS, &SQL_DEMO_PICKS, &SQL_DEMO_MAILED }, NULL },
	{ "dates", { &SQL_DEMO_CANCELLED, &SQL_DEMO_MAILED,
	    &SQL_DEMO_EVENTS_MOVED, &SQL_DEMO_INDEXED,
	    &SQL_DEMO_REGISTRATIONS_DATED, &SQL_DEMO_NOTICES_DATED,
	    &SQL_DEMO_INVITES_DATED }, NULL },
	{ "seats", { &SQL_DEMO_AS_ORGANIZER, &SQL_DEMO_RULES,
	    &SQL_DEMO_BUCKETS, &SQL_DEMO_CODES, &SQL_DEMO_FREED,
	    &SQL_DEMO_MAILED }, NULL },
	{ "arrivals", { &SQL_DEMO_ARRIVED, &SQL_DEMO_AS_ORGANIZER,
	    &SQL_DEMO_APPROVED, &SQL_DEMO_AS_COORDINATOR, &SQL_DEMO_SECONDED,
	    &SQL_DEMO_MAILED }, NULL },
	{ "nominations", { &SQL_DEMO_AS_COORDINATOR, &SQL_DEMO_NOMINATED,
	    &SQL_DEMO_ACCEPTED, &SQL_DEMO_MAILED }, NULL },
	{ "forms", { &SQL_DEMO_FORMS, &SQL_DEMO_ANSWERS }, NULL },
	{ "messages", { &SQL_DEMO_AS_ORGANIZER, &SQL_DEMO_MAILINGS,
	    &SQL_DEMO_MAILED, &SQL_DEMO_MAILINGS_SENT }, NULL },
	{ "scans", { &SQL_DEMO_DEVICES, &SQL_DEMO_SCANS,
	    &SQL_DEMO_SCANS_AGAIN }, NULL },
	{ "materials", { &SQL_DEMO_RECORDS_DATED }, demo_publish },
	{ "mails", { &SQL_DEMO_MOVED, &SQL_DEMO_MOVED_MAILED,
	    &SQL_DEMO_FAILED, &SQL_DEMO_WAITING }, NULL },
};
/* clang-format on */
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

/* "program.water" and its like become one array, "programs". */
static void
read_words(struct demo *d)
{
	struct text programs;

	d->words = json_object();
	text_init(&programs, WORDS_MOST);
	for (const struct embedded *e = demo_embedded; e->name != NULL; e++) {
		if (strncmp(e->name, "program.", 8) == 0) {
			text_puts(&programs, programs.size > 0 ? "," : "[");
			text_add(&programs, e->data, e->size);
		} else {
			json_object_set_new(
			    d->words, e->name, json_string(e->data));
		}
	}
	text_puts(&programs, "]");
	json_object_set_new(d->words, "programs", json_string(programs.data));
	text_free(&programs);
}

/* How many registrations there will be. */
static json_int_t
wanted(const struct demo *d)
{
	json_t *programs = json_loads(
	    json_string_value(json_object_get(d->words, "programs")), 0, NULL);
	const json_t *program, *event;
	json_int_t sum = 0;
	size_t i, j;

	json_array_foreach(programs, i, program)
	{
		const json_t *events = json_object_get(program, "events");

		json_array_foreach(events, j, event) sum +=
		    json_integer_value(json_object_get(event, "wanted"));
	}
	json_decref(programs);
	return sum;
}

/* A key and the hash of its manage token for each: the secret is ours. */
static int
draw_keys(struct demo *d, struct fault *f)
{
	const uint8_t *secret = registration_secret(f);
	struct text keys;

	if (secret == NULL)
		return -1;
	text_init(&keys, WORDS_MOST);
	for (json_int_t n = wanted(d) + KEYS_MORE; n > 0; n--) {
		char key[UUID_CHARS + 1], token[TOKEN_CHARS + 1];
		char hash[TOKEN_HASH_CHARS + 1];

		token_uuid(key);
		registration_manage(secret, key, token);
		token_hash(token, hash);
		text_printf(&keys, "%s{\"key\":\"%s\",\"manage\":\"\\%s\"}",
		    keys.size > 0 ? "," : "[", key, hash);
	}
	text_puts(&keys, "]");
	json_object_set_new(d->words, "keys", json_string(keys.data));
	text_free(&keys);
	return 0;
}

static void
ask(struct demo *d, struct db_segment *s, const struct sql *sql)
{
	db_ask(s, sql);
	for (int i = 0; i < sql->parameters; i++)
		db_bind(s, sql->parameter[i],
		    json_string_value(
		        json_object_get(d->words, sql->parameter[i])));
}

static int
run(struct demo *d, const struct step *step, struct fault *f)
{
	struct db_segment *s = db_segment(d->arena);

	if (step->also != NULL && step->also(d, f) == -1)
		return -1;
	for (int i = 0; step->statements[i] != NULL; i++)
		ask(d, s, step->statements[i]);
	db_ask(s, &SQL_DEMO_REACHED);
	db_bind(s, "step", step->name);
	return db_run(d->pool, s, f);
}

/* The step to begin with; STEPS: it is all there. */
static int
first_step(struct demo *d, int *first, struct fault *f)
{
	struct db_segment *s = db_segment(d->arena);
	const json_t *row;
	const char *reached;

	db_ask(s, &SQL_DEMO_ALONE);
	db_ask(s, &SQL_DEMO_STATE);
	if (db_run(d->pool, s, f) == -1)
		return -1;
	row = json_array_get(db_rows(s, 1), 0);
	reached = json_string_value(json_object_get(row, "step"));
	*first = 0;
	for (int i = 0; i < STEPS; i++)
		if (strcmp(reached, steps[i].name) == 0)
			*first = i + 1;
	if (*first == 0 && !json_is_true(json_object_get(row, "empty")))
		return fault_detail(f, FAULT_CONFLICT, "", "fault.conflict",
		    "there are programs already: the demonstration is for an "
		    "empty house");
	return 0;
}

static int
say_counts(struct demo *d, struct fault *f)
{
	struct db_segment *s = db_segment(d->arena);
	const char *name;
	json_t *count;

	db_ask(s, &SQL_DEMO_COUNTS);
	if (db_run(d->pool, s, f) == -1)
		return -1;
	json_object_foreach(json_array_get(db_rows(s, 0), 0), name, count)
	    printf("%6lld %s\n", (long long)json_integer_value(count), name);
	return 0;
}

static int
load(struct demo *d, struct fault *f)
{
	int first;

	if (first_step(d, &first, f) == -1)
		return -1;
	if (first == STEPS)
		puts("The demonstration is there already.");
	if (first < STEPS && draw_keys(d, f) == -1)
		return -1;
	for (int i = first; i < STEPS; i++)
		if (run(d, &steps[i], f) == -1)
			return -1;
	return say_counts(d, f);
}

static void
free_words(void *object)
{
	json_decref(object);
}

int
demo_command(int argc, char **argv)
{
	struct db_settings settings = { .connect = config("database_owner"),
		.statements = sql_all,
		.statement_ms = STATEMENT_MS };
	struct demo d = { .arena = arena_new() };
	struct fault f = { 0 };
	int ret = -1;

	if (argc > 1) {
		fprintf(stderr, "%s takes no arguments\n", argv[0]);
		arena_free(d.arena);
		return 2;
	}
	read_words(&d);
	arena_defer(d.arena, free_words, d.words);
	if (sodium_init() != -1)
		d.pool = db_open_waiting(&settings, &f);
	if (d.pool != NULL)
		ret = load(&d, &f);
	if (ret == -1)
		fprintf(stderr, "convene: %s\n", f.detail);
	if (d.pool != NULL)
		db_close(d.pool);
	arena_free(d.arena);
	return ret == -1;
}
