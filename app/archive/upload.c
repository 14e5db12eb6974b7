/* Files of a session: brought in slices, or all at once by a form. */
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "archive/acts.h"
#include "archive/body.h"
#include "archive/kind.h"
#include "archive/multipart.h"
#include "archive/range.h"
#include "archive/store.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "sql.h"

enum {
	SLICE_MOST = 4 << 20,
	FORM_MOST = 16 << 20,
	FORM_SAID = 16000000, /* what is round the files needs room, too */
	FORM_FILES = 8,
	NAME_MOST = 255
};

static const char *const kinds[] = { "slides", "recording", "handout",
	"minutes", "transcript", "other", NULL };

static const struct field start_fields[] = { { .name = "name",
	                                         .kind = FIELD_WORD,
	                                         .flags = REQUIRED,
	                                         .most = NAME_MOST },
	{ .name = "size",
	    .kind = FIELD_NUMBER,
	    .flags = REQUIRED,
	    .least = 1,
	    .most = LONG_MAX },
	{ .name = "kind", .kind = FIELD_CHOICE, .choices = kinds },
	{ .name = "fresh", .kind = FIELD_FLAG }, { .name = NULL } };

static const struct act slice_kept, file_kept, form_file_started,
    form_file_kept;

/* The last part of a path: some browsers send all of it. */
static const char *
base_name(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (*c == '/' || *c == '\\')
			name = c + 1;

	return name;
}

/* --- what all ways in have in common --------------------------------- */

static int
sized(uint64_t size, struct fault *f)
{
	uint64_t most = (uint64_t)config_number("upload_max");

	if (size > most) {
		fault(f, FAULT_LARGE, "size", "archive.over_limit");
		f->number = (long)(most >> 20);
		return -1;
	}

	return store_room(size, f);
}

static int64_t
number(const json_t *page, const char *name)
{
	return json_integer_value(json_object_get(page, name));
}

static void
bind_number(struct visit *v, const char *name, uint64_t n)
{
	visit_bind(v, name,
	    arena_printf(visit_arena(v), "%llu", (unsigned long long)n));
}

/* The whole file is there: into the store, and what the row is to say. */
static int
finish(struct visit *v, uint64_t material, uint64_t size, const char *name,
    struct fault *f)
{
	uint8_t hash[STORE_HASH], head[KIND_HEAD];
	char *hex = arena_alloc(visit_arena(v), 3 + 2 * STORE_HASH);

	if (store_finish(material, size, hash, f) == -1)
		return -1;
	hex[0] = '\\';
	hex[1] = 'x';
	sodium_bin2hex(hex + 2, 2 * STORE_HASH + 1, hash, STORE_HASH);
	visit_bind(v, "sha256", hex);
	visit_bind(v, "type",
	    kind_type(name, head, store_head(hash, head, sizeof(head))));

	return 0;
}

/* --- the list, and an upload that begins ----------------------------- */

static json_t *
kind_list(void)
{
	json_t *list = json_array();

	for (int i = 0; kinds[i] != NULL; i++)
		json_array_append_new(
		    list, json_pack("{s:s}", "value", kinds[i]));

	return list;
}

static int
materials_answer(struct visit *v, json_t *page, struct fault *f)
{
	json_t *materials = json_object_get(page, "materials"), *row;
	bool complete = false;
	size_t i;

	(void)v;
	(void)f;
	json_array_foreach(materials, i, row) complete |=
	    json_is_true(json_object_get(row, "is_complete"));
	json_object_set_new(page, "may_upload", json_true());
	json_object_set_new(page, "may_publish", json_boolean(complete));
	json_object_set_new(
	    page, "upload_max", json_integer(config_number("upload_max")));
	json_object_set_new(page, "form_max", json_integer(FORM_SAID));
	json_object_set_new(page, "kinds", kind_list());

	return 0;
}

static int
start_before(struct visit *v, struct fault *f)
{
	const char *name = base_name(visit_field(v, "name"));

	if (*name == '\0')
		return fault(f, FAULT_INPUT, "name", "web.required");
	visit_bind(v, "name", name);

	return sized(strtoull(visit_field(v, "size"), NULL, 10), f);
}

