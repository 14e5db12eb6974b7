#include "archive/json_ld.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { JSON_LD_MOST = 256 * 1024 };

static void
take(json_t *to, const char *name, const json_t *row, const char *from)
{
	json_t *value = json_object_get(row, from);

	if (json_is_string(value) && json_string_length(value) > 0)
		json_object_set(to, name, value);
}

static long long
id(const json_t *row, const char *name)
{
	return (long long)json_integer_value(json_object_get(row, name));
}

static json_t *
creators(const json_t *persons)
{
	json_t *list = json_array(), *row;
	size_t i;

	json_array_foreach(persons, i, row) json_array_append_new(
	    list, json_pack("{s:s, s:O?}", "@type", "Person", "name",
	              json_object_get(row, "name")));

	return list;
}

static json_t *
media(const char *site, const json_t *file)
{
	json_t *o = json_pack("{s:s}", "@type", "MediaObject");

	take(o, "name", file, "name");
	take(o, "encodingFormat", file, "type");
	json_object_set_new(
	    o, "contentSize", json_sprintf("%lld B", id(file, "size")));
	if (json_is_true(json_object_get(file, "may_open"))) {
		take(o, "sha256", file, "sha256");
		json_object_set_new(o, "contentUrl",
		    json_sprintf(
		        "%s/materials/%lld/file", site, id(file, "id")));
	}

	return o;
}

static json_t *
held_at(const char *site, const json_t *record)
{
	json_t *o = json_pack("{s:s, s:o}", "@type", "EducationEvent", "@id",
	    json_sprintf("%s/events/%lld", site, id(record, "event_id")));

	take(o, "name", record, "event_title");
	take(o, "startDate", record, "held");

	return o;
}

/* '<' is spelt \u003c, as it stands in strings alone. */
static const char *
spelt(struct arena *a, json_t *o)
{
	char *dump = json_dumps(o, JSON_COMPACT);
	const char *done;
	struct text out;

	text_init(&out, JSON_LD_MOST);
	for (const char *c = dump; c != NULL && *c != '\0'; c++)
		if (*c == '<')
			text_puts(&out, "\\u003c");
		else
			text_add(&out, c, 1);
	done = out.full ? NULL : arena_text(a, out.data);
	text_free(&out);
	free(dump);
	json_decref(o);

	return done;
}

const char *
record_json_ld(struct arena *a, const char *site, const char *organisation,
    const json_t *record, const json_t *persons, const json_t *files)
{
	json_t *o = json_pack("{s:s, s:s}", "@context", "https://schema.org",
	    "@type", "LearningResource");
	json_t *parts = json_array(), *row;
	size_t i;

	take(o, "@id", record, "identifier");
	take(o, "identifier", record, "identifier");
	take(o, "name", record, "title");
	take(o, "description", record, "abstract");
	take(o, "inLanguage", record, "language");
	take(o, "license", record, "licence_url");
	take(o, "datePublished", record, "published");
	json_object_set_new(o, "isAccessibleForFree",
	    json_boolean(json_is_true(json_object_get(record, "is_public"))));
	json_object_set_new(o, "creator", creators(persons));
	json_object_set_new(o, "publisher",
	    json_pack(
	        "{s:s, s:s}", "@type", "Organization", "name", organisation));
	json_object_set_new(o, "recordedAt", held_at(site, record));
	json_array_foreach(files, i, row)
	    json_array_append_new(parts, media(site, row));
	json_object_set_new(o, "encoding", parts);

	return spelt(a, o);
}
