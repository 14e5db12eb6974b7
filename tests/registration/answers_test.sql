-- What an event asks, and what people answer.
begin;
\ir ../support/house.sql
select plan(113);

create function pg_temp.version(p_question bigint)
returns integer
language sql security definer
as $$ select q.version from data.question q where q.id = p_question $$;

-- A question by its key, made or changed by somebody; its number or the refusal.
create function pg_temp.put(p_token text, p_definition jsonb,
    p_question bigint default null)
returns text
language sql
as $$
select pg_temp.tried(p_token, format(
    'select p.question from registration.question_put(1, %L, %L, %L) p',
    p_question, p_definition, pg_temp.version(p_question)))
$$;
create function pg_temp.words(p text)
returns jsonb
language sql
as $$ select jsonb_build_object('en', p) $$;
create function pg_temp.id(p_label text)
returns bigint
language sql
as $$
select q.id from data.question q
where q.event_id = 1 and q.label->>'en' = p_label
$$;
create function pg_temp.define(p jsonb, p_token text default 'olga')
returns text
language sql
as $$
select pg_temp.tried(p_token, format(
    'select d.questions from registration.form_define(1, %L) d', p))
$$;
-- What is wrong with answers, by label and fault.
create function pg_temp.faults(p_answers jsonb,
    p_audience text[] default '{all,client}')
returns text
language sql
as $$
select string_agg(trim(concat_ws(' ', q.label->>'en', c.fault, c.detail)), ', '
    order by q.position)
from registration.check_answers(1, p_answers, p_audience) c
join data.question q on q.id = c.question
$$;
create function pg_temp.answers(variadic p text[])
returns jsonb
language sql
as $$
select coalesce(jsonb_object_agg(pg_temp.id(split_part(a, '=', 1))::text,
    substr(a, position('=' in a) + 1)), '{}')
from unnest(p) a
$$;

-- --- the organizer's form ---
select is(pg_temp.put('pia', '{"kind": "short", "label": {"en": "A"}}'),
    '42501 account.denied', 'a participant makes no questions');
select is(pg_temp.put('dan', '{"kind": "short", "label": {"en": "A"}}'),
    '42501 account.denied', 'nor does door staff');
select is(pg_temp.put('oscar', '{"kind": "short", "label": {"en": "A"}}'),
    '42501 account.denied', 'nor an organizer of something else');
select ok(pg_temp.put('olga', '{"kind": "short", "label": {"en": "Role", "ar": "الدور"},
    "required": true}') ~ '^\d+$', 'an organizer does');
select is((select p.form_revision from data.pool p where p.event_id = 1), 1,
    'and the form is another');
select is(pg_temp.put('olga', '{"kind": "essay", "label": {"en": "A"}}'),
    'P0001 registration.kind_unknown kind', 'a kind that there is not is refused');
select is(pg_temp.put('olga', '{"kind": "short", "label": {"fr": "A"}}'),
    'P0001 web.required label_en', 'the event''s own language has to be there');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'short', 'label',
    jsonb_build_object('en', repeat('a', 1000000)))),
    'P0001 web.too_long label_en', 'a label of a megabyte is refused');
select is(pg_temp.put('olga', '{"kind": "short", "label": {"en": "A", "xx": "B"}}'),
    'P0001 registration.language_unknown label', 'and one in no language of ours');
select is(pg_temp.put('olga', '{"kind": "choice", "label": {"en": "A"}}'),
    'P0001 web.required options', 'a choice has options');
select is(pg_temp.put('olga', '{"kind": "choice", "label": {"en": "A"}, "options":
    [{"value": "a", "label": {"en": "A"}}, {"value": "a", "label": {"en": "B"}}]}'),
    'P0001 registration.option_value options', 'each with a value of its own');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'choice', 'label',
    '{"en": "A"}'::jsonb, 'options', (select jsonb_agg(
    jsonb_build_object('label', jsonb_build_object('en', n))) from generate_series(1, 201) n))),
    'P0001 registration.too_many_options options', 'and not more than 200');
select is(pg_temp.put('olga', '{"kind": "short", "label": {"en": "A"}, "most": 501}'),
    'P0001 web.too_large most', 'a short text stays short');
