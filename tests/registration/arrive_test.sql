-- Who arrives together: each rule, for one among others.
begin;
\ir ../support/house.sql
select plan(84);

-- A visitor's entry: a name with a login (see house.sql) or an address.
create function pg_temp.entry(p_n integer, p_who text, p_more jsonb default '{}')
returns jsonb
language sql
as $$
select jsonb_build_object('n', p_n, 'key', lpad(abs(hashint4(p_n))::text
        || right(p_n::text, 4), 32, '0'), 'manage', sha256(('m' || p_n)::bytea),
        'address', '192.0.2.1', 'lang', 'fr', 'name', 'Somebody')
    || case when p_who like '%@%' then jsonb_build_object('email', p_who)
    else jsonb_build_object('token', sha256(p_who::bytea)) end || p_more
$$;
-- What each is told, "state place" or the fault, in the order of n.
create function pg_temp.take(p_event bigint, variadic p_entries jsonb[])
returns text
language plpgsql
as $$
declare
	v_told text;
begin
	perform set_config('role', 'convene_web', true);
	select string_agg(coalesce(concat_ws(' ', t.kind, t.fault, t.field),
	    '') || coalesce(concat_ws(' ', t.state, t.place), ''), ', ' order by t.n)
	into v_told
	from registration.take_batch(p_event, to_jsonb(p_entries)) t;
	perform set_config('role', 'none', true);

	return v_told;
end
$$;
-- As an organizer's list does it: "n state place" or the fault of each.
create function pg_temp.arrive(variadic p_entries jsonb[])
returns text
language sql
as $$
select string_agg(concat_ws(' ', t.fault, t.state, t.place), ', ' order by t.n)
from registration.arrive(1, to_jsonb(p_entries)) t
$$;
create function pg_temp.wish(p_n integer, p_person bigint, p_more jsonb default '{}')
returns jsonb
language sql
as $$
select jsonb_build_object('n', p_n, 'person_id', p_person, 'key',
    gen_random_uuid(), 'manage_hash', sha256(gen_random_uuid()::text::bytea))
    || p_more
$$;
create function pg_temp.pool()
returns text
language sql
as $$
select concat_ws(' ', p.held, p.offered, p.confirmed, p.waitlisted, p.arrived)
from data.pool p where p.event_id = 1
$$;
create function pg_temp.bucket(p_name text)
returns text
language sql
as $$
select concat_ws(' ', b.held, b.offered, b.confirmed, b.waitlisted)
from data.bucket b where b.name = p_name
$$;
create function pg_temp.state(p_person bigint)
returns text
language sql
as $$
select concat_ws(' ', r.state, b.name) from data.registration r
left join data.bucket b on b.id = r.bucket_id
where r.person_id = p_person and r.event_id = 1 order by r.id desc limit 1
$$;
create function pg_temp.mails(p_person bigint)
returns text
language sql
as $$
select string_agg(concat_ws(' ', n.kind, n.method), ', ' order by n.id)
from data.notice n where n.person_id = p_person
$$;
-- Everybody leaves; the pool is as it was before.
create function pg_temp.anew(p_seats integer)
returns void
language sql
as $$
delete from data.registration where event_id = 1;
delete from data.bucket;
delete from data.access_code;
delete from data.throttle;
update data.event set cutoff = null, access = 'public', state = 'published'
where id = 1;
insert into data.pool (event_id) values (1) on conflict do nothing;
update data.pool set (seats, held, offered, confirmed, kept, waitlisted,
    arrived, reserved, inside, opens, approval, code_only, hold_minutes, scarce,
    party_policy, promotion)
    = (p_seats, 0, 0, 0, 0, 0, 0, 0, 0, null, 'none', false, 15, 20, 'wait',
    'confirm')
where event_id = 1;
$$;
insert into data.person (id, email, name, country, staff) overriding system value
select 200 + i, 'p' || i || '@example.org', 'Person ' || i,
    (array['NP', 'FR', 'ET'])[1 + i % 3], false
from generate_series(0, 29) i;

-- together
select pg_temp.anew(2) \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(0, 'pia'), pg_temp.entry(1, 'new@example.org'),
    pg_temp.entry(2, 'dan'), pg_temp.entry(3, 'ivy')),
    'confirmed, , waitlisted 1, waitlisted 2',
    'seats go in order; a stranger is told nothing');
