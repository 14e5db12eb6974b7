#include <stdio.h>
#include <string.h>

#include "schedule/frab.h"
#include "schedule/frab_inside.h"

/* JSON has codes of capitals and digits (pretalx); anything else was put
 * there by hand, and is no key to know a person by. */
static bool
code_fits(const char *code)
{
	size_t n = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return n > 0 && n <= 40 && code[n] == '\0';
}

/*
 * Who it is, across sessions and imports: the number, else the guid, else the
 * code, else (source_id empty) the name.  What names the person is taken away;
 * the rest of the three stays for the source.
 */
static int
person_key(struct frab *r, const json_t *session, json_t *said, json_t *speaker)
{
	const char *code = frab_text_of(said, "code");
	const char *guid = frab_text_of(said, "guid");
	char key[48] = "", uuid[37];
	json_int_t id;

	if (code[0] != '\0' && !code_fits(code))
		return frab_fault(
		    r, session, "schedule.import.person_code", code, 0);
	if (json_object_get(said, "id") != NULL &&
	    frab_text_of(said, "id")[0] == '\0' && !r->typed)
		(void)json_object_del(said, "id");
	if (json_object_get(said, "id") != NULL) {
		if (frab_take_number(r, said, "id", &id) == -1 || id < 0)
			return frab_fault(r, session,
			    "schedule.import.person_id",
			    frab_text_of(said, "id"), 0);
		(void)snprintf(key, sizeof(key), "%lld", (long long)id);
	} else if (frab_uuid(guid, uuid)) {
		(void)snprintf(key, sizeof(key), "%s", uuid);
		(void)json_object_del(said, "guid");
	} else if (code[0] != '\0') {
		(void)snprintf(key, sizeof(key), "%s", code);
		(void)json_object_del(said, "code");
	}
	(void)json_object_set_new(speaker, "source_id", json_string(key));

	return 0;
}

static int
person_texts(struct frab *r, json_t *said, json_t *speaker)
{
	if (json_object_get(said, "name") == NULL)
		(void)json_object_set(
		    said, "name", json_object_get(said, "public_name"));
	(void)json_object_del(said, "public_name");
	if (frab_take(r, said, "name", speaker, "name", FRAB_LINE, 200) == -1 ||
	    frab_take(r, said, "biography", speaker, "biography", FRAB_LINES,
	        10000) == -1)
		return -1;

	return frab_take_url(r, said, "url", speaker, "url");
}

/* Said in several sessions, perhaps not all of it in each. */
static void
complete(json_t *known, json_t *speaker)
{
	static const char *const texts[] = { "biography", "url", NULL };

	for (size_t i = 0; texts[i] != NULL; i++)
		if (frab_text_of(known, texts[i])[0] == '\0')
			(void)json_object_set(known, texts[i],
			    json_object_get(speaker, texts[i]));
	(void)json_object_update_missing(json_object_get(known, "source"),
	    json_object_get(speaker, "source"));
}

/* The place in speakers: known already, or now the last. */
static json_int_t
place_of(struct frab *r, json_t *speaker)
{
	json_t *all = json_object_get(r->document, "speakers"), *place;
	const char *id = frab_text_of(speaker, "source_id");
	char key[400];

	(void)snprintf(key, sizeof(key), "%c%s", id[0] != '\0' ? '#' : '=',
	    id[0] != '\0' ? id : frab_text_of(speaker, "name"));
	place = json_object_get(r->people, key);
	if (place != NULL) {
		complete(json_array_get(all, (size_t)json_integer_value(place)),
		    speaker);
		return json_integer_value(place);
	}
	place = json_integer((json_int_t)json_array_size(all));
	(void)json_object_set_new(r->people, key, place);
	(void)json_array_append(all, speaker);

	return json_integer_value(place);
}

static int
person(struct frab *r, const json_t *session, json_t *said, json_t *places)
{
	json_t *speaker = json_object(), *other;
	json_int_t place;
	size_t i;

	if (person_key(r, session, said, speaker) == -1 ||
	    person_texts(r, said, speaker) == -1) {
		json_decref(speaker);
		return -1;
	}
	if (frab_text_of(speaker, "name")[0] == '\0') {
		json_decref(speaker); /* not yet announced */
		return 0;
	}
	frab_take_rest(said, speaker);
	place = place_of(r, speaker);
	json_decref(speaker);
	json_array_foreach(places, i, other)
	{
		if (json_integer_value(other) == place)
			return 0;
	}
	(void)json_array_append_new(places, json_integer(place));

	return 0;
}

int
frab_persons(struct frab *r, json_t *said, json_t *session)
{
	json_t *places = json_object_get(session, "persons"), *one;
	size_t i;

	json_array_foreach(json_object_get(said, "persons"), i, one)
	{
		if (!json_is_object(one))
			continue;
		if (++r->parts > FRAB_PARTS)
			return frab_fault(r, said, "schedule.import.too_many",
			    "persons", FRAB_PARTS);
		if (person(r, said, one, places) == -1) {
			if (r->line == 0)
				r->line = frab_line_of(said);
			return -1;
		}
	}
	(void)json_object_del(said, "persons");

	return 0;
}