select is(pg_temp.put('olga', '{"kind": "short", "label": {"en": "A"}, "least": 9, "most": 8}'),
    'P0001 web.too_small most', 'most is not less than least');

select isnt(pg_temp.put('olga', '{"kind": "choice", "label": {"en": "Travel"}, "required": true,
    "options": [{"value": "bus", "label": {"en": "By bus"}}, {"label": {"en": "By plane"}}]}'),
    '', 'a choice is made');
select is((select q.accepts from data.question q where q.id = pg_temp.id('Travel')),
    '{bus,o1}', 'options without a value get one');
select ok(pg_temp.put('olga', jsonb_build_object('kind', 'short', 'label', '{"en": "Flight"}'::jsonb,
    'required', true, 'depends', (select q.key from data.question q where q.id = pg_temp.id('Travel')),
    'values', '["by PLANE"]'::jsonb)) ~ '^\d+$', 'a condition is told by the words of an option');
select is((select q.depends_values from data.question q where q.id = pg_temp.id('Flight')),
    '{o1}', 'and kept by its value');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'short', 'label', '{"en": "X"}'::jsonb,
    'depends', (select q.key from data.question q where q.id = pg_temp.id('Travel')),
    'values', '["by boat"]'::jsonb)), 'P0001 registration.value_unknown values',
    'not by what is no option');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'short', 'label', '{"en": "X"}'::jsonb,
    'depends', (select q.key from data.question q where q.id = pg_temp.id('Role')),
    'values', '["a"]'::jsonb)), 'P0001 registration.depends_unfit depends',
    'nor on a text');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'choice', 'label', '{"en": "Travel"}'::jsonb,
    'options', '[{"value": "bus", "label": {"en": "By bus"}}, {"value": "o1", "label": {"en": "By plane"}}]'::jsonb,
    'depends', (select q.key from data.question q where q.id = pg_temp.id('Travel')),
    'values', '["bus"]'::jsonb), pg_temp.id('Travel')),
    'P0001 registration.condition_cycle depends', 'nor on itself');

-- --- one document ---
select is(pg_temp.define('[
    {"key": "a", "kind": "choice", "label": {"en": "a"}, "depends": "b", "values": ["x"],
     "options": [{"value": "x", "label": {"en": "x"}}]},
    {"key": "b", "kind": "choice", "label": {"en": "b"}, "depends": "a", "values": ["x"],
     "options": [{"value": "x", "label": {"en": "x"}}]}]'),
    'P0001 registration.condition_cycle questions.1.depends', 'a circle is named by its place');
select is(pg_temp.define((select jsonb_agg(jsonb_build_object('key', 'k' || n, 'kind', 'short',
    'label', jsonb_build_object('en', n))) from generate_series(1, 10000) n)),
    'P0001 registration.too_many_questions questions.101', 'ten thousand questions are refused');
select is(pg_temp.define('[{"key": "a", "kind": "short", "label": {"en": "a"}},
    {"key": "b", "kind": "essay", "label": {"en": "b"}}]'),
    'P0001 registration.kind_unknown questions.2.kind', 'an unknown kind is named by its place');
select is(pg_temp.define('[{"key": "a", "kind": "short", "label": {"en": "a"}},
    {"key": "a", "kind": "short", "label": {"en": "b"}}]'),
    'P0001 registration.key_twice questions.2.key', 'so is a key that is there twice');
select is(pg_temp.define('{"key": "a"}'), 'P0001 registration.not_list questions',
    'what is no list is none');
select is(pg_temp.define('[7, "x", null]'), 'P0001 registration.not_words questions.1.kind',
    'and what is no question');
select is(pg_temp.define('[]', 'pia'), '42501 account.denied', 'nobody else defines');
select is((select count(*)::integer from data.question q where q.event_id = 1), 3,
    'nothing of what was refused is there');
select is(pg_temp.define('[
    {"key": "food", "kind": "dietary", "label": {"en": "Food"}},
    {"key": "agree", "kind": "consent", "label": {"en": "Photos", "fr": "Photos ?"}, "required": true},
    {"key": "who", "kind": "short", "label": {"en": "Badge"}, "audience": "staff", "required": true},
    {"key": "age", "kind": "number", "label": {"en": "Age"}, "least": 16, "most": 120},
    {"key": "born", "kind": "date", "label": {"en": "Born"}},
    {"key": "days", "kind": "choices", "label": {"en": "Days"}, "least": 1, "most": 2,
     "options": [{"value": "mo", "label": {"en": "Monday"}}, {"value": "tu", "label": {"en": "Tuesday"}},
     {"value": "we", "label": {"en": "Wednesday"}}]},
    {"key": "paper", "kind": "file", "label": {"en": "Paper"}, "required": true}]'), '7',
    'a document adds seven');
