#include "archive/store.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/config.h"
#include "base/fault.h"

enum { PATH_MOST = 512, MODE = 0640, MODE_KEPT = 0440, MODE_FOLDER = 0750 };
enum { DAY = 24 * 60 * 60 };

/* What lies beside the part.  It never leaves the machine that wrote it; one
 * of another version of libsodium fits no check, and the upload begins anew. */
struct state {
	uint64_t upload;
	uint64_t size;
	uint64_t received;
	crypto_hash_sha256_state hash;
	uint8_t check[crypto_generichash_BYTES];
};

struct paths {
	char part[PATH_MOST];
	char state[PATH_MOST];
	char next[PATH_MOST];
};

static void
paths_of(struct paths *p, uint64_t upload)
{
	const char *folder = config("upload");
	unsigned long long n = upload;

	snprintf(p->part, sizeof(p->part), "%.400s/part-%llu", folder, n);
	snprintf(
	    p->state, sizeof(p->state), "%.400s/part-%llu.state", folder, n);
	snprintf(p->next, sizeof(p->next), "%.400s/part-%llu.next", folder, n);
}

/* A full disk, a quota, a limit of size: there is no room just now. */
static int
disk_fault(struct fault *f, const char *what, const char *path)
{
	bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

	return fault_detail(f, full ? FAULT_BUSY : FAULT_BROKEN, "",
	    full ? "archive.disk_full" : "web.broken", "%s %.160s: %s", what,
	    path, strerror(errno));
}

int
store_room(uint64_t bytes, struct fault *f)
{
	uint64_t wanted = bytes + (uint64_t)config_number("disk_reserve");
	struct statvfs there;

	if (statvfs(config("upload"), &there) == -1)
		return disk_fault(f, "statvfs", config("upload"));
	if ((uint64_t)there.f_bavail * there.f_frsize < wanted)
		return fault(f, FAULT_BUSY, "", "archive.disk_full");

	return 0;
}

/* --- the state beside a part ----------------------------------------- */

static void
check_of(const struct state *s, uint8_t check[crypto_generichash_BYTES])
{
	static const char key[] =
	    "upload state, libsodium " SODIUM_VERSION_STRING;

	crypto_generichash(check, crypto_generichash_BYTES, (const uint8_t *)s,
	    offsetof(struct state, check), (const uint8_t *)key,
	    sizeof(key) < crypto_generichash_KEYBYTES_MAX
	        ? sizeof(key)
	        : crypto_generichash_KEYBYTES_MAX);
}

static void
state_new(struct state *s, uint64_t upload, uint64_t size)
{
	memset(s, 0, sizeof(*s)); /* padding, too: the check covers it */
	s->upload = upload;
	s->size = size;
	crypto_hash_sha256_init(&s->hash);
}

/* False, and a new state, when there is none that can be trusted. */
static bool
state_read(
    struct state *s, const struct paths *p, uint64_t upload, uint64_t size)
{
	uint8_t check[crypto_generichash_BYTES];
	int fd = open(p->state, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = -1;

	if (fd != -1) {
		n = read(fd, s, sizeof(*s));
		close(fd);
	}
	if (n == (ssize_t)sizeof(*s)) {
		check_of(s, check);
		if (memcmp(check, s->check, sizeof(check)) == 0 &&
		    s->upload == upload && s->size == size &&
		    s->received <= size)
			return true;
	}
	state_new(s, upload, size);

	return false;
}

static int
folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (fd == -1)
		return -1;
	ret = fsync(fd);
	close(fd);

	return ret;
}

