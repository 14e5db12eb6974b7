-- Persons, roles, devices and the audit: each verb, and each refusal.
begin;
\ir ../support/house.sql
select no_plan();

-- persons
select is(account.person_of(' Pia@Example.org ', 'Other'), 5::bigint,
    'an address finds its person, however it is spelt');
select is((select name from data.person where id = 5), 'Pia',
    'who is not renamed by a stranger');
select is(account.person_of('new@example.org', 'New', 'fr', 'EG'), 100::bigint,
    'an unknown address makes one');
select throws_ok($$select account.person_of('nonsense', 'N')$$, 'P0001',
    'account.email_malformed', 'but not without an @');
select is(pg_temp.tried('pia', $$select account.profile_save('Pia P.', 'ar', 'EG',
    'Africa/Cairo', '')$$), '5', 'one changes one''s own profile');
select is(pg_temp.tried('pia', $$select account.profile_save(' ', 'ar', '', '', '')$$),
    'P0001 account.name_missing name', 'not to no name');
select is(pg_temp.tried('pia', $$select account.profile_save('P', 'ar', '', 'Mars/Base', '')$$),
    'P0001 schedule.zone_unknown zone', 'nor to an unknown zone');
select is(pg_temp.tried(null, $$select account.profile_save('P', 'ar', '', '', '')$$),
    '28000 account.sign_in', 'nobody has no profile');
select is(pg_temp.tried('olga', 'select account.person_set(5, true, false)'),
    '42501 account.denied', 'only an administrator says who works here');
select is(pg_temp.tried('ada', 'select account.person_set(1, true, true)'),
    'P0003 account.not_yourself', 'nobody shuts themself out');
select is(pg_temp.tried('ada', 'select account.person_set(999, true, true)'),
    'P0002 account.missing', 'nor somebody who is not there');
select is(pg_temp.tried('ada', 'select account.person_set(6, true, true)'), '6',
    'an administrator disables a person');
select is(pg_temp.tried('ivy', 'select 1', 'member'), '28000 account.sign_in',
    'who is out at once');
select is(pg_temp.tried(null, $$select account.signin_ask('ivy@example.org', 'A', 'L',
    sha256('b'))$$), '', 'and may ask');
select is((select state::text from data.notice where kind = 'signin'), 'dropped',
    'without getting mail');

-- roles
update data.login set idle = '14 days', idle_expiry = now() + interval '14 days',
    absolute_expiry = now() + interval '30 days' where person_id = 5;
select is(pg_temp.tried('olga', $$select account.role_grant('pia@example.org', '',
    'staff', 'event', 1)$$), '5', 'an organizer appoints door staff');
select is((select absolute_expiry - created from data.login where person_id = 5),
    interval '7 days', 'whose login is shortened');
select is(pg_temp.tried('pia', 'select 1', 'scanner', 'event', 1), '1',
    'and who may scan');
select is(pg_temp.tried('pia', $$select account.role_grant('x@example.org', '',
    'staff', 'event', 1)$$), '42501 account.denied', 'but not appoint');
select is(pg_temp.tried('oscar', $$select account.role_grant('x@example.org', '',
    'staff', 'event', 1)$$), '42501 account.denied', 'nor may another organizer');
select is(pg_temp.tried('olga', $$select account.role_grant('x@example.org', '',
    'admin', 'system', 0)$$), '42501 account.denied', 'no organizer makes administrators');
select is(pg_temp.tried('olga', $$select account.role_grant('x@example.org', '',
    'king', 'event', 1)$$), 'P0001 account.role_unfit kind', 'there is no such role');
select is(pg_temp.tried('olga', $$select account.role_grant('x@example.org', '',
    'staff', 'event', 999)$$), 'P0002 account.missing', 'nor such an event');
select is(pg_temp.tried('olga', $$select account.role_grant('bad', '',
    'staff', 'event', 1)$$), 'P0001 account.email_malformed email', 'nor such an address');
select is(pg_temp.tried(null, $$select account.role_grant('x@example.org', '',
    'staff', 'event', 1)$$), '28000 account.sign_in', 'nobody appoints nobody');
select is(pg_temp.tried('ada', $$select account.role_revoke(1, 'admin', 'system')$$),
    'P0003 account.last_admin', 'the last administrator stays');
select is(pg_temp.tried('ada', $$select account.role_grant('olga@example.org', '',
    'admin', 'system')$$), '2', 'unless there is another');
select is(pg_temp.tried('ada', $$select account.role_revoke(1, 'admin', 'system')$$),
    '', 'who may then go');
select is(pg_temp.tried('oscar', $$select account.role_revoke(5, 'staff', 'event', 1)$$),
    '42501 account.denied', 'a role is not another organizer''s to take');
select is(pg_temp.tried('olga', $$select account.role_revoke(5, 'staff', 'event', 1)$$),
    '', 'it is its own organizer''s');
select is(pg_temp.tried('olga', $$select account.role_revoke(5, 'staff', 'event', 1)$$),
    'P0002 account.missing', 'once');

-- devices
select is(pg_temp.tried('oscar', $$select account.device_enrol_make(1, 'Gate', sha256('e'))$$),
    '42501 account.denied', 'a door is not another organizer''s');
select is(pg_temp.tried('dan', $$select account.device_enrol_make(1, ' ', sha256('e'))$$),
    'P0001 account.name_missing name', 'a device has a name');
select is(pg_temp.tried('dan', $$select account.device_enrol_make(1, 'Gate', sha256('e'))
    > now() + interval '9 minutes'$$), 'true', 'door staff invite a device');
