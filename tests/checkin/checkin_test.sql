-- At the door: each answer, once each, and what may be taken back.
begin;
\ir ../support/house.sql
select plan(46);

insert into data.device (id, event_id, name, expires) overriding system value
values (1, 1, 'Gate A', now() + interval '1 day'), (2, 1, 'Gate B', now() + interval '1 day'),
    (3, 3, 'Elsewhere', now() + interval '1 day');
insert into data.login (token_hash, device_id, idle, idle_expiry, absolute_expiry)
select sha256(lower(replace(d.name, ' ', ''))::bytea), d.id, interval '1 day',
    now() + interval '1 day', now() + interval '2 days'
from data.device d;
create function pg_temp.take(p_token text, p_event bigint, p_key integer)
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select t.registration
    from registration.take(%s, null, null, 'en', null, null, null, %L::uuid,
    sha256(%L)) t$q$, p_event, lpad(p_key::text, 32, '0'), 'token' || p_key))
$$;
create table pg_temp.who (name text, id bigint);
insert into pg_temp.who values
    ('pia', pg_temp.take('pia', 1, 1)::bigint), ('ivy', pg_temp.take('ivy', 1, 2)::bigint),
    ('compost', pg_temp.take('ivy', 3, 3)::bigint);
-- A scan: "result why name first_where confirmed/admitted".
create function pg_temp.scan(p_token text, p_who text, p_uuid integer,
    p_serial integer default 0, p_ticket_event bigint default 1,
    p_session bigint default null)
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select concat_ws(' ',
    case when s.repeated then 'again:' end, s.result, nullif(s.why, ''), s.name,
    s.first_where, s.event_title, s.confirmed || '/' || s.admitted)
    from checkin.scan(1, %L, %s, %s, %L::uuid, %L) s$q$,
    coalesce((select w.id from pg_temp.who w where w.name = p_who), 999), p_serial,
    p_ticket_event, lpad(p_uuid::text, 32, '0'), p_session), 'anyone')
$$;

select is(pg_temp.scan('gatea', 'pia', 1), 'admitted Pia 2/1', 'a ticket admits');
select is(pg_temp.scan('gatea', 'pia', 1), 'again: admitted Pia 2/1',
    'the same scan sent again has the same answer');
select is(pg_temp.scan('gateb', 'pia', 2), 'already Pia Gate A 2/1',
    'at another gate: admitted already, and where');
select is(pg_temp.scan('gateb', 'pia', 2), 'again: already Pia Gate A 2/1',
    'which is repeated, too');
select is(pg_temp.scan('dan', 'ivy', 3), 'admitted Ivy 2/2', 'staff scan as devices do');
select is(pg_temp.scan('gatea', 'nobody', 4), 'unknown 2/2', 'no such registration');
select is(pg_temp.scan('gatea', 'compost', 5, 0, 3), 'wrong_event Compost 2/2',
    'another event''s ticket: which, but not whose');
select is(pg_temp.scan('gatea', 'compost', 6, 0, 1), 'unknown 2/2',
    'a ticket that contradicts itself');
select is(pg_temp.scan('elsewhere', 'pia', 7), '42501 account.denied',
    'another event''s device scans nothing here');
select is(pg_temp.scan('pia', 'pia', 7), '42501 account.denied', 'nor does a participant');
select is(pg_temp.scan(null, 'pia', 7), '28000 account.sign_in', 'nor nobody');
select is(pg_temp.scan('olga', 'pia', 3), 'P0003 checkin.uuid_used',
    'a scan''s uuid is one person''s');
select is(pg_temp.scan('gatea', 'pia', 3), 'already Pia Gate A 2/2',
    'but each device has its own');
select is(pg_temp.scan('gatea', 'pia', 8, 0, 1, 1), 'admitted Pia 2/1',
    'a session''s door counts by itself');
select is(pg_temp.scan('gatea', 'pia', 9, 0, 1, 999), 'P0002 checkin.no_session',
    'if it is the event''s');

-- replaced and ended tickets
select is(pg_temp.tried('pia', format('select v.serial from registration.reissue(%s) v',
    (select w.id from pg_temp.who w where w.name = 'pia'))), '1', 'a new ticket');
select is(pg_temp.scan('gatea', 'pia', 20), 'cancelled replaced Pia Gate A 2/2',
    'the old one is refused before it is found used');
select is(pg_temp.scan('gatea', 'pia', 21, 1), 'already Pia Gate A 2/2', 'the new one counts');
select is(pg_temp.tried('ivy', format('select v.state from registration.withdraw(%s) v',
    (select w.id from pg_temp.who w where w.name = 'ivy'))),
    'P0003 registration.already_in', 'who is in does not withdraw');

