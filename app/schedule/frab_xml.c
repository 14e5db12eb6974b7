#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/text.h"
#include "schedule/frab.h"
#include "schedule/frab_inside.h"

enum { FIELD_BYTES = 4 << 20, NAME_BYTES = 64 };

/* Where in the file we are.  A FIELD is an element whose text is a value. */
enum place {
	NOWHERE,
	SCHEDULE,
	CONFERENCE,
	TRACKS,
	TRACK,
	DAY,
	ROOM,
	EVENT,
	PERSONS,
	PERSON,
	LINKS,
	LINK,
	ATTACHMENTS,
	ATTACHMENT,
	RECORDING,
	COLOR,
	FIELD,
	UNKNOWN
};

/* clang-format off */
static const struct {
	enum place in;
	const char *name;
	enum place is;
} places[] = {
	{ NOWHERE,     "schedule",    SCHEDULE },
	{ SCHEDULE,    "conference",  CONFERENCE },
	{ SCHEDULE,    "tracks",      TRACKS },
	{ SCHEDULE,    "day",         DAY },
	{ SCHEDULE,    "generator",   UNKNOWN },
	{ CONFERENCE,  "track",       TRACK },
	{ CONFERENCE,  "color",       COLOR },
	{ TRACKS,      "track",       TRACK },
	{ DAY,         "room",        ROOM },
	{ ROOM,        "event",       EVENT },
	{ EVENT,       "persons",     PERSONS },
	{ EVENT,       "links",       LINKS },
	{ EVENT,       "attachments", ATTACHMENTS },
	{ EVENT,       "recording",   RECORDING },
	{ PERSONS,     "person",      PERSON },
	{ LINKS,       "link",        LINK },
	{ ATTACHMENTS, "attachment",  ATTACHMENT },
};
/* clang-format on */

struct level {
	enum place place;
	json_t *object; /* borrowed: what is said here, or NULL */
	char name[NAME_BYTES];
};

struct reader {
	struct frab *r;
	xmlParserCtxtPtr parser;
	struct level level[FRAB_DEPTH + 1];
	int depth;
	int collecting; /* depth of the element whose text is kept, or 0 */
	struct text text;
	size_t parts;
	bool failed;
};

static void
fail(struct reader *x, const char *key, const char *text, long number)
{
	if (x->failed)
		return;
	x->failed = true;
	x->r->line = xmlSAX2GetLineNumber(x->parser);
	(void)frab_fault(x->r, NULL, key, text, number);
	xmlStopParser(x->parser);
}

static enum place
place_of(const struct level *in, const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].in == in->place &&
		    strcmp(places[i].name, name) == 0)
			return places[i].is;
	switch (in->place) {
	case SCHEDULE:
	case CONFERENCE:
	case EVENT:
	case RECORDING:
		return strlen(name) < NAME_BYTES ? FIELD : UNKNOWN;
	default:
		return UNKNOWN;
	}
}

static json_t *
list_of(json_t *object, const char *name)
{
	json_t *list = json_object_get(object, name);

	if (!json_is_array(list)) {
		list = json_array();
		(void)json_object_set_new(object, name, list);
	}

	return list;
}

/* A new object at the end of a list, with its line. */
static json_t *
append(struct reader *x, json_t *list)
{
	json_t *object = json_object();

	(void)json_object_set_new(
	    object, "#line", json_integer(xmlSAX2GetLineNumber(x->parser)));
	(void)json_array_append_new(list, object);

	return object;
}

static json_t *
new_session(struct reader *x)
{
	json_t *said = x->r->said;
	json_t *sessions = list_of(said, "sessions");
	json_t *session;

	if (json_array_size(sessions) >= FRAB_SESSIONS) {
		fail(x, "schedule.import.too_many", "sessions", FRAB_SESSIONS);
		return NULL;
	}
	session = append(x, sessions);
	(void)json_object_set_new(session, "#day",
	    json_integer(
	        (json_int_t)json_array_size(list_of(said, "days")) - 1));
	(void)json_object_set(session, "#room",
	    json_object_get(x->level[x->depth].object, "name"));

	return session;
}

