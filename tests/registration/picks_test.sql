-- The seats of sessions, and who waits for them; and seats that are handed on.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select plan(82);

insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
select sha256(x.name::bytea), pg_temp.person(x.name), interval '1 day',
    now() + interval '1 day', now() + interval '2 days'
from unnest('{a,b,c,d,e}'::text[]) x (name);
create function pg_temp.pick(p_name text, p_verb text default 'pick')
returns text
language sql
as $$
select pg_temp.tried(p_name, format('select concat_ws('' '', %s)
    from registration.%s(1) v', case p_verb when 'pick'
    then 'v.waiting, v.place' else 'v.session' end, p_verb))
$$;
create function pg_temp.session()
returns text
language sql
as $$
select format('%s: %s %s', p.most, p.taken, p.waiting)
from data.session_pool p where p.session_id = 1
$$;

select is(pg_temp.come('a b c d e'),
    'confirmed, confirmed, confirmed, confirmed, confirmed', 'five take part');
select is(pg_temp.pick('a'), 'f', 'a session without a limit');
select is(pg_temp.session(), ': 1 0', 'has a seat for everyone');
update data.room set seats = 2 where id = 1;
select is(pg_temp.session(), '2: 1 0', 'until its room has a number of seats');
select is(pg_temp.pick('b'), 'f', 'the second');
select is(pg_temp.pick('c'), 't 1', 'the third waits');
select is(pg_temp.pick('d'), 't 2', 'the fourth behind them');
select is(pg_temp.pick('c'), 't 1', 'twice is once');
select is(pg_temp.mails('c'), 'confirmed REQUEST', 'nothing comes into a calendar');
select is(pg_temp.mails('b'), 'confirmed REQUEST, picked REQUEST', 'but who has a seat is invited');
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}'
where state = 'waiting';
select is(pg_temp.pick('b', 'unpick'), '1', 'one drops it');
select is(pg_temp.mails('b'), 'confirmed REQUEST, picked REQUEST, unpicked CANCEL',
    'and is told');
select is(pg_temp.mails('c'), 'confirmed REQUEST, pick_promoted REQUEST', 'the next is invited');
select is(pg_temp.session(), '2: 2 1', 'and counted');
select is(pg_temp.pick('b'), 't 2', 'who comes back is last');
select is(pg_temp.pick('d', 'unpick'), '1', 'one leaves the line');
select is(pg_temp.session(), '2: 2 1', 'of which nobody is told');
select is(pg_temp.mails('d'), 'confirmed REQUEST', 'nobody at all');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- who leaves the event leaves its sessions
select is(pg_temp.act('a', 'withdraw', 'a'), 'withdrawn', 'one leaves the event');
select is(pg_temp.session(), '2: 2 0', 'the seat in the session is the next one''s');
select is(pg_temp.mails('b') like '%pick_promoted REQUEST', true, 'who is invited');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- the organizer's number comes before the room's
select is(pg_temp.tried('olga', 'select v.most from registration.session_seats(1, 1) v'),
    'P0001 registration.seats_below_used seats', 'no fewer than are taken');
select is(pg_temp.tried('olga', 'select v.most from registration.session_seats(1, -1) v'),
    'P0001 registration.seats_negative seats', 'nor less than none');
select is(pg_temp.tried('oscar', 'select v.most from registration.session_seats(1, 9) v'),
    '42501 account.denied', 'by its organizers alone');
select is(pg_temp.tried('olga', 'select v.most from registration.session_seats(999, 9) v'),
    'P0002 registration.no_session', 'of a session that there is');
select is(pg_temp.pick('d'), 't 1', 'one waits');
select is(pg_temp.tried('olga', 'select v.promoted from registration.session_seats(1, 3) v'),
    '1', 'one seat more is theirs');
select is(pg_temp.tried('olga', 'select v.most from registration.session_seats(1, null) v'),
    '3', 'without a number nobody is put out');
