#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "base/token.h"
#include "notice/mail.h"

enum { BOUNCE_HEX = 20, LOCAL_MAX = 64, ADDRESS_MAX = 254 };

static const char ticket_id[] = "ticket@mail";

/* --- what must not get into a header --- */

static int
refuse(struct fault *f, const char *what)
{
	return fault_detail(f, FAULT_INPUT, what, "notice.unfit",
	    "%s is not fit for a mail", what);
}

static int
check_words(const char *s, const char *what, struct fault *f)
{
	size_t n = strlen(s);

	if (!text_utf8(s, n) || !text_plain(s, n, false))
		return refuse(f, what);

	return 0;
}

/* One address: printable, one at-sign outside the local part, no room for a
 * second one or for a comment. */
static int
check_address(const char *s, const char *what, struct fault *f)
{
	const char *at = strrchr(s, '@');

	if (at == NULL || at == s || at[1] == '\0' || at - s > LOCAL_MAX ||
	    strlen(s) > ADDRESS_MAX || strpbrk(s, "<>()[]\\,;:\" ") != NULL ||
	    strchr(s, '@') != at)
		return refuse(f, what);

	return check_words(s, what, f);
}

static int
check(const struct mail *m, struct fault *f)
{
	if (check_address(m->from, "from", f) == -1 ||
	    check_address(m->to, "to", f) == -1 ||
	    check_words(m->from_name, "from_name", f) == -1 ||
	    check_words(m->to_name, "to_name", f) == -1 ||
	    check_words(m->subject, "subject", f) == -1 ||
	    check_words(m->id, "id", f) == -1 ||
	    check_words(m->domain, "domain", f) == -1)
		return -1;
	if (m->unsubscribe != NULL &&
	    check_words(m->unsubscribe, "unsubscribe", f) == -1)
		return -1;
	if (m->ticket != NULL &&
	    check_words(m->ticket_name, "ticket_name", f) == -1)
		return -1;
	if (!text_utf8(m->text, strlen(m->text)) ||
	    (m->html != NULL && !text_utf8(m->html, strlen(m->html))))
		return refuse(f, "text");

	return 0;
}

/* --- parts --- */

static GMimePart *
part(const char *type, const char *subtype, const void *data, size_t size,
    GMimeContentEncoding encoding)
{
	GMimePart *p = g_mime_part_new_with_type(type, subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, size);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
	    stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(p, content);
	g_mime_part_set_content_encoding(p, encoding);
	g_object_unref(content);
	g_object_unref(stream);

	return p;
}

static void
parameter(GMimePart *p, const char *name, const char *value)
{
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(p), name, value);
}

/* The parent keeps it. */
static void
give(GMimeMultipart *parent, void *object)
{
	g_mime_multipart_add(parent, GMIME_OBJECT(object));
	g_object_unref(object);
}

static GMimePart *
words(const char *subtype, const char *s)
{
	GMimePart *p = part("text", subtype, s, strlen(s),
	    GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);

	parameter(p, "charset", "utf-8");

	return p;
}

static GMimePart *
picture(const struct mail *m)
{
	return part("image", "png", m->ticket->data, m->ticket->size,
	    GMIME_CONTENT_ENCODING_BASE64);
}

/* The page, with the picture that it shows. */
static void
give_html(GMimeMultipart *parent, const struct mail *m)
{
	GMimeMultipart *related;
	GMimePart *image;

	if (m->ticket == NULL) {
		give(parent, words("html", m->html));
		return;
	}

	related = g_mime_multipart_new_with_subtype("related");
	g_mime_object_set_content_type_parameter(
	    GMIME_OBJECT(related), "type", "text/html");
	give(related, words("html", m->html));
	image = picture(m);
	g_mime_part_set_content_id(image, ticket_id);
	g_mime_object_set_disposition(GMIME_OBJECT(image), "inline");
	give(related, image);
	give(parent, related);
}

/* Base64, for libical's lines may end in a space that transport strips. */
static GMimePart *
calendar(const struct mail *m)
{
	GMimePart *p = part("text", "calendar", m->calendar->data,
	    m->calendar->size, GMIME_CONTENT_ENCODING_BASE64);

	parameter(p, "charset", "utf-8");
	parameter(p, "method", m->method);
	parameter(p, "component", "VEVENT");
	g_mime_object_set_disposition(GMIME_OBJECT(p), "inline");

	return p;
}

static void
give_file(GMimeMultipart *parent, GMimePart *p, const char *name)
{
	g_mime_object_set_disposition(GMIME_OBJECT(p), "attachment");
	g_mime_part_set_filename(p, name);
	give(parent, p);
}

