#ifndef ARCHIVE_ACTS_H
#define ARCHIVE_ACTS_H

#include "web/visit.h"

/* Files of a session: brought, fetched, taken away. */
extern const struct act archive_materials, archive_upload_start,
    archive_upload_form, archive_upload, archive_upload_slice, archive_withdraw,
    archive_file;

/* Records of the archive. */
extern const struct act archive_publishing, archive_publish, archive_index,
    archive_record, archive_record_withdraw, archive_resolve;

#endif