static int
write_all(int fd, const void *data, size_t n, off_t at)
{
	const char *from = data;

	while (n > 0) {
		ssize_t wrote = pwrite(fd, from, n, at);

		if (wrote == -1 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return -1;
		from += wrote;
		n -= (size_t)wrote;
		at += wrote;
	}

	return 0;
}

/* The old state stays until the new one is whole.  It is not waited for: one
 * that a power cut spoils fits no check, and the upload begins anew. */
static int
state_write(struct state *s, const struct paths *p, struct fault *f)
{
	int fd = open(p->next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE);
	bool wrote;

	if (fd == -1)
		return disk_fault(f, "open", p->next);
	check_of(s, s->check);
	wrote = write_all(fd, s, sizeof(*s), 0) == 0;
	if (!wrote || rename(p->next, p->state) == -1) {
		disk_fault(f, "write", p->next);
		close(fd);
		unlink(p->next);
		return -1;
	}
	close(fd);

	return 0;
}

/* --- parts ----------------------------------------------------------- */

/* The part, locked; -1 also when another process has it, or has just moved
 * it to its place. */
static int
part_open(const struct paths *p, struct stat *is, struct fault *f)
{
	int fd = open(p->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);
	struct stat named;

	if (fd == -1) {
		disk_fault(f, "open", p->part);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == -1 || fstat(fd, is) == -1 ||
	    stat(p->part, &named) == -1 || named.st_ino != is->st_ino) {
		close(fd);
		fault(f, FAULT_CONFLICT, "", "archive.upload_busy");
		return -1;
	}

	return fd;
}

static bool
in_store(const char *path, uint64_t size)
{
	struct stat is;

	return stat(path, &is) == 0 && (uint64_t)is.st_size == size;
}

static void
hash_now(const struct state *s, uint8_t hash[STORE_HASH])
{
	crypto_hash_sha256_state copy = s->hash;

	crypto_hash_sha256_final(&copy, hash);
}

static void
place_of(const uint8_t hash[STORE_HASH], char path[PATH_MOST])
{
	char under[STORE_PATH];

	store_path(hash, under);
	snprintf(path, PATH_MOST, "%.400s/%s", config("store"), under);
}

/* Does the disk have what the state says?  A whole one may be in its place
 * already. */
static bool
state_holds(const struct state *s, const struct stat *part)
{
	uint8_t hash[STORE_HASH];
	char path[PATH_MOST];

	if ((uint64_t)part->st_size >= s->received)
		return true;
	if (s->received < s->size)
		return false;
	hash_now(s, hash);
	place_of(hash, path);

	return in_store(path, s->size);
}

uint64_t
store_received(uint64_t upload, uint64_t size)
{
	struct paths p;
	struct state s;
	struct stat is = { .st_size = 0 };

	paths_of(&p, upload);
	if (!state_read(&s, &p, upload, size))
		return 0;
	if (stat(p.part, &is) == -1)
		is.st_size = 0;

	return state_holds(&s, &is) ? s.received : 0;
}

/* Bytes at the end of what is there; on a fault the part is as it was. */
static int
part_grow(int fd, struct state *s, const struct paths *p, const void *bytes,
    size_t n, struct fault *f)
{
	uint64_t before = s->received;

	if (write_all(fd, bytes, n, (off_t)before) == -1 ||
	    fdatasync(fd) == -1) {
		disk_fault(f, "write", p->part);
	} else {
		crypto_hash_sha256_update(&s->hash, bytes, n);
		s->received += n;
		if (state_write(s, p, f) == 0)
			return 0;
		s->received = before;
	}
	/* Nothing is lost if this fails: what is not counted is not there. */
	if (ftruncate(fd, (off_t)before) == -1)
		return -1;

	return -1;
}

int
store_take(uint64_t upload, uint64_t size, uint64_t from, const void *bytes,
    size_t n, uint64_t *received, struct fault *f)
{
	struct paths p;
	struct state s;
	struct stat is;
	int fd, ret = 0;

	*received = 0;
	paths_of(&p, upload);
	fd = part_open(&p, &is, f);
	if (fd == -1)
		return -1;
	if (state_read(&s, &p, upload, size) && !state_holds(&s, &is))
		state_new(&s, upload, size);
	if (from > s.received || n > size - from) {
		ret = fault(f, FAULT_CONFLICT, "", "archive.gap");
	} else if (from + n > s.received) {
		size_t there = (size_t)(s.received - from);

		ret = part_grow(
		    fd, &s, &p, (const char *)bytes + there, n - there, f);
	}
	*received = s.received;
	close(fd);

	return ret;
}

/* --- the store ------------------------------------------------------- */

void
store_path(const uint8_t hash[STORE_HASH], char path[STORE_PATH])
{
	char hex[2 * STORE_HASH + 1];

	sodium_bin2hex(hex, sizeof(hex), hash, STORE_HASH);
	snprintf(path, STORE_PATH, "%.2s/%.2s/%s", hex, hex + 2, hex);
}

/* A folder of the path up to `end`, whose name is on the disk before anything
 * is in it. */
static int
folder_make(char *path, size_t end)
{
	int ret = 0;

	path[end] = '\0';
	if (mkdir(path, MODE_FOLDER) == 0) {
		path[end - 3] = '\0';
		ret = folder_sync(path);
		path[end - 3] = '/';
	} else if (errno != EEXIST) {
		ret = -1;
	}
	path[end] = '/';

	return ret;
}

static int
folders_make(char *path)
{
	size_t top = strlen(config("store"));

	return folder_make(path, top + 3) == -1 ? -1
	                                        : folder_make(path, top + 6);
}

/* The part under its new name, on the disk before anybody is told. */
static int
move(int fd, const char *part, char *place, struct fault *f)
{
	char *slash = strrchr(place, '/');
	int ret;

	if (folders_make(place) == -1 || fchmod(fd, MODE_KEPT) == -1 ||
	    fsync(fd) == -1 || rename(part, place) == -1)
		return disk_fault(f, "move to", place);
	*slash = '\0';
	ret = folder_sync(place);
	*slash = '/';

	return ret == -1 ? disk_fault(f, "sync", place) : 0;
}

int
store_finish(
    uint64_t upload, uint64_t size, uint8_t hash[STORE_HASH], struct fault *f)
{
	char place[PATH_MOST];
	struct paths p;
	struct state s;
	struct stat is;
	int fd, ret;

	paths_of(&p, upload);
	fd = part_open(&p, &is, f);
	if (fd == -1)
		return -1;
	if (!state_read(&s, &p, upload, size) || s.received != size ||
	    !state_holds(&s, &is)) {
		close(fd);
		return fault(f, FAULT_CONFLICT, "", "archive.incomplete");
	}
	hash_now(&s, hash);
	place_of(hash, place);
	if ((uint64_t)is.st_size == size) {
		ret = move(fd, p.part, place, f);
	} else {
		unlink(p.part);
		ret = 0;
	}
	close(fd);

	return ret;
}

void
store_forget(uint64_t upload)
{
	struct paths p;

	paths_of(&p, upload);
	unlink(p.state);
	unlink(p.next);
	unlink(p.part);
}

static bool
is_passing(const char *name)
{
	return strncmp(name, "part-", 5) == 0 ||
	       strncmp(name, "http_body.", 10) == 0;
}

void
store_sweep(void)
{
	DIR *folder = opendir(config("upload"));
	time_t yesterday = time(NULL) - DAY;
	const struct dirent *entry;
	struct stat is;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (is_passing(entry->d_name) &&
		    fstatat(dirfd(folder), entry->d_name, &is,
		        AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(is.st_mode) && is.st_mtime < yesterday)
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
}

int
store_discard(const uint8_t hash[STORE_HASH], time_t before, struct fault *f)
{
	char path[PATH_MOST];
	struct stat is;

	place_of(hash, path);
	if (lstat(path, &is) == -1)
		return errno == ENOENT ? 0 : disk_fault(f, "lstat", path);
	if (is.st_ctime >= before)
		return fault(f, FAULT_CONFLICT, "", "archive.just_came");

	return unlink(path) == -1 && errno != ENOENT
	           ? disk_fault(f, "unlink", path)
	           : 0;
}

size_t
store_head(const uint8_t hash[STORE_HASH], void *out, size_t room)
{
	char path[PATH_MOST];
	ssize_t n = -1;
	int fd;

	place_of(hash, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1) {
		n = read(fd, out, room);
		close(fd);
	}

	return n < 0 ? 0 : (size_t)n;
}
