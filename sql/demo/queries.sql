-- name: demo_alone
-- One loads at a time; the connection's end lets go.
select pg_advisory_lock(1503, 0);

-- name: demo_state
-- How far the demonstration has come, and whether the house is in use.
select coalesce(max(s.value), '') as step,
    not exists (select from data.program) as empty
from data.setting s
where s.name = 'demo';

-- name: demo_reached
-- The last statement of each step, in its transaction.
insert into data.setting (name, value) values ('demo', :step::text)
on conflict (name) do update set value = excluded.value;

-- name: demo_as
-- From here to the end of the transaction this person acts.
select set_config('convene.actor', p.id::text, true)
from data.person p
where p.email = :email::text;

-- name: demo_themes
select program.theme_save(t->>'slug', t->'name')
from jsonb_array_elements(:themes::jsonb) t;

-- name: demo_units
insert into data.unit (code, name)
select u->>'code', u->>'name'
from jsonb_array_elements(:units::jsonb) u;

-- name: demo_people
-- They came one by one over the last two years.
insert into data.person (email, name, language, country, zone, organisation,
    staff, unit_id, created)
select p->>'email', p->>'name', p->>'language', p->>'country', p->>'zone',
    p->>'organisation', coalesce((p->>'staff')::boolean, false), (
        select n.id
        from jsonb_array_elements(:units::jsonb) u
        join data.unit n on n.code = u->>'code'
        where u->'countries' ? (p->>'country')),
    now() - interval '230 days'
    - abs(hashtext(p->>'email')) % 500 * interval '1 day 7 minutes'
from jsonb_array_elements(:people::jsonb) with ordinality w (p, place)
order by w.place;

-- name: demo_people_noted
select account.note('account.person_made', 'person', q.id)
from jsonb_array_elements(:people::jsonb) p
join data.person q on q.email = p->>'email';

-- name: demo_programs
select program.program_save(null, p->>'reach', p->>'region', p->>'title',
    p->>'summary', p->>'language', array(
        select t.id from data.theme t where p->'themes' ? t.slug),
    p->>'countries')
from jsonb_array_elements(:programs::jsonb) p;

-- name: demo_program_slugs
update data.program g
set slug = p->>'key', created = now() - interval '3 years'
from jsonb_array_elements(:programs::jsonb) p
where g.title = p->>'title';

-- name: demo_programs_published
select program.publish(g.id)
from jsonb_array_elements(:programs::jsonb) p
join data.program g on g.slug = p->>'key';

-- name: demo_events
-- Days count from Monday of this week, where the event is.  All are made two
-- years (104 weeks) late, so that people may register as they do;
-- demo_events_moved takes that back.
select schedule.event_save(null, g.id, e->>'title', e->>'subtitle',
    e->>'summary', e->>'language', e->>'mode', e->>'zone',
    d.first + (e->>'from')::time,
    d.first + (e->>'days')::integer - 1 + (e->>'until')::time,
    e->>'venue', e->>'city', e->>'country', e->>'online', e->>'access',
    (e->>'whole')::boolean,
    d.first - (e->>'cutoff')::integer + time '18:00', (e->>'seats')::integer)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.program g on g.slug = p->>'key'
cross join lateral (
    select date_trunc('week', now() at time zone (e->>'zone'))::date
    + (e->>'day')::integer + 728 as first) d;

-- name: demo_event_slugs
update data.event v set slug = e->>'key'
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
where v.title = e->>'title';

-- name: demo_rooms
-- Rooms, tracks and speakers, in the order that is given.
select (select count(schedule.room_save(null, v.id, r->>0, (r->>1)::integer,
        o::integer - 1))
        from jsonb_array_elements(e->'rooms') with ordinality w (r, o)),
    (select count(schedule.track_save(null, v.id, t, o::integer - 1))
        from jsonb_array_elements_text(e->'tracks') with ordinality w (t, o)),
    (select count(schedule.speaker_save(null, v.id, s.key, s.value, ''))
        from jsonb_each_text(e->'speakers') s)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.event v on v.slug = e->>'key';

