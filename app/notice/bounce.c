#include "notice/bounce.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "base/text.h"
#include "notice/mail.h"

enum { DEPTH_MOST = 8, PARTS_MOST = 100, STATUS_BYTES = 64 << 10 };

/* --- to whom --- */

/* Header by header, where relays leave the address it was delivered to. */
static const char *const delivered_to[] = { "X-Original-To", "Delivered-To",
	"Envelope-To", "To", NULL };

static int64_t
among(const uint8_t secret[32], InternetAddressList *list)
{
	int count = internet_address_list_length(list);

	for (int i = 0; i < count && i < PARTS_MOST; i++) {
		InternetAddress *a = internet_address_list_get_address(list, i);
		const char *addr;
		int64_t notice;

		if (!INTERNET_ADDRESS_IS_MAILBOX(a))
			continue;
		addr = internet_address_mailbox_get_addr(
		    INTERNET_ADDRESS_MAILBOX(a));
		notice = addr == NULL ? -1 : mail_bounce_read(secret, addr);
		if (notice != -1)
			return notice;
	}

	return -1;
}

static int64_t
addressed(const uint8_t secret[32], GMimeMessage *m)
{
	int64_t notice = -1;

	for (int i = 0; delivered_to[i] != NULL && notice == -1; i++) {
		const char *value =
		    g_mime_object_get_header(GMIME_OBJECT(m), delivered_to[i]);
		InternetAddressList *list =
		    value == NULL ? NULL
		                  : internet_address_list_parse(NULL, value);

		if (list == NULL)
			continue;
		notice = among(secret, list);
		g_object_unref(list);
	}

	return notice;
}

/* --- the report --- */

static bool
is_type(GMimeObject *o, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(
	    g_mime_object_get_content_type(o), type, subtype);
}

/* The first part of that type, not looking into what is attached. */
static GMimePart *
find_status(GMimeObject *o, int depth)
{
	GMimePart *found = NULL;
	int count;

	if (GMIME_IS_PART(o))
		return is_type(o, "message", "delivery-status") ||
		               is_type(o, "message", "global-delivery-status")
		           ? GMIME_PART(o)
		           : NULL;
	if (!GMIME_IS_MULTIPART(o) || depth == 0)
		return NULL;
	count = g_mime_multipart_get_count(GMIME_MULTIPART(o));
	for (int i = 0; i < count && i < PARTS_MOST && found == NULL; i++)
		found = find_status(
		    g_mime_multipart_get_part(GMIME_MULTIPART(o), i),
		    depth - 1);

	return found;
}

static void
status_text(GMimePart *part, struct text *out)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *bytes;

	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, mem);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	for (guint i = 0; i < bytes->len; i++)
		if (bytes->data[i] != '\r' && bytes->data[i] != '\0')
			text_add(out, bytes->data + i, 1);
	g_object_unref(mem);
}

/* "rfc822; a@b" or "smtp; 550 …": what is after the semicolon. */
static const char *
after_type(const char *value, size_t *size)
{
	const char *semicolon = memchr(value, ';', *size);

	if (semicolon != NULL) {
		*size -= (size_t)(semicolon + 1 - value);
		value = semicolon + 1;
	}
	while (*size > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		(*size)--;
	}

	return value;
}

/* What the fields of one recipient say. */
struct recipient {
	bool failed;
	char status[12];
	char diagnostic[300];
};

/* Printable, on one line, and whole letters. */
static void
keep(char *to, size_t room, const char *from, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size && n + 1 < room; i++) {
		bool space = isspace((unsigned char)from[i]);

		if (space && n > 0 && to[n - 1] == ' ')
			continue;
		to[n++] = space ? ' '
		          : (unsigned char)from[i] < ' ' || from[i] == 127
		              ? '?'
		              : from[i];
	}
	to[n] = '\0';
}

