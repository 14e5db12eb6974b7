/* Calendars as answers: entries to download, and feeds. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/token.h"
#include "invite/download.h"
#include "invite/ics.h"
#include "web/visit.h"

enum { FEED_MAX = 16 << 20, TAG_CHARS = 32 };

static const char *
row_word(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s == NULL ? "" : s;
}

/* The page of ours that the entry is about. */
static void
put_url(struct visit *v, json_t *row)
{
	json_int_t session =
	    json_integer_value(json_object_get(row, "session_id"));
	json_int_t event = json_integer_value(json_object_get(row, "event"));

	json_object_set_new(row, "url",
	    session != 0 ? json_sprintf("%s/sessions/%" JSON_INTEGER_FORMAT,
	                       visit_origin(v), session)
	                 : json_sprintf("%s/events/%" JSON_INTEGER_FORMAT,
	                       visit_origin(v), event));
}

static int
read_entries(struct visit *v, json_t *rows, const char *join,
    struct ics_feed *feed, struct fault *f)
{
	struct arena *a = visit_arena(v);
	struct ics_entry *entries;
	json_t *row;
	size_t i;

	entries =
	    arena_alloc(a, (json_array_size(rows) + 1) * sizeof(*entries));
	feed->entries = entries;
	json_array_foreach(rows, i, row)
	{
		if (row_word(row, "uid")[0] == '\0')
			continue;
		put_url(v, row);
		if (ics_entry_read(a, &entries[feed->count], row, f) == -1)
			return -1;
		entries[feed->count++].join = join;
	}

	return 0;
}

/* The last revision of any entry, as HTTP spells it (RFC 9110 5.6.7). */
static void
respond_modified(struct visit *v, const struct ics_feed *feed)
{
	char spelt[64];
	struct tm tm;
	time_t last = 0;

	for (size_t i = 0; i < feed->count; i++)
		if (feed->entries[i].revised > last)
			last = (time_t)feed->entries[i].revised;
	if (last == 0 || gmtime_r(&last, &tm) == NULL ||
	    strftime(spelt, sizeof(spelt), "%a, %d %b %Y %H:%M:%S GMT", &tm) ==
	        0)
		return;
	visit_respond_header(v, "last-modified", spelt);
}

/* Is the tag among those of If-None-Match?  Weak ones are as good. */
static bool
has_tag(const char *list, const char *tag)
{
	return list != NULL &&
	       (strcmp(list, "*") == 0 || strstr(list, tag) != NULL);
}

static void
respond(struct visit *v, const struct text *body, const struct ics_feed *feed,
    const struct invite_file *file)
{
	char hash[TOKEN_HASH_CHARS + 1];
	const char *tag;

	token_hash(body->data, hash);
	tag = arena_printf(visit_arena(v), "\"%.*s\"", TAG_CHARS, hash + 2);
	if (has_tag(visit_header(v, "if-none-match"), tag)) {
		visit_status(v, 304);
		visit_respond_text(v, "text/calendar; charset=utf-8", "", 0);
	} else {
		visit_respond_text(
		    v, "text/calendar; charset=utf-8", body->data, body->size);
	}
	visit_respond_header(v, "etag", tag);
	visit_respond_header(v, "cache-control", "private, no-cache");
	visit_respond_header(v, "content-disposition",
	    arena_printf(
	        visit_arena(v), "inline; filename=\"%s\"", file->name));
	respond_modified(v, feed);
}

int
invite_respond(struct visit *v, json_t *rows, const struct invite_file *file,
    struct fault *f)
{
	const char *language =
	    file->language != NULL ? file->language : visit_language(v);
	struct ics_feed feed = { .name = file->title,
		.url = file->page == NULL ? "" : file->page,
		.refresh = file->feed };
	struct text body;
	int ret;

	if (read_entries(v, rows,
	        message(visit_arena(v), language, "invite.join", NULL, NULL),
	        &feed, f) == -1)
		return -1;
	if (feed.count == 0 && !file->feed)
		return fault(f, FAULT_MISSING, "", "web.no_page");
	if (feed.name == NULL)
		feed.name = feed.entries[0].title;
	text_init(&body, FEED_MAX);
	ret = ics_feed(&body, &feed, f);
	if (ret == 0)
		respond(v, &body, &feed, file);
	text_free(&body);

	return ret;
}
