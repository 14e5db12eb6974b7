-- Who says yes: the coordinator, the organizer, one after the other; in time.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select plan(78);

-- Pia coordinates unit 1, and oscar another.
insert into data.unit (id, code, name) overriding system value
values (1, 'water', 'Water'), (2, 'soil', 'Soil'), (3, 'air', 'Air');
insert into data.role (person_id, kind, scope, scope_id)
values (5, 'coordinator', 'unit', 1), (3, 'coordinator', 'unit', 2);
select is(pg_temp.tried('pia', 'select account.my_units()'), '{1}', 'pia coordinates a unit');
select is(pg_temp.tried('ada', 'select account.my_units()'), '{1,2,3}',
    'administrators all of them');
select is(pg_temp.tried('dan', 'select account.my_units()'), '{}', 'others none');

-- their doors
select is(pg_temp.tried('pia', 'select 1', 'coordinator'), '1', 'coordinators have doors');
select is(pg_temp.tried('pia', 'select 1', 'coordinator', 'event', 1), '1',
    'also at an event');
select is(pg_temp.tried('pia', 'select 1', 'coordinator', 'event', 2),
    'P0002 account.missing', 'that is not a draft');
select is(pg_temp.tried('ada', 'select 1', 'coordinator', 'event', 1), '1',
    'which administrators pass');
select is(pg_temp.tried('olga', 'select 1', 'coordinator', 'event', 1),
    '42501 account.denied', 'and organizers do not');
select is(pg_temp.tried(null, 'select 1', 'coordinator', 'event', 1),
    '28000 account.sign_in', 'nor nobody');

-- the organizer
select pg_temp.rule('{"seats": 2, "approval": "organizer", "decide_days": 7}') \g /dev/null
select is(pg_temp.come('a b c', '{"unit_id": 1}'), 'requested, requested, requested',
    'who comes is asked for');
select is(pg_temp.pool(), '2: 0 0 0 0 | 0 0', 'and has no seat');
select is(pg_temp.mails('a'), 'requested', 'they know');
select is(pg_temp.act('oscar', 'approve', 'a'), 'P0002 registration.missing',
    'whom it does not concern learns nothing');
select is(pg_temp.act(null, 'approve', 'a'), '28000 account.sign_in', 'nor nobody');
select is(pg_temp.act('pia', 'approve', 'a'), '42501 registration.not_your_step',
    'a coordinator does not say an organizer''s word');
select is(pg_temp.act('olga', 'approve', 'a', ', ''See you'''), 'confirmed',
    'an organizer says yes');
select is(pg_temp.mails('a'), 'requested, approved REQUEST', 'and there is an invitation');
select is((select n.details ->> 'note' from data.notice n
    where n.kind = 'registration.approved'), 'See you', 'with what she said');
select is(pg_temp.act('olga', 'approve', 'a'), 'P0003 registration.decided', 'once');
select is(pg_temp.act('olga', 'approve', 'b'), 'confirmed', 'another yes');
select is(pg_temp.act('olga', 'approve', 'c'), 'waitlisted', 'without a seat they wait');
select is(pg_temp.mails('c'), 'requested, waitlisted', 'and know it');
select is(pg_temp.act('olga', 'cancel', 'a'), 'cancelled', 'a seat is free');
select is(pg_temp.states('c'), 'c confirmed', 'who waited has it');
select is(pg_temp.come('d', '{"unit_id": 1}'), 'requested', 'another asks');
select is(pg_temp.act('olga', 'decline', 'd', ', ''Too far'''), 'declined', 'she says no');
select is(pg_temp.mails('d'), 'requested, declined', 'and they know');
select is((select c.note from data.registration_change c
    where c.became = 'declined'), 'Too far', 'why');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- one after the other
select pg_temp.rule('{"seats": 9, "approval": "both"}') \g /dev/null
select is(pg_temp.come('e f', '{"unit_id": 1}'), 'requested, requested', 'two ask');
select is(pg_temp.come('g', '{"unit_id": 3}'), 'requested', 'one of a unit without a coordinator');
select is((select string_agg(r.step::text, ' ' order by r.id) from data.registration r
    where r.state = 'requested'), 'coordinator coordinator organizer',
    'first their coordinator, where there is one');
select is(pg_temp.act('olga', 'approve', 'e'), '42501 registration.not_your_step',
    'not the organizer');
select is(pg_temp.act('oscar', 'approve', 'e'), 'P0002 registration.missing',
    'nor the coordinator of another unit');
select is(pg_temp.tried('pia', format('select v.step from registration.approve(%s) v',
    pg_temp.of('e'))), 'organizer', 'after their coordinator');
select is(pg_temp.mails('e'), 'requested, seconded', 'they know');
select is(pg_temp.act('pia', 'approve', 'e'), '42501 registration.not_your_step',
    'whose word is said');
select is(pg_temp.act('olga', 'approve', 'e'), 'confirmed', 'the organizer decides');
select is(pg_temp.act('pia', 'decline', 'f', ', ''No'''), 'declined',
    'a coordinator''s no is a no');
select is(pg_temp.tried('pia', $$select count(*) from data.registration r
    where r.unit_id = 1$$), '6', 'a coordinator sees their unit');
select is(pg_temp.tried('pia', $$select count(*) from data.registration r
    where r.unit_id = 3$$), '0', 'and no other');

