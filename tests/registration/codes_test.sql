-- Codes that let people in, and invitations bound to an address.
begin;
\ir ../support/house.sql
select no_plan();

insert into data.pool (event_id, seats, code_only) values (1, 100, true)
on conflict (event_id) do update set seats = 100, code_only = true;

-- Arrives with a code: the state, or the fault and its field.
create function pg_temp.come(p_email text, p_code text)
returns text
language plpgsql
as $$
declare
	v_row record;
begin
	perform registration.lock(1);
	select a.* into v_row from registration.arrive(1, jsonb_build_array(
	    jsonb_build_object('n', 1, 'person_id', account.person_of(p_email, 'X'),
	    'key', gen_random_uuid(), 'manage_hash', sha256(p_email::bytea
	    || coalesce(p_code, '')::bytea), 'wants', 'confirm',
	    'code', p_code))) a;

	return coalesce(v_row.fault || ' ' || v_row.field, v_row.state::text);
end
$$;
create function pg_temp.make(p_token text, p_count integer, p_most integer,
    p_expires text default null)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select made from registration.codes_make(1,
    %L, %s, %s, %L::timestamp, null, false, 0)', 'Friends', p_count, p_most,
    p_expires))
$$;
create function pg_temp.code(p_n integer)
returns text
language sql
as $$
select c.code from data.access_code c order by c.id offset p_n - 1 limit 1
$$;

-- codes
select is(pg_temp.make('pia', 1, 1), '42501 account.denied', 'organizers alone make codes');
select is(pg_temp.make('olga', 3, 2), '3', 'as many as they like');
select is((select count(distinct c.code) from data.access_code c
    where length(c.code) = 10), 3::bigint, 'each its own');
select is(pg_temp.make('olga', 1, 1, '2020-01-01T10:00'),
    'P0001 registration.code_over expires', 'one that is over is none');
select is(pg_temp.tried('pia', 'select count(*) from data.access_code'), '0',
    'nobody reads them');
select is(pg_temp.come('a@example.org', null), 'registration.code_needed code',
    'without a code nobody comes in');
select is(pg_temp.come('a@example.org', 'GUESSED123'), 'registration.code_wrong code',
    'nor with a guess');
select is(pg_temp.come('a@example.org', pg_temp.code(1)), 'confirmed', 'with a code they do');
select is(pg_temp.come('b@example.org', pg_temp.code(1)), 'confirmed', 'as often as it says');
select is(pg_temp.come('c@example.org', pg_temp.code(1)), 'registration.code_wrong code',
    'and no oftener');
select is((select c.used from data.access_code c order by c.id limit 1), 2,
    'its uses are counted');
select registration.leave(r.id, 'withdrawn', 'registration.withdrawn')
from data.registration r join data.person p on p.id = r.person_id
where p.email = 'b@example.org'
\g /dev/null
select is(pg_temp.come('c@example.org', pg_temp.code(1)), 'confirmed',
    'who leaves gives their use back');
select is(pg_temp.tried('olga', format('select event from registration.code_revoke(1, %s)',
    (select c.id from data.access_code c where c.code = pg_temp.code(2)))), '1',
    'a code is revoked');
select is(pg_temp.come('d@example.org', pg_temp.code(2)), 'registration.code_wrong code',
    'and lets nobody in');
select is(pg_temp.tried('oscar', format('select event from registration.code_revoke(3, %s)',
    (select c.id from data.access_code c where c.code = pg_temp.code(3)))),
    'P0002 registration.missing', 'but not by another event''s organizer');
update data.access_code set expires = now() - interval '1 second'
where code = pg_temp.code(3);
select is(pg_temp.come('d@example.org', pg_temp.code(3)), 'registration.code_wrong code',
    'an old one says no more than a wrong one');

-- invitations
create function pg_temp.invite(p_token text, p_people text)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select invited from registration.invite(1, %L,
    null, null, true, -5)', p_people))
$$;
select is(pg_temp.invite('pia', '[]'), '42501 account.denied', 'organizers alone invite');
select is(pg_temp.invite('olga', '[{"n": 1, "email": "Pia@example.org", "name": "P"},
    {"n": 2, "email": "new@example.org", "name": "New", "language": "fr"}]'), '2',
    'known people and others');
select is((select string_agg(concat_ws(' ', n.email, n.language, n.person_id,
    n.details ->> 'code' is not null), ', ' order by n.id)
    from data.notice n where n.kind = 'registration.invited'),
    'pia@example.org en 5 t, new@example.org fr t', 'by a mail in their language');
select is((select count(*) from data.person p where p.email = 'new@example.org'),
    0::bigint, 'who is invited is not yet somebody here');
select is(pg_temp.tried('pia', 'select title from registration.my_invitations()'),
    'Rivers', 'Pia sees hers');
select is(pg_temp.tried('ivy', 'select count(*) from registration.my_invitations()'),
    '0', 'and nobody else''s');
select is(pg_temp.come('ivy@example.org', (select c.code from data.access_code c
    where c.email = 'pia@example.org')), 'registration.code_wrong code',
    'an invitation works for its address alone');
select is(pg_temp.come('pia@example.org', (select c.code from data.access_code c
    where c.email = 'pia@example.org')), 'confirmed', 'for which it does');
select is((select r.priority from data.registration r where r.person_id = 5), -5,
    'with its priority');
select is(pg_temp.tried('pia', 'select count(*) from registration.my_invitations()'),
    '0', 'then it is used');
select is(pg_temp.invite('olga', '[{"n": 1, "email": "new@example.org", "name": "N"},
    {"n": 2, "email": "pia@example.org", "name": "P"}]'), '1',
    'a second time reminds who has not come');
select is((select count(*) from data.access_code c where c.email is not null),
    2::bigint, 'of the same invitation');
select is(pg_temp.tried('pia', format('select count(*) from registration.my_invitations()')),
    '0', 'and of no other');

select * from finish();
rollback;
