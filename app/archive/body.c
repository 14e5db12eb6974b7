#include "archive/body.h"

#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fault.h"
#include "web/visit.h"

struct map {
	void *bytes;
	size_t size;
};

static void
unmap(void *object)
{
	struct map *m = object;

	munmap(m->bytes, m->size);
}

static const void *
mapped(struct visit *v, const char *path, size_t size, struct fault *f)
{
	struct map *m = arena_alloc(visit_arena(v), sizeof(*m));
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1) {
		fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "open %.160s: %s", path, strerror(errno));
		return NULL;
	}
	m->size = size;
	m->bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (m->bytes == MAP_FAILED) {
		fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "map %.160s: %s", path, strerror(errno));
		return NULL;
	}
	arena_defer(visit_arena(v), unmap, m);

	return m->bytes;
}

const void *
body_bytes(struct visit *v, size_t *size, struct fault *f)
{
	const char *path = visit_body_path(v, size);
	const char *bytes = visit_body(v, size);

	if (*size == 0) {
		fault(f, FAULT_FORM, "", "archive.empty_file");
		return NULL;
	}

	return path == NULL ? bytes : mapped(v, path, *size, f);
}
