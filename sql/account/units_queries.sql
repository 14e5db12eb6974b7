-- name: account_units
-- For administrators: the parts of the organisation.
select u.id, u.code, u.name,
    (select count(*) from data.person p where p.unit_id = u.id) as people,
    array(
        select p.name from data.role r
        join data.person p on p.id = r.person_id
        where r.scope = 'unit' and r.scope_id = u.id and r.kind = 'coordinator'
        order by p.name) as coordinators
from data.unit u
where (select account.is_admin())
order by u.name
limit 1000;

-- name: account_unit
select u.id, u.id as unit, u.code, u.code as abbreviation, u.name
from data.unit u
where u.id = :unit::bigint and (select account.is_admin());

-- name: account_unit_people
-- Who belongs to a unit, by name; `after` is the last one shown.
select p.id, p.name, p.email, count(*) over () > 100 as more
from data.person p
where p.unit_id = :unit::bigint and (select account.is_admin())
and (:after::bigint is null or (p.name, p.id) > (
    select a.name, a.id from data.person a where a.id = :after))
order by p.name, p.id
limit 100;

-- name: account_unit_coordinators
select p.id, p.name, p.email
from data.role r
join data.person p on p.id = r.person_id
where r.scope = 'unit' and r.scope_id = :unit::bigint
and r.kind = 'coordinator' and (select account.is_admin())
order by p.name
limit 100;

-- name: account_unit_put
select account.unit_put(:unit::bigint, :abbreviation::text, :name::text) as unit;

-- name: account_unit_add
select case :part::text
    when 'coordinator' then account.role_grant(:email::text, :name::text,
        'coordinator', 'unit', :unit::bigint)
    else account.unit_member(:unit::bigint, :email::text, :name::text)
    end as person;

-- name: account_unit_leave
select account.unit_leave(:unit::bigint, :person::bigint) as person;

-- name: account_unit_coordinator_revoke
select account.role_revoke(:person::bigint, 'coordinator', 'unit',
    :unit::bigint);

-- name: account_places
-- Where a role can be given: events that are not over, soonest first.
select 'unit' as scope, u.id, u.name as title from data.unit u
where (select account.is_admin())
union all
select 'program', p.id, p.title from data.program p
where (select account.is_admin())
union all
(select 'event', e.id, e.title from data.event e
where (select account.is_admin()) and e.ends > now()
order by e.starts, e.id
limit 500);
