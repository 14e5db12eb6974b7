-- Messages to many: whom they reach, wishes, pauses, reminders, what comes back.
begin;
\ir ../support/house.sql
select plan(67);

-- Twelve confirmed, three of whom read Arabic, and one who waits.
insert into data.pool (event_id, seats) values (1, 12);
insert into data.person (id, email, name, language) overriding system value
select 200 + i, 'p' || i || '@example.org', 'Person ' || i,
    case when i % 4 = 0 then 'ar' else 'en' end
from generate_series(1, 13) i;
select registration.take(1, 'p' || i || '@example.org', 'Person ' || i, 'en', null,
    '', null, gen_random_uuid(), sha256(gen_random_uuid()::text::bytea))
from generate_series(1, 13) i
\g /dev/null
update data.notice set state = 'sent', sent = now(), attempts = 1;

-- What became of the mails of a mailing: "waiting 12, dropped 1".
create function pg_temp.became(p_mailing bigint)
returns text
language sql
as $$
select string_agg(s, ', ' order by s)
from (
    select trim(n.state || ' ' || n.problem) || ' ' || count(*) as s
    from data.notice n where n.mailing_id = p_mailing
    group by n.state, n.problem) x
$$;

create function pg_temp.save(p_more text)
returns text
language sql
as $$
select format('select notice.mailing_save(1, null, null, %s)', p_more)
$$;

create function pg_temp.state(p_mailing bigint)
returns text
language sql
as $$
select m.state::text from data.mailing m where m.id = p_mailing
$$;

-- --- writing ---
select is(pg_temp.tried('oscar', pg_temp.save($$'mailing', '{}', 'event', false, '{"en":"A"}', '{"en":"B"}', null, null$$)),
    '42501 account.denied', 'another''s organizer writes nothing here');
select is(pg_temp.tried('pia', 'select count(*) from notice.recipients(1, ''{}'')'),
    '42501 account.denied', 'and a participant does not see whom it would reach');
select is(pg_temp.tried('olga', pg_temp.save($$'mailing', '{}', 'event', false, '{"ar":"A"}', '{"ar":"B"}', null, null$$)),
    'P0001 notice.language_needed subject_en', 'the event''s language is needed');
select is(pg_temp.tried('olga', pg_temp.save($$'mailing', '{}', 'event', false, '{"en":"A"}', '{"ar":"B"}', null, null$$)),
    'P0001 notice.language_needed body_en', 'in both parts');
select isnt(pg_temp.tried('olga', pg_temp.save($$'mailing', '{"state":"confirmed"}', 'event', false,
    '{"en":"Boots","ar":"أحذية"}', '{"en":"Bring boots.","ar":"أحضر"}', null, null$$)), null, 'a message is written');
select max(id) as mailing from data.mailing
\gset
select is(pg_temp.state(:mailing), 'draft', 'as a draft');
select is(pg_temp.tried('olga', format('select notice.mailing_save(1, %s, 9, ''mailing'', ''{}'', ''event'', false, ''{"en":"A"}'', ''{"en":"B"}'', null, null)', :mailing)),
    'P0003 notice.changed_meanwhile', 'whoever saw an older one does not change it');
select is(pg_temp.tried('oscar', format('select count(*) from data.mailing where id = %s', :mailing)), '0',
    'another''s organizer does not see it');
select is(pg_temp.tried('olga', format('select notice.send(3, %s)', :mailing)), '42501 account.denied',
    'it is not sent by way of another event');
select is(pg_temp.tried('olga', format('select notice.test_mailing(1, %s)', :mailing)), '2',
    'the organizer gets it in both its languages');
select is((select string_agg(n.language || ' ' || n.email, ', ' order by n.language) from data.notice n
    where n.kind = 'mailing' and n.mailing_id is null), 'ar olga@example.org, en olga@example.org', 'alone');

-- --- wishes ---
select is(pg_temp.tried('pia', 'select notice.prefer(null, true, false, true)'), '', 'a person says what they want');
select is((select string_agg(f.topic || ' ' || f.wanted, ', ' order by f.topic) from data.preference f where f.person_id = 5),
    'event true, reminder false, program true', 'topic by topic');
select is(pg_temp.tried(null, 'select notice.prefer(null, true, true, true)'), 'P0002 account.missing',
    'nobody has wishes without a link');
select mail_key as key from data.person where id = 201
\gset
select is(pg_temp.tried(null, format('select notice.unsubscribe(%L, ''event'')', :'key')), '', 'one click, without a login');
select is(pg_temp.tried(null, format('select notice.unsubscribe(%L, ''event'')', :'key')), '', 'is the same twice');
select is((select count(*) from data.audit a where a.act = 'notice.wish' and a.object_id = 201), 1::bigint, 'and noted once');
select is(pg_temp.tried(null, format('select event::text || reminder || email from notice.wishes(%L)', :'key')),
    'falsetruep1@example.org', 'the link shows what is wanted');
