-- What tools/bench measures on, set by set, as the verbs would have left it.
-- psql variable n: registrations.  Numbers are given out by hand, so that the
-- requests can be made without asking:
--
--   event 1001   a hall of 1,000 sessions         persons 100001…  registered
--   event 1002   the rush, 500 seats, 5 buckets,  persons 2000001… rush there
--                a form of 3 questions
--   event 1004   200 seats, 2,000 people in line  person 2900001 organizes it
--   event 1003   the door, two fifths of n        device logins door-1…4
--   events 2001… 200 pools without a limit        manage tokens manage-<id>
--   events 10001… 100 registrations each          logins login-<person>
\set ON_ERROR_STOP on
\timing off
begin;
set local synchronous_commit = off;

-- The token of a name, spelt as the web spells its own.
create function pg_temp.token(p_name text)
returns text
language sql immutable
as $$
select rtrim(translate(encode(sha256(convert_to(p_name, 'UTF8')), 'base64'),
    '+/', '-_'), '=')
$$;

create function pg_temp.hash(p_name text)
returns bytea
language sql immutable
as $$
select sha256(convert_to(pg_temp.token(p_name), 'UTF8'))
$$;

insert into data.program (id, slug, reach, title, state)
overriding system value
values (1000, 'bench', 'global', 'Learning under load', 'published');

create temporary table planned on commit drop as
select 1001 as id, 'Hall of a thousand sessions' as title
union all select 1002, 'The rush'
union all select 1003, 'The door'
union all select 1004, 'The line'
union all select 2000 + i, 'Pool ' || i from generate_series(1, 200) i
union all select 10000 + i, 'Course ' || i
from generate_series(1, greatest(1, :n * 3 / 500)) i;

insert into data.event (id, program_id, slug, title, summary, mode, zone,
    starts, ends, venue, city, country, state)
overriding system value
select id, 1000, 'bench-' || id, title, repeat('What it is about. ', 20),
    'face_to_face', 'Asia/Kathmandu',
    date_trunc('day', now()) + interval '30 days' + id % 50 * interval '1 day',
    date_trunc('day', now()) + interval '33 days' + id % 50 * interval '1 day',
    'Congress centre', 'Kathmandu', 'NP', 'published'
from planned;
insert into data.calendar (event_id, uid)
select id, 'bench-' || id || '@localhost' from planned;
insert into data.pool (id, event_id, seats)
overriding system value
select id, id, case id when 1002 then 500 when 1004 then 200 end from planned;

-- What a rush has to decide and to keep.
insert into data.question (id, event_id, key, position, kind, required, label,
    options, accepts, most)
overriding system value
values (1001, 1002, 'role', 1, 'choice', true, '{"en": "Your role"}',
        '[{"value": "a"}, {"value": "b"}]', '{a,b}', null),
    (1002, 1002, 'why', 2, 'short', true, '{"en": "Why you come"}', '[]', '{}', 200),
    (1003, 1002, 'diet', 3, 'dietary', false, '{"en": "Diet"}',
        '[{"value": "vegan"}]', '{vegan}', null);
insert into data.question_wording (question_id, number, label, help, options)
select q.id, q.wording, q.label, q.help, q.options from data.question q;
insert into data.bucket (pool_id, position, name, by, question_id, for_values,
    seats)
values (1002, 1, 'Low income', 'income', null, '{low}', 60),
    (1002, 2, 'Africa', 'region', null, '{SSF}', 80),
    (1002, 3, 'South Asia', 'region', null, '{SAS}', 100),
    (1002, 4, 'Islands', 'country', null, '{FJ,WS,TO,MV,SC}', 20),
    (1002, 5, 'Role b', 'answer', 1001, '{b}', 40);
update data.pool set reserved = 300, form_revision = 1 where id = 1002;
update data.pool set promotion = 'offer' where id = 1004;

-- The hall: 20 rooms, 10 tracks, 600 speakers, three days.
insert into data.room (id, event_id, name, seats, position)
overriding system value
select 1000 + i, 1001, 'Room ' || i, 100, i from generate_series(1, 20) i;
insert into data.track (id, event_id, name, position)
overriding system value
select 1000 + i, 1001, 'Strand ' || i, i from generate_series(1, 10) i;
insert into data.speaker (id, event_id, name)
overriding system value
select 1000 + i, 1001, 'Speaker Number ' || i from generate_series(1, 600) i;
insert into data.session (id, event_id, room_id, track_id, slug, title,
    subtitle, abstract, kind, starts, ends, day)
overriding system value
select 1000 + i, 1001, 1001 + i % 20, 1001 + i % 10, 'session-' || i,
    'How to learn together with many, part ' || i, 'A subtitle',
    repeat('What will be said. ', 20), 'talk', t.starts,
    t.starts + interval '25 minutes', (t.starts at time zone e.zone)::date
from generate_series(0, 999) i
join data.event e on e.id = 1001
cross join lateral (
    select date_trunc('day', e.starts at time zone e.zone) at time zone e.zone
        + interval '9 hours' + i / 20 / 17 * interval '1 day'
        + i / 20 % 17 * interval '30 minutes' as starts) t;
