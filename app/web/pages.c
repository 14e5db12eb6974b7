/* Doors of the house itself: home, language, health, metrics, the contract. */
#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/messages.h"
#include "db/db.h"
#include "sql.h"
#include "web/acts.h"
#include "web/inside.h"
#include "web/metrics.h"
#include "web/openapi.h"

enum { YEAR_SECONDS = 31536000, CLASSES = 6 };

static const struct db_pool *pool[2];
static unsigned long answered[CLASSES];

void
metrics_watch(const struct db_pool *reads, const struct db_pool *writes)
{
	pool[0] = reads;
	pool[1] = writes;
}

void
metrics_answered(int status)
{
	int class = status / 100;

	if (class > 0 && class < CLASSES)
		answered[class]++;
}

static void
pool_metrics(struct text *out, int i)
{
	static const char *const names[] = { "read", "write" };
	struct db_counts c;

	if (pool[i] == NULL)
		return;
	db_counts(pool[i], &c);
	text_printf(out,
	    "convene_db_sent{pool=\"%s\"} %lu\n"
	    "convene_db_lost{pool=\"%s\"} %lu\n"
	    "convene_db_refused{pool=\"%s\"} %lu\n"
	    "convene_db_reconnects{pool=\"%s\"} %lu\n"
	    "convene_db_in_flight{pool=\"%s\"} %d\n"
	    "convene_db_waiting{pool=\"%s\"} %d\n"
	    "convene_db_together{pool=\"%s\"} %d\n"
	    "convene_db_up{pool=\"%s\"} %d\n",
	    names[i], c.sent, names[i], c.lost, names[i], c.refused, names[i],
	    c.reconnects, names[i], c.in_flight, names[i], c.waiting, names[i],
	    c.together, names[i], db_up(pool[i]));
}

static int
metrics_before(struct visit *v, struct fault *f)
{
	struct text out;

	(void)f;
	text_init(&out, BODY_MAX);
	for (int i = 1; i < CLASSES; i++)
		text_printf(&out, "convene_answers{class=\"%dxx\"} %lu\n", i,
		    answered[i]);
	pool_metrics(&out, 0);
	pool_metrics(&out, 1);
	visit_respond_text(v, "text/plain; version=0.0.4", out.data, out.size);
	text_free(&out);

	return 0;
}

static int
health_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_respond_text(v, "text/plain", "ok\n", 3);

	return 0;
}

static int
ready_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	visit_respond_text(v, "text/plain", "ok\n", 3);

	return 0;
}

static int
openapi_before(struct visit *v, struct fault *f)
{
	json_t *document = openapi(routes);
	char *dump = json_dumps(document, JSON_COMPACT);

	(void)f;
	visit_respond_text(v, "application/json", dump, strlen(dump));
	free(dump);
	json_decref(document);

	return 0;
}

/* Only paths of ours: one slash, no backslash, nothing that ends a header. */
bool
path_ours(const char *path)
{
	return path != NULL && path[0] == '/' && path[1] != '/' &&
	       strchr(path, '\\') == NULL &&
	       text_plain(path, strlen(path), false);
}

static int
language_before(struct visit *v, struct fault *f)
{
	const char *next = visit_field(v, "next");

	(void)f;
	visit_cookie(v, "lang", visit_field(v, "language"), YEAR_SECONDS);
	visit_go(v, path_ours(next) ? next : "/");

	return 0;
}

static const struct field language_fields[] = {
	{ .name = "language", .kind = FIELD_LANGUAGE, .flags = REQUIRED },
	{ .name = "next", .kind = FIELD_OPAQUE, .flags = HIDDEN },
	{ .name = NULL }
};

const struct act web_health = { .summary = "The process answers",
	.before = health_before };
const struct act web_ready = { .summary =
	                           "The database is ready at the right schema",
	.asks = { { "", &SQL_WEB_READY, ONE } },
	.answer = ready_answer,
	.write = true };
const struct act web_metrics = { .summary = "Counts for Prometheus",
	.before = metrics_before };
const struct act web_openapi = { .summary = "This contract",
	.before = openapi_before };
const struct act web_language = { .summary =
	                              "Chooses the language of the pages",
	.fields = language_fields,
	.before = language_before };
const struct act web_about = { .summary = "What this place is",
	.page = "web/about" };