-- in time
select is(registration.due(), 1, 'who decides is told');
select is((select string_agg(concat_ws(' ', p.name, n.details ->> 'requests'), ', ')
    from data.notice n join data.person p on p.id = n.person_id
    where n.kind = 'registration.decide'), 'Olga 1', 'the organizer of what she decides');
select is(registration.due(), 0, 'not again at once');
select is(pg_temp.come('h', '{"unit_id": 1}'), 'requested', 'another asks');
select is(registration.due(), 1, 'their coordinator is told');
update data.registration_change set at = at - interval '10 days';
select is(registration.due(), 2, 'after half of the time both are reminded');
select is((select string_agg(p.name, ', ' order by p.name) from data.notice n
    join data.person p on p.id = n.person_id
    where n.kind = 'registration.reminder_decide'), 'Olga, Pia', 'each of their own');
select is(registration.due(), 0, 'once');
update data.registration set expires = clock_timestamp() - interval '1 second'
where state = 'requested' and id = pg_temp.of('h');
select is(pg_temp.act('pia', 'approve', 'h'), 'P0004 registration.decision_over',
    'too late is too late');
select is(registration.due(), 1, 'what nobody decided expires');
select is(pg_temp.mails('h'), 'requested, expired', 'and they know');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- anew, the seat kept
select pg_temp.rule('{"approval": "organizer", "reapprove": true}') \g /dev/null
select is(registration.reask(pg_temp.of('e')), true, 'answers are edited');
select is(pg_temp.pool(), '9: 2 0 0 1 | 0 0', 'the seat is kept');
select is(pg_temp.mails('e'), 'requested, seconded, approved REQUEST, reasked',
    'the calendar is not told');
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}';
select is(pg_temp.act('olga', 'approve', 'e'), 'confirmed', 'approved again');
select is(pg_temp.pool(), '9: 3 0 0 0 | 0 0', 'it is theirs as before');
select is(registration.reask(pg_temp.of('e')), true, 'edited again');
select is(pg_temp.act('olga', 'decline', 'e'), 'declined', 'and declined');
select is(pg_temp.mails('e') like '%declined CANCEL', true, 'now the calendar is told');
select is(pg_temp.pool(), '9: 2 0 0 0 | 0 0', 'the seat is free');
select is(registration.reask(pg_temp.of('e')), false, 'what is over is not asked again');
select pg_temp.rule('{"approval": "none"}') \g /dev/null
select pg_temp.come('z') \g /dev/null
select pg_temp.rule('{"approval": "organizer"}') \g /dev/null
select checkin.admit(1, pg_temp.of('z'), gen_random_uuid()) \g /dev/null
select is(registration.reask(pg_temp.of('z')), false, 'nor who is inside already');

-- many in one go
select pg_temp.rule('{"approval": "none"}') \g /dev/null
select pg_temp.come('k') \g /dev/null
select pg_temp.rule('{"approval": "organizer", "seats": 6}') \g /dev/null
select is(registration.reask(pg_temp.of('k')), true, 'one has a seat that is kept');
select is(pg_temp.come('m n o p'), 'requested, requested, requested, requested', 'four have none, and one asked before');
select is(pg_temp.tried('olga', $$select string_agg(b.name || ' ' || b.became, ', ' order by b.n)
    from registration.bulk(1, '{"state": "requested"}', 'approve', 'Yes', 6, false) b$$),
    'g confirmed, k confirmed, m confirmed, n waitlisted, o waitlisted, p waitlisted',
    'seats for who came first, the line for the others');
select is(pg_temp.pool(), '6: 6 0 3 0 | 0 0', 'all are taken');
select is(pg_temp.mails('m') || '; ' || pg_temp.mails('o'),
    'requested, approved REQUEST; requested, waitlisted', 'each is told what became of them');
select is((select count(*) from data.notice n where n.details ->> 'note' = 'Yes'), 6::bigint, 'and why');
select is(pg_temp.tried('olga', $$select string_agg(coalesce(b.became, b.fault), ', ' order by b.n)
    from registration.bulk(1, '{"state": "waitlisted"}', 'approve', '', 3, false) b$$),
    'registration.decided, registration.decided, registration.decided', 'what is decided is not decided again');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- the cutoff is for who has no seat yet
select pg_temp.rule('{"approval": "none", "seats": 12}') \g /dev/null
select pg_temp.come('x', '{"unit_id": 1}') \g /dev/null
select pg_temp.rule('{"approval": "both"}') \g /dev/null
select pg_temp.come('y', '{"unit_id": 1}') \g /dev/null
select registration.reask(pg_temp.of('x')) \g /dev/null
update data.event set cutoff = now() - interval '1 second' where id = 1;
select pg_temp.tried('olga', 'select registration.settle(1)') \g /dev/null
select is(pg_temp.act('pia', 'approve', 'y'), 'P0004 registration.decision_over',
    'what was asked ends with the cutoff');
select is(pg_temp.act('pia', 'approve', 'x'), 'requested', 'a seat that is kept is not lost to it');
select is(pg_temp.act('olga', 'approve', 'x'), 'confirmed', 'nor after the first of two');
select is(registration.reask(pg_temp.of('x')), true, 'and answers may still be edited');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select is(pg_temp.act('pia', 'decline', 'x'), 'declined', 'and decided on');
select * from finish();
rollback;