static void
field(struct recipient *r, const char *line, size_t size)
{
	static const struct {
		const char *name;
		size_t length;
	} names[] = { { "Action:", 7 }, { "Status:", 7 },
		{ "Diagnostic-Code:", 16 } };
	size_t which = 0;
	const char *value;

	while (which < 3 && (size < names[which].length ||
	                        strncasecmp(line, names[which].name,
	                            names[which].length) != 0))
		which++;
	if (which == 3)
		return;
	value = line + names[which].length;
	size -= names[which].length;
	if (which == 2) {
		value = after_type(value, &size);
		keep(r->diagnostic, sizeof(r->diagnostic), value, size);
		return;
	}
	while (size > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		size--;
	}
	if (which == 0)
		r->failed = size >= 6 && strncasecmp(value, "failed", 6) == 0;
	else
		keep(r->status, sizeof(r->status), value,
		    strspn(value, "0123456789.") < size
		        ? strspn(value, "0123456789.")
		        : size);
}

/* A field's line and those that go on with it. */
static size_t
unfolded(const char *s)
{
	size_t n = strcspn(s, "\n");

	while (s[n] == '\n' && (s[n + 1] == ' ' || s[n + 1] == '\t') &&
	       s[n + 1 + strspn(s + n + 1, " \t")] != '\n')
		n += 1 + strcspn(s + n + 1, "\n");

	return n;
}

/* One mail has one recipient: the first that failed is meant. */
static bool
failed_recipient(const char *s, struct recipient *r)
{
	*r = (struct recipient){ .failed = false };
	while (*s != '\0') {
		size_t n = unfolded(s);

		if (strspn(s, " \t") >= n) {
			if (r->failed)
				return true;
			*r = (struct recipient){ .failed = false };
		} else
			field(r, s, n);
		s += n + (s[n] == '\n');
	}

	return r->failed;
}

/*
 * 5.x.x is for good (RFC 3463), but not always the address': a full mailbox
 * (5.2.2), a mail too long (5.2.3, 5.3.4), its form (5.6) and what is thought
 * of the sender (5.7) may be otherwise next time.
 */
static bool
for_good(const char *status)
{
	static const char *const passing[] = { "5.2.2", "5.2.3", "5.3.4",
		NULL };

	for (int i = 0; passing[i] != NULL; i++)
		if (strcmp(status, passing[i]) == 0)
			return false;

	return strncmp(status, "5.", 2) == 0 &&
	       strncmp(status, "5.6.", 4) != 0 &&
	       strncmp(status, "5.7.", 4) != 0;
}

static void
report_read(struct bounce *b, GMimeMessage *m)
{
	GMimeObject *body = g_mime_message_get_mime_part(m);
	GMimePart *part;
	struct recipient r;
	struct text status;

	if (body == NULL || !is_type(body, "multipart", "report"))
		return;
	part = find_status(body, DEPTH_MOST);
	if (part == NULL)
		return;
	text_init(&status, STATUS_BYTES);
	text_puts(&status, "");
	status_text(part, &status);
	if (failed_recipient(status.data, &r)) {
		b->kind = for_good(r.status) ? BOUNCE_HARD : BOUNCE_SOFT;
		memcpy(b->status, r.status, sizeof(b->status));
		snprintf(b->words, sizeof(b->words), "%s%s%s", r.status,
		    r.status[0] == '\0' ? "" : " ", r.diagnostic);
		if (!text_utf8(b->words, strlen(b->words)))
			snprintf(b->words, sizeof(b->words), "%s", r.status);
	}
	text_free(&status);
}

void
bounce_read(struct bounce *b, const uint8_t secret[32], const char *to,
    const char *mail, size_t size)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *m;

	*b = (struct bounce){ .kind = BOUNCE_FORGED, .notice = -1 };
	g_mime_init();
	stream = g_mime_stream_mem_new_with_buffer(
	    mail, size < BOUNCE_BYTES ? size : BOUNCE_BYTES);
	parser = g_mime_parser_new_with_stream(stream);
	m = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);

	if (m != NULL || to != NULL)
		b->notice = to != NULL ? mail_bounce_read(secret, to)
		                       : addressed(secret, m);
	if (b->notice != -1)
		b->kind = BOUNCE_IGNORED;
	if (b->notice != -1 && m != NULL)
		report_read(b, m);
	if (m != NULL)
		g_object_unref(m);
}
