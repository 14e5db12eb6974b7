-- Uploads, records that are for ever, and who may open what.
begin;
\ir ../support/house.sql
select plan(46);

create function pg_temp.publish(p_token text, p_access text, p_more text default '')
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select r.made from archive.publish(1,
    'Floods of the %s kind', 'How rivers rise', 'en', 'CC-BY-4.0', %L, null,
    E'Wang Li\n\n  Amina Said ', null, '99999', 'k4') r$q$, p_access, p_access))
$$;
-- Who sees the record, its material, its file's name, and may open it.
create function pg_temp.sees(p_token text)
returns text
language sql
as $$
select pg_temp.tried(p_token, $q$select concat_ws(' ',
    (select count(*) from data.record), (select count(*) from data.material),
    (select count(*) from data.search where kind = 'record'),
    (select string_agg(f.may_open::text, ',') from data.record r
        cross join archive.files(r.id) f))$q$)
$$;

select is(archive.ark_check('13030/xf93gt2'), 'q', 'the check character is NOID''s');
select is((select count(*) from generate_series(1, 50) g
    where archive.mint('99999', 'k4') !~ '^99999/k4[0-9bcdfghjkmnpqrstvwxz]{9}$'),
    0::bigint, 'names have a shoulder, eight characters and a check');

-- uploading
select is(pg_temp.tried('pia', 'select u.material from archive.upload_start(1, ''a.pdf'', 10, ''slides'') u'),
    '42501 account.denied', 'a participant uploads nothing');
select is(pg_temp.tried('oscar', 'select u.material from archive.upload_start(1, ''a.pdf'', 10, ''slides'') u'),
    '42501 account.denied', 'nor another''s organizer');
select is(pg_temp.tried(null, 'select u.material from archive.upload_start(1, ''a.pdf'', 10, ''slides'') u'),
    '28000 account.sign_in', 'nor nobody');
select is(pg_temp.tried('olga', 'select u.material from archive.upload_start(999, ''a.pdf'', 10, ''slides'') u'),
    'P0002 archive.no_session', 'to no session');
select is(pg_temp.tried('olga', 'select u.material from archive.upload_start(1, ''a.pdf'', 0, ''slides'') u'),
    'P0001 archive.empty_file size', 'nor an empty file');
select is(pg_temp.tried('olga', 'select u.received from archive.upload_start(1, ''a.pdf'', 10, ''slides'') u'),
    '0', 'an upload begins');
create function pg_temp.material()
returns bigint
language sql
as $$
select max(m.id) from data.material m
$$;
select is(pg_temp.tried('olga', format('select u.received from archive.upload_progress(%s, 4) u',
    pg_temp.material())), '4', 'goes on');
select is(pg_temp.tried('olga', format('select u.received from archive.upload_progress(%s, 3) u',
    pg_temp.material())), '4', 'never back');
select is(pg_temp.tried('olga', format('select u.received from archive.upload_progress(%s, 11) u',
    pg_temp.material())), 'P0001 archive.too_long received', 'nor beyond its size');
select is(pg_temp.tried('oscar', format('select u.received from archive.upload_progress(%s, 5) u',
    pg_temp.material())), '42501 account.denied', 'by nobody else');
select is(pg_temp.tried('olga', 'select u.received from archive.upload_start(1, ''a.pdf'', 10, ''slides'') u'),
    '4', 'one that broke off is gone on with');
select is((select count(*) from data.material), 1::bigint, 'and is the same');
select is(pg_temp.tried('olga', format('select u.material from archive.upload_finish(%s, sha256(''x''), ''application/pdf'') u',
    pg_temp.material())), 'P0003 archive.incomplete', 'half of it is no file');
select is(pg_temp.publish('olga', 'public'), 'P0001 archive.nothing_to_publish materials',
    'and nothing to publish');
select is(pg_temp.tried('olga', format('select u.received from archive.upload_progress(%s, 10) u',
    pg_temp.material())), '10', 'all of it');
