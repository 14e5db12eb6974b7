#ifndef NOTICE_ACTS_H
#define NOTICE_ACTS_H

#include "web/visit.h"

/* An event's mails that did not arrive. */
extern const struct act notice_failures, notice_again, notice_retry_all;

#endif
