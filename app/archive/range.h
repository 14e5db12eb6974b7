#ifndef ARCHIVE_RANGE_H
#define ARCHIVE_RANGE_H

#include <stdint.h>

/* Content-Range of a slice (RFC 9110 14.4): "bytes 0-99/1000", all known. */
struct range {
	uint64_t first;
	uint64_t last; /* inclusive */
	uint64_t size; /* of the whole */
};

/* 0, or -1 when it is not one, or lies outside of the whole. */
int range_read(const char *, struct range *);

#endif
