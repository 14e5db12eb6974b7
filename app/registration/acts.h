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
extern const struct act registration_list, registration_one, registration_note, registration_cancel,
    registration_reissue, registration_answering, registration_answer;

/* Lists that are looked at again, as files, and on paper. */
extern const struct act registration_view_make, registration_view_save,
    registration_view_drop, registration_csv, registration_xlsx,
    registration_print;

/* Many of them at once, and those whom organizers add. */
extern const struct act registration_bulk_preview, registration_bulk,
    registration_adding, registration_add, registration_importing,
    registration_import;

/* How an event's seats are given, for its organizers. */
extern const struct act registration_rules, registration_rules_save,
    registration_seats,
    registration_bucket_new, registration_bucket_make,
    registration_bucket_edit, registration_bucket_save,
    registration_bucket_dropping, registration_bucket_drop,
    registration_bucket_releasing, registration_bucket_release,
    registration_sessions, registration_session_seats;

/* Who waits, and who asks. */
extern const struct act registration_queue, registration_promote,
    registration_offer, registration_requests, registration_decide,
    registration_managed_accept, registration_own_accept;

/* For coordinators: requests of their units, and whom they nominate. */
extern const struct act registration_coordinate, registration_decide_mine,
    registration_nominations, registration_nominate,
    registration_nominees_read, registration_nominees,
    registration_nomination_withdraw;

/* An event's form, for its organizers. */
extern const struct act registration_questions, registration_questions_preview,
    registration_question_new, registration_question_make,
    registration_question, registration_question_save,
    registration_question_up, registration_question_down,
    registration_question_retire, registration_definition,
    registration_define;

/* One's own answers, and the files among them. */
extern const struct act registration_own_editing, registration_own_edit,
    registration_managed_editing, registration_managed_edit,
    registration_own_bring, registration_managed_bring, registration_own_file,
    registration_managed_file;

/* Groups and colleagues: what people do for others. */
extern const struct act registration_group, registration_party_make,
    registration_party, registration_party_add, registration_party_withdraw,
    registration_own_transferring, registration_own_transfer,
    registration_managed_transferring, registration_managed_transfer;

/* Codes and invitations, for organizers. */
extern const struct act registration_codes, registration_codes_make,
    registration_invitations, registration_invite, registration_code_revoke;

#endif
