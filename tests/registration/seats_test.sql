-- Seats set aside in buckets, the rules of a pool, and what a change would do.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select plan(78);

-- buckets are made
select is(pg_temp.bucket_put('Nepal', 'country', '{NP}', 2),
    'P0001 registration.buckets_need_seats seats', 'without a limit none are set aside');
select pg_temp.rule('{"seats": 6}') \g /dev/null
select is(pg_temp.bucket_put('Nepal', 'country', '{NP}', 2), '0', 'two for Nepal');
select is(pg_temp.bucket_put('Low income', 'income', '{low}', 1), '0',
    'one for low income');
select is(pg_temp.bucket_put('Nepal', 'country', '{IN}', 1),
    'P0001 registration.bucket_name_taken name', 'a name is taken once');
select is(pg_temp.bucket_put('', 'country', '{IN}', 1),
    'P0001 registration.name_missing name', 'a bucket has a name');
select is(pg_temp.bucket_put('x', null, '{IN}', 1),
    'P0001 registration.by_missing by', 'and says for whom');
select is(pg_temp.bucket_put('x', 'country', '{}', 1),
    'P0001 registration.values_missing values', 'exactly');
select is(pg_temp.bucket_put('x', 'region', '{XXX}', 1),
    'P0001 registration.value_unknown values', 'by what there is');
select is(pg_temp.bucket_put('x', 'unit', '{999}', 1),
    'P0001 registration.value_unknown values', 'also of units');
select is(pg_temp.bucket_put('x', 'audience', '{staff}', null),
    'P0001 registration.seats_missing seats', 'how many seats');
select is(pg_temp.bucket_put('x', 'audience', '{staff}', 4),
    'P0001 registration.bucket_too_big seats', 'no more than are free');
select is(pg_temp.bucket_put('x', 'audience', '{staff}', 1, true),
    'P0001 registration.nominated_by_unit nominated', 'an allotment is a unit''s');
select is(pg_temp.bucket_put('x', 'audience', '{staff}', 1, false, now() - interval '1 hour'),
    'P0001 registration.release_past release', 'it is released later than now');
select is(pg_temp.tried('oscar', $$select v.promoted from registration.bucket_put(
    null, 1, 'x', 'audience', null, '{staff}', false, 1, null) v$$),
    '42501 account.denied', 'only its organizers make buckets');
