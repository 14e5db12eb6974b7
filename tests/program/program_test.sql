-- Programs: who changes them, what is refused, and what the search finds.
begin;
\ir ../support/house.sql
select no_plan();

-- saving
create function pg_temp.save(p_token text, p_program bigint, p_reach text,
    p_region text, p_title text, p_countries text default '')
returns text language sql as $$
select pg_temp.tried(p_token, format('select program.program_save(%L, %L, %L, %L,
    ''About it'', ''en'', array[1, 2, 99]::bigint[], %L)', p_program, p_reach,
    p_region, p_title, p_countries))
$$;
insert into data.theme (id, slug, name) overriding system value
values (1, 'rice', '{"en": "Rice", "fr": "Riz"}'), (2, 'fish', '{"en": "Fish"}');

select is(pg_temp.save('ada', null, 'regional', 'Nile', 'École d’été', 'EG, sd'), '100',
    'an administrator makes a program');
select is((select slug || ' ' || state from data.program where id = 100),
    'ecole-d-ete draft', 'as a draft with a name for its address');
select is((select array_agg(country order by country) from data.program_country
    where program_id = 100), '{EG,SD}', 'for the countries it names');
select is((select array_agg(theme_id order by theme_id) from data.program_theme
    where program_id = 100), '{1,2}', 'about the themes that there are');
select is(pg_temp.save('ada', null, 'global', '', 'École d’été'), '101', 'another');
select ok((select slug ~ '^ecole-d-ete-......$' from data.program where id = 101),
    'of that name gets another address');
select is(pg_temp.save('ada', null, 'global', '', '学习') ~ '^\d+$', true,
    'a title without a Latin letter is one too');
select is(pg_temp.save('olga', null, 'global', '', 'Mine'), '42501 account.denied',
    'an organizer of one program makes no other');
select is(pg_temp.save(null, null, 'global', '', 'Mine'), '28000 account.sign_in',
    'nor does nobody');
select is(pg_temp.save('olga', 1, 'global', '', 'Waters'), '1', 'an organizer changes theirs');
select is((select revision from data.event where id = 1), 2::bigint,
    'and its events'' pages are new');
select is(pg_temp.save('oscar', 1, 'global', '', 'Mine'), '42501 account.denied',
    'not another''s');
select is(pg_temp.save('ada', 999, 'global', '', 'None'), 'P0002 account.missing',
    'nor one that is not there');
select is(pg_temp.save('olga', 1, 'global', '', ' '), 'P0001 program.title_missing title',
    'a program has a title');
select is(pg_temp.save('olga', 1, 'regional', '', 'X'), 'P0001 program.region_missing region',
    'a regional one a region');
select is(pg_temp.save('olga', 1, 'global', '', 'X', 'Egypt'),
    'P0001 program.country_unknown countries', 'a country is two letters');

-- publishing and ending
select is(pg_temp.tried('oscar', 'select program.publish(100)'), '42501 account.denied',
    'a draft is not another''s to publish');
select is(pg_temp.tried('ada', 'select program.cancel(100)'), 'P0003 program.not_published',
    'a draft is not cancelled');
select is(pg_temp.tried('ada', 'select program.publish(100)'), '100', 'it is published');
select is(pg_temp.tried('ada', 'select program.publish(100)'), '100', 'twice is once');
select is(pg_temp.tried('ada', 'select program.delete(100)'), 'P0003 program.not_draft',
    'then it cannot be removed');
select is(pg_temp.tried('olga', 'select program.cancel(1)'), 'P0003 program.has_events',
    'what has events to come is not cancelled');
select is(pg_temp.tried('ada', 'select program.cancel(100)'), '100', 'what has none is');
select is(pg_temp.tried('ada', 'select program.delete(3)'), '', 'a draft is removed');
select is((select count(*) from data.search where kind = 'program' and id = 3), 0::bigint,
    'from the search too');
update data.program set state = 'draft' where id = 1;
select is(pg_temp.tried('olga', 'select program.delete(1)'), 'P0003 program.has_events',
    'one with events is not');
update data.program set state = 'published' where id = 1;

-- themes
select is(pg_temp.tried('ada', $$select program.theme_save('fish', '{"en": "Fisheries"}')$$),
    '2', 'an administrator renames a theme');
select is(pg_temp.tried('ada', $$select program.theme_save('x', '{"fr": "X"}')$$),
    'P0001 program.theme_name_missing name', 'which has an English name');
select is(pg_temp.tried('olga', $$select program.theme_save('x', '{"en": "X"}')$$),
    '42501 account.denied', 'an organizer does not');

-- searching
create function pg_temp.find(p_token text, p_lang text, p_text text)
returns text language sql as $$
select pg_temp.tried(p_token, format(
    'select string_agg(concat_ws('' '', kind, id), '', '' order by kind, id)
    from program.found(%L, %L, null, 1)', p_lang, p_text))
$$;
insert into data.session (id, event_id, title, abstract, starts, ends, day)
overriding system value
select v.id, 1, v.title, v.abstract, e.starts, e.ends, current_date
from data.event e, (values (10, 'Über die Flüsse', ''), (11, '学习型组织导论', ''),
    (12, 'Managing rivers well', 'Fishing for compliments'),
    (13, 'الري الحديث', ''), (14, 'Вода и почва', 'Управление водными ресурсами'),
    (15, 'नदी प्रबंधन', '')) v (id, title, abstract)
where e.id = 1;
select schedule.index_sessions(1);
select is(pg_temp.find(null, 'en', 'uber flusse'), 'session 10', 'accents do not matter');
select is(pg_temp.find(null, 'en', 'manage river'), 'session 12', 'nor do endings');
select is(pg_temp.find(null, 'en', 'fish'), 'session 12', 'in the abstract as well');
select is(pg_temp.find(null, 'zh', '学习'), 'session 11', 'Chinese has no spaces');
select is(pg_temp.find(null, 'zh', '习学'), null, 'but an order');
select is(pg_temp.find(null, 'ar', 'الري'), 'session 13', 'Arabic');
select is(pg_temp.find(null, 'ru', 'вода'), 'session 14', 'Russian');
select is(pg_temp.find(null, 'en', 'नदी'), 'session 15', 'Devanagari');
select is(pg_temp.find(null, 'en', 'floodz'), 'session 1',
    'a misspelt word finds a title like it');
select is(pg_temp.find(null, 'en', 'rivers -managing'), 'event 1',
    'what is not wanted is left out');
select is(pg_temp.find(null, 'en', 'lakes'), null, 'a draft is not found');
select is(pg_temp.find('olga', 'en', 'lakes'), 'event 2', 'but by its organizer');
select is(pg_temp.find('oscar', 'en', 'lakes'), null, 'and no other');
select is(pg_temp.find(null, 'en', 'compost'), null, 'what is internal is not found');
select is(pg_temp.find('ivy', 'en', 'compost'), 'event 3', 'but by who works here');
select is(pg_temp.find(null, 'en', '  '), null, 'nothing finds nothing');
select is(pg_temp.find(null, 'en', $$'"':*&|!()<->$$), null, 'signs do no harm');
select is(pg_temp.find(null, 'en', repeat('a ', 5000)), null, 'nor does length');

select * from finish();
rollback;
