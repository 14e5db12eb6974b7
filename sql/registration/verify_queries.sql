-- What must hold: each statement finds the rows where it does not.

-- name: verify_registration_counters
select p.event_id as event, to_jsonb(p) as pool, to_jsonb(n) as counted
from data.pool p
cross join lateral (
    select count(*) filter (where r.state = 'held') as held,
        count(*) filter (where r.state = 'offered') as offered,
        count(*) filter (where r.state = 'confirmed') as confirmed,
        count(*) filter (where r.kept) as kept,
        count(*) filter (where r.state = 'waitlisted') as waitlisted,
        count(*) filter (where b.id is not null and b.released is null
            and (r.kept or r.state in ('held', 'offered', 'confirmed')))
            as inside,
        coalesce(max(r.arrival), 0) as arrived
    from data.registration r
    left join data.bucket b on b.id = r.bucket_id
    where r.pool_id = p.id) n
where (p.held, p.offered, p.confirmed, p.kept, p.waitlisted, p.inside)
    <> (n.held, n.offered, n.confirmed, n.kept, n.waitlisted, n.inside)
or p.arrived < n.arrived
or p.reserved <> (
    select coalesce(sum(b.seats), 0) from data.bucket b
    where b.pool_id = p.id and b.released is null);

-- name: verify_registration_buckets
select b.id as bucket, to_jsonb(n) as counted
from data.bucket b
cross join lateral (
    select count(*) filter (where r.state = 'held') as held,
        count(*) filter (where r.state = 'offered') as offered,
        count(*) filter (where r.state = 'confirmed') as confirmed,
        count(*) filter (where r.kept) as kept,
        count(*) filter (where r.state = 'waitlisted') as waitlisted,
        count(*) filter (where r.pool_id <> b.pool_id) as elsewhere
    from data.registration r
    where r.bucket_id = b.id) n
where (b.held, b.offered, b.confirmed, b.kept, b.waitlisted, 0)
    <> (n.held, n.offered, n.confirmed, n.kept, n.waitlisted, n.elsewhere)
or b.released is null and n.held + n.offered + n.confirmed + n.kept > b.seats;

-- name: verify_registration_overbooked
-- More seats given than there are, in all or of the common ones.
select p.event_id as event, p.seats, count(*) as used
from data.pool p
join data.registration r on r.pool_id = p.id
left join data.bucket b on b.id = r.bucket_id and b.released is null
where r.kept or r.state in ('held', 'offered', 'confirmed')
group by p.id
having count(*) > p.seats
or count(*) filter (where b.id is null) > p.seats - p.reserved;

-- name: verify_registration_codes
select c.id as code, c.used, c.most, n.live
from data.access_code c
cross join lateral (
    select count(*) as live from data.registration r
    where r.code_id = c.id and r.state in ('held', 'requested', 'waitlisted',
        'offered', 'confirmed')) n
where c.used <> n.live or n.live > c.most;

-- name: verify_registration_terms
-- What has to end does, and no later than registration itself; a seat that is
-- kept, with the event.
select r.id as registration, r.state, r.expires
from data.registration r
join data.event e on e.id = r.event_id
where r.state in ('held', 'requested', 'offered')
and (r.expires is null
    or r.expires > least(case when not r.kept then e.cutoff end, e.ends));

-- name: verify_registration_live_once
select r.event_id as event, r.person_id as person, count(*) as live
from data.registration r
where r.state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed')
group by r.event_id, r.person_id
having count(*) > 1;

-- name: verify_registration_queue
-- Somebody was given a seat though another waited for it who is before them in
-- that line.  Only since the buckets and their answers are as they are, and of
-- people alone: who stood in which line before is not written down, and parties
-- may be let past; nor whether one that was handed on came with a party.
-- Who is promoted has to come before all who wait, who is taken at once finds
-- nobody.  Each is compared only with the last to leave of who could be wronged
-- (suspect), and one by one where that one had not yet left.
with moved as (
    select a.object_id as event_id, max(a.at) as at
    from data.audit a
    where a.object = 'event' and a.act like 'registration.bucket%'
    group by a.object_id),