select is((select string_agg(q.key, ' ' order by q.position) from data.question q
    where q.event_id = 1 and q.position <= 7), 'food agree who age born days paper',
    'in its order');
select is(pg_temp.define((select registration.form_definition(1))), '10',
    'what is exported can be read again');
select ok((select q.sensitive from data.question q where q.key = 'food'),
    'needs are sensitive without being told');

-- --- answers ---
select is(pg_temp.faults('{}'), 'Photos registration.consent_needed, Role web.required, Travel web.required',
    'what is required is asked for; a file is brought later, what does not apply is not asked');
select is(pg_temp.faults('{}', '{all,staff}'),
    'Photos registration.consent_needed, Badge web.required, Role web.required, Travel web.required',
    'of staff their own question, too');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=o1')), 'Flight web.required',
    'what applies by an answer is required');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus')), null,
    'and what does not is not');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=boat')), 'Travel web.not_choice',
    'a value that is not offered is refused');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=' || repeat('ñ', 201), 'Travel=bus')),
    'Role web.too_long 200', 'a text has an end, in characters');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus', 'Age=fifteen')),
    'Age web.not_number', 'a number is one');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus', 'Age=15')),
    'Age web.too_small 16', 'within its limits');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus', 'Born=2025-02-29')),
    'Born web.not_day', 'a day exists');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus', 'Born=2024-02-29')), null,
    'also in a leap year');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus')
    || jsonb_build_object(pg_temp.id('Days')::text, '["mo", "tu", "we"]'::jsonb)),
    'Days registration.choose_fewer 2', 'so many choices and not more');
select is(pg_temp.faults(pg_temp.answers('Photos=true', 'Role=x', 'Travel=bus')
    || jsonb_build_object(pg_temp.id('Days')::text, '["mo", "mo"]'::jsonb)),
    'Days web.not_choice', 'each once');
select is(registration.all_offered(v::jsonb, '{1,2}'), e, v || ' is offered: ' || e)
from (values ('["1", "2"]', true), ('[1]', false), ('["1", 2]', false), ('[null]', false), ('[["1"]]', false)) t (v, e);
select is(pg_temp.faults('[1]'), 'Photos registration.consent_needed, Role web.required, Travel web.required',
    'what is no object answers nothing');

insert into data.registration (id, event_id, pool_id, person_id, state, arrival, key, manage_hash)
overriding system value
select 900 + n, 1, p.id, 4 + n, 'confirmed', n, gen_random_uuid(), sha256(('token' || n)::bytea)
from data.pool p, generate_series(1, 2) n where p.event_id = 1;
update data.pool set confirmed = 2, arrived = 2 where event_id = 1;
insert into data.registration_change (registration_id, became) values (901, 'confirmed'), (902, 'confirmed');
select lives_ok($$select registration.put_entries(1, jsonb_build_array(
    jsonb_build_object('n', 901, 'audience', '{all,client}'::text[], 'answers',
        pg_temp.answers('Photos=true', 'Role=Clerk', 'Travel=bus', 'Flight=LH1', 'Badge=x', 'Age= 42 ', 'Food=vegan')
        || jsonb_build_object('lang', 'fr', pg_temp.id('Food') || '-words', 'no nuts')),
    jsonb_build_object('n', 902, 'audience', '{all,client}'::text[], 'answers',
        pg_temp.answers('Photos=true', 'Role=Chief', 'Travel=o1', 'Flight=LH2'))))$$,
    'answers of several are kept at once');
select is((select string_agg(q.label->>'en' || ' ' || a.value::text, ', ' order by q.position)
    from data.answer a join data.question q on q.id = a.question_id where a.registration_id = 901),
    'Food {"words": "no nuts", "chosen": ["vegan"]}, Photos true, Age 42, Role "Clerk", Travel "bus"',
    'each in its shape; what does not apply is ignored');
