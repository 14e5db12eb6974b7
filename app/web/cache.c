/* Pages that are kept to be given again. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/token.h"
#include "web/cache.h"

enum {
	HASH_BYTES = 16,
	GZIP_WINDOW = 15 + 16, /* zlib's way to say gzip */
	GZIP_LEVEL = 4,
	GZIP_MEMORY = 8
};

/* In the order of when they were last asked for, the latest first. */
struct page {
	struct page *next;
	struct cached cached;
	char *key, *revision, *passing, *type, *bytes;
	int64_t made;
	size_t weight;
};

static struct page *first;
static size_t weight;
static int pages;

void
etag_of(const char *body, size_t size, char etag[ETAG_CHARS + 1])
{
	unsigned char hash[HASH_BYTES];

	crypto_generichash(
	    hash, sizeof(hash), (const unsigned char *)body, size, NULL, 0);
	etag[0] = '"';
	token_base64url(hash, sizeof(hash), etag + 1, ETAG_CHARS);
	memcpy(etag + ETAG_CHARS - 1, "\"", 2);
}

static void
page_free(struct page *p)
{
	weight -= p->weight;
	pages--;
	free(p->key);
	free(p->revision);
	free(p->passing);
	free(p->type);
	free(p->bytes);
	free(p);
}

/* Takes the page of that key out of the list; NULL when there is none. */
static struct page *
take(const char *key)
{
	for (struct page **at = &first; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->key, key) == 0) {
			struct page *p = *at;

			*at = p->next;
			return p;
		}

	return NULL;
}

static void
put_first(struct page *p)
{
	p->next = first;
	first = p;
}

const struct cached *
cache_find(const char *key, const char *revision, const char *passing)
{
	struct page *p = take(key);

	if (p == NULL)
		return NULL;
	put_first(p);
	if (strcmp(p->revision, revision) != 0)
		return NULL;
	if (strcmp(p->passing, passing) != 0 &&
	    clock_monotonic() - p->made >= CACHE_PASSING_MS)
		return NULL;

	return &p->cached;
}

/* Lets the pages go that were not asked for longest. */
static void
make_room(size_t wanted)
{
	while (first != NULL &&
	       (weight + wanted > CACHE_BYTES || pages >= CACHE_PAGES)) {
		struct page **last = &first;

		while ((*last)->next != NULL)
			last = &(*last)->next;
		page_free(*last);
		*last = NULL;
	}
}

/* NULL when zlib has no room. */
static char *
compressed(const char *body, size_t size, size_t *less)
{
	z_stream z = { .avail_in = (uInt)size };
	char *out;
	int done;

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
	        Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	z.avail_out = (uInt)deflateBound(&z, size);
	out = memory_grow(NULL, z.avail_out);
	z.next_in = (const Bytef *)body;
	z.next_out = (Bytef *)out;
	done = deflate(&z, Z_FINISH);
	*less = z.total_out;
	deflateEnd(&z);
	if (done != Z_STREAM_END) {
		free(out);
		return NULL;
	}

	return memory_grow(out, *less);
}

void
cache_keep(const char *key, const char *revision, const char *passing,
    const char *type, const char *body, size_t size)
{
	struct page *p = take(key);
	size_t less;
	char *bytes;

	if (p != NULL)
		page_free(p);
	if (size > CACHE_BYTES ||
	    (bytes = compressed(body, size, &less)) == NULL)
		return;
	p = memory_new(sizeof(*p));
	p->weight = sizeof(*p) + less + strlen(key) + strlen(revision) +
	            strlen(passing) + strlen(type);
	make_room(p->weight);
	weight += p->weight;
	pages++;
	p->key = memory_text(key);
	p->revision = memory_text(revision);
	p->passing = memory_text(passing);
	p->type = memory_text(type);
	p->bytes = bytes;
	p->made = clock_monotonic();
	p->cached =
	    (struct cached){ .body = bytes, .size = less, .type = p->type };
	etag_of(body, size, p->cached.etag);
	put_first(p);
}

void
cache_empty(void)
{
	while (first != NULL) {
		struct page *p = first;

		first = p->next;
		page_free(p);
	}
}