select is(pg_temp.pool(), '0 0 2 2 4', 'and all are counted');
select is((select string_agg(p.email, ' ' order by r.arrival)
    from data.registration r join data.person p on p.id = r.person_id
    where r.event_id = 1),
    'pia@example.org new@example.org dan@example.org ivy@example.org',
    'arrival is the order of the batch');
select is((select string_agg(concat_ws('>', c.was, c.became, c.why, c.actor), ' '
    order by c.id) from data.registration_change c), 'confirmed>taken>5 '
    || 'confirmed>taken waitlisted>taken>4 waitlisted>taken>6',
    'history says who did it');
select is((select string_agg(concat_ws(' ', a.act, a.actor), ', ' order by a.id)
    from data.audit a where a.act like 'registration.%'),
    'registration.confirmed 5, registration.confirmed, registration.waitlisted 4, '
    || 'registration.waitlisted 6', 'so does the audit');
select is(pg_temp.mails(5) || ' / ' || pg_temp.mails(4),
    'registration.confirmed REQUEST / registration.waitlisted', 'and each has a mail');
select is((select concat_ws(' ', p.language, p.name) from data.person p
    where p.email = 'new@example.org'), 'fr Somebody', 'who was unknown is known now');
select is(pg_temp.take(1, pg_temp.entry(2, 'dan'), pg_temp.entry(3, 'ivy'),
    pg_temp.entry(10, 'pia')), 'waitlisted 1, waitlisted 2, confirmed',
    'asked again, by key or by person, the answer is the first');
select is(pg_temp.pool(), '0 0 2 2 4', 'and counts once');
select is(pg_temp.take(1, pg_temp.entry(2, 'ada'), pg_temp.entry(11, 'olga')),
    'P0003 registration.key_used, waitlisted 3', 'a key is one person''s');
select is(pg_temp.take(1, pg_temp.entry(20, 'ada'), pg_temp.entry(21, 'ada'),
    pg_temp.entry(22, 'x@example.org'), pg_temp.entry(23, 'X@example.org ')),
    'waitlisted 4, waitlisted 4, , ', 'twice in one batch is once');
select is(pg_temp.pool(), '0 0 2 5 7', 'for strangers, too');
select is((select count(*) from data.notice n join data.person p on p.id = n.person_id
    where p.email = 'x@example.org'), 1::bigint, 'who have one mail');

-- who it is
select pg_temp.anew(9) \g /dev/null
insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
values (sha256('idle'), 5, '1 day', now() - interval '1 second', now() + interval '1 day'),
    (sha256('over'), 5, '1 day', now() + interval '1 day', now() - interval '1 second');
update data.person set disabled = now() where id = 6;
update data.login set last_seen = now() - interval '1 hour' where person_id = 4;
select is(pg_temp.take(1, pg_temp.entry(1, 'idle'), pg_temp.entry(2, 'over'),
    pg_temp.entry(3, 'ivy'), pg_temp.entry(4, 'nobody'), pg_temp.entry(5, 'dan')),
    'P0001 account.email_malformed email, P0001 account.email_malformed email, '
    || 'P0001 account.email_malformed email, P0001 account.email_malformed email, '
    || 'confirmed', 'a login that is over, or whose person may not, is nobody''s');
select ok((select l.last_seen > now() - interval '1 minute' from data.login l
    where l.person_id = 4 and l.idle_expiry > now()), 'a login that is used is seen');
update data.person set disabled = null where id = 6;
select is(pg_temp.take(1, pg_temp.entry(6, 'a@b@c'), pg_temp.entry(7, 'pia')),
    'P0001 account.email_malformed email, confirmed',
    'a bad address refuses itself alone');
select is(pg_temp.take(3, pg_temp.entry(8, 'pia'), pg_temp.entry(9, 'ivy'),
    pg_temp.entry(10, 'ivy@example.org'), pg_temp.entry(11, 'oscar'), pg_temp.entry(12, 'olga')),
    'P0002 registration.no_event, confirmed, P0002 registration.no_event, confirmed, '
    || 'P0002 registration.no_event', 'what is internal is there for who may see it');
select is(pg_temp.take(999, pg_temp.entry(13, 'pia')), 'P0002 registration.no_event',
    'no such event');
