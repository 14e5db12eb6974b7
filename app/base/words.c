#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/language.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/messages.h"

enum { WIDE = 256, SIZES = 5 };

/* What ICU opened, each when it was first needed. */
static UDateFormat *dates[LANGUAGES][WORDS_OFFSET];
static UNumberFormat *numbers[LANGUAGES];
static UNumberFormatter *sizes[LANGUAGES][SIZES];

/* What to show, of which ICU knows the order and the words; "j" is the hour as
 * the language counts it. */
static const UChar *const skeletons[] = {
	[WORDS_DATE] = u"yMMMMd",
	[WORDS_DAY] = u"EEEEMMMMd",
	[WORDS_FULL] = u"yEEEEMMMMd",
	[WORDS_TIME] = u"jmm",
	[WORDS_MOMENT] = u"yMMMMdjmm",
};

/* Date and time in one, without the "at" that ICU would put between. */
static const UChar *const joined[LANGUAGES] = { u"{1}, {0}", u"{1}, {0}",
	u"{1}, {0}", u"{1}, {0}", u"{1}، {0}", u"{1} {0}", u"{1}, {0}" };

static const char *
narrow(struct arena *a, const UChar *s, int32_t length)
{
	char out[WIDE * 3 + 1] = "";
	UErrorCode code = U_ZERO_ERROR;

	u_strToUTF8WithSub(
	    out, sizeof(out), NULL, s, length, 0xfffd, NULL, &code);

	return arena_text(a, out);
}

/* A loss of ICU's data is no reason to fail a page: say what we have. */
static const char *
unworded(struct arena *a, const char *what, const char *plain, UErrorCode code)
{
	log_event(LOG_LEVEL_ERROR, "words.refused", "what", what, "why",
	    u_errorName(code), NULL);

	return arena_text(a, plain);
}

static UDateFormat *
date_open(const char *language, enum words_of of, UErrorCode *code)
{
	int i = language_index(language);
	const char *locale = language_locale(language);
	UDateTimePatternGenerator *g = udatpg_open(locale, code);
	UDateFormat *format = NULL;
	UChar pattern[128];
	int32_t length;

	udatpg_setDateTimeFormat(g, joined[i], -1);
	length =
	    udatpg_getBestPattern(g, skeletons[of], -1, pattern, 128, code);
	if (i == 0 && of == WORDS_DAY) /* British, without ICU's comma */
		length = u_strlen(u_strcpy(pattern, u"EEEE d MMMM"));
	if (i == 0 && of == WORDS_FULL)
		length = u_strlen(u_strcpy(pattern, u"EEEE d MMMM y"));
	if (U_SUCCESS(*code))
		format = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, u"GMT",
		    -1, pattern, length, code);
	udatpg_close(g);

	return format;
}

/*
 * What was worded lately.  The sessions of a schedule begin at few different
 * times, and ICU's calendar takes longer over one than all else about its line.
 */
enum { SAID = 512, SAID_ROOM = 96 };
static struct said {
	int language; /* its index and 1; 0: nothing was said here yet */
	enum words_of of;
	int64_t wall;
	char words[SAID_ROOM];
} said[SAID];

static struct said *
said_of(int language, enum words_of of, int64_t wall)
{
	uint64_t mixed =
	    (uint64_t)wall / 60000 * 64 + (uint64_t)language * 8 + (uint64_t)of;

	return &said[mixed * 0x9e3779b97f4a7c15u >> 55]; /* 9 bits: SAID */
}

static bool
said_is(const struct said *s, int language, enum words_of of, int64_t wall)
{
	return s->language == language + 1 && s->of == of && s->wall == wall;
}

static void
say_again(struct said *s, int language, enum words_of of, int64_t wall,
    const char *words)
{
	if (strlen(words) >= SAID_ROOM)
		return;
	s->language = language + 1;
	s->of = of;
	s->wall = wall;
	memcpy(s->words, words, strlen(words) + 1);
}

