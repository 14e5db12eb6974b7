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

/* For administrators: the parts of the organisation. */
extern const struct act account_units, account_unit_make, account_unit,
    account_unit_edit, account_unit_save, account_unit_add,
    account_unit_leave, account_unit_coordinator_revoke;

/* What is held about oneself, and its end; for how long at an event. */
extern const struct act account_data, account_data_file,
    account_consent_withdraw, account_erasing, account_erase_me,
    account_erasing_other, account_erase, account_retention,
    account_retention_set;

/* Phones at the door. */
extern const struct act account_devices, account_enrolment_make,
    account_enrolment, account_enrolment_use, account_device_revoke;

#endif