/* The disk knows better than the row how far an upload is. */
static void
put_received(json_t *page)
{
	uint64_t size = (uint64_t)number(page, "size");
	uint64_t received =
	    store_received((uint64_t)number(page, "material"), size);

	/* Of one that is whole but not yet said to be, the end is asked for
	 * again: it is there, and then is said to be. */
	if (received < size)
		json_object_set_new(
		    page, "received", json_integer((json_int_t)received));
}

static int
start_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	put_received(page);
	if (visit_wants_json(v))
		visit_status(v, 201);

	return 0;
}

static int
upload_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)f;
	if (!json_is_true(json_object_get(page, "complete")))
		put_received(page);
	if (!visit_wants_json(v))
		visit_go(
		    v, arena_printf(visit_arena(v), "/sessions/%lld/materials",
		           (long long)number(page, "session")));

	return 0;
}

/* --- slices ---------------------------------------------------------- */

/* The range that the slice says it is, and is. */
static int
slice_before(struct visit *v, struct fault *f)
{
	struct range *r = arena_alloc(visit_arena(v), sizeof(*r));
	size_t size;

	visit_body(v, &size);
	if (range_read(visit_header(v, "content-range"), r) == -1)
		return fault(f, FAULT_RANGE, "", "archive.not_range");
	if (r->last - r->first + 1 != size)
		return fault(f, FAULT_FORM, "", "archive.other_length");
	visit_keep(v, r);

	return 0;
}

/* The client counts otherwise than we do: it is told how we count. */
static int
other_count(struct visit *v, json_t *page, uint64_t received)
{
	json_object_set_new(
	    page, "received", json_integer((json_int_t)received));
	visit_status(v, 409);

	return 0;
}

static int
slice_answer(struct visit *v, json_t *page, struct fault *f)
{
	const struct range *r = visit_kept(v);
	uint64_t material = (uint64_t)number(page, "material");
	uint64_t size = (uint64_t)number(page, "size"), received;
	const void *bytes;
	size_t n;

	if (json_is_true(json_object_get(page, "complete")))
		return other_count(v, page, size);
	if (r->size != size)
		return fault(f, FAULT_RANGE, "", "archive.other_size");
	bytes = body_bytes(v, &n, f);
	if (bytes == NULL)
		return -1;
	if (store_take(material, size, r->first, bytes, n, &received, f) == -1)
		return strcmp(f->key, "archive.gap") == 0
		           ? other_count(v, page, received)
		           : -1;
	bind_number(v, "received", received);
	if (received < size) {
		visit_then(v, &slice_kept);
		return 0;
	}
	visit_then(v, &file_kept);

	return finish(v, material, size,
	    json_string_value(json_object_get(page, "name")), f);
}

static int
kept_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	store_forget((uint64_t)number(page, "material"));
	json_object_set_new(page, "complete", json_true());

	return 0;
}

/* --- without scripts: one form --------------------------------------- */

/* The files of a form, one after the other. */
struct brought {
	struct part file[FORM_FILES];
	int files;
	int at;
};

static int
take_kind(struct visit *v, const struct part *part, struct fault *f)
{
	for (int i = 0; kinds[i] != NULL; i++)
		if (strlen(kinds[i]) == part->size &&
		    memcmp(kinds[i], part->data, part->size) == 0) {
			visit_bind(v, "kind", kinds[i]);
			return 0;
		}

	return fault(f, FAULT_INPUT, "kind", "web.not_choice");
}

static int
take_file(struct brought *b, const struct part *part, struct fault *f)
{
	struct part *file;

	if (part->filename[0] == '\0')
		return 0;
	if (b->files == FORM_FILES)
		return fault(f, FAULT_LARGE, "file", "web.too_many_fields");
	file = &b->file[b->files++];
	*file = *part;
	file->filename = base_name(part->filename);
	if (part->size == 0)
		return fault(f, FAULT_INPUT, "file", "archive.empty_file");
	if (file->filename[0] == '\0' ||
	    text_length(file->filename) > NAME_MOST) {
		fault(f, FAULT_INPUT, "file", "web.too_long");
		f->number = NAME_MOST;
		return -1;
	}

	return sized(part->size, f);
}

