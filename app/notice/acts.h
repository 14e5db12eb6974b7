#ifndef NOTICE_ACTS_H
#define NOTICE_ACTS_H

#include "web/visit.h"

/* An event's mails that did not arrive. */
extern const struct act notice_failures, notice_again, notice_retry_all,
    notice_reachable;

/* What its organizers write to many. */
extern const struct act notice_messages, notice_new, notice_make,
    notice_message, notice_edit, notice_save, notice_test, notice_send,
    notice_pause, notice_resume, notice_cancel, notice_delete;

/* Which mail one wants. */
extern const struct act notice_wishes, notice_prefer, notice_leaving,
    notice_unsubscribe, notice_choose;

#endif
