/* Mail that comes back, by the command line. */
#include "notice/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/fault.h"
#include "base/text.h"
#include "db/once.h"
#include "notice/bounce.h"
#include "registration/keys.h"
#include "sql.h"

static void
read_all(struct text *mail)
{
	char part[65536];
	size_t n;

	text_puts(mail, "");
	while ((n = fread(part, 1, sizeof(part), stdin)) > 0)
		text_add(mail, part,
		    n < mail->max - mail->size ? n : mail->max - mail->size);
}

/* The relay keeps what we could not take, and comes again. */
static int
later(const struct fault *f)
{
	fprintf(stderr, "convene: %s\n", f->detail);

	return EX_TEMPFAIL;
}

static int
store(struct arena *a, const struct bounce *b)
{
	struct fault f = { 0 };

	if (db_once(a, &SQL_NOTICE_BOUNCE, &f, "notice",
	        arena_printf(a, "%" PRId64, b->notice), "for_good",
	        b->kind == BOUNCE_HARD ? "true" : "false", "problem", b->words,
	        NULL) == NULL)
		return later(&f);
	printf("%" PRId64 " came back: %s\n", b->notice, b->status);

	return 0;
}

int
bounce_command(int argc, char **argv)
{
	struct arena *a;
	struct fault f = { 0 };
	const uint8_t *secret;
	struct text mail;
	struct bounce b;
	int ret = 0;

	if (argc > 2)
		return 2;
	secret = registration_secret(&f);
	if (secret == NULL)
		return later(&f);
	text_init(&mail, BOUNCE_BYTES);
	read_all(&mail);
	bounce_read(
	    &b, secret, argc == 2 ? argv[1] : NULL, mail.data, mail.size);
	text_free(&mail);

	a = arena_new();
	if (b.kind == BOUNCE_FORGED) {
		fputs("convene: this came to no address of ours\n", stderr);
		ret = EX_NOUSER;
	} else if (b.kind == BOUNCE_IGNORED)
		printf("%" PRId64 " did not come back\n", b.notice);
	else
		ret = store(a, &b);
	arena_free(a);

	return ret;
}
