-- Units, who belongs to them, and who coordinates them.
begin;
\ir ../support/house.sql
select no_plan();

select is(pg_temp.tried('olga', $$select account.unit_put(null, 'NBO', 'Nairobi')$$),
    '42501 account.denied', 'only an administrator makes a unit');
select is(pg_temp.tried(null, $$select account.unit_put(null, 'NBO', 'Nairobi')$$),
    '28000 account.sign_in', 'least of all nobody');
select unalike(pg_temp.tried('ada', $$select account.unit_put(null, ' nbo ', ' Nairobi ')$$),
    '% account.%', 'an administrator does');
select is((select concat_ws(' ', u.code, u.name) from data.unit u), 'NBO Nairobi',
    'its abbreviation is in capitals');
select is(pg_temp.tried('ada', $$select account.unit_put(null, 'Nbo', 'Other')$$),
    'P0001 account.unit_code_taken abbreviation', 'and of one unit alone');
select is(pg_temp.tried('ada', $$select account.unit_put(null, 'a b', 'Other')$$),
    'P0001 account.unit_code_malformed abbreviation', 'of letters and digits');
select is(pg_temp.tried('ada', $$select account.unit_put(null, 'CAI', ' ')$$),
    'P0001 account.name_missing name', 'a unit has a name');
select is(pg_temp.tried('ada', $$select account.unit_put(99, 'CAI', 'Cairo')$$),
    'P0002 account.missing', 'one that is not there is not renamed');
select id as unit from data.unit \gset
select is(pg_temp.tried('ada', format($$select account.unit_put(%s, 'NBO', 'Africa')$$, :unit)),
    :'unit', 'one that is keeps its abbreviation under another name');

select is(pg_temp.tried('olga', format($$select account.unit_member(%s, 'pia@example.org', '')$$,
    :unit)), '42501 account.denied', 'only an administrator says who belongs to it');
select is(pg_temp.tried('ada', format($$select account.unit_member(%s, 'pia@example.org', '')$$,
    :unit)), '5', 'then a person does');
select is((select unit_id from data.person where id = 5), :unit::bigint, 'of that unit');
select is(pg_temp.tried('ada', format($$select account.unit_member(%s, 'nonsense', '')$$, :unit)),
    'P0001 account.email_malformed email', 'a person has an address');
select is(pg_temp.tried('ada', $$select account.unit_member(99, 'pia@example.org', '')$$),
    'P0002 account.missing', 'and a unit is there');
select is(pg_temp.tried('ada', 'select account.unit_leave(99, 5)'),
    'P0002 account.missing', 'nobody leaves a unit that they are not in');
select is(pg_temp.tried('olga', format('select account.unit_leave(%s, 5)', :unit)),
    '42501 account.denied', 'or is sent away by who may not');
select is(pg_temp.tried('ada', format('select account.unit_leave(%s, 5)', :unit)), '5',
    'a person leaves');
select is((select unit_id from data.person where id = 5), null, 'and is of none');

select is(pg_temp.tried('pia', $$select coordinator
    from account.enter(sha256('pia'), 'anyone', '', null)$$), 'false', 'who coordinates nothing does not');
select is(pg_temp.tried('pia', 'select 1', 'coordinator'), '42501 account.denied',
    'and passes no coordinators'' door');
insert into data.role (person_id, kind, scope, scope_id) values (5, 'coordinator', 'unit', :unit);
select is(pg_temp.tried('pia', $$select coordinator
    from account.enter(sha256('pia'), 'anyone', '', null)$$), 'true', 'who does is told so');
select is(pg_temp.tried('pia', 'select 1', 'coordinator'), '1', 'and passes');

select * from finish();
rollback;
