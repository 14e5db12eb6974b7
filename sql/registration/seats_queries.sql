-- name: registration_rules
-- Fills the form of an event's rules: times as they are typed, on the wall of
-- the event's zone.
select p.version, p.seats, schedule.typed(p.opens, e.zone) as opens,
    p.code_only, p.hold_minutes, p.scarce, p.promotion, p.offer_hours,
    p.approval, p.decide_days, p.reapprove,
    schedule.typed(p.edit_until, e.zone) as edit_until, p.transfer,
    schedule.typed(p.transfer_until, e.zone) as transfer_until, p.party_most,
    p.party_policy, p.reserved > 0 as has_reserved
from data.pool p
join data.event e on e.id = p.event_id
where e.id = :event::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: registration_lines
-- How many wait, are offered a seat, or ask for one.
select p.waitlisted as waiting, p.offered, (
    select count(*) from data.registration r
    where r.event_id = p.event_id and r.state = 'requested') as requested,
    p.promotion, p.approval
from data.pool p
where p.event_id = :event::bigint
and p.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: registration_buckets
-- An event's seats: its buckets as they are filled, and last the common pool.
-- Once a bucket is released, what it counts is the common pool's.
with pool as (
    select p.*, e.zone from data.pool p
    join data.event e on e.id = p.event_id
    where e.id = :event::bigint
    and e.id = any ((select account.my_events('organizer'))::bigint[])),
live as (
    select coalesce(sum(b.held), 0) as held, coalesce(sum(b.offered), 0) as offered,
        coalesce(sum(b.confirmed), 0) as confirmed,
        coalesce(sum(b.kept), 0) as kept,
        coalesce(sum(b.waitlisted), 0) as waitlisted
    from data.bucket b join pool p on p.id = b.pool_id
    where b.released is null)
select b.id, b.name, b.by::text as by, b.question_id as question,
    b.for_values as values, b.nominated, b.seats, b.held, b.offered,
    b.confirmed, b.kept, b.waitlisted as waiting,
    schedule.at(b.release, p.zone) as release,
    schedule.at(b.released, p.zone) as released, b.position,
    false as is_common
from data.bucket b
join pool p on p.id = b.pool_id
union all
select null, null, null, null, null, null, p.seats - p.reserved,
    p.held - l.held, p.offered - l.offered, p.confirmed - l.confirmed,
    p.kept - l.kept, p.waitlisted - l.waitlisted, null, null,
    null, true
from pool p, live l
order by is_common, position, id;

-- name: registration_units
-- What seats can be set aside for: the parts of the organisation.
select u.id::text as value, u.name as label
from data.unit u
order by u.name
limit 1000;

-- name: registration_options
-- … and the answers to choose from of an event's questions.
select q.id as question, o.value->>'value' as value,
    coalesce(o.value->'label'->>:lang::text, o.value->'label'->>e.language,
        o.value->>'value') as label,
    coalesce(q.label->>:lang, q.label->>e.language, q.key) as asked
from data.question q
join data.event e on e.id = q.event_id
cross join jsonb_array_elements(q.options) with ordinality o (value, place)
where e.id = (select coalesce(:event::bigint, account.event_of('bucket',
    :bucket::bigint)))
and q.retired is null and q.kind in ('choice', 'choices')
and not q.sensitive
and o.value->>'retired' is null
and e.id = any ((select account.my_events('organizer'))::bigint[])
order by q.position, q.id, o.place
limit 2000;

-- name: registration_bucket
-- Fills the form of a bucket.
select b.id as bucket, p.event_id as event, b.name, b.by::text as by,
    b.question_id as question, b.for_values as values, b.nominated, b.seats,
    schedule.typed(b.release, e.zone) as release,
    b.released is not null as is_released
from data.bucket b
join data.pool p on p.id = b.pool_id
join data.event e on e.id = p.event_id
where b.id = :bucket::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: registration_set_rules
select * from registration.set_rules(:event::bigint, :version::integer,
    :seats::integer, :opens::timestamp, :promotion::data.promotion,
    :offer_hours::integer, :hold_minutes::integer, :scarce::integer,
    :approval::data.approval, :decide_days::integer, :reapprove::boolean,
    :edit_until::timestamp, :transfer::boolean, :transfer_until::timestamp,
    :party_most::integer, :party_policy::data.party_policy,
    :code_only::boolean);

-- name: registration_try_rules
select registration.simulate(:event::bigint, jsonb_build_object('rules',
    jsonb_build_object('seats', :seats::integer, 'opens', :opens::timestamp,
    'promotion', :promotion::text, 'offer_hours', :offer_hours::integer,
    'hold_minutes', :hold_minutes::integer, 'scarce', :scarce::integer,
    'approval', :approval::text, 'decide_days', :decide_days::integer,
    'reapprove', :reapprove::boolean, 'edit_until', :edit_until::timestamp,
    'transfer', :transfer::boolean,
    'transfer_until', :transfer_until::timestamp,
    'party_most', :party_most::integer, 'party_policy', :party_policy::text,
    'code_only', :code_only::boolean))) as tried;

