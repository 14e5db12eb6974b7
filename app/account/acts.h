#ifndef ACCOUNT_ACTS_H
#define ACCOUNT_ACTS_H

#include "web/visit.h"

/* Coming in, going out. */
extern const struct act account_signin, account_signin_ask, account_code,
    account_code_use, account_link, account_link_use, account_signout,
    account_signout_everywhere;

/* Oneself; and for administrators, everybody. */
extern const struct act account_profile, account_profile_save, account_roles,
    account_role_grant, account_role_revoke, account_audit;

/* Phones at the door. */
extern const struct act account_devices, account_enrolment_make,
    account_enrolment, account_enrolment_use, account_device_revoke;

#endif
