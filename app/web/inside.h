#ifndef WEB_INSIDE_H
#define WEB_INSIDE_H

/* What the files of web/ share of a visit, and nobody else sees. */

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "db/db.h"
#include "web/form.h"
#include "web/request.h"
#include "web/visit.h"

enum {
	VISIT_VALUES = 96,  /* checked values: path, fields, extra binds */
	VISIT_FAULTS = 16,  /* shown at once on a form */
	BODY_MAX = 65536,   /* bytes, where an act does not say otherwise */
	PAGE_MAX = 16 << 20 /* bytes of a rendered page */
};

struct value {
	const char *name;
	const char *bound; /* as the statement gets it; NULL is null */
};

enum stage { STAGE_ACT, STAGE_AGAIN, STAGE_REVISION, STAGE_WHO };

struct visit {
	struct arena *arena;
	const struct request *request;
	const struct route *route;
	const struct act *act;   /* the route's, one that it went on to, or its .again */
	const struct act *then;  /* to go on with */
	void *kept;
	enum stage stage;
	const char *path;        /* decoded */
	const char *language;
	bool json;               /* answers in JSON */
	bool bearer;             /* came with Authorization, not a cookie */
	bool entered;            /* the segment starts with enter */
	bool throttled;          /* … and then a throttle */
	char token[68];          /* hash of the login token, "" when none */
	struct pairs typed;      /* as typed, for showing again */
	struct value value[VISIT_VALUES];
	int values;
	struct fault fault[VISIT_FAULTS];
	int faults;
	struct db_segment *segment;
	json_t *page;
	const char *template;
	const char *go;
	const char *revision, *passing; /* of a page to be kept, else NULL */
	bool responded;          /* the act answered with something of its own */
	struct response response;
	struct text out;
};

/* route.c: 0 found; MISSING or METHOD (then allow lists the methods). */
int route_find(struct visit *, const char **allow, struct fault *);
/* The path with its {names} filled from `lookup`, in the arena. */
const char *route_fill(struct visit *, const char *pattern,
    const char *(*lookup)(struct visit *, const char *));
const char *route_path_of(struct visit *, const struct act *);

/* field.c */
const char *field_value(struct visit *, const struct field *,
    const char *typed, struct fault *);
void fields_read(struct visit *, const struct field *, const struct pairs *);
/* Those that have no value yet, as if nothing had been said; -1 when one is
 * REQUIRED. */
int fields_unsaid(struct visit *, const struct field *, struct fault *);
/* May it stand there several times? */
bool field_several(const struct field *);
/* Words of the field's label. */
const char *field_label(struct visit *, const char *room, const char *name);
const char *field_room(const struct act *);

/* answers.c: the value of FIELD_ANSWERS. */
const char *answers_value(struct visit *, const struct field *,
    const struct pairs *, struct fault *);

/* rows.c: the value of FIELD_ROWS. */
const char *rows_value(struct visit *, const struct field *,
    const struct pairs *, struct fault *);

/* body.c: query or body into pairs. */
int body_read(struct visit *, struct pairs *, struct fault *);

/* guard.c */
int guard_origin(const struct visit *, struct fault *);
void guard_token(struct visit *);
const char *guard_address(const struct visit *);
const char *guard_need(enum who);
const char *cookie_find(struct arena *, const char *header, const char *name);

/* page.c */
void page_chrome(struct visit *);
void page_form(struct visit *);
int page_render(struct visit *, struct fault *);

/* problem.c: turns the visit's faults into its answer. */
void problem_answer(struct visit *);
json_t *problem_faults(struct visit *);
void problem_retry(struct visit *); /* when to come again, if that helps */

/* fresh.c: may a kept page do?  Does it, as its revision's row is?  What has
 * been made instead is kept, and gets its validator. */
bool fresh_asks(const struct visit *);
bool fresh_answer(struct visit *, const json_t *row);
void fresh_made(struct visit *);

/* headers.c: on every answer, faults too. */
void visit_security_headers(struct visit *);

#endif
