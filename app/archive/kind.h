#ifndef ARCHIVE_KIND_H
#define ARCHIVE_KIND_H

#include <stddef.h>

/*
 * The media type that a file is served as: that of its name, where the
 * beginning of its content agrees and nothing in it runs in a browser; else
 * application/octet-stream.  Only the first KIND_HEAD bytes are looked at, by
 * signature: the web parses no file.
 */
enum { KIND_HEAD = 512 };

const char *kind_type(const char *name, const void *head, size_t size);

#endif
