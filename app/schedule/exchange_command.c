/* Schedules in and out by the command line. */
#include "schedule/exchange_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "db/db.h"
#include "schedule/frab.h"
#include "sql.h"

enum { STATEMENT_MS = 300000 };

struct import {
	const char *path;
	const char *program; /* slug, or NULL */
	const char *zone;    /* for a file that names none, or NULL */
	bool publish;
	long line; /* of the fault, when there is one */
};

static const char *
fault_argument(void *context, const char *name)
{
	static char number[24];
	const struct fault *f = context;

	if (strcmp(name, "text") == 0)
		return f->text;
	snprintf(number, sizeof(number), "%ld", f->number);

	return strcmp(name, "number") == 0 ? number : NULL;
}

/* "file:line: reason", as compilers do, so that editors find the place. */
static void
complain(struct arena *a, const char *path, long line, struct fault *f)
{
	const char *words = message(a, languages[0], f->key, fault_argument, f);

	fprintf(stderr, "%s:", path);
	if (line > 0)
		fprintf(stderr, "%ld:", line);
	fprintf(stderr, " %s", words);
	if (f->kind == FAULT_BROKEN || f->kind == FAULT_BUSY)
		fprintf(stderr, " %s", f->detail);
	fputc('\n', stderr);
}

static int
file_read(const char *path, struct text *out, struct fault *f)
{
	char part[65536];
	FILE *file = fopen(path, "rb");
	size_t n;
	bool failed;

	if (file == NULL)
		return fault(f, FAULT_MISSING, "", "schedule.import.no_file");
	while (!out->full && (n = fread(part, 1, sizeof(part), file)) > 0)
		text_add(out, part, n);
	failed = ferror(file) != 0;
	fclose(file);
	if (failed)
		return fault(f, FAULT_MISSING, "", "schedule.import.no_file");
	if (out->full) {
		fault(f, FAULT_LARGE, "", "schedule.import.large");
		f->number = FRAB_BYTES >> 20;
		return -1;
	}

	return 0;
}

static int
document_read(struct import *i, json_t **document, struct fault *f)
{
	struct text data;
	int ret;

	text_init(&data, FRAB_BYTES);
	ret = file_read(i->path, &data, f);
	if (ret == 0)
		ret = frab_read(data.data ? data.data : "", data.size, i->zone,
		    document, &i->line, f);
	text_free(&data);

	return ret;
}

/* A whole schedule takes longer than a visit may. */
static json_t *
run(struct arena *a, const struct sql *sql, const struct import *i,
    const char *event, const char *document, struct fault *f)
{
	const struct sql *const statements[] = { sql, NULL };
	struct db_settings settings = { .connect = config("database_owner"),
		.statements = statements,
		.statement_ms = STATEMENT_MS };
	struct db_pool *pool = db_open_waiting(&settings, f);
	struct db_segment *segment;
	int ret;

	if (pool == NULL)
		return NULL;
	segment = db_segment(a);
	db_ask(segment, sql);
	db_bind(segment, "event", event);
	db_bind(segment, "document", document);
	db_bind(segment, "program", i->program);
	db_bind(segment, "publish", i->publish ? "true" : "false");
	db_bind(segment, "title",
	    message(a, languages[0], "schedule.import.program", NULL, NULL));
	ret = db_run(pool, segment, f);
	db_close(pool);

	return ret == -1 ? NULL : json_array_get(db_rows(segment, 0), 0);
}

/* The database names a place in the file by its line, as the field. */
static void
locate(struct import *i, const struct fault *f)
{
	char *end;
	long line = strtol(f->field, &end, 10);

	if (f->field[0] != '\0' && *end == '\0')
		i->line = line;
}

static const json_t *
store(
    struct arena *a, struct import *i, const json_t *document, struct fault *f)
{
	const char *slug = json_string_value(
	    json_object_get(json_object_get(document, "event"), "slug"));
	char *spelt = json_dumps(document, JSON_COMPACT);
	const json_t *row = run(a, &SQL_SCHEDULE_IMPORT, i, slug, spelt, f);

