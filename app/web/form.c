/* Names and values from a query or an urlencoded body. */
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "web/form.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;

	return -1;
}

/* Decodes n bytes into the arena, or NULL when they are not decodable. */
static char *
decode(struct arena *a, const char *s, size_t n, int plus)
{
	char *out = arena_alloc(a, n + 1);
	size_t size = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			if (n - i < 3 || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				return NULL;
			out[size++] =
			    (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			out[size++] = plus && s[i] == '+' ? ' ' : s[i];
		}
	}

	return text_utf8(out, size) ? out : NULL;
}

int
pairs_add(struct pairs *p, const char *name, const char *value)
{
	if (p->count == PAIRS_MAX || strlen(name) > PAIR_NAME_MAX)
		return -1;

	p->pair[p->count].name = name;
	p->pair[p->count].value = value;
	p->count++;

	return 0;
}

static int
pair_parse(struct arena *a, const char *s, size_t n, struct pairs *out,
    struct fault *f)
{
	const char *equals = memchr(s, '=', n);
	size_t name_size = equals == NULL ? n : (size_t)(equals - s);
	char *name, *value;

	if (n == 0)
		return 0;
	name = decode(a, s, name_size, 1);
	value = equals == NULL ? arena_text(a, "")
	                       : decode(a, equals + 1, n - name_size - 1, 1);
	if (name == NULL || value == NULL)
		return fault(f, FAULT_FORM, "", "web.undecodable");
	if (pairs_add(out, name, value) == -1)
		return fault(f, FAULT_LARGE, "", "web.too_many_fields");

	return 0;
}

int
form_parse(struct arena *a, const char *s, size_t n, struct pairs *out,
    struct fault *f)
{
	while (n > 0) {
		const char *amp = memchr(s, '&', n);
		size_t size = amp == NULL ? n : (size_t)(amp - s);

		if (pair_parse(a, s, size, out, f) == -1)
			return -1;
		if (amp == NULL)
			break;
		s += size + 1;
		n -= size + 1;
	}

	return 0;
}

const char *
pairs_find(const struct pairs *p, const char *name)
{
	for (int i = 0; i < p->count; i++)
		if (strcmp(p->pair[i].name, name) == 0)
			return p->pair[i].value;

	return NULL;
}

int
pairs_count(const struct pairs *p, const char *name)
{
	int n = 0;

	for (int i = 0; i < p->count; i++)
		n += strcmp(p->pair[i].name, name) == 0;

	return n;
}

const char *
path_decode(struct arena *a, const char *path, struct fault *f)
{
	size_t n = strlen(path);
	char *out;

	for (size_t i = 0; i + 2 < n; i++)
		if (path[i] == '%' && path[i + 1] == '2' &&
		    (path[i + 2] | 32) == 'f') {
			fault(f, FAULT_FORM, "", "web.undecodable");
			return NULL;
		}
	out = decode(a, path, n, 0);
	if (out == NULL || !text_plain(out, strlen(out), false)) {
		fault(f, FAULT_FORM, "", "web.undecodable");
		return NULL;
	}

	return out;
}

const char *
url_encode(struct arena *a, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, strlen(s) * 3 + 1);
	char *o = out;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= '0' && c <= '9') ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z') ||
		    strchr("-._~", c) != NULL) {
			*o++ = (char)c;
		} else {
			*o++ = '%';
			*o++ = digits[c >> 4];
			*o++ = digits[c & 15];
		}
	}

	return out;
}
