-- name: account_enter
select * from account.enter(:token::bytea, :need::text, :scope::text, :scope_id::bigint);

-- name: account_throttle
select account.throttle(:bucket::text, :key::text);

-- name: account_signin_ask
-- The same row for every address.
select account.signin_ask(:email::text, :code::text, :link::text,
    :browser_hash::bytea, :goes_to::text);

-- name: account_signin_use
-- outcome: in, wrong, spent, elsewhere.
select outcome, person_id, name, goes_to
from account.signin_use(:code_hash::bytea, :link_hash::bytea,
    :browser_hash::bytea, :token_hash::bytea);

-- name: account_signin_link
select account.signin_link(:email::text, :link_hash::bytea, :goes_to::text) as person_id;

-- name: account_logout
select account.logout();

-- name: account_logout_everywhere
select account.logout_everywhere() as logins;

-- name: account_me
-- My own page.
select p.id, p.email, p.name, p.language, p.country, p.zone, p.organisation,
    p.staff, schedule.at(p.created, coalesce(p.zone, 'UTC')) as created
from data.person p
where p.id = account.actor();

-- name: account_my_roles
select r.kind, r.scope, r.scope_id, coalesce(e.title, p.title, '') as title
from data.role r
left join data.event e on r.scope = 'event' and e.id = r.scope_id
left join data.program p on r.scope = 'program' and p.id = r.scope_id
where r.person_id = account.actor()
order by r.scope, title, r.kind;

-- name: account_profile_save
select account.profile_save(:name::text, :language::text, :country::text,
    :zone::text, :organisation::text) as person;

-- name: account_roles
-- Who may do what at an event: of itself, of its program, of the system (for
-- administrators alone).
select r.person_id, p.name, p.email, r.kind, r.scope, r.scope_id,
    schedule.at(r.granted, e.zone) as granted,
    r.scope = 'event' or account.is_admin()
    or r.scope = 'program' and r.scope_id = any (account.my_programs('organizer')) as may_revoke
from data.event e
join data.role r on r.scope = 'event' and r.scope_id = e.id
    or r.scope = 'program' and r.scope_id = e.program_id
    or r.scope = 'system'
join data.person p on p.id = r.person_id
where e.id = :event::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[])
order by r.scope desc, r.kind, p.name;

-- name: account_program_roles
select r.person_id, p.name, p.email, r.kind, r.scope, r.scope_id,
    schedule.at(r.granted, 'UTC') as granted, true as may_revoke
from data.role r
join data.person p on p.id = r.person_id
where r.scope = 'program' and r.scope_id = :program::bigint
and r.scope_id = any ((select account.my_programs('organizer'))::bigint[])
order by r.kind, p.name;

-- name: account_role_grant
select account.role_grant(:email::text, :name::text, :kind::text, :scope::text,
    coalesce(:scope_id::bigint, 0)) as person;

-- name: account_role_revoke
select account.role_revoke(:person::bigint, :kind::text, :scope::text,
    coalesce(:scope_id::bigint, 0));

-- name: account_devices
select d.id, d.name, schedule.at(d.enrolled, e.zone) as enrolled,
    schedule.at(d.expires, e.zone) as expires,
    schedule.at(d.revoked, e.zone) as revoked,
    schedule.at(d.last_seen, e.zone) as last_seen,
    d.revoked is null and d.expires > now() as is_live,
    (select count(*) from data.scan s where coalesce(s.device_id, 0) = d.id) as scans
from data.device d
join data.event e on e.id = d.event_id
where d.event_id = :event::bigint
and d.event_id = any ((select account.my_events('staff'))::bigint[])
order by is_live desc, d.enrolled desc
limit 200;

-- name: account_device_enrol_make
select schedule.at(account.device_enrol_make(:event::bigint, :name::text,
    :token_hash::bytea), e.zone) as expires
from data.event e
where e.id = :event::bigint;

-- name: account_device_enrol_use
select device, event, name
from account.device_enrol_use(:token_hash::bytea, :login_hash::bytea);

-- name: account_device_revoke
select account.device_revoke(:device::bigint) as event;

