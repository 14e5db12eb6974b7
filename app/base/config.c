#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"

enum { LINE_MOST = 1024, NAME_MOST = 48 };
enum setting_kind { TEXT, NUMBER };

struct setting {
	const char *name;
	const char *fallback; /* the default */
	const char *comment;  /* as conf/convene.conf says it */
	enum setting_kind kind;
	char *value; /* NULL: the default */
};

/* clang-format off */
static struct setting settings[] = {
	{ "origin", "http://localhost:8080",
	    "The address people see, without a slash at its end.",
	    TEXT, NULL },
	{ "name", "Convene",
	    "Name of the organisation, on pages, in mail and in calendars.",
	    TEXT, NULL },
	{ "database", "dbname=convene user=convene_web",
	    "libpq connection of the web.",
	    TEXT, NULL },
	{ "database_worker", "dbname=convene user=convene_worker",
	    "libpq connection of the worker.",
	    TEXT, NULL },
	{ "database_owner", "dbname=convene",
	    "libpq connection that migrates: owner of the database.",
	    TEXT, NULL },
	{ "db_readers", "2",
	    "Connections of one web worker for reading.",
	    NUMBER, NULL },
	{ "db_writers", "8",
	    "Connections of one web worker for writing.",
	    NUMBER, NULL },
	{ "db_depth", "32",
	    "Segments in flight on one reading connection.",
	    NUMBER, NULL },
	{ "db_waiting", "512",
	    "Segments that may wait to be sent, beyond which a visit is refused (503).",
	    NUMBER, NULL },
	{ "db_wait_ms", "2000",
	    "Milliseconds a segment may wait to be sent.",
	    NUMBER, NULL },
	{ "db_together", "4096",
	    "Registrations that may wait to be taken together, beyond which: 503.",
	    NUMBER, NULL },
	{ "db_together_ms", "8000",
	    "Milliseconds they may wait: their place in the order is kept meanwhile.",
	    NUMBER, NULL },
	{ "db_statement_ms", "5000",
	    "Milliseconds a statement may take.",
	    NUMBER, NULL },
	{ "db_answer_ms", "15000",
	    "Milliseconds a database may say nothing before it is held for hung.",
	    NUMBER, NULL },
	{ "db_lock_ms", "2000",
	    "Milliseconds a statement may wait for a lock.",
	    NUMBER, NULL },
	{ "store", "var/store",
	    "Folder of the repository (OCFL).",
	    TEXT, NULL },
	{ "upload", "var/upload",
	    "Folder of uploads not yet taken in, on the file system of the store.",
	    TEXT, NULL },
	{ "upload_max", "1073741824",
	    "Bytes of the largest upload.",
	    NUMBER, NULL },
	{ "disk_reserve", "67108864",
	    "Bytes left free on the disk of uploads, beyond which none is begun.",
	    NUMBER, NULL },
	{ "secret_key", "var/secret.key",
	    "File of 32 random bytes: key of cookies, cursors and links.",
	    TEXT, NULL },
	{ "ticket_key", "var/ticket.key",
	    "File of the 64-byte Ed25519 secret key (libsodium) that signs tickets.",
	    TEXT, NULL },
	{ "ticket_key_id", "1",
	    "Number of that key, 1 to 255, printed in each ticket.",
	    NUMBER, NULL },
	{ "smtp_url", "smtp://127.0.0.1:2525",
	    "Relay of outgoing mail (smtp:// or smtps://).",
	    TEXT, NULL },
	{ "smtp_tls", "none",
	    "none, or required: STARTTLS or no mail.",
	    TEXT, NULL },
	{ "smtp_user", "",
	    "Name at the relay; empty: none.",
	    TEXT, NULL },
	{ "smtp_password", "",
	    "File of the password at the relay; empty: none.",
	    TEXT, NULL },
	{ "mail_from", "no-reply@localhost",
	    "Sender of mail.",
	    TEXT, NULL },
	{ "mail_domain", "localhost",
	    "Domain of Message-ID, of calendar UIDs and of the addresses for replies.",
	    TEXT, NULL },
	{ "smtp_connections", "4",
	    "Connections to the relay at once, 1 to 64.",
	    NUMBER, NULL },
	{ "mail_per_minute", "0",
	    "Mails sent in a minute, at most; 0: as fast as the relay takes them.",
	    NUMBER, NULL },
	{ "notice_days", "90",
	    "Days after which it is forgotten to whom a mail went; set at migrate.",
	    NUMBER, NULL },
	{ "naan", "99999",
	    "Name assigning authority number of ARKs (99999: for tests).",
	    TEXT, NULL },
	{ "shoulder", "c1",
	    "Beginning of each ARK's name.",
	    TEXT, NULL },
	{ "job_seconds", "300",
	    "Seconds a job may take before another worker may take it over.",
	    NUMBER, NULL },
	{ NULL, NULL, NULL, TEXT, NULL }
};
/* clang-format on */

