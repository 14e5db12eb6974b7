#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "schedule/frab.h"
#include "schedule/frab_inside.h"

/* Anything else is the XML parser's to judge. */
static bool
looks_like_json(const char *data, size_t size)
{
	size_t i = 0;

	while (i < size && strchr(" \t\r\n", data[i]) != NULL && data[i] != 0)
		i++;

	return i < size && data[i] == '{';
}

static void
clear(struct frab *r)
{
	json_decref(r->said);
	json_decref(r->guids);
	json_decref(r->ids);
	json_decref(r->people);
	json_decref(r->rooms);
	json_decref(r->tracks);
	free(r->slots);
}

int
frab_read(const char *data, size_t size, const char *zone, json_t **document,
    long *line, struct fault *f)
{
	struct frab r = { .zone = zone, .fault = f };
	int ret;

	*document = NULL;
	*line = 0;
	if (size == 0)
		return fault(f, FAULT_INPUT, "", "schedule.import.empty");
	if (size > FRAB_BYTES) {
		(void)fault(f, FAULT_LARGE, "", "schedule.import.large");
		f->number = FRAB_BYTES >> 20;
		return -1;
	}
	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3; /* a byte order mark says UTF-8, as we expect */
		size -= 3;
	}
	r.said = json_object();
	ret = looks_like_json(data, size) ? frab_json(&r, data, size)
	                                  : frab_xml(&r, data, size);
	if (ret == 0)
		ret = frab_document(&r);
	*line = r.line;
	if (ret == 0)
		*document = r.document;
	else
		json_decref(r.document);
	clear(&r);

	return ret;
}
