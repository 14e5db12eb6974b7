#include <stddef.h>

#include "archive/store.h"
#include "jobs.h"
#include "registration/discard.h"
#include "sql.h"

/* clang-format off */
const struct job_kind job_kinds[] = {
	/* kind        who does it */
	{ "discard_file", registration_discard },
	{ NULL,        NULL }
};

const struct chore chores[] = {
	/* statement          every so many seconds, or a call */
	{ &SQL_ACCOUNT_CHAIN, 1, NULL },
	{ &SQL_ACCOUNT_TIDY,  600, NULL },
	{ &SQL_ACCOUNT_RETAIN, 600, NULL },
	{ &SQL_REGISTRATION_DUE, 10, NULL },
	{ &SQL_NOTICE_DUE,    10, NULL },
	{ &SQL_NOTICE_TIDY,   600, NULL },
	{ NULL,               3600, store_sweep },
	{ NULL,               0, NULL }
};
/* clang-format on */