static GMimeObject *
alternative(const struct mail *m)
{
	GMimeMultipart *a;

	if (m->html == NULL && m->calendar == NULL)
		return GMIME_OBJECT(words("plain", m->text));

	a = g_mime_multipart_new_with_subtype("alternative");
	give(a, words("plain", m->text));
	if (m->html != NULL)
		give_html(a, m);
	if (m->calendar != NULL)
		give(a, calendar(m));

	return GMIME_OBJECT(a);
}

static GMimeObject *
body(const struct mail *m)
{
	GMimeMultipart *mixed;

	if (m->calendar == NULL && m->ticket == NULL)
		return alternative(m);

	mixed = g_mime_multipart_new_with_subtype("mixed");
	give(mixed, alternative(m));
	if (m->calendar != NULL)
		give_file(mixed,
		    part("application", "ics", m->calendar->data,
		        m->calendar->size, GMIME_CONTENT_ENCODING_BASE64),
		    "invite.ics");
	if (m->ticket != NULL)
		give_file(mixed, picture(m), m->ticket_name);

	return GMIME_OBJECT(mixed);
}

/* --- the message --- */

static void
set_header(GMimeMessage *message, const char *name, const char *value)
{
	g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void
address(GMimeMessage *message, GMimeAddressType type, const char *name,
    const char *addr)
{
	InternetAddressList *list = g_mime_message_get_addresses(message, type);
	InternetAddress *mailbox =
	    internet_address_mailbox_new(name[0] == '\0' ? NULL : name, addr);

	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(list, mailbox);
	g_object_unref(mailbox);
}

static void
headers(GMimeMessage *message, const struct mail *m)
{
	GDateTime *date = g_date_time_new_from_unix_utc(m->date);
	char buf[512];

	g_mime_message_set_date(message, date);
	g_date_time_unref(date);
	address(message, GMIME_ADDRESS_TYPE_FROM, m->from_name, m->from);
	address(message, GMIME_ADDRESS_TYPE_TO, m->to_name, m->to);
	g_mime_message_set_subject(message, m->subject, "utf-8");
	snprintf(buf, sizeof(buf), "%s@%s", m->id, m->domain);
	g_mime_message_set_message_id(message, buf);
	set_header(message, "Auto-Submitted", "auto-generated");
	if (m->language != NULL)
		set_header(message, "Content-Language", m->language);
	if (m->unsubscribe == NULL)
		return;
	set_header(message, "List-Unsubscribe", "");
	snprintf(buf, sizeof(buf), " <%s>\n", m->unsubscribe);
	/* As it is: an address that is long would be encoded like words. */
	g_mime_header_set_raw_value(
	    g_mime_header_list_get_header(
	        g_mime_object_get_header_list(GMIME_OBJECT(message)),
	        "List-Unsubscribe"),
	    buf);
	set_header(
	    message, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

int
mail_write(struct text *out, const struct mail *m, struct fault *f)
{
	GMimeFormatOptions *options;
	GMimeMessage *message;
	GMimeObject *parts;
	char *wire;

	if (check(m, f) == -1)
		return -1;

	g_mime_init();
	message = g_mime_message_new(FALSE);
	headers(message, m);
	parts = body(m);
	g_mime_message_set_mime_part(message, parts);
	options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(
	    options, GMIME_NEWLINE_FORMAT_DOS);
	wire = g_mime_object_to_string(GMIME_OBJECT(message), options);
	text_puts(out, wire);

	g_free(wire);
	g_mime_format_options_free(options);
	g_object_unref(parts);
	g_object_unref(message);
	if (out->full)
		return fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "the mail is over its maximum");

	return 0;
}

/* --- bounces --- */

static void
bounce_mac(const uint8_t key[32], int64_t notice, char hex[BOUNCE_HEX + 1])
{
	uint8_t mac[32];
	char what[40];
	int n = snprintf(what, sizeof(what), "bounce|%" PRId64, notice);

	token_hmac(key, 32, what, (size_t)n, mac);
	for (size_t i = 0; i < BOUNCE_HEX / 2; i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
}

const char *
mail_bounce(
    struct arena *a, const uint8_t key[32], int64_t notice, const char *domain)
{
	char hex[BOUNCE_HEX + 1];

	bounce_mac(key, notice, hex);

	return arena_printf(a, "bounce+%" PRId64 "=%s@%s", notice, hex, domain);
}

int64_t
mail_bounce_read(const uint8_t key[32], const char *addr)
{
	char hex[BOUNCE_HEX + 1], *end;
	int64_t notice;

	if (strncmp(addr, "bounce+", 7) != 0 ||
	    !isdigit((unsigned char)addr[7]))
		return -1;
	notice = strtoll(addr + 7, &end, 10);
	bounce_mac(key, notice, hex);
	if (*end != '=' || strlen(end + 1) < BOUNCE_HEX + 1 ||
	    end[1 + BOUNCE_HEX] != '@' ||
	    !token_equal(end + 1, hex, BOUNCE_HEX))
		return -1;

	return notice;
}
