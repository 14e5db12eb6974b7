/* Files on disk: slices, breaks, a disk that is full, another who writes. */
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "archive/store.h"
#include "base/config.h"
#include "base/fault.h"
#include "support/suite.h"

enum { SIZE = 100000, SLICE = 40000 };

static char folder[64], upload[80], store[80];
static uint8_t file[SIZE];
static struct fault f;

static int
removed(const char *path, const struct stat *is, int flag, struct FTW *at)
{
	(void)is;
	(void)flag;
	(void)at;
	return remove(path);
}

/* A store of its own for each test. */
static void
begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/store-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(upload, sizeof(upload), "%s/upload", folder);
	snprintf(store, sizeof(store), "%s/store", folder);
	mkdir(upload, 0700);
	mkdir(store, 0700);
	setenv("CONVENE_UPLOAD", upload, 1);
	setenv("CONVENE_STORE", store, 1);
	CU_ASSERT_EQUAL_FATAL(config_load(NULL, &f), 0);
	CU_ASSERT_NOT_EQUAL_FATAL(sodium_init(), -1);
	for (size_t i = 0; i < SIZE; i++)
		file[i] = (uint8_t)(i * 7 + i / 251);
	memset(&f, 0, sizeof(f));
}

static void
end(void)
{
	nftw(folder, removed, 8, FTW_DEPTH | FTW_PHYS);
	unsetenv("CONVENE_UPLOAD");
	unsetenv("CONVENE_STORE");
	config_load(NULL, &f);
}

static uint64_t
take(uint64_t from, size_t n)
{
	uint64_t received = 0;

	memset(&f, 0, sizeof(f));
	store_take(1, SIZE, from, file + from, n, &received, &f);

	return received;
}

static bool
is_stored(void)
{
	uint8_t hash[STORE_HASH], wanted[STORE_HASH], head[SIZE + 1];

	crypto_hash_sha256(wanted, file, SIZE);
	if (store_finish(1, SIZE, hash, &f) == -1)
		return false;

	return memcmp(hash, wanted, sizeof(hash)) == 0 &&
	       store_head(hash, head, sizeof(head)) == SIZE &&
	       memcmp(head, file, SIZE) == 0;
}

static void
slices_make_the_file(void)
{
	begin();
	CU_ASSERT_EQUAL(take(0, SLICE), SLICE);
	CU_ASSERT_EQUAL(store_received(1, SIZE), SLICE);
	CU_ASSERT_EQUAL(take(SLICE, SLICE), 2 * SLICE);
	CU_ASSERT_FALSE(is_stored());
	CU_ASSERT_STRING_EQUAL(f.key, "archive.incomplete");
	CU_ASSERT_EQUAL(take(2 * SLICE, SIZE - 2 * SLICE), SIZE);
	CU_ASSERT(is_stored());
	end();
}

static void
what_is_there_already_is_passed_over(void)
{
	begin();
	take(0, SLICE);
	CU_ASSERT_EQUAL(take(0, SLICE), SLICE);
	CU_ASSERT_EQUAL(take(100, SLICE), SLICE + 100);
	CU_ASSERT_EQUAL(take(0, SIZE), SIZE);
	CU_ASSERT(is_stored());
	end();
}

static void
a_gap_is_refused_and_says_how_far_it_is(void)
{
	begin();
	take(0, SLICE);
	CU_ASSERT_EQUAL(take(SLICE + 1, 10), SLICE);
	CU_ASSERT_EQUAL(f.kind, FAULT_CONFLICT);
	CU_ASSERT_STRING_EQUAL(f.key, "archive.gap");
	end();
}

/* The process ends after the file is in its place, before anybody knows. */
static void
finishing_may_be_repeated(void)
{
	begin();
	take(0, SIZE);
	CU_ASSERT(is_stored());
	CU_ASSERT_EQUAL(store_received(1, SIZE), SIZE);
	CU_ASSERT_EQUAL(take(SLICE, SIZE - SLICE), SIZE);
	CU_ASSERT(is_stored());
	store_forget(1);
	CU_ASSERT_EQUAL(store_received(1, SIZE), 0);
	CU_ASSERT_FALSE(is_stored());
	end();
}

/* The process ends between the bytes and their count. */
static void
bytes_that_are_not_counted_are_written_again(void)
{
	char part[128];
	int fd;

	begin();
	take(0, SLICE);
	snprintf(part, sizeof(part), "%s/part-1", upload);
	fd = open(part, O_WRONLY | O_APPEND);
	CU_ASSERT_EQUAL(write(fd, "xxxxxxxx", 8), 8);
	close(fd);
	CU_ASSERT_EQUAL(store_received(1, SIZE), SLICE);
	CU_ASSERT_EQUAL(take(SLICE, SIZE - SLICE), SIZE);
	CU_ASSERT(is_stored());
	end();
}

