-- name: registration_withdraw
select * from registration.withdraw(:registration::bigint);

-- name: registration_withdraw_by_token
select * from registration.withdraw_by_token(:manage::bytea);

-- name: registration_cancel
select * from registration.cancel(:registration::bigint);

-- name: registration_set_seats
select * from registration.set_seats(:event::bigint, :seats::integer);

-- name: registration_reissue
select * from registration.reissue(:registration::bigint);

-- name: registration_pick
select * from registration.pick(:session::bigint);

-- name: registration_unpick
select * from registration.unpick(:session::bigint);

-- name: registration_settle
select registration.settle(:event::bigint) as promoted;

-- name: registration_my_event
-- The actor's own live registration for an event; no row when there is none.
select r.id as registration, r.state, r.serial,
    r.state = 'confirmed' as is_confirmed,
    r.state = 'waitlisted' as is_waitlisted, r.state = 'held' as is_held,
    r.state = 'offered' as is_offered, r.state = 'requested' as is_requested,
    registration.my_place(r.id) as place, schedule.at(r.expires, e.zone) as expires,
    greatest(ceil(extract(epoch from r.expires - now()) / 60), 0)::integer
        as minutes
from data.registration r
join data.event e on e.id = r.event_id
where r.event_id = :event::bigint and r.person_id = account.actor()
and r.state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed');

-- name: registration_mine
-- Everything of mine; `past` when it is over or not live any more.
select r.id, r.state, r.via, r.serial, schedule.at(r.created, e.zone) as created,
    e.id as event_id, e.slug, e.title, e.state as event_state, e.mode, e.zone,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    e.venue, e.city, e.country, r.state = 'confirmed' as is_confirmed,
    r.state = 'waitlisted' as is_waitlisted,
    r.state = 'offered' as is_offered, r.state = 'requested' as is_requested,
    r.state in ('offered', 'held') and e.ends >= now() as to_do,
    schedule.at(r.expires, e.zone) as expires,
    r.state = 'confirmed' and e.ends >= now() as has_ticket,
    e.ends < now() or r.state not in ('held', 'requested', 'waitlisted',
        'offered', 'confirmed') as past,
    registration.my_place(r.id) as place,
    exists (
        select from data.attendance a where a.registration_id = r.id)
        as attended
from data.registration r
join data.event e on e.id = r.event_id
where r.person_id = account.actor()
order by e.ends < now(), abs(extract(epoch from e.starts - now())), r.id desc
limit 500;

-- name: registration_one
-- One, for the person or who is at the event's door; its ticket's three numbers
-- are event_id, id and serial.
select r.id, r.event_id, r.person_id, r.state, r.priority, r.arrival, r.via,
    r.serial, r.country, r.organisation,
    schedule.at(r.created, e.zone) as created,
    registration.my_place(r.id) as place,
    r.state = 'confirmed' as is_confirmed,
    r.state = 'waitlisted' as is_waitlisted,
    r.state = 'offered' as is_offered, r.state = 'requested' as is_requested,
    r.state in ('declined', 'withdrawn', 'expired', 'cancelled') as is_ended,
    r.state = 'confirmed' and e.ends >= now() as has_ticket,
    r.state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed')
        and e.ends >= now() as is_live,
    exists (
        select from data.question q
        where q.event_id = e.id and q.retired is null
        and q.kind not in ('consent', 'file')) as has_form,
    r.person_id = account.actor() as own,
    p.name, p.email, p.language, e.slug, e.title, e.mode, e.zone,
    e.state as event_state, e.state = 'published' as is_published,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    e.venue, e.city,
    case when r.state = 'confirmed' then e.online_url end as online_url,
    schedule.at(a.since, e.zone) as arrived
from data.registration r
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
left join data.attendance a on a.registration_id = r.id and a.session_id is null
where r.id = :registration::bigint
and (r.person_id = account.actor()
    or r.event_id = any ((select account.my_events('scanner'))::bigint[]));

-- name: registration_history
select schedule.at(c.at, e.zone) as at, c.was, c.became, c.why, c.note,
    c.actor is not distinct from r.person_id as self
from data.registration_change c
join data.registration r on r.id = c.registration_id
join data.event e on e.id = r.event_id
where r.id = :registration::bigint
and (r.person_id = account.actor()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
order by c.id;

-- name: registration_managed
-- The one whose manage token this is the hash of; the bearer need not sign in.
select * from registration.managed(:manage::bytea);

-- name: registration_managed_picks
-- The sessions on that one's agenda.
select * from registration.managed_picks(:manage::bytea);

-- name: registration_my_picks
-- The sessions on the actor's agenda; of one event, or (null) of all to come.
select s.id, s.title, s.slug, s.state, e.id as event_id, e.title as event_title,
    e.zone, schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, coalesce(o.name, '') as room,
    coalesce(t.position % 8, 0) as hue, k.waiting as waits
from data.pick k
join data.registration r on r.id = k.registration_id
    and (r.state = 'confirmed' or r.kept)
join data.session s on s.id = k.session_id
join data.event e on e.id = s.event_id
left join data.room o on o.id = s.room_id
left join data.track t on t.id = s.track_id
where r.person_id = account.actor()
and (:event::bigint is null and s.ends > now() or e.id = :event::bigint)
order by s.starts, s.id
limit 1000;

-- name: registration_picks
-- The sessions on the agenda of a registration of the actor's.
select s.id, s.title, s.slug, s.state, schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, coalesce(o.name, '') as room,
    coalesce(t.position % 8, 0) as hue, k.waiting as waits
from data.pick k
join data.registration r on r.id = k.registration_id
join data.session s on s.id = k.session_id
join data.event e on e.id = s.event_id
left join data.room o on o.id = s.room_id
left join data.track t on t.id = s.track_id
where r.id = :registration::bigint and r.person_id = account.actor()
order by s.starts, s.id
limit 1000;

-- name: registration_session
-- Whether the actor may pick a session, and has, or waits in its line.
select s.id, r.id as registration, k.session_id is not null as picked,
    s.state = 'published' and s.ends > now() and r.id is not null
        and k.session_id is null as may_pick,
    coalesce(p.waiting > 0 or p.taken >= p.most, false) as full,
    k.waiting as waits, registration.my_pick_place(s.id) as pick_place
from data.session s
left join data.session_pool p on p.session_id = s.id
left join data.registration r on r.event_id = s.event_id
    and r.person_id = account.actor()
    and (r.state = 'confirmed' or r.kept)
left join data.pick k on k.registration_id = r.id and k.session_id = s.id
where s.id = :session::bigint;
