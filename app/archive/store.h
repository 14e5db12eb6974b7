#ifndef ARCHIVE_STORE_H
#define ARCHIVE_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct fault;

/*
 * Files on disk.  An upload grows in `upload`/part-<number>; beside it lies
 * how far it came and the state of its SHA-256, so that whoever goes on with
 * it, also after a crash, need not read it again.  What is complete moves to
 * `store`/ab/cd/<sha256 in hex>; the two folders are on one file system.
 *
 * Each byte that is counted is on the disk; after a power cut the count may be
 * an older one, or none.  One process at a time writes an upload; another is
 * refused (409).  A full disk is 503, and takes nothing away from what was
 * there.
 */
enum { STORE_HASH = 32, STORE_PATH = 72 /* "ab/cd/" and 64 digits */ };

/* Is there room for so many bytes, with disk_reserve left? */
int store_room(uint64_t bytes, struct fault *);

/* So far the upload has come; 0 also when nothing is known of it. */
uint64_t store_received(uint64_t upload, uint64_t size);

/*
 * Takes n bytes that begin at `from`; what of them is there already is passed
 * over.  `received` is how far the upload is then, also when the bytes begin
 * beyond that: then -1 with FAULT_CONFLICT "archive.gap".
 */
int store_take(uint64_t upload, uint64_t size, uint64_t from, const void *bytes,
    size_t n, uint64_t *received, struct fault *);

/* A whole upload into its place.  Safe to repeat until store_forget(). */
int store_finish(uint64_t upload, uint64_t size, uint8_t hash[STORE_HASH],
    struct fault *);

/* What is left of an upload that is finished, or given up. */
void store_forget(uint64_t upload);

/* What was begun and not gone on with for a day goes: parts, and the bodies of
 * requests that a killed web left.  Who comes back begins anew. */
void store_sweep(void);

/* A file that nothing names any more goes; not one that came to its place at
 * `before` or later, for whoever brought it may be about to name it: then -1
 * with FAULT_CONFLICT. */
int store_discard(
    const uint8_t hash[STORE_HASH], time_t before, struct fault *);

/* Where a file lies under `store`. */
void store_path(const uint8_t hash[STORE_HASH], char path[STORE_PATH]);

/* The beginning of a file in the store; how many bytes. */
size_t store_head(const uint8_t hash[STORE_HASH], void *out, size_t room);

#endif
