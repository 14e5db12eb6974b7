/* A visit from its request to its answer: route, guard, act, page. */
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/log.h"
#include "base/messages.h"
#include "sql.h"
#include "web/inside.h"

struct visit *
visit_new(const struct request *request)
{
	struct arena *arena = arena_new();
	struct visit *v = arena_alloc(arena, sizeof(*v));

	v->arena = arena;
	v->request = request;
	v->path = "/";
	v->language = languages[0];
	v->response.status = 200;
	v->page = json_object();
	text_init(&v->out, PAGE_MAX);

	return v;
}

void
visit_free(struct visit *v)
{
	if (v->segment != NULL)
		db_detach(v->segment);
	json_decref(v->page);
	text_free(&v->out);
	arena_free(v->arena);
}

struct db_segment *
visit_segment(struct visit *v)
{
	return v->segment;
}

bool
visit_writes(const struct visit *v)
{
	return v->act != NULL && v->act->write;
}

const struct response *
visit_response(struct visit *v)
{
	return &v->response;
}

void
visit_fault(struct visit *v, const struct fault *f)
{
	if (v->faults < VISIT_FAULTS)
		v->fault[v->faults++] = *f;
}

static enum visit_step
refuse(struct visit *v, const struct fault *f)
{
	visit_fault(v, f);
	problem_answer(v);

	return VISIT_ANSWERED;
}

/* What was asked for in words beats what the browser says of itself. */
static void
choose_language(struct visit *v)
{
	struct pairs query = { .count = 0 };
	struct fault ignored = { 0 };
	const char *asked = NULL;

	if (v->request->query != NULL &&
	    form_parse(v->arena, v->request->query, strlen(v->request->query),
	        &query, &ignored) == 0)
		asked = language_known(pairs_find(&query, "lang"));
	if (asked == NULL)
		asked = language_known(
		    cookie_find(v->arena, visit_header(v, "cookie"), "lang"));
	if (asked == NULL)
		asked = language_accept(visit_header(v, "accept-language"));
	v->language = asked != NULL ? asked : languages[0];
}

static void
choose_format(struct visit *v)
{
	const char *accept = visit_header(v, "accept");
	const char *type = visit_header(v, "content-type");

	if (accept != NULL && strstr(accept, "text/html") != NULL)
		v->json = false;
	else
		v->json = (accept != NULL && strstr(accept, "json") != NULL) ||
		          (type != NULL &&
		              strncmp(type, "application/json", 16) == 0);
}

/* The scope that enter checks the role in: the route's first parameter. */
static void
add_enter(struct visit *v)
{
	const char *open = strchr(v->route->path, '{');
	const char *scope = "";
	long long id = 0;

	if (open != NULL && v->values > 0) {
		scope = v->value[0].name;
		id = strtoll(v->value[0].bound, NULL, 10);
	}
	if (id == 0)
		scope = "";
	db_enter(v->segment, v->token[0] ? v->token : NULL,
	    guard_need(v->route->who), scope, id);
	v->entered = true;
}

/* What a later one of its name hides is not even copied. */
static void
bind_values(struct visit *v)
{
	for (int i = 0; i < v->values; i++) {
		const struct value *one = &v->value[i];

		if (visit_field(v, one->name) == one->bound)
			db_bind(v->segment, one->name, one->bound);
	}
	db_bind(v->segment, "lang", v->language);
	db_bind(v->segment, "origin", config("origin"));
}

static void
add_throttle(struct visit *v)
{
	db_ask(v->segment, &SQL_ACCOUNT_THROTTLE);
	db_bind(v->segment, "bucket", v->act->limit);
	db_bind(v->segment, "key", guard_address(v));
	v->throttled = true;
}

/* What the visit would have asked, as one entry among many. */
static void
ask_together(struct visit *v)
{
	const struct value *scope = &v->value[0];
	json_t *entry = json_object();

	for (int i = 1; i < v->values; i++)
		if (v->value[i].bound != NULL)
			json_object_set_new(entry, v->value[i].name,
			    json_string(v->value[i].bound));
	json_object_set_new(entry, "lang", json_string(v->language));
	json_object_set_new(entry, "address", json_string(guard_address(v)));
	if (v->token[0] != '\0')
		json_object_set_new(entry, "token", json_string(v->token));
	db_together(v->segment, v->act->asks[0].sql, scope->bound, entry);
	json_decref(entry);
}

