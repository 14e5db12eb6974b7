#ifndef CHECKIN_ACTS_H
#define CHECKIN_ACTS_H

#include "web/visit.h"

extern const struct act checkin_page, checkin_scan, checkin_people,
    checkin_admit, checkin_undo, checkin_counts;

#endif