-- undo
create function pg_temp.undo(p_token text, p_uuid integer)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select concat_ws('' '', u.name,
    u.confirmed || ''/'' || u.admitted) from checkin.undo(%s) u', (
    select s.id from data.scan s where s.uuid = lpad(p_uuid::text, 32, '0')::uuid
    order by s.id limit 1)))
$$;
select is(pg_temp.undo('gateb', 1), '42501 account.denied',
    'a device does not undo another''s scan');
select is(pg_temp.undo('gatea', 2), '42501 account.denied', 'as said');
select is(pg_temp.undo('dan', 2), 'P0003 checkin.nothing_to_undo', 'only what admitted');
select is(pg_temp.undo('dan', 3), 'Ivy 2/1', 'staff undo');
select is(pg_temp.undo('dan', 3), 'Ivy 2/1', 'once');
select is(pg_temp.undo('gatea', 1), 'Pia 2/0', 'a device undoes its own');
select is(pg_temp.tried('gatea', format('select u.scan is not null
    from checkin.undo_uuid(1, %L) u', lpad('8', 32, '0'))), 'true',
    'by the uuid, too');
select is((select count(*) from data.attendance), 0::bigint, 'nobody is in');
select throws_ok('update data.scan set result = ''unknown''', '42501',
    'checkin.scan_only_grows', 'scans are never changed');
select is(pg_temp.scan('gatea', 'pia', 30, 1), 'admitted Pia 2/1', 'and in again');

-- ended, refused, searched
select is(pg_temp.tried('ivy', format('select v.state from registration.withdraw(%s) v',
    (select w.id from pg_temp.who w where w.name = 'ivy'))), 'withdrawn', 'Ivy leaves');
select is(pg_temp.scan('gatea', 'ivy', 31), 'cancelled withdrawn Ivy 1/1',
    'and her ticket is worth nothing');
select is(pg_temp.tried('gatea', format('select r.result from checkin.refuse(1, %L, ''forged'') r',
    gen_random_uuid())), 'forged', 'a forged one is kept');
select is(pg_temp.tried('gatea', format('select r.result from checkin.refuse(1, %L, ''admitted'') r',
    gen_random_uuid())), 'P0001 checkin.not_a_refusal result', 'but nobody is let in so');
select is(pg_temp.tried('dan', format('select concat_ws('' '', a.result, a.name)
    from checkin.admit(1, %s, %L) a', (select w.id from pg_temp.who w
    where w.name = 'pia'), gen_random_uuid())), 'already Pia', 'found by name');
select is(pg_temp.tried('dan', format('select a.result from checkin.admit(1, %s, %L) a',
    (select w.id from pg_temp.who w where w.name = 'compost'), gen_random_uuid())),
    'P0002 checkin.not_registered', 'among this event''s');
select is(pg_temp.tried('gatea', 'select count(*) from data.registration'), '2',
    'a device sees its event''s registrations');
select is(pg_temp.tried('elsewhere', 'select count(*) from data.scan'), '0',
    'and no other''s scans');
select is(pg_temp.tried('pia', 'select count(*) from data.attendance'), '1',
    'a person sees that they were there');
select is(pg_temp.tried('pia', 'select count(*) from data.scan'), '0', 'but no scans');

-- by number, once more, counted
select is(pg_temp.tried('gatea', format('select concat_ws('' '', a.result, a.name)
    from checkin.number(1, %s, %L) a', (select w.id from pg_temp.who w
    where w.name = 'pia'), gen_random_uuid())), 'already Pia', 'found by number');
select is(pg_temp.tried('gatea', format('select concat_ws('' '', a.result, a.name)
    from checkin.number(1, %s, %L) a', (select w.id from pg_temp.who w
    where w.name = 'compost'), gen_random_uuid())), 'unknown',
    'a number of another event is unknown');
select is(pg_temp.tried('gatea', 'select concat_ws('' '', v.result, v.name)
    from checkin.verdict(1, (select min(s.id) from data.scan s)) v'), 'admitted Pia',
    'a verdict is told once more');
select is(pg_temp.tried('elsewhere', 'select v.result
    from checkin.verdict(1, 1) v'), '42501 account.denied', 'at its own door only');
select is((select sum(d.admitted) from data.door d
    where d.event_id = 1 and d.session_id is null), (select count(*)
    from data.attendance a where a.event_id = 1 and a.session_id is null)::numeric,
    'what each door counted is what there is');
delete from data.attendance where event_id = 1;
select is((select sum(d.admitted) from data.door d where d.event_id = 1), 0::numeric,
    'also when it goes');
select is(pg_temp.tried('pia', 'select count(*) from data.door'), '0',
    'a participant sees no counts');

select * from finish();
rollback;
