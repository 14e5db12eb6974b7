-- name: registration_transfer_terms
select * from registration.transfer_terms(:registration::bigint,
    :manage::bytea);

-- name: registration_transfer
select * from registration.transfer(:registration::bigint, :email::text,
    :name::text, coalesce(:language::text, :lang::text), :key::uuid,
    :manage_next::bytea);

-- name: registration_transfer_by_token
select * from registration.transfer_by_token(:manage::bytea, :email::text,
    :name::text, coalesce(:language::text, :lang::text), :key::uuid,
    :manage_next::bytea);

-- name: registration_group_event
-- What a leader must know of an event before a group is registered.
select e.id, e.title, e.slug, e.zone, e.city, e.venue, e.mode, e.state,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    coalesce(p.party_most, 0) as most,
    p.party_policy is distinct from 'split' as together,
    coalesce(p.party_most, 0) > 0 and e.state = 'published'
        and now() < least(e.cutoff, e.ends)
        and coalesce(p.opens <= now(), true) as open
from data.event e
left join data.pool p on p.event_id = e.id
where e.id = :event::bigint and e.state <> 'draft';

-- name: registration_party_make
select * from registration.party_make(:event::bigint, :group_name::text,
    :key::uuid, :group::jsonb);

-- name: registration_party
select g.id, g.name, schedule.at(g.created, e.zone) as created,
    e.id as event_id, e.title, e.slug, e.zone, e.city, e.venue, e.mode, e.state,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    coalesce(p.party_most, 0) as most,
    e.state = 'published' and now() < least(e.cutoff, e.ends) as open
from data.party g
join data.event e on e.id = g.event_id
left join data.pool p on p.event_id = e.id
where g.id = :party::bigint and g.leader_id = account.actor();

-- name: registration_party_people
select * from registration.party_people(:party::bigint);

-- name: registration_party_add
select * from registration.party_add(:party::bigint, :group::jsonb);

-- name: registration_party_withdraw
select * from registration.party_withdraw(:party::bigint,
    :registration::bigint);

-- name: registration_codes
-- An event's codes, invitations among them (`invited`), the newest first.
select c.id, c.code, c.email, c.name, c.most, c.used, c.priority,
    c.waives_approval, schedule.at(c.expires, e.zone) as expires,
    b.name as bucket, schedule.at(c.created, e.zone) as created,
    c.revoked is not null as revoked, c.used > 0 as came
from data.access_code c
join data.event e on e.id = c.event_id
left join data.bucket b on b.id = c.bucket_id
where c.event_id = :event::bigint
and c.event_id = any ((select account.my_events('organizer'))::bigint[])
and (c.email is not null) = :invitations::boolean
order by c.id desc
limit 500;

-- name: registration_code_buckets
select b.id as value, b.name as label
from data.bucket b
join data.pool p on p.id = b.pool_id
where p.event_id = :event::bigint and b.released is null
order by b.position, b.id;

-- name: registration_codes_make
select * from registration.codes_make(:event::bigint, :purpose::text,
    :codes::integer, :uses::integer, :expires::timestamp, :bucket::bigint,
    :waives_approval::boolean, :priority::integer);

-- name: registration_invite
select * from registration.invite(:event::bigint, :invited::jsonb,
    :expires::timestamp, :bucket::bigint, :waives_approval::boolean,
    :priority::integer);

-- name: registration_code_revoke
select * from registration.code_revoke(:event::bigint, :access::bigint);

-- name: registration_my_groups
-- Groups that I lead, at events that are not over.
select g.id, g.name, e.title, e.zone, e.city,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day
from data.party g
join data.event e on e.id = g.event_id
where g.leader_id = account.actor() and e.ends > now()
order by e.starts
limit 100;

-- name: registration_my_invitations
select * from registration.my_invitations();

-- name: registration_file_named
select registration.file_named(decode(:sha256::text, 'hex')) as named;
