#include "archive/kind.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

struct kind {
	const char *ending;
	const char *type;
	const char *magic; /* NULL: text */
	size_t size;
	size_t at;
};

#define OFFICE "application/vnd.openxmlformats-officedocument."
#define OASIS  "application/vnd.oasis.opendocument."
#define OLD    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define ZIP    "PK\x03\x04"
#define EBML   "\x1a\x45\xdf\xa3"

/* clang-format off */
static const struct kind kinds[] = {
	{ "pdf",  "application/pdf", "%PDF-", 5, 0 },
	{ "pptx", OFFICE "presentationml.presentation", ZIP, 4, 0 },
	{ "docx", OFFICE "wordprocessingml.document", ZIP, 4, 0 },
	{ "xlsx", OFFICE "spreadsheetml.sheet", ZIP, 4, 0 },
	{ "odp",  OASIS "presentation", ZIP, 4, 0 },
	{ "odt",  OASIS "text", ZIP, 4, 0 },
	{ "ods",  OASIS "spreadsheet", ZIP, 4, 0 },
	{ "ppt",  "application/vnd.ms-powerpoint", OLD, 8, 0 },
	{ "doc",  "application/msword", OLD, 8, 0 },
	{ "xls",  "application/vnd.ms-excel", OLD, 8, 0 },
	{ "epub", "application/epub+zip", ZIP, 4, 0 },
	{ "zip",  "application/zip", ZIP, 4, 0 },
	{ "png",  "image/png", "\x89PNG\r\n\x1a\n", 8, 0 },
	{ "jpg",  "image/jpeg", "\xff\xd8\xff", 3, 0 },
	{ "jpeg", "image/jpeg", "\xff\xd8\xff", 3, 0 },
	{ "gif",  "image/gif", "GIF8", 4, 0 },
	{ "webp", "image/webp", "WEBP", 4, 8 },
	{ "mp4",  "video/mp4", "ftyp", 4, 4 },
	{ "m4v",  "video/mp4", "ftyp", 4, 4 },
	{ "m4a",  "audio/mp4", "ftyp", 4, 4 },
	{ "webm", "video/webm", EBML, 4, 0 },
	{ "mkv",  "video/x-matroska", EBML, 4, 0 },
	{ "ogg",  "audio/ogg", "OggS", 4, 0 },
	{ "opus", "audio/ogg", "OggS", 4, 0 },
	{ "ogv",  "video/ogg", "OggS", 4, 0 },
	{ "mp3",  "audio/mpeg", "ID3", 3, 0 },
	{ "mp3",  "audio/mpeg", "\xff\xfb", 2, 0 },
	{ "wav",  "audio/wav", "WAVE", 4, 8 },
	{ "flac", "audio/flac", "fLaC", 4, 0 },
	{ "txt",  "text/plain", NULL, 0, 0 },
	{ "md",   "text/markdown", NULL, 0, 0 },
	{ "csv",  "text/csv", NULL, 0, 0 },
	{ "vtt",  "text/vtt", NULL, 0, 0 },
	{ "srt",  "application/x-subrip", NULL, 0, 0 },
	{ "ics",  "text/calendar", NULL, 0, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
/* clang-format on */

/* UTF-8 without controls; a character may be cut at the end of a head. */
static bool
is_text(const char *head, size_t size)
{
	size_t whole = size;

	if (size == KIND_HEAD)
		while (size - whole < 3 && (head[whole - 1] & 0x80) != 0 &&
		       !text_utf8(head, whole))
			whole--;

	return text_utf8(head, whole) && text_plain(head, whole, true);
}

static bool
agrees(const struct kind *k, const void *head, size_t size)
{
	if (k->magic == NULL)
		return is_text(head, size);

	return size >= k->at + k->size &&
	       memcmp((const char *)head + k->at, k->magic, k->size) == 0;
}

const char *
kind_type(const char *name, const void *head, size_t size)
{
	const char *dot = strrchr(name, '.');

	for (const struct kind *k = kinds; dot != NULL && k->ending; k++)
		if (strcasecmp(dot + 1, k->ending) == 0 &&
		    agrees(k, head, size))
			return k->type;

	return "application/octet-stream";
}
