-- The waiting line: who is next, offers and their end, parties, by hand.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select plan(106);

-- promoted at once, by (priority, arrival)
select pg_temp.rule('{"seats": 2}') \g /dev/null
select is(pg_temp.come('a b c d'), 'confirmed, confirmed, waitlisted 1, waitlisted 2',
    'two seats: two have one, two wait');
select is(pg_temp.come('e', '{"priority": -5}'), 'waitlisted 1',
    'one with priority stands at the head of the line');
select is(registration.place(pg_temp.of('c')), 2::bigint, 'the others behind');
select is(registration.leave(pg_temp.of('a'), 'withdrawn',
    'registration.withdrawn')::text, 'withdrawn', 'one leaves');
select is(pg_temp.states('c d e'), 'c waitlisted, d waitlisted, e confirmed',
    'who has priority is promoted');
select is(pg_temp.mails('e'), 'waitlisted, promoted REQUEST', 'and invited');
select is(pg_temp.pool(), '2: 2 0 2 0 | 0 0', 'the pool counts it');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- offers
select pg_temp.rule('{"promotion": "offer", "offer_hours": 24}') \g /dev/null
select is(registration.leave(pg_temp.of('b'), 'withdrawn',
    'registration.withdrawn')::text, 'withdrawn', 'another leaves');
select is(pg_temp.states('c d'), 'c offered, d waitlisted',
    'the next is offered the seat');
select is(pg_temp.pool(), '2: 1 1 1 0 | 0 0', 'which is counted');
select is(pg_temp.mails('c'), 'waitlisted, offered', 'by a mail');
select is((select r.expires - now() between interval '23:59' and interval '24:01'
    from data.registration r where r.id = pg_temp.of('c')), true, 'for its term');
select is(pg_temp.come('f'), 'waitlisted 2', 'nobody else gets that seat');
select is(pg_temp.act('pia', 'accept', 'c'), 'P0002 registration.missing',
    'nobody accepts for another');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('nobody')) v$$),
    'P0002 registration.missing', 'nor with a guess');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('c')) v$$), 'confirmed',
    'the mail''s token accepts');
select is(pg_temp.mails('c'), 'waitlisted, offered, confirmed REQUEST',
    'and they are invited');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('c')) v$$), 'confirmed',
    'a second time is the same');
select is(pg_temp.pool(), '2: 2 0 2 0 | 0 0', 'and takes one seat');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- an offer lapses
select is(registration.leave(pg_temp.of('e'), 'withdrawn',
    'registration.withdrawn')::text, 'withdrawn', 'one leaves');
select is(pg_temp.states('d f'), 'd offered, f waitlisted', 'the next is offered');
update data.registration set expires = clock_timestamp() - interval '1 second'
where id = pg_temp.of('d');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('d')) v$$),
    'P0004 registration.offer_over', 'after its time it is not accepted');
select is(registration.due(), 1, 'the house sees to it');
select is(pg_temp.states('d f'), 'd expired, f offered', 'the next has it');
select is(pg_temp.mails('d'), 'waitlisted, offered, expired', 'they are told');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('d')) v$$),
    'P0004 registration.offer_over', 'it never comes back');
select is(pg_temp.come('d'), 'waitlisted 1', 'who comes again waits at the tail');
select is(registration.due(), 0, 'there is nothing more to do');

-- the cutoff ends offers, and none is made after it
update data.event set cutoff = now() + interval '2 hours' where id = 1;
select is(registration.settle(1), 0, 'the last moment to register comes nearer');
select is((select r.expires = e.cutoff from data.registration r
    join data.event e on e.id = 1 where r.id = pg_temp.of('f')), true,
    'an offer ends no later');
update data.event set cutoff = now() - interval '1 second' where id = 1;
select registration.settle(1) \g /dev/null
select is(registration.due(), 1, 'it lapses');
select is(pg_temp.states('f d'), 'f expired, d waitlisted',
    'and nobody is offered the seat');
select is(pg_temp.tried('olga', 'select v.promoted from registration.promote_next(1, 1) v'),
    'P0004 registration.closed', 'not by hand either');
update data.event set cutoff = null where id = 1;
select is(registration.settle(1), 1, 'registration opens again');
select is(pg_temp.states('d'), 'd offered', 'and the seat is offered');
select is(pg_temp.act('olga', 'withdraw', 'd'), 'withdrawn', 'an offer is refused');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- the schedule tells when the last moment was put off
select is(pg_temp.come('y z'), 'confirmed, waitlisted 1', 'one has the last seat');
update data.event set cutoff = now() - interval '1 second' where id = 1;
select registration.leave(pg_temp.of('y'), 'withdrawn', 'registration.withdrawn')
\g /dev/null
select is(pg_temp.states('z'), 'z waitlisted', 'it is free after the cutoff');
do $$
declare
	v_was data.event;
begin
	select * into v_was from data.event where id = 1;
	update data.event set cutoff = null where id = 1;
	perform schedule.event_changed(v_was);