/* One segment: enter, throttle, and every ask of the act. */
static void
compose(struct visit *v)
{
	v->segment = db_segment(v->arena);
	v->entered = v->throttled = false;
	if (v->act->rush)
		db_hurry(v->segment);
	if (v->act->together) {
		ask_together(v);
		return;
	}
	if (v->token[0] != '\0' || v->route->who != ANYONE)
		add_enter(v);
	if (v->act->limit != NULL && v->stage == STAGE_ACT)
		add_throttle(v);
	for (int i = 0; i < ACT_ASKS && v->act->asks[i].sql != NULL; i++) {
		db_ask(v->segment, v->act->asks[i].sql);
		bind_values(v);
	}
}

/* Only whether the page that is kept may be given again. */
static enum visit_step
ask_revision(struct visit *v)
{
	v->stage = STAGE_REVISION;
	v->segment = db_segment(v->arena);
	db_ask(v->segment, v->act->revision);
	bind_values(v);

	return VISIT_ASKS;
}

static bool
asks_nothing(const struct visit *v)
{
	return v->act->asks[0].sql == NULL && v->act->limit == NULL &&
	       v->route->who == ANYONE && v->token[0] == '\0';
}

/* A page that says what is wrong knows who reads it, too: the segment that
 * failed does not tell. */
static enum visit_step
answer_fault(struct visit *v)
{
	enum fault_kind kind = v->fault[0].kind;

	if (v->json || v->token[0] == '\0' ||
	    (kind != FAULT_DENIED && kind != FAULT_MISSING &&
	        kind != FAULT_EARLY && kind != FAULT_GONE &&
	        kind != FAULT_CONFLICT)) {
		problem_answer(v);
		return VISIT_ANSWERED;
	}
	v->stage = STAGE_WHO;
	if (v->segment != NULL)
		db_detach(v->segment);
	v->segment = db_segment(v->arena);
	db_enter(v->segment, v->token, guard_need(ANYONE), "", 0);
	v->entered = true;

	return VISIT_ASKS;
}

/* Is there another act to go on with? */
static bool
goes_on(struct visit *v)
{
	if (v->then == NULL)
		return false;
	v->act = v->then;
	v->then = NULL;

	return true;
}

/* Form faults are shown where they were made, if the act says where.  That
 * page is made as if it had been asked for, without anything said to it. */
static enum visit_step
show_again(struct visit *v)
{
	struct fault f = { 0 };

	if (v->json || v->act->again == NULL || v->stage == STAGE_AGAIN ||
	    v->fault[0].kind == FAULT_BROKEN)
		return answer_fault(v);
	v->stage = STAGE_AGAIN;
	visit_bind(v, "again", "true");
	v->act = v->act->again;
	v->then = NULL;
	v->template = NULL;
	v->go = NULL;
	if (fields_unsaid(v, v->act->fields, &f) == -1)
		return answer_fault(v);
	if (v->act->before != NULL && v->act->before(v, &f) == -1) {
		visit_fault(v, &f);
		return answer_fault(v);
	}
	goes_on(v);
	if (v->segment != NULL)
		db_detach(v->segment);
	compose(v);

	return VISIT_ASKS;
}

static const char *
go_value(struct visit *v, const char *name)
{
	const json_t *value = json_object_get(v->page, name);

	if (json_is_integer(value))
		return arena_printf(
		    v->arena, "%lld", (long long)json_integer_value(value));

	return json_is_string(value) ? json_string_value(value)
	                             : visit_field(v, name);
}

static void
answer_go(struct visit *v)
{
	const char *where =
	    v->go != NULL ? v->go : route_fill(v, v->act->go, go_value);

	if (v->act->said != NULL && v->go == NULL)
		where = arena_printf(v->arena, "%s%csaid=%s", where,
		    strchr(where, '?') ? '&' : '?', v->act->said);
	if (v->response.status == 200)
		v->response.status = 303;
	visit_respond_header(v, "location", where);
	visit_respond_header(v, "cache-control", "no-store");
}

static void
answer_json(struct visit *v)
{
	char *dump = json_dumps(v->page, JSON_COMPACT);

	visit_respond_text(v, "application/json", dump, strlen(dump));
	free(dump);
}

/* The values are there: into a page, JSON, or a way onwards. */
static enum visit_step
answer(struct visit *v)
{
	struct fault f = { 0 };
	bool again = v->stage == STAGE_AGAIN;

	if (v->responded) {
		/* The act has answered by itself. */
	} else if (v->json) {
		answer_json(v);
	} else if (!again && (v->go != NULL || v->act->go != NULL)) {
		answer_go(v);
	} else {
		page_chrome(v);
		page_form(v);
		if (page_render(v, &f) == -1)
			return refuse(v, &f);
		if (again) {
			v->response.status = fault_status(v->fault[0].kind);
			problem_retry(v);
		}
	}
	fresh_made(v);
	visit_security_headers(v);

	return VISIT_ANSWERED;
}

