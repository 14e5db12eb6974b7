/* Materials of the demonstration, brought and published as anybody's are. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "archive/kind.h"
#include "archive/store.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/text.h"
#include "db/db.h"
#include "demo/demo.h"
#include "demo/pdf.h"
#include "sql.h"

enum { FILE_MOST = 1 << 20, HEX = 2 * STORE_HASH + 3 };

/* Who brings and publishes. */
static const char archivist[] = "admin@convene.example";

static const char *
text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* A segment in which the archivist acts; its statement is the second. */
static struct db_segment *
acting(struct demo *d, const struct sql *sql)
{
	struct db_segment *s = db_segment(d->arena);

	db_ask(s, &SQL_DEMO_AS);
	db_bind(s, "email", archivist);
	db_ask(s, sql);
	return s;
}

static json_int_t
bound_int(const struct db_segment *s, const char *name)
{
	const json_t *row = json_array_get(db_rows(s, 1), 0);

	return json_integer_value(json_object_get(row, name));
}

/* Slides that we draw, or words as they are. */
static void
content(struct text *out, const json_t *file)
{
	const json_t *slides = json_object_get(file, "slides");

	if (slides != NULL)
		pdf_slides(out, slides);
	else
		text_puts(out, text_of(file, "text"));
}

static int
finish(struct demo *d, json_int_t material, const char *name,
    const struct text *bytes, struct fault *f)
{
	uint64_t upload = (uint64_t)material, received = 0;
	uint8_t hash[STORE_HASH];
	char spelt[HEX] = "\\x";
	struct db_segment *s;

	if (store_take(upload, bytes->size, 0, bytes->data, bytes->size,
	        &received, f) == -1 ||
	    store_finish(upload, bytes->size, hash, f) == -1)
		return -1;
	sodium_bin2hex(spelt + 2, HEX - 2, hash, sizeof(hash));
	s = acting(d, &SQL_ARCHIVE_UPLOAD_PROGRESS);
	db_bind_int(s, "material", material);
	db_bind_int(s, "received", (int64_t)received);
	db_ask(s, &SQL_ARCHIVE_UPLOAD_FINISH);
	db_bind_int(s, "material", material);
	db_bind(s, "sha256", spelt);
	db_bind(s, "type",
	    kind_type(name, bytes->data,
	        bytes->size < KIND_HEAD ? bytes->size : KIND_HEAD));
	if (db_run(d->pool, s, f) == -1)
		return -1;
	store_forget(upload);
	return 0;
}

static int
bring(struct demo *d, json_int_t session, const json_t *file, struct fault *f)
{
	struct db_segment *s = acting(d, &SQL_ARCHIVE_UPLOAD_START);
	const char *name = text_of(file, "name");
	struct text bytes;
	int ret;

	text_init(&bytes, FILE_MOST);
	content(&bytes, file);
	db_bind_int(s, "session", session);
	db_bind(s, "name", name);
	db_bind_int(s, "size", (int64_t)bytes.size);
	db_bind(s, "kind", text_of(file, "kind"));
	db_bind(s, "fresh", "false");
	ret = db_run(d->pool, s, f);
	if (ret == 0)
		ret = finish(d, bound_int(s, "material"), name, &bytes, f);
	text_free(&bytes);
	return ret;
}

static int
publish(struct demo *d, const json_t *row, struct fault *f)
{
	const json_t *record = json_object_get(row, "record");
	struct db_segment *s = acting(d, &SQL_ARCHIVE_PUBLISH);

	db_bind_int(
	    s, "session", json_integer_value(json_object_get(row, "session")));
	db_bind(s, "title", text_of(row, "title"));
	db_bind(s, "abstract", text_of(row, "abstract"));
	db_bind(s, "language", text_of(row, "language"));
	db_bind(s, "persons", text_of(row, "persons"));
	db_bind(s, "licence", text_of(record, "licence"));
	db_bind(s, "access", text_of(record, "access"));
	db_bind(s, "naan", config("naan"));
	db_bind(s, "shoulder", config("shoulder"));
	return db_run(d->pool, s, f);
}

int
demo_publish(struct demo *d, struct fault *f)
{
	struct db_segment *s = db_segment(d->arena);
	const json_t *row, *file;
	size_t i, j;

	db_ask(s, &SQL_DEMO_PUBLISHING);
	db_bind(s, "programs",
	    json_string_value(json_object_get(d->words, "programs")));
	if (db_run(d->pool, s, f) == -1)
		return -1;
	json_array_foreach(db_rows(s, 0), i, row)
	{
		json_int_t session =
		    json_integer_value(json_object_get(row, "session"));
		const json_t *files =
		    json_object_get(json_object_get(row, "record"), "files");

		json_array_foreach(files, j,
		    file) if (bring(d, session, file, f) == -1) return -1;
		if (publish(d, row, f) == -1)
			return -1;
	}
	return 0;
}
