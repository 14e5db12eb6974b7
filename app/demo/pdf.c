/* Slides, 16:9, one page each: a band of colour, a title and points. */
#include "demo/pdf.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Points of the page; characters of a line, by Helvetica's usual width. */
enum {
	WIDTH = 960,
	HEIGHT = 540,
	LEFT = 72,
	TITLE_SIZE = 38,
	TITLE_CHARS = 40,
	POINT_SIZE = 24,
	POINT_CHARS = 66,
	CONTENT_MOST = 65536,
	SLIDES_MOST = 64,
	/* Objects before the pages: catalog, pages, two fonts. */
	FIXED = 4
};

/* WinAnsiEncoding where it is not Latin-1 (PDF 32000-1, annex D). */
static const struct {
	uint32_t code;
	unsigned char byte;
} others[] = { { 0x20ac, 0x80 }, { 0x2026, 0x85 }, { 0x152, 0x8c },
	{ 0x2018, 0x91 }, { 0x2019, 0x92 }, { 0x201c, 0x93 }, { 0x201d, 0x94 },
	{ 0x2022, 0x95 }, { 0x2013, 0x96 }, { 0x2014, 0x97 }, { 0x153, 0x9c } };
enum { OTHERS = sizeof(others) / sizeof(others[0]) };

/* One character of UTF-8 that is known to be valid. */
static uint32_t
character(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
	uint32_t code = more == 0 ? *p : *p & (0x3fu >> more);

	for (int i = 1; i <= more; i++)
		code = code << 6 | (p[i] & 0x3fu);
	*at += more + 1;
	return code;
}

static unsigned char
win_ansi(uint32_t code)
{
	if (code < 0x80 || (code >= 0xa0 && code < 0x100))
		return (unsigned char)code;
	for (int i = 0; i < OTHERS; i++)
		if (others[i].code == code)
			return others[i].byte;
	return '?';
}

static void
put_string(struct text *out, const char *from, const char *end)
{
	text_puts(out, "(");
	while (from < end) {
		unsigned char c = win_ansi(character(&from));

		if (c == '(' || c == ')' || c == '\\')
			text_printf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			text_printf(out, "\\%03o", c);
		else
			text_printf(out, "%c", c);
	}
	text_puts(out, ")");
}

/* Where the line ends that begins here: at a space, if there is one. */
static const char *
line_end(const char *words, size_t most)
{
	const char *at = words, *space = NULL;

	for (size_t n = 0; *at != '\0' && n < most; n++) {
		if (*at == ' ')
			space = at;
		character(&at);
	}
	return *at == '\0' || space == NULL ? at : space;
}

/* Words in lines from `y` down; where the next begin. */
static int
put_lines(struct text *out, const char *words, const char *font, int size,
    size_t most, int y)
{
	while (*words != '\0') {
		const char *end = line_end(words, most);

		text_printf(out, "BT %s %d Tf %d %d Td ", font, size, LEFT, y);
		put_string(out, words, end);
		text_puts(out, " Tj ET\n");
		words = end + (*end == ' ');
		y -= size + size / 3;
	}
	return y;
}

static void
put_slide(struct text *out, const json_t *slide, size_t number)
{
	const json_t *words;
	size_t i;
	int y = HEIGHT - 120;

	text_printf(out, "0.043 0.353 0.408 rg 0 0 20 %d re f\n", HEIGHT);
	json_array_foreach(slide, i, words)
	{
		if (i == 0) {
			y = put_lines(out, json_string_value(words), "/B",
			    TITLE_SIZE, TITLE_CHARS, y);
			text_puts(out, "0.12 0.11 0.10 rg\n");
		} else {
			y = put_lines(out, json_string_value(words), "/R",
			    POINT_SIZE, POINT_CHARS, y);
		}
		y -= 14;
	}
	text_printf(out, "0.36 0.33 0.30 rg BT /R 14 Tf %d 36 Td (%zu) Tj ET\n",
	    WIDTH - LEFT, number);
}

/* Each object says where it lies, for the table at the end. */
static void
begin(struct text *out, size_t *at, size_t object)
{
	at[object] = out->size;
	text_printf(out, "%zu 0 obj\n", object);
}

static void
put_fixed(struct text *out, size_t *at, size_t slides)
{
	static const char *const fonts[] = { "Helvetica", "Helvetica-Bold" };

	begin(out, at, 1);
	text_puts(out, "<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
	begin(out, at, 2);
	text_printf(out,
	    "<< /Type /Pages /Count %zu /MediaBox [0 0 %d %d]\n"
	    "/Resources << /Font << /R 3 0 R /B 4 0 R >> >>\n/Kids [",
	    slides, WIDTH, HEIGHT);
	for (size_t i = 0; i < slides; i++)
		text_printf(out, " %zu 0 R", FIXED + 1 + 2 * i);
	text_puts(out, " ] >>\nendobj\n");
	for (size_t i = 0; i < 2; i++) {
		begin(out, at, 3 + i);
		text_printf(out,
		    "<< /Type /Font /Subtype /Type1 /BaseFont /%s "
		    "/Encoding /WinAnsiEncoding >>\nendobj\n",
		    fonts[i]);
	}
}

static void
put_page(struct text *out, size_t *at, const json_t *slide, size_t i)
{
	size_t page = FIXED + 1 + 2 * i;
	struct text content;

	text_init(&content, CONTENT_MOST);
	put_slide(&content, slide, i + 1);
	begin(out, at, page);
	text_printf(out,
	    "<< /Type /Page /Parent 2 0 R /Contents %zu 0 R >>\n"
	    "endobj\n",
	    page + 1);
	begin(out, at, page + 1);
	text_printf(out, "<< /Length %zu >>\nstream\n", content.size);
	text_add(out, content.data, content.size);
	text_puts(out, "endstream\nendobj\n");
	text_free(&content);
}

void
pdf_slides(struct text *out, const json_t *slides)
{
	size_t at[FIXED + 2 * SLIDES_MOST + 1] = { 0 };
	size_t count = json_array_size(slides);
	size_t last, table;

	if (count > SLIDES_MOST)
		count = SLIDES_MOST;
	last = FIXED + 2 * count;
	text_puts(out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
	put_fixed(out, at, count);
	for (size_t i = 0; i < count; i++)
		put_page(out, at, json_array_get(slides, i), i);
	table = out->size;
	text_printf(out, "xref\n0 %zu\n0000000000 65535 f \n", last + 1);
	for (size_t i = 1; i <= last; i++)
		text_printf(out, "%010zu 00000 n \n", at[i]);
	text_printf(out,
	    "trailer << /Size %zu /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
	    last + 1, table);
}
