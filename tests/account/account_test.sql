-- Who is let in, what they may, and that the audit shows it.
begin;
\ir ../support/house.sql
select no_plan();

-- entering
select is(pg_temp.tried('olga', 'select account.actor()'), '2',
    'a login lets its person in');
select is(pg_temp.tried('nobody', 'select account.actor()'), null,
    'an unknown token enters nobody where anyone may');
select is(pg_temp.tried(null, 'select 1', 'member'), '28000 account.sign_in',
    'nobody is no member');
select is((select count(*) from account.enter(null, 'anyone', '', null)), 0::bigint,
    'no row comes back for nobody');
select results_eq(
    $$select person_id, admin, organizer, door, device_id
    from account.enter(sha256('dan'), 'anyone', '', null)$$,
    $$values (4::bigint, false, false, true, null::bigint)$$,
    'entering says what the person is');
select is(pg_temp.tried('pia', 'select 1', 'organizer'), '42501 account.denied',
    'a participant organizes nothing');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'event', 1), '1',
    'who organizes a program organizes its events');
select is(pg_temp.tried('oscar', 'select 1', 'organizer', 'event', 1),
    '42501 account.denied', 'and no other''s');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'session', 1), '1',
    'a session is of its event');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'room', 3), '1',
    'a room is of its event');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'event', 999),
    'P0002 account.missing', 'what does not exist is missing');
select is(pg_temp.tried(null, 'select 1', 'organizer', 'event', 999),
    '28000 account.sign_in', 'but nobody is told so');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'program', 1), '1',
    'a program is its organizer''s');
select is(pg_temp.tried('olga', 'select 1', 'organizer', 'ark', 1),
    '42501 account.denied', 'a scope that nobody knows opens to nobody');
select is(pg_temp.tried('ada', 'select 1', 'organizer', 'event', 3), '1',
    'an administrator organizes everything');
select is(pg_temp.tried('dan', 'select 1', 'scanner', 'event', 1), '1',
    'door staff may scan');
select is(pg_temp.tried('dan', 'select 1', 'organizer', 'event', 1),
    '42501 account.denied', 'and not organize');
select is(pg_temp.tried('dan', 'select 1', 'staff', 'event', 3),
    '42501 account.denied', 'nor stand at another event''s door');
select is(pg_temp.tried('olga', 'select 1', 'admin'), '42501 account.denied',
    'an organizer is no administrator');
select is(pg_temp.tried('ada', 'select 1', 'admin'), '1', 'an administrator is');

update data.login set idle_expiry = now() - interval '1 second'
where person_id = 5;
select is(pg_temp.tried('pia', 'select 1', 'member'), '28000 account.sign_in',
    'a login unused for too long is over');
update data.login set idle_expiry = now() + interval '1 hour',
    absolute_expiry = now() - interval '1 second' where person_id = 5;
select is(pg_temp.tried('pia', 'select 1', 'member'), '28000 account.sign_in',
    'and so is one that is too old');
update data.login set absolute_expiry = now() + interval '1 day',
    last_seen = now() - interval '2 minutes' where person_id = 5;
select is(pg_temp.tried('pia', 'select 1', 'member'), '1', 'one in between is not');
select is((select last_seen from data.login where person_id = 5), now(),
    'and is seen to be used');

-- what one may
select is(pg_temp.tried('olga', 'select account.my_events(''organizer'')::text'),
    '{1,2}', 'an organizer has the events of the program');
select is(pg_temp.tried('dan', 'select account.my_events(''organizer'')::text'),
    '{}', 'door staff organize none');
select is(pg_temp.tried('dan', 'select account.my_events(''scanner'')::text'),
    '{1}', 'and scan at one');
select is(pg_temp.tried('ada', 'select cardinality(account.my_events(''organizer''))'),
    '3', 'an administrator has them all');
select is(pg_temp.tried('olga', 'select account.my_programs(''organizer'')::text'),
    '{1}', 'an organizer''s programs');
select is(pg_temp.tried('ivy', 'select account.is_insider()'), 'true',
    'who works for the house is inside');
select is(pg_temp.tried('pia', 'select account.is_insider()'), 'false',
    'who takes part is not');

-- throttle
select lives_ok($$select account.throttle('b', 'k', 2, 60) from generate_series(1, 2)$$,
    'a bucket gives what it holds');
select throws_ok($$select account.throttle('b', 'k', 2, 60)$$, 'P0005',
    'account.too_often', 'and no more');
update data.throttle set at = clock_timestamp() - interval '1 second'
where bucket = 'b';
select lives_ok($$select account.throttle('b', 'k', 2, 60)$$,
    'a second later it gives one again');
insert into data.setting (name, value)
values ('throttle.hall', '1 0.001'), ('throttle.signin', '1 0.001');
select is(pg_temp.tried('pia', $$select account.throttle('hall', 'address')$$),
    '', 'who has signed in is let through');
select is(pg_temp.tried('ivy', $$select account.throttle('hall', 'address')$$),
    '', 'and so is another, from the same address');
select is(pg_temp.tried(null, $$select account.throttle('hall', 'address')$$),
    '', 'who has not is counted by the address');
select is(pg_temp.tried(null, $$select account.throttle('hall', 'address')$$),
    'P0005 account.too_often', 'at which the next is refused');
select is(pg_temp.tried('pia', $$select account.throttle('hall', 'elsewhere')$$),
    'P0005 account.too_often', 'and the first one from wherever');
select is(pg_temp.tried('pia', $$select account.throttle('signin', 'address')$$),
    '', 'on the way in the address counts');
select is(pg_temp.tried('ivy', $$select account.throttle('signin', 'address')$$),
    'P0005 account.too_often', 'whoever one is already');
