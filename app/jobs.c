#include <stddef.h>

#include "jobs.h"
#include "sql.h"

/* clang-format off */
const struct job_kind job_kinds[] = {
	/* kind        who does it */
	{ NULL,        NULL }
};

const struct chore chores[] = {
	/* statement          every so many seconds */
	{ &SQL_ACCOUNT_CHAIN, 1 },
	{ &SQL_ACCOUNT_TIDY,  600 },
	{ NULL,               0 }
};
/* clang-format on */
