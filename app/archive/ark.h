#ifndef ARCHIVE_ARK_H
#define ARCHIVE_ARK_H

/*
 * Identifiers of records as people write them (ARK specification 2.6 and
 * 2.7: case of the label and hyphens do not count; NOID's check character):
 * "99999", "K4-t8x2-m7k" is "99999/k4t8x2m7k".
 */
enum { ARK_MOST = 64 };

enum ark_verdict {
	ARK_GOOD,
	ARK_NOT,     /* no identifier by its shape */
	ARK_MISTYPED /* its check character does not fit */
};

/* Fills in `ark` only when it is good. */
enum ark_verdict ark_read(
    const char *naan, const char *name, char ark[ARK_MOST]);

/* The check character of "99999/k4…" without it. */
char ark_check(const char *, unsigned long length);

#endif
