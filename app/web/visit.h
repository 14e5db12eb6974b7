#ifndef WEB_VISIT_H
#define WEB_VISIT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct arena;
struct sql;
struct db_segment;

/* A visit is one request from its first byte read to its answer. */
enum who {
	ANYONE,      /* nobody need have signed in */
	MEMBER,      /* signed in */
	SCANNER,     /* an enrolled device, or staff, of the event */
	STAFF,       /* door staff of the event, or above */
	COORDINATOR, /* of a unit; at an event that is no draft */
	ORGANIZER,   /* of the event or its program, or above */
	ADMIN        /* of the system */
};

enum field_kind {
	FIELD_ID,       /* positive 63-bit integer */
	FIELD_NUMBER,   /* integer, least to most */
	FIELD_WORD,     /* one line of text, trimmed, no controls */
	FIELD_TEXT,     /* several lines */
	FIELD_EMAIL,    /* one address, no display name, at most 254 bytes */
	FIELD_URL,      /* http or https */
	FIELD_UUID,
	FIELD_CHOICE,   /* one of .choices */
	FIELD_FLAG,     /* checkbox: present is true; REQUIRED: has to be */
	FIELD_DAY,      /* 2026-03-04 */
	FIELD_MOMENT,   /* local wall time 2026-03-04T14:00, zone elsewhere */
	FIELD_ZONE,     /* IANA name */
	FIELD_LANGUAGE, /* one of languages[] */
	FIELD_COUNTRY,  /* ISO 3166 alpha-2 */
	FIELD_CODE,     /* sign-in code as typed */
	FIELD_TOKEN,    /* base64url, 43 characters; hashed before it is bound */
	FIELD_OPAQUE,   /* ASCII graph characters: ticket text, cursor */
	FIELD_IDS,      /* several FIELD_ID of one name, bound as int8[] */
	FIELD_CHOICES,  /* several words of one name, of .options, bound as text[] */
	FIELD_JSON,     /* an object or array of the JSON body, bound as json text */
	FIELD_ANSWERS,  /* q12, q12-words … of a form, or one object of the JSON body:
	                 * bound as json text, {"12": "a", "13": ["b", "c"], "lang": "en"},
	                 * NULL when nothing was answered; a fault names "q12".  The page
	                 * shows them itself, and names them in page.labels */
	FIELD_ROWS      /* name-1, email-1, name-2 … of a form, the columns in .choices, or an
	                 * array of such objects of the JSON body: bound as json text,
	                 * [{"n": 1, "name": "…"}], without the rows that are empty, NULL when
	                 * all are; shown and named as FIELD_ANSWERS */
};

enum field_flags {
	REQUIRED = 1,
	SECRET = 2,     /* never repeated in a page or a log */
	HIDDEN = 4,     /* <input type=hidden> */
	STRANGER = 8    /* asked only of who has not signed in */
};

struct field {
	const char *name;
	enum field_kind kind;
	unsigned flags;
	long least, most;            /* characters of text, value of numbers (most 0: 2^31 - 1);
	                              * 0: the kind's own */
	const char *const *choices;  /* FIELD_CHOICE: values; words are message choice.<name>.<value> */
	const char *options;         /* name of an ask whose rows {value,label} are offered */
	const char *autocomplete;    /* HTML autocomplete token (WCAG 1.3.5) */
};

struct visit;

/* ONE: exactly one row, else FAULT_MISSING, merged into the page under .as;
 * MAYBE: object or absent; MANY: array. */
enum shape { ONE, MAYBE, MANY };
struct ask {
	const char *as;
	const struct sql *sql;
	enum shape shape;
};

enum { ACT_ASKS = 8 };

/* .body_max of a form with long texts: percent-encoded, in any script. */
enum { LONG_TEXT = 512 * 1024 };

/*
 * An act is what a door does.  Mostly data: the fields are checked, each ask
 * is bound from them by name (and from lang, origin, and `again` on a page that
 * is shown with what was typed), all in one
 * segment.  `before` may add or refuse values; `answer` is pure: rows are in
 * the page, it shapes them.  A write says where to go on (`go`, with {name}
 * of a page value or field), a read which page to show.
 *
 * `before` and `answer` run only when what the path names and all fields of
 * their act are checked: one that is REQUIRED (and no STRANGER) is not NULL, a
 * FIELD_FLAG is "true" or "false", FIELD_IDS and FIELD_CHOICES are an array,
 * "{}" when empty; all others are NULL, or "" of words, where nothing was said.
 *
 * That holds for the page of `again`, too: it has what the write has bound, its
 * own fields beyond are as if nothing had been said, and its `before` runs
 * whatever stopped the write.  If one of them is REQUIRED and the write has it
 * not, the faults are answered without that page.
 */
