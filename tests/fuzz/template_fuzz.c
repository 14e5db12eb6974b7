#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/messages.h"
#include "base/text.h"
#include "web/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input is two templates, parted by a NUL: the page and its partial "p". */
static const char *
partial(void *context, const char *name)
{
	return strcmp(name, "p") == 0 ? context : NULL;
}

/* Any source is rendered or refused, within the limits. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static json_t *page;
	struct template_set *set;
	struct fault f;
	struct text out;
	char *source;

	if (page == NULL)
		page = json_pack("{s:[i,s,{s:i}],s:b,s:s,s:s,s:n}", "a", 1,
		    "<z>", "b", 2, "b", 0, "n", "p", "s",
		    "2026-03-04T14:00:00+05:45", "x");
	source = calloc(1, size + 2);
	memcpy(source, data, size);
	set = template_set_new(partial, source + strlen(source) + 1);
	text_init(&out, 64 * 1024);
	if (template_render_source(set, source, "ar", page, &out, &f) == 0 &&
	    (out.full || out.size > out.max))
		abort();
	text_free(&out);
	template_set_free(set);
	free(source);

	return 0;
}