static struct setting *
setting_named(const char *name)
{
	for (struct setting *s = settings; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;

	return NULL;
}

static const char *
value_of(const struct setting *s)
{
	return s->value == NULL ? s->fallback : s->value;
}

static bool
is_number(const char *value, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(value, &end, 10);

	return errno == 0 && end != value && *end == '\0';
}

static int
set(struct setting *s, const char *value, const char *where, struct fault *f)
{
	long number;

	if (s->kind == NUMBER && !is_number(value, &number))
		return fault_detail(f, FAULT_BROKEN, s->name, "fault.broken",
		    "%s: %s must be a whole number", where, s->name);
	free(s->value);
	s->value = memory_text(value);

	return 0;
}

/* Cuts white space at both ends. */
static char *
trimmed(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';

	return s;
}

/* One line: empty, "# comment" or "name = value". */
static int
read_line(char *line, const char *where, struct fault *f)
{
	char *name = trimmed(line), *value;
	struct setting *s;

	if (*name == '\0' || *name == '#')
		return 0;
	value = strchr(name, '=');
	if (value == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: not \"name = value\"", where);
	*value++ = '\0';
	name = trimmed(name);
	s = setting_named(name);
	if (s == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: no setting is named %.*s", where, NAME_MOST, name);

	return set(s, trimmed(value), where, f);
}

static int
read_lines(FILE *file, const char *path, struct fault *f)
{
	char line[LINE_MOST], where[256];

	for (int n = 1; fgets(line, sizeof(line), file) != NULL; n++) {
		snprintf(where, sizeof(where), "%.200s:%d", path, n);
		if (strchr(line, '\n') == NULL && !feof(file))
			return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
			    "%s: longer than %d bytes", where, LINE_MOST - 2);
		if (read_line(line, where, f) == -1)
			return -1;
	}
	if (ferror(file))
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%.200s: cannot be read", path);

	return 0;
}

static int
read_file(const char *path, struct fault *f)
{
	FILE *file = fopen(path, "re");
	int ret;

	if (file == NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%.200s: %s", path, strerror(errno));
	ret = read_lines(file, path, f);
	fclose(file);

	return ret;
}

/* CONVENE_UPLOAD_MAX overrides upload_max. */
static int
read_environment(struct fault *f)
{
	for (struct setting *s = settings; s->name != NULL; s++) {
		char name[NAME_MOST + 16] = "CONVENE_";
		size_t n = strlen(name);
		const char *value;

		for (size_t i = 0; s->name[i] != '\0' && i < NAME_MOST; i++)
			name[n++] = (char)toupper((unsigned char)s->name[i]);
		name[n] = '\0';
		value = getenv(name);
		if (value != NULL && set(s, value, name, f) == -1)
			return -1;
	}

	return 0;
}

int
config_load(const char *path, struct fault *f)
{
	for (struct setting *s = settings; s->name != NULL; s++) {
		free(s->value);
		s->value = NULL;
	}
	if (path != NULL && read_file(path, f) == -1)
		return -1;

	return read_environment(f);
}

const char *
config(const char *name)
{
	const struct setting *s = setting_named(name);

	if (s == NULL) {
		log_event(
		    LOG_LEVEL_ERROR, "config.unknown", "name", name, NULL);
		abort();
	}

	return value_of(s);
}

long
config_number(const char *name)
{
	const char *value = config(name);
	long number;

	if (!is_number(value, &number)) {
		log_event(
		    LOG_LEVEL_ERROR, "config.no_number", "name", name, NULL);
		abort();
	}

	return number;
}

void
config_print(FILE *out)
{
	fputs("# Convene.  Each setting is shown with its default; take away "
	      "the # to change it.\n# CONVENE_NAME in the environment "
	      "overrides.  A name that is not listed is an error.\n"
	      "# Secrets are not written here but in the files named here.\n",
	    out);
	for (const struct setting *s = settings; s->name != NULL; s++)
		fprintf(out, "\n# %s\n#%s = %s\n", s->comment, s->name,
		    s->fallback);
}