	free(spelt);
	if (row == NULL)
		locate(i, f);

	return json_object_get(row, "counts");
}

static void
report(const json_t *document, const json_t *counts)
{
	static const char *const kinds[] = { "event", "rooms", "tracks",
		"speakers", "sessions", "appearances", "links", NULL };
	static const char *const did[] = { "created", "changed", "removed",
		"unchanged", NULL };
	const json_t *dropped = json_object_get(document, "dropped");

	for (size_t i = 0; kinds[i] != NULL; i++) {
		const json_t *one = json_object_get(counts, kinds[i]);

		printf("%-12s", kinds[i]);
		for (size_t n = 0; did[n] != NULL; n++)
			printf("%s %lld %s", n > 0 ? "," : "",
			    (long long)json_integer_value(
			        json_object_get(one, did[n])),
			    did[n]);
		putchar('\n');
	}
	if (json_integer_value(dropped) > 0)
		printf("%-12s %lld links passed over: not web or mail "
		       "addresses\n",
		    "", (long long)json_integer_value(dropped));
}

static int
import_options(struct import *i, int argc, char **argv)
{
	if (argc < 3 || strcmp(argv[1], "schedule") != 0)
		return -1;
	i->path = argv[2];
	for (int n = 3; n < argc; n++) {
		if (strcmp(argv[n], "--publish") == 0)
			i->publish = true;
		else if (strcmp(argv[n], "--program") == 0 && n + 1 < argc)
			i->program = argv[++n];
		else if (strcmp(argv[n], "--zone") == 0 && n + 1 < argc)
			i->zone = argv[++n];
		else
			return -1;
	}

	return 0;
}

int
import_command(int argc, char **argv)
{
	struct import i = { 0 };
	struct fault f = { 0 };
	struct arena *a = arena_new();
	json_t *document = NULL;
	const json_t *counts = NULL;
	int status = 1;

	if (import_options(&i, argc, argv) == -1) {
		arena_free(a);
		return 2;
	}
	if (messages_load(&f) == 0 && document_read(&i, &document, &f) == 0)
		counts = store(a, &i, document, &f);
	if (counts == NULL) {
		complain(a, i.path, i.line, &f);
	} else {
		report(document, counts);
		status = 0;
	}
	json_decref(document);
	arena_free(a);

	return status;
}

static int
export_write(const char *path, const struct text *out, struct fault *f)
{
	FILE *file = path == NULL ? stdout : fopen(path, "wb");
	bool failed;

	if (file == NULL)
		return fault(f, FAULT_BROKEN, "", "schedule.export.no_file");
	failed = fwrite(out->data, 1, out->size, file) != out->size;
	failed = (path == NULL ? fflush(file) : fclose(file)) != 0 || failed;

	return failed ? fault(f, FAULT_BROKEN, "", "schedule.export.no_file")
	              : 0;
}

static int
export_event(
    struct arena *a, const char *slug, const char *path, struct fault *f)
{
	const struct import none = { 0 };
	const json_t *row = run(a, &SQL_SCHEDULE_EXPORT, &none, slug, NULL, f);
	struct text out;
	int ret;

	if (row == NULL)
		return -1;
	text_init(&out, (size_t)FRAB_BYTES * 2);
	ret = frab_write(json_object_get(row, "document"), &out, f);
	if (ret == 0 && out.full)
		ret = fault(f, FAULT_LARGE, "", "schedule.export.large");
	if (ret == 0)
		ret = export_write(path, &out, f);
	text_free(&out);

	return ret;
}

int
export_command(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	int status = 0;

	if (argc < 3 || argc > 4 || strcmp(argv[1], "schedule") != 0) {
		arena_free(a);
		return 2;
	}
	if (messages_load(&f) == -1 ||
	    export_event(a, argv[2], argc == 4 ? argv[3] : NULL, &f) == -1) {
		complain(a, argv[2], 0, &f);
		status = 1;
	}
	arena_free(a);

	return status;
}
