-- A check is read, planned and made ready by each statement that writes to its
-- table: what was many small ones is now few, of less to read, for each place
-- that is given out changes its pool.  The limits of a pool's rules are refused
-- at their fields by registration.check_rules().

alter table data.pool
    drop constraint pool_seats_check,
    drop constraint pool_held_check,
    drop constraint pool_offered_check,
    drop constraint pool_confirmed_check,
    drop constraint pool_kept_check,
    drop constraint pool_waitlisted_check,
    drop constraint pool_inside_check,
    drop constraint pool_reserved_check,
    drop constraint pool_scarce_check,
    drop constraint pool_hold_minutes_check,
    drop constraint pool_offer_hours_check,
    drop constraint pool_decide_days_check,
    drop constraint pool_party_most_check,
    add constraint pool_never_below check (
        least(seats, held, offered, confirmed, kept, waitlisted, inside,
            reserved, scarce, hold_minutes, party_most, offer_hours - 1,
            decide_days - 1) >= 0),
    add constraint pool_never_above check (
        greatest(hold_minutes - 120, offer_hours - 720, decide_days - 90,
            party_most - 50) <= 0);

alter table data.registration
    drop constraint registration_expires_when,
    drop constraint registration_offer_expires,
    drop constraint registration_step_when_requested,
    drop constraint registration_kept_when_requested,
    add constraint registration_as_its_state check (
        case state when 'requested' then step is not null
        else step is null and not kept and (expires is not null)
            = (state in ('held', 'offered')) end);

-- Logins are seen again and again: there is room for that on their pages.
alter table data.login set (fillfactor = 70);
