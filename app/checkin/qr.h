#ifndef CHECKIN_QR_H
#define CHECKIN_QR_H

struct arena;
struct fault;
struct text;

/*
 * QR codes, error correction M, in the smallest version that holds the text:
 * a ticket's 120 characters make version 5, 37 modules a side.
 */
enum { QR_QUIET = 4 }; /* modules of white on each side */

/* 1-bit PNG, `scale` pixels a module, quiet zone included, added to out. */
int qr_png(struct text *out, const char *text, int scale, struct fault *);

/*
 * For a page: <svg viewBox="0 0 side side"><path d="path"/></svg>, dark
 * modules only, the quiet zone included in `side`.
 */
struct qr_svg {
	int side;
	const char *path;
};
int qr_svg(struct arena *, const char *text, struct qr_svg *, struct fault *);

/* The version that the text takes, or 0 when it fits none. */
int qr_version(const char *text);

#endif
