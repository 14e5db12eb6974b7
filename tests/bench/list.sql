-- A list of 20,000 for tools/bench, with a form of eight questions, half of
-- them answered by each; numbers as in fill.sql:
--
--   event 1900   persons and registrations 1000001…; login organizer-1900
\set ON_ERROR_STOP on
begin;
set local synchronous_commit = off;
insert into data.event (id, program_id, slug, title, zone, starts, ends, state)
overriding system value
values (1900, 1000, 'bench-1900', 'The list', 'Asia/Kathmandu',
    now() + interval '30 days', now() + interval '33 days', 'published');
insert into data.calendar (event_id, uid) values (1900, 'bench-1900@localhost');
insert into data.pool (id, event_id) overriding system value values (1900, 1900);
insert into data.person (id, email, name, country, organisation)
overriding system value
select 1000000 + i, 'listed-' || i || '@bench.example',
    (array['Asha', 'José', 'Müller', 'Ngũgĩ', '王'])[1 + i % 5] || ' '
    || initcap(left(md5(i::text), 9)), 'NP', ''
from generate_series(1, 20000) i;
insert into data.registration (id, event_id, pool_id, person_id, state,
    arrival, key, via, country, organisation, manage_hash)
overriding system value
select 1000000 + i, 1900, 1900, 1000000 + i, (array['confirmed', 'confirmed',
    'confirmed', 'waitlisted', 'withdrawn'])[1 + i % 5]::data.registration_state,
    i, gen_random_uuid(), 'face_to_face',
    (array['NP', 'KE', 'FR', 'BR', 'EG', 'IN'])[1 + i / 7 % 6],
    'University ' || i % 100, sha256(convert_to('listed-' || i, 'UTF8'))
from generate_series(1, 20000) i;
update data.pool set confirmed = 12000, waitlisted = 4000, arrived = 20000
where id = 1900;
insert into data.question (id, event_id, key, position, kind, label, options)
overriding system value
select 1000000 + i, 1900, 'q' || i, i, (array['short', 'choice', 'number',
    'date', 'choices'])[1 + i % 5]::data.question_kind,
    jsonb_build_object('en', 'Question ' || i),
    '[{"value": "a", "label": {"en": "Apple"}}, {"value": "b", "label": {"en": "Banana"}}]'
from generate_series(1, 8) i;
insert into data.question_wording (question_id, number, label, help, options)
select q.id, 1, q.label, q.help, q.options
from data.question q where q.event_id = 1900;
insert into data.answer (registration_id, question_id, event_id, value,
    wording, language)
select r.id, q.id, 1900, case q.kind
    when 'short' then to_jsonb('What somebody wrote, number ' || r.id)
    when 'choice' then '"a"' when 'number' then to_jsonb(r.id)
    when 'date' then '"2031-03-04"' else '["a", "b"]' end, 1, 'en'
from data.registration r
join data.question q on q.event_id = r.event_id
where r.event_id = 1900 and (r.id + q.id) % 2 = 0;
insert into data.role (person_id, kind, scope, scope_id)
values (1000001, 'organizer', 'event', 1900);
insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
values (decode(:'login', 'hex'), 1000001, '1 day', now() + interval '1 day',
    now() + interval '2 days');
commit;
vacuum analyze;
checkpoint;
