#ifndef PROGRAM_ACTS_H
#define PROGRAM_ACTS_H

#include "web/visit.h"

/* The first page, and the search over all rooms. */
extern const struct act program_home, program_find;

/* Programs, as everybody sees them. */
extern const struct act program_index, program_page;

/* Programs, as their organizers make them. */
extern const struct act program_new, program_make, program_edit, program_save,
    program_publish, program_cancel, program_delete;

#endif
