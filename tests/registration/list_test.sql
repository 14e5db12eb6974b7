-- The organizer's list: what a filter means, whose it is, views, notes, many at
-- once, and whom organizers add.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql

-- The names that a filter leaves, as somebody sees them; or a refusal.
create function pg_temp.found(p_filter text, p_sort text default 'arrival',
    p_after text default null, p_most integer default null, p_token text default 'olga',
    p_event bigint default 1)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select coalesce(string_agg(p.name, '' '' order by f.n), '''')
    from registration.filtered(%s, %L, %L, %L, %L) with ordinality f (id, n)
    join data.registration r on r.id = f.id join data.person p on p.id = r.person_id',
    p_event, p_filter, p_sort, pg_temp.of(p_after), p_most))
$$;

-- What becomes of those whom a filter leaves: "2 cancelled, 1 key".
create function pg_temp.many(p_act text, p_filter text, p_expected bigint default null,
    p_words text default 'why', p_token text default 'olga', p_event bigint default 1)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select string_agg(o.people || '' '' || o.what, '', '' order by o.what)
    from (select coalesce(b.became, b.fault) as what, count(*) as people
    from registration.bulk(%s, %L, %L, %L, %L, %L) b group by 1) o',
    p_event, p_filter, p_act, p_words, p_expected, p_expected is null))
$$;

-- The lines of a table of names, and what became of each or, checked, would:
-- "1 confirmed, 2 waitlisted 1, …".
create function pg_temp.lines(p_verb text, p_names text, p_more text, p_token text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select string_agg(concat_ws('' '', a.n, a.state, a.place, a.fault, a.field), '', '' order by a.n)
    from registration.%I(1, %L, %s) a', p_verb, (
    select jsonb_agg(jsonb_build_object('n', x.n, 'name', x.name, 'email',
        x.name || '@example.org', 'language', 'fr', 'country', 'NP', 'organisation', 'Delta',
        'key', gen_random_uuid(), 'manage_hash', sha256(gen_random_uuid()::text::bytea)) order by x.n)
    from unnest(string_to_array(p_names, ' ')) with ordinality x (name, n)), p_more))
$$;
create function pg_temp.put(p_names text, p_seat text, p_token text default 'olga')
returns text
language sql
as $$ select pg_temp.lines('add', p_names, quote_literal(p_seat), p_token) $$;
create function pg_temp.check(p_names text, p_seat text, p_expected bigint default null,
    p_token text default 'olga')
returns text
language sql
as $$ select pg_temp.lines('add_check', p_names, format('%L, %L', p_seat, p_expected), p_token) $$;
select plan(97);

-- who is there
insert into data.unit (id, code, name) overriding system value values (70, 'N', 'North');
select pg_temp.rule('{"seats": 6}') \g /dev/null
select pg_temp.come('kofi', '{"country": "GH", "organisation": "Mill_1", "via": "online"}') \g /dev/null
select pg_temp.come('lena', '{"country": "DE", "staff": true, "unit_id": 70, "via": "face_to_face"}') \g /dev/null
select pg_temp.come('maya', '{"country": "NP", "organisation": "Mill 100%"}') \g /dev/null
select pg_temp.come('nana', '{"country": "KE"}') \g /dev/null
select pg_temp.come('omar', '{"country": "EG"}') \g /dev/null
select pg_temp.come('paul', '{"country": "KP"}') \g /dev/null
select pg_temp.come('qing sara', '{}') \g /dev/null
select pg_temp.act('olga', 'cancel', 'omar') \g /dev/null
update data.registration set created = now() - interval '40 days' where id = pg_temp.of('kofi');
insert into data.scan (id, uuid, event_id, registration_id, result) overriding system value
values (70, gen_random_uuid(), 1, pg_temp.of('maya'), 'admitted');
insert into data.attendance (registration_id, event_id, scan_id, since) values (pg_temp.of('maya'), 1, 70, now());
insert into data.party (id, event_id, leader_id) overriding system value values (70, 1, pg_temp.person('kofi'));
insert into data.access_code (id, event_id, code, used) overriding system value values (70, 1, 'abcdefgh', 1);
update data.registration set party_id = 70, code_id = 70 where id = pg_temp.of('nana');
insert into data.question (id, event_id, key, position, kind, label, options, sensitive) overriding system value
values (70, 1, 'word', 1, 'short', '{"en": "Word"}', '[]', false),
    (71, 1, 'fruit', 2, 'choices', '{"en": "Fruit"}', '[]', false),
    (72, 1, 'age', 3, 'number', '{"en": "Age"}', '[]', false),
    (73, 1, 'food', 4, 'dietary', '{"en": "Food"}', '[]', true),
    (74, 1, 'needs', 5, 'access', '{"en": "Needs"}', '[]', false);
insert into data.question_wording (question_id, number, label, help, options)
select q.id, 1, q.label, q.help, q.options from data.question q;
insert into data.answer (registration_id, question_id, event_id, value, wording, language)
values (pg_temp.of('kofi'), 70, 1, '"blue"', 1, 'en'), (pg_temp.of('lena'), 71, 1, '["a", "b"]', 1, 'en'),
    (pg_temp.of('maya'), 71, 1, '["b"]', 1, 'en'), (pg_temp.of('nana'), 72, 1, '42', 1, 'en'),
    (pg_temp.of('paul'), 74, 1, '{"chosen": ["ramp"], "words": "x"}', 1, 'en'),
    (pg_temp.of('paul'), 73, 1, '{"chosen": ["vegan"]}', 1, 'en');

-- what a filter means
select is(pg_temp.found('{}'), 'kofi lena maya nana omar paul qing sara', 'no filter leaves all, in order of arrival');
select is(pg_temp.found('{"state": "confirmed"}'), 'kofi lena maya nana paul qing', 'one state');
select is(pg_temp.found('{"state": ["waitlisted", "cancelled"]}'), 'omar sara', 'or several');
select is(pg_temp.found('{"q": "AY"}'), 'maya', 'a part of the name, upper or lower case');
select is(pg_temp.found('{"q": "lena@"}'), 'lena', 'of the address');
select is(pg_temp.found('{"q": "mill_"}'), 'kofi', 'of the organisation, with what LIKE would take for more');
select is(pg_temp.found('{"q": "100%"}'), 'maya', 'a percent sign is one');
select is(pg_temp.found('{"country": ["GH", "NP"]}'), 'kofi maya', 'countries');
select is(pg_temp.found('{"region": "SSF"}'), 'kofi nana', 'a region');
select is(pg_temp.found('{"income": ["low"]}'), 'paul', 'an income group');
select is(pg_temp.found('{"unit": [70]}'), 'lena', 'a unit');
select is(pg_temp.found('{"audience": "staff"}'), 'lena', 'staff');
select is(pg_temp.found('{"audience": "client", "state": "waitlisted"}'), 'sara', 'clients who wait: all members hold');
select is(pg_temp.found('{"via": "online"}'), 'kofi', 'the way of taking part');
select is(pg_temp.found('{"arrived": true}'), 'maya', 'who is in');
select is(pg_temp.found('{"arrived": "false", "state": "confirmed"}'), 'kofi lena nana paul qing', 'who is not');
select is(pg_temp.found('{"question": 70}'), 'kofi', 'who answered');
select is(pg_temp.found('{"question": "70", "answer": "green"}'), '', 'who answered so');
select is(pg_temp.found('{"question": 71, "answer": "b"}'), 'lena maya', 'among several');
select is(pg_temp.found('{"question": 72, "answer": "42"}'), 'nana', 'a number');
select is(pg_temp.found('{"question": 74, "answer": "ramp"}'), 'paul', 'a need');
select is(pg_temp.found(format('{"until": "%s"}', current_date - 30)), 'kofi', 'registered until a day');
select is(pg_temp.found(format('{"since": "%s", "country": "GH"}', current_date - 30)), '', 'or since');
select is(pg_temp.found('{"party": 70}') || pg_temp.found('{"code": 70}'), 'nananana', 'a party, a code');
select is(pg_temp.found('{"bucket": [0], "state": "cancelled"}'), 'omar', 'the common seats');
select is(pg_temp.found(format('{"id": [%s, %s]}', pg_temp.of('sara'), pg_temp.of('kofi'))), 'kofi sara', 'those that are named');

-- in order, and page by page
select is(pg_temp.found('{}', 'newest', null, 3), 'sara qing paul', 'the newest first');
select is(pg_temp.found('{}', 'name', 'nana', 2), 'omar paul', 'the next by name');
select is(pg_temp.found('{"state": ["confirmed", "cancelled"]}', 'state', 'nana'), 'paul qing omar', 'the next by state');
select is(pg_temp.found('{}', 'country', 'maya'), 'qing sara', 'who names no country is last');
select is(pg_temp.found('{}', 'country'), 'lena omar kofi nana paul maya qing sara', 'by country');
select is(pg_temp.found('{}', 'arrival', 'qing'), 'sara', 'the next by arrival');
select is(pg_temp.found('{}', 'newest', 'lena'), 'kofi', 'the next of the newest');

-- what it may not be
select is(pg_temp.found('{"shoe": 44}'), 'P0001 registration.filter_unknown shoe', 'an unknown member is refused by its name');
select is(pg_temp.found('[]'), 'P0001 registration.filter_unknown filter', 'so is what is no object');
select is(pg_temp.found('{"state": "asleep"}'), 'P0001 registration.filter_unknown state', 'or a value that is none');
select is(pg_temp.found('{"state": []}'), 'P0001 registration.filter_unknown state', 'or no value');
select is(pg_temp.found('{"via": ["online"]}'), 'P0001 registration.filter_unknown via', 'or several of what is one');
select is(pg_temp.found('{"unit": "70; drop"}'), 'P0001 registration.filter_unknown unit', 'or no number');
select is(pg_temp.found('{"unit": [[70]]}'), 'P0001 registration.filter_unknown unit', 'or lists of lists');
select is(pg_temp.found('{"q": null}'), 'P0001 registration.filter_unknown q', 'or null');
select is(pg_temp.found('{"since": "2026-02-30"}'), 'P0001 web.not_day since', 'or a day that there is not');
select is(pg_temp.found('{"question": 73, "answer": "vegan"}'), 'P0001 registration.filter_sensitive question', 'nobody asks for a sensitive answer so');

-- whose it is
select is(pg_temp.found('{}', p_token => 'oscar'), '42501 account.denied', 'another''s organizer has no list');
select is(pg_temp.found('{}', p_token => 'dan'), '42501 account.denied', 'nor has the door');
select is(pg_temp.found('{}', p_token => 'pia'), '42501 account.denied', 'nor a participant');
select is(pg_temp.found('{}', p_token => 'nobody'), '28000 account.sign_in', 'nor nobody');
select is(pg_temp.found(format('{"id": [%s]}', pg_temp.of('kofi')), p_token => 'oscar', p_event => 3), '', 'by numbers nobody gets at others'' people');
select is(pg_temp.many('cancel', '{}', p_token => 'oscar'), '42501 account.denied', 'nobody changes another''s list');
select is(pg_temp.put('uma', 'line', 'oscar'), '42501 account.denied', 'or adds to it');
select is(pg_temp.tried('oscar', format('select n.registration from registration.note_add(%s, %L) n', pg_temp.of('kofi'), 'x')), '42501 account.denied', 'or notes on it');
select is(pg_temp.tried('oscar', format('select s.answers from registration.sensitive_of(1, array[%s]) s', pg_temp.of('paul'))), '42501 account.denied', 'or reads what is sensitive');
select is(pg_temp.tried('oscar', format('select count(*) from registration.sensitive_of(3, array[%s]) s', pg_temp.of('paul'))), '0', 'even by its number');
select is(pg_temp.tried('olga', format('select s.answers from registration.sensitive_of(1, array[%s, %s]) s', pg_temp.of('paul'), pg_temp.of('kofi'))), '{"73": {"chosen": ["vegan"]}}', 'its organizer reads it');
select is((select string_agg(p.name || ' ' || l.why, ',') from data.look l join data.person p on p.id = l.person_id), 'paul export', 'and it is noted whose');

-- notes
select is(pg_temp.tried('olga', format('select n.registration from registration.note_add(%s, %L) n', pg_temp.of('kofi'), E' called \n')), pg_temp.of('kofi')::text, 'a note is made');
select is(pg_temp.tried('olga', format('select n.registration from registration.note_add(%s, %L) n', pg_temp.of('kofi'), '  ')), 'P0001 web.required note', 'not an empty one');
select is(pg_temp.tried('olga', format('select n.registration from registration.note_add(%s, %L) n', pg_temp.of('kofi'), repeat('x', 2001))), 'P0001 web.too_long note', 'nor one that never ends');
select is(pg_temp.tried('olga', 'select n.registration from registration.note_add(999999, ''x'') n'), 'P0002 registration.missing', 'nor on nobody');
select is(pg_temp.tried('olga', 'select string_agg(body, '','') from data.registration_note'), 'called', 'organizers read it');
select is(pg_temp.tried('dan', 'select count(*) from data.registration_note'), '0', 'the door does not');
select is(pg_temp.tried('oscar', 'select count(*) from data.registration_note'), '0', 'nor do others'' organizers');
select is(pg_temp.found('{"noted": true}'), 'kofi', 'who has a note is found');

-- views
select is(pg_temp.tried('olga', $$select v.view > 0 from registration.view_put(1, null, 'Mine', '{"state": "confirmed"}', 'name', false) v$$), 'true', 'a view is saved');
select is(pg_temp.tried('olga', $$select v.view from registration.view_put(1, null, 'Mine', '{}', 'name', false) v$$) ~ '^23505', true, 'under a name once');
select is(pg_temp.tried('olga', $$select v.view from registration.view_put(1, null, 'Wrong', '{"x": 1}', 'name', false) v$$), 'P0001 registration.filter_unknown x', 'not with a filter that is none');
select is(pg_temp.tried('ada', 'select count(*) from data.saved_view'), '0', 'it is hers alone');
select is(pg_temp.tried('ada', format($$select v.view from registration.view_put(1, %s, 'Taken', null, null, true) v$$, (select max(id) from data.saved_view))), 'P0002 registration.no_view', 'nobody else changes it');
select is(pg_temp.tried('ada', format('select v.view from registration.view_drop(1, %s) v', (select max(id) from data.saved_view))), 'P0002 registration.no_view', 'or removes it');
select is(pg_temp.tried('olga', format($$select v.view > 0 from registration.view_put(1, %s, 'Ours', null, null, true) v$$, (select max(id) from data.saved_view))), 'true', 'she shares it');
select is(pg_temp.tried('ada', 'select name || filter || sort from data.saved_view'), 'Ours{"state": "confirmed"}name', 'then others see it, as it was');
select is(pg_temp.tried('oscar', 'select count(*) from data.saved_view'), '0', 'but no other event''s organizers');
select is(pg_temp.tried('olga', $$select count(*) from generate_series(1, 60) g, registration.view_put(1, null, 'V' || g, '{}', 'name', false) v$$), 'P0001 registration.views_most name', 'fifty are enough');

-- many at once
select is(pg_temp.many('cancel', '{"country": ["GH", "EG", "NP"]}'), '1 cancelled, 1 registration.already_in, 1 registration.unchanged', 'what would become of each, one by one');
select is(pg_temp.states('kofi sara'), 'kofi confirmed, sara waitlisted', 'by a rehearsal nothing does');
select is(pg_temp.many('cancel', '{"country": "GH"}', 2), 'P0003 registration.list_changed', 'whoever expects others has seen another list');
select is(pg_temp.many('cancel', '{"country": "GH"}', 1), '1 cancelled', 'then it is done');
select is(pg_temp.states('kofi sara'), 'kofi cancelled, sara confirmed', 'and the seat goes on');
select is(pg_temp.many('cancel', '{"country": "FR"}', 0), 'P0001 registration.nobody_chosen whom', 'nobody is not many');
select is(pg_temp.many('promote', '{}'), 'P0001 web.not_choice act', 'there is no such act');
select is(pg_temp.many('note', '{"state": "confirmed"}', 6, ' '), 'P0001 web.required note', 'a note needs words');
select is(pg_temp.many('note', '{"state": "confirmed"}', 6, 'Seen'), '6 confirmed', 'and is given to all');
select is(pg_temp.many('confirm', '{"state": "confirmed"}'), '6 registration.not_waiting', 'who does not wait is not let past others');
select is(pg_temp.many('confirm', '{"state": "confirmed"}', 6, ' '), 'P0001 web.required reason', 'nor is anybody without a reason');
select is(pg_temp.wrong(:'verify'), '', 'all is well');

-- whom organizers add
select pg_temp.rule('{"seats": 7}') \g /dev/null
select is(pg_temp.check('uma vera sara', 'line'), '1 confirmed, 2 waitlisted 1, 3 registration.already_there email', 'what would become of each line');
select is((select count(*) from data.person where name in ('uma', 'vera')), 0::bigint, 'and nothing has');
select is(pg_temp.check('uma vera sara', 'line', 3), 'P0003 registration.list_changed', 'whoever expects more has seen another list');
select is(pg_temp.check('uma vera sara', 'line', 2), '1 confirmed, 2 waitlisted 1, 3 registration.already_there email', 'then it stands as it was seen');
select is(pg_temp.check('uma', 'line', 1, 'oscar'), '42501 account.denied', 'nobody looks into another''s list');
select is(pg_temp.put('uma vera sara', 'line'), '1 confirmed, 2 waitlisted 1, 3 registration.already_there email', 'then they are added');
select is(pg_temp.put('uma vera sara', 'line'), '1 registration.already_there email, 2 registration.already_there email, 3 registration.already_there email', 'the same table again names each line');
select is(pg_temp.states('uma vera sara'), 'uma confirmed, vera waitlisted, sara confirmed', 'and changes nothing');
select is((select count(*) from data.registration r join data.person p on p.id = r.person_id where p.name in ('uma', 'vera')), 2::bigint, 'nobody is there twice');
select is(pg_temp.check('walt vera', 'offer'), '1 waitlisted 2, 2 registration.already_there email', 'an offer needs a seat, too');
select is(pg_temp.put('walt', 'now'), 'P0001 registration.no_seat seat', 'no seat is given that there is not');
select is(pg_temp.wrong(:'verify'), '', 'all is well');
select * from finish();
rollback;