static const char *
words_offset(struct arena *a, int offset)
{
	int far = abs(offset);

	if (offset == 0)
		return "UTC";

	return arena_printf(
	    a, "UTC%c%02d:%02d", offset < 0 ? '-' : '+', far / 60, far % 60);
}

/* ICU's zone data may be years old: it is given the wall time, in the one
 * zone that never changes. */
static const char *
words_wall(
    struct arena *a, const char *language, enum words_of of, int64_t wall)
{
	UDateFormat **format = &dates[language_index(language)][of];
	UErrorCode code = U_ZERO_ERROR;
	UChar out[WIDE];
	int32_t length = 0;

	if (*format == NULL)
		*format = date_open(language, of, &code);
	if (U_SUCCESS(code))
		length =
		    udat_format(*format, (double)wall, out, WIDE, NULL, &code);
	if (U_FAILURE(code))
		return unworded(a, "moment", "?", code);

	return narrow(a, out, length);
}

const char *
words_moment(
    struct arena *a, const char *language, enum words_of of, struct moment m)
{
	int64_t wall = m.utc + (int64_t)m.offset * 60000;
	int index = language_index(language);
	const char *words;
	struct said *s;

	if (of == WORDS_OFFSET)
		return words_offset(a, m.offset);
	s = said_of(index, of, wall);
	if (said_is(s, index, of, wall))
		return arena_text(a, s->words);
	words = words_wall(a, language, of, wall);
	if (words[0] != '?')
		say_again(s, index, of, wall, words);

	return words;
}

const char *
words_number(struct arena *a, const char *language, double number)
{
	UNumberFormat **format = &numbers[language_index(language)];
	UErrorCode code = U_ZERO_ERROR;
	UChar out[WIDE];
	int32_t length = 0;

	if (*format == NULL)
		*format = unum_open(UNUM_DECIMAL, NULL, 0,
		    language_locale(language), NULL, &code);
	if (U_SUCCESS(code))
		length =
		    unum_formatDouble(*format, number, out, WIDE, NULL, &code);
	if (U_FAILURE(code))
		return unworded(
		    a, "number", arena_printf(a, "%.15g", number), code);

	return narrow(a, out, length);
}

static UNumberFormatter *
size_open(const char *language, int unit, UErrorCode *code)
{
	static const UChar *const units[SIZES] = {
		u"measure-unit/digital-byte unit-width-full-name",
		u"measure-unit/digital-kilobyte .# unit-width-short",
		u"measure-unit/digital-megabyte .# unit-width-short",
		u"measure-unit/digital-gigabyte .# unit-width-short",
		u"measure-unit/digital-terabyte .# unit-width-short",
	};

	return unumf_openForSkeletonAndLocale(
	    units[unit], -1, language_locale(language), code);
}

/* Thousands as people read them: what would round to 1000 is the next unit. */
const char *
words_size(struct arena *a, const char *language, double bytes)
{
	UErrorCode code = U_ZERO_ERROR;
	UFormattedNumber *result;
	UNumberFormatter **format;
	UChar out[WIDE];
	double value = bytes;
	int32_t length = 0;
	int unit = 0;

	for (; value >= 999.95 && unit < SIZES - 1; unit++)
		value /= 1000;
	format = &sizes[language_index(language)][unit];
	if (*format == NULL)
		*format = size_open(language, unit, &code);
	result = unumf_openResult(&code);
	if (U_SUCCESS(code)) {
		unumf_formatDouble(*format, value, result, &code);
		length = unumf_resultToString(result, out, WIDE, &code);
	}
	unumf_closeResult(result);
	if (U_FAILURE(code))
		return unworded(
		    a, "size", arena_printf(a, "%.0f", bytes), code);

	return narrow(a, out, length);
}

