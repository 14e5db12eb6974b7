-- One of everything, and who has to do with it, for tests/web/doors_test.mjs.
-- Variables: n (a name that is new each time), token (of what a link opens).
-- Answers one row: the number of each thing, by the name of a path's parameter.
\set QUIET on
begin;
insert into data.person (email, name)
select 'doors-' || w || '@convene.example', initcap(w)
from unnest('{participant,stranger,guest,nominee,member,staff,organizer,coordinator,otherstaff,otherorganizer,othercoordinator,admin}'::text[]) w
on conflict do nothing;
insert into data.program (slug, reach, title, state)
values ('doors-' || :'n', 'global', 'Doors', 'published') returning id as program \gset
insert into data.program (slug, reach, title, state)
values ('doors-draft-' || :'n', 'global', 'Doors', 'draft') returning id as draft_program \gset
insert into data.program (slug, reach, title, state)
values ('doors-other-' || :'n', 'global', 'Others', 'published') returning id as other_program \gset

insert into data.program (slug, reach, title, state)
values ('doors-empty-' || :'n', 'global', 'Empty', 'published') returning id as empty_program \gset

insert into data.event (program_id, slug, title, zone, starts, ends, state)
values (:program, 'doors-' || :'n', 'Doors', 'UTC', date_trunc('day', now()) + interval '30 days 9 hours', date_trunc('day', now()) + interval '30 days 18 hours', 'published') returning id as event \gset
insert into data.event (program_id, slug, title, zone, starts, ends, state)
values (:program, 'doors-draft-' || :'n', 'Draft', 'UTC', now() + interval '60 days', now() + interval '61 days', 'draft') returning id as draft \gset
insert into data.event (program_id, slug, title, zone, starts, ends, state, access)
values (:program, 'doors-inside-' || :'n', 'Inside', 'UTC', now() + interval '60 days', now() + interval '61 days', 'published', 'internal') returning id as inside \gset
insert into data.event (program_id, slug, title, zone, starts, ends, state)
values (:other_program, 'doors-other-' || :'n', 'Others', 'UTC', now() + interval '30 days', now() + interval '31 days', 'published') returning id as other_event \gset

insert into data.room (event_id, name) values (:event, 'Hall') returning id as room \gset
insert into data.room (event_id, name) values (:event, 'Empty') returning id as empty_room \gset
insert into data.track (event_id, name) values (:event, 'Water') returning id as track \gset
insert into data.speaker (event_id, name) values (:event, 'Asha') returning id as speaker \gset
insert into data.session (event_id, room_id, track_id, title, starts, ends, day, state)
values (:event, :room, :track, 'Floods', date_trunc('day', now()) + interval '30 days 10 hours', date_trunc('day', now()) + interval '30 days 11 hours', (now() + interval '30 days')::date, 'published') returning id as session \gset
insert into data.session (event_id, title, starts, ends, day, state)
values (:event, 'Unfinished', date_trunc('day', now()) + interval '30 days 12 hours', date_trunc('day', now()) + interval '30 days 13 hours', (now() + interval '30 days')::date, 'draft') returning id as draft_session \gset
insert into data.session (event_id, title, starts, ends, day, state)
values (:event, 'Archived', date_trunc('day', now()) + interval '30 days 14 hours', date_trunc('day', now()) + interval '30 days 15 hours', (now() + interval '30 days')::date, 'published') returning id as old_session \gset
insert into data.session (event_id, title, starts, ends, day, state)
values (:event, 'Archived inside', date_trunc('day', now()) + interval '30 days 15 hours', date_trunc('day', now()) + interval '30 days 16 hours', (now() + interval '30 days')::date, 'published') returning id as older_session \gset
insert into data.session (event_id, title, starts, ends, day, state)
values (:event, 'Archived for who was there', date_trunc('day', now()) + interval '30 days 16 hours', date_trunc('day', now()) + interval '30 days 17 hours', (now() + interval '30 days')::date, 'published') returning id as oldest_session \gset
insert into data.session_speaker (session_id, speaker_id) values (:session, :speaker);
select schedule.calendars(e), schedule.index_event(e), schedule.index_sessions(e)
from unnest(array[:event, :draft, :inside, :other_event]::bigint[]) e \g /dev/null

insert into data.unit (code, name) values (upper(left('D' || :'n', 16)), 'Delta') returning id as unit \gset
insert into data.unit (code, name) values (upper(left('O' || :'n', 16)), 'Others') returning id as other_unit \gset
update data.person set unit_id = :unit where email = 'doors-member@convene.example';
insert into data.role (person_id, kind, scope, scope_id)
select p.id, w.kind::data.role_kind, w.scope::data.role_scope, w.id
from (values ('staff', 'staff', 'event', :event), ('organizer', 'organizer', 'program', :program),
    ('organizer', 'organizer', 'program', :draft_program), ('organizer', 'organizer', 'program', :empty_program),
    ('otherstaff', 'staff', 'event', :other_event), ('otherorganizer', 'organizer', 'program', :other_program),
    ('coordinator', 'coordinator', 'unit', :unit), ('othercoordinator', 'coordinator', 'unit', :other_unit),
    ('admin', 'admin', 'system', 0)) w (who, kind, scope, id)
join data.person p on p.email = 'doors-' || w.who || '@convene.example'
on conflict do nothing;
insert into data.device (event_id, name, expires) values (:event, 'Front door', now() + interval '1 day') returning id as device \gset
insert into data.device (event_id, name, expires) values (:other_event, 'Other door', now() + interval '1 day') returning id as other_device \gset
insert into data.login (token_hash, device_id, idle, idle_expiry, absolute_expiry)
select sha256(convert_to(w || :'token', 'UTF8')), id, interval '1 day', now() + interval '1 day', now() + interval '1 day'
from (values ('d', :device), ('o', :other_device)) v (w, id);
insert into data.enrolment (token_hash, event_id, name, expires)
values (sha256(convert_to('e' || :'token', 'UTF8')), :event, 'Side door', now() + interval '1 hour');

