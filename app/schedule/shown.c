/* Values of the schedule's rows, shaped for its pages. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "schedule/shown.h"
#include "web/html_text.h"

/* The tags by which text is known to be HTML; <this> is none. */
static const char *const tags[] = { "p", "br", "ul", "ol", "li", "a", "b", "i",
	"em", "strong", "code", "pre", "blockquote", "div", "span", "h1", "h2",
	"h3", "h4", "h5", "h6", NULL };

static bool
is_tag(const char *s)
{
	size_t size = strcspn(s, " \t\r\n/>");

	for (int i = 0; tags[i] != NULL; i++)
		if (strlen(tags[i]) == size &&
		    strncasecmp(tags[i], s, size) == 0)
			return strchr(s + size, '>') != NULL;

	return false;
}

static bool
is_html(const char *s)
{
	while ((s = strchr(s, '<')) != NULL) {
		s++;
		if (is_tag(*s == '/' ? s + 1 : s))
			return true;
	}

	return false;
}

static const char *
body_of(struct arena *a, const char *words)
{
	const char *html =
	    is_html(words) ? html_text(a, words) : html_lines(a, words);

	return html == NULL ? "" : html;
}

void
shown_body(struct arena *a, json_t *object, const char *const *names)
{
	const char *body = "";

	for (; *names != NULL; names++) {
		const char *words =
		    json_string_value(json_object_get(object, *names));

		if (words != NULL)
			body = arena_printf(a, "%s%s", body, body_of(a, words));
	}
	json_object_set_new(object, "body_html", json_string(body));
}

static bool
differs(const json_t *last, const json_t *row, const char *name)
{
	return last == NULL ||
	       strcmp(json_string_value(json_object_get(last, name)),
	           json_string_value(json_object_get(row, name))) != 0;
}

static json_t *
last_of(const json_t *list)
{
	return json_array_get(list, json_array_size(list) - 1);
}

/* A day, or a time of it, begins with this session. */
static void
begin_day(json_t *days, json_t *row)
{
	json_array_append_new(
	    days, json_pack("{s:O?, s:O?, s:O?, s:[]}", "anchor",
	              json_object_get(row, "anchor"), "day",
	              json_object_get(row, "day"), "from",
	              json_object_get(row, "starts"), "slots"));
}

static void
begin_slot(json_t *day, json_t *row)
{
	json_array_append_new(json_object_get(day, "slots"),
	    json_pack("{s:O?, s:[]}", "starts", json_object_get(row, "starts"),
	        "sessions"));
}

void
shown_days(json_t *page)
{
	json_t *days = json_array(), *last = NULL, *row, *slot;
	size_t i;

	json_array_foreach(json_object_get(page, "sessions"), i, row)
	{
		bool another = differs(last, row, "anchor");

		if (another)
			begin_day(days, row);
		if (another || differs(last, row, "starts"))
			begin_slot(last_of(days), row);
		slot = last_of(json_object_get(last_of(days), "slots"));
		json_array_append(json_object_get(slot, "sessions"), row);
		last = row;
	}
	json_object_set_new(page, "days", days);
}
