/*
 * embed: files into C source, at build time.
 *
 *   embed --sql sql/schedule/queries.sql …     writes build/sql.c, build/sql.h
 *   embed --assets assets/… sql/… …            writes build/assets.c
 *
 * -o DIR before the mode writes elsewhere than to build.  A file whose content
 * would not change is not touched, so that nothing is rebuilt for it.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS = 64, PATH_ROOM = 512 };

/* Grows by doubling; ends with the program. */
struct buffer {
	char *data;
	size_t size, room;
};

struct statement {
	const char *path;
	int line;
	char *name;
	struct buffer text;
	char *parameter[PARAMETERS];
	int parameters;
	bool ended; /* its semicolon was seen */
};

/* Where the reader of a queries.sql stands. */
struct scan {
	const char *path;
	const char *at;
	int line;
	struct statement *now; /* NULL before the first name */
};

static const char *directory = "build";
static struct statement **statements;
static size_t statement_count;
static int complaints;

static void *
grow(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (new == NULL) {
		fputs("embed: out of memory\n", stderr);
		exit(1);
	}
	return new;
}

static void
put(struct buffer *b, const char *data, size_t size)
{
	if (b->size + size + 1 > b->room) {
		b->room = (b->size + size + 1) * 2;
		b->data = grow(b->data, b->room);
	}
	memcpy(b->data + b->size, data, size);
	b->size += size;
	b->data[b->size] = '\0';
}

