/* A visit that failed: an error page, or problem+json (RFC 9457). */
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/log.h"
#include "base/messages.h"
#include "web/inside.h"

enum { BUSY_LEAST = 2, BUSY_SPREAD = 5, LIMIT_SECONDS = 60 };

static const char *
kind_title(struct visit *v, enum fault_kind kind)
{
	return visit_message(v,
	    arena_printf(v->arena, "web.status_%d", fault_status(kind)), NULL);
}

/* The fault's words in the visitor's language. */
static const char *
fault_words(struct visit *v, const struct fault *f)
{
	json_t *arguments = json_pack(
	    "{s:I, s:s}", "number", (json_int_t)f->number, "text", f->text);
	const char *words = visit_message(v, f->key, arguments);

	json_decref(arguments);

	return words;
}

json_t *
problem_faults(struct visit *v)
{
	json_t *list = json_array();

	for (int i = 0; i < v->faults; i++) {
		const struct fault *f = &v->fault[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s}", "field", f->field,
		        "label",
		        f->field[0]
		            ? field_label(v,
		                  field_room(v->route ? v->route->act : NULL),
		                  f->field)
		            : "",
		        "key", f->key, "detail", fault_words(v, f)));
	}

	return list;
}

static void
answer_problem(struct visit *v, const struct fault *f)
{
	json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:s, s:o}", "type",
	    "about:blank", "title", kind_title(v, f->kind), "status",
	    fault_status(f->kind), "detail", fault_words(v, f), "code", f->key,
	    "errors", problem_faults(v));
	char *dump = json_dumps(problem, JSON_COMPACT);

	visit_respond_text(v, "application/problem+json", dump, strlen(dump));
	free(dump);
	json_decref(problem);
}

/* Who is not signed in is shown where to, and then where they wanted to go. */
static void
answer_signin(struct visit *v)
{
	v->response.status = 303;
	visit_respond_header(v, "location",
	    arena_printf(v->arena, "/signin?next=%s",
	        strcmp(v->request->method, "GET") == 0
	            ? url_encode(v->arena, v->path)
	            : "%2F"));
	visit_respond_header(v, "cache-control", "no-store");
}

static void
answer_page(struct visit *v, const struct fault *f)
{
	struct fault ours = { 0 };

	json_decref(v->page);
	v->page = json_pack("{s:s, s:s, s:i, s:o, s:b}", "title",
	    kind_title(v, f->kind), "words", fault_words(v, f), "status",
	    fault_status(f->kind), "faults", problem_faults(v), "named",
	    f->field[0] != '\0');
	v->template = "web/error";
	page_chrome(v);
	if (page_render(v, &ours) == -1)
		log_event(
		    LOG_LEVEL_ERROR, "error_page", "why", ours.detail, NULL);
}

static void
note(const struct visit *v, const struct fault *f)
{
	if (f->kind == FAULT_BROKEN)
		log_event(LOG_LEVEL_ERROR, "fault", "path",
		    v->route ? v->route->path : "", "key", f->key, "detail",
		    f->detail, NULL);
}

/* Not all at the same moment, or they would be too many again. */
static long
wait_seconds(const struct fault *f)
{
	switch (f->kind) {
	case FAULT_BUSY:
		return BUSY_LEAST + (long)arc4random_uniform(BUSY_SPREAD);
	case FAULT_LIMIT:
		return LIMIT_SECONDS;
	case FAULT_EARLY:
		return f->number;
	default:
		return 0;
	}
}

void
problem_retry(struct visit *v)
{
	long seconds = wait_seconds(&v->fault[0]);

	if (seconds > 0)
		visit_respond_header(
		    v, "retry-after", arena_printf(v->arena, "%ld", seconds));
}

void
problem_answer(struct visit *v)
{
	const struct fault *f = &v->fault[0];

	v->response.status = fault_status(f->kind);
	note(v, f);
	problem_retry(v);
	if (v->json)
		answer_problem(v, f);
	else if (f->kind == FAULT_SIGNIN)
		answer_signin(v);
	else
		answer_page(v, f);
	visit_security_headers(v);
}
