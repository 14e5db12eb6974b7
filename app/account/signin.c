/* Signing in by a code or a link that was mailed, and signing out. */
#include <string.h>

#include "account/acts.h"
#include "account/login.h"
#include "base/arena.h"
#include "base/token.h"
#include "sql.h"
#include "web/acts.h"

enum { BROWSER_SECONDS = 900, LOGIN_SECONDS = 30 * 86400 };

static const struct field signin_fields[] = { { .name = "email",
	                                          .kind = FIELD_EMAIL,
	                                          .flags = REQUIRED,
	                                          .autocomplete = "email" },
	{ .name = "next", .kind = FIELD_OPAQUE, .flags = HIDDEN },
	{ .name = NULL } };

static const struct field next_fields[] = {
	{ .name = "next", .kind = FIELD_OPAQUE, .flags = HIDDEN },
	{ .name = NULL }
};

static const struct field code_fields[] = { { .name = "code",
	                                        .kind = FIELD_CODE,
	                                        .flags = REQUIRED | SECRET,
	                                        .autocomplete =
	                                            "one-time-code" },
	{ .name = NULL } };

static const struct field link_fields[] = {
	{ .name = "token", .kind = FIELD_TOKEN, .flags = REQUIRED | HIDDEN },
	{ .name = NULL }
};

/* A hash kept in the visit's arena and bound by name. */
static const char *
bind_hash(struct visit *v, const char *name, const char *spelt)
{
	char *hash = arena_alloc(visit_arena(v), TOKEN_HASH_CHARS + 1);

	token_hash(spelt, hash);
	visit_bind(v, name, hash);

	return hash;
}

void
login_prepare(struct visit *v, const char *hash_name)
{
	char *token = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);

	token_new(token);
	visit_bind(v, "login", token);
	bind_hash(v, hash_name, token);
}

void
login_begin(struct visit *v)
{
	visit_cookie(
	    v, visit_login_cookie(), visit_field(v, "login"), LOGIN_SECONDS);
}

/* The code and the link are made here; the mail alone carries them. */
static int
ask_before(struct visit *v, struct fault *f)
{
	char *code = arena_alloc(visit_arena(v), CODE_CHARS + 1);
	char *link = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	char *browser = arena_alloc(visit_arena(v), TOKEN_CHARS + 1);
	const char *next = visit_field(v, "next");

	(void)f;
	token_code(code);
	token_new(link);
	token_new(browser);
	visit_bind(v, "code", code);
	visit_bind(v, "link", link);
	visit_bind(v, "goes_to", path_ours(next) ? next : "/my");
	bind_hash(v, "browser_hash", browser);
	visit_cookie(v, visit_browser_cookie(), browser, BROWSER_SECONDS);

	return 0;
}

/* Which browser asked, by its cookie. */
static void
bind_browser(struct visit *v)
{
	const char *browser = visit_cookie_sent(v, visit_browser_cookie());

	if (browser != NULL)
		bind_hash(v, "browser_hash", browser);
}

static int
code_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "code_hash", visit_field(v, "code"));
	bind_browser(v);
	login_prepare(v, "token_hash");

	return 0;
}

static int
link_before(struct visit *v, struct fault *f)
{
	(void)f;
	visit_bind(v, "link_hash", visit_field(v, "token"));
	bind_browser(v);
	login_prepare(v, "token_hash");

	return 0;
}

/* A refusal is an outcome and no exception, for the tries are counted. */
static int
use_answer(struct visit *v, json_t *page, struct fault *f)
{
	const char *outcome =
	    json_string_value(json_object_get(page, "outcome"));
	const char *field = visit_field(v, "code_hash") ? "code" : "token";

	if (strcmp(outcome, "wrong") == 0)
		return fault(f, FAULT_INPUT, field, "account.code_wrong");
	if (strcmp(outcome, "elsewhere") == 0)
		return fault(f, FAULT_INPUT, field, "account.other_browser");
	if (strcmp(outcome, "in") != 0)
		return fault(f, FAULT_INPUT, field, "account.code_spent");
	login_begin(v);
	visit_go(v, json_string_value(json_object_get(page, "goes_to")));

	return 0;
}

static int
out_answer(struct visit *v, json_t *page, struct fault *f)
{
	(void)page;
	(void)f;
	visit_cookie(v, visit_login_cookie(), "", 0);
	visit_respond_header(v, "clear-site-data", "\"storage\"");

	return 0;
}

const struct act account_signin = { .room = "account",
	.summary = "Asks for the address to sign in with",
	.fields = next_fields,
	.page = "account/signin",
	.form = &account_signin_ask,
	.quiet = true };

const struct act account_signin_ask = { .room = "account",
	.summary = "Mails a code and a link",
	.fields = signin_fields,
	.before = ask_before,
	.asks = { { "", &SQL_ACCOUNT_SIGNIN_ASK, MAYBE } },
	.go = "/signin/code",
	.again = &account_signin,
	.limit = "signin",
	.write = true };

const struct act account_code = { .room = "account",
	.summary = "Asks for the mailed code",
	.page = "account/code",
	.form = &account_code_use,
	.quiet = true };

const struct act account_code_use = { .room = "account",
	.summary = "Signs in with the mailed code",
	.fields = code_fields,
	.before = code_before,
	.asks = { { "", &SQL_ACCOUNT_SIGNIN_USE, ONE } },
	.answer = use_answer,
	.again = &account_code,
	.limit = "signin",
	.write = true };

const struct act account_link = { .room = "account",
	.summary = "Asks for the click that the mailed link needs",
	.page = "account/link",
	.form = &account_link_use,
	.quiet = true };

const struct act account_link_use = { .room = "account",
	.summary = "Signs in with the mailed link",
	.fields = link_fields,
	.before = link_before,
	.asks = { { "", &SQL_ACCOUNT_SIGNIN_USE, ONE } },
	.answer = use_answer,
	.again = &account_link,
	.limit = "signin",
	.write = true };

const struct act account_signout = { .room = "account",
	.summary = "Signs out",
	.asks = { { "", &SQL_ACCOUNT_LOGOUT, MAYBE } },
	.answer = out_answer,
	.go = "/",
	.said = "flash.signed_out",
	.write = true };

const struct act account_signout_everywhere = { .room = "account",
	.summary = "Signs out in every browser",
	.asks = { { "", &SQL_ACCOUNT_LOGOUT_EVERYWHERE, MAYBE } },
	.answer = out_answer,
	.go = "/",
	.said = "flash.signed_out",
	.write = true };