static void put_format(struct buffer *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
put_format(struct buffer *b, const char *fmt, ...)
{
	char line[2048];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	put(b, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static void complain(const char *path, int line, const char *, ...)
    __attribute__((format(printf, 3, 4)));

static void
complain(const char *path, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", path, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	complaints++;
}

static bool
slurp(const char *path, struct buffer *b)
{
	char chunk[65536];
	FILE *file = fopen(path, "rb");
	size_t n;

	put(b, "", 0);
	if (file == NULL)
		return false;
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		put(b, chunk, n);
	fclose(file);
	return true;
}

static void
write_if_changed(const char *name, const struct buffer *b)
{
	char path[PATH_ROOM];
	struct buffer old = { 0 };
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (slurp(path, &old) && old.size == b->size &&
	    memcmp(old.data, b->data, b->size) == 0)
		return;
	file = fopen(path, "wb");
	if (file == NULL || fwrite(b->data, 1, b->size, file) != b->size ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

/* As a C string literal, one source line for each line. */
static void
put_literal(struct buffer *b, const char *data, size_t size)
{
	put(b, "\"", 1);
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c == '\n')
			put_format(b, "\\n%s", i + 1 < size ? "\"\n\t\"" : "");
		else if (c == '"' || c == '\\')
			put_format(b, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			put_format(b, "\\%03o", c);
		else
			put(b, data + i, 1);
	}
	put(b, "\"", 1);
}

/* --- statements ------------------------------------------------------- */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct statement *
statement_named(const char *name, size_t size)
{
	for (size_t i = 0; i < statement_count; i++)
		if (strlen(statements[i]->name) == size &&
		    memcmp(statements[i]->name, name, size) == 0)
			return statements[i];
	return NULL;
}

static void
begin_statement(struct scan *s, const char *name, size_t size)
{
	struct statement *old = statement_named(name, size);
	struct statement *new = grow(NULL, sizeof(*new));

	if (old != NULL)
		complain(s->path, s->line,
		    "%s is already a statement, at %s:%d", old->name, old->path,
		    old->line);
	memset(new, 0, sizeof(*new));
	new->path = s->path;
	new->line = s->line;
	new->name = strndup(name, size);
	put(&new->text, "", 0);
	statements =
	    grow(statements, (statement_count + 1) * sizeof(statements[0]));
	statements[statement_count++] = new;
	s->now = new;
}

/* "-- name: registration_take" begins a statement; other comments are lost. */
static void
take_comment(struct scan *s)
{
	const char *end = s->at + strcspn(s->at, "\n");
	const char *name = s->at + 2 + strspn(s->at + 2, " \t");
	size_t size;

	if (strncmp(name, "name:", 5) == 0) {
		name += 5 + strspn(name + 5, " \t");
		size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (size == 0 ||
		    strspn(name + size, " \t\r") != (size_t)(end - name) - size)
			complain(s->path, s->line,
			    "a statement's name is of "
			    "a-z, 0-9 and _");
		else
			begin_statement(s, name, size);
	}
	s->at = end;
}

static void
skip_block_comment(struct scan *s)
{
	int depth = 0;

	do {
		if (s->at[0] == '/' && s->at[1] == '*') {
			depth++;
			s->at += 2;
		} else if (s->at[0] == '*' && s->at[1] == '/') {
			depth--;
			s->at += 2;
		} else {
			if (*s->at == '\n')
				s->line++;
			s->at++;
		}
	} while (depth > 0 && *s->at != '\0');
}

/* Copies what belongs to the statement. */
static void
take(struct scan *s, size_t size)
{
	const char *c = s->at;

	for (size_t i = 0; i < size; i++)
		if (c[i] == '\n')
			s->line++;
	s->at += size;
	if (s->now != NULL && !s->now->ended) {
		put(&s->now->text, c, size);
		return;
	}
	if (size == 1 && isspace((unsigned char)*c))
		return;
	complain(s->path, s->line,
	    s->now == NULL ? "a statement without name: put \"-- name: "
	                     "room_verb\" before it"
	                   : "%s holds more than one statement",
	    s->now == NULL ? "" : s->now->name);
	s->at += strcspn(s->at, "\n"); /* once a line is enough */
}

/* 'text', "name"; a doubled quote is two strings side by side. */
static void
take_quoted(struct scan *s, bool backslash)
{
	char quote = *s->at;
	size_t n = 1;

	while (s->at[n] != '\0' && s->at[n] != quote)
		n += backslash && s->at[n] == '\\' && s->at[n + 1] ? 2 : 1;
	if (s->at[n] == '\0')
		complain(s->path, s->line, "%c without its end", quote);
	else
		n++;
	take(s, n);
}

static void
take_dollar(struct scan *s)
{
	size_t tag = 1;
	const char *end = NULL;
	char mark[80];

	if (isdigit((unsigned char)s->at[1])) {
		complain(
		    s->path, s->line, "write :name instead of $%c", s->at[1]);
		take(s, 1);
		return;
	}
	while (is_word(s->at[tag]))
		tag++;
	if (s->at[tag] == '$' && tag + 2 < sizeof(mark)) {
		snprintf(mark, sizeof(mark), "%.*s", (int)tag + 1, s->at);
		end = strstr(s->at + tag + 1, mark);
	}
	take(s, end == NULL ? 1 : (size_t)(end - s->at) + tag + 1);
}

static int
parameter_number(struct statement *st, const char *name, size_t size)
{
	for (int i = 0; i < st->parameters; i++)
		if (strlen(st->parameter[i]) == size &&
		    memcmp(st->parameter[i], name, size) == 0)
			return i + 1;
	return 0;
}

/* :name becomes $n; its first use must say its type, :name::bigint. */
static void
take_parameter(struct scan *s)
{
	const char *name = s->at + 1;
	struct statement *st = s->now;
	size_t size = 0;
	int n;

	while (is_word(name[size]))
		size++;
	if (st == NULL || st->ended) {
		take(s, 1);
		return;
	}
	n = parameter_number(st, name, size);
	if (n == 0 && strncmp(name + size, "::", 2) != 0)
		complain(s->path, s->line,
		    "%s: the first :%.*s needs a type, "
		    "as in :%.*s::bigint",
		    st->name, (int)size, name, (int)size, name);
	if (n == 0 && st->parameters == PARAMETERS)
		complain(s->path, s->line, "%s: more than %d parameters",
		    st->name, PARAMETERS);
	else if (n == 0) {
		st->parameter[st->parameters++] = strndup(name, size);
		n = st->parameters;
	}
	put_format(&st->text, "$%d", n);
	s->at += 1 + size;
}

static void
take_colon(struct scan *s, char before)
{
	if (s->at[1] == ':' || s->at[1] == '=')
		take(s, 2);
	else if ((isalpha((unsigned char)s->at[1]) || s->at[1] == '_') &&
	         !is_word(before))
		take_parameter(s);
	else
		take(s, 1);
}

static void
take_next(struct scan *s, const char *begin)
{
	char before = s->at == begin ? '\n' : s->at[-1];
	char earlier = s->at - begin < 2 ? '\n' : s->at[-2];

	if (strncmp(s->at, "--", 2) == 0)
		take_comment(s);
	else if (strncmp(s->at, "/*", 2) == 0)
		skip_block_comment(s);
	else if (*s->at == '\'' || *s->at == '"')
		take_quoted(s, *s->at == '\'' &&
		                   (before == 'e' || before == 'E') &&
		                   !is_word(earlier));
	else if (*s->at == '$' && !is_word(before))
		take_dollar(s);
	else if (*s->at == ':')
		take_colon(s, before);
	else if (*s->at == ';' && s->now != NULL && !s->now->ended) {
		s->now->ended = true;
		s->at++;
	} else
		take(s, 1);
}

static void
read_statements(const char *path)
{
	struct buffer b = { 0 };
	struct scan s = { .path = path, .line = 1 };

	if (!slurp(path, &b)) {
		complain(path, 0, "cannot be read");
		return;
	}
	s.at = b.data;
	while (*s.at != '\0')
		take_next(&s, b.data);
}

/* Without the empty lines that comments leave behind. */
static void
put_text(struct buffer *out, const struct statement *st)
{
	struct buffer text = { 0 };
	const char *at = st->text.data;

	put(&text, "", 0);
	while (*at != '\0') {
		size_t line = strcspn(at, "\n");
		size_t end = line;

		while (end > 0 && isspace((unsigned char)at[end - 1]))
			end--;
		if (end > 0) {
			put(&text, "\n", text.size > 0);
			put(&text, at, end);
		}
		at += line + (at[line] == '\n');
	}
	if (text.size == 0)
		complain(st->path, st->line, "%s is empty", st->name);
	put_literal(out, text.data, text.size);
}

static void
put_upper(struct buffer *b, const char *name)
{
	put(b, "SQL_", 4);
	for (; *name != '\0'; name++) {
		char c = (char)toupper((unsigned char)*name);

		put(b, &c, 1);
	}
}

static void
put_statement(struct buffer *out, const struct statement *st)
{
	if (st->parameters > 0) {
		put_format(
		    out, "static const char *const of_%s[] = {", st->name);
		for (int i = 0; i < st->parameters; i++)
			put_format(
			    out, "%s \"%s\"", i ? "," : "", st->parameter[i]);
		put_format(out, " };\n");
	}
	put_format(out, "/* %s */\nconst struct sql ", st->path);
	put_upper(out, st->name);
	put_format(out, " = { \"%s\",\n\t", st->name);
	put_text(out, st);
	put_format(out, ",\n\t%d, %s%s };\n\n", st->parameters,
	    st->parameters > 0 ? "of_" : "NULL",
	    st->parameters > 0 ? st->name : "");
}

static int
embed_sql(int count, char **paths)
{
	struct buffer source = { 0 }, header = { 0 }, all = { 0 };

	for (int i = 0; i < count; i++)
		read_statements(paths[i]);
	put_format(&source, "/* Made by tools/embed. */\n#include <stddef.h>\n"
	                    "#include \"sql.h\"\n\n");
	put_format(&header, "/* Made by tools/embed. */\n#ifndef SQL_H\n"
	                    "#define SQL_H\n\n#include \"db/db.h\"\n\n");
	put_format(&all, "const struct sql *const sql_all[] = {\n");
	for (size_t i = 0; i < statement_count; i++) {
		put_statement(&source, statements[i]);
		put_format(&header, "extern const struct sql ");
		put_upper(&header, statements[i]->name);
		put_format(&header, ";\n");
		put_format(&all, "\t&");
		put_upper(&all, statements[i]->name);
		put_format(&all, ",\n");
	}
	put_format(&all, "\tNULL\n};\n");
	put(&source, all.data, all.size);
	put_format(&header,
	    "\n/* Every one; NULL last. */\n"
	    "extern const struct sql *const sql_all[];\n\n#endif\n");
	if (complaints > 0)
		return 1;
	write_if_changed("sql.h", &header);
	write_if_changed("sql.c", &source);
	return 0;
}

/* --- files ------------------------------------------------------------ */

struct table {
	const char *name;   /* of the C array */
	const char *prefix; /* of the paths */
	const char *suffix;
	bool keep_suffix; /* in the file's name */
};

static const struct table tables[] = {
	{ "messages_embedded", "assets/messages/", ".json", false },
	{ "demo_embedded", "assets/demo/", ".json", false },
	{ "templates_embedded", "assets/", ".html", false },
	{ "templates_embedded", "assets/", ".txt", true },
	{ "schema_embedded", "sql/", ".sql", true },
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

static const struct table *
table_of(const char *path)
{
	size_t size = strlen(path);

	for (size_t i = 0; i < TABLES; i++) {
		const struct table *t = &tables[i];
		size_t tail = strlen(t->suffix);

		if (strncmp(path, t->prefix, strlen(t->prefix)) == 0 &&
		    size > tail && strcmp(path + size - tail, t->suffix) == 0)
			return t;
	}
	return NULL;
}

static void
put_file(struct buffer *out, const char *path, const struct table *t)
{
	struct buffer data = { 0 };
	const char *name = path + strlen(t->prefix);
	size_t size = strlen(name) - (t->keep_suffix ? 0 : strlen(t->suffix));

	if (!slurp(path, &data))
		complain(path, 0, "cannot be read");
	put_format(out, "\t{ \"%.*s\",\n\t", (int)size, name);
	put_literal(out, data.data, data.size);
	put_format(out, ", %zu },\n", data.size);
}

static void
put_table(struct buffer *out, const char *name, int count, char **paths)
{
	put_format(out, "const struct embedded %s[] = {\n", name);
	for (int i = 0; i < count; i++) {
		const struct table *t = table_of(paths[i]);

		if (t != NULL && strcmp(t->name, name) == 0)
			put_file(out, paths[i], t);
	}
	put_format(out, "\t{ NULL, NULL, 0 }\n};\n\n");
}

static void
put_manifest(struct buffer *out)
{
	char path[PATH_ROOM];
	struct buffer data = { 0 };

	snprintf(path, sizeof(path), "%s/static/manifest.json", directory);
	if (!slurp(path, &data))
		put(&data, "{}", 2);
	put_format(out, "const char static_manifest[] =\n\t");
	put_literal(out, data.data, data.size);
	put_format(out, ";\n");
}

static int
embed_assets(int count, char **paths)
{
	struct buffer out = { 0 };

	for (int i = 0; i < count; i++)
		if (table_of(paths[i]) == NULL)
			complain(paths[i], 0, "no table holds such a file");
	put_format(&out, "/* Made by tools/embed. */\n"
	                 "#include \"base/embedded.h\"\n\n");
	put_table(&out, "messages_embedded", count, paths);
	put_table(&out, "demo_embedded", count, paths);
	put_table(&out, "templates_embedded", count, paths);
	put_table(&out, "schema_embedded", count, paths);
	put_manifest(&out);
	if (complaints > 0)
		return 1;
	write_if_changed("assets.c", &out);
	return 0;
}

int
main(int argc, char **argv)
{
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "-o") == 0) {
		directory = argv[2];
		first = 3;
	}
	if (argc > first && strcmp(argv[first], "--sql") == 0)
		return embed_sql(argc - first - 1, argv + first + 1);
	if (argc > first && strcmp(argv[first], "--assets") == 0)
		return embed_assets(argc - first - 1, argv + first + 1);
	fputs("usage: embed [-o DIR] --sql FILE… | --assets FILE…\n", stderr);
	return 2;
}