delete from data.setting where name in ('throttle.hall', 'throttle.signin');
delete from data.throttle where bucket in ('hall', 'signin');

-- signing in
create function pg_temp.ask(p_email text, p_code text, p_browser text)
returns text language sql as $$
select pg_temp.tried(null, format('select account.signin_ask(%L, %L, %L,
    sha256(%L), ''/programs'')', p_email, p_code, 'link-' || p_code, p_browser))
$$;
create function pg_temp.use(p_code text, p_link text, p_browser text, p_token text)
returns text language sql as $$
select pg_temp.tried(null, format('select concat_ws('' '', outcome, person_id, goes_to)
    from account.signin_use(sha256(%L::bytea), sha256(%L::bytea), sha256(%L), sha256(%L))',
    p_code, p_link, p_browser, p_token))
$$;
select is(pg_temp.ask('Pia@example.org', 'AAAA', 'b1'), '', 'anyone may ask');
select is(pg_temp.ask('stranger@example.org', 'BBBB', 'b1'), '',
    'and an unknown address gets the same answer');
select results_eq($$select state::text, details from data.notice
    where kind = 'signin' order by id$$,
    $$values ('waiting', '{"code": "AAAA", "link": "link-AAAA"}'::jsonb),
    ('dropped', '{}')$$, 'but no mail');
select is(pg_temp.use('WRONG', null, 'b1', 't1'), 'wrong', 'a wrong code is wrong');
select is((select max(tries) from data.signin), 1, 'and counted');
select is(pg_temp.use('AAAA', null, 'b2', 't1'), 'spent',
    'a code is of the browser that asked');
select is(pg_temp.use(null, 'link-AAAA', 'b2', 't1'), 'elsewhere',
    'a link too, and it says so');
select is(pg_temp.use('BBBB', null, 'b1', 't1'), 'spent',
    'an address without a person lets nobody in');
select is(pg_temp.use('AAAA', null, 'b1', 't1'), 'in 5 /programs',
    'the code lets in, and says where to go');
select is(pg_temp.tried('t1', 'select account.actor()', 'member'), '5',
    'with a login');
select is(pg_temp.use('AAAA', null, 'b1', 't2'), 'wrong',
    'a code is used once');
select is(pg_temp.use(null, 'link-AAAA', 'b1', 't2'), 'spent',
    'and its link with it');
select is(pg_temp.ask('olga@example.org', 'CCCC', 'b3'), '', 'an organizer asks');
select is(pg_temp.use(null, 'link-CCCC', 'b3', 't3'), 'in 2 /programs', 'by link');
select results_eq($$select idle, absolute_expiry - created from data.login
    where token_hash in (sha256('t1'), sha256('t3')) order by idle$$,
    $$values (interval '12 hours', interval '7 days'),
    (interval '14 days', interval '30 days')$$,
    'who has a role is let in for less long');
select is(pg_temp.ask('ivy@example.org', 'DDDD', 'b4'), '', 'ivy asks');
select is(array_agg(pg_temp.use('WRONG', null, 'b4', 't4')),
    '{wrong,wrong,wrong,wrong,wrong}', 'five wrong codes')
from generate_series(1, 5);
select is(pg_temp.use('DDDD', null, 'b4', 't4'), 'spent', 'end it');
select is(pg_temp.ask('ivy@example.org', 'EEEE', 'b5'), '', 'ivy asks again');
update data.signin set expires = now() - interval '1 second'
where browser_hash = sha256('b5');
select is(pg_temp.use('EEEE', null, 'b5', 't5'), 'spent', 'too late is too late');
select is(pg_temp.ask('dan@example.org', g::text, 'b6'), '', 'dan asks often')
from generate_series(1, 5) g;
select is(pg_temp.ask('dan@example.org', '6', 'b6'), 'P0005 account.too_often',
    'until it is too often');
select is(account.path('//evil.example'), '/', 'the way back is our own');
select is(account.path('/events/1?x=2'), '/events/1?x=2', 'and kept when it is');
select is(pg_temp.tried(null, $$select account.signin_link('ada@example.org', sha256('x'))$$),
    '42501 permission denied for function signin_link', 'the web makes no links');
select is(account.signin_link('ada@example.org', sha256('cli')), 1::bigint,
    'the command line does');
select throws_ok($$select account.signin_link('no@example.org', sha256('y'))$$,
    'P0002', 'account.person_unknown', 'for people it knows');
select is(pg_temp.use(null, 'cli', 'any', 't6'), 'in 1 /', 'good in any browser');

-- a hall has one address
create function pg_temp.knock(p_link text)
returns text language sql as $$
select pg_temp.tried(null, format('select case when account.throttle(''signin'',
    ''hall'') is not null then (select outcome from account.signin_use(null, sha256(%L::bytea), sha256(''any''),
    sha256(%L))) end', p_link, p_link))
$$;
create function pg_temp.hall()
returns integer language sql as $$
select round(t.tokens)::integer from data.throttle t
where t.bucket = 'signin' and t.key = 'hall'
$$;
select account.signin_link('ada@example.org', sha256('hall')) \g /dev/null
select is((select array_agg(x) from (select pg_temp.knock('no') union all
    select pg_temp.knock('no')) n (x)), '{spent,spent}',
    'two do not come in');
select is(pg_temp.hall(), 18, 'which counts');
select is(pg_temp.knock('hall'), 'in', 'one does');
select is(pg_temp.hall(), 19, 'which does not, nor that it was asked for');

select is(pg_temp.tried('t1', 'select account.logout()', 'member'), '', 'one leaves');
select is(pg_temp.tried('t1', 'select 1', 'member'), '28000 account.sign_in',
    'and has left');
select is(pg_temp.tried('t3', 'select account.logout_everywhere()'), '2',
    'or leaves everywhere');

select * from finish();
rollback;