select is(pg_temp.take(2, pg_temp.entry(13, 'pia')), 'P0002 registration.no_event',
    'a draft is no event');

-- how often
select pg_temp.anew(null) \g /dev/null
insert into data.setting (name, value) values ('throttle.registration', '3 60')
on conflict (name) do update set value = excluded.value;
select is(pg_temp.take(1, pg_temp.entry(1, 'p1@example.org'), pg_temp.entry(2, 'p2@example.org'),
    pg_temp.entry(3, 'p3@example.org'), pg_temp.entry(4, 'p4@example.org'), pg_temp.entry(5, 'pia'),
    pg_temp.entry(6, 'p6@example.org', '{"address": "192.0.2.2"}')),
    ', , , P0005 account.too_often, confirmed, ',
    'an address may so often; who signed in is counted apart');
select is(pg_temp.take(1, pg_temp.entry(31, 'p7@example.org'), pg_temp.entry(32, 'dan'),
    pg_temp.entry(33, 'dan'), pg_temp.entry(34, 'dan'), pg_temp.entry(35, 'dan')),
    'P0005 account.too_often, confirmed, confirmed, confirmed, P0005 account.too_often',
    'so is each account');
update data.throttle set at = at - interval '1 second';
select is(pg_temp.take(1, pg_temp.entry(36, 'p7@example.org'), pg_temp.entry(37, 'p8@example.org')),
    ', P0005 account.too_often', 'a second later, once more');
delete from data.setting where name = 'throttle.registration';

-- when
select pg_temp.anew(9) \g /dev/null
update data.pool set opens = now() + interval '90 seconds' where event_id = 1;
select is(pg_temp.take(1, pg_temp.entry(1, 'pia')), 'P0006 registration.not_open',
    'nobody before it opens');
select ok((select t.detail::integer between 85 and 90
    from registration.take_batch(1, jsonb_build_array(pg_temp.entry(1, 'pia'))) t),
    'and is told in how many seconds');
select is(pg_temp.arrive(pg_temp.wish(1, 201), pg_temp.wish(2, 202, '{"waives_approval": true}')),
    'registration.not_open, confirmed', 'but whom the organizer adds');
update data.pool set opens = now() - interval '1 second' where event_id = 1;
select is(pg_temp.take(1, pg_temp.entry(1, 'pia')), 'confirmed', 'everybody once it is open');
update data.event set cutoff = now() - interval '1 second' where id = 1;
select is(pg_temp.take(1, pg_temp.entry(1, 'pia'), pg_temp.entry(2, 'dan')),
    'confirmed, P0004 registration.closed', 'after the cutoff, only who was before it');

-- buckets
select pg_temp.anew(6) \g /dev/null
insert into data.bucket (pool_id, position, name, by, for_values, seats)
select p.id, v.position, v.name, v.by::data.bucket_by, v.for_values::text[], v.seats
from data.pool p, (values (1, 'Nepal', 'country', '{NP}', 2),
    (2, 'South Asia', 'region', '{SAS}', 1), (3, 'Poor', 'income', '{low}', 1),
    (4, 'Staff', 'audience', '{staff}', 1)) v (position, name, by, for_values, seats)
where p.event_id = 1;
update data.pool set reserved = 5 where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(1, 200), pg_temp.wish(2, 203), pg_temp.wish(3, 206),
    pg_temp.wish(4, 209)), 'confirmed, confirmed, confirmed, waitlisted 1',
    'the bucket''s seats, then a common one, then its line');
select is(pg_temp.state(203) || ', ' || pg_temp.state(206) || ', ' || pg_temp.state(209),
    'confirmed Nepal, confirmed, waitlisted Nepal', 'the first by position that fits');
select is(pg_temp.arrive(pg_temp.wish(1, 201, '{"country": "LK"}'), pg_temp.wish(2, 204),
    pg_temp.wish(3, 205, '{"country": "BI"}'), pg_temp.wish(4, 6)),
    'confirmed, waitlisted 2, confirmed, confirmed', 'by region, income, audience');
select is(pg_temp.bucket('Nepal') || ', ' || pg_temp.bucket('South Asia') || ', '
    || pg_temp.bucket('Poor') || ', ' || pg_temp.bucket('Staff'),
    '0 0 2 1, 0 0 1 0, 0 0 1 0, 0 0 1 0', 'each bucket counts its own');
