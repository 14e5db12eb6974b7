/* Values of the schedule's rows, shaped for its pages. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "schedule/shown.h"
#include "web/html_text.h"

static bool
has_tag(const char *s)
{
	while ((s = strchr(s, '<')) != NULL) {
		s++;
		if (*s == '/')
			s++;
		if (isalpha((unsigned char)*s) && strchr(s, '>') != NULL)
			return true;
	}

	return false;
}

void
shown_body(struct arena *a, json_t *object, const char *const *names)
{
	const char *body = "";

	for (; *names != NULL; names++) {
		const char *words =
		    json_string_value(json_object_get(object, *names));
		const char *html = words == NULL || words[0] == '\0' ? NULL
		                   : has_tag(words) ? html_text(a, words)
		                                    : html_lines(a, words);

		if (html != NULL)
			body = arena_printf(a, "%s%s", body, html);
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

/* A list that a new member of `list` holds, which has these of the row too. */
static json_t *
begin(json_t *list, const char *holds, const json_t *row, const char *first,
    const char *second)
{
	json_t *member = json_object(), *held = json_array();

	json_object_set_new(member, holds, held);
	json_object_set(member, first, json_object_get(row, first));
	if (second != NULL)
		json_object_set(member, second, json_object_get(row, second));
	json_array_append_new(list, member);

	return held;
}

void
shown_days(json_t *page)
{
	json_t *days = json_array(), *slots = NULL, *slot = NULL;
	json_t *last = NULL, *row;
	size_t i;

	json_array_foreach(json_object_get(page, "sessions"), i, row)
	{
		bool another = differs(last, row, "anchor");

		if (another)
			slots = begin(days, "slots", row, "anchor", "day");
		if (another || differs(last, row, "starts"))
			slot = begin(slots, "sessions", row, "starts", NULL);
		json_array_append(slot, row);
		last = row;
	}
	json_object_set_new(page, "days", days);
}
