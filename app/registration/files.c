/* Files that answer a question: one small file by a form of its own, to the
 * registration, when that is there. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "archive/body.h"
#include "archive/kind.h"
#include "archive/multipart.h"
#include "archive/store.h"
#include "base/arena.h"
#include "base/text.h"
#include "registration/acts.h"
#include "registration/own.h"
#include "sql.h"

enum { FILE_MOST = 5 << 20, BODY_MOST = FILE_MOST + 65536, NAME_MOST = 255 };

/* The store numbers uploads; those of answers are apart from the archive's. */
#define UPLOAD_OF_ANSWER (UINT64_C(1) << 62)

static const struct act own_kept, managed_kept;

/* The last part of a path: some browsers send all of it. */
static const char *
base_name(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '/' || *c == '\\')
			name = c + 1;

	return name;
}

static int
too(struct fault *f, const char *key, long number)
{
	fault(f, FAULT_INPUT, "file", key);
	f->number = number;

	return -1;
}

static int
checked(struct part *file, struct fault *f)
{
	if (file->filename == NULL || file->filename[0] == '\0')
		return fault(f, FAULT_INPUT, "file", "web.required");
	file->filename = base_name(file->filename);
	if (file->size == 0)
		return fault(f, FAULT_INPUT, "file", "archive.empty_file");
	if (file->size > FILE_MOST)
		return too(f, "archive.over_limit", FILE_MOST >> 20);
	if (file->filename[0] == '\0' ||
	    !text_plain(file->filename, strlen(file->filename), false) ||
	    text_length(file->filename) > NAME_MOST)
		return too(f, "web.too_long", NAME_MOST);

	return store_room(file->size, f);
}

/* The first file of the form. */
static int
read_form(struct visit *v, struct fault *f)
{
	struct part *file = arena_alloc(visit_arena(v), sizeof(*file));
	struct multipart m;
	size_t size;
	const void *bytes = body_bytes(v, &size, f);
	int more;

	if (bytes == NULL ||
	    multipart_open(&m, visit_arena(v), visit_header(v, "content-type"),
	        bytes, size, f) == -1)
		return -1;
	while ((more = multipart_next(&m, file, f)) == 1)
		if (strcmp(file->name, "file") == 0)
			break;
	if (more == -1)
		return -1;
	if (more == 0)
		file->filename = NULL;
	if (checked(file, f) == -1)
		return -1;
	visit_bind(v, "name", file->filename);
	visit_bind(v, "size", arena_printf(visit_arena(v), "%zu", file->size));
	visit_keep(v, file);

	return 0;
}

static int
own_before(struct visit *v, struct fault *f)
{
	return read_form(v, f);
}

static int
managed_before(struct visit *v, struct fault *f)
{
	return own_by_token(v, f) == -1 ? -1 : read_form(v, f);
}

/* The row is there: its bytes into the store. */
static int
keep(struct visit *v, const json_t *page, struct fault *f)
{
	const struct part *file = visit_kept(v);
	json_int_t id = json_integer_value(json_object_get(page, "file"));
	uint64_t upload = UPLOAD_OF_ANSWER | (uint64_t)id, received;
	uint8_t hash[STORE_HASH], head[KIND_HEAD];
	char *hex = arena_alloc(visit_arena(v), 3 + 2 * STORE_HASH);

	if (store_take(upload, file->size, 0, file->data, file->size, &received,
	        f) == -1 ||
	    store_finish(upload, file->size, hash, f) == -1)
		return -1;
	store_forget(upload);
	hex[0] = '\\';
	hex[1] = 'x';
	sodium_bin2hex(hex + 2, 2 * STORE_HASH + 1, hash, STORE_HASH);
	visit_bind(v, "sha256", hex);
	visit_bind(v, "type",
	    kind_type(
	        file->filename, head, store_head(hash, head, sizeof(head))));
	visit_bind(
	    v, "file", arena_printf(visit_arena(v), "%lld", (long long)id));

	return 0;
}

static int
own_begun(struct visit *v, json_t *page, struct fault *f)
{
	visit_then(v, &own_kept);

	return keep(v, page, f);
}

static int
managed_begun(struct visit *v, json_t *page, struct fault *f)
{
	visit_then(v, &managed_kept);

	return keep(v, page, f);
}

/* Never shown in the page: whatever it is, it is saved. */
static int
file_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *file = json_object_get(page, "file");
	const char *hex = json_string_value(json_object_get(file, "sha256"));

	(void)f;
	visit_respond_header(v, "cache-control", "private, no-store");
	visit_respond_file(v,
	    arena_printf(
	        visit_arena(v), "/store/%.2s/%.2s/%s", hex, hex + 2, hex),
	    "application/octet-stream",
	    json_string_value(json_object_get(file, "name")));

	return 0;
}

static const struct act own_kept = { .room = "registration",
	.asks = { { "", &SQL_REGISTRATION_FILE_KEEP, ONE } },
	.go = "/registrations/{registration}/edit",
	.said = "flash.file_kept",
	.write = true };

static const struct act managed_kept = { .room = "registration",
	.asks = { { "", &SQL_REGISTRATION_FILE_KEEP_BY_TOKEN, ONE } },
	.go = "/r/{token}/edit",
	.said = "flash.file_kept",
	.write = true,
	.quiet = true };

const struct act registration_own_bring = { .room = "registration",
	.summary = "Brings a file that answers a question (multipart, at most "
	           "5 MB); it takes the place of the one before",
	.before = own_before,
	.asks = { { "", &SQL_REGISTRATION_FILE_BEGIN, ONE } },
	.answer = own_begun,
	.go = "/registrations/{registration}/edit",
	.write = true,
	.limit = "registration",
	.raw = true,
	.body_max = BODY_MOST };

const struct act registration_managed_bring = { .room = "registration",
	.summary = "Brings a file that answers a question, for the holder of "
	           "the mail's link",
	.before = managed_before,
	.asks = { { "", &SQL_REGISTRATION_FILE_BEGIN_BY_TOKEN, ONE } },
	.answer = managed_begun,
	.go = "/r/{token}/edit",
	.write = true,
	.limit = "registration",
	.raw = true,
	.body_max = BODY_MOST,
	.quiet = true };

const struct act registration_own_file = { .room = "registration",
	.summary = "A file that answers a question, for its person and the "
	           "event's organizers",
	.asks = { { "file", &SQL_REGISTRATION_FILE, ONE } },
	.answer = file_answer,
	.write = true,
	.quiet = true };

const struct act registration_managed_file = { .room = "registration",
	.summary = "A file that answers a question, for the holder of the "
	           "mail's link",
	.before = own_by_token,
	.asks = { { "file", &SQL_REGISTRATION_FILE_BY_TOKEN, ONE } },
	.answer = file_answer,
	.quiet = true };