static const char *
country(struct arena *a, const char *language, const char *code)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar out[WIDE];
	char locale[16];
	int32_t length;

	snprintf(locale, sizeof(locale), "und_%.8s", code);
	length = uloc_getDisplayCountry(
	    locale, language_locale(language), out, WIDE, &error);
	if (error != U_ZERO_ERROR || length == 0)
		return arena_text(a, code);

	return narrow(a, out, length);
}

/* A form of many people has all of them many times: each is asked for once. */
const char *
words_country(struct arena *a, const char *language, const char *code)
{
	static char *names[LANGUAGES][26][26];
	char **name;

	if (!country_known(code))
		return country(a, language, code);
	name = &names[language_index(language)][code[0] - 'A'][code[1] - 'A'];
	if (*name == NULL)
		*name = memory_text(country(a, language, code));

	return *name;
}

const char *const *
country_codes(void)
{
	return uloc_getISOCountries();
}

/* The two-letter codes, which are those that ICU has names for. */
const char *const *
language_codes(void)
{
	static const char *codes[WIDE];
	int n = 0;

	if (codes[0] != NULL)
		return codes;
	for (const char *const *c = uloc_getISOLanguages();
	     *c != NULL && n < WIDE - 1; c++)
		if (strlen(*c) == 2)
			codes[n++] = *c;

	return codes;
}

const char *
words_language(struct arena *a, const char *language, const char *code)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar out[WIDE];
	int32_t length;

	length = uloc_getDisplayName(
	    code, language_locale(language), out, WIDE, &error);
	if (error != U_ZERO_ERROR || length == 0)
		return arena_text(a, code);

	return narrow(a, out, length);
}

/* --- by name, as templates and messages ask --- */

static const char *
say_moment(struct arena *a, const char *language, int of, const char *value)
{
	int year, month, day;
	struct moment m;

	if (clock_day(value, &year, &month, &day) == 0 &&
	    (of == WORDS_DATE || of == WORDS_DAY || of == WORDS_FULL))
		value = arena_printf(a, "%sT00:00:00Z", value);

	return moment_read(value, &m) == -1
	           ? NULL
	           : words_moment(a, language, (enum words_of)of, m);
}

static const char *
say_iso(struct arena *a, const char *language, int of, const char *value)
{
	int year, month, day;
	struct moment m;

	(void)language;
	(void)of;
	if (clock_day(value, &year, &month, &day) == -1 &&
	    moment_read(value, &m) == -1)
		return NULL;

	return arena_text(a, value);
}

static const char *
say_number(struct arena *a, const char *language, int size, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	if (end == value || *end != '\0')
		return NULL;

	return size ? words_size(a, language, number)
	            : words_number(a, language, number);
}

static const char *
say_name(struct arena *a, const char *language, int country, const char *value)
{
	if (*value == '\0')
		return NULL;

	return country ? words_country(a, language, value)
	               : words_language(a, language, value);
}

static const struct kind {
	const char *name;
	const char *(*say)(struct arena *, const char *, int, const char *);
	int of;
} kinds[] = {
	{ "date", say_moment, WORDS_DATE },
	{ "day", say_moment, WORDS_DAY },
	{ "full", say_moment, WORDS_FULL },
	{ "time", say_moment, WORDS_TIME },
	{ "moment", say_moment, WORDS_MOMENT },
	{ "offset", say_moment, WORDS_OFFSET },
	{ "iso", say_iso, 0 },
	{ "number", say_number, 0 },
	{ "size", say_number, 1 },
	{ "country", say_name, 1 },
	{ "language", say_name, 0 },
	{ NULL, NULL, 0 },
};

static const struct kind *
kind_named(const char *name)
{
	for (const struct kind *k = kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;

	return NULL;
}

bool
words_known(const char *kind)
{
	return kind_named(kind) != NULL;
}

const char *
words_value(
    struct arena *a, const char *language, const char *kind, const char *value)
{
	const struct kind *k = kind_named(kind);

	return k == NULL ? NULL : k->say(a, language, k->of, value);
}