static int
read_form(struct visit *v, struct brought *b, struct fault *f)
{
	struct multipart m;
	struct part part;
	size_t size;
	const void *bytes = body_bytes(v, &size, f);
	int more;

	if (bytes == NULL ||
	    multipart_open(&m, visit_arena(v), visit_header(v, "content-type"),
	        bytes, size, f) == -1)
		return -1;
	while ((more = multipart_next(&m, &part, f)) == 1) {
		bool file = part.filename != NULL;

		if (strcmp(part.name, file ? "file" : "kind") == 0 &&
		    (file ? take_file(b, &part, f) : take_kind(v, &part, f)) ==
		        -1)
			return -1;
	}

	return more;
}

static void
bind_file(struct visit *v, const struct part *file)
{
	visit_bind(v, "name", file->filename);
	bind_number(v, "size", file->size);
}

static int
form_before(struct visit *v, struct fault *f)
{
	struct brought *b = arena_alloc(visit_arena(v), sizeof(*b));

	visit_bind(v, "fresh", "true");
	if (read_form(v, b, f) == -1)
		return -1;
	if (b->files == 0)
		return fault(f, FAULT_INPUT, "file", "web.required");
	visit_keep(v, b);
	bind_file(v, &b->file[0]);
	visit_then(v, &form_file_started);

	return 0;
}

/* The file's row is there: now its bytes. */
static int
form_started_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct brought *b = visit_kept(v);
	const struct part *file = &b->file[b->at];
	uint64_t material = (uint64_t)number(page, "material");
	uint64_t received;

	if (store_take(material, file->size, 0, file->data, file->size,
	        &received, f) == -1 ||
	    finish(v, material, file->size, file->filename, f) == -1)
		return -1;
	bind_number(v, "material", material);
	bind_number(v, "received", received);
	visit_then(v, &form_file_kept);

	return 0;
}

static int
form_kept_answer(struct visit *v, json_t *page, struct fault *f)
{
	struct brought *b = visit_kept(v);

	kept_answer(v, page, f);
	if (++b->at < b->files) {
		bind_file(v, &b->file[b->at]);
		visit_then(v, &form_file_started);
	}

	return 0;
}

/* --- away again, and out --------------------------------------------- */

static int
withdraw_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)v;
	(void)f;
	store_forget((uint64_t)number(page, "material"));

	return 0;
}

/* Has the browser this very file?  Its name is its content's hash. */
static bool
unchanged(const struct visit *v, const char *hex)
{
	const char *tags = visit_header(v, "if-none-match");

	return tags != NULL &&
	       (strcmp(tags, "*") == 0 || strstr(tags, hex) != NULL);
}

static void
put_digest(struct visit *v, const char *hex)
{
	uint8_t hash[STORE_HASH];
	char base64[sodium_base64_ENCODED_LEN(
	    STORE_HASH, sodium_base64_VARIANT_ORIGINAL)];

	sodium_hex2bin(hash, sizeof(hash), hex, strlen(hex), NULL, NULL, NULL);
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash),
	    sodium_base64_VARIANT_ORIGINAL);
	visit_respond_header(
	    v, "etag", arena_printf(visit_arena(v), "\"%s\"", hex));
	visit_respond_header(v, "repr-digest",
	    arena_printf(visit_arena(v), "sha-256=:%s:", base64));
	visit_respond_header(v, "cache-control", "private, no-cache");
}

/* Who may not is told to sign in first; who has, that there is nothing. */
static int
file_answer(struct visit *v, json_t *page, struct fault *f)
{
	const json_t *file = json_object_get(page, "file");
	const char *hex = json_string_value(json_object_get(file, "sha256"));

	if (hex == NULL && visit_me(v) == NULL)
		return fault(f, FAULT_SIGNIN, "", "account.sign_in");
	if (hex == NULL)
		return fault(f, FAULT_MISSING, "", "archive.no_material");
	put_digest(v, hex);
	if (unchanged(v, hex)) {
		visit_status(v, 304);
		visit_respond_text(v, "application/octet-stream", "", 0);
		return 0;
	}
	visit_respond_file(v,
	    arena_printf(
	        visit_arena(v), "/store/%.2s/%.2s/%s", hex, hex + 2, hex),
	    json_string_value(json_object_get(file, "type")),
	    json_string_value(json_object_get(file, "name")));

	return 0;
}