end
$$;
select is(pg_temp.states('z'), 'z offered', 'and handed on when that is put off');
select is(pg_temp.act('olga', 'withdraw', 'z'), 'withdrawn', 'it is refused');

-- half of its time is over
select pg_temp.rule('{"seats": 4}') \g /dev/null
select is(pg_temp.come('g', '{"wants": "offer"}'), 'offered', 'one is offered a seat');
select is(registration.remind(10), 0, 'who was told just now is not reminded');
update data.registration_change set at = at - interval '30 hours'
where registration_id = pg_temp.of('g');
select is(registration.remind(10), 1, 'after half of the time they are');
select is(registration.remind(10), 0, 'once');
select is(pg_temp.mails('g'), 'offered, reminder_offer', 'by a mail');

-- by hand
select pg_temp.rule('{"seats": 4, "promotion": "manual"}') \g /dev/null
select is(pg_temp.come('h i j'), 'confirmed, confirmed, waitlisted 1', 'full');
select is(pg_temp.act('olga', 'cancel', 'h'), 'cancelled', 'one is cancelled');
select is(pg_temp.come('k l'), 'waitlisted 2, waitlisted 3',
    'the seat waits for the organizer''s word');
select is(pg_temp.act('dan', 'offer_to', 'l'), 'P0002 registration.missing',
    'which door staff has not');
select is(pg_temp.act('olga', 'offer_to', 'l'), 'offered', 'she offers it to the last');
select is(pg_temp.act('olga', 'offer_to', 'k'), 'P0003 registration.no_seat',
    'there is no other');
select is(pg_temp.act('olga', 'withdraw', 'l'), 'withdrawn', 'it is refused');
select is(pg_temp.tried('olga', 'select v.promoted from registration.promote_next(1, 5) v'),
    '1', 'she promotes as many as there are seats');
select is(pg_temp.states('j k'), 'j offered, k waitlisted', 'from the head of the line');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- parties
select pg_temp.rule('{"seats": 4, "promotion": "confirm", "party_policy": "wait"}')
\g /dev/null
insert into data.party (id, event_id, leader_id) overriding system value
values (1, 1, pg_temp.person('m'));
select is(pg_temp.come('m n', '{"party_id": 1}'), 'waitlisted 2, waitlisted 3',
    'two together wait');
select is(pg_temp.act('olga', 'cancel', 'k'), 'cancelled',
    'whoever was before them leaves');
select is(pg_temp.come('o'), 'waitlisted 3', 'one comes after them');
select is(pg_temp.act('olga', 'cancel', 'i'), 'cancelled', 'one seat is free');
select is(pg_temp.states('m n o'), 'm waitlisted, n waitlisted, o waitlisted',
    'two do not fit: all wait for them');
select pg_temp.rule('{"party_policy": "skip"}') \g /dev/null
select is(pg_temp.states('m n o'), 'm waitlisted, n waitlisted, o confirmed',
    'where they may be passed they are');
select is(pg_temp.act('olga', 'cancel', 'c'), 'cancelled', 'another seat');
select pg_temp.rule('{"party_policy": "split"}') \g /dev/null
select is(pg_temp.states('m n'), 'm confirmed, n waitlisted',
    'where they may be split they are');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- a party in two lines
select is(pg_temp.act('olga', 'cancel', 'm'), 'cancelled', 'the party is over');
select is(pg_temp.act('olga', 'cancel', 'n'), 'cancelled', 'for both');
select pg_temp.rule('{"seats": 6, "promotion": "manual", "party_policy": "wait"}')
\g /dev/null
select is(pg_temp.bucket_put('Nepal', 'country', '{NP}', 1), '0', 'a seat is set aside');
insert into data.party (id, event_id, leader_id) overriding system value
values (2, 1, pg_temp.person('p'));
select is(pg_temp.come('q1 q2 q3'), 'confirmed, confirmed, waitlisted 1', 'it is full');
select is(pg_temp.come('r1', '{"country": "NP"}'), 'confirmed', 'all of it');
select is(pg_temp.come('p1', '{"country": "NP", "party_id": 2}'), 'waitlisted 1',
    'one of a party waits for it');
select is(pg_temp.come('p2', '{"party_id": 2}'), 'waitlisted 3', 'the other for a common one');
select is(pg_temp.come('r2', '{"country": "NP"}'), 'waitlisted 2', 'another behind them');
select is(pg_temp.act('olga', 'cancel', 'r1'), 'cancelled', 'the seat is free');
select is(pg_temp.act('olga', 'cancel', 'q3'), 'cancelled', 'and the party is the first');
select pg_temp.rule('{"promotion": "confirm"}') \g /dev/null
select is(pg_temp.states('p1 p2 r2'), 'p1 waitlisted, p2 waitlisted, r2 confirmed',
    'it does not divide them');
