/* What acts may use of a visit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/log.h"
#include "base/messages.h"
#include "web/inside.h"

struct arena *
visit_arena(struct visit *v)
{
	return v->arena;
}

const char *
visit_language(const struct visit *v)
{
	return v->language;
}

const char *
visit_field(const struct visit *v, const char *name)
{
	for (int i = v->values - 1; i >= 0; i--) /* the last bind counts */
		if (strcmp(v->value[i].name, name) == 0)
			return v->value[i].bound;

	return NULL;
}

void
visit_bind(struct visit *v, const char *name, const char *value)
{
	if (v->values == VISIT_VALUES)
		abort(); /* an act with more fields than VISIT_VALUES is a bug
		          */
	v->value[v->values].name = name;
	v->value[v->values].bound = value;
	v->values++;
}

void
visit_bind_json(struct visit *v, const char *name, const json_t *value)
{
	char *dump = json_dumps(value, JSON_COMPACT);

	visit_bind(v, name, arena_text(v->arena, dump));
	free(dump);
}

bool
visit_again(const struct visit *v)
{
	return v->stage == STAGE_AGAIN || v->act->typed;
}

const char *
visit_typed(const struct visit *v, const char *name, int n)
{
	for (int i = 0; visit_again(v) && i < v->typed.count; i++)
		if (strcmp(v->typed.pair[i].name, name) == 0 && n-- == 0)
			return v->typed.pair[i].value;

	return NULL;
}

bool
visit_typed_so(const struct visit *v, const char *name, const char *value)
{
	for (int i = 0; visit_again(v) && i < v->typed.count; i++)
		if (strcmp(v->typed.pair[i].name, name) == 0 &&
		    strcmp(v->typed.pair[i].value, value) == 0)
			return true;

	return false;
}

const char *
visit_header(const struct visit *v, const char *name)
{
	return v->request->header(v->request->context, name);
}

const char *
visit_body_path(const struct visit *v, size_t *size)
{
	*size = v->request->body_size;
	return v->request->body_path;
}

const char *
visit_body(const struct visit *v, size_t *size)
{
	*size = v->request->body_size;
	return v->request->body;
}

const char *
visit_origin(const struct visit *v)
{
	(void)v;
	return config("origin");
}

const json_t *
visit_me(const struct visit *v)
{
	const json_t *me;

	if (!v->entered || v->segment == NULL)
		return NULL;
	me = db_entered(v->segment);

	return json_is_null(json_object_get(me, "person_id")) &&
	               json_is_null(json_object_get(me, "device_id"))
	           ? NULL
	           : me;
}

bool
visit_wants_json(const struct visit *v)
{
	return v->json;
}

/* A header's value stays one line: what would end it is a bug of ours. */
void
visit_respond_header(struct visit *v, const char *name, const char *value)
{
	struct response *r = &v->response;

	if (r->headers == RESPONSE_HEADERS ||
	    !text_plain(value, strlen(value), false)) {
		log_event(
		    LOG_LEVEL_ERROR, "header_refused", "name", name, NULL);
		return;
	}
	r->header[r->headers].name = name;
	r->header[r->headers].value = arena_text(v->arena, value);
	r->headers++;
}

void
visit_cookie(struct visit *v, const char *name, const char *value, long seconds)
{
	bool tls = strncmp(config("origin"), "https:", 6) == 0;

	visit_respond_header(v, "set-cookie",
	    arena_printf(v->arena,
	        "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%ld%s", name,
	        value, seconds, tls ? "; Secure" : ""));
}

void
visit_respond_text(struct visit *v, const char *type, const char *s, size_t n)
{
	v->responded = true;
	visit_respond_header(v, "content-type", type);
	v->response.body = arena_part(v->arena, s, n);
	v->response.size = n;
}

/* A name for Content-Disposition: ASCII for the old, RFC 8187 for the rest. */
static const char *
disposition(struct visit *v, const char *name)
{
	char *plain = arena_text(v->arena, name);

	for (char *c = plain; *c != '\0'; c++)
		if (*c < ' ' || *c >= 127 || strchr("\"\\%;/", *c))
			*c = '_';

	return arena_printf(v->arena,
	    "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain,
	    url_encode(v->arena, name));
}

void
visit_respond_file(struct visit *v, const char *internal_path, const char *type,
    const char *download_name)
{
	v->responded = true;
	visit_respond_header(v, "content-type", type);
	visit_respond_header(v, "x-accel-redirect", internal_path);
	if (download_name != NULL)
		visit_respond_header(
		    v, "content-disposition", disposition(v, download_name));
}

void
visit_go(struct visit *v, const char *where)
{
	v->go = where;
}

void
visit_status(struct visit *v, int status)
{
	v->response.status = status;
}

void
visit_page(struct visit *v, const char *template)
{
	v->template = template;
}

void
visit_then(struct visit *v, const struct act *act)
{
	v->then = act;
}

void
visit_keep(struct visit *v, void *object)
{
	v->kept = object;
}

void *
visit_kept(const struct visit *v)
{
	return v->kept;
}

struct arguments {
	struct arena *arena;
	json_t *values;
};

static const char *
argument(void *context, const char *name)
{
	struct arguments *a = context;
	const json_t *value = json_object_get(a->values, name);

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		return arena_printf(
		    a->arena, "%lld", (long long)json_integer_value(value));

	return NULL;
}

const char *
visit_message(struct visit *v, const char *key, json_t *values)
{
	struct arguments a = { v->arena, values };

	return message(v->arena, v->language, key, argument, &a);
}