/* --- the acts -------------------------------------------------------- */

const struct act archive_materials = { .room = "archive",
	.summary = "The materials of a session, for its organizers",
	.asks = { { "session", &SQL_SCHEDULE_SESSION, ONE },
	    { "materials", &SQL_ARCHIVE_MATERIALS, MANY },
	    { "record", &SQL_ARCHIVE_SESSION, MAYBE } },
	.answer = materials_answer,
	.page = "archive/materials",
	.form = &archive_upload_form,
	.quiet = true };

const struct act archive_upload_start = { .room = "archive",
	.summary = "Begins an upload, or goes on with one that broke off",
	.fields = start_fields,
	.before = start_before,
	.asks = { { "", &SQL_ARCHIVE_UPLOAD_START, ONE } },
	.answer = start_answer,
	.go = "/sessions/{session}/materials",
	.again = &archive_materials,
	.write = true };

const struct act archive_upload = { .room = "archive",
	.summary = "How far an upload has come",
	.asks = { { "", &SQL_ARCHIVE_UPLOAD, ONE } },
	.answer = upload_answer,
	.quiet = true };

const struct act archive_upload_slice = { .room = "archive",
	.summary =
	    "A slice of an upload, by Content-Range; 409 says how far it is",
	.before = slice_before,
	.asks = { { "", &SQL_ARCHIVE_UPLOAD, ONE } },
	.answer = slice_answer,
	.go = "/sessions/{session}/materials",
	.body_max = SLICE_MOST,
	.raw = true,
	.quiet = true };

static const struct act slice_kept = { .room = "archive",
	.asks = { { "", &SQL_ARCHIVE_UPLOAD_PROGRESS, ONE } },
	.go = "/sessions/{session}/materials",
	.write = true,
	.quiet = true };

static const struct act file_kept = { .room = "archive",
	.asks = { { "", &SQL_ARCHIVE_UPLOAD_PROGRESS, ONE },
	    { "", &SQL_ARCHIVE_UPLOAD_FINISH, ONE } },
	.answer = kept_answer,
	.go = "/sessions/{session}/materials",
	.write = true,
	.quiet = true };

const struct act archive_upload_form = { .room = "archive",
	.summary = "Files by a form, multipart/form-data with kind and file",
	.before = form_before,
	.go = "/sessions/{session}/materials",
	.again = &archive_materials,
	.body_max = FORM_MOST,
	.raw = true,
	.write = true,
	.quiet = true };

static const struct act form_file_started = { .room = "archive",
	.asks = { { "", &SQL_ARCHIVE_UPLOAD_START, ONE } },
	.answer = form_started_answer,
	.again = &archive_materials,
	.write = true,
	.quiet = true };

static const struct act form_file_kept = { .room = "archive",
	.asks = { { "", &SQL_ARCHIVE_UPLOAD_PROGRESS, ONE },
	    { "", &SQL_ARCHIVE_UPLOAD_FINISH, ONE } },
	.answer = form_kept_answer,
	.go = "/sessions/{session}/materials",
	.said = "flash.uploaded",
	.again = &archive_materials,
	.write = true,
	.quiet = true };

const struct act archive_withdraw = { .room = "archive",
	.summary = "Takes a material away, also from its record",
	.asks = { { "", &SQL_ARCHIVE_WITHDRAW, ONE } },
	.answer = withdraw_answer,
	.go = "/sessions/{session}/materials",
	.said = "flash.material_withdrawn",
	.write = true };

const struct act archive_file = { .room = "archive",
	.summary = "A file, for those who may have it",
	.asks = { { "file", &SQL_ARCHIVE_DOWNLOAD, MAYBE } },
	.answer = file_answer,
	.quiet = true };