select is(pg_temp.pool(), '0 0 6 2 8', 'and the pool all of them');
update data.bucket set nominated = true where name = 'Poor';
select is(pg_temp.arrive(pg_temp.wish(1, 207, '{"country": "BI"}')), 'waitlisted 3',
    'an allotment is not for who comes by themselves');

-- approval
select pg_temp.anew(3) \g /dev/null
update data.pool set approval = 'organizer' where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(1, 200), pg_temp.wish(2, 201, '{"waives_approval": true}')),
    'requested, confirmed', 'who is to be approved takes no seat');
select is((select concat_ws(' ', r.step, r.expires > now() + interval '6 days')
    from data.registration r where r.person_id = 200), 'organizer t',
    'and waits for the organizer, not for ever');
select is(pg_temp.mails(200), 'registration.requested', 'with a mail');
select is(pg_temp.pool(), '0 0 1 0 2', 'and no count');

-- offers
select is(pg_temp.arrive(pg_temp.wish(1, 202, '{"wants": "offer", "nominated_by": 2}'),
    pg_temp.wish(2, 203, '{"wants": "offer", "nominated_by": 2}'),
    pg_temp.wish(3, 204, '{"wants": "offer", "nominated_by": 2}')),
    'offered, offered, waitlisted 1', 'who is nominated is asked, while there are seats');
select is(pg_temp.pool(), '0 2 1 1 5', 'an offer counts');

-- holding
select pg_temp.anew(2) \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(1, 'pia', '{"hold": "true"}')), 'held',
    'a scarce seat is held');
select is(pg_temp.pool(), '1 0 0 0 1', 'it counts');
select is(pg_temp.take(1, pg_temp.entry(2, 'dan')), 'confirmed', 'another takes a seat');
select is(pg_temp.take(1, pg_temp.entry(3, 'ivy'), pg_temp.entry(4, 'ada', '{"hold": "true"}')),
    'waitlisted 1, ', 'then it is full, and nothing to hold');
select is(pg_temp.take(1, pg_temp.entry(1, 'pia', '{"country": "PE"}')), 'confirmed',
    'who held it takes it by the same key');
select is(pg_temp.pool(), '0 0 2 1 3', 'the seat is the same');
select is((select string_agg(concat_ws('>', c.was, c.became, c.actor), ' ' order by c.id)
    from data.registration_change c join data.registration r on r.id = c.registration_id
    where r.person_id = 5 and r.event_id = 1), 'held>5 held>confirmed>5',
    'history has both steps');
select is((select r.country from data.registration r
    where r.person_id = 5 and r.event_id = 1), 'PE', 'what was filled in meanwhile is kept');
select pg_temp.anew(1) \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(1, 'pia', '{"hold": "true"}'), pg_temp.entry(2, 'ada')),
    'held, waitlisted 1', 'one holds the only seat');
select is(pg_temp.take(1, pg_temp.entry(3, 'pia@example.org', '{"hold": "true"}')), '', 'who types their address');
select is(pg_temp.take(1, pg_temp.entry(4, 'pia@example.org')), '', 'is told nothing');
select is(pg_temp.state(5), 'held', 'and does not take it for them');
select is((select string_agg(n.kind, ' ') from data.notice n join data.registration r on r.id = n.registration_id
    where r.person_id = 5), 'registration.again', 'they are told, once');
select is(pg_temp.take(1, pg_temp.entry(5, 'pia')), 'confirmed', 'with their login any form takes it');
select pg_temp.anew(1) \g /dev/null
select pg_temp.take(1, pg_temp.entry(1, 'pia', '{"hold": "true"}'), pg_temp.entry(2, 'ada')) \g /dev/null
update data.registration set expires = clock_timestamp() where state = 'held';
select is(pg_temp.take(1, pg_temp.entry(1, 'pia')), 'expired', 'when its time is over it is over');
select is(pg_temp.state(1), 'confirmed', 'and the next in line has it');
select is(pg_temp.pool(), '0 0 1 0 2', 'it is counted once');
update data.registration set state = 'held', expires = clock_timestamp() where person_id = 1;
update data.pool set held = 1, confirmed = 0 where event_id = 1;
select is(pg_temp.take(1, pg_temp.entry(6, 'ada'), pg_temp.entry(7, 'pia')), 'confirmed, waitlisted 1',
    'with a new form they come as everybody comes');