-- name: registration_bucket_event
-- The event of a bucket that there is, or shall be: asked for once, and not for
-- each event.
select e.id, e.title, e.zone, e.state
from data.event e
where e.id = (select coalesce(:event::bigint, account.event_of('bucket',
    :bucket::bigint)))
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: registration_bucket_put
select b.*
from data.event e
cross join lateral registration.bucket_put(:bucket::bigint, e.id,
    :name::text, :by::data.bucket_by, :question::bigint, :values::text[],
    :nominated::boolean, :seats::integer,
    schedule.wall(:release::timestamp, e.zone, 'release')) b
where e.id = (select coalesce(:event::bigint,
    account.event_of('bucket', :bucket)));

-- name: registration_try_bucket
select registration.simulate(e.id, jsonb_build_object('bucket',
    jsonb_strip_nulls(jsonb_build_object('id', :bucket::bigint,
    'name', :name::text, 'by', :by::text, 'question', :question::bigint,
    'values', :values::text[], 'nominated', :nominated::boolean,
    'seats', :seats::integer, 'release',
    schedule.wall(:release::timestamp, e.zone, 'release'))))) as tried
from data.event e
where e.id = (select coalesce(:event::bigint,
    account.event_of('bucket', :bucket)));

-- name: registration_try_end
-- how: drop or release.
select registration.simulate(account.event_of('bucket', :bucket::bigint),
    jsonb_build_object(:how::text, :bucket)) as tried;

-- name: registration_bucket_drop
select * from registration.bucket_drop(:bucket::bigint);

-- name: registration_bucket_release
select * from registration.bucket_release(:bucket::bigint);

-- name: registration_session_seats
select * from registration.session_seats(:session::bigint, :seats::integer);

-- name: registration_sessions
-- The seats of an event's sessions: their own, or else their room's.
select s.id, s.title, schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, coalesce(o.name, '') as room,
    o.seats as room_seats, p.seats, coalesce(p.most, o.seats) as most,
    coalesce(p.taken, (
        select count(*) from data.pick k
        where k.session_id = s.id and not k.waiting)) as taken,
    coalesce(p.waiting, 0) as waiting
from data.session s
join data.event e on e.id = s.event_id
left join data.room o on o.id = s.room_id
left join data.session_pool p on p.session_id = s.id
where e.id = :event::bigint and s.state <> 'cancelled'
and e.id = any ((select account.my_events('organizer'))::bigint[])
order by s.starts, s.id
limit 2000;

-- name: registration_queue
-- Who waits, line by line, each in its order; the lines of released buckets are
-- the common one.
with waiting as (
    select r.id, r.person_id, r.priority, r.arrival, r.country, r.queued,
        r.party_id, r.unit_id, b.id as bucket, b.name, b.position,
        row_number() over line as place, count(*) over whole as of
    from data.registration r
    left join data.bucket b on b.id = r.bucket_id and b.released is null
    where r.event_id = :event::bigint and r.state = 'waitlisted'
    and r.event_id = any ((select account.my_events('organizer'))::bigint[])
    window whole as (partition by b.id),
        line as (partition by b.id order by r.priority, r.arrival))
select w.id, p.name, p.email, w.place, w.of, w.priority, w.country,
    w.bucket, w.name as bucket_name, w.party_id is not null as is_party,
    schedule.at(w.queued, e.zone) as queued, count(*) over () as all
from waiting w
join data.person p on p.id = w.person_id
join data.event e on e.id = :event
order by w.bucket is null, w.position, w.bucket, w.place
limit 100 offset (coalesce(:page::bigint, 1) - 1) * 100;

-- name: registration_offers
-- Seats that are offered or held just now, soonest over first.
select r.id, p.name, p.email, r.state, b.name as bucket_name,
    schedule.at(r.expires, e.zone) as expires
from data.registration r
join data.person p on p.id = r.person_id
join data.event e on e.id = r.event_id
left join data.bucket b on b.id = r.bucket_id
where r.event_id = :event::bigint and r.state in ('offered', 'held')
and r.event_id = any ((select account.my_events('organizer'))::bigint[])
order by r.expires, r.id
limit 500;

-- name: registration_promote_next
select * from registration.promote_next(:event::bigint, :count::integer);

-- name: registration_offer_to
select * from registration.offer_to(:registration::bigint);

-- name: registration_accept
select * from registration.accept(:registration::bigint);

-- name: registration_accept_by_token
select * from registration.accept_by_token(:manage::bytea);

