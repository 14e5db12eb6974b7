#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uenum.h>
#include <unicode/umsg.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/language.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/pattern.h"
#include "base/text.h"

enum {
	ARGUMENTS_MOST = PATTERN_NUMBERS + PATTERN_TEXTS,
	DEPTH_MOST = 6,
	PATTERN_MOST = 16 * 1024
};

enum use { PLAIN, NUMBER, SELECT, WORDED };

struct argument {
	char *name;
	char *kind; /* of words_value(); NULL when it is not WORDED */
	enum use use;
};

struct pattern {
	char *text; /* the source, or its rewriting */
	bool plain; /* ICU has nothing to do */
	struct argument arguments[ARGUMENTS_MOST];
	int count;
	unsigned plurals; /* the forms that every plural of it has */
	UMessageFormat *open;
};

/* Forms of the plural, as bits. */
static const struct form {
	const char *selector;
	unsigned bit;
} forms[] = { { "zero", 1 }, { "=0", 1 }, { "one", 2 }, { "=1", 2 },
	{ "two", 4 }, { "=2", 4 }, { "few", 8 }, { "many", 16 },
	{ "other", 32 }, { NULL, 0 } };

/* The scan of a source; `out` is its rewriting. */
struct scan {
	const char *at;
	struct pattern *pattern;
	struct text out;
	int depth;
	const char *wrong; /* what is wrong with it, or NULL */
};

static bool scan_words(struct scan *, bool plural);

static bool
refuse(struct scan *s, const char *why)
{
	s->wrong = why;

	return false;
}

static void
skip_space(struct scan *s)
{
	s->at += strspn(s->at, " \t\r\n");
}

/* The argument's number in the rewriting: numbers come before texts. */
static int
argument_number(const struct pattern *p, int which)
{
	bool number = p->arguments[which].use == NUMBER;
	int n = 0;

	for (int i = 0; i < p->count; i++) {
		bool other = p->arguments[i].use == NUMBER;

		if (other == number ? i < which : other)
			n++;
	}

	return n;
}

static int
same_argument(
    const struct argument *a, const char *name, size_t length, const char *kind)
{
	if (strlen(a->name) != length || strncmp(a->name, name, length) != 0)
		return 0;
	if (a->kind == NULL || kind == NULL)
		return a->kind == kind;

	return strcmp(a->kind, kind) == 0;
}

/* The place of the argument, which is added when it is new.  What is a number
 * anywhere is a number wherever it stands plainly. */
static int
argument_place(struct scan *s, const char *name, size_t length, enum use use,
    const char *kind)
{
	struct pattern *p = s->pattern;
	struct argument *a = p->arguments;
	int i = 0;

	while (i < p->count && !same_argument(&a[i], name, length, kind))
		i++;
	if (i == ARGUMENTS_MOST) {
		refuse(s, "too many arguments");
		return -1;
	}
	if (i == p->count) {
		a[i].name = memory_grow(NULL, length + 1);
		memcpy(a[i].name, name, length);
		a[i].name[length] = '\0';
		a[i].kind = kind == NULL ? NULL : memory_text(kind);
		a[i].use = use;
		p->count++;
	}
	if ((a[i].use == NUMBER && use == SELECT) ||
	    (a[i].use == SELECT && use == NUMBER)) {
		refuse(s, "an argument is both number and select");
		return -1;
	}
	if (a[i].use == PLAIN)
		a[i].use = use;

	return i;
}

/* From an opening apostrophe through the closing one. */
static bool
scan_quoted(struct scan *s)
{
	const char *from = s->at++;

	for (;;) {
		s->at += strcspn(s->at, "'");
		if (*s->at == '\0')
			return refuse(s, "an apostrophe is not closed");
		s->at++;
		if (*s->at != '\'')
			break;
		s->at++;
	}
	text_add(&s->out, from, (size_t)(s->at - from));

	return true;
}

static unsigned
form_bit(const char *selector, size_t length)
{
	for (const struct form *f = forms; f->selector != NULL; f++)
		if (strlen(f->selector) == length &&
		    strncmp(f->selector, selector, length) == 0)
			return f->bit;

	return 0;
}