select is(pg_temp.pool(), '0 0 1 1 4', 'which counts');
select pg_temp.anew(100) \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(1, 'pia', '{"hold": "true"}')), '',
    'where there are many nothing is held');

-- codes
select pg_temp.anew(9) \g /dev/null
insert into data.access_code (event_id, code, email, most, waives_approval, revoked)
values (1, 'OPENSESAME', null, 2, true, null), (1, 'FORPIA', 'pia@example.org', 1, false, null),
    (1, 'REVOKED', null, 9, false, now());
update data.pool set code_only = true where event_id = 1;
select is(pg_temp.take(1, pg_temp.entry(1, 'dan'), pg_temp.entry(2, 'olga', '{"code": "WRONG1"}'),
    pg_temp.entry(3, 'ivy', '{"code": "REVOKED"}'), pg_temp.entry(4, 'ada', '{"code": "FORPIA"}'),
    pg_temp.entry(5, 'pia', '{"code": "FORPIA"}')),
    'P0001 registration.code_needed code, P0001 registration.code_wrong code, '
    || 'P0001 registration.code_wrong code, P0001 registration.code_wrong code, confirmed',
    'a code that is not good is refused in one way; an invitation is one address''s');
select is(pg_temp.take(1, pg_temp.entry(6, 'ada', '{"code": "OPENSESAME"}'),
    pg_temp.entry(7, 'dan', '{"code": "OPENSESAME"}'), pg_temp.entry(8, 'ivy', '{"code": "OPENSESAME"}')),
    'confirmed, confirmed, P0001 registration.code_wrong code', 'a code is good so often');
select is((select string_agg(concat_ws(' ', c.code, c.used), ', ' order by c.code)
    from data.access_code c), 'FORPIA 1, OPENSESAME 2, REVOKED 0', 'and its uses are counted');
select is(pg_temp.arrive(pg_temp.wish(1, 201, '{"waives_approval": true}')), 'confirmed',
    'whom the organizer adds needs none');
select pg_temp.anew(1) \g /dev/null
insert into data.access_code (event_id, code, priority) values (1, 'FIRSTS', -5);
select is(pg_temp.take(1, pg_temp.entry(1, 'pia'), pg_temp.entry(2, 'dan')),
    'confirmed, waitlisted 1', 'one waits');
select is(pg_temp.take(1, pg_temp.entry(3, 'ivy', '{"code": "FIRSTS"}'), pg_temp.entry(4, 'ada')),
    'waitlisted 1, waitlisted 3', 'a code may let its holder wait before others');
select is(pg_temp.take(1, pg_temp.entry(2, 'dan')), 'waitlisted 2', 'who see it');

-- parties
select pg_temp.anew(3) \g /dev/null
insert into data.party (id, event_id, leader_id) overriding system value
values (1, 1, 5), (2, 1, 5);
select is(pg_temp.arrive(pg_temp.wish(1, 200, '{"party_id": 1}'), pg_temp.wish(2, 201, '{"party_id": 1}'),
    pg_temp.wish(3, 202, '{"party_id": 2}'), pg_temp.wish(4, 203, '{"party_id": 2}')),
    'confirmed, confirmed, waitlisted 1, waitlisted 2', 'a party that does not fit waits whole');
select pg_temp.anew(3) \g /dev/null
update data.pool set party_policy = 'split' where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(1, 200, '{"party_id": 1}'), pg_temp.wish(2, 201, '{"party_id": 1}'),
    pg_temp.wish(3, 202, '{"party_id": 2}'), pg_temp.wish(4, 203, '{"party_id": 2}')),
    'confirmed, confirmed, confirmed, waitlisted 1', 'unless parties are split');

select pg_temp.anew(3) \g /dev/null
update data.pool set party_policy = 'skip' where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(1, 200, '{"party_id": 1}'), pg_temp.wish(2, 201, '{"party_id": 1}'),
    pg_temp.wish(3, 202, '{"party_id": 2}'), pg_temp.wish(4, 203, '{"party_id": 2}')),
    'confirmed, confirmed, waitlisted 1, waitlisted 2', 'where parties are let past they wait whole, too');