select is((select string_agg(c.wording || ' ' || c.language || ' ' || c.given, ',') from data.consent c
    where c.registration_id = 901), 'Photos ? fr true', 'a consent is kept with its words and their language');

-- --- what is answered stays ---
select is(pg_temp.tried('olga', format('select p.question from registration.question_put(1, %s, %L, %s) p',
    pg_temp.id('Role'), '{"kind": "short", "label": {"en": "Rank"}}', pg_temp.version(pg_temp.id('Role')) - 1)),
    'P0003 registration.overtaken', 'who saw an older question does not change it');
select is(pg_temp.put('olga', '{"kind": "long", "label": {"en": "Role"}}', pg_temp.id('Role')),
    'P0001 registration.kind_fixed kind', 'an answered question keeps its kind');
select is(pg_temp.put('olga', jsonb_build_object('kind', 'choice', 'label', '{"en": "Travel"}'::jsonb,
    'required', true, 'options', '[{"value": "o1", "label": {"en": "By air"}}]'::jsonb),
    pg_temp.id('Travel')), pg_temp.id('Travel')::text, 'options may change');
select is((select q.accepts from data.question q where q.id = pg_temp.id('Travel')), '{o1}',
    'one is offered no more');
select is((select q.options @> '[{"value": "bus", "retired": true}]' from data.question q
    where q.id = pg_temp.id('Travel')), true, 'but not forgotten');
select is((select s.label->>'en' || ' ' || (s.options->1->'label'->>'en') || ' ' || s.old
    from registration.answers_shown(902) s where s.kind = 'choice'), 'Travel By plane true',
    'an answer is read with the words that it answered');
select is(pg_temp.tried('olga', format('select r.event from registration.question_retire(%s) r',
    pg_temp.id('Travel'))), 'P0003 registration.question_needed', 'what others depend on stays');
select is(pg_temp.tried('olga', format('select r.event from registration.question_retire(%s) r',
    pg_temp.id('Born'))), '1', 'what nobody answered goes');
select is(pg_temp.id('Born'), null, 'for good');
select is(pg_temp.tried('olga', format('select r.event from registration.question_retire(%s) r',
    pg_temp.id('Age'))), '1', 'what was answered goes');
select isnt((select q.retired from data.question q where q.id = pg_temp.id('Age')), null, 'and stays');
select is(pg_temp.tried('olga', format('select r.event from registration.question_move(%s, -1) r',
    pg_temp.id('Photos'))), '1', 'a question moves up');
select is((select q.key from data.question q where q.event_id = 1 order by q.position limit 1), 'agree',
    'to the beginning');

-- --- who reads them ---
select is(pg_temp.tried('dan', 'select count(*) from registration.answers_of(901)'),
    'P0002 registration.missing', 'door staff read no answers');
select is(pg_temp.tried('ivy', 'select count(*) from registration.answers_of(901)'),
    'P0002 registration.missing', 'nor do others');
select is(pg_temp.tried('pia', 'select count(*) from registration.answers_of(901)'), '5', 'one''s own');
select is((select count(*)::integer from data.look), 0, 'without a note');
select is(pg_temp.tried('olga', 'select count(*) from registration.answers_of(901)'), '5',
    'organizers read them');
select is((select l.actor || ' ' || l.person_id from data.look l), '2 5', 'which is noted');
select is(pg_temp.tried('olga', 'select count(*) from data.answer a where a.registration_id = 901'), '4',
    'past the verb only what is not sensitive');
select is(pg_temp.tried('pia', 'select count(*) from data.answer'), '0', 'and nothing by others');

-- --- edited ---
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 1, %L) e',
    pg_temp.answers('Photos=true', 'Role=Director', 'Travel=bus'))), 'confirmed',
    'one''s own answers are changed; a value that is offered no more may stay');
select is((select string_agg(a.value::text, ' ' order by q.position) from data.answer a
    join data.question q on q.id = a.question_id where a.registration_id = 901 and q.retired is null),
    'true "Director" "bus"', 'what was left out is not answered any more');
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 1, %L) e',
    pg_temp.answers('Photos=true', 'Role=Deputy', 'Travel=bus'))), 'P0003 registration.changed_meanwhile',
    'who was overtaken is told');