/* Persons, links and attachments of a session, bounded over the file. */
static json_t *
new_part(struct reader *x, const char *list)
{
	json_t *session = x->level[x->depth - 1].object;

	if (++x->parts > FRAB_PARTS) {
		fail(x, "schedule.import.too_many", list, FRAB_PARTS);
		return NULL;
	}

	return append(x, list_of(session, list));
}

static json_t *
new_listed(struct reader *x, const char *list, size_t most)
{
	json_t *all = list_of(x->r->said, list);

	/* rooms come again each day; those of one name are one later */
	if (json_array_size(all) >= most) {
		fail(x, "schedule.import.too_many", list, (long)most);
		return NULL;
	}

	return append(x, all);
}

static json_t *
conference(struct reader *x)
{
	json_t *object = json_object_get(x->r->said, "conference");

	if (object == NULL) {
		object = json_object();
		(void)json_object_set_new(object, "#line",
		    json_integer(xmlSAX2GetLineNumber(x->parser)));
		(void)json_object_set_new(x->r->said, "conference", object);
	}

	return object;
}

static json_t *
inner(struct reader *x, const char *name)
{
	json_t *object = json_object();

	(void)json_object_set_new(x->level[x->depth].object, name, object);

	return object;
}

/* What an element of this place says goes to this object. */
static json_t *
object_of(struct reader *x, enum place place)
{
	switch (place) {
	case SCHEDULE:
		return x->r->said;
	case CONFERENCE:
		return conference(x);
	case TRACK:
		return new_listed(x, "tracks", FRAB_TRACKS);
	case DAY:
		return new_listed(x, "days", FRAB_DAYS);
	case ROOM:
		return new_listed(x, "rooms", FRAB_DAYS * FRAB_ROOMS);
	case EVENT:
		return new_session(x);
	case PERSON:
		return new_part(x, "persons");
	case LINK:
		return new_part(x, "links");
	case ATTACHMENT:
		return new_part(x, "attachments");
	case RECORDING:
		return inner(x, "recording");
	case COLOR:
		return inner(x, "color");
	default: /* PERSONS and the like: what they are in */
		return x->level[x->depth].object;
	}
}

/* SAX2 gives five pointers an attribute: name, prefix, URI, value, its end. */
static void
attributes(json_t *object, enum place place, int count, const xmlChar **given)
{
	const char *name, *value;

	for (int i = 0; i < count; i++, given += 5) {
		name = (const char *)given[0];
		value = (const char *)given[3];
		if ((place == LINK || place == ATTACHMENT) &&
		    strcmp(name, "href") == 0)
			name = "url";
		if (json_object_get(object, name) == NULL)
			(void)json_object_set_new(object, name,
			    json_stringn(value,
			        (size_t)((const char *)given[4] - value)));
	}
}

static bool
has_text(enum place place)
{
	return place == FIELD || place == TRACK || place == PERSON ||
	       place == LINK || place == ATTACHMENT;
}

static void
element_starts(void *context, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int namespaces, const xmlChar **declared, int count,
    int defaulted, const xmlChar **given)
{
	struct reader *x = context;
	const char *local = (const char *)name;
	struct level *level;
	enum place place;
	json_t *object;

	(void)prefix, (void)uri, (void)namespaces, (void)declared;
	(void)defaulted;
	if (x->failed)
		return;
	if (x->depth == FRAB_DEPTH) {
		fail(x, "schedule.import.deep", NULL, FRAB_DEPTH);
		return;
	}
	place = place_of(&x->level[x->depth], local);
	if (x->depth == 0 && place != SCHEDULE) {
		fail(x, "schedule.import.root", local, 0);
		return;
	}
	object = place == UNKNOWN ? NULL : object_of(x, place);
	level = &x->level[++x->depth];
	level->place = place;
	level->object = object;
	level->name[0] = '\0';
	if (place == FIELD)
		memcpy(level->name, local, strlen(local) + 1);
	else if (object != NULL && place != PERSONS && place != LINKS &&
	         place != ATTACHMENTS && place != TRACKS)
		attributes(object, place, count, given);
	if (x->collecting == 0 && has_text(place))
		x->collecting = x->depth;
}

