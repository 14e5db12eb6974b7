-- name: registration_take
-- Of many visitors at once: see db_together() in app/db/db.h.
select * from registration.take_batch(:scope::bigint, :entries::jsonb);

-- name: registration_event
-- What an event's page says of its seats; opens_in is in milliseconds.
select e.id, e.slug, e.title, e.mode, e.zone, e.city, e.venue,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    schedule.at(e.cutoff, e.zone) as cutoff, e.language as event_language,
    p.seats, coalesce(p.confirmed + p.held + p.offered + p.kept, 0) as confirmed,
    coalesce(p.waitlisted, 0) as waiting, coalesce(p.offered, 0) as offered,
    case when p.waitlisted > 0 then 0
    else p.seats - p.confirmed - p.held - p.offered - p.kept end as free,
    coalesce(p.waitlisted > 0
        or p.confirmed + p.held + p.offered + p.kept >= p.seats, false) as full,
    e.state = 'published' and now() < least(e.cutoff, e.ends) as open,
    schedule.at(p.opens, e.zone) as opens, coalesce(p.opens > now(), false)
        as not_yet, case when p.opens > now()
    then ceil(1000 * extract(epoch from p.opens - now()))::bigint end
        as opens_in, p.code_only,
    coalesce(p.party_most > 0, false) as groups,
    coalesce(p.hold_minutes > 0 and p.approval = 'none'
        and p.form_revision > 0 and p.waitlisted = 0
        and p.seats - p.confirmed - p.held - p.offered - p.kept
        between 1 and p.scarce, false) as may_hold, p.hold_minutes,
    case when e.state = 'cancelled' then 'cancelled'
    when now() >= e.ends then 'over'
    when now() >= e.cutoff then 'closed' else '' end as shut
from data.event e
left join data.pool p on p.event_id = e.id
where e.id = :event::bigint and e.state <> 'draft';
