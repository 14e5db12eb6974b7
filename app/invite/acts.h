#ifndef INVITE_ACTS_H
#define INVITE_ACTS_H

#include "web/visit.h"

/* A person's feed, and entries to download. */
extern const struct act invite_feed, invite_event, invite_session;

#endif