-- name: demo_sessions
select schedule.session_save(null, v.id, s->>'title', s->>'subtitle',
    s->>'abstract', '', s->>'language', s->>'kind', null, r.id, t.id,
    d.day + (s->>'from')::time, d.day + (s->>'until')::time, '', '', false)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
cross join jsonb_array_elements(e->'sessions') s
join data.event v on v.slug = e->>'key'
left join data.room r on r.event_id = v.id
    and r.position = (s->>'room')::integer
left join data.track t on t.event_id = v.id
    and t.position = (s->>'track')::integer
cross join lateral (
    select (v.starts at time zone v.zone)::date + (s->>'day')::integer as day) d;

-- name: demo_session_speakers
select schedule.session_speakers_set(n.id, array(
    select k.id
    from jsonb_array_elements_text(s->'who') with ordinality w (name, place)
    join data.speaker k on k.event_id = v.id and k.name = w.name
    order by w.place))
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
cross join jsonb_array_elements(e->'sessions') s
join data.event v on v.slug = e->>'key'
join data.session n on n.event_id = v.id and n.title = s->>'title'
where jsonb_array_length(s->'who') > 0;

-- name: demo_events_published
select schedule.event_publish(v.id)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.event v on v.slug = e->>'key'
where coalesce(e->>'state', '') <> 'draft';

-- name: demo_roles
select account.role_grant(p->>'email', p->>'name', r->>'kind', r->>'scope',
    coalesce(g.id, v.id, u.id, 0))
from jsonb_array_elements(:people::jsonb) p
cross join jsonb_array_elements(p->'roles') r
left join data.program g on r->>'scope' = 'program' and g.slug = r->>'of'
left join data.event v on r->>'scope' = 'event' and v.slug = r->>'of'
left join data.unit u on r->>'scope' = 'unit' and u.code = r->>'of';

-- name: demo_registrations
-- Each person registers themself.  Who comes to what is drawn by lot, weighted
-- by country and language: the smallest -ln(luck)/weight win.  A key with its
-- manage token is drawn for each by the caller.
with event as materialized (
    select v.id, v.slug, v.language, v.country, v.mode, v.access, g.reach,
        (e->>'wanted')::integer as wanted, array(
            select c.country from data.program_country c
            where c.program_id = g.id) as countries
    from jsonb_array_elements(:programs::jsonb) p
    cross join jsonb_array_elements(p->'events') e
    join data.event v on v.slug = e->>'key'
    join data.program g on g.id = v.program_id
    where v.state = 'published'),
person as materialized (
    select q.id, q.email, q.language, q.country, q.organisation, q.staff,
        coalesce(p->'attends', '[]') as attends,
        coalesce(p->'late', '[]') as late, p->'roles' is null as free
    from jsonb_array_elements(:people::jsonb) p
    join data.person q on q.email = p->>'email'),
lot as (
    select e.id as event, e.wanted, e.mode, q.id as person, q.country,
        q.organisation, hashtext(q.email || ' comes ' || e.slug) as arrival,
        q.late ? e.slug as late,
        row_number() over (partition by e.id
            order by not (q.attends || q.late) ? e.slug, - ln(
            (abs(hashtext(e.slug || ' ' || q.email)) % 100000 + 1) / 100001.0)
            / case when q.country = e.country then 12.0
                when q.country = any (e.countries) then
                    case when q.language = e.language then 7.0 else 2.0 end
                when q.language = e.language and e.reach = 'global' then 2.0
                when q.language = e.language then 0.8
                when e.reach = 'global' then 0.4
                else 0.05 end, q.id) as place
    from event e cross join person q
    where q.free and (q.staff or e.access <> 'internal')
    and (q.attends = '[]' or (q.attends || q.late) ? e.slug)),
comes as (
    select l.*, row_number() over (
        order by l.event, l.late, l.arrival, l.person) as number
    from lot l
    where l.place <= l.wanted
    order by number)
select count(t.registration) as registrations
from comes c
join jsonb_array_elements(:keys::jsonb) with ordinality k (pair, number)
    on k.number = c.number
cross join lateral (
    select set_config('convene.actor', c.person::text, true) as actor
    offset 0) a