select is(pg_temp.tried(null, 'select notice.unsubscribe(gen_random_uuid(), ''event'')'), 'P0002 account.missing',
    'a key that nobody has is none');
update data.person set bounced = now() where id = 202;

-- --- sending ---
select is(pg_temp.tried('olga', format('select notice.send(1, %s)', :mailing)), '12', 'it goes to all of the filter');
select is(pg_temp.became(:mailing), 'dropped unreachable 1, dropped unwanted 1, waiting 10',
    'but not to who does not want it, nor where mail comes back');
select is(pg_temp.tried('olga', format('select notice.send(1, %s)', :mailing)), 'P0003 notice.sent_already', 'once');
select is(pg_temp.tried('olga', format('select notice.delete_mailing(1, %s)', :mailing)), 'P0003 notice.sent_already',
    'and is there for good');
select throws_ok(format('insert into data.notice (kind, person_id, email, mailing_id)
    select kind, person_id, email, mailing_id from data.notice where mailing_id = %s limit 1', :mailing),
    '23505', null, 'nobody gets it twice, whatever goes wrong');
select is((select count(*) from data.notice n where n.mailing_id = :mailing and n.details <> '{}'), 0::bigint,
    'no mail has a copy of the words');

set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is((select string_agg(coalesce(c.mailing_id::text, 'own'), ',' order by c.mailing_id nulls first) from notice.claim(4) c),
    'own,own,' || :mailing || ',' || :mailing, 'what is no bulk goes before it');
reset role;
select is(pg_temp.tried('olga', format('select notice.pause_mailing(1, %s, true)', :mailing)), '', 'it is paused');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is((select count(*) from notice.claim(50)), 0::bigint, 'then nothing more of it goes');
select notice.give_back(array(select n.id from data.notice n where n.mailing_id = :mailing and n.lease_until is not null), '0') \g /dev/null
reset role;
select is(pg_temp.became(:mailing), 'dropped unreachable 1, dropped unwanted 1, waiting 10', 'and nothing is lost');
select is(pg_temp.tried('olga', format('select notice.pause_mailing(1, %s, false)', :mailing)), '', 'it goes on');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is((select count(*) from notice.claim(50)), 10::bigint, 'with all that waited, at once');
select is(notice.sent(array(select n.id from data.notice n where n.mailing_id = :mailing and n.state = 'waiting' order by n.id limit 4)), 4, 'some are sent');
reset role;
select is(pg_temp.tried('olga', format('select notice.cancel_mailing(1, %s)', :mailing)), '', 'the rest is stopped');
select is(pg_temp.became(:mailing), 'dropped stopped 6, dropped unreachable 1, dropped unwanted 1, sent 4', 'and does not go');
select is(pg_temp.tried('olga', format('select sent || '' '' || stopped || '' '' || unwanted || '' '' || unreachable || '' '' || waiting
    from (select count(*) filter (where n.state = ''sent'') as sent, count(*) filter (where n.problem = ''stopped'') as stopped,
    count(*) filter (where n.problem = ''unwanted'') as unwanted, count(*) filter (where n.problem = ''unreachable'') as unreachable,
    count(*) filter (where n.state = ''waiting'') as waiting from data.notice n where n.mailing_id = %s) x', :mailing)),
    '4 6 1 1 0', 'its organizer sees what became of it');

-- essential
select isnt(pg_temp.tried('olga', pg_temp.save($$'mailing', '{}', 'event', true, '{"en":"Other hall"}', '{"en":"South."}', null, null$$)), null, 'what is essential');
select max(id) as essential from data.mailing
\gset
select is(pg_temp.tried('olga', format('select notice.send(1, %s)', :essential)), '13', 'goes to all, who waits included');
select is(pg_temp.became(:essential), 'waiting 13', 'whatever they want');

-- --- reminders ---
select is(pg_temp.tried('olga', pg_temp.save($$'reminder', '{}', 'reminder', false, '{"en":"Soon"}', '{"en":"Soon."}', 'cutoff', '-1 day'$$)),
    'P0001 notice.no_anchor anchor', 'no reminder of what the event does not have');
select is(pg_temp.tried('olga', pg_temp.save($$'reminder', '{}', 'reminder', false, '{"en":"Soon"}', '{"en":"Soon."}', 'starts', '-99 days'$$)),
    'P0001 notice.due_past days', 'nor of a time that is over');
select isnt(pg_temp.tried('olga', pg_temp.save($$'reminder', '{"state":"confirmed"}', 'reminder', false, '{"en":"Soon"}', '{"en":"Soon."}', 'starts', '-7 days'$$)), null, 'a week before');
select max(id) as reminder from data.mailing
\gset
select is(pg_temp.tried('olga', format('select notice.send(1, %s)', :reminder)), '0', 'it is put on the clock');
select is(pg_temp.state(:reminder), 'scheduled', 'and waits');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is(notice.due(), 0, 'it is not time yet');
reset role;
update data.event set starts = now() + interval '6 days 12 hours', ends = now() + interval '9 days' where id = 1;
select is(notice.due_at(1, 'starts', '-7 days')::date, (now() - interval '12 hours')::date, 'the event moved, and the reminder with it');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is(notice.due(), 12, 'now it goes, to whom the filter finds now');
select is(notice.due(), 0, 'once');
reset role;
select is(pg_temp.became(:reminder), 'dropped unreachable 1, waiting 11', 'who does not want news may want reminders');
update data.notice set state = 'sent', sent = now(), attempts = 1 where mailing_id in (:reminder, :essential) and state = 'waiting';
insert into data.mailing (event_id, kind, state, subject, body, anchor, lag)
values (1, 'reminder', 'scheduled', '{"en":"S"}', '{"en":"B"}', 'starts', '-9 days');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is(notice.due(), 0, 'one that was missed by days does not go');
reset role;
select is((select m.state::text from data.mailing m order by m.id desc limit 1), 'cancelled', 'ever');
select is(pg_temp.state(:reminder), 'done', 'what is sent is done');
-- the first is for who answered what has become sensitive since
insert into data.question (id, event_id, key, position, kind, label, sensitive)
overriding system value
values (90, 1, 'need', 1, 'choice', '{"en": "What do you need?"}', true);
insert into data.mailing (id, event_id, kind, state, filter, subject, body, anchor, lag)
overriding system value
values (901, 1, 'reminder', 'scheduled', '{"question": 90, "answer": "x"}', '{"en":"S"}', '{"en":"B"}', 'starts', '-7 days'),
    (902, 1, 'reminder', 'scheduled', '{"id": 0}', '{"en":"S"}', '{"en":"B"}', 'starts', '-7 days'),
    (903, 1, 'reminder', 'scheduled', '{"state":"waitlisted"}', '{"en":"S"}', '{"en":"B"}', 'starts', '-7 days');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is(notice.due(), 1, 'one that cannot be sent stops no other');
reset role;
select is(pg_temp.state(901) || ', ' || pg_temp.state(902) || ', ' || pg_temp.state(903),
    'cancelled, cancelled, sending', 'and ends');
select is((select a.details ->> 'fault' from data.audit a where a.act = 'notice.due' and a.object_id = 901),
    'registration.filter_sensitive', 'it is written down why');
update data.notice set state = 'sent', sent = now(), attempts = 1 where mailing_id = 903;

-- --- what comes back ---
select id as notice from data.notice where mailing_id = :essential and person_id = 203
\gset
set local role convene_worker;
select is(notice.bounce(:notice, true, '5.1.1 no such user'), true, 'a mail comes back');
select is(notice.bounce(:notice, true, '5.1.1 no such user'), false, 'the same report again is no news');
reset role;
select id as wiped from data.notice where mailing_id = :essential and person_id = 205
\gset
update data.notice set email = '', problem = '' where id = :wiped;
set local role convene_worker;
select is(notice.bounce(:wiped, true, '5.1.1 <p5@example.org> no such user'), true, 'one whose address was wiped, too');
reset role;
select is((select n.problem from data.notice n where n.id = :wiped), '', 'but what was said of it is not kept');
select is((select concat_ws(' ', p.bounced is not null, p.bounces) from data.person p where p.id = 203), 't 1', 'its address is marked');
select is(pg_temp.tried('oscar', 'select notice.reachable(1, 203)'), '42501 account.denied', 'another''s organizer leaves it so');
select is(pg_temp.tried('olga', 'select notice.reachable(1, 203)'), '', 'their own takes the mark off');
select is((select p.bounced from data.person p where p.id = 203), null, 'when it works again');

-- --- and is tried again ---
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select notice.due() \g /dev/null
reset role;
select is(pg_temp.state(:essential), 'done', 'a message is done');
select is(pg_temp.tried('olga', format('select notice.again(%s)', :notice)), '1', 'one of its mails is tried again');
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is((select array_agg(c.id) from notice.claim(50) c where c.mailing_id is not null), array[:notice::bigint], 'and goes');
reset role;

-- --- and is forgotten ---
update data.notice set created = now() - interval '100 days' where mailing_id = :mailing;
set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is(notice.tidy(), 12, 'old mails forget to whom they went');
reset role;
select is(pg_temp.became(:mailing) || (select max(n.email) from data.notice n where n.mailing_id = :mailing),
    'dropped stopped 6, dropped unreachable 1, dropped unwanted 1, sent 4', 'but not how many they were');

select * from finish();
rollback;
