#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "support/suite.h"

#include "base/arena.h"
#include "web/cache.h"

static void
keep(const char *key, const char *revision, const char *passing,
    const char *body)
{
	cache_keep(key, revision, passing, "text/html", body, strlen(body));
}

static void
a_kept_page_is_given_again_as_it_was(void)
{
	char body[64] = "";
	z_stream z = { .avail_out = sizeof(body), .next_out = (Bytef *)body };
	const struct cached *c;

	keep("en /events/1", "4", "", "<h1>Deltas</h1>");
	c = cache_find("en /events/1", "4", "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_STRING_EQUAL(c->type, "text/html");
	z.next_in = (Bytef *)(uintptr_t)c->body;
	z.avail_in = (uInt)c->size;
	CU_ASSERT_EQUAL(inflateInit2(&z, 15 + 16), Z_OK);
	CU_ASSERT_EQUAL(inflate(&z, Z_FINISH), Z_STREAM_END);
	inflateEnd(&z);
	CU_ASSERT_STRING_EQUAL(body, "<h1>Deltas</h1>");
	cache_empty();
}

static void
another_key_or_revision_is_another_page(void)
{
	keep("en /events/1", "4", "", "one");
	CU_ASSERT_PTR_NULL(cache_find("fr /events/1", "4", ""));
	CU_ASSERT_PTR_NULL(cache_find("en /events/1", "5", ""));
	keep("en /events/1", "5", "", "two");
	CU_ASSERT_PTR_NULL(cache_find("en /events/1", "4", ""));
	CU_ASSERT_PTR_NOT_NULL(cache_find("en /events/1", "5", ""));
	cache_empty();
}

static void
what_passes_by_may_be_a_second_behind(void)
{
	keep("en /events/1", "4", "10 seats", "one");
	CU_ASSERT_PTR_NOT_NULL(cache_find("en /events/1", "4", "9 seats"));
	usleep((CACHE_PASSING_MS + 50) * 1000);
	CU_ASSERT_PTR_NULL(cache_find("en /events/1", "4", "9 seats"));
	CU_ASSERT_PTR_NOT_NULL(cache_find("en /events/1", "4", "10 seats"));
	cache_empty();
}

static void
the_page_not_asked_for_longest_makes_room(void)
{
	struct arena *a = arena_new();

	for (int i = 0; i < CACHE_PAGES; i++)
		keep(arena_printf(a, "%d", i), "1", "", "page");
	CU_ASSERT_PTR_NOT_NULL(cache_find("0", "1", ""));
	keep("one more", "1", "", "page");
	CU_ASSERT_PTR_NOT_NULL(cache_find("0", "1", ""));
	CU_ASSERT_PTR_NULL(cache_find("1", "1", ""));
	CU_ASSERT_PTR_NOT_NULL(cache_find("2", "1", ""));
	cache_empty();
	arena_free(a);
}

/* Bytes that zlib cannot make fewer of. */
static void
fill(char *noise, size_t size)
{
	uint32_t x = 1;

	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (char)(x >> 24);
	}
}

static void
it_holds_no_more_than_it_may(void)
{
	enum { SIZE = 1 << 20, MANY = 3 * CACHE_BYTES / SIZE };
	struct arena *a = arena_new();
	char *noise = arena_alloc(a, CACHE_BYTES + 1);
	int there = 0;

	fill(noise, CACHE_BYTES + 1);
	for (int i = 0; i < MANY; i++)
		cache_keep(arena_printf(a, "%d", i), "1", "", "t", noise, SIZE);
	for (int i = 0; i < MANY; i++)
		there += cache_find(arena_printf(a, "%d", i), "1", "") != NULL;
	CU_ASSERT_EQUAL(there, CACHE_BYTES / SIZE - 1);
	cache_keep("huge", "1", "", "t", noise, CACHE_BYTES + 1);
	CU_ASSERT_PTR_NULL(cache_find("huge", "1", ""));
	cache_empty();
	arena_free(a);
}

static void
a_validator_is_of_the_bytes_alone(void)
{
	char one[ETAG_CHARS + 1], same[ETAG_CHARS + 1], other[ETAG_CHARS + 1];

	etag_of("one", 3, one);
	etag_of("one", 3, same);
	etag_of("two", 3, other);
	CU_ASSERT_STRING_EQUAL(one, same);
	CU_ASSERT_STRING_NOT_EQUAL(one, other);
	CU_ASSERT_EQUAL(strlen(one), ETAG_CHARS);
	CU_ASSERT(one[0] == '"' && one[ETAG_CHARS - 1] == '"');
}

SUITE(cache, SAYS(a_kept_page_is_given_again_as_it_was),
    SAYS(another_key_or_revision_is_another_page),
    SAYS(what_passes_by_may_be_a_second_behind),
    SAYS(the_page_not_asked_for_longest_makes_room),
    SAYS(it_holds_no_more_than_it_may), SAYS(a_validator_is_of_the_bytes_alone))
