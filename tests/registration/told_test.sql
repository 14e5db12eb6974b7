-- What somebody is told of their own registration, and nobody else.
begin;
\ir ../support/house.sql
\ir ../support/seats.sql
select no_plan();

insert into data.unit (id, code, name) overriding system value values (1, 'water', 'Water');
insert into data.role (person_id, kind, scope, scope_id) values (5, 'coordinator', 'unit', 1);

create function pg_temp.told(p_name text)
returns text
language sql
as $$
select concat_ws(' ', t.line, t.expires is not null, t.note, t.is_held, t.kept, t.nominated, t.unit)
from registration.managed_told((
    select r.manage_hash from data.registration r where r.id = pg_temp.of(p_name))) t
$$;

select pg_temp.rule('{"seats": 3}') \g /dev/null
select is(pg_temp.bucket_put('East', 'country', '{KE}', 1, false, null), '0', 'a seat is set aside');
select is(pg_temp.come('a b', '{"country": "FR"}'), 'confirmed, confirmed', 'two come');
select is(pg_temp.come('c d e', '{"country": "FR"}'), 'waitlisted 1, waitlisted 2, waitlisted 3', 'three wait');
select is(pg_temp.come('k', '{"country": "KE"}'), 'confirmed', 'one has the seat set aside');
select is(pg_temp.come('l', '{"country": "KE"}'), 'waitlisted 1', 'the next waits for it');
select is(pg_temp.told('a'), 'f  f f f', 'who has a seat is told nothing more');
select is(pg_temp.told('l'), '1 f  f f f', 'who waits in a bucket is told how long that line is');
select is(pg_temp.told('d'), '4 f  f f f', 'who waits in everyone''s line, how long that is');

select is(pg_temp.tried(null, format('select t.line from registration.own_told(%s) t', pg_temp.of('d'))),
    '28000 account.sign_in', 'nobody is told of another''s');
select is(pg_temp.tried('ivy', format('select t.line from registration.own_told(%s) t', pg_temp.of('d'))),
    'P0002 registration.missing', 'nor is who has nothing to do with it');
select throws_ok($$select * from registration.managed_told(sha256('nonsense'))$$, 'P0002',
    'registration.missing', 'a token that is none tells nothing');

select is(pg_temp.tried('pia', $$select string_agg(v.state::text, ' ') from registration.nominate(1, 1,
    '[{"email": "n@example.org"}]') v$$), 'P0003 registration.no_allotment', 'without an allotment nobody is nominated');
select pg_temp.rule('{"seats": 20}') \g /dev/null
select unalike(pg_temp.bucket_put('Water''s', 'unit', '{1}', 1, true, null), 'P%', 'a seat for a unit');
select is(pg_temp.tried('pia', $$select string_agg(v.state::text, ' ' order by v.n) from registration.nominate(1, 1,
    '[{"email": "n@example.org", "name": "n", "key": "11111111-1111-4111-8111-111111111111", "manage_hash": "\\x1111111111111111111111111111111111111111111111111111111111111111"},
      {"email": "o@example.org", "name": "o", "key": "21111111-1111-4111-8111-111111111111", "manage_hash": "\\x2111111111111111111111111111111111111111111111111111111111111111"}]') v$$),
    'offered waitlisted', 'two are nominated for it');
select is(pg_temp.told('n'), 't  f f t Water', 'a nominee is told by whom, and until when');
select is(pg_temp.tried('oscar', format('select v.state from registration.nomination_withdraw(%s) v', pg_temp.of('n'))),
    'P0002 registration.missing', 'another''s nominee is nobody''s to take back');
select is(pg_temp.tried('pia', format('select v.state from registration.nomination_withdraw(%s) v', pg_temp.of('a'))),
    'P0002 registration.missing', 'and who was not nominated is no nominee');
select is(pg_temp.tried('pia', format('select v.state from registration.nomination_withdraw(%s) v', pg_temp.of('n'))),
    'cancelled', 'one''s own is');
select is(pg_temp.states('n o'), 'n cancelled, o offered', 'and the next in the allotment''s line has the seat');
select is(pg_temp.tried('pia', format('select v.state from registration.nomination_withdraw(%s) v', pg_temp.of('n'))),
    'cancelled', 'twice is once');

select * from finish();
rollback;
