#include "archive/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

enum { BOUNDARY_MOST = 70 };

/* RFC 2046 5.1.1; a space may not end it, so none is taken. */
static const char boundary_chars[] = "0123456789'()+_,-./:=?"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz";

static int
malformed(struct fault *f)
{
	return fault(f, FAULT_FORM, "", "archive.not_multipart");
}

/* One parameter of a header: name=token, or name="value" without escapes, for
 * browsers write a quote as %22.  False when there is no further one. */
struct parameter {
	const char *name, *value;
	size_t name_size, value_size;
};

static bool
parameter_next(const char **at, const char *end, struct parameter *p)
{
	const char *s = memchr(*at, ';', (size_t)(end - *at));

	if (s == NULL)
		return false;
	for (s++; s < end && (*s == ' ' || *s == '\t');)
		s++;
	p->name = s;
	while (s < end && *s != '=' && *s != ';')
		s++;
	p->name_size = (size_t)(s - p->name);
	if (s < end && *s == '=')
		s++;
	p->value = s;
	if (s < end && *s == '"') {
		p->value++;
		s = memchr(p->value, '"', (size_t)(end - p->value));
		if (s == NULL)
			return false;
	} else {
		while (s < end && strchr("; \t\r\n", *s) == NULL)
			s++;
	}
	p->value_size = (size_t)(s - p->value);
	*at = s;

	return true;
}

static const char *
parameter(const char *s, size_t n, const char *name, size_t *size)
{
	const char *at = s;
	struct parameter p;

	while (parameter_next(&at, s + n, &p))
		if (p.name_size == strlen(name) &&
		    strncasecmp(p.name, name, p.name_size) == 0) {
			*size = p.value_size;
			return p.value;
		}

	return NULL;
}

int
multipart_open(struct multipart *m, struct arena *a, const char *type,
    const char *body, size_t size, struct fault *f)
{
	const char *boundary;
	size_t n = 0;

	*m = (struct multipart){ .arena = a, .at = body, .end = body + size };
	if (type == NULL || strncasecmp(type, "multipart/form-data", 19) != 0)
		return fault(f, FAULT_TYPE, "", "archive.not_multipart");
	boundary = parameter(type, strlen(type), "boundary", &n);
	if (boundary == NULL || n == 0 || n > BOUNDARY_MOST)
		return malformed(f);
	for (size_t i = 0; i < n; i++)
		if (strchr(boundary_chars, boundary[i]) == NULL)
			return malformed(f);
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary, n);
	m->length = n + 4;

	/* The first delimiter may be the body's first line. */
	if (size >= m->length - 2 &&
	    memcmp(body, m->delimiter + 2, m->length - 2) == 0) {
		m->at += m->length - 2;
		return 0;
	}
	m->at =
	    body == NULL ? NULL : memmem(body, size, m->delimiter, m->length);
	if (m->at == NULL)
		return malformed(f);
	m->at += m->length;

	return 0;
}

/* After a delimiter: "--" ends it all, white space and CR LF begin a part. */
static int
delimited(struct multipart *m, struct fault *f)
{
	if (m->end - m->at >= 2 && memcmp(m->at, "--", 2) == 0) {
		m->closed = true;
		return 0;
	}
	while (m->at < m->end && (*m->at == ' ' || *m->at == '\t'))
		m->at++;
	if (m->end - m->at < 2 || memcmp(m->at, "\r\n", 2) != 0)
		return malformed(f);
	m->at += 2;
	if (++m->parts > MULTIPART_PARTS)
		return fault(f, FAULT_LARGE, "", "web.too_many_fields");

	return 1;
}

/* A copy with %22 as the quote that it stands for; NULL: not usable. */
static const char *
name_copy(struct arena *a, const char *s, size_t n)
{
	char *copy, *out;

	if (n > MULTIPART_NAME || !text_utf8(s, n) || !text_plain(s, n, false))
		return NULL;
	copy = out = arena_part(a, s, n);
	for (const char *c = copy; *c != '\0';) {
		if (strncmp(c, "%22", 3) == 0) {
			*out++ = '"';
			c += 3;
		} else {
			*out++ = *c++;
		}
	}
	*out = '\0';

	return copy;
}

static int
disposition(struct multipart *m, const char *value, size_t n, struct part *part,
    struct fault *f)
{
	size_t size = 0;
	const char *s = parameter(value, n, "name", &size);

	if (s == NULL || (part->name = name_copy(m->arena, s, size)) == NULL)
		return malformed(f);
	s = parameter(value, n, "filename", &size);
	if (s != NULL &&
	    (part->filename = name_copy(m->arena, s, size)) == NULL)
		return malformed(f);

	return 0;
}

/* Its header lines up to the empty one; only Content-Disposition counts. */
static int
headers(struct multipart *m, struct part *part, struct fault *f)
{
	static const char wanted[] = "content-disposition:";
	const char *from = m->at;

	for (;;) {
		const char *line = m->at;
		const char *end =
		    memmem(line, (size_t)(m->end - line), "\r\n", 2);

		if (end == NULL || end - from > MULTIPART_HEAD)
			return malformed(f);
		m->at = end + 2;
		if (end == line)
			break;
		if ((size_t)(end - line) >= sizeof(wanted) - 1 &&
		    strncasecmp(line, wanted, sizeof(wanted) - 1) == 0 &&
		    disposition(m, line, (size_t)(end - line), part, f) == -1)
			return -1;
	}

	return part->name == NULL ? malformed(f) : 0;
}

int
multipart_next(struct multipart *m, struct part *part, struct fault *f)
{
	const char *end;
	int more;

	*part = (struct part){ 0 };
	if (m->closed)
		return 0;
	more = delimited(m, f);
	if (more != 1)
		return more;
	if (headers(m, part, f) == -1)
		return -1;
	/* An empty part's delimiter begins with the line end of its headers. */
	end = memmem(
	    m->at - 2, (size_t)(m->end - m->at) + 2, m->delimiter, m->length);
	if (end == NULL)
		return malformed(f);
	part->data = m->at;
	part->size = end < m->at ? 0 : (size_t)(end - m->at);
	m->at = end + m->length;

	return 1;
}