/* "offset:1 one {…} other {…}}": the selectors and their words. */
static bool
scan_choices(struct scan *s, bool plural, unsigned *seen)
{
	for (;;) {
		size_t length;

		skip_space(s);
		if (*s->at == '}')
			return true;
		length = strcspn(s->at, " \t\r\n{}'");
		if (length == 0)
			return refuse(s, "a choice has no name");
		*seen |= form_bit(s->at, length);
		text_add(&s->out, s->at, length);
		text_puts(&s->out, " ");
		s->at += length;
		skip_space(s);
		if (*s->at != '{')
			continue; /* it was the offset; ICU knows better */
		text_add(&s->out, s->at++, 1);
		if (!scan_words(s, plural))
			return false;
		if (*s->at != '}')
			return refuse(s, "a choice is not closed");
		text_add(&s->out, s->at++, 1);
	}
}

/* "#,##0.0" or "::percent": passed on as it is, except that "integer" would
 * have ICU take an int instead of a double. */
static bool
scan_style(struct scan *s)
{
	size_t length = strcspn(s->at, "{}'");

	if (s->at[length] != '}')
		return refuse(s, "a number's style is too clever");
	while (length > 0 && isspace((unsigned char)s->at[length - 1]))
		length--;
	text_puts(&s->out, ",");
	if (length == 7 && strncmp(s->at, "integer", 7) == 0)
		text_puts(&s->out, "::precision-integer");
	else
		text_add(&s->out, s->at, length);
	s->at += strcspn(s->at, "}");

	return true;
}

static void
put_argument(struct scan *s, int place, const char *type)
{
	text_printf(&s->out, "{%d%s%s", argument_number(s->pattern, place),
	    *type == '\0' ? "" : ",", type);
}

static bool
scan_plural(struct scan *s, int place, const char *type)
{
	unsigned seen = 0;

	if (place == -1)
		return false;
	put_argument(s, place, type);
	text_puts(&s->out, ",");
	if (!scan_choices(s, strcmp(type, "select") != 0, &seen))
		return false;
	if (strcmp(type, "plural") == 0)
		s->pattern->plurals &= seen;

	return true;
}

static bool
scan_number(struct scan *s, int place)
{
	if (place == -1)
		return false;
	put_argument(s, place, "number");

	return *s->at == '}' || scan_style(s);
}

/* After "{name, ": the type and what belongs to it, up to the "}". */
static bool
scan_type(struct scan *s, const char *name, size_t length)
{
	char type[24] = "";
	size_t n = strspn(s->at, "abcdefghijklmnopqrstuvwxyz");
	bool more;

	if (n < sizeof(type))
		memcpy(type, s->at, n);
	s->at += n;
	skip_space(s);
	more = *s->at == ',';
	if (more) {
		s->at++;
		skip_space(s);
	}
	if (strcmp(type, "number") == 0)
		return scan_number(
		    s, argument_place(s, name, length, NUMBER, NULL));
	if (more &&
	    (strcmp(type, "plural") == 0 || strcmp(type, "selectordinal") == 0))
		return scan_plural(
		    s, argument_place(s, name, length, NUMBER, NULL), type);
	if (more && strcmp(type, "select") == 0)
		return scan_plural(
		    s, argument_place(s, name, length, SELECT, NULL), type);
	if (!more && words_known(type)) {
		int place = argument_place(s, name, length, WORDED, type);

		if (place != -1)
			put_argument(s, place, "");
		return place != -1;
	}

	return refuse(s, "no such type of argument");
}

/* After "{name": nothing more to say of it. */
static bool
scan_bare(struct scan *s, const char *name, size_t length)
{
	int place = argument_place(s, name, length, PLAIN, NULL);

	if (place == -1)
		return false;
	put_argument(s, place,
	    s->pattern->arguments[place].use == NUMBER ? "number" : "");

	return true;
}

static bool
scan_argument(struct scan *s)
{
	const char *name;
	size_t length;

	s->at++;
	skip_space(s);
	name = s->at;
	while (isalnum((unsigned char)*s->at) || *s->at == '_' || *s->at == '.')
		s->at++;
	length = (size_t)(s->at - name);
	if (length == 0)
		return refuse(s, "an argument has no name");
	skip_space(s);
	if (*s->at == ',') {
		s->at++;
		skip_space(s);
		if (!scan_type(s, name, length))
			return false;
	} else if (!scan_bare(s, name, length)) {
		return false;
	}
	if (*s->at != '}')
		return refuse(s, "an argument is not closed");
	text_add(&s->out, s->at++, 1);

	return true;
}

