-- Seats, the queue, and who may do what with a registration.
begin;
\ir ../support/house.sql
select plan(78);

-- Registers as somebody: what they are told, "state place".
create function pg_temp.take(p_token text, p_event bigint, p_key integer,
    p_email text default null)
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select concat_ws(' ', t.state, t.place)
    from registration.take(%s, %L, 'Somebody', 'fr', 'NP', 'Works', 'online',
    %L::uuid, sha256(%L)) t$q$, p_event, p_email,
    lpad(p_key::text, 32, '0'), 'token' || p_key))
$$;
-- The last registration of an address, "state" of it.
create function pg_temp.of(p_email text)
returns bigint
language sql
as $$
select r.id from data.registration r join data.person p on p.id = r.person_id
where p.email = p_email order by r.id desc limit 1
$$;
create function pg_temp.state(p_email text)
returns text
language sql
as $$
select r.state::text from data.registration r where r.id = pg_temp.of(p_email)
$$;
create function pg_temp.pool()
returns text
language sql
as $$
select concat_ws(' ', p.confirmed, p.waitlisted, p.arrived)
from data.pool p where p.event_id = 1
$$;
create function pg_temp.mails(p_email text)
returns text
language sql
as $$
select string_agg(concat_ws(' ', n.kind, n.method, n.sequence), ', ' order by n.id)
from data.notice n where n.email = p_email and n.state <> 'dropped'
$$;
create function pg_temp.do_with(p_token text, p_verb text, p_email text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select v.state from registration.%s(%s) v',
    p_verb, pg_temp.of(p_email)))
$$;

-- taking a seat
select is(pg_temp.take('pia', 1, 1), 'confirmed', 'there is a seat without a limit');
select is(pg_temp.pool(), '1 0 1', 'the pool counts it');
select is(pg_temp.mails('pia@example.org'), 'registration.confirmed REQUEST 0',
    'one mail with an invitation is queued');
select is((select r.manage_hash from data.registration r
    where r.id = pg_temp.of('pia@example.org')), sha256('token1'),
    'the token of the mail''s link is known by its hash');
select is((select string_agg(concat_ws('>', c.was, c.became), ',')
    from data.registration_change c
    where c.registration_id = pg_temp.of('pia@example.org')), 'confirmed',
    'history has it');
select is((select a.actor from data.audit a
    where a.act = 'registration.confirmed'), 5::bigint, 'and so has the audit');
select is(pg_temp.take('pia', 1, 1), 'confirmed', 'the same key repeats the answer');
select is(pg_temp.take('pia', 1, 2), 'confirmed',
    'another key of the same person, too');
select is(pg_temp.pool(), '1 0 1', 'neither takes a second seat');
select is(pg_temp.take('ivy', 1, 1), 'P0003 registration.key_used',
    'a key is one person''s');

-- closed doors
select is(pg_temp.take('pia', 999, 3), 'P0002 registration.no_event',
    'no such event');
select is(pg_temp.take('pia', 2, 3), 'P0002 registration.no_event',
    'a draft is no event');
select is(pg_temp.take('pia', 3, 3), 'P0002 registration.no_event',
    'what is internal is not there for others');
select is(pg_temp.take('ivy', 3, 3), 'confirmed', 'but for insiders it is');
update data.event set cutoff = now() - interval '1 minute' where id = 1;
select is(pg_temp.take('dan', 1, 4), 'P0004 registration.closed', 'after the cutoff');
select is(pg_temp.take('pia', 1, 1), 'confirmed',
    'who had an answer gets it after the cutoff, too');
update data.event set cutoff = null, starts = now() - interval '2 days',
    ends = now() - interval '1 day' where id = 1;
select is(pg_temp.take('dan', 1, 4), 'P0004 registration.event_over',
    'when it is over');
select is(pg_temp.do_with('pia', 'withdraw', 'pia@example.org'),
    'P0004 registration.event_over', 'then nobody leaves either');
update data.event set starts = now() + interval '29 days',
    ends = now() + interval '30 days', state = 'cancelled' where id = 1;
