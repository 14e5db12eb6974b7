#ifndef ARCHIVE_JSON_LD_H
#define ARCHIVE_JSON_LD_H

#include <jansson.h>

struct arena;

/*
 * A record as schema.org has it (LearningResource), for <script>: no '<' is in
 * it.  Of the record's row as its page has it, its people and its files; those
 * who may open a file are told where it is.
 */
const char *record_json_ld(struct arena *, const char *site,
    const char *organisation, const json_t *record, const json_t *persons,
    const json_t *files);

#endif