step as (
    select c.id, c.was, c.became, c.why, r.id as registration_id, r.pool_id,
        coalesce(r.bucket_id, 0) as bucket, r.priority, r.arrival,
        coalesce(b.nominated and b.released is null, false) as allotted,
        coalesce(c.at > m.at, true) as settled,
        c.id >= coalesce(max(c.id) filter (where c.why = 'edited')
            over (partition by r.id), 0) as stands,
        lead(c.id, 1, 9223372036854775807)
            over (partition by r.id order by c.id) as until
    from data.registration_change c
    join data.registration r on r.id = c.registration_id
    left join data.bucket b on b.id = r.bucket_id
    left join moved m on m.event_id = r.event_id
    where r.party_id is null and not exists (
        select from data.registration_change t
        where t.registration_id = r.id and t.why = 'transferred')),
place as materialized ( -- line 0 is the common one
    select w.pool_id, l.line, w.registration_id, w.id, w.until, w.priority,
        w.arrival
    from step w
    cross join lateral (
        select 0 as line where not w.allotted
        union select w.bucket where w.bucket > 0 and w.stands) l
    where w.became = 'waitlisted'),
seating as (
    select s.pool_id, s.bucket as line, s.registration_id, s.id, s.priority,
        s.arrival, s.was is not null as promoted
    from step s
    where s.settled and (s.was = 'waitlisted' and s.why = 'promoted'
        or s.was is null and s.became in ('held', 'confirmed')
        and s.why = 'taken')),
suspect as (
    select * from (
        select x.*, max(x.until) over (partition by x.pool_id, x.line
                order by x.id) as earlier,
            max(x.until) over (partition by x.pool_id, x.line
                order by x.priority, x.arrival) as before
        from (
            select s.*, null::bigint as until from seating s
            union all
            select w.pool_id, w.line, w.registration_id, w.id, w.priority,
                w.arrival, null, w.until
            from place w) x) y
    where y.promoted is not null and y.earlier > y.id
    and (not y.promoted or y.before > y.id))
select w.pool_id as pool, w.registration_id as waits,
    s.registration_id as seated
from suspect s
join place w on w.pool_id = s.pool_id and w.line = s.line
    and w.id < s.id and w.until > s.id
    and (not s.promoted or (w.priority, w.arrival) < (s.priority, s.arrival));

-- name: verify_registration_seat_idle
-- Somebody waits though a seat is free for them, the event still takes people,
-- and neither an organizer nor a party's size stands between.  Who came in by
-- an allotment waits for a seat of that.
select p.event_id as event, p.seats, p.confirmed, p.waitlisted
from data.pool p
join data.event e on e.id = p.event_id
where p.waitlisted > 0 and p.promotion <> 'manual'
and e.state = 'published' and least(e.cutoff, e.ends) > now()
and (p.seats is null
    or p.seats - p.reserved
        > p.held + p.offered + p.confirmed + p.kept - p.inside
    and exists (
        select from data.registration r
        left join data.bucket b on b.id = r.bucket_id and b.released is null
        where r.pool_id = p.id and r.state = 'waitlisted'
        and b.nominated is not true)
    or exists (
        select from data.bucket b
        where b.pool_id = p.id and b.released is null and b.waitlisted > 0
        and b.seats > b.held + b.offered + b.confirmed + b.kept))
and (p.party_policy = 'split' or not exists (
    select from data.registration r
    where r.pool_id = p.id and r.state = 'waitlisted'
    and r.party_id is not null));

-- name: verify_registration_sessions
select p.session_id as session, p.taken, p.waiting, p.most, n.picks, n.waits
from data.session_pool p
cross join lateral (
    select count(*) filter (where not k.waiting) as picks,
        count(*) filter (where k.waiting) as waits
    from data.pick k where k.session_id = p.session_id) n
where p.taken <> n.picks or p.waiting <> n.waits or n.picks > p.most;

-- name: verify_registration_session_line
-- Somebody waits for a session though it has a seat.
select p.session_id as session, p.taken, p.waiting, p.most
from data.session_pool p
join data.session s on s.id = p.session_id
join data.event e on e.id = s.event_id
where p.waiting > 0 and (p.most is null or p.taken < p.most)
and s.state = 'published' and e.state = 'published' and s.ends > now();

-- name: verify_registration_history
-- Each change begins where the one before ended, and the last is the state.
select c.registration_id as registration, c.id as change
from (
    select h.id, h.registration_id, h.was, h.became,
        lag(h.became) over w as before,
        lead(h.id) over w as next
    from data.registration_change h
    window w as (partition by h.registration_id order by h.id)) c
join data.registration r on r.id = c.registration_id
where c.was is distinct from c.before
or c.next is null and c.became <> r.state
union all
select r.id, null
from data.registration r
where not exists (
    select from data.registration_change h where h.registration_id = r.id);