select is(pg_temp.tried('oscar', format('select v.promoted
    from registration.bucket_drop(%s) v', (select min(b.id) from data.bucket b))),
    '42501 account.denied', 'or drop them');
select is(pg_temp.tried('olga', 'select count(*) from data.bucket'), '2', 'they see them');
select is(pg_temp.tried('pia', 'select count(*) from data.bucket'), '0',
    'the public does not');
select is(pg_temp.pool(), '6: 0 0 0 0 | 3 0', 'three seats are common');

-- who comes
select is(pg_temp.come('n1 n2 n3', '{"country": "NP"}'),
    'confirmed, confirmed, confirmed', 'the third of Nepal has a common seat');
select is(pg_temp.bucket('Nepal'), '2: 2 0 0', 'when its bucket is full');
select is(pg_temp.come('f1 f2 f3', '{"country": "FR"}'),
    'confirmed, confirmed, waitlisted 1', 'others have the common seats');
select is(pg_temp.come('n4', '{"country": "NP"}'), 'waitlisted 1',
    'who fits a bucket waits in its line');
select is(pg_temp.come('l1 l2', '{"country": "SD"}'), 'confirmed, waitlisted 1',
    'a bucket''s seat is free though others wait');
select is(pg_temp.pool(), '6: 6 0 3 0 | 3 3', 'the pool counts all of them');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- freed seats
select is(pg_temp.act('olga', 'cancel', 'n1'), 'cancelled', 'one of Nepal''s seats');
select is(pg_temp.states('f3 n4 l2'), 'f3 waitlisted, n4 confirmed, l2 waitlisted',
    'goes to its line');
select is(pg_temp.act('olga', 'cancel', 'f1'), 'cancelled', 'a common seat');
select is(pg_temp.states('f3 l2'), 'f3 confirmed, l2 waitlisted',
    'goes to the head of all lines');
select is(pg_temp.act('olga', 'cancel', 'n3'), 'cancelled', 'another');
select is(pg_temp.states('l2'), 'l2 confirmed', 'also to who waits in a bucket');
select is((select r.bucket_id from data.registration r
    where r.id = pg_temp.of('l2')), null, 'and leaves it');
select is(pg_temp.act('olga', 'cancel', 'n2'), 'cancelled', 'nobody waits for this one');
select is(pg_temp.come('f4', '{"country": "FR"}'), 'waitlisted 1',
    'a seat of a bucket is not for others');
select is(pg_temp.pool(), '6: 5 0 1 0 | 3 2', 'it stays free');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- a change, before it is made
select is(pg_temp.tried('olga', $$select registration.simulate(1,
    '{"rules": {"seats": 8}}') -> 'promoted'$$), '1', 'two seats more would let one in');
select is(pg_temp.tried('olga', $$select registration.simulate(1,
    '{"rules": {"seats": 5}}') -> 'refused'$$),
    '{"field": "seats", "words": "registration.seats_below_buckets"}',
    'one seat less is refused, and why');
select is(pg_temp.tried('olga', format($$select registration.simulate(1,
    '{"drop": %s}') #> '{after,used}'$$, (select b.id from data.bucket b
    where b.name = 'Nepal'))), '6', 'without a bucket its seat would be used');
select is(pg_temp.tried('olga', format($$select registration.simulate(1,
    '{"release": %s}') #> '{after,buckets,0,released}'$$, (select b.id
    from data.bucket b where b.name = 'Nepal'))), 'true', 'or released');
select is(pg_temp.tried('olga', $$select registration.simulate(1, '{"bucket":
    {"name": "France", "by": "country", "values": ["FR"], "seats": 1}}')
    -> 'refused' ->> 'words'$$), 'registration.bucket_too_big',
    'a bucket that does not fit is refused');
select is(pg_temp.tried('oscar', $$select registration.simulate(1, '{}')$$),
    '42501 account.denied', 'only its organizers try');
select is(pg_temp.pool(), '6: 5 0 1 0 | 3 2', 'nothing of it was done');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- released, once
update data.bucket set release = now() - interval '1 second' where name = 'Nepal';
select is(registration.due(), 1, 'a bucket''s time comes');
select is(pg_temp.states('f4'), 'f4 confirmed', 'its unused seat is everyone''s');
select is(pg_temp.pool(), '6: 6 0 0 0 | 1 1', 'and its used one too');
select is(pg_temp.bucket('Nepal'), '2: 1 0 0', 'what it counts is still shown');
select is(registration.due(), 0, 'it is released once');
select is(pg_temp.come('n5', '{"country": "NP"}'), 'waitlisted 1',
    'who would have fitted waits with all others');
select is(pg_temp.act('olga', 'cancel', 'n4'), 'cancelled', 'a seat that was in it');
select is(pg_temp.states('n5'), 'n5 confirmed', 'is a common one now');
select is(pg_temp.bucket('Nepal'), '2: 0 0 0', 'and its count follows');
select is(pg_temp.bucket_put('Nepal', 'country', '{NP}', 3, false, null,
    (select b.id from data.bucket b where b.name = 'Nepal')),
    'P0003 registration.bucket_released', 'it is not changed any more');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- those who wait are lined up anew
select is(pg_temp.come('i1 i2', '{"country": "IN"}'), 'waitlisted 1, waitlisted 2',
    'two of India wait');
select pg_temp.rule('{"promotion": "manual"}') \g /dev/null
select pg_temp.rule('{"seats": 7}') \g /dev/null
select is(pg_temp.bucket_put('India', 'country', '{IN}', 1), '0', 'one seat for India');
select is(pg_temp.bucket('India'), '1: 0 0 2', 'both stand in its line');
select pg_temp.rule('{"promotion": "confirm"}') \g /dev/null
select is(pg_temp.states('i1 i2'), 'i1 confirmed, i2 waitlisted', 'the first has it');
select is(pg_temp.tried('olga', format('select v.promoted from
    registration.bucket_drop(%s) v', (select b.id from data.bucket b
    where b.name = 'India'))), '0', 'a bucket is dropped');
