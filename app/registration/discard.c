#include "registration/discard.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "archive/store.h"
#include "base/fault.h"
#include "db/db.h"
#include "job/job.h"
#include "sql.h"

/* An upload is named in the database so soon after it came. */
enum { NAMED_SECONDS = 600 };

int
registration_discard(struct job *job, struct fault *f)
{
	struct db_segment *s = db_segment(job->arena);
	uint8_t hash[STORE_HASH];
	json_t *rows;

	if (sodium_hex2bin(hash, sizeof(hash), job->key, strlen(job->key), NULL,
	        NULL, NULL) == -1)
		return fault(f, FAULT_INPUT, "key", "web.not_known");
	db_ask(s, &SQL_REGISTRATION_FILE_NAMED);
	db_bind(s, "sha256", job->key);
	if (db_run(job->db, s, f) == -1)
		return -1;
	rows = db_rows(s, 0);
	if (json_is_true(json_object_get(json_array_get(rows, 0), "named")))
		return 0;

	return store_discard(hash, time(NULL) - NAMED_SECONDS, f);
}