select is(pg_temp.act('olga', 'cancel', 'q1'), 'cancelled', 'one common seat');
select is(pg_temp.states('p1 p2'), 'p1 waitlisted, p2 waitlisted', 'is not enough');
select is(pg_temp.act('olga', 'cancel', 'q2'), 'cancelled', 'two');
select is(pg_temp.states('p1 p2'), 'p1 confirmed, p2 confirmed', 'are for both');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- held while somebody fills in the form
select pg_temp.rule('{"seats": 7, "hold_minutes": 15, "scarce": 5}') \g /dev/null
select is(pg_temp.come('s', '{"wants": "hold"}'), 'held', 'a scarce seat is held');
select is(pg_temp.come('t'), 'waitlisted 1', 'nobody else has it');
update data.registration set expires = clock_timestamp() - interval '2 seconds'
where id = pg_temp.of('s');
select is(registration.due(), 1, 'its time is over');
select is(pg_temp.states('s t'), 's expired, t confirmed', 'it is the next one''s');
select is(pg_temp.mails('s'), 'expired', 'whoever held it is told');

-- in the order of time, so many at once
select pg_temp.rule('{"seats": 9}') \g /dev/null
select is(pg_temp.come('u v', '{"wants": "offer"}'), 'offered, offered', 'two are offered');
update data.registration set expires = clock_timestamp() - interval '1 second'
where id = pg_temp.of('u');
update data.registration set expires = clock_timestamp() - interval '2 seconds'
where id = pg_temp.of('v');
select is(registration.due(1), 1, 'one at a time');
select is(pg_temp.states('u v'), 'u offered, v expired', 'first what was over first');
select is(registration.due(1), 1, 'then the other');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- another answer, another line
select pg_temp.rule('{"seats": 12, "scarce": 0}') \g /dev/null
insert into data.question (id, event_id, key, position, kind, label, options, accepts)
overriding system value
values (901, 1, 'role', 1, 'choice', '{"en": "Role"}', '[{"value": "a"}, {"value": "b"}]', '{a,b}');
insert into data.question_wording (question_id, number, label, help, options)
values (901, 1, '{"en": "Role"}', '{}', '[]');
update data.pool set form_revision = 1, reserved = reserved + 2 where event_id = 1;
insert into data.bucket (id, pool_id, position, name, by, question_id, for_values, seats)
overriding system value
select v.id, p.id, v.id, v.name, 'answer', 901, array[v.name], 1
from data.pool p, (values (88, 'a'), (89, 'b')) v (id, name) where p.event_id = 1;
create function pg_temp.answer(p_name text, p_value text)
returns text
language sql
as $$
select (registration.edit_answers_by_token(r.manage_hash, r.version, jsonb_build_object('901', p_value))).state::text
from data.registration r where r.id = pg_temp.of(p_name)
$$;
create function pg_temp.stands(p_names text)
returns text
language sql
as $$
select string_agg(concat_ws(' ', x.name, r.state, b.name, registration.place(r.id)), ', ' order by x.n)
from unnest(string_to_array(p_names, ' ')) with ordinality x (name, n)
join data.registration r on r.id = pg_temp.of(x.name)
left join data.bucket b on b.id = r.bucket_id
$$;
select pg_temp.come('f1 f2 f3 f4 f5 f6', '{"answers": {"901": "a"}}') \g /dev/null
select registration.leave(r.id, 'cancelled', 'registration.cancelled')
from data.registration r where r.event_id = 1 and r.state = 'waitlisted' \g /dev/null
select is(pg_temp.come('w1 w2 w3', '{"answers": {"901": "a"}}'), 'waitlisted 1, waitlisted 2, waitlisted 3', 'three wait for a bucket');
select is(pg_temp.come('v1', '{"answers": {"901": "b"}}'), 'confirmed', 'the other''s seat is had');
select is(pg_temp.come('v2', '{"answers": {"901": "b"}}'), 'waitlisted 1', 'and waited for');
select is(pg_temp.answer('w2', 'b'), 'waitlisted', 'one answers otherwise');
select is(pg_temp.stands('w1 w2 w3 v2'), 'w1 waitlisted a 1, w2 waitlisted b 1, w3 waitlisted a 2, v2 waitlisted b 2', 'and joins the other line, by their arrival');
select is((select a.details ->> 'bucket' from data.audit a where a.object_id = pg_temp.of('w2')
    and a.act = 'registration.waitlisted' order by a.id desc limit 1), '89', 'as the audit says');
select is(pg_temp.answer('v1', 'a'), 'confirmed', 'who has a seat answers otherwise');
select is(pg_temp.stands('v1'), 'v1 confirmed b', 'and keeps it where it is');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select is(pg_temp.act('olga', 'withdraw', 'v1'), 'withdrawn', 'it is free');
select is(pg_temp.stands('w2 v2'), 'w2 confirmed b, v2 waitlisted b 1', 'and goes to the first in its line');
select registration.leave(pg_temp.of(n), 'withdrawn', 'registration.withdrawn')
from unnest('{v2,w2}'::text[]) n \g /dev/null
select is(pg_temp.answer('w3', 'b'), 'confirmed', 'whose line has a seat has it at once');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select * from finish();
rollback;
