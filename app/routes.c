/* Every door of Convene.  First match wins. */
/* clang-format off */
#include <stddef.h>

#include "account/acts.h"
#include "web/acts.h"

const struct route routes[] = {
	/* method  path              who        act */
	{ "GET",  "/healthz",        ANYONE,    &web_health },
	{ "GET",  "/readyz",         ANYONE,    &web_ready },
	{ "GET",  "/metrics",        ANYONE,    &web_metrics },
	{ "GET",  "/api/openapi.json", ANYONE,  &web_openapi },
	{ "POST", "/language",       ANYONE,    &web_language },
	{ "GET",  "/about",          ANYONE,    &web_about },

	/* account */
	{ "GET",  "/signin",         ANYONE,    &account_signin },
	{ "POST", "/signin",         ANYONE,    &account_signin_ask },
	{ "GET",  "/signin/code",    ANYONE,    &account_code },
	{ "POST", "/signin/code",    ANYONE,    &account_code_use },
	{ "POST", "/signin/link",    ANYONE,    &account_link_use },
	{ "GET",  "/signin/{token}", ANYONE,    &account_link },
	{ "POST", "/signout",        ANYONE,    &account_signout },
	{ "POST", "/signout/everywhere", MEMBER, &account_signout_everywhere },
	{ "GET",  "/profile",        MEMBER,    &account_profile },
	{ "POST", "/profile",        MEMBER,    &account_profile_save },
	{ "GET",  "/roles",          ADMIN,     &account_roles },
	{ "POST", "/roles",          ADMIN,     &account_role_grant },
	{ "POST", "/roles/remove",   ADMIN,     &account_role_revoke },
	{ "GET",  "/audit",          ADMIN,     &account_audit },
	{ "GET",  "/events/{event}/devices", STAFF, &account_devices },
	{ "POST", "/events/{event}/devices", STAFF, &account_enrolment_make },
	{ "POST", "/devices/{device}/revoke", STAFF, &account_device_revoke },
	{ "POST", "/enrol",          ANYONE,    &account_enrolment_use },
	{ "GET",  "/enrol/{token}",  ANYONE,    &account_enrolment },

	{ NULL, NULL, ANYONE, NULL }
};