static void
keep_text(struct reader *x, json_t *object, const char *key)
{
	const char *text = x->text.data == NULL ? "" : x->text.data;

	if (x->text.full)
		fail(x, "schedule.import.too_long", key, FIELD_BYTES);
	else if (json_object_get(object, key) == NULL)
		(void)json_object_set_new(
		    object, key, json_stringn(text, x->text.size));
}

static void
zone_line(struct reader *x, const struct level *level)
{
	if (strcmp(level->name, "time_zone_name") == 0)
		(void)json_object_set_new(level->object, "#zone",
		    json_integer(xmlSAX2GetLineNumber(x->parser)));
}

static void
element_ends(void *context, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct reader *x = context;
	const struct level *level;

	(void)name, (void)prefix, (void)uri;
	if (x->failed || x->depth == 0)
		return;
	level = &x->level[x->depth];
	if (x->collecting == x->depth) {
		if (level->place == FIELD) {
			keep_text(x, level->object, level->name);
			zone_line(x, level);
		} else if (level->place == LINK || level->place == ATTACHMENT)
			keep_text(x, level->object, "title");
		else
			keep_text(x, level->object, "name");
		text_free(&x->text);
		text_init(&x->text, FIELD_BYTES);
		x->collecting = 0;
	}
	x->depth--;
}

static void
characters(void *context, const xmlChar *text, int size)
{
	struct reader *x = context;

	if (!x->failed && x->collecting > 0)
		text_add(&x->text, text, (size_t)size);
}

/*
 * What the schema of the format has no element for stands in an instruction
 * <?convene {"venue": "…"}?> inside the element that it completes.
 */
static void
instruction(void *context, const xmlChar *target, const xmlChar *data)
{
	struct reader *x = context;
	json_t *object, *given, *more;

	if (x->failed || data == NULL ||
	    strcmp((const char *)target, "convene") != 0)
		return;
	object = x->level[x->depth].object;
	given = json_loads((const char *)data, JSON_REJECT_DUPLICATES, NULL);
	if (object == NULL || !json_is_object(given)) {
		json_decref(given);
		fail(x, "schedule.import.instruction", NULL, 0);
		return;
	}
	more = frab_clean(given);
	(void)json_object_update_missing(object, more);
	json_decref(more);
	json_decref(given);
}

/* A schedule needs no document type, and without one there are no entities
 * to expand and no files to fetch. */
static void
document_type(void *context, const xmlChar *name, const xmlChar *public_id,
    const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	fail(context, "schedule.import.doctype", NULL, 0);
}

static xmlEntityPtr
entity(void *context, const xmlChar *name)
{
	(void)context;

	return xmlGetPredefinedEntity(name);
}

static void
trouble(void *context, xmlErrorPtr error)
{
	struct reader *x = context;
	char words[96];

	if (x->failed || error == NULL || error->level < XML_ERR_ERROR)
		return;
	frab_cut(
	    words, sizeof(words), error->message == NULL ? "" : error->message);
	words[strcspn(words, "\n")] = '\0';
	fail(x, "schedule.import.xml", words, 0);
	x->r->line = error->line > 0 ? error->line : x->r->line;
}

static void
handlers(xmlSAXHandler *sax)
{
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->internalSubset = document_type;
	sax->getEntity = entity;
	sax->startElementNs = element_starts;
	sax->endElementNs = element_ends;
	sax->characters = characters;
	sax->ignorableWhitespace = characters;
	sax->cdataBlock = characters;
	sax->processingInstruction = instruction;
	sax->serror = trouble;
}

int
frab_xml(struct frab *r, const char *data, size_t size)
{
	struct reader x = { .r = r };

	x.parser = xmlCreateMemoryParserCtxt(data, (int)size);
	if (x.parser == NULL)
		return frab_fault(r, NULL, "schedule.import.xml", NULL, 0);
	handlers(x.parser->sax);
	/* NOENT: "&amp;" in attributes too; there are no other entities */
	(void)xmlCtxtUseOptions(x.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
	x.parser->userData = &x;
	text_init(&x.text, FIELD_BYTES);
	(void)xmlParseDocument(x.parser);
	if (!x.parser->wellFormed && !x.failed)
		fail(&x, "schedule.import.xml", NULL, 0);
	text_free(&x.text);
	xmlFreeParserCtxt(x.parser);

	return x.failed ? -1 : 0;
}