select is(pg_temp.pick('e'), 't 1', 'the room is full');
update data.room set seats = 5 where id = 2;
update data.session set room_id = 2 where id = 1;
select is(pg_temp.session(), '5: 4 0', 'in a larger room all have a seat');
update data.session set room_id = 1 where id = 1;
select is(pg_temp.session(), '4: 4 0', 'back in the small one nobody is put out');
select is(pg_temp.pick('e', 'unpick'), '1', 'one drops it');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- a session that is called off, and takes place after all
update data.room set seats = 3 where id = 1;
select is(pg_temp.pick('e'), 't 1', 'one waits again');
update data.session set state = 'cancelled' where id = 1;
select is(pg_temp.pick('d', 'unpick'), '1', 'one leaves what will not be');
select is(pg_temp.session(), '3: 2 1', 'which is no reason to let another in');
update data.session set state = 'published' where id = 1;
select is(pg_temp.session(), '3: 3 0', 'until it takes place after all');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- a seat is handed on
create function pg_temp.hand(p_name text, p_of text, p_to text, p_key integer)
returns text
language sql
as $$
select pg_temp.tried(p_name, format('select v.state from registration.transfer(%s,
    %L, %L, ''en'', %L, sha256(%L)) v', pg_temp.of(p_of), p_to || '@example.org',
    p_to, lpad(p_key::text, 32, '0'), 'token' || p_key))
$$;
select pg_temp.rule('{"seats": 4}') \g /dev/null
select is(pg_temp.hand('b', 'b', 'x', 1), 'P0003 registration.transfer_off',
    'only where it is allowed');
select pg_temp.rule('{"transfer": true}') \g /dev/null
select is(pg_temp.hand('b', 'c', 'x', 1), 'P0002 registration.missing', 'and of one''s own');
select is(pg_temp.hand('b', 'b', 'c', 1), 'P0001 registration.transfer_has email',
    'not to who has one');
select r.id as seat, r::text as before from data.registration r where r.id = pg_temp.of('b') \gset
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}'
where state = 'waiting';
select is(pg_temp.hand('b', 'b', 'x', 1), 'confirmed', 'a colleague has it');
select is(pg_temp.of('x'), :seat::bigint, 'the same seat, at the same place');
select is(pg_temp.hand('b', 'x', 'x', 1), 'confirmed', 'twice is once');
select throws_ok(format('select registration.%s', x.what), 'P0002', 'registration.missing',
    'who was found to have it just before does not any more')
from (values (format('leave(%L::data.registration, ''withdrawn'', ''registration.withdrawn'')', :'before')),
    (format('hand_on(%L, false, 1, gen_random_uuid(), sha256(''x''))', :'before'))) x (what);
select is(pg_temp.mails('b') like '%transferred_from CANCEL, unpicked CANCEL', true,
    'one calendar is told to forget it');
select is(pg_temp.mails('x'), 'transferred_to REQUEST, picked REQUEST',
    'another to keep it, with its sessions');
select is((select concat_ws(' ', r.serial, r.manage_hash = sha256('token1'))
    from data.registration r where r.id = :seat), '1 t', 'the ticket and the key are others');
select is((select c.why from data.registration_change c
    where c.registration_id = :seat order by c.id desc limit 1), 'transferred',
    'history says so');
select is(pg_temp.tried(null, $$select v.state
    from registration.withdraw_by_token(sha256('b')) v$$), 'P0002 registration.missing',
    'the old mail''s link is nobody''s');
select is(pg_temp.tried(null, $$select v.cancelled
    from invite.managed(sha256('token1')) v$$), 'false', 'the new one''s calendar is their own');
select is(pg_temp.tried(null, format($$select v.state from
    registration.transfer_by_token(sha256('token1'), 'y@example.org', 'Y', 'en',
    %L, sha256('token2')) v$$, lpad('2', 32, '0'))), 'confirmed',
    'by the mail''s link, too');
select pg_temp.rule('{"transfer": true, "transfer_until": "2020-01-01T00:00"}') \g /dev/null
select is(pg_temp.hand('c', 'c', 'z', 3), 'P0003 registration.transfer_off',
    'after its deadline no more');