select is(pg_temp.take('dan', 1, 4), 'P0004 registration.event_cancelled',
    'when it is called off');
update data.event set state = 'published' where id = 1;
select is(pg_temp.pool(), '1 0 1', 'refusals leave no trace');

-- strangers
select is(pg_temp.take(null, 1, 10, 'New@Example.org'), '',
    'a stranger is told nothing');
select is(pg_temp.state('new@example.org'), 'confirmed', 'but has a seat');
select is((select n.language from data.notice n
    where n.email = 'new@example.org'), 'fr', 'and a mail in their language');
select is(pg_temp.take(null, 1, 11, 'pia@example.org'), '',
    'for an address that is registered, neither');
select is(pg_temp.pool(), '2 0 2', 'and no seat is taken');
select is(pg_temp.mails('pia@example.org'), 'registration.confirmed REQUEST 0',
    'whose holder had a mail just now has no other');
update data.notice set created = now() - interval '1 hour';
select is(pg_temp.take(null, 1, 12, 'pia@example.org'), '', 'asked later');
select is(pg_temp.mails('pia@example.org'),
    'registration.confirmed REQUEST 0, registration.again',
    'they are told that somebody typed their address');
select is((select p.name from data.person p where p.email = 'pia@example.org'),
    'Pia', 'a stranger changes nothing about a person');
select is(pg_temp.take(null, 1, 13, 'nonsense'),
    'P0001 account.email_malformed email', 'an address must be one');
select is(pg_temp.take(null, 1, 10, 'other@example.org'),
    'P0003 registration.key_used', 'a stranger''s key is one address''s');

-- seats
select is(pg_temp.tried('olga', 'select v.seats from registration.set_seats(1, 1) v'),
    'P0001 registration.seats_below_used seats', 'no fewer seats than are taken');
select is(pg_temp.tried('olga', 'select v.seats from registration.set_seats(1, -1) v'),
    'P0001 registration.seats_negative seats', 'nor less than none');
select is(pg_temp.tried('oscar', 'select v.seats from registration.set_seats(1, 5) v'),
    '42501 account.denied', 'only its organizers set the seats');
select is(pg_temp.tried(null, 'select v.seats from registration.set_seats(1, 5) v'),
    '28000 account.sign_in', 'and not nobody');
select is(pg_temp.tried('olga', 'select v.seats from registration.set_seats(1, 2) v'),
    '2', 'as many as are taken will do');

-- the queue
select is(pg_temp.take('dan', 1, 20), 'waitlisted 1', 'full: first in the queue');
select is(pg_temp.take('ivy', 1, 21), 'waitlisted 2', 'second');
select is(pg_temp.take('oscar', 1, 22), 'waitlisted 3', 'third');
select is(pg_temp.take('ivy', 1, 23), 'waitlisted 2', 'asked again: still second');
select is(pg_temp.mails('dan@example.org'), 'registration.waitlisted',
    'who waits has a mail without an invitation');
select is(pg_temp.do_with('oscar', 'withdraw', 'pia@example.org'),
    'P0002 registration.missing', 'nobody withdraws another');
select is(pg_temp.do_with(null, 'withdraw', 'pia@example.org'),
    '28000 account.sign_in', 'nor without signing in');
select is(pg_temp.do_with('pia', 'withdraw', 'pia@example.org'), 'withdrawn',
    'a person leaves');
select is(pg_temp.state('dan@example.org'), 'confirmed', 'the first in the queue has the seat');
select is(pg_temp.pool(), '2 2 5', 'and the counts are right');
select is(pg_temp.mails('dan@example.org'),
    'registration.waitlisted, registration.promoted REQUEST 1',
    'and is invited');
select is(pg_temp.do_with('pia', 'withdraw', 'pia@example.org'), 'withdrawn',
    'leaving twice is leaving once');
select is(pg_temp.pool(), '2 2 5', 'and frees one seat');
select is(pg_temp.take('pia', 1, 30), 'waitlisted 3',
    'who comes back is last in the queue');
select is(pg_temp.take('pia', 1, 1), 'withdrawn',
    'and a spent key tells what became of it');