/* The revision is known: the kept page, or all that makes a new one. */
static enum visit_step
answer_kept(struct visit *v)
{
	v->stage = STAGE_ACT;
	if (db_state(v->segment) == DB_DONE &&
	    fresh_answer(v, json_array_get(db_rows(v->segment, 0), 0))) {
		visit_security_headers(v);
		return VISIT_ANSWERED;
	}
	db_detach(v->segment);
	compose(v);

	return VISIT_ASKS;
}

static enum visit_step
act_answer(struct visit *v)
{
	struct fault f = { 0 };

	if (v->act->answer != NULL && v->act->answer(v, v->page, &f) == -1) {
		v->then = NULL;
		if (f.kind != FAULT_INPUT)
			return refuse(v, &f);
		visit_fault(v, &f);
		return show_again(v);
	}
	if (!goes_on(v))
		return answer(v);
	if (v->segment != NULL)
		db_detach(v->segment);
	compose(v);

	return VISIT_ASKS;
}

/* Does what needs no database: route, fields, `before`. */
static int
prepare(struct visit *v, struct fault *f)
{
	const char *allow = NULL;

	v->path = path_decode(v->arena, v->request->path, f);
	if (v->path == NULL) {
		v->path = "/";
		return -1;
	}
	guard_token(v);
	if (route_find(v, &allow, f) == -1) {
		if (allow != NULL)
			visit_respond_header(v, "allow", allow);
		return -1;
	}
	if (guard_origin(v, f) == -1 || body_read(v, &v->typed, f) == -1)
		return -1;
	fields_read(v, v->act->fields, &v->typed);

	return 0;
}

enum visit_step
visit_begin(struct visit *v)
{
	struct fault f = { 0 };

	choose_language(v);
	choose_format(v);
	if (prepare(v, &f) == -1) {
		visit_fault(v, &f);
		return answer_fault(v);
	}
	if (v->faults == 0 && v->act->before != NULL &&
	    v->act->before(v, &f) == -1)
		visit_fault(v, &f);
	if (v->faults > 0)
		return show_again(v);
	goes_on(v);
	if (fresh_asks(v))
		return ask_revision(v);
	if (asks_nothing(v))
		return act_answer(v);
	compose(v);

	return VISIT_ASKS;
}

/* One ask's rows into the page, in the shape that the act says. */
static int
take_rows(
    struct visit *v, const struct ask *ask, int statement, struct fault *f)
{
	json_t *rows = db_rows(v->segment, statement);

	if (ask->shape == MANY)
		return json_object_set(v->page, ask->as, rows);
	if (json_array_size(rows) == 0)
		return ask->shape == MAYBE
		           ? 0
		           : fault(f, FAULT_MISSING, "", "web.no_page");
	if (ask->as[0] == '\0')
		return json_object_update(v->page, json_array_get(rows, 0));

	return json_object_set(v->page, ask->as, json_array_get(rows, 0));
}

static int
take_answers(struct visit *v, struct fault *f)
{
	for (int i = 0; i < ACT_ASKS && v->act->asks[i].sql != NULL; i++)
		if (take_rows(v, &v->act->asks[i], i + v->throttled, f) == -1)
			return -1;

	return 0;
}

/* What stops the page that was to show faults, is said instead of them: to
 * sign in, or that there is no such thing. */
static void
said_instead(struct visit *v)
{
	if (v->stage == STAGE_AGAIN)
		v->faults = 0;
}

enum visit_step
visit_answered(struct visit *v)
{
	struct fault f = { 0 };

	if (v->stage == STAGE_REVISION)
		return answer_kept(v);
	if (v->stage == STAGE_WHO) {
		problem_answer(v);
		return VISIT_ANSWERED;
	}
	if (db_state(v->segment) != DB_DONE) {
		db_fault(v->segment, &f);
		said_instead(v);
		visit_fault(v, &f);
		if (f.kind == FAULT_INPUT || f.kind == FAULT_CONFLICT ||
		    f.kind == FAULT_EARLY)
			return show_again(v);
		return answer_fault(v);
	}
	if (take_answers(v, &f) == -1) {
		said_instead(v);
		return refuse(v, &f);
	}

	return act_answer(v);
}

/* Nothing can be asked just now.  What needs no answer goes on. */
enum visit_step
visit_refused(struct visit *v)
{
	struct fault f = { 0 };

	v->entered = false;
	v->segment = NULL;
	if (v->stage == STAGE_WHO) {
		problem_answer(v);
		return VISIT_ANSWERED;
	}
	if (v->act->asks[0].sql == NULL && v->route->who == ANYONE &&
	    v->act->limit == NULL)
		return act_answer(v);
	fault(&f, FAULT_BUSY, "", "web.busy");

	return refuse(v, &f);
}