insert into data.session_speaker (session_id, speaker_id, position)
select 1000 + i, 1001 + (i * 7 + k * 101) % 600, k
from generate_series(0, 999) i, generate_series(0, 1) k;
insert into data.calendar (event_id, session_id, uid)
select 1001, s.id, 'bench-session-' || s.id || '@localhost'
from data.session s where s.event_id = 1001;
insert into data.search (kind, id, event_id, language, words, title, at)
select 'program', 1000, null, 'en', to_tsvector('simple', 'learning'),
    'Learning under load', null::timestamptz
union all
select 'event', e.id, e.id, 'en', to_tsvector('simple', e.title), e.title, e.starts
from data.event e
union all
select 'session', s.id, s.event_id, 'en', to_tsvector('simple', s.title),
    s.title, s.starts
from data.session s;

-- People.
insert into data.person (id, email, name)
overriding system value
select 100000 + i, 'person-' || i || '@bench.example', 'Person Number ' || i
from generate_series(1, :n) i
union all
select 2000000 + i, 'rush-' || i || '@bench.example', 'Rushing Number ' || i
from generate_series(1, 10000) i
union all
select 2900000 + i, 'line-' || i || '@bench.example', 'Waiting Number ' || i
from generate_series(1, 2200) i;
insert into data.role (person_id, kind, scope, scope_id)
values (2900001, 'organizer', 'event', 1004);
insert into data.device (id, event_id, name, expires)
overriding system value
select 1000 + i, 1003, 'Gate ' || i, now() + interval '60 days'
from generate_series(1, 4) i;
insert into data.login (token_hash, person_id, device_id, idle, idle_expiry,
    absolute_expiry)
select pg_temp.hash('login-' || p.id), p.id, null::bigint, interval '14 days',
    now() + interval '14 days', now() + interval '30 days'
from data.person p where p.id > 100000
union all
select pg_temp.hash('door-' || d.id - 1000), null, d.id, interval '60 days',
    now() + interval '60 days', now() + interval '60 days'
from data.device d;

-- Registrations, with everything that hangs on them.
insert into data.registration (id, event_id, pool_id, person_id, state,
    arrival, key, via, country, manage_hash)
overriding system value
select i, e.id, e.id, 100000 + i, 'confirmed', i, gen_random_uuid(),
    'face_to_face', 'NP', pg_temp.hash('manage-' || i)
from generate_series(1, :n) i
cross join lateral (
    select case when i % 5 < 2 then 1003
    else 10001 + i % greatest(1, :n * 3 / 500) end as id) e;
update data.pool p set confirmed = r.people, arrived = r.arrival
from (select pool_id, count(*) as people, max(arrival) as arrival
    from data.registration group by pool_id) r
where r.pool_id = p.id;
insert into data.registration_change (registration_id, actor, became, why)
select r.id, r.person_id, 'confirmed', 'taken' from data.registration r;
insert into data.invite (id, calendar_id, person_id, registration_id,
    last_sent_seq, last_material_seq, last_method, last_sent)
overriding system value
select r.id, c.id, r.person_id, r.id, 0, 0, 'REQUEST', now()
from data.registration r
join data.calendar c on c.event_id = r.event_id and c.session_id is null;
insert into data.notice (kind, person_id, email, event_id, registration_id,
    invite_id, method, sequence, state, attempts, sent)
select 'registration.confirmed', r.person_id, p.email, r.event_id, r.id, r.id,
    'REQUEST', 0, 'sent', 1, now()
from data.registration r
join data.person p on p.id = r.person_id;
insert into data.audit (actor, act, object, object_id, details)
select r.person_id, 'registration.confirmed', 'registration', r.id,
    '{"why": "taken"}'
from data.registration r;

-- Half of those at the door are in already.
insert into data.scan (id, uuid, event_id, registration_id, device_id, result)
overriding system value
select r.id, gen_random_uuid(), 1003, r.id, 1001, 'admitted'
from data.registration r where r.event_id = 1003 and r.id % 2 = 0;
insert into data.attendance (registration_id, event_id, scan_id, since)
select s.registration_id, 1003, s.id, s.scanned from data.scan s;

-- Who hurries comes from many addresses, but the generator has one.
insert into data.setting (name, value)
values ('throttle.registration', '1000000 1000000')
on conflict (name) do update set value = excluded.value;

-- Who stands in line there came in by the door.
select setval(pg_get_serial_sequence('data.' || t, 'id'), 2900000)
from unnest('{registration,invite}'::text[]) t
\g (format=unaligned tuples_only) /dev/null
select count(*) from registration.arrive(1004, (
    select jsonb_agg(jsonb_build_object('n', i, 'person_id', 2900000 + i, 'key',
        gen_random_uuid(), 'manage_hash', pg_temp.hash('line-' || i)) order by i)
    from generate_series(1, 2200) i))
\g (format=unaligned tuples_only) /dev/null
update data.notice set state = 'sent', attempts = 1, sent = now()
where event_id = 1004;

select setval(pg_get_serial_sequence('data.' || t, 'id'), 3000000)
from unnest('{program,event,pool,room,track,speaker,session,person,device,
    registration,invite,scan}'::text[]) t
\g (format=unaligned tuples_only) /dev/null
commit;

select account.chain(2147483647) \g /dev/null
vacuum analyze;
checkpoint;
