/* What a list of registrations is narrowed by. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "registration/filter.h"
#include "web/form.h"
#include "web/visit.h"

enum { MEMBERS = 17, QUERY_MOST = 32768 };

const char *const filter_regions[] = { "EAS", "ECS", "LCN", "MEA", "NAC", "SAS",
	"SSF", NULL };
const char *const filter_incomes[] = { "low", "lower_middle", "upper_middle",
	"high", NULL };
const char *const filter_audiences[] = { "client", "staff", NULL };
const char *const filter_ways[] = { "face_to_face", "online", NULL };
const char *const filter_yes_no[] = { "true", "false", NULL };
const char *const filter_sorts[] = { "arrival", "newest", "name", "state",
	"country", NULL };

const struct field filter_fields[] = {
	{ .name = "q", .kind = FIELD_WORD, .most = 200 },
	{ .name = "state", .kind = FIELD_CHOICES },
	{ .name = "country", .kind = FIELD_CHOICES },
	{ .name = "region", .kind = FIELD_CHOICES },
	{ .name = "income", .kind = FIELD_CHOICES },
	{ .name = "unit", .kind = FIELD_CHOICES },
	{ .name = "bucket", .kind = FIELD_CHOICES },
	{ .name = "audience",
	    .kind = FIELD_CHOICE,
	    .choices = filter_audiences },
	{ .name = "via", .kind = FIELD_CHOICE, .choices = filter_ways },
	{ .name = "arrived", .kind = FIELD_CHOICE, .choices = filter_yes_no },
	{ .name = "noted", .kind = FIELD_CHOICE, .choices = filter_yes_no },
	{ .name = "question", .kind = FIELD_ID },
	{ .name = "answer", .kind = FIELD_WORD, .most = 500 },
	{ .name = "since", .kind = FIELD_DAY },
	{ .name = "until", .kind = FIELD_DAY },
	{ .name = "party", .kind = FIELD_ID },
	{ .name = "code", .kind = FIELD_ID },
	{ .name = "sort", .kind = FIELD_CHOICE, .choices = filter_sorts },
	{ .name = "after", .kind = FIELD_ID }, { .name = NULL }
};

/* One element, and where the next begins. */
static char *
element(struct arena *a, const char **at)
{
	bool quoted = **at == '"';
	char *out = arena_alloc(a, strlen(*at) + 1), *o = out;
	const char *s = *at + quoted;

	while (*s != '\0' && (quoted ? *s != '"' : *s != ',' && *s != '}')) {
		if (quoted && *s == '\\' && s[1] != '\0')
			s++;
		*o++ = *s++;
	}
	*at = s + (quoted && *s == '"');

	return out;
}

json_t *
filter_elements(struct arena *a, const char *array)
{
	json_t *list = json_array();
	const char *at = array;

	while ((*at == '{' || *at == ',') && at[1] != '}' && at[1] != '\0') {
		const char *word;

		at++;
		word = element(a, &at);
		if (*word != '\0') /* "any" of a list to choose from */
			json_array_append_new(list, json_string(word));
	}

	return list;
}

json_t *
filter_read(struct visit *v)
{
	json_t *filter = json_object();

	for (const struct field *f = filter_fields; f < filter_fields + MEMBERS;
	     f++) {
		const char *value = visit_field(v, f->name);
		json_t *member;

		if (value == NULL || *value == '\0')
			continue;
		member = f->kind == FIELD_CHOICES
		             ? filter_elements(visit_arena(v), value)
		             : json_string(value);
		if (json_is_array(member) && json_array_size(member) == 0)
			json_decref(member);
		else
			json_object_set_new(filter, f->name, member);
	}

	return filter;
}

const char *
filter_text(struct arena *a, const json_t *filter)
{
	char *dump = json_dumps(filter, JSON_COMPACT | JSON_SORT_KEYS);
	const char *text = arena_text(a, dump);

	free(dump);

	return text;
}

static void
query_add(
    struct text *out, struct arena *a, const char *name, const json_t *value)
{
	const char *word = json_string_value(value);

	if (json_is_integer(value))
		word = arena_printf(
		    a, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		word = json_is_true(value) ? "true" : "false";
	if (word != NULL)
		text_printf(out, "%s%s=%s", out->size > 0 ? "&" : "", name,
		    url_encode(a, word));
}

const char *
filter_query(struct arena *a, const json_t *filter)
{
	struct text out;
	const char *done;

	text_init(&out, QUERY_MOST);
	for (const struct field *f = filter_fields; f < filter_fields + MEMBERS;
	     f++) {
		const json_t *member = json_object_get(filter, f->name);

		if (json_is_array(member))
			for (size_t i = 0; i < json_array_size(member); i++)
				query_add(&out, a, f->name,
				    json_array_get(member, i));
		else if (member != NULL)
			query_add(&out, a, f->name, member);
	}
	done = out.size == 0 ? "" : arena_text(a, out.data);
	text_free(&out);

	return done;
}
