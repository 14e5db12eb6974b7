-- name: checkin_scan
select * from checkin.scan(:event::bigint, :registration::bigint,
    :serial::integer, :ticket_event::bigint, :uuid::uuid, :session::bigint);

-- name: checkin_admit
select * from checkin.admit(:event::bigint, :registration::bigint,
    :uuid::uuid, :session::bigint);

-- name: checkin_number
select * from checkin.number(:event::bigint, :registration::bigint,
    :uuid::uuid, :session::bigint);

-- name: checkin_verdict
-- With whether it may be taken back from here.
select v.scan, v.result, v.why, v.name, v.organisation, v.via, v.at, v.since,
    v.first_where, v.event_title,
    v.result = 'admitted' and not exists (
        select from data.scan u where u.undoes = v.scan)
    and (s.device_id = account.device() or s.event_id
        = any ((select account.my_events('staff'))::bigint[])) as may_undo
from checkin.verdict(:event::bigint, :scan::bigint) v
join data.scan s on s.id = v.scan;

-- name: checkin_refuse
select * from checkin.refuse(:event::bigint, :uuid::uuid,
    :result::data.scan_result);

-- name: checkin_undo
select * from checkin.undo(:scan::bigint);

-- name: checkin_undo_uuid
select * from checkin.undo_uuid(:event::bigint, :uuid::uuid);

-- name: checkin_counts
select e.id as event, e.title, e.slug, c.confirmed, c.admitted,
    c.confirmed - c.admitted as missing
from data.event e
cross join lateral checkin.count(e.id, :session::bigint) c
where e.id = :event::bigint
and e.id = any ((select account.my_events('scanner'))::bigint[]);

-- name: checkin_search
-- By the beginning of any part of a name, or of the address.  Devices see
-- addresses only in part.
select r.id as registration, p.name, r.organisation, r.state, r.via,
    case when account.actor() is not null then p.email
    else left(p.email, 2) || '…' || substr(p.email, strpos(p.email, '@')) end
        as email,
    r.state = 'confirmed' as is_confirmed,
    schedule.at(a.since, e.zone) as arrived, a.scan_id as scan,
    gen_random_uuid() as key
from data.registration r
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
left join data.attendance a on a.registration_id = r.id
    and a.session_id is not distinct from :session::bigint
where r.event_id = :event::bigint
and r.event_id = any ((select account.my_events('scanner'))::bigint[])
and r.state in ('confirmed', 'waitlisted', 'withdrawn', 'cancelled')
and length(trim(:q::text)) >= 2
and (' ' || public.unaccent(p.name) ilike
        '% ' || public.unaccent(registration.like(:q::text)) || '%'
    or p.email ilike registration.like(:q::text) || '%')
order by r.state = 'confirmed' desc, p.name, r.id
limit 20;

-- name: checkin_recent
-- The last scans at an event's door.
select s.id as scan, s.uuid, s.result, s.why, schedule.at(s.scanned, e.zone) as at,
    r.id as registration, p.name,
    s.result = 'admitted' and not exists (
        select from data.scan u where u.undoes = s.id)
    and (s.device_id = account.device() or s.event_id
        = any ((select account.my_events('staff'))::bigint[])) as may_undo
from data.scan s
join data.event e on e.id = s.event_id
left join data.registration r on r.id = s.registration_id
    and r.event_id = s.event_id
left join data.person p on p.id = r.person_id
where s.event_id = :event::bigint
and s.event_id = any ((select account.my_events('scanner'))::bigint[])
order by s.id desc
limit 10;

-- name: checkin_keys
select k.id, encode(k.public_key, 'hex') as public_key
from data.signing_key k
where k.retired is null
order by k.id;

-- name: checkin_key_save
select checkin.key_save(:id::smallint, :public_key::bytea);

-- name: verify_checkin_once
select s.device_id as device, s.uuid, count(*) as times
from data.scan s
group by coalesce(s.device_id, 0), s.device_id, s.uuid
having count(*) > 1;

-- name: verify_checkin_attendance
-- Attendance is exactly the admissions that were not undone.
select coalesce(d.registration_id, a.registration_id) as registration,
    d.id as scan, a.scan_id as attended
from (
    select s.id, s.registration_id, s.session_id
    from data.scan s
    where s.result = 'admitted' and not exists (
        select from data.scan u where u.undoes = s.id)) d
full join data.attendance a on a.registration_id = d.registration_id
    and a.session_id is not distinct from d.session_id
where d.id is distinct from a.scan_id;

-- name: verify_checkin_door
-- What was counted is what there is.
select coalesce(a.event_id, d.event_id) as event,
    coalesce(a.session_id, d.session_id) as session, a.people, d.counted
from (
    select t.event_id, t.session_id, count(*) as people
    from data.attendance t group by t.event_id, t.session_id) a
full join (
    select t.event_id, t.session_id, sum(t.admitted) as counted
    from data.door t group by t.event_id, t.session_id) d
    on d.event_id = a.event_id
    and d.session_id is not distinct from a.session_id
where coalesce(a.people, 0) <> coalesce(d.counted, 0);

-- name: verify_checkin_state
-- Who is in is confirmed; an event may yet be cancelled under their feet.
select a.registration_id as registration, r.state
from data.attendance a
join data.registration r on r.id = a.registration_id
join data.event e on e.id = r.event_id
where r.event_id <> a.event_id or r.state <> 'confirmed'
and not (r.state = 'cancelled' and e.state = 'cancelled');