select is(pg_temp.tried('olga', format('select u.session from archive.upload_finish(%s, sha256(''x''), ''application/pdf'') u',
    pg_temp.material())), '1', 'is one');
select is(pg_temp.tried('olga', format('select u.session from archive.upload_finish(%s, sha256(''x''), ''application/pdf'') u',
    pg_temp.material())), '1', 'said twice, too');
select is(pg_temp.tried('olga', format('select u.session from archive.upload_finish(%s, sha256(''y''), ''application/pdf'') u',
    pg_temp.material())), 'P0003 archive.other_file', 'but not another');
select is(pg_temp.sees('pia'), '0 0 0', 'what is not published is not seen');

-- publishing
select is(pg_temp.publish('pia', 'public'), '42501 account.denied',
    'a participant publishes nothing');
select is(pg_temp.tried('olga', $$select r.made from archive.publish(1, 'T', '', 'en',
    ' ', 'public', null, '', null, '99999', 'k4') r$$), 'P0001 archive.no_licence licence',
    'no licence, no publishing');
select is(pg_temp.tried('olga', $$select r.made from archive.publish(1, 'T', '', 'en',
    'CC0-1.0', 'public', null, '', '{999}', '99999', 'k4') r$$),
    'P0001 archive.not_citable materials', 'nor materials of elsewhere');
select is(pg_temp.publish('olga', 'public'), 'true', 'a record is made');
create temporary table first as select r.ark, r.datestamp from data.record r;
select is((select string_agg(p.name, '|' order by p.position) from data.record_person p),
    'Wang Li|Amina Said', 'with its people');
select is((select r.held from data.record r), current_date + 30, 'of the session''s day');
select is(pg_temp.sees(null), '1 1 1 true', 'public: everybody');
select is(pg_temp.tried(null, $$select count(*) from data.search s
    where s.words @@ program.asked('en', 'amina flooding')$$), '1', 'is found by its words');
select is(pg_temp.publish('olga', 'internal'), 'false', 'it is changed');
select is((select r.ark from data.record r), (select f.ark from first f),
    'under the same name');
select is((select r.datestamp > f.datestamp from data.record r, first f), true,
    'which harvesters are told');
select is(pg_temp.sees(null), '0 0 0', 'internal: not for the world');
select is(pg_temp.sees('pia'), '0 0 0', 'nor for participants');
select is(pg_temp.sees('ivy'), '1 1 1 true', 'but for the house');
select is(pg_temp.sees('olga'), '1 1 1 true', 'and its organizer');
select is(pg_temp.publish('olga', 'participants'), 'false', 'changed again');
select is(pg_temp.sees(null), '1 0 1 false',
    'participants: the world sees the record, and opens nothing');
select is(pg_temp.tried('pia', $$select t.state from registration.take(1, null, null,
    'en', null, null, null, gen_random_uuid(), sha256('t')) t$$), 'confirmed', 'Pia registers');
select is(pg_temp.sees('pia'), '1 1 1 true', 'and opens it');

-- for ever
select throws_ok('update data.record set ark = ''99999/k4x''', '42501',
    'archive.ark_for_ever', 'a name does not change');
select throws_ok('delete from data.record', '42501', 'archive.ark_for_ever',
    'and does not go');
select is(pg_temp.tried('olga', format('select r.event from archive.withdraw_record(%s, '' '') r',
    (select r.id from data.record r))), 'P0001 archive.no_reason reason',
    'it is withdrawn for a reason');
select is(pg_temp.tried('olga', format('select r.event from archive.withdraw_record(%s, ''An error'') r',
    (select r.id from data.record r))), '1', 'withdrawn');
select is(pg_temp.sees('pia'), '1 0 0', 'what is left can be seen, and not opened');
select is(pg_temp.publish('olga', 'public'), 'P0004 archive.record_withdrawn',
    'it does not come back');

select * from finish();
rollback;