select is(pg_temp.tried('olga', format('select e.state from registration.edit_answers(901, 2, %L) e',
    pg_temp.answers('Photos=true', 'Role=Deputy', 'Travel=bus'))), 'P0002 registration.missing',
    'nobody else says it in their place');
select is(pg_temp.tried('oscar', format('select o.event from registration.organize_answers(901, 2, %L) o',
    pg_temp.answers('Role=Deputy', 'Travel=bus'))), 'P0002 registration.missing', 'nor do organizers of something else');
select is(pg_temp.tried('dan', format('select o.event from registration.organize_answers(901, 2, %L) o',
    pg_temp.answers('Role=Deputy', 'Travel=bus'))), 'P0002 registration.missing', 'nor door staff');
select is(pg_temp.tried('pia', format('select o.event from registration.organize_answers(901, 2, %L) o',
    pg_temp.answers('Role=Deputy', 'Travel=bus'))), '42501 account.denied', 'nor the person as an organizer');
select is(pg_temp.tried('olga', format('select o.event from registration.organize_answers(901, 2, %L) o',
    pg_temp.answers('Role=', 'Travel=bus'))), 'P0001 web.required q' || pg_temp.id('Role'),
    'an organizer leaves nothing out that is required');
create temp table agreed as select a.* from data.answer a where a.registration_id = 901
    and a.question_id = pg_temp.id('Photos');
select is(pg_temp.tried('olga', format('select o.event from registration.organize_answers(901, 2, %L) o',
    pg_temp.answers('Role=Deputy', 'Travel=bus'))), '1', 'an organizer may change answers, as such');
select is((select a.value #>> '{}' from data.answer a where a.registration_id = 901
    and a.question_id = pg_temp.id('Role')), 'Deputy', 'which are others now');
select is((select count(*)::integer from data.answer a join agreed g using (registration_id, question_id, value, at)),
    1, 'but not what the person agreed to');
select is((select c.actor from data.registration_change c where c.registration_id = 901 order by c.id desc limit 1),
    2::bigint, 'history says who it was');
update data.question set sensitive = true where id = pg_temp.id('Role');
select is(pg_temp.tried('olga', 'select f.questions @> ''[{"kind": "consent"}]'' from registration.edit_form_organized(901, null) f'),
    'false', 'the organizer''s form asks for no consent');
select is((select count(*)::integer from data.look), 2, 'and that it was looked at is noted');
select is((select string_agg(concat_ws('>', c.was, c.became, c.why), ' ' order by c.id)
    from data.registration_change c where c.registration_id = 901 and c.why = 'edited'),
    'confirmed>confirmed>edited confirmed>confirmed>edited', 'history has it');
select is((select count(*)::integer from data.notice n where n.registration_id = 901
    and n.kind = 'registration.edited'), 2, 'and each is told by a mail');
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 3, %L) e',
    pg_temp.answers('Photos=true', 'Role=Deputy', 'Travel=bus'))), 'confirmed', 'nothing new');
select is((select r.version from data.registration r where r.id = 901), 3, 'is no change');
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 3, %L) e',
    pg_temp.answers('Role=Deputy', 'Travel=bus'))),
    'P0001 registration.consent_needed q' || pg_temp.id('Photos'), 'a consent that is needed cannot be left out');
select is(pg_temp.tried('ivy', 'select e.state from registration.edit_answers(901, 3, null) e'),
    'P0002 registration.missing', 'others change nothing');
update data.pool set approval = 'organizer', reapprove = true where event_id = 1;
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 3, %L) e',
    pg_temp.answers('Photos=true', 'Role=Director', 'Travel=bus'))), 'requested',
    'where the organizer wants it, an edit is approved anew');
select is((select r.kept || ' ' || p.kept || ' ' || p.confirmed from data.registration r
    join data.pool p on p.id = r.pool_id where r.id = 901), 'true 1 1', 'the seat kept meanwhile');
update data.pool set edit_until = now() - interval '1 minute' where event_id = 1;
select is(pg_temp.tried('pia', format('select e.state from registration.edit_answers(901, 4, %L) e',
    pg_temp.answers('Photos=true', 'Role=Clerk', 'Travel=bus'))), 'P0004 registration.edit_over',
    'after the deadline nothing is changed');
