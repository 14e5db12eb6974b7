/* Finds the door: method and path against the table of app/routes.c. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/inside.h"

enum { SEGMENT_MAX = 256 };

/* Is this path parameter a row's id?  All are, but for these. */
static bool
is_word(const char *name, size_t n)
{
	static const char *const words[] = { "token", "slug", "name", "ark",
		"naan", NULL };

	for (int i = 0; words[i] != NULL; i++)
		if (strlen(words[i]) == n && strncmp(words[i], name, n) == 0)
			return true;

	return false;
}

static bool
id_valid(const char *s, size_t n)
{
	if (n == 0 || n > 18 || s[0] == '0')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;

	return true;
}

static void
value_add(struct visit *v, const char *name, const char *bound)
{
	if (v->values == VISIT_VALUES)
		abort(); /* an act with more fields than VISIT_VALUES is a bug
		          */
	v->value[v->values].name = name;
	v->value[v->values].bound = bound;
	v->values++;
}

/* One {name} of the pattern against one segment of the path. */
static bool
match_name(struct visit *v, const char *name, size_t name_size,
    const char *segment, size_t size)
{
	if (size == 0 || size > SEGMENT_MAX)
		return false;
	if (!is_word(name, name_size) && !id_valid(segment, size))
		return false;
	value_add(v, arena_part(v->arena, name, name_size),
	    arena_part(v->arena, segment, size));

	return true;
}

static bool
match(struct visit *v, const char *pattern, const char *path)
{
	v->values = 0;
	while (*pattern != '\0') {
		const char *end;
		size_t size;

		if (*pattern != '{') {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		end = strchr(pattern, '}');
		size = strcspn(path, end[1] == '.' ? "./" : "/");
		if (!match_name(v, pattern + 1, (size_t)(end - pattern) - 1,
		        path, size))
			return false;
		pattern = end + 1;
		path += size;
	}

	return *path == '\0';
}

static bool
method_fits(const char *route, const char *method)
{
	return strcmp(route, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(route, "GET") == 0);
}

int
route_find(struct visit *v, const char **allow, struct fault *f)
{
	struct text methods;
	const struct route *r;

	text_init(&methods, 128);
	for (r = routes; r->method != NULL; r++) {
		if (!match(v, r->path, v->path))
			continue;
		if (method_fits(r->method, v->request->method)) {
			text_free(&methods);
			v->route = r;
			v->act = r->act;
			return 0;
		}
		text_printf(&methods, "%s%s", methods.size ? ", " : "",
		    strcmp(r->method, "GET") == 0 ? "GET, HEAD" : r->method);
	}
	v->values = 0;
	if (methods.size == 0)
		return fault(f, FAULT_MISSING, "", "web.no_page");
	*allow = arena_text(v->arena, methods.data);
	text_free(&methods);

	return fault(f, FAULT_METHOD, "", "web.no_method");
}

const char *
route_fill(struct visit *v, const char *pattern,
    const char *(*lookup)(struct visit *, const char *))
{
	struct text out;
	const char *done;

	text_init(&out, 4096);
	while (*pattern != '\0') {
		size_t plain = strcspn(pattern, "{");
		const char *end, *value;

		text_add(&out, pattern, plain);
		pattern += plain;
		if (*pattern == '\0')
			break;
		end = strchr(pattern, '}');
		value = lookup(v, arena_part(v->arena, pattern + 1,
		                      (size_t)(end - pattern) - 1));
		text_puts(&out, url_encode(v->arena, value ? value : ""));
		pattern = end + 1;
	}
	done = arena_text(v->arena, out.data ? out.data : "/");
	text_free(&out);

	return done;
}

static const char *
path_value(struct visit *v, const char *name)
{
	return visit_field(v, name);
}

const char *
route_path_of(struct visit *v, const struct act *act)
{
	for (const struct route *r = routes; r->method != NULL; r++)
		if (r->act == act && strcmp(r->method, "GET") != 0)
			return route_fill(v, r->path, path_value);

	return v->path;
}
