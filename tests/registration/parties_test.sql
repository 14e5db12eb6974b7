-- Groups registered by a leader, and seats handed to colleagues.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select no_plan();

-- People of a group: "n name email" each.
create function pg_temp.people(variadic p_who text[])
returns text
language sql
as $$
select jsonb_agg(jsonb_build_object('n', split_part(w, ' ', 1)::integer,
    'name', split_part(w, ' ', 2), 'email', split_part(w, ' ', 3),
    'country', 'NP', 'language', 'ar', 'organisation', 'Works',
    'key', gen_random_uuid(), 'manage_hash', sha256(w::bytea)))::text
from unnest(p_who) w
$$;
create function pg_temp.make(p_token text, variadic p_who text[])
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select party from registration.party_make(1,
    %L, md5(%L)::uuid, %L)', 'Us', array_to_string(p_who, ','),
    pg_temp.people(variadic p_who)))
$$;
create function pg_temp.group_of(p_party bigint)
returns text
language sql
as $$
select string_agg(concat_ws(' ', p.email, r.state, r.called), ', ' order by r.arrival)
from data.registration r join data.person p on p.id = r.person_id
where r.party_id = p_party
$$;

select is(pg_temp.make('pia', '1 Pia pia@example.org'),
    'P0003 registration.groups_off', 'not every event takes groups');
insert into data.pool (event_id, seats, party_most) values (1, 4, 3)
on conflict (event_id) do update set seats = 4, party_most = 3;
select is(pg_temp.make(null, '1 Pia pia@example.org'), '28000 account.sign_in',
    'nobody writes to others as nobody');
select is(pg_temp.make('pia', '1 Pia pia@example.org', '2 Tom tom@example.org',
    '3 Una una@example.org', '4 Vic vic@example.org'),
    'P0001 registration.group_most people', 'a group has an end');
select matches(pg_temp.make('pia', '1 Pia pia@example.org',
    '2 Tommy tom@example.org'), '^\d+$', 'a leader registers a group');
select max(id) as party from data.party
\gset
select is(pg_temp.make('pia', '1 Pia pia@example.org', '2 Tommy tom@example.org'),
    :'party', 'sent twice, it is one group');

select is(pg_temp.group_of(:party),
    'pia@example.org confirmed Pia, tom@example.org confirmed Tommy',
    'each has a seat of their own');
select is((select string_agg(n.email || ' ' || n.language, ', ' order by n.id)
    from data.notice n where n.kind = 'registration.confirmed'),
    'pia@example.org en, tom@example.org ar', 'and a mail, in their language');
select is((select pg_temp.tried(null, format($$select registration.withdraw_by_token(%L)$$,
    sha256('9'))) ), 'P0002 registration.missing', 'whose link is theirs');
select is(pg_temp.make('pia', '1 Una una@example.org', '7 Tom tom@example.org'),
    'P0001 registration.already_there email-7',
    'who is registered is refused at their row');
select is((select count(*) from data.registration), 2::bigint,
    'and then nobody is added');

-- who sees it
select is(pg_temp.tried('pia', 'select string_agg(called, '' '') from registration.party_people('
    || :party || ')'), 'Pia Tommy', 'the leader sees the group');
select ok(pg_temp.tried('pia', 'select v::text from (select g from registration.party_people('
    || :party || ') g limit 1) v') not like '%NP%', 'not of which country they are');
select is(pg_temp.tried('olga', 'select count(*) from registration.party_people('
    || :party || ')'),
    'P0002 registration.missing', 'nobody else does');
select is(pg_temp.tried('oscar', format('select party from registration.party_add(%s, %L)',
    :party, pg_temp.people('1 Una una@example.org'))), 'P0002 registration.missing',
    'nor adds to it');

-- who writes to many is slowed
insert into data.setting (name, value) values ('throttle.group', '2 1');
select is(pg_temp.make('oscar', '1 Una una@example.org', '2 Vic vic@example.org',
    '3 Wim wim@example.org'), 'P0005 account.too_often',
    'a leader does not write to as many as they like');
select is((select count(*) from data.person p where p.email = 'una@example.org'),
    0::bigint, 'and then to nobody');
delete from data.setting where name = 'throttle.group';

-- a party that does not fit
select matches(pg_temp.make('olga', '1 Una una@example.org',
    '2 Vic vic@example.org', '3 Wim wim@example.org'), '^\d+$',
    'a group for which there are not enough seats');
select is(pg_temp.group_of((select max(id) from data.party)), 'una@example.org waitlisted Una, '
    'vic@example.org waitlisted Vic, wim@example.org waitlisted Wim',
    'waits together');
select is(pg_temp.tried('pia', format('select state from
    registration.party_withdraw(%s, %s)', :party, (select r.id from data.registration r
    join data.person p on p.id = r.person_id where p.email = 'tom@example.org'))),
    'withdrawn', 'a leader withdraws one');
select is(pg_temp.tried('pia', format('select state from
    registration.party_withdraw(%s, %s)', :party, (select r.id from data.registration r
    join data.person p on p.id = r.person_id where p.email = 'una@example.org'))),
    'P0002 registration.missing', 'of their own group');