/* Words up to the "}" that is not theirs, or the end. */
static bool
scan_words(struct scan *s, bool plural)
{
	if (++s->depth > DEPTH_MOST)
		return refuse(s, "too deep");
	for (;;) {
		size_t length = strcspn(s->at, "{}'");
		char next;

		text_add(&s->out, s->at, length);
		s->at += length;
		if (*s->at == '\0' || *s->at == '}')
			break;
		if (*s->at == '{') {
			if (!scan_argument(s))
				return false;
			continue;
		}
		next = s->at[1];
		if (next == '{' || next == '}' || (plural && next == '#')) {
			if (!scan_quoted(s))
				return false;
		} else {
			size_t n = next == '\'' ? 2 : 1;

			text_add(&s->out, s->at, n);
			s->at += n;
		}
	}
	s->depth--;

	return true;
}

/* One pass over the source.  The first finds the arguments; only the second
 * knows their numbers. */
static bool
scan_source(struct scan *s, const char *source)
{
	s->at = source;
	s->depth = 0;
	text_free(&s->out);
	if (!scan_words(s, false))
		return false;
	if (*s->at != '\0')
		return refuse(s, "a brace too many");
	if (s->out.full)
		return refuse(s, "too long");

	return true;
}

static int
count_use(const struct pattern *p, bool number)
{
	int n = 0;

	for (int i = 0; i < p->count; i++)
		n += (p->arguments[i].use == NUMBER) == number;

	return n;
}

static void
scan_twice(struct scan *s, const char *source)
{
	struct pattern *p = s->pattern;

	if (!scan_source(s, source) || !scan_source(s, source))
		return;
	if (count_use(p, true) > PATTERN_NUMBERS ||
	    count_use(p, false) > PATTERN_TEXTS) {
		refuse(s, "too many arguments");
		return;
	}
	p->text = s->out.data == NULL ? memory_text("") : s->out.data;
	s->out.data = NULL;
}

struct pattern *
pattern_new(const char *source, struct fault *f)
{
	struct pattern *p = memory_new(sizeof(*p));
	struct scan s = { .pattern = p };

	p->plurals = ~0U;
	if (strpbrk(source, "{}'") == NULL) {
		p->plain = true;
		p->text = memory_text(source);
		return p;
	}
	text_init(&s.out, PATTERN_MOST);
	scan_twice(&s, source);
	text_free(&s.out);
	if (s.wrong != NULL) {
		fault_detail(f, FAULT_BROKEN, "", "fault.broken", "%s: %.160s",
		    s.wrong, source);
		pattern_free(p);
		return NULL;
	}

	return p;
}

void
pattern_free(struct pattern *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < p->count; i++) {
		free(p->arguments[i].name);
		free(p->arguments[i].kind);
	}
	if (p->open != NULL)
		umsg_close(p->open);
	free(p->text);
	free(p);
}

static UChar *
wide(struct arena *a, const char *s)
{
	size_t room = strlen(s) + 1;
	UChar *out = arena_alloc(a, room * sizeof(*out));
	UErrorCode code = U_ZERO_ERROR;

	u_strFromUTF8WithSub(
	    out, (int32_t)room, NULL, s, -1, 0xfffd, NULL, &code);

	return out;
}

static const char *
narrow(struct arena *a, const UChar *s, int32_t length)
{
	int32_t room = length * 3 + 1;
	char *out = arena_alloc(a, (size_t)room);
	UErrorCode code = U_ZERO_ERROR;

	u_strToUTF8WithSub(out, room, NULL, s, length, 0xfffd, NULL, &code);

	return out;
}

static bool
be_open(struct arena *a, struct pattern *p, const char *language)
{
	UErrorCode code = U_ZERO_ERROR;
	UParseError where;

	if (p->open == NULL)
		p->open = umsg_open(wide(a, p->text), -1,
		    language_locale(language), &where, &code);
	if (U_FAILURE(code)) {
		umsg_close(p->open); /* it may be there all the same */
		p->open = NULL;
		log_event(LOG_LEVEL_ERROR, "message.refused", "pattern",
		    p->text, "why", u_errorName(code), NULL);
	}

	return p->open != NULL;
}

/* The values of a call, in the order of the rewriting. */
struct values {
	double number[PATTERN_NUMBERS];
	const UChar *text[PATTERN_TEXTS];
};

static const char *
text_value(struct arena *a, const char *language, const struct argument *arg,
    const char *value)
{
	const char *worded;

	if (value == NULL)
		return "";
	if (arg->use != WORDED)
		return value;
	worded = words_value(a, language, arg->kind, value);

	return worded == NULL ? value : worded;
}