select is(pg_temp.arrive(pg_temp.wish(5, 204), pg_temp.wish(6, 205)), 'confirmed, waitlisted 3',
    'and who comes then has the seat that they do not fit into');
update data.pool set seats = 4, promotion = 'manual' where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(7, 206)), 'waitlisted 4', 'but not where the organizer gives the seats');
update data.pool set promotion = 'confirm', party_policy = 'wait' where event_id = 1;
select is(pg_temp.arrive(pg_temp.wish(8, 207)), 'waitlisted 5', 'nor where all wait for the party');

-- answers
select pg_temp.anew(9) \g /dev/null
insert into data.question (id, event_id, key, position, kind, required, label, accepts)
overriding system value
values (901, 1, 'role', 1, 'choice', true, '{"en": "Role"}', '{a,b}');
insert into data.question_wording (question_id, number, label, help, options)
values (901, 1, '{"en": "Role"}', '{}', '[]');
insert into data.bucket (pool_id, position, name, by, question_id, for_values, seats)
select p.id, 1, 'B', 'answer', 901, '{b}', 1 from data.pool p where p.event_id = 1;
update data.pool set form_revision = 1, reserved = 1 where event_id = 1;
select is(pg_temp.take(1, pg_temp.entry(1, 'pia', '{"answers": "{\"901\": \"b\"}"}'),
    pg_temp.entry(2, 'dan', '{"answers": "{\"901\": \"c\"}"}'), pg_temp.entry(3, 'ivy'),
    pg_temp.entry(4, 'ada', '{"answers": "{\"901\": \"a\"}"}')),
    'confirmed, P0001 web.not_choice q901, P0001 web.required q901, confirmed',
    'wrong answers refuse themselves alone');
select is((select string_agg(concat_ws(' ', r.person_id, a.value, b.name), ', ' order by r.person_id)
    from data.registration r join data.answer a on a.registration_id = r.id
    left join data.bucket b on b.id = r.bucket_id), '1 "a", 5 "b" B',
    'the others are kept, and may decide the bucket');
select is(pg_temp.take(1, pg_temp.entry(5, 'dan', '{"hold": "true"}'),
    pg_temp.entry(6, 'dan', '{"answers": "{\"901\": \"a\"}"}')), 'held, confirmed',
    'who holds a seat has not answered yet');
update data.pool set form_revision = 0 where event_id = 1;

-- a key that somebody else's made
select pg_temp.anew(1) \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(1, 'pia'), pg_temp.entry(2, 'pia'), pg_temp.entry(3, 'dan')),
    'confirmed, confirmed, waitlisted 1', 'who is registered already is told so');
select is(pg_temp.take(1, pg_temp.entry(4, 'pia')), 'confirmed', 'with whatever key');
select registration.leave(r.id, 'withdrawn', 'registration.withdrawn')
from data.registration r where r.person_id = 5 and r.event_id = 1 \g /dev/null
select is(pg_temp.take(1, pg_temp.entry(1, 'pia'), pg_temp.entry(2, 'pia'), pg_temp.entry(4, 'pia')),
    'withdrawn, withdrawn, withdrawn', 'none of those keys registers them anew');
select is(pg_temp.take(1, pg_temp.entry(4, 'dan')), 'P0003 registration.key_used', 'or somebody else');
select is((select count(*) from data.registration r where r.event_id = 1), 2::bigint, 'each has had one effect');
select is(pg_temp.take(1, pg_temp.entry(5, 'pia'), pg_temp.entry(6, 'dan')), 'waitlisted 1, confirmed', 'a new key does');
select is(pg_temp.take(1, pg_temp.entry(4, 'pia')), 'withdrawn', 'and theirs stay spent');

-- what nobody expected
select pg_temp.anew(9) \g /dev/null
select is(pg_temp.arrive(pg_temp.wish(1, 200), pg_temp.wish(2, 999999), pg_temp.wish(3, 202,
    '{"country": "nonsense"}'), pg_temp.wish(4, 203)) like 'confirmed, %, %, confirmed', true,
    'refuses itself alone');
select is(pg_temp.pool(), '0 0 2 0 2', 'and leaves no trace');

select * from finish();
rollback;