select is(pg_temp.pool(), '7: 7 0 1 0 | 1 1', 'its seat is common');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- rules
select is(pg_temp.tried('olga', $$select v.version from registration.set_rules(1,
    0, 7, null, 'offer', 24, 10, 5, 'none', 7, false, null, false, null, 0, 'wait',
    false) v$$), 'P0003 registration.overtaken', 'an old form changes nothing');
select is(pg_temp.tried('olga', $$select v.event from registration.set_rules(1,
    null, 7, '2020-01-01T10:00', 'offer', 24, 10, 5, 'both', 7, true, null, true,
    null, 5, 'skip', false) v$$), '1', 'rules are set');
select is((select registration.rules_said(p) - '{opens,edit_until,transfer_until}'::text[]
    from data.pool p where p.event_id = 1),
    '{"scarce": 5, "seats": 7, "approval": "both", "transfer": true, "code_only": false,
    "promotion": "offer", "reapprove": true, "party_most": 5, "decide_days": 7,
    "offer_hours": 24, "hold_minutes": 10, "party_policy": "skip"}'::jsonb,
    'each of them');
select is((select p.opens from data.pool p where p.event_id = 1),
    '2020-01-01 04:15+00'::timestamptz, 'times are on the event''s wall');
select is(pg_temp.tried('olga', format($$select v.event from registration.set_rules(1,
    null, 7, null, 'offer', %s, %s, %s, 'both', %s, true, null, true, null, %s, 'skip',
    false) v$$, x.a, x.b, x.c, x.d, x.e)), 'P0001 registration.out_of_range ' || x.field,
    'no more than there may be: ' || x.field)
from (values (0, 15, 20, 7, 0, 'offer_hours'), (48, 121, 20, 7, 0, 'hold_minutes'),
    (48, 15, -1, 7, 0, 'scarce'), (48, 15, 20, 91, 0, 'decide_days'),
    (48, 15, 20, 7, 51, 'party_most')) x (a, b, c, d, e, field);
select is(pg_temp.tried('olga', $$select v.event from registration.set_rules(1,
    null, 7, '2999-01-01T10:00', 'offer', 24, 10, 5, 'both', 7, true, null, true,
    null, 5, 'skip', false) v$$), 'P0001 registration.opens_late opens',
    'it opens before it closes');
select is(pg_temp.tried('olga', $$select v.event from registration.set_rules(1,
    null, 7, null, 'offer', 24, 10, 5, 'both', 7, true, '2999-01-01T10:00', true,
    null, 5, 'skip', false) v$$), 'P0001 registration.after_end edit_until',
    'nothing is edited after the end');
select is(pg_temp.tried('olga', $$select v.event from registration.set_rules(1,
    null, null, null, 'offer', 24, 10, 5, 'both', 7, true, null, true, null, 5,
    'skip', false) v$$), 'P0001 registration.buckets_need_seats seats',
    'seats without a limit have no buckets');
select is(pg_temp.tried('oscar', 'select v.seats from registration.set_seats(1, 50) v'),
    '42501 account.denied', 'only its organizers set rules');

-- many at once
select pg_temp.rule('{"promotion": "manual", "approval": "none"}') \g /dev/null
select pg_temp.come((select string_agg('w' || g, ' ') from generate_series(1, 250) g))
\g /dev/null
select clock_timestamp() as began \gset
select is((select v.promoted from registration.set_rules(1, null, 207, null,
    'offer', 24, 10, 5, 'none', 7, true, null, true, null, 5, 'skip', false) v), 200,
    '200 seats more are offered');
select ok(clock_timestamp() - :'began' < interval '1 second', 'within a second');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select * from finish();
rollback;