select is(pg_temp.hand('olga', 'c', 'z', 3), 'confirmed', 'but by an organizer');
select is(pg_temp.pool(), '4: 4 0 0 0 | 0 0', 'the seats are as many as before');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- where a change has to be approved, a colleague has to be
select pg_temp.rule('{"transfer": true, "approval": "organizer", "reapprove": true}') \g /dev/null
update data.pool set transfer_until = null where event_id = 1;
select r.id as seat, r.key from data.registration r where r.id = pg_temp.of('y') \gset
select count(*) as picks from data.pick k where k.registration_id = :seat and not k.waiting \gset
select is(pg_temp.tried(null, format($$select v.state from
    registration.transfer_by_token(sha256('token2'), 'v@example.org', 'V', 'en',
    %L, sha256('token5')) v$$, lpad('5', 32, '0'))), 'requested', 'somebody has to say yes to a colleague');
select is(pg_temp.pool(), '4: 3 0 0 1 | 0 0', 'the seat is kept');
select is(pg_temp.mails('v'), 'requested', 'they know; their calendar does not yet');
select is((select concat_ws(' ', r.step, r.kept) from data.registration r where r.id = :seat), 'organizer t', 'an organizer decides');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}'
where state = 'waiting';
select is(pg_temp.act('olga', 'approve', 'v'), 'confirmed', 'and says yes');
select is(pg_temp.mails('v'), 'requested, approved REQUEST' || repeat(', picked REQUEST', :picks), 'now it does');
select is(pg_temp.pool(), '4: 4 0 0 0 | 0 0', 'the seat is theirs');
select is(pg_temp.tried(null, format($$select v.state from
    registration.transfer_by_token(sha256('token5'), 'w@example.org', 'W', 'en',
    %L, sha256('token6')) v$$, lpad('6', 32, '0'))), 'requested', 'another is asked for');
select is(pg_temp.act('olga', 'decline', 'w'), 'declined', 'and she says no');
select is(pg_temp.mails('w'), 'requested, declined', 'they are told');
select is(pg_temp.pool(), '4: 3 0 0 0 | 0 0', 'the seat is free');
select is(pg_temp.hand('olga', 'z', 'u', 7), 'confirmed', 'an organizer''s own word needs no other');

-- what is internal stays so
select pg_temp.rule('{"transfer": true, "approval": "none"}') \g /dev/null
update data.event set access = 'internal' where id = 1;
create function pg_temp.hand_in(p_to text, p_key integer)
returns text
language sql
as $$
select pg_temp.tried(null, format('select v.state from registration.transfer_by_token(
    sha256(%L), %L, ''V'', ''en'', %L, sha256(''token9'')) v', 'token' || p_key, p_to, lpad('9', 32, '0')))
$$;
select is(pg_temp.hand_in('t@example.org', 7), 'P0001 registration.transfer_inside email',
    'nobody hands an internal event''s seat to an outsider');
select is(pg_temp.hand('olga', 'u', 's', 8), 'confirmed', 'but an organizer');
select is(pg_temp.hand_in('ivy@example.org', 8), 'confirmed', 'a colleague is of the house');
select is(pg_temp.states('ivy'), 'ivy confirmed', 'whose it is now');
update data.event set access = 'public' where id = 1;
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- what is called off, everyone is told once
select pg_temp.rule('{"transfer": true, "approval": "organizer", "reapprove": true}') \g /dev/null
select is(pg_temp.tried(null, 'select v.state from registration.transfer_by_token(sha256(''token9''),
    ''q@example.org'', ''Q'', ''en'', gen_random_uuid(), sha256(''q'')) v'), 'requested', 'one has not been approved yet');
select r.id as other from data.registration r where r.event_id = 1 and r.state = 'confirmed' limit 1 \gset
select is(registration.reask(:other), true, 'another has to be anew');
select is(pg_temp.tried('olga', 'select schedule.event_cancel(1)'), '1', 'the event is called off');
select is(pg_temp.mails('q'), 'requested, invite.event_cancelled', 'who was not in its calendar has a mail');
select is((select string_agg(concat_ws(' ', n.method, n.sequence is not null), ', ') from data.notice n
    where n.registration_id = :other and n.kind = 'invite.event_cancelled'), 'CANCEL t', 'the other their calendar''s');
select * from finish();
rollback;