cross join lateral registration.take(c.event, a.actor, null, null, c.country,
    c.organisation, case when c.mode <> 'hybrid' then c.mode
        when c.arrival % 3 = 0 then 'online' else 'face_to_face' end
        ::data.mode,
    (k.pair->>'key')::uuid, (k.pair->>'manage')::bytea) t;

-- name: demo_withdrawals
-- One in fourteen gives the seat back, and somebody else gets it.
select count(w.registration) as withdrawn
from (
    select r.id, r.person_id
    from data.registration r
    join data.person q on q.id = r.person_id
    where r.state = 'confirmed' and abs(hashtext(r.person_id || ' leaves '
        || r.event_id)) % 14 = 0 and q.email not like '%@convene.example'
    order by r.id) r
cross join lateral (
    select case when set_config('convene.actor', r.person_id::text, true) <> ''
    then r.id end as id offset 0) a
cross join lateral registration.withdraw(a.id) w;

-- name: demo_picks
-- Where nobody attends everything, people choose.
select count(k.session) as picked
from (
    select r.person_id, s.id
    from data.registration r
    join data.event v on v.id = r.event_id and not v.whole
    join data.session s on s.event_id = v.id
    where r.state = 'confirmed'
    and abs(hashtext(r.person_id || ' picks ' || s.title)) % 5 = 0
    order by r.id, s.starts) r
cross join lateral (
    select case when set_config('convene.actor', r.person_id::text, true) <> ''
    then r.id end as id offset 0) a
cross join lateral registration.pick(a.id) k;

-- name: demo_mailed
-- What has been written so far was sent long ago, and is not sent now.
update data.notice n
set state = 'sent', attempts = 1, sent = clock_timestamp(), details = '{}'
where n.state = 'waiting' and n.event_id is not null;

-- name: demo_cancelled
select schedule.event_cancel(v.id)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.event v on v.slug = e->>'key'
where e->>'state' = 'cancelled';

-- name: demo_events_moved
-- Back to where they belong, on the wall of their zone.
with event as (
    update data.event v
    set starts = ((v.starts at time zone v.zone) - interval '728 days')
        at time zone v.zone,
    ends = ((v.ends at time zone v.zone) - interval '728 days')
        at time zone v.zone,
    cutoff = ((v.cutoff at time zone v.zone) - interval '728 days')
        at time zone v.zone,
    created = least(now() - interval '50 days',
        v.starts - interval '860 days')
    from jsonb_array_elements(:programs::jsonb) p
    cross join jsonb_array_elements(p->'events') e
    where v.slug = e->>'key'
    returning v.id, v.zone)
update data.session s
set starts = ((s.starts at time zone v.zone) - interval '728 days')
    at time zone v.zone,
ends = ((s.ends at time zone v.zone) - interval '728 days')
    at time zone v.zone,
day = s.day - 728
from event v
where v.id = s.event_id;

-- name: demo_indexed
select schedule.index_event(v.id), schedule.index_sessions(v.id),
    schedule.touch(v.id)
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.event v on v.slug = e->>'key';

-- name: demo_registrations_dated
-- In the order of arrival, from the day that registration opened to the day
-- before the event, or to now.
with span as (
    select v.id, least(v.starts - interval '75 days',
            now() - interval '40 days') as opens,
        case v.state when 'cancelled' then now() - interval '8 days'
        else least(v.cutoff, v.starts - interval '20 hours',
            now() - interval '4 minutes') end as closes,
        p.arrived
    from data.event v join data.pool p on p.event_id = v.id),
registration as (
    update data.registration r
    set created = s.opens + (s.closes - s.opens)
        * power((r.arrival - 0.4) / s.arrived, 0.9),
    queued = s.opens + (s.closes - s.opens)
        * power((r.arrival - 0.4) / s.arrived, 0.9)
    from span s
    where s.id = r.event_id
    returning r.id, r.created, s.closes)
update data.registration_change c
set at = case when c.was is null then r.created
    when c.why = 'event_cancelled' then r.closes + interval '1 day'
    else r.created + (r.closes - r.created)
        * case c.why when 'promoted' then 0.8 else 0.6 end end