select is((select jsonb_path_query_array(registration.owed(r), '$.en')::text from data.registration r
    where r.id = 901), '["Paper"]', 'a file that is required is owed');
select is((select jsonb_path_query_array(registration.owed(jsonb_populate_record(r, '{"id": 0}')), '$.en')::text
    from data.registration r where r.id = 901), '["Photos", "Paper", "Role", "Travel"]',
    'and of whom others registered, everything');

-- --- what was agreed to is taken back by whoever agreed ---
select c.id as consent from data.consent c where c.registration_id = 901 and c.given order by c.id limit 1 \gset
create function pg_temp.agreed()
returns bigint
language sql
as $$
select count(*) from data.answer a
where a.registration_id = 901 and a.question_id = pg_temp.id('Photos')
$$;
update data.registration set person_id = 4 where id = 901;
select is(pg_temp.tried('pia', 'select account.consent_withdraw(' || :'consent' || ')'), '5', 'who handed a seat on takes back what they agreed to');
select is(pg_temp.agreed(), 1::bigint, 'not what the next agreed to');
update data.registration set person_id = 5 where id = 901;
select pg_temp.tried('pia', 'select account.consent_withdraw(' || :'consent' || ')') \g /dev/null
select is(pg_temp.agreed(), 0::bigint, 'one''s own answer goes with it');

-- --- files ---
update data.pool set edit_until = null where event_id = 1;
create function pg_temp.bring(p_token text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select f.file from
    registration.file_begin_own(901, %s, ''a.pdf'', 3) f', pg_temp.id('Paper')))
$$;
create function pg_temp.kept(p_token text, p_file text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select registration.file_keep_own(901, %s, sha256(''a''), ''application/pdf'')', p_file))
$$;
create function pg_temp.edits()
returns text
language sql
as $$
select concat_ws(' ', r.state, r.version, (
    select count(*) from data.registration_change c where c.registration_id = r.id and c.why = 'edited'))
from data.registration r where r.id = 901
$$;
select registration.approve(901, null) \g /dev/null
select pg_temp.edits() as before
\gset
select is(pg_temp.bring('olga'), 'P0002 registration.missing', 'an organizer brings no file for others');
select pg_temp.bring('pia') as file
\gset
select is(pg_temp.kept('olga', :'file'), 'P0002 registration.missing', 'or keeps one');
select is(pg_temp.kept('pia', :'file') || pg_temp.edits(), :'before', 'the first file answers what was asked');
select pg_temp.bring('pia') as file
\gset
update data.pool set edit_until = now() - interval '1 minute' where event_id = 1;
select is(pg_temp.kept('pia', :'file'), 'P0004 registration.edit_over', 'one that comes too late does not count');
update data.pool set edit_until = null where event_id = 1;
select throws_ok(format($$select registration.file_keep(jsonb_populate_record(r, '{"person_id": 6}'), %s,
    sha256('b'), 'text/plain') from data.registration r where r.id = 901$$, :'file'), 'P0002', 'account.missing',
    'nor does one of whom the seat was before');
select is(pg_temp.kept('pia', :'file'), '', 'another in its place');
select is(pg_temp.edits(), 'requested 5 6', 'is an edit, and approved anew');

-- --- seats by an answer ---
create function pg_temp.seats_by(p_question bigint)
returns text
language sql
as $$
select pg_temp.tried('olga', format('select b.promoted from registration.bucket_put(null, 1,
    ''Clerks'', ''answer'', %s, ''{Clerk}'', false, 1, null) b', p_question))
$$;
update data.pool set seats = 9 where event_id = 1;
select is(pg_temp.seats_by(pg_temp.id('Role')), 'P0001 registration.question_sensitive question',
    'no seats are set aside by a sensitive answer');
update data.question set sensitive = false where id = pg_temp.id('Role');
select is(pg_temp.seats_by(pg_temp.id('Role')), '0', 'but by another');
select is(pg_temp.put('olga', (select jsonb_build_object('kind', q.kind, 'label', q.label, 'options', q.options,
    'sensitive', true) from data.question q where q.id = pg_temp.id('Role')), pg_temp.id('Role')),
    'P0001 registration.question_has_seats sensitive', 'which does not become sensitive while they are');
select * from finish();
rollback;
