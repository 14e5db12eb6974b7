/* Countries in the order of their names, which each language has its own. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>

#include "base/language.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/messages.h"

enum { COUNTRIES = 400, NAME = 128, KEY = 256 };

struct named {
	const char *code;
	uint8_t key[KEY]; /* bytes that sort as the name does, ended by 0 */
};

static int
by_key(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp((const char *)x->key, (const char *)y->key);
}

static void
put_key(struct named *named, const UCollator *order, const char *language)
{
	UErrorCode code = U_ZERO_ERROR;
	char locale[8] = "und_";
	UChar name[NAME];
	int32_t length;

	memcpy(locale + 4, named->code, 3);
	length = uloc_getDisplayCountry(
	    locale, language_locale(language), name, NAME, &code);
	if (U_FAILURE(code))
		length = 0;
	ucol_getSortKey(order, name, length, named->key, KEY);
	named->key[KEY - 1] = 0;
}

static bool
capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool
country_known(const char *code)
{
	static bool known[26][26], read;
	const char *const *c = country_codes();

	for (; !read && *c != NULL; c++)
		known[(*c)[0] - 'A'][(*c)[1] - 'A'] = true;
	read = true;

	return capital(code[0]) && capital(code[1]) && code[2] == '\0' &&
	       known[code[0] - 'A'][code[1] - 'A'];
}

const char *const *
countries_by_name(const char *language)
{
	static const char *sorted[LANGUAGES][COUNTRIES + 1];
	const char **codes = sorted[language_index(language)];
	const char *const *all = country_codes();
	UErrorCode code = U_ZERO_ERROR;
	struct named *named;
	UCollator *order;
	size_t n = 0;

	if (codes[0] != NULL)
		return codes;
	order = ucol_open(language_locale(language), &code);
	if (U_FAILURE(code)) {
		log_event(LOG_LEVEL_ERROR, "countries.unsorted", "why",
		    u_errorName(code), NULL);
		return all;
	}
	named = memory_new(COUNTRIES * sizeof(*named));
	for (; all[n] != NULL && n < COUNTRIES; n++) {
		named[n].code = all[n];
		put_key(&named[n], order, language);
	}
	qsort(named, n, sizeof(*named), by_key);
	for (size_t i = 0; i < n; i++)
		codes[i] = named[i].code;
	free(named);
	ucol_close(order);

	return codes;
}