select registration from registration.take(:event, 'doors-participant@convene.example', 'Participant', 'en', 'KE', '', null,
    gen_random_uuid(), sha256(convert_to('m' || :'token', 'UTF8'))) \gset
select registration as guest_registration from registration.take(:event, 'doors-guest@convene.example', 'Guest', 'en', 'KE', '', null,
    gen_random_uuid(), sha256(convert_to('g' || :'token', 'UTF8'))) \gset
select question from registration.question_put(:event, null, '{"kind": "file", "label": {"en": "Paper"}}') \gset
select registration.set_seats(:event, 100) \g /dev/null
select bucket from registration.bucket_put(null, :event, 'Allotment', 'unit', null, array[:'unit'], true, 5, null) \gset
select registration as nominee from registration.nominate(:event, :unit, jsonb_build_array(jsonb_build_object(
    'email', 'doors-nominee@convene.example', 'name', 'Nominee', 'key', gen_random_uuid(),
    'manage_hash', sha256(convert_to('n' || :'token', 'UTF8'))))) \gset
update data.registration set nominated_by = (select id from data.person where email = 'doors-coordinator@convene.example') where id = :nominee;
update data.person set feed_hash = null where email = 'doors-participant@convene.example';
update data.person set feed_hash = sha256(convert_to('f' || :'token', 'UTF8')) where email = 'doors-participant@convene.example';
insert into data.notice (kind, email, event_id, registration_id, state, problem)
values ('confirmed', 'doors-participant@convene.example', :event, :registration, 'failed', '550') returning id as notice \gset
insert into data.mailing (event_id, kind, subject, body) values (:event, 'mailing', '{"en": "Boots"}', '{"en": "Bring boots."}') returning id as mailing \gset
insert into data.mailing (event_id, kind, state, began, subject, body) values (:event, 'mailing', 'sending', now(), '{"en": "Boots"}', '{"en": "Bring boots."}') returning id as sent_mailing \gset
insert into data.party (event_id, leader_id) select event_id, person_id from data.registration where id = :registration returning id as party \gset
update data.registration set party_id = :party where id = :registration;
update data.pool set party_most = 5, transfer = true where event_id = :event;
insert into data.access_code (event_id, code) values (:event, 'DOORS' || :'n') returning id as access \gset
insert into data.consent (person_id, registration_id, wording, language, given)
select person_id, id, 'Photos', 'en', true from data.registration where id = :registration returning id as consent \gset
insert into data.scan (uuid, event_id, registration_id, device_id, result)
values (gen_random_uuid(), :event, :guest_registration, :device, 'admitted') returning id as scan \gset
insert into data.attendance (registration_id, event_id, scan_id, since) values (:guest_registration, :event, :scan, now());

insert into data.material (session_id, event_id, name, size) values (:session, :event, 'slides.txt', 4) returning id as material \gset
insert into data.record (ark, session_id, event_id, title, language, licence, access, held)
values (archive.mint('99999', 'c1'), :old_session, :event, 'For all', 'en', 'CC-BY-4.0', 'public', current_date) returning id as record, ark \gset
insert into data.record (ark, session_id, event_id, title, language, licence, access, held)
values (archive.mint('99999', 'c1'), :older_session, :event, 'Inside', 'en', 'CC-BY-4.0', 'internal', current_date) returning id as inside_record \gset
insert into data.record (ark, session_id, event_id, title, language, licence, access, held)
values (archive.mint('99999', 'c1'), :oldest_session, :event, 'For participants', 'en', 'CC-BY-4.0', 'participants', current_date) returning id as participants_record \gset
select program.index(p) from unnest(array[:program, :draft_program, :other_program, :empty_program]::bigint[]) p \g /dev/null
select archive.index(r) from unnest(array[:record, :inside_record, :participants_record]::bigint[]) r \g /dev/null
insert into data.saved_view (event_id, person_id, name)
select :event, id, 'Those who wait' from data.person where email = 'doors-organizer@convene.example' returning id as view \gset
commit;
select json_build_object('program', :program, 'draft_program', :draft_program, 'empty_program', :empty_program, 'event', :event, 'draft', :draft, 'inside', :inside,
    'other_event', :other_event, 'room', :room, 'empty_room', :empty_room, 'track', :track, 'speaker', :speaker,
    'session', :session, 'draft_session', :draft_session, 'device', :device, 'registration', :registration, 'question', :question,
    'notice', :notice, 'view', :view, 'mailing', :mailing, 'sent_mailing', :sent_mailing,
    'attendee', (select id from data.person where email = 'doors-participant@convene.example'), 'scan', :scan, 'material', :material, 'record', :record, 'inside_record', :inside_record,
    'participants_record', :participants_record, 'naan', split_part(:'ark', '/', 1), 'ark', split_part(:'ark', '/', 2),
    'party', :party, 'access', :access, 'consent', :consent, 'unit', :unit, 'bucket', :bucket, 'nominee', :nominee,
    'unit_person', (select id from data.person where email = 'doors-member@convene.example'),
    'unit_coordinator', (select id from data.person where email = 'doors-coordinator@convene.example'),
    'day', (now() at time zone 'UTC' + interval '30 days')::date, 'staff_person', (select id from data.person where email = 'doors-staff@convene.example'),
    'person', (select id from data.person where email = 'doors-stranger@convene.example'));