from registration r
where r.id = c.registration_id;

-- name: demo_notices_dated
-- Each with the change that it tells of.
with dated as (
    select n.id, coalesce((
            select max(c.at) from data.registration_change c
            where c.registration_id = r.id and case
                when n.kind like '%promoted' then c.why = 'promoted'
                when n.method = 'CANCEL'
                or n.kind ~ '(withdrawn|cancelled)$' then
                    c.became in ('withdrawn', 'cancelled')
                else c.was is null end),
            r.created)
        + case n.kind when 'registration.picked' then interval '47 minutes'
        else interval '0' end as at
    from data.notice n
    join data.registration r on r.id = n.registration_id)
update data.notice n
set created = d.at, next_try = d.at,
    sent = d.at + (1 + n.id % 5) * interval '1 second'
from dated d
where d.id = n.id;

-- name: demo_invites_dated
with sent as (
    select n.invite_id, max(n.created) as at
    from data.notice n
    where n.invite_id is not null
    group by n.invite_id),
calendar as (
    update data.calendar c set revised = v.created
    from data.event v
    where v.id = c.event_id
    returning c.id),
pick as (
    update data.pick k set picked = r.created + interval '47 minutes'
    from data.registration r
    where r.id = k.registration_id
    returning k.session_id)
update data.invite i
set last_sent = s.at, ended = case when not i.live then s.at end
from sent s
where s.invite_id = i.id;

-- name: demo_as_organizer
select set_config('convene.actor', p.id::text, true)
from data.person p
where p.email = 'organizer@convene.example';

-- name: demo_as_coordinator
select set_config('convene.actor', p.id::text, true)
from data.person p
where p.email = 'coordinator@convene.example';

-- name: demo_rules
-- How the seats of some events are given.
select registration.set_rules(v.id, null, (s.value->>'seats')::integer, null,
    (s.value->>'promotion')::data.promotion, 120, 15, 20,
    (s.value->>'approval')::data.approval, 14, true, null, true, null, 8,
    'wait', false)
from jsonb_each(:seats::jsonb) s
join data.event v on v.slug = s.key;

-- name: demo_buckets
select registration.bucket_put(null, o.event, o.b->>'name',
    (o.b->>'by')::data.bucket_by, null, array(
        select coalesce(u.id::text, w.word)
        from jsonb_array_elements_text(o.b->'values') w (word)
        left join data.unit u on o.b->>'by' = 'unit' and u.code = w.word),
    coalesce((o.b->>'nominated')::boolean, false), (o.b->>'seats')::integer,
    o.starts - (o.b->>'release')::integer * interval '1 day')
from (
    select v.id as event, v.starts, w.b
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    cross join jsonb_array_elements(s.value->'buckets') with ordinality
        w (b, place)
    order by v.id, w.place
    offset 0) o;

