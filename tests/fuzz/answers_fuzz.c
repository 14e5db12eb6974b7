/* Answers to a form's questions from anywhere: members of a form, or one
 * object. */
#include <string.h>

#include "web/inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct request none = { .method = "POST", .path = "/" };
	static const struct field fields[] = {
		{ .name = "answers", .kind = FIELD_ANSWERS }, { .name = NULL }
	};
	struct visit *v = visit_new(&none);
	struct pairs form = { .count = 0 }, object = { .count = 0 };
	struct fault f = { 0 };
	const char *text = arena_part(v->arena, (const char *)data, size);

	if (form_parse(v->arena, (const char *)data, size, &form, &f) == 0)
		fields_read(v, fields, &form);
	if (text_utf8(text, strlen(text))) {
		pairs_add(&object, "answers", text);
		fields_read(v, fields, &object);
	}
	visit_free(v);

	return 0;
}