static void
collect(struct arena *a, const struct pattern *p, const char *language,
    message_argument argument, void *context, struct values *v)
{
	int numbers = 0, texts = 0;

	for (int i = 0; i < PATTERN_TEXTS; i++)
		v->text[i] = u"";
	for (int i = 0; i < p->count; i++) {
		const struct argument *arg = &p->arguments[i];
		const char *value =
		    argument == NULL ? NULL : argument(context, arg->name);

		if (arg->use == NUMBER)
			v->number[numbers++] =
			    value == NULL ? 0 : strtod(value, NULL);
		else
			v->text[texts++] =
			    wide(a, text_value(a, language, arg, value));
	}
}

/* umsg_format() reads as many as the pattern has; more do no harm. */
static int32_t
format(const struct pattern *p, UChar *out, int32_t room,
    const struct values *v, UErrorCode *code)
{
	const double *n = v->number;
	const UChar *const *t = v->text;

	*code = U_ZERO_ERROR;
	switch (count_use(p, true)) {
	case 0:
		return umsg_format(
		    p->open, out, room, code, t[0], t[1], t[2], t[3]);
	case 1:
		return umsg_format(
		    p->open, out, room, code, n[0], t[0], t[1], t[2], t[3]);
	default:
		return umsg_format(p->open, out, room, code, n[0], n[1], t[0],
		    t[1], t[2], t[3]);
	}
}

const char *
pattern_say(struct arena *a, struct pattern *p, const char *language,
    message_argument argument, void *context)
{
	struct values v = { .number = { 0 } };
	UChar small[512], *out = small;
	UErrorCode code;
	int32_t length;

	if (p->plain)
		return p->text;
	if (!be_open(a, p, language))
		return NULL;
	collect(a, p, language, argument, context, &v);
	length = format(p, out, 512, &v, &code);
	if (code == U_BUFFER_OVERFLOW_ERROR) {
		out = arena_alloc(a, ((size_t)length + 1) * sizeof(*out));
		length = format(p, out, length + 1, &v, &code);
	}

	return U_FAILURE(code) ? NULL : narrow(a, out, length);
}

static bool
has_argument(const struct pattern *p, const char *name)
{
	for (int i = 0; i < p->count; i++)
		if (strcmp(p->arguments[i].name, name) == 0)
			return true;

	return false;
}

/* The forms that the language tells apart, as ICU has them from CLDR. */
static unsigned
forms_needed(const char *language)
{
	UErrorCode code = U_ZERO_ERROR;
	UPluralRules *rules = uplrules_open(language_locale(language), &code);
	UEnumeration *all = uplrules_getKeywords(rules, &code);
	const char *form;
	int32_t length;
	unsigned bits = 0;

	while ((form = uenum_next(all, &length, &code)) != NULL)
		bits |= form_bit(form, (size_t)length);
	uenum_close(all);
	uplrules_close(rules);

	return bits;
}

/* English with "other" alone says that the number changes nothing. */
static bool
lacks_form(
    const struct pattern *p, const char *language, const struct pattern *source)
{
	unsigned must;

	if ((source->plurals & form_bit("one", 3)) == 0 || p->plurals == ~0U)
		return false;
	must = forms_needed(language);

	return (p->plurals & must) != must;
}

/* The first argument that `p` has and `other` has not, or NULL. */
static const char *
argument_beyond(const struct pattern *p, const struct pattern *other)
{
	for (int i = 0; i < p->count; i++)
		if (!has_argument(other, p->arguments[i].name))
			return p->arguments[i].name;

	return NULL;
}

static int
check_arguments(const struct pattern *p, const char *language,
    const struct pattern *source, struct fault *f)
{
	const char *added = argument_beyond(p, source);
	const char *lost = argument_beyond(source, p);

	if (added != NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: {%s} is not in the English: %.120s", language, added,
		    p->text);
	if (lost != NULL)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: {%s} of the English is lost: %.120s", language, lost,
		    p->text);

	return 0;
}

int
pattern_check(struct pattern *p, const char *language,
    const struct pattern *source, struct fault *f)
{
	struct arena *a = arena_new();
	bool opened = p->plain || be_open(a, p, language);

	arena_free(a);
	if (!opened)
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: ICU refuses: %.160s", language, p->text);
	if (lacks_form(p, language, source))
		return fault_detail(f, FAULT_BROKEN, "", "fault.broken",
		    "%s: a plural lacks a form: %.160s", language, p->text);

	return check_arguments(p, language, source, f);
}
