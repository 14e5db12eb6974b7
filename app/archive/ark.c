#include "archive/ark.h"

#include <ctype.h>
#include <string.h>

/* Digits and consonants, without those that look alike or make words. */
static const char betanumeric[] = "0123456789bcdfghjkmnpqrstvwxz";

enum { NAAN_CHARS = 5, NAME_LEAST = 3, RADIX = sizeof(betanumeric) - 1 };

char
ark_check(const char *s, unsigned long length)
{
	unsigned long sum = 0;

	for (unsigned long i = 0; i < length; i++) {
		const char *at = memchr(betanumeric, s[i], RADIX);

		if (at != NULL)
			sum += (i + 1) * (unsigned long)(at - betanumeric);
	}

	return betanumeric[sum % RADIX];
}

enum ark_verdict
ark_read(const char *naan, const char *name, char ark[ARK_MOST])
{
	char spelt[ARK_MOST];
	size_t n = NAAN_CHARS + 1;

	if (strlen(naan) != NAAN_CHARS ||
	    strspn(naan, "0123456789") != NAAN_CHARS)
		return ARK_NOT;
	memcpy(spelt, naan, NAAN_CHARS);
	spelt[NAAN_CHARS] = '/';
	for (; *name != '\0'; name++) {
		char c = (char)tolower((unsigned char)*name);

		if (c == '-')
			continue;
		if (n == ARK_MOST - 1 || !isalnum((unsigned char)c))
			return ARK_NOT;
		spelt[n++] = c;
	}
	if (n < NAAN_CHARS + 1 + NAME_LEAST)
		return ARK_NOT;
	if (spelt[n - 1] != ark_check(spelt, n - 1))
		return ARK_MISTYPED;
	spelt[n] = '\0';
	memcpy(ark, spelt, n + 1);

	return ARK_GOOD;
}