-- name: registration_requests
-- Who asks for a seat at an event; those that its organizers decide first.
select r.id, p.name, p.email, r.country, r.organisation, u.name as unit,
    r.kept, r.step, r.step = 'organizer' as is_mine,
    schedule.at(r.queued, e.zone) as queued,
    schedule.at(r.expires, e.zone) as expires,
    count(*) over () > 200 as more
from data.registration r
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
left join data.unit u on u.id = r.unit_id
where r.event_id = :event::bigint and r.state = 'requested'
and r.event_id = any ((select account.my_events('organizer'))::bigint[])
order by r.step <> 'organizer', r.expires, r.id
limit 200;

-- name: registration_coordinated
-- What waits for the word of the actor, who coordinates units.
select r.id, e.id as event_id, e.title, p.name, p.email, r.country,
    u.name as unit, r.kept, schedule.at(r.queued, e.zone) as queued,
    schedule.at(r.expires, e.zone) as expires, true as is_mine
from data.registration r
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
join data.unit u on u.id = r.unit_id
where r.unit_id = any ((select account.my_units())::bigint[])
and r.state = 'requested' and r.step = 'coordinator'
order by r.expires, r.id
limit 200;

-- name: registration_approve_all
-- Of those that are chosen, each that the actor may still decide: at an event
-- its organizer, elsewhere the coordinator of the unit.
select r.id as registration, a.state
from (
    select r.id from data.registration r
    where r.id = any (:registrations::bigint[]) and r.state = 'requested'
    and r.expires > clock_timestamp()
    and case when :event::bigint is null then r.step = 'coordinator'
        and r.unit_id = any ((select account.my_units())::bigint[])
        else r.step = 'organizer' and r.event_id = :event end
    order by r.event_id, r.priority, r.arrival) r
cross join lateral registration.approve(r.id, :why::text) a;

-- name: registration_decline_all
select r.id as registration, d.state
from (
    select r.id from data.registration r
    where r.id = any (:registrations::bigint[]) and r.state = 'requested'
    and r.expires > clock_timestamp()
    and case when :event::bigint is null then r.step = 'coordinator'
        and r.unit_id = any ((select account.my_units())::bigint[])
        else r.step = 'organizer' and r.event_id = :event end
    order by r.event_id, r.priority, r.arrival) r
cross join lateral registration.decline(r.id, :why::text) d;

-- name: registration_allotments
-- What is set aside at an event for whom the actor nominates.
select b.id, b.name, b.seats, b.held, b.offered, b.confirmed, b.kept,
    b.waitlisted as waiting, schedule.at(b.release, e.zone) as release,
    schedule.at(b.released, e.zone) as released, array(
        select u.name from data.unit u
        where u.id::text = any (b.for_values)
        and u.id = any ((select account.my_units())::bigint[])
        order by u.name) as units
from data.bucket b
join data.pool p on p.id = b.pool_id
join data.event e on e.id = p.event_id
where e.id = :event::bigint and b.nominated
and b.for_values && (select account.my_units())::text[]
order by b.position, b.id
limit 200;

-- name: registration_my_units
select u.id::text as value, u.name as label
from data.unit u
where u.id = any ((select account.my_units())::bigint[])
order by u.name
limit 1000;

-- name: registration_nominations
-- Whom the actor's units nominated for an event.
select r.id, p.name, p.email, r.country, r.state, u.name as unit,
    schedule.at(r.queued, e.zone) as queued,
    schedule.at(r.expires, e.zone) as expires,
    r.state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed')
        as is_live, count(*) over () > 1000 as more
from data.registration r
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
join data.unit u on u.id = r.unit_id
where r.event_id = :event::bigint and r.nominated_by is not null
and r.unit_id = any ((select account.my_units())::bigint[])
order by r.id desc
limit 1000;

-- name: registration_my_allotments
-- The events to come that the actor may nominate people for.
select e.id, e.title, e.state, schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    e.zone, sum(b.seats) as seats,
    sum(b.held + b.offered + b.confirmed + b.kept) as used,
    schedule.at(min(b.release), e.zone) as release
from data.bucket b
join data.pool p on p.id = b.pool_id
join data.event e on e.id = p.event_id
where b.nominated and b.released is null and e.state = 'published'
and e.ends > now() and b.for_values && (select account.my_units())::text[]
group by e.id
order by e.starts, e.id
limit 200;

-- name: registration_only_unit
-- What the form of a nomination begins with, for who coordinates one unit.
select min(u.id) as unit
from data.unit u
where u.id = any ((select account.my_units())::bigint[])
having count(*) = 1;

-- name: registration_nominate
select * from registration.nominate(:event::bigint, :unit::bigint,
    :people::jsonb);

-- name: registration_nomination_withdraw
select * from registration.nomination_withdraw(:registration::bigint);

-- name: registration_own_told
select * from registration.own_told(:registration::bigint);

-- name: registration_managed_told
select * from registration.managed_told(:manage::bytea);
