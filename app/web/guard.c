/* Who comes, and from where: tokens, cookies, origins, addresses. */
#include <string.h>
#include <strings.h>

#include "base/config.h"
#include "base/token.h"
#include "web/inside.h"

static const char *const needs[] = { "anyone", "member", "scanner", "staff",
	"coordinator", "organizer", "admin" };

const char *
guard_need(enum who who)
{
	return needs[who];
}

/* A cookie of a site with TLS is bound to the host (RFC 6265bis 4.1.3.2). */
static bool
tls(void)
{
	return strncmp(config("origin"), "https:", 6) == 0;
}

const char *
visit_login_cookie(void)
{
	return tls() ? "__Host-convene" : "convene";
}

const char *
visit_browser_cookie(void)
{
	return tls() ? "__Host-browser" : "browser";
}

const char *
visit_cookie_sent(const struct visit *v, const char *name)
{
	return cookie_find(v->arena, visit_header(v, "cookie"), name);
}

const char *
cookie_find(struct arena *a, const char *header, const char *name)
{
	size_t n = strlen(name);

	while (header != NULL && *header != '\0') {
		size_t size = strcspn(header, ";");

		while (*header == ' ' && size > 0) {
			header++;
			size--;
		}
		if (size > n && strncmp(header, name, n) == 0 &&
		    header[n] == '=')
			return arena_part(a, header + n + 1, size - n - 1);
		header += size;
		if (*header == ';')
			header++;
	}

	return NULL;
}

static bool
token_shaped(const char *s)
{
	return s != NULL && strlen(s) == TOKEN_CHARS &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                 "0123456789-_") == TOKEN_CHARS;
}

void
guard_token(struct visit *v)
{
	const char *authorization = visit_header(v, "authorization");
	const char *token;

	if (authorization != NULL &&
	    strncasecmp(authorization, "Bearer ", 7) == 0) {
		token = authorization + 7;
		v->bearer = true;
	} else {
		token = visit_cookie_sent(v, visit_login_cookie());
	}
	if (token_shaped(token))
		token_hash(token, v->token);
}

/*
 * Unsafe methods only from our own pages: the browser says so in
 * Sec-Fetch-Site, or, where it does not know that header, in Origin.  A
 * bearer token is not sent by browsers by themselves, so it needs neither.
 */
int
guard_origin(const struct visit *v, struct fault *f)
{
	const char *site = visit_header(v, "sec-fetch-site");
	const char *origin = visit_header(v, "origin");
	const char *method = v->request->method;

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	    v->route->act->cross_site || v->bearer)
		return 0;
	if (site != NULL
	        ? strcmp(site, "same-origin") == 0
	        : origin != NULL && strcmp(origin, config("origin")) == 0)
		return 0;

	return fault(f, FAULT_DENIED, "", "web.cross_site");
}

/* The visitor's address for limits: IPv6 by its /64, as one person has all
 * of it.  nginx overwrites the header, so it cannot be forged. */
const char *
guard_address(const struct visit *v)
{
	const char *address = visit_header(v, "x-forwarded-for");
	size_t n = 0;

	if (address == NULL)
		return "none";
	if (strchr(address, ':') == NULL)
		return address;
	for (int groups = 0; address[n] != '\0'; n++)
		if (address[n] == ':' && ++groups == 4)
			break;

	return arena_part(v->arena, address, n);
}
