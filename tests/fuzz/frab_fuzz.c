#include <jansson.h>
#include <libxml/xmlerror.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"
#include "schedule/frab.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
say_nothing(void *context, const char *format, ...)
{
	(void)context, (void)format;
}

/* What was written is read back, and written the same. */
static void
write_and_read(json_t *document)
{
	struct text first, second;
	struct fault f = { 0 };
	json_t *again = NULL;
	long line;

	text_init(&first, (size_t)FRAB_BYTES);
	text_init(&second, (size_t)FRAB_BYTES);
	if (frab_write(document, &first, &f) == 0 && !first.full) {
		if (frab_read(first.data, first.size, NULL, &again, &line,
		        &f) == -1 ||
		    frab_write(again, &second, &f) == -1 ||
		    first.size != second.size ||
		    memcmp(first.data, second.data, first.size) != 0)
			abort();
	}
	json_decref(again);
	text_free(&first);
	text_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *document = NULL;
	struct fault f = { 0 };
	long line;

	xmlSetGenericErrorFunc(NULL, say_nothing);
	if (frab_read((const char *)data, size, "Asia/Kathmandu", &document,
	        &line, &f) == 0)
		write_and_read(document);
	json_decref(document);

	return 0;
}