select is(pg_temp.group_of((select max(id) from data.party)), 'una@example.org confirmed Una, '
    'vic@example.org confirmed Vic, wim@example.org confirmed Wim',
    'and whoever waited together gets seats together');
select is(pg_temp.tried('pia', format('select party from registration.party_add(%s, %L)',
    :party, pg_temp.people('1 Xi xi@example.org'))), :'party', 'a leader adds people');
select is(pg_temp.group_of(:party), 'pia@example.org confirmed Pia, '
    'tom@example.org withdrawn Tommy, xi@example.org waitlisted Xi',
    'who come as everybody comes');
select is(pg_temp.tried('pia', format('select party from registration.party_add(%s, %L)',
    :party, pg_temp.people('1 Yan yan@example.org', '2 Zoe zoe@example.org'))),
    'P0001 registration.group_most people', 'up to as many as there may be');
update data.event set cutoff = now() - interval '1 minute' where id = 1;
select is(pg_temp.tried('pia', format('select party from registration.party_add(%s, %L)',
    :party, pg_temp.people('1 Yan yan@example.org'))), 'P0004 registration.closed',
    'until registration closes');
update data.event set cutoff = null where id = 1;

-- questions are each one's own
with asked as (
    insert into data.question (event_id, key, position, kind, required, label)
    values (1, 'diet', 1, 'short', true, '{"en": "What do you eat?"}')
    returning id)
insert into data.question_wording (question_id, number, label, help, options)
select a.id, 1, '{"en": "What do you eat?"}', '{}', '[]' from asked a;
update data.pool set form_revision = 1 where event_id = 1;
select matches(pg_temp.make('dan', '1 Zed zed@example.org'), '^\d+$',
    'what is asked of each, they answer by their own link');
update data.pool set form_revision = 0 where event_id = 1;

-- a seat for a colleague
create function pg_temp.terms(p_token text, p_email text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select may_transfer from
    registration.transfer_terms(%s, null)', (select r.id from data.registration r
    join data.person p on p.id = r.person_id where p.email = p_email
    order by r.id desc limit 1)))
$$;
select is(pg_temp.terms('pia', 'pia@example.org'), 'false',
    'a seat is not handed on unless the event says so');
update data.pool set transfer = true where event_id = 1;
select is(pg_temp.terms('pia', 'pia@example.org'), 'true', 'where it does, it is');
select is(pg_temp.terms('olga', 'pia@example.org'), null, 'by its person');
select is((select t.may_transfer from data.registration r
    cross join lateral registration.transfer_terms(null, r.manage_hash) t
    join data.person p on p.id = r.person_id
    where p.email = 'una@example.org'), true, 'or by the mail''s link');
update data.pool set transfer_until = now() - interval '1 minute' where event_id = 1;
select is(pg_temp.terms('pia', 'pia@example.org'), 'false', 'until its deadline');

-- what was said of one is not told to the next
update data.pool set transfer_until = null where event_id = 1;
insert into data.registration_note (registration_id, body)
select r.id, 'Snores' from data.registration r where r.person_id = 5;
insert into data.registration_change (registration_id, was, became, why, note)
select r.id, 'confirmed', 'confirmed', 'edited', 'Welcome, Pia'
from data.registration r where r.person_id = 5;
select is(pg_temp.tried('pia', format('select state from registration.transfer(%s,
    %L, %L, %L, %L, %L)', (select r.id from data.registration r where r.person_id = 5),
    'ivy@example.org', 'Ivy', 'en', gen_random_uuid(), sha256('next'))), 'confirmed',
    'a seat is handed on');
select is((select registration.about(6) -> 'notes' || jsonb_path_query_array(
    registration.about(6), '$.registrations[*].changes[*].why')),
    '["transferred"]', 'and nothing that was said of the one before');

-- nor is it the leader's any more
select pg_temp.rule(jsonb_build_object('party_policy', 'skip', 'seats', p.confirmed + p.waitlisted + 1))
from data.pool p where p.event_id = 1 \g /dev/null
select matches(pg_temp.make('oscar', '1 Kim kim@example.org', '2 Lee lee@example.org'), '^\d+$',
    'a group comes to one seat');
select is(pg_temp.states('kim lee'), 'kim waitlisted, lee waitlisted', 'and waits');
select is(pg_temp.come('one'), 'confirmed', 'while one is let past');
select pg_temp.rule(jsonb_build_object('seats', p.seats + 2)) from data.pool p where p.event_id = 1 \g /dev/null
select max(id) as party, pg_temp.of('kim') as seat from data.party \gset
select is(pg_temp.tried(null, format('select v.state from registration.transfer_by_token(sha256(%L), %L,
    ''Max'', ''en'', gen_random_uuid(), sha256(''max'')) v', '1 Kim kim@example.org', 'max@example.org')),
    'confirmed', 'one of it hands their seat on');
select is(pg_temp.group_of(:party), 'lee@example.org confirmed Lee', 'whose it is the leader does not see');
select is(pg_temp.tried('oscar', format('select state from registration.party_withdraw(%s, %s)', :party, :seat)),
    'P0002 registration.missing', 'and cannot take it from them');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

select * from finish();
rollback;