select is(pg_temp.tried(null, $$select name from account.device_enrol_use(sha256('e'), sha256('d'))$$),
    'Gate', 'which takes the invitation');
select is(pg_temp.tried(null, $$select name from account.device_enrol_use(sha256('e'), sha256('d2'))$$),
    'P0004 account.enrolment_spent', 'once');
select is(pg_temp.tried('d', 'select account.actor()', 'scanner', 'event', 1), null,
    'and scans, being no person');
select is(pg_temp.tried('d', 'select 1', 'scanner', 'event', 3), '42501 account.denied',
    'at its own event');
select is(pg_temp.tried('d', 'select 1', 'member'), '42501 account.denied',
    'a device is no member');
select is(pg_temp.tried('d', 'select 1', 'organizer', 'event', 1), '42501 account.denied',
    'and organizes nothing');
select is(pg_temp.tried('oscar', 'select account.device_revoke(d.id) from data.device d'),
    null, 'nobody else sees it');
select is(pg_temp.tried('dan', 'select account.device_revoke(d.id) from data.device d'),
    '1', 'its staff end it');
select is(pg_temp.tried('d', 'select 1', 'scanner', 'event', 1), '28000 account.sign_in',
    'at once');
select is(pg_temp.tried('dan', 'select account.device_revoke(999)'),
    'P0002 account.missing', 'what is not there cannot end');
insert into data.enrolment (token_hash, event_id, name, expires)
values (sha256('late'), 1, 'Late', now() - interval '1 second');
select throws_ok($$select account.device_enrol_use(sha256('late'), sha256('x'))$$,
    'P0004', 'account.enrolment_spent', 'an invitation lasts ten minutes');
insert into data.event (id, program_id, slug, title, zone, starts, ends, state)
overriding system value
values (50, 1, 'over', 'Over', 'UTC', now() - interval '5 days',
    now() - interval '4 days', 'published');
select throws_ok($$select account.device_enrol_make(50, 'Gate', sha256('o'))$$,
    'P0004', 'account.event_over', 'an event that is over needs no door');

-- the audit
select ok((select count(*) > 5 from data.audit), 'all that was written down');
select ok((select bool_and(a.details::text !~ '@|Pia') from data.audit a),
    'without a name or an address');
select is(account.chain(3), 3, 'the chainer takes some');
select is(account.chain(), (select count(*)::integer - 3 from data.audit), 'then the rest');
select is(account.chain(), 0, 'then nothing');
select is(account.chain_broken(), null, 'the chain is whole');
select throws_ok($$update data.audit set act = 'x' where link = 2$$, '42501',
    'account.audit_only_grows', 'no row is changed');
select throws_ok($$delete from data.audit where link = 2$$, '42501',
    'account.audit_only_grows', 'or removed');
select throws_ok($$truncate data.audit$$, '42501', 'account.audit_only_grows',
    'nor all of them');
alter table data.audit disable trigger audit_only_grows;
update data.audit set act = 'x' where link = 2;
select is(account.chain_broken(), (select id from data.audit where link = 2),
    'whoever changes one by force is seen');
update data.audit set act = (select act from data.audit where link = 3), hash = hash
where link = 2;
delete from data.audit where link = 2;
select is(account.chain_broken(), (select id from data.audit where link = 3),
    'and whoever removes one');
select is(pg_temp.tried('olga', 'select count(*) from account.audit_list()') ~ '^[0-9]+$',
    true, 'an administrator reads it');
select is(pg_temp.tried('pia', 'select count(*) from account.audit_list()'),
    '42501 account.denied', 'a participant does not');

-- what may be seen
select is(pg_temp.tried('pia', 'select array_agg(id)::text from data.person'), '{5}',
    'one sees oneself');
insert into data.pool (event_id) values (1) on conflict do nothing;
insert into data.registration (event_id, pool_id, person_id, state, arrival, key, manage_hash)
select 1, p.id, 5, 'confirmed', 1, gen_random_uuid(), sha256('m')
from data.pool p where p.event_id = 1;
select is(pg_temp.tried('dan', 'select array_agg(id order by id)::text from data.person'),
    '{4,5}', 'door staff see who registered');
select is(pg_temp.tried('oscar', 'select array_agg(id order by id)::text from data.person'),
    '{3}', 'others do not');
select is(pg_temp.tried('oscar', 'select count(*) from data.role'), '1',
    'nor others'' roles');
select is(pg_temp.tried('ada', 'select feed_hash from data.person'),
    '42501 permission denied for table person', 'secrets are nobody''s');
select is(array_agg(pg_temp.tried('ada', format('select count(*) from data.%I', t))
    = format('42501 permission denied for table %s', t)),
    '{t,t,t,t,t,t}', 'nor are credentials, throttles, settings and the audit')
from unnest('{login,signin,enrolment,throttle,audit,setting}'::text[]) t;
select is((select array_agg(c.relname) from pg_class c
    where c.relnamespace = 'data'::regnamespace and c.relkind = 'r'
    and not (c.relrowsecurity and c.relforcerowsecurity)
    and c.relname in ('unit', 'person', 'role', 'device', 'enrolment', 'login',
    'signin', 'throttle', 'audit', 'setting', 'program', 'theme',
    'program_theme', 'program_country', 'event', 'room', 'track', 'session',
    'speaker', 'session_speaker', 'session_link', 'search')), null,
    'row-level security is forced on every table of these rooms');
select lives_ok('select account.tidy()', 'what is over is tidied away');
select is((select count(*) from data.enrolment where expires < now() - interval '1 day'),
    0::bigint, 'invitations too');

select * from finish();
rollback;
