#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/*
 * A fault is why something asked for could not be done.  Its kind decides the
 * HTTP status, its field names the input at fault ("" when none is), its key
 * is the message that says so in the reader's language, with at most one
 * number and one text to put in.  The detail goes to the log only.
 *
 * Functions that can fail return 0, or -1 with the caller's fault filled in.
 */
enum fault_kind {
	FAULT_NONE,
	FAULT_INPUT,    /* 422: correct the form and try again */
	FAULT_FORM,     /* 400: the request itself is malformed */
	FAULT_SIGNIN,   /* 401: sign in first */
	FAULT_DENIED,   /* 403: this person may not */
	FAULT_MISSING,  /* 404: no such thing, or not visible */
	FAULT_METHOD,   /* 405: the door opens another way */
	FAULT_TYPE,     /* 406, 415: not in this format */
	FAULT_CONFLICT, /* 409: someone was faster, or the state does not allow */
	FAULT_EARLY,    /* 409: not yet; the number says in how many seconds */
	FAULT_GONE,     /* 410: it was here, and is not any more */
	FAULT_LARGE,    /* 413: over a limit of size */
	FAULT_RANGE,    /* 416: no such part of it */
	FAULT_LIMIT,    /* 429: too often */
	FAULT_BUSY,     /* 503: try again in a moment */
	FAULT_BROKEN    /* 500: our side; details go to the log only */
};

struct fault {
	enum fault_kind kind;
	char field[48];
	char key[64];    /* message key; the words are in assets/messages */
	long number;     /* {number} in the message */
	char text[96];   /* {text} in the message */
	char detail[256]; /* for the log, never shown */
};

/* Both always return -1, so that a caller can write: return fault(f, ...). */
int fault(struct fault *, enum fault_kind, const char *field, const char *key);
int fault_detail(struct fault *, enum fault_kind, const char *field,
    const char *key, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* The HTTP status of a kind; the one table that says so. */
int fault_status(enum fault_kind);

#endif
