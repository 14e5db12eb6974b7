/*
 * Pages that need not be made or sent again.  An act with a `revision` asks for
 * it first when nobody has signed in; while it is the same the kept page is
 * given, and nothing else is asked.  Every page for everybody has a validator,
 * so that a browser that has it already is told so in few bytes (304).
 */
#include <string.h>

#include "web/cache.h"
#include "web/inside.h"

static bool
takes_gzip(const struct visit *v)
{
	const char *accepted = visit_header(v, "accept-encoding");

	return accepted == NULL || strstr(accepted, "gzip") != NULL;
}

static bool
for_everybody(const struct visit *v)
{
	return v->token[0] == '\0' && !v->act->quiet &&
	       strcmp(v->request->method, "GET") == 0;
}

/* What asks for a part of it, or comes with a message, is not kept. */
bool
fresh_asks(const struct visit *v)
{
	return v->act->revision != NULL && for_everybody(v) &&
	       v->request->query == NULL && takes_gzip(v);
}

static const char *
key_of(struct visit *v)
{
	return arena_printf(v->arena, "%s %s %s", v->language,
	    v->json ? "json" : "html", v->path);
}

static const char *
column(struct visit *v, const json_t *row, const char *name)
{
	const char *value = json_string_value(json_object_get(row, name));

	return value == NULL ? "" : arena_text(v->arena, value);
}

static bool
has_it(const struct visit *v, const char *etag)
{
	const char *known = visit_header(v, "if-none-match");

	return known != NULL && strstr(known, etag) != NULL;
}

static void
validate(struct visit *v, const char *etag)
{
	visit_respond_header(v, "etag", etag);
	if (!has_it(v, etag))
		return;
	v->response.status = 304;
	v->response.body = NULL;
	v->response.size = 0;
}

bool
fresh_answer(struct visit *v, const json_t *row)
{
	const struct cached *page;

	if (row == NULL) /* it is not there for everybody */
		return false;
	v->revision = column(v, row, "revision");
	v->passing = column(v, row, "passing");
	page = cache_find(key_of(v), v->revision, v->passing);
	if (page == NULL)
		return false;
	v->response.body = page->body;
	v->response.size = page->size;
	visit_respond_header(v, "content-type", page->type);
	validate(v, page->etag);
	if (v->response.status == 200) /* the edge would decode nothing */
		visit_respond_header(v, "content-encoding", "gzip");

	return true;
}

static const char *
header_set(const struct visit *v, const char *name)
{
	for (int i = 0; i < v->response.headers; i++)
		if (strcmp(v->response.header[i].name, name) == 0)
			return v->response.header[i].value;

	return NULL;
}

void
fresh_made(struct visit *v)
{
	const struct response *r = &v->response;
	char etag[ETAG_CHARS + 1];

	if (r->status != 200 || r->body == NULL || !for_everybody(v) ||
	    header_set(v, "set-cookie") || header_set(v, "cache-control"))
		return;
	if (v->revision != NULL)
		cache_keep(key_of(v), v->revision, v->passing,
		    header_set(v, "content-type"), r->body, r->size);
	etag_of(r->body, r->size, etag);
	validate(v, etag);
}