-- name: demo_codes
select registration.codes_make(v.id, s.value#>>'{codes,name}',
    (s.value#>>'{codes,count}')::integer, 2, null, null, true, 0)
from jsonb_each(:seats::jsonb) s
join data.event v on v.slug = s.key
where s.value ? 'codes';

-- name: demo_freed
-- Who leaves now makes room for an offer to the first in the line.
select count(w.registration) as withdrawn
from (
    select r.id, r.person_id, row_number() over (
        partition by v.id order by r.arrival desc) as place,
        (s.value->>'freed')::integer as freed
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    join data.registration r on r.event_id = v.id and r.state = 'confirmed') r
cross join lateral (
    select case when set_config('convene.actor', r.person_id::text, true) <> ''
    then r.id end as id offset 0) a
cross join lateral registration.withdraw(a.id) w
where r.place <= r.freed;

-- name: demo_arrived
-- Some come as the rules are now; their keys are the last that were drawn.
with comes as (
    select v.id as event, v.mode, q.id as person, q.country, q.organisation,
        row_number() over (order by v.id, w.place, q.id)::integer as number,
        row_number() over (partition by v.id, w.place
            order by hashtext(q.email || ' comes late')) as luck,
        (w.x->>'people')::integer as people
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    cross join jsonb_array_elements(s.value->'arrive') with ordinality
        w (x, place)
    join data.person q on w.x->'countries' ? q.country
        and q.staff = (w.x->>'staff')::boolean
    where q.email not like '%@convene.example' and not exists (
        select from data.registration r
        where r.event_id = v.id and r.person_id = q.id)),
keyed as (
    select c.*, :keys::jsonb -> (-1 * row_number() over (
        order by c.number))::integer as pair
    from comes c
    where c.luck <= c.people
    order by c.number)
select count(t.registration) as registrations
from keyed k
cross join lateral (
    select set_config('convene.actor', k.person::text, true) as actor
    offset 0) a
cross join lateral registration.take(k.event, a.actor, null, null, k.country,
    k.organisation, case k.mode when 'hybrid' then 'face_to_face'
        else k.mode end::data.mode,
    (k.pair->>'key')::uuid, (k.pair->>'manage')::bytea) t;

-- name: demo_approved
-- All that the organizer had to decide, but for the last.
select count(a.registration) as approved
from (
    select r.id, (s.value->>'undecided')::integer as undecided,
        row_number() over (partition by v.id order by r.arrival desc) as place
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    join data.registration r on r.event_id = v.id and r.state = 'requested'
        and r.step = 'organizer') r
cross join lateral registration.approve(r.id) a
where r.place > r.undecided;

-- name: demo_seconded
-- The coordinator has seen to the first of their unit.
select registration.approve(r.id, r.note)
from (
    select distinct on (v.id) r.id, s.value->>'seconded' as note
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    join data.registration r on r.event_id = v.id and r.state = 'requested'
        and r.step = 'coordinator'
    where s.value ? 'seconded'
    order by v.id, r.arrival) r;

-- name: demo_nominated
-- The coordinator names some of their unit: the known participant, and others
-- by lot.
with named as (
    select v.id as event, n.id as unit, q.*, (s.value#>>
        '{nominate,people}')::integer as people, row_number() over (
        partition by v.id order by q.email <> s.value#>>'{nominate,with}',
        hashtext(q.email || ' is named')) as place
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    join data.unit n on n.code = s.value#>>'{nominate,unit}'
    join data.person q on q.unit_id = n.id and not q.staff
    where not exists (
        select from data.registration r
        where r.event_id = v.id and r.person_id = q.id)),
chosen as (
    select p.event, p.unit, jsonb_agg(jsonb_build_object('email', p.email,
        'name', p.name, 'language', p.language, 'country', p.country,
        'organisation', p.organisation, 'key', k.pair->>'key',
        'manage_hash', k.pair->>'manage') order by p.place) as people
    from named p
    cross join lateral (
        select :keys::jsonb -> (-20 - p.place)::integer as pair) k
    where p.place <= p.people
    group by p.event, p.unit)
select count(n.registration) as nominated
from chosen c
cross join lateral registration.nominate(c.event, c.unit, c.people) n;

-- name: demo_accepted
-- Some of them have said yes.
select count(t.registration) as accepted
from (
    select r.id, r.person_id, row_number() over (
        partition by v.id order by r.arrival desc) as place,
        (s.value->>'accept')::integer as accept
    from jsonb_each(:seats::jsonb) s
    join data.event v on v.slug = s.key
    join data.registration r on r.event_id = v.id and r.state = 'offered'
        and r.nominated_by is not null) r
cross join lateral (
    select case when set_config('convene.actor', r.person_id::text, true) <> ''
    then r.id end as id offset 0) a
cross join lateral registration.accept(a.id) t
where r.place <= r.accept;

-- name: demo_mailings
-- A message that was sent, and a reminder that will be.
select notice.send(v.id, notice.mailing_save(v.id, null, null, m->>'kind',
    m->'filter', case m->>'kind' when 'reminder' then 'reminder'
    else 'event' end, false, m->'subject', m->'body', m->>'anchor',
    (m->>'lag')::interval))
from jsonb_array_elements(:mailings::jsonb) m
join data.event v on v.slug = m->>'event';

-- name: demo_mailings_sent
update data.mailing m set state = 'done', ended = clock_timestamp()
where m.state = 'sending';

-- name: demo_forms
-- What two of the events ask.
select registration.form_define(v.id, f.value)
from jsonb_each(:forms::jsonb) f
join data.event v on v.slug = f.key;

-- name: demo_answers
-- Who is registered has answered: drawn by lot, in their own language.
select registration.put_entries(v.id, jsonb_agg(jsonb_build_object('n', r.id,
    'audience', registration.audience_of(p.staff, false),
    'answers', a.answers || jsonb_build_object('lang', p.language))))
from jsonb_object_keys(:forms::jsonb) f (slug)
join data.event v on v.slug = f.slug
join data.registration r on r.event_id = v.id
    and r.state in ('requested', 'waitlisted', 'offered', 'confirmed')
join data.person p on p.id = r.person_id
cross join lateral (
    select jsonb_object_agg(q.id, case
        when q.kind in ('choice', 'choices', 'dietary', 'access')
        then to_jsonb(q.accepts[1 + l.luck % cardinality(q.accepts)])
        when q.kind = 'number' then to_jsonb(q.least + 3 + l.luck % 10)
        when q.kind = 'country' then to_jsonb(coalesce(r.country, 'NP'))
        when q.kind = 'consent' then to_jsonb(true) end) as answers
    from data.question q
    cross join lateral (
        select abs(hashtext(r.id || ' answers ' || q.key)) / 16 as luck) l
    where q.event_id = v.id and (q.required or l.luck % 3 = 0)) a
group by v.id;

-- name: demo_devices
-- Two at each door.
insert into data.device (event_id, name, enrolled, enrolled_by, expires,
    last_seen)
select v.id, n.name, v.starts - interval '2 hours', a.id,
    v.ends + interval '1 day', least(v.ends, now())
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
join data.event v on v.slug = e->>'key'
join data.person a on a.email = 'organizer@convene.example'
cross join (values ('Front door'), ('Registration desk')) n (name)
where e ? 'shown' and v.mode <> 'online'
order by v.starts, n.name;

-- name: demo_scans
-- Who came, most of them in the half hour before it began.  Participants from
-- afar are let in by name.
with came as (
    select r.id, r.event_id, v.starts, v.mode,
        abs(hashtext(r.id || ' when')) as luck, (
            select array_agg(d.id order by d.id) from data.device d
            where d.event_id = v.id) as device
    from jsonb_array_elements(:programs::jsonb) p
    cross join jsonb_array_elements(p->'events') e
    join data.event v on v.slug = e->>'key' and v.starts < now()
    join data.registration r on r.event_id = v.id and r.state = 'confirmed'
    join data.person q on q.id = r.person_id
    where abs(hashtext(r.id || ' came')) % 1000
        < (e->>'shown')::numeric * 1000
    or q.email = 'participant@convene.example'),
timed as (
    select c.*, c.starts + interval '12 minutes' - interval '9 seconds'
        * power((c.luck % 1000) / 1000.0, 2) * 300
        + interval '1 hour' * (c.luck % 17 = 0)::integer as at
    from came c),
scan as (
    insert into data.scan (uuid, event_id, registration_id, device_id,
        person_id, result, scanned, received)
    select gen_random_uuid(), t.event_id, t.id, t.device[1 + t.luck % 2],
        case when t.device is null then a.id end, 'admitted',
        least(t.at, now() - interval '1 minute'),
        least(t.at, now() - interval '1 minute')
    from timed t
    join data.person a on a.email = 'organizer@convene.example'
    order by t.at
    returning id, registration_id, event_id, scanned)
insert into data.attendance (registration_id, event_id, scan_id, since)
select s.registration_id, s.event_id, s.id, s.scanned
from scan s;

-- name: demo_scans_again
-- Some show their ticket twice.
insert into data.scan (uuid, event_id, registration_id, device_id, result,
    first_id, scanned, received)
select gen_random_uuid(), s.event_id, s.registration_id, d.id, 'already', s.id,
    s.scanned + interval '7 minutes', s.scanned + interval '7 minutes'
from data.scan s
join data.device d on d.event_id = s.event_id and d.id <> s.device_id
where s.result = 'admitted' and s.registration_id % 23 = 0
and s.scanned < now() - interval '1 hour'
order by s.scanned;

-- name: demo_publishing
-- The sessions of the past that have materials to publish.
select n.id as session, s->'record' as record, coalesce(nullif(n.language, ''),
    v.language) as language, n.title, n.abstract, (
        select string_agg(k.name, E'\n' order by x.position)
        from data.session_speaker x join data.speaker k on k.id = x.speaker_id
        where x.session_id = n.id) as persons
from jsonb_array_elements(:programs::jsonb) p
cross join jsonb_array_elements(p->'events') e
cross join jsonb_array_elements(e->'sessions') s
join data.event v on v.slug = e->>'key'
join data.session n on n.event_id = v.id and n.title = s->>'title'
where s ? 'record' and n.ends < now()
and not exists (select from data.record r where r.session_id = n.id)
order by n.starts, n.id;

-- name: demo_records_dated
-- Published some days after the session.
with record as (
    update data.record r
    set published = least(n.ends + (3 + r.id % 6) * interval '19 hours',
            now() - interval '1 hour'),
        datestamp = least(n.ends + (3 + r.id % 6) * interval '19 hours',
            now() - interval '1 hour')
    from data.session n
    where n.id = r.session_id
    returning r.id, r.session_id, r.published)
update data.material m
set created = r.published - interval '40 minutes',
    complete = r.published - interval '39 minutes'
from record r
where r.session_id = m.session_id;

-- name: demo_moved
-- One session is half an hour later than it was, which those concerned are
-- told.
select schedule.session_move(s.id, s.room_id,
    (s.starts at time zone v.zone) + interval '30 minutes',
    (s.ends at time zone v.zone) + interval '30 minutes', s.version)
from data.event v
join data.session s on s.event_id = v.id
where v.slug = 'landslides-kathmandu'
order by s.starts desc
limit 1;

-- name: demo_moved_mailed
update data.notice n
set state = 'sent', attempts = 1, sent = clock_timestamp(), details = '{}'
where n.state = 'waiting' and n.kind = 'invite.changed';

-- name: demo_failed
-- Two addresses that are no more, for the organizer to see.
with last as (
    select n.id from data.notice n
    join data.event v on v.id = n.event_id and v.slug = 'governance-forum'
    join data.person p on p.id = n.person_id
    where n.kind = 'registration.confirmed'
    and p.email not like '%@convene.example'
    order by n.id desc
    limit 2)
update data.notice n
set state = 'failed', sent = null,
    problem = '550 5.1.1 ' || n.email || ': no such mailbox'
from last l
where l.id = n.id;

-- name: demo_waiting
-- A dozen mails that are about to go out: to the known participant, and to the
-- last who registered for what is to come.
with known as (
    select n.id, n.created, p.email = 'participant@convene.example' as mine
    from data.notice n
    join data.person p on p.id = n.person_id
    join data.event v on v.id = n.event_id
    join data.registration r on r.id = n.registration_id and r.state
        = case n.kind when 'registration.waitlisted' then 'waitlisted'
        else 'confirmed' end::data.registration_state
    where n.state = 'sent' and v.starts > now() and v.state = 'published'
    and n.kind in ('registration.confirmed', 'registration.promoted',
        'registration.waitlisted')
    and not exists (select from data.notice o
        where o.invite_id = n.invite_id and o.id > n.id)),
chosen as (
    select k.id from known k
    order by k.mine desc, k.created desc
    limit 12)
update data.notice n
set state = 'waiting', attempts = 0, sent = null, next_try = now()
from chosen s
where s.id = n.id;

-- name: demo_counts
select (select count(*) from data.program) as programs,
    (select count(*) from data.event) as events,
    (select count(*) from data.session) as sessions,
    (select count(*) from data.person) as people,
    (select count(*) from data.registration) as registrations,
    (select count(*) from data.attendance) as attended,
    (select count(*) from data.record) as records;