struct act {
	const char *room;               /* "registration": whose field labels */
	const char *summary;            /* for OpenAPI: "Registers a person for an event" */
	const struct field *fields;     /* beyond those of the path */
	struct ask asks[ACT_ASKS];
	int (*before)(struct visit *, struct fault *);
	int (*answer)(struct visit *, json_t *page, struct fault *);
	const char *page;               /* template, "schedule/event" */
	const char *go;                 /* 303 to here after a write, "/events/{event}" */
	const char *said;               /* flash message key shown there */
	const struct act *form;         /* on a page: the act whose form it shows */
	const char *prefill;            /* on a page: name of the ask whose row fills that form */
	bool typed;                     /* … or what was typed does, for a write that was only tried */
	const struct act *again;        /* on a write: the page that shows it with its faults */
	bool write;                     /* send to the write pool */
	bool rush;                      /* many at once want the same row: db_hurry() */
	bool together;                  /* and one statement serves them, of one scope: db_together();
	                                 * it lets in and limits by itself, so the door is for ANYONE */
	const char *limit;              /* bucket of account.throttle, or NULL */
	size_t body_max;                /* bytes; 0: 64 KiB */
	bool raw;                       /* the body is a file's bytes: see visit_body_path() */
	bool cross_site;                /* accepts unsafe methods from elsewhere (one-click) */
	bool quiet;                     /* never cached, never indexed */
	const struct sql *revision;     /* asked first for who has not signed in: see web/fresh.c */
};

struct route {
	const char *method;
	const char *path;               /* {program} {event} {session} {person} … are ids */
	enum who who;
	const struct act *act;
};

/* First match wins; the table ends with a NULL method. */
extern const struct route routes[];

/* --- what `before` and `answer` may use --- */
struct arena *visit_arena(struct visit *);
const char *visit_language(const struct visit *);
const char *visit_field(const struct visit *, const char *name); /* checked value or NULL */
void visit_bind(struct visit *, const char *name, const char *value); /* extra parameter */
void visit_bind_json(struct visit *, const char *name, const json_t *value);

/* For fields that a page makes itself: is it shown again, with its faults, or
 * because it was only tried?  Then what was typed (the n-th of that name) and what is wrong with it, or NULL.
 * Or: was this typed there, among others?
 * More faults, and page.labels {name: words} of such fields. */
bool visit_again(const struct visit *);
const char *visit_typed(const struct visit *, const char *name, int n);
bool visit_typed_so(const struct visit *, const char *name, const char *value);
const char *visit_wrong(struct visit *, const char *name);
void visit_fault(struct visit *, const struct fault *);

const char *visit_header(const struct visit *, const char *lowercase_name);
const char *visit_body_path(const struct visit *, size_t *size); /* raw: file of the body */
const char *visit_body(const struct visit *, size_t *size);      /* raw and small, else NULL */
const char *visit_origin(const struct visit *); /* configured, "https://host" */
const json_t *visit_me(const struct visit *);   /* the row of enter, or NULL */
bool visit_wants_json(const struct visit *);

/* Cookies: of the login, of the browser that asks to sign in, and as sent. */
const char *visit_login_cookie(void);
const char *visit_browser_cookie(void);
const char *visit_cookie_sent(const struct visit *, const char *name);

/* Answers other than a page. */
void visit_cookie(struct visit *, const char *name, const char *value, long seconds);
void visit_respond_header(struct visit *, const char *name, const char *value);
void visit_respond_text(struct visit *, const char *type, const char *, size_t);
void visit_respond_file(struct visit *, const char *internal_path,
    const char *type, const char *download_name); /* X-Accel-Redirect */
void visit_go(struct visit *, const char *where);   /* 303 instead of .go */
void visit_status(struct visit *, int);             /* 201, 202 instead of 200 */
void visit_page(struct visit *, const char *template);

/*
 * Goes on with another act: from `before` instead of this one, from `answer`
 * after it, in a segment (and so a transaction) of its own.  Its asks, answer
 * and page count then; the fields stay as they were read, and the page keeps
 * what it has.
 */
void visit_then(struct visit *, const struct act *);

/* Something in the visit's arena that the visit's own functions share. */
void visit_keep(struct visit *, void *);
void *visit_kept(const struct visit *);

/* The message in the visit's language, arguments from a page object. */
const char *visit_message(struct visit *, const char *key, json_t *arguments);

#endif