select is(pg_temp.do_with('ivy', 'withdraw', 'ivy@example.org'), 'withdrawn',
    'one leaves the queue');
select is(pg_temp.take('oscar', 1, 22), 'waitlisted 1', 'those behind move up');
select is(pg_temp.mails('ivy@example.org'),
    'registration.confirmed REQUEST 0, registration.waitlisted, registration.withdrawn',
    'who only waited is told without a calendar');

-- the token of the mail
select is(pg_temp.tried(null, $$select v.state
    from registration.withdraw_by_token(sha256('token10')) v$$), 'withdrawn',
    'the mail''s link cancels without signing in');
select is(pg_temp.state('oscar@example.org'), 'confirmed', 'and the next has the seat');
select is(pg_temp.tried(null, $$select v.state
    from registration.withdraw_by_token(sha256('token99')) v$$),
    'P0002 registration.missing', 'another token does not');
select is(pg_temp.tried(null, $$select concat_ws(' ', v.state, v.place, v.name)
    from registration.managed(sha256('token30')) v$$), 'waitlisted 1 Pia',
    'and shows what it is for');

-- organizers
select is(pg_temp.do_with('dan', 'cancel', 'oscar@example.org'),
    'P0002 registration.missing', 'door staff cancels nobody');
select is(pg_temp.do_with('oscar', 'cancel', 'oscar@example.org'),
    '42501 account.denied', 'nor does the person, who withdraws');
select is(pg_temp.do_with('olga', 'cancel', 'oscar@example.org'), 'cancelled',
    'an organizer cancels');
select is(pg_temp.state('pia@example.org'), 'confirmed', 'and the next has the seat');
select is(pg_temp.take('ivy', 1, 40), 'waitlisted 1', 'full again');
update data.event set cutoff = now() - interval '1 second' where id = 1;
select is(pg_temp.tried('olga', 'select v.promoted from registration.set_seats(1, 9) v'),
    '0', 'nobody is promoted after the cutoff');
update data.event set cutoff = null where id = 1;
select is(pg_temp.take('ada', 1, 41), 'confirmed',
    'once it takes people again, the queue comes before a newcomer');
select is(pg_temp.state('ivy@example.org'), 'confirmed', 'and has its seat');

-- tickets and picks
select is(pg_temp.tried('ivy', format('select v.serial from registration.reissue(%s) v',
    pg_temp.of('ivy@example.org'))), '1', 'a ticket is issued anew');
select is(pg_temp.tried('oscar', 'select v.session from registration.pick(1) v'),
    'P0003 registration.not_confirmed', 'only who has a seat picks sessions');
select is(pg_temp.tried('ivy', 'select v.session from registration.pick(999) v'),
    'P0002 registration.no_session', 'and those that there are');
select is(pg_temp.tried('ivy', 'select v.session from registration.pick(1) v'), '1',
    'a session is picked');
select is(pg_temp.mails('ivy@example.org') like '%registration.picked REQUEST 0', true,
    'and is an invitation of its own');

-- what the web sees
select is(pg_temp.tried('pia', 'select count(*) from data.registration'), '2',
    'a person sees their own registrations');
select is(pg_temp.tried('dan', $$select count(*) from data.registration
    where event_id = 3$$), '0', 'door staff no other event''s');
select is(pg_temp.tried(null, 'select count(*) from data.registration'), '0',
    'nobody sees none');
select is(pg_temp.tried('olga', 'select count(manage_hash) from data.registration'),
    '42501 permission denied for table registration', 'and no one the secrets');

select is(pg_temp.take(null, 1, 900), 'P0001 account.email_malformed email',
    'without a login and an address the address is asked for');
select is(pg_temp.tried(null, format('select count(*) from invite.managed(%L)',
    (select r.manage_hash from data.registration r
    join data.invite i on i.registration_id = r.id limit 1))), '1',
    'the mail''s link opens the calendar entry');
select is(pg_temp.tried(null, $$select count(*) from invite.managed(
    sha256('guessed'))$$), 'P0002 registration.missing', 'a guess does not');

select * from finish();
rollback;
