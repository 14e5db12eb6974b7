#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/language.h"
#include "base/messages.h"

enum { RANGES_MOST = 32 };

const char *const languages[LANGUAGES + 1] = { "en", "fr", "es", "pt", "ar",
	"zh", "ru", NULL };

static const char *const locales[LANGUAGES] = { "en_GB", "fr", "es", "pt",
	"ar@numbers=latn", "zh", "ru" };

static const char *const names[LANGUAGES] = { "English", "Français", "Español",
	"Português", "العربية", "中文", "Русский" };

int
language_index(const char *language)
{
	for (int i = 0; language != NULL && i < LANGUAGES; i++)
		if (strcmp(languages[i], language) == 0)
			return i;

	return 0;
}

const char *
language_locale(const char *language)
{
	return locales[language_index(language)];
}

const char *
language_known(const char *language)
{
	int i = language_index(language);

	if (language == NULL || strcmp(languages[i], language) != 0)
		return NULL;

	return languages[i];
}

bool
language_rtl(const char *language)
{
	return strcmp(languages[language_index(language)], "ar") == 0;
}

const char *
language_name(const char *language)
{
	return names[language_index(language)];
}

/* ";q=0.8" in thousandths; 1000 when it is absent or not understood. */
static int
quality(const char *s, const char *end)
{
	int q = 0, weight = 1000;

	while (s < end && (*s == ' ' || *s == '\t' || *s == ';'))
		s++;
	if (end - s < 3 || (*s != 'q' && *s != 'Q') || s[1] != '=')
		return 1000;
	for (s += 2; s < end && weight > 0; s++) {
		if (*s == '.')
			continue;
		if (*s < '0' || *s > '9')
			break;
		q += (*s - '0') * weight;
		weight /= 10;
	}

	return q > 1000 ? 1000 : q;
}

/*
 * The n-th range, "pt-BR;q=0.8": its quality goes to the language it begins
 * with, or to `others` when it is a star.  The better of two ranges counts;
 * of two of one quality, the earlier.
 */
static void
read_range(
    const char *s, const char *end, int n, int wanted[LANGUAGES], int *others)
{
	size_t tag = strcspn(s, " \t;,-");
	const char *rest = memchr(s, ';', (size_t)(end - s));
	int q = rest == NULL ? 1000 : quality(rest, end);

	if (q > 0)
		q = q * RANGES_MOST - n;
	if (tag == 1 && *s == '*') {
		*others = q;
		return;
	}
	for (int i = 0; i < LANGUAGES; i++)
		if (tag == strlen(languages[i]) &&
		    strncasecmp(s, languages[i], tag) == 0 && q > wanted[i])
			wanted[i] = q;
}

const char *
language_accept(const char *header)
{
	int wanted[LANGUAGES], others = 0, best = -1;

	for (int i = 0; i < LANGUAGES; i++)
		wanted[i] = -1;
	for (int n = 0; header != NULL && *header != '\0' && n < RANGES_MOST;
	     n++) {
		const char *s = header + strspn(header, " \t,");
		const char *end = s + strcspn(s, ",");

		read_range(s, end, n, wanted, &others);
		header = end;
	}
	for (int i = 0; i < LANGUAGES; i++) {
		if (wanted[i] == -1)
			wanted[i] = others;
		if (wanted[i] > 0 && (best == -1 || wanted[i] > wanted[best]))
			best = i;
	}

	return languages[best == -1 ? 0 : best];
}
