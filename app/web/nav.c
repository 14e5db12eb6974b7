/* The ways onwards and back in long lists. */
#include <stdlib.h>
#include <string.h>

#include "web/inside.h"
#include "web/nav.h"

/* This address with one parameter set, every other kept. */
static const char *
address_with(struct visit *v, const char *name, const char *value)
{
	struct text out;
	const char *done;

	text_init(&out, BODY_MAX);
	text_printf(&out, "%s?", v->path);
	for (int i = 0; i < v->typed.count; i++) {
		const struct pair *p = &v->typed.pair[i];

		if (strcmp(p->name, name) == 0 || strcmp(p->name, "said") == 0)
			continue;
		text_printf(&out, "%s=%s&", url_encode(v->arena, p->name),
		    url_encode(v->arena, p->value));
	}
	text_printf(&out, "%s=%s", name, value);
	done = arena_text(v->arena, out.data);
	text_free(&out);

	return done;
}

void
nav_by_key(struct visit *v, json_t *page, const char *list)
{
	json_t *rows = json_object_get(page, list), *row;
	json_t *last = json_array_get(rows, json_array_size(rows) - 1);
	size_t i;

	/* Shown again, the page is at the address of a write: no way on. */
	if (json_is_true(json_object_get(last, "more")) && !visit_again(v))
		json_object_set_new(page, "nav",
		    json_pack("{s:s}", "after",
		        address_with(v, "after",
		            arena_printf(v->arena, "%lld",
		                (long long)json_integer_value(
		                    json_object_get(last, "id"))))));
	json_array_foreach(rows, i, row) json_object_del(row, "more");
}

void
nav_by_number(struct visit *v, json_t *page, long of, long size)
{
	const char *asked = visit_field(v, "page");
	long number = asked == NULL ? 1 : strtol(asked, NULL, 10);
	json_t *nav;

	if (of == 0 || visit_again(v))
		return;
	nav = json_pack("{s:I, s:I, s:I}", "first",
	    (json_int_t)((number - 1) * size + 1), "last",
	    (json_int_t)(number * size < of ? number * size : of), "of",
	    (json_int_t)of);
	if (number > 1)
		json_object_set_new(nav, "before",
		    json_string(address_with(
		        v, "page", arena_printf(v->arena, "%ld", number - 1))));
	if (number * size < of)
		json_object_set_new(nav, "after",
		    json_string(address_with(
		        v, "page", arena_printf(v->arena, "%ld", number + 1))));
	json_object_set_new(page, "nav", nav);
}
