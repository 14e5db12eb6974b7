#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <png.h>
#include <qrencode.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "checkin/qr.h"

enum {
	SCALE_MAX = 32,
	ROW_BYTES = (177 + 2 * QR_QUIET) * SCALE_MAX / 8,
	RUN_CHARS = 20 /* the longest that put_run() writes */
};

/* QR_MODE_8 lets the library choose: upper case and digits go alphanumeric. */
static QRcode *
encode(const char *text, struct fault *f)
{
	QRcode *q = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	if (q == NULL)
		fault_detail(f, FAULT_BROKEN, "", "web.broken",
		    "no QR code for %zu characters", strlen(text));

	return q;
}

int
qr_version(const char *text)
{
	struct fault f;
	QRcode *q = encode(text, &f);
	int version = q == NULL ? 0 : q->version;

	QRcode_free(q);

	return version;
}

static bool
dark(const QRcode *q, int x, int y)
{
	if (x < 0 || y < 0 || x >= q->width || y >= q->width)
		return false;

	return (q->data[y * q->width + x] & 1) != 0;
}

static void
png_write(png_structp png, png_bytep data, size_t size)
{
	text_add(png_get_io_ptr(png), data, size);
}

static void
png_flush_nothing(png_structp png)
{
	(void)png;
}

/* One row of modules as pixels: white is 1. */
static void
draw_row(const QRcode *q, int y, int scale, uint8_t *row)
{
	int side = q->width + 2 * QR_QUIET;

	memset(row, 0xff, ROW_BYTES);
	for (int x = 0; x < side * scale; x++)
		if (dark(q, x / scale - QR_QUIET, y))
			row[x / 8] &= (uint8_t) ~(0x80u >> (x % 8));
}

static void
draw(png_structp png, png_infop info, const QRcode *q, int scale)
{
	int side = q->width + 2 * QR_QUIET;
	png_uint_32 pixels = (png_uint_32)(side * scale);
	uint8_t row[ROW_BYTES];

	png_set_IHDR(png, info, pixels, pixels, 1, PNG_COLOR_TYPE_GRAY,
	    PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
	    PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (int y = 0; y < side; y++) {
		draw_row(q, y - QR_QUIET, scale, row);
		for (int i = 0; i < scale; i++)
			png_write_row(png, row);
	}
	png_write_end(png, info);
}

/* libpng reports by a jump: only arguments are alive across it. */
static int
write_png(png_structp png, png_infop info, const QRcode *q, int scale)
{
	if (setjmp(png_jmpbuf(png)) != 0)
		return -1;
	draw(png, info, q, scale);

	return 0;
}

int
qr_png(struct text *out, const char *text, int scale, struct fault *f)
{
	QRcode *q = encode(text, f);
	png_structp png;
	png_infop info;
	int ret = -1;

	if (q == NULL || scale < 1 || scale > SCALE_MAX) {
		QRcode_free(q);
		return fault(f, FAULT_BROKEN, "", "web.broken");
	}

	png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	info = png == NULL ? NULL : png_create_info_struct(png);
	if (info != NULL) {
		png_set_write_fn(png, out, png_write, png_flush_nothing);
		ret = write_png(png, info, q, scale);
	}
	if (ret == -1 || out->full)
		ret = fault_detail(f, FAULT_BROKEN, "", "web.broken", "png");
	png_destroy_write_struct(&png, &info);
	QRcode_free(q);

	return ret;
}

/* Paths are drawn for every ticket that is looked at: by hand, for printf
 * would take as long as the code itself. */
static char *
put_number(char *at, int n)
{
	char digit[12];
	int count = 0;

	do
		digit[count++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (count > 0)
		*at++ = digit[--count];

	return at;
}

/* "M4 4h7v1h-7z": a run of dark modules, one high. */
static char *
put_run(char *at, int x, int y, int run)
{
	*at++ = 'M';
	at = put_number(at, x);
	*at++ = ' ';
	at = put_number(at, y);
	*at++ = 'h';
	at = put_number(at, run);
	*at++ = 'v';
	*at++ = '1';
	*at++ = 'h';
	*at++ = '-';
	at = put_number(at, run);
	*at++ = 'z';

	return at;
}

/* No two runs touch, so there are at most as many as half the modules. */
int
qr_svg(struct arena *a, const char *text, struct qr_svg *svg, struct fault *f)
{
	QRcode *q = encode(text, f);
	char *path, *at;
	int run;

	if (q == NULL)
		return -1;

	path = at = arena_alloc(
	    a, (size_t)(q->width * (q->width + 1) / 2) * RUN_CHARS + 1);
	for (int y = 0; y < q->width; y++)
		for (int x = 0; x < q->width; x += run) {
			for (run = 0; dark(q, x + run, y); run++)
				;
			if (run > 0)
				at = put_run(
				    at, x + QR_QUIET, y + QR_QUIET, run);
			else
				run = 1;
		}
	*at = '\0';
	svg->side = q->width + 2 * QR_QUIET;
	svg->path = path;
	QRcode_free(q);

	return 0;
}