-- name: account_audit
-- For administrators, newest first; `after` is the last id of the page before.
select a.id, schedule.at(a.at, 'UTC') as at, a.actor, a.actor_name, a.device,
    a.act, a.object, a.object_id, a.details, a.chained,
    count(*) over () > 50 as more
from account.audit_list(:after::bigint, :act::text, 51) a
order by a.id desc
limit 50;

-- name: account_people
-- For administrators: by name or address.
select p.id, p.name, p.email, p.language, p.country, p.organisation, p.staff,
    p.disabled is not null as disabled,
    array(select r.kind::text from data.role r
        where r.person_id = p.id order by r.kind) as roles
from data.person p
where (select account.is_admin())
and (coalesce(:q::text, '') = '' or p.name ilike '%' || :q || '%'
    or p.email ilike '%' || :q || '%')
and p.id > coalesce(:after::bigint, 0)
order by p.id
limit 50;

-- name: account_person_set
select account.person_set(:person::bigint, :staff::boolean, :disabled::boolean) as person;

-- name: account_chain
select account.chain() as chained;

-- name: account_tidy
select account.tidy();

-- name: account_setting_save
select account.setting_save(:name::text, :value::text);

-- name: verify_account_chain
-- The first row of the audit that is not what was chained.
select a.id, a.act
from account.chain_broken() b
join data.audit a on a.id = b;

-- name: verify_account_login
-- A login of somebody who is disabled, or of a device that was revoked.
select coalesce(l.person_id, l.device_id) as id
from data.login l
left join data.person p on p.id = l.person_id
left join data.device d on d.id = l.device_id
where p.disabled is not null or d.revoked is not null;

-- name: verify_account_role
-- A role in a scope that is no more.
select r.person_id as id, r.kind, r.scope, r.scope_id
from data.role r
where not account.exists_in(r.scope::text, r.scope_id);

-- name: verify_account_admin
-- Nobody administers the system although somebody has a role.
select r.person_id as id
from data.role r
where not exists (
    select from data.role a
    join data.person p on p.id = a.person_id and p.disabled is null
    where a.kind = 'admin')
limit 1;

-- name: account_logins
-- Where I am signed in, the latest seen first.
select schedule.at(l.created, coalesce(p.zone, 'UTC')) as created,
    schedule.at(l.last_seen, coalesce(p.zone, 'UTC')) as last_seen, l.current
from account.my_logins() l
join data.person p on p.id = account.actor();

-- name: account_all_roles
-- For administrators: every role, with the name of what it is for.
select r.person_id, p.name, p.email, r.kind, r.scope, r.scope_id,
    coalesce(e.title, g.title, u.name) as scope_title,
    schedule.at(r.granted, 'UTC') as granted
from data.role r
join data.person p on p.id = r.person_id
left join data.event e on r.scope = 'event' and e.id = r.scope_id
left join data.program g on r.scope = 'program' and g.id = r.scope_id
left join data.unit u on r.scope = 'unit' and u.id = r.scope_id
where (select account.is_admin())
order by r.scope, scope_title, r.kind, p.name
limit 1000;

-- name: account_export_me
-- All that is held about me, room by room.
select account.export_me() as held;

-- name: account_erase_me
select account.erase_me(:email::text, :published::boolean);

-- name: account_erase
select account.erase(:email::text, :published::boolean) as person;

-- name: account_consent_withdraw
select account.consent_withdraw(:consent::bigint);

-- name: account_retention
-- How long an event keeps what its people said; and until when that is.
select e.retain_days, schedule.at(e.ends + make_interval(days => e.retain_days),
    e.zone) as until, e.zone, e.retained is not null as retained
from data.event e
where e.id = :event::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: account_retention_set
select account.retention_set(:event::bigint, :retain_days::integer);

-- name: account_retain
select account.retain() as deleted;

-- name: verify_account_erased
-- Somebody who was erased, and still has a name, a way in, or something said.
select p.id as person
from data.person p
where p.erased is not null
and (p.email <> 'erased-' || p.id || '@invalid' or p.disabled is null
    or p.feed_hash is not null
    or exists (select from data.login l where l.person_id = p.id)
    or exists (select from data.role r where r.person_id = p.id)
    or exists (
        select from data.registration r join data.answer a on a.registration_id = r.id
        where r.person_id = p.id));