static void
a_full_disk_takes_nothing_away(void)
{
	struct rlimit was, small = { SLICE + 1000, RLIM_INFINITY };

	begin();
	take(0, SLICE);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	setrlimit(RLIMIT_FSIZE, &small);
	CU_ASSERT_EQUAL(take(SLICE, SLICE), SLICE);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	CU_ASSERT_STRING_EQUAL(f.key, "archive.disk_full");
	setrlimit(RLIMIT_FSIZE, &was);
	signal(SIGXFSZ, SIG_DFL);
	CU_ASSERT_EQUAL(store_received(1, SIZE), SLICE);
	CU_ASSERT_EQUAL(take(SLICE, SIZE - SLICE), SIZE);
	CU_ASSERT(is_stored());
	end();
}

static void
one_at_a_time_writes(void)
{
	char part[128];
	int fd;

	begin();
	take(0, SLICE);
	snprintf(part, sizeof(part), "%s/part-1", upload);
	fd = open(part, O_RDONLY);
	flock(fd, LOCK_EX);
	CU_ASSERT_EQUAL(take(SLICE, 10), 0);
	CU_ASSERT_EQUAL(f.kind, FAULT_CONFLICT);
	CU_ASSERT_STRING_EQUAL(f.key, "archive.upload_busy");
	close(fd);
	CU_ASSERT_EQUAL(take(SLICE, 10), SLICE + 10);
	end();
}

static void
a_link_in_the_way_is_not_followed(void)
{
	char part[128];

	begin();
	snprintf(part, sizeof(part), "%s/part-1", upload);
	CU_ASSERT_EQUAL(symlink("/tmp/store-elsewhere", part), 0);
	CU_ASSERT_EQUAL(take(0, SLICE), 0);
	CU_ASSERT_EQUAL(f.kind, FAULT_BROKEN);
	CU_ASSERT_EQUAL(access("/tmp/store-elsewhere", F_OK), -1);
	end();
}

static void
room_is_asked_for_beforehand(void)
{
	begin();
	CU_ASSERT_EQUAL(store_room(1, &f), 0);
	CU_ASSERT_EQUAL(store_room(1ULL << 60, &f), -1);
	CU_ASSERT_EQUAL(f.kind, FAULT_BUSY);
	end();
}

static void
put_file(const char *name, time_t age)
{
	char path[128];
	struct timespec then[2] = { { .tv_sec = time(NULL) - age },
		{ .tv_sec = time(NULL) - age } };
	int fd;

	snprintf(path, sizeof(path), "%s/%s", upload, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_NOT_EQUAL(fd, -1);
	CU_ASSERT_EQUAL(futimens(fd, then), 0);
	close(fd);
}

static bool
is_there(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", upload, name);
	return access(path, F_OK) == 0;
}

static void
what_nobody_goes_on_with_is_swept_after_a_day(void)
{
	enum { HOUR = 60 * 60 };

	begin();
	CU_ASSERT_EQUAL(take(0, SLICE), SLICE);
	put_file("part-2", 25 * HOUR);
	put_file("part-2.state", 25 * HOUR);
	put_file("http_body.AbCdEf", 25 * HOUR);
	put_file("part-3", 23 * HOUR);
	put_file("note", 25 * HOUR);
	store_sweep();
	CU_ASSERT_FALSE(is_there("part-2"));
	CU_ASSERT_FALSE(is_there("part-2.state"));
	CU_ASSERT_FALSE(is_there("http_body.AbCdEf"));
	CU_ASSERT(is_there("part-3"));
	CU_ASSERT(is_there("note"));
	CU_ASSERT_EQUAL(take(SLICE, SIZE - SLICE), SIZE);
	CU_ASSERT(is_stored());
	end();
}

static void
what_nothing_names_is_discarded_unless_it_just_came(void)
{
	uint8_t hash[STORE_HASH], got[1];

	begin();
	take(0, SIZE);
	CU_ASSERT_EQUAL(store_finish(1, SIZE, hash, &f), 0);
	CU_ASSERT_EQUAL(store_discard(hash, time(NULL) - 3600, &f), -1);
	CU_ASSERT_STRING_EQUAL(f.key, "archive.just_came");
	CU_ASSERT(is_stored());
	CU_ASSERT_EQUAL(store_discard(hash, time(NULL) + 3600, &f), 0);
	CU_ASSERT_EQUAL(store_head(hash, got, 1), 0);
	CU_ASSERT_EQUAL(store_discard(hash, time(NULL) + 3600, &f), 0);
	end();
}

SUITE(store, SAYS(slices_make_the_file),
    SAYS(what_is_there_already_is_passed_over),
    SAYS(a_gap_is_refused_and_says_how_far_it_is),
    SAYS(finishing_may_be_repeated),
    SAYS(bytes_that_are_not_counted_are_written_again),
    SAYS(a_full_disk_takes_nothing_away), SAYS(one_at_a_time_writes),
    SAYS(a_link_in_the_way_is_not_followed), SAYS(room_is_asked_for_beforehand),
    SAYS(what_nobody_goes_on_with_is_swept_after_a_day),
    SAYS(what_nothing_names_is_discarded_unless_it_just_came))
