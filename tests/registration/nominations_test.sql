-- Coordinators nominate for their unit's allotment.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select plan(46);

insert into data.unit (id, code, name) overriding system value
values (1, 'water', 'Water'), (2, 'soil', 'Soil');
insert into data.role (person_id, kind, scope, scope_id)
values (5, 'coordinator', 'unit', 1), (3, 'coordinator', 'unit', 2);

create function pg_temp.nominate(p_token text, p_unit bigint, p_names text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select string_agg(concat_ws(' ', v.state,
    v.place, v.fault, v.field), ', ' order by v.n)
    from registration.nominate(1, %s, %L) v$q$, p_unit, (
    select jsonb_agg(jsonb_build_object('email', case when x.name like '%!'
        then x.name else x.name || '@example.org' end, 'name', x.name,
        'key', md5(x.name || random()), 'manage_hash', sha256(x.name::bytea)) order by x.n)
    from unnest(string_to_array(p_names, ' ')) with ordinality x (name, n))))
$$;

select pg_temp.rule('{"seats": 5, "approval": "both", "offer_hours": 72}') \g /dev/null
select is(pg_temp.nominate('pia', 1, 'a'), 'P0003 registration.no_allotment',
    'without an allotment nobody is nominated');
select is(pg_temp.bucket_put('Water''s', 'unit', '{1}', 2, true,
    now() + interval '3 days'), '0', 'two seats for unit 1');
select is(pg_temp.bucket_put('All of Water', 'unit', '{1}', 1), '0', 'and one for all of it');
select is(pg_temp.tried('pia', 'select v.seats from data.bucket v'), '2',
    'its coordinator sees the allotment, and nothing else of the pool');
select is(pg_temp.tried('oscar', 'select count(*) from data.bucket'), '0',
    'another does not');
select registration.bucket_drop(b.id) from data.bucket b where b.name = 'All of Water'
\g /dev/null
select is(pg_temp.nominate('oscar', 1, 'a'), '42501 account.denied', 'or fill them');
select is(pg_temp.nominate(null, 1, 'a'), '28000 account.sign_in', 'nor does nobody');
select is(pg_temp.nominate('olga', 1, 'a'), '42501 account.denied',
    'nor the organizer, who adds people herself');
select is(pg_temp.nominate('pia', 1, 'a nonsense! b c'),
    'offered, account.email_malformed email, offered, waitlisted 1',
    'each is told of alone: a seat, a slip, no seat');
select is(pg_temp.bucket('Water''s'), '2: 0 2 1', 'the allotment counts them');
select is(pg_temp.mails('a'), 'nominated', 'they are asked');
select is((select concat_ws(' ', r.unit_id, r.nominated_by, r.step)
    from data.registration r where r.id = pg_temp.of('a')), '1 5',
    'approved by who nominated them');
select is(pg_temp.nominate('pia', 1, 'a'), 'offered', 'twice is once');
select is(pg_temp.tried(null, $$select v.state
    from registration.accept_by_token(sha256('a')) v$$), 'confirmed',
    'nominees confirm themselves');
select is(pg_temp.tried(null, $$select v.state
    from registration.withdraw_by_token(sha256('b')) v$$), 'withdrawn', 'or decline');
select is(pg_temp.states('c'), 'c offered', 'then the next is asked');
select is(pg_temp.nominate('pia', 1, 'v w'), 'waitlisted 1, waitlisted 2',
    'more than the allotment wait');
select pg_temp.rule('{"approval": "none"}') \g /dev/null
select is(pg_temp.come('x'), 'confirmed', 'and stand in nobody else''s way');
select is(registration.promote(1), 0, 'nor have they seats of others');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select pg_temp.rule('{"approval": "both"}') \g /dev/null
select is(pg_temp.act('olga', 'withdraw', 'v'), 'withdrawn', 'one leaves');
select is(pg_temp.act('olga', 'withdraw', 'w'), 'withdrawn', 'and the other');
select is(pg_temp.act('olga', 'withdraw', 'x'), 'withdrawn', 'and the one between');
select is(pg_temp.come('d', '{"unit_id": 1}'), 'requested',
    'who comes alone has nothing of the allotment');
select is((select r.bucket_id from data.registration r
    where r.id = pg_temp.of('d')), null, 'and does not wait for it');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- a nominee's offer lapses, and the allotment is released
update data.registration set expires = clock_timestamp() - interval '1 second'
where id = pg_temp.of('c');
select is(registration.due() > 0, true, 'an offer lapses');
select is(pg_temp.states('c'), 'c expired', 'nobody has confirmed it');
select pg_temp.rule('{"approval": "none", "seats": 4}') \g /dev/null
select is(pg_temp.come('e f g h'), 'confirmed, confirmed, waitlisted 1, waitlisted 2',
    'an unused allotment is nobody else''s');
update data.bucket set release = now() - interval '1 second';
select registration.due() \g /dev/null
select is(pg_temp.states('g h'), 'g confirmed, h waitlisted', 'until its time');
select is(pg_temp.nominate('pia', 1, 'i'), 'P0003 registration.no_allotment',
    'then there is none');
select is(pg_temp.nominate('pia', 1, (select string_agg('z' || g, ' ')
    from generate_series(1, 1001) g)), 'P0001 registration.nominate_most people',
    'not more than 1000 at once');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- more than there are, in the end: the same on arrival, when seats are given on,
-- and after an approval
select pg_temp.rule('{"seats": 9, "approval": "none", "promotion": "confirm"}') \g /dev/null
select is(pg_temp.bucket_put('Soil''s', 'unit', '{2}', 1, true), '0', 'an allotment of one');
select is(pg_temp.nominate('oscar', 2, 'l m'), 'offered, waitlisted 1', 'a second nominee waits for it');
select is(registration.promote(1), 0, 'though a common seat is free');
select is(pg_temp.come('n'), 'confirmed', 'which others have');
insert into data.access_code (id, event_id, code, bucket_id) overriding system value
select 80, 1, 'soilsoil', b.id from data.bucket b where b.name = 'Soil''s';
select pg_temp.rule('{"approval": "organizer"}') \g /dev/null
select is(pg_temp.come('o', '{"code_id": 80}'), 'requested', 'so does who has its code');
select is(pg_temp.act('olga', 'approve', 'o'), 'waitlisted', 'once approved');
select is(pg_temp.act('oscar', 'nomination_withdraw', 'l'), 'cancelled', 'its seat is free');
select is(pg_temp.states('m o') || pg_temp.wrong(:'verify'), 'm offered, o waitlisted', 'and is given on in its own line');

-- who came by themselves is not nominated, nor is anything told of them
select pg_temp.rule('{"seats": 20, "approval": "none", "scarce": 20, "hold_minutes": 10}') \g /dev/null
select is(pg_temp.come('p') || ', ' || pg_temp.come('q', '{"wants": "hold"}'), 'confirmed, held',
    'one is registered, and for one a seat is held');
select is(pg_temp.nominate('oscar', 2, 'p q r'),
    'registration.already_there email, registration.already_there email, waitlisted 2',
    'they are refused at their rows, and the others are nominated');
select is(pg_temp.tried('oscar', $$select concat_ws(' ', v.n, v.email, v.registration, v.state, v.place)
    from registration.nominate(1, 2, '[{"email": "q@example.org", "name": "Q"}]') v$$), '1 q@example.org',
    'without a number, a state or a place');
select is(pg_temp.states('p q'), 'p confirmed, q held', 'and stay what they are');
select is(pg_temp.nominate('oscar', 2, 'r'), 'waitlisted 2', 'a nominee of the unit is told of again');
select * from finish();
rollback;
