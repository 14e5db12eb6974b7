#ifndef REGISTRATION_ACTS_H
#define REGISTRATION_ACTS_H

#include "web/visit.h"

/* Registering, with or without an account. */
extern const struct act registration_form, registration_take,
    registration_taken;

/* One registration, for the holder of the mail's link. */
extern const struct act registration_managed, registration_managed_ticket,
    registration_managed_ics, registration_managed_leave,
    registration_managed_withdraw;

/* The same, for its person, signed in. */
extern const struct act registration_own, registration_own_ticket,
    registration_own_leave, registration_own_withdraw;

/* Everything of mine. */
extern const struct act registration_mine, registration_feed,
    registration_pick, registration_unpick;

/* An event's registrations, for its organizers. */
extern const struct act registration_list, registration_csv,
    registration_seats, registration_one, registration_cancel,
    registration_reissue;

#endif
