#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/fault.h"
#include "base/language.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/messages.h"
#include "base/pattern.h"

enum { CHAINS = 4096 };

/* One key in all languages.  What is known lives as long as the program. */
struct entry {
	struct entry *next;
	char *key;
	struct pattern *in[LANGUAGES];
};

static struct entry *chains[CHAINS];

/* FNV-1a. */
static struct entry **
chain_of(const char *key)
{
	unsigned hash = 2166136261U;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619U;

	return &chains[hash % CHAINS];
}

static struct entry *
entry_find(const char *key)
{
	struct entry *e = *chain_of(key);

	while (e != NULL && strcmp(e->key, key) != 0)
		e = e->next;

	return e;
}

static struct entry *
entry_make(const char *key)
{
	struct entry **chain = chain_of(key), *e = entry_find(key);

	if (e == NULL) {
		e = memory_new(sizeof(*e));
		e->key = memory_text(key);
		e->next = *chain;
		*chain = e;
	}

	return e;
}

static int
add(const char *key, const json_t *value, int language, struct fault *f)
{
	struct pattern *p;
	struct entry *e;

	if (!json_is_string(value))
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s is not a text", key);
	p = pattern_new(json_string_value(value), f);
	if (p == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: %s", key, f->detail);
	e = entry_make(key);
	pattern_free(e->in[language]);
	e->in[language] = p;

	return 0;
}

static bool
is_note(const char *key)
{
	size_t length = strlen(key);

	return length >= 5 && strcmp(key + length - 5, "_note") == 0;
}

static int
add_all(json_t *file, int language, struct fault *f)
{
	const char *key;
	json_t *value;

	json_object_foreach(
	    file, key, value) if (!is_note(key) &&
	                          add(key, value, language, f) == -1) return -1;

	return 0;
}

/* "en.schedule" is English. */
static const char *
file_language(const char *name)
{
	char language[8] = "";
	size_t length = strcspn(name, ".");

	if (length < sizeof(language))
		memcpy(language, name, length);

	return language_known(language);
}

static int
read_one(const struct embedded *e, struct fault *f)
{
	const char *language = file_language(e->name);
	json_error_t error;
	json_t *file;
	int ret;

	if (language == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "messages/%s: no language of ours", e->name);
	file = json_loadb(e->data, e->size, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(file)) {
		json_decref(file);
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "messages/%s:%d: %s", e->name, error.line, error.text);
	}
	ret = add_all(file, language_index(language), f);
	json_decref(file);
	if (ret == -1)
		fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "messages/%s: %s", e->name, f->detail);

	return ret;
}

int
messages_read(const struct embedded *e, struct fault *f)
{
	for (; e->name != NULL; e++)
		if (read_one(e, f) == -1)
			return -1;

	return 0;
}

int
messages_load(struct fault *f)
{
	return messages_read(messages_embedded, f);
}

static int
check_entry(const struct entry *e, struct fault *f)
{
	if (e->in[0] == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s has no English", e->key);
	for (int i = 0; i < LANGUAGES; i++)
		if (e->in[i] != NULL &&
		    pattern_check(e->in[i], languages[i], e->in[0], f) == -1)
			return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
			    "%s: %s", e->key, f->detail);

	return 0;
}

int
messages_check(struct fault *f)
{
	for (int i = 0; i < CHAINS; i++)
		for (const struct entry *e = chains[i]; e != NULL; e = e->next)
			if (check_entry(e, f) == -1)
				return -1;

	return 0;
}

bool
message_known(const char *key)
{
	const struct entry *e = entry_find(key);

	return e != NULL && e->in[0] != NULL;
}

const char *
message(struct arena *a, const char *language, const char *key,
    message_argument argument, void *context)
{
	const struct entry *e = entry_find(key);
	int i = language_index(language);
	const char *said = NULL;

	/* The rules of the plural go with the language of the words. */
	if (e != NULL && e->in[i] == NULL)
		i = 0;
	if (e != NULL && e->in[i] != NULL)
		said =
		    pattern_say(a, e->in[i], languages[i], argument, context);
	if (said == NULL) {
		log_event(LOG_LEVEL_WARN, "message.unknown", "key", key, NULL);
		said = arena_printf(a, "⟨%s⟩", key);
	}

	return said;
}
