#include "notice/mailing.h"

#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/messages.h"
#include "invite/ics.h"
#include "notice/placeholder.h"
#include "notice/rich.h"
#include "notice/wording.h"
#include "registration/manage.h"

enum { SUBJECT_MOST = 800 }; /* bytes */

struct filling {
	struct arena *arena;
	const struct notice_house *house;
	const json_t *row;
	const char *language;
	const char *moment; /* "starts" or "ends", while it is being worded */
};

static const char *
moment_argument(void *context, const char *name)
{
	struct filling *f = context;

	return strcmp(name, "at") == 0 ? notice_word(f->row, f->moment)
	                               : notice_zone(f->arena, f->row);
}

static const char *
moment(struct filling *f, const char *which)
{
	f->moment = which;

	return message(f->arena, f->language, "notice.at", moment_argument, f);
}

static const char *
place(struct filling *f)
{
	struct ics_entry e;
	struct fault ignored;

	if (ics_entry_read(f->arena, &e, f->row, &ignored) == -1 ||
	    e.place[0] == '\0')
		return message(
		    f->arena, f->language, "notice.place_online", NULL, NULL);

	return e.place;
}

static const char *
link_of(struct filling *f, const char *rest)
{
	const char *key = notice_word(f->row, "key");
	char token[TOKEN_CHARS + 1];

	if (key[0] == '\0')
		return notice_url(f->arena, f->house, f->row);
	registration_manage(f->house->secret, key, token);

	return arena_printf(
	    f->arena, "%s/r/%s%s", f->house->origin, token, rest);
}

static const char *
value(void *context, const char *name)
{
	struct filling *f = context;

	if (strcmp(name, "name") == 0)
		return notice_word(f->row, "name");
	if (strcmp(name, "event") == 0)
		return notice_word(f->row, "event_title");
	if (strcmp(name, "organisation") == 0)
		return f->house->organisation;
	if (strcmp(name, "place") == 0)
		return place(f);
	if (strcmp(name, "link") == 0)
		return link_of(f, "");
	if (strcmp(name, "ticket") == 0)
		return link_of(f, notice_has_ticket(f->row) ? "/ticket" : "");

	return moment(f, name);
}

/* No longer than a header can be, and cut between letters. */
static const char *
clamped(struct arena *a, const char *s)
{
	size_t n = strlen(s);

	while (n > SUBJECT_MOST || (n > 0 && (s[n] & 0xc0) == 0x80))
		n--;

	return arena_part(a, s, n);
}

void
mailing_words(struct mailing_words *w, struct arena *a,
    const struct notice_house *h, const json_t *row)
{
	const char *language = language_known(notice_word(row, "language"));
	struct filling f = { .arena = a,
		.house = h,
		.row = row,
		.language = language == NULL ? languages[0] : language };
	const char *body;

	body = placeholder_fill(a, notice_word(row, "body_words"), value, &f);
	w->subject = clamped(a,
	    placeholder_fill(a, notice_word(row, "subject_words"), value, &f));
	w->plain = rich_plain(a, body);
	w->html = rich_html(a, body);
}
