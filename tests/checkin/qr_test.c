#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <png.h>

#include "support/suite.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "checkin/qr.h"

/* 120 characters of the alphabet that a ticket is spelt in. */
static const char ticket[] = "6BF%69 VD92EX0QED8WEX0UJCLQE7W581$*+-./:NCFOXN%TS"
                             "MAHN-H3ZSUZK+.V0ET9%6-AH R61R1GROK21JY1BKVGT"
                             "CECEC$EDPC62MM6SETVCKF9LJA9";

static void
a_ticket_makes_version_5(void)
{
	CU_ASSERT_EQUAL(strlen(ticket), 120);
	CU_ASSERT_EQUAL(qr_version(ticket), 5);
	CU_ASSERT_EQUAL(qr_version("https://example.org/"), 2);
}

/* Reads a picture with another program, which must say the text. */
static void
the_picture_is_read_by_another_program(void)
{
	char path[] = "/tmp/qr-test-XXXXXX.png", command[128], line[256] = "";
	int fd = mkstemps(path, 4);
	struct fault f = { 0 };
	struct text png;
	FILE *pipe;

	text_init(&png, 1 << 16);
	CU_ASSERT_EQUAL(qr_png(&png, ticket, 8, &f), 0);
	CU_ASSERT_EQUAL(write(fd, png.data, png.size), (ssize_t)png.size);
	close(fd);
	snprintf(
	    command, sizeof(command), "zbarimg --nodbus -q --raw %s", path);
	pipe = popen(command, "r");
	if (fgets(line, sizeof(line), pipe) == NULL)
		SKIP("no zbarimg");
	else
		line[strcspn(line, "\n")] = '\0';
	if (pclose(pipe) == 0)
		CU_ASSERT_STRING_EQUAL(line, ticket);
	unlink(path);
	text_free(&png);
}

static void
the_picture_is_one_bit_with_its_quiet_zone(void)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct fault f = { 0 };
	struct text png;
	uint8_t *pixels;
	size_t side = (37 + 2 * QR_QUIET) * 8, dark = 0;

	text_init(&png, 1 << 16);
	CU_ASSERT_EQUAL_FATAL(qr_png(&png, ticket, 8, &f), 0);
	CU_ASSERT(png.size < 4096);
	CU_ASSERT_EQUAL(png.data[24], 1); /* bit depth of IHDR */
	CU_ASSERT_FATAL(
	    png_image_begin_read_from_memory(&image, png.data, png.size));
	CU_ASSERT_EQUAL(image.width, side);
	CU_ASSERT_EQUAL(image.height, side);
	image.format = PNG_FORMAT_GRAY;
	pixels = malloc(side * side);
	CU_ASSERT_FATAL(
	    png_image_finish_read(&image, NULL, pixels, (int)side, NULL));
	for (size_t y = 0; y < side; y++)
		for (size_t x = 0; x < side; x++)
			if (x < 32 || y < 32 || x >= side - 32 ||
			    y >= side - 32)
				dark += pixels[y * side + x] != 255;
	CU_ASSERT_EQUAL(dark, 0);
	CU_ASSERT_EQUAL(pixels[32 * side + 32], 0);
	free(pixels);
	text_free(&png);
}

static void
what_fits_no_code_or_buffer_is_a_fault(void)
{
	struct fault f = { 0 };
	struct text png;
	char *much = malloc(5001);

	memset(much, 'a', 5000);
	much[5000] = '\0';
	CU_ASSERT_EQUAL(qr_version(much), 0);
	text_init(&png, 1 << 16);
	CU_ASSERT_EQUAL(qr_png(&png, much, 8, &f), -1);
	CU_ASSERT_EQUAL(qr_png(&png, ticket, 0, &f), -1);
	text_free(&png);
	text_init(&png, 100);
	CU_ASSERT_EQUAL(qr_png(&png, ticket, 8, &f), -1);
	text_free(&png);
	free(much);
}

static void
the_path_draws_the_finders(void)
{
	struct arena *a = arena_new();
	struct fault f = { 0 };
	struct qr_svg svg = { 0 };

	CU_ASSERT_EQUAL(qr_svg(a, ticket, &svg, &f), 0);
	CU_ASSERT_EQUAL(svg.side, 45);
	CU_ASSERT_EQUAL(strncmp(svg.path, "M4 4h7v1h-7z", 12), 0);
	CU_ASSERT(strlen(svg.path) < 16384);
	arena_free(a);
}

SUITE(qr, SAYS(a_ticket_makes_version_5),
    SAYS(the_picture_is_read_by_another_program),
    SAYS(the_picture_is_one_bit_with_its_quiet_zone),
    SAYS(what_fits_no_code_or_buffer_is_a_fault),
    SAYS(the_path_draws_the_finders))
