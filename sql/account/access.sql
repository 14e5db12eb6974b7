-- Who asks, and what they may.  account.enter opens each transaction; the
-- others answer queries, policies and verbs from what it found.  They are
-- STABLE and take constants, so that a query asks them once: written as
-- (select account.my_events('organizer')), an InitPlan.

-- These three are asked many times in every verb.  Plain SQL and without
-- settings of their own, so that they become part of what asks: a call of
-- PL/pgSQL with a search path takes 7 microseconds, this none.

-- The person who entered; null when nobody did.
create function account.actor()
returns bigint
language sql stable
as $$
select nullif(pg_catalog.current_setting('convene.actor', true), '')::bigint
$$;

-- The door device that entered; null when none did.
create function account.device()
returns bigint
language sql stable
as $$
select nullif(pg_catalog.current_setting('convene.device', true), '')::bigint
$$;

-- The command line and the worker act for the house: nobody entered, and the
-- connection is not one that answers the public.
create function account.trusted()
returns boolean
language sql stable
as $$
select account.actor() is null and account.device() is null
    and coalesce(nullif(pg_catalog.current_setting('role'), 'none'), session_user)
    not in ('convene_web', 'convene_read')
$$;

-- The roles that suffice for a need: whoever organizes may also stand at the
-- door.
create function account.kinds(p_need text)
returns data.role_kind[]
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case
	    when p_need in ('scanner', 'staff')
	    then '{organizer,staff}'::data.role_kind[]
	    when p_need = 'organizer' then '{organizer}'::data.role_kind[]
	    when p_need = 'coordinator' then '{coordinator}'::data.role_kind[]
	    else '{}'::data.role_kind[] end;
end
$$;

create function account.is_admin()
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return account.actor() is not null and exists (
	    select from data.role r
	    where r.person_id = account.actor() and r.kind = 'admin');
end
$$;

-- Works for the organisation: sees what is internal.
create function account.is_insider()
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return account.actor() is not null and (account.is_admin() or exists (
	    select from data.person p
	    where p.id = account.actor() and p.staff));
end
$$;

-- Whether the role is the actor's in the whole system.
create function account.has_everywhere(p_need text)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return account.actor() is not null and exists (
	    select from data.role r
	    where r.person_id = account.actor() and r.scope = 'system'
	    and (r.kind = 'admin' or r.kind = any (account.kinds(p_need))));
end
$$;

-- Whether the role is the actor's anywhere at all.
create function account.has_somewhere(p_need text)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_need = 'scanner' and account.device() is not null
	    or account.actor() is not null and exists (
	    select from data.role r
	    where r.person_id = account.actor()
	    and (r.kind = 'admin' or r.kind = any (account.kinds(p_need))));
end
$$;

-- Whether the actor may do at one event what p_need asks.
create function account.may(p_need text, p_event bigint)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_kinds data.role_kind[] := account.kinds(p_need);
begin
	return p_need = 'scanner' and exists (
	    select from data.device d
	    where d.id = account.device() and d.event_id = p_event)
	    or account.actor() is not null and exists (
	    select from data.role r
	    where r.person_id = account.actor()
	    and (r.kind = 'admin' or r.kind = any (v_kinds) and (
	    r.scope = 'system'
	    or r.scope = 'event' and r.scope_id = p_event
	    or r.scope = 'program' and r.scope_id = (
	        select e.program_id from data.event e where e.id = p_event))));
end
$$;

-- The events where the actor has at least that role; all of them for who has
-- it everywhere.
create function account.my_events(p_need text)
returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_actor bigint := account.actor();
	v_kinds data.role_kind[] := account.kinds(p_need);
begin
	if v_actor is null then
		return array(select d.event_id from data.device d
		    where d.id = account.device() and p_need = 'scanner');
	end if;

	if account.has_everywhere(p_need) then
		return array(select e.id from data.event e);
	end if;

	return array(
	    select r.scope_id from data.role r
	    where r.person_id = v_actor and r.scope = 'event'
	    and r.kind = any (v_kinds)
	    union
	    select e.id from data.role r
	    join data.event e on e.program_id = r.scope_id
	    where r.person_id = v_actor and r.scope = 'program'
	    and r.kind = any (v_kinds));
end
$$;

-- The programs where the actor has at least that role.
create function account.my_programs(p_need text)
returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null then
		return '{}'::bigint[];
	end if;

	if account.has_everywhere(p_need) then
		return array(select p.id from data.program p);
	end if;

	return array(
	    select distinct r.scope_id from data.role r
	    where r.person_id = account.actor() and r.scope = 'program'
	    and r.kind = any (account.kinds(p_need)));
end
$$;

-- The units whose coordinator the actor is; all of them for administrators.
create function account.my_units()
returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null then
		return '{}'::bigint[];
	end if;

	if account.is_admin() then
		return array(select u.id from data.unit u);
	end if;

	return array(
	    select r.scope_id from data.role r
	    where r.person_id = account.actor() and r.kind = 'coordinator');
end
$$;

-- The events that the actor has a live registration for.
create function account.attending()
returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null then
		return '{}'::bigint[];
	end if;

	return array(
	    select r.event_id from data.registration r
	    where r.person_id = account.actor()
	    and r.state in ('held', 'requested', 'waitlisted', 'offered',
	    'confirmed'));
end
$$;

-- Whether a person has to do with an event where the actor has the role.
create function account.knows(p_need text, p_person bigint)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_events bigint[];
begin
	if account.is_admin() then
		return true;
	end if;

	v_events := account.my_events(p_need);

	return v_events <> '{}' and (exists (
	    select from data.registration r
	    where r.person_id = p_person and r.event_id = any (v_events))
	    or exists (
	    select from data.role r
	    where r.person_id = p_person and r.scope = 'event'
	    and r.scope_id = any (v_events)));
end
$$;

-- The event that an object belongs to; null: no such object.
create function account.event_of(p_scope text, p_id bigint)
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return case p_scope
	when 'event' then (select t.id from data.event t where t.id = p_id)
	when 'session' then (select t.event_id from data.session t where t.id = p_id)
	when 'room' then (select t.event_id from data.room t where t.id = p_id)
	when 'track' then (select t.event_id from data.track t where t.id = p_id)
	when 'speaker' then (select t.event_id from data.speaker t where t.id = p_id)
	when 'registration' then (
	    select t.event_id from data.registration t where t.id = p_id)
	when 'material' then (
	    select t.event_id from data.material t where t.id = p_id)
	when 'record' then (select t.event_id from data.record t where t.id = p_id)
	when 'device' then (select t.event_id from data.device t where t.id = p_id)
	when 'notice' then (select t.event_id from data.notice t where t.id = p_id)
	when 'scan' then (select t.event_id from data.scan t where t.id = p_id)
	when 'party' then (select t.event_id from data.party t where t.id = p_id)
	when 'code' then (
	    select t.event_id from data.access_code t where t.id = p_id)
	when 'bucket' then (
	    select p.event_id from data.bucket t
	    join data.pool p on p.id = t.pool_id
	    where t.id = p_id)
	end;
end
$$;

-- Refuses: nobody is asked to sign in, whoever entered may not.
create function account.refuse()
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null and account.device() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	raise exception using errcode = '42501', message = 'account.denied';
end
$$;

-- Refuses who may not do at an event what p_need asks.
create function account.must(p_need text, p_event bigint)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if not account.trusted() and not account.may(p_need, p_event) then
		perform account.refuse();
	end if;
end
$$;

-- Refuses who is not an administrator.
create function account.must_admin()
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if not account.trusted() and not account.is_admin() then
		perform account.refuse();
	end if;
end
$$;

-- Refuses the web and reports: for the command line and the worker alone.
create function account.must_house()
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if not account.trusted() then
		raise exception using errcode = '42501',
		    message = 'account.denied';
	end if;
end
$$;

-- Whether the actor is the coordinator that a door asks for: of any unit; in
-- the scope of a registration, of its unit.  An event that is a draft is none.
create function account.coordinates(p_scope text, p_scope_id bigint)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
begin
	if p_scope <> '' then
		v_event := account.event_of(p_scope, p_scope_id);
		if not exists (
		    select from data.event e
		    where e.id = v_event and e.state <> 'draft') then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
	end if;
	if p_scope = 'registration' and not account.is_admin() then
		return exists (
		    select from data.registration r
		    where r.id = p_scope_id
		    and r.unit_id = any (account.my_units()));
	end if;

	return account.has_somewhere('coordinator');
end
$$;

-- What a door asks of who entered, in the scope of its path's first parameter.
-- A scope that is not known here lets in only who has the role everywhere.
create function account.require(p_need text, p_scope text, p_scope_id bigint)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
	v_may boolean;
begin
	if p_need = 'member' then
		v_may := account.actor() is not null;
	elsif p_need = 'admin' then
		v_may := account.is_admin();
	elsif p_need = 'coordinator' then
		v_may := account.coordinates(p_scope, p_scope_id);
	elsif p_need not in ('scanner', 'staff', 'organizer') then
		v_may := false;
	elsif p_scope = '' then
		v_may := account.has_somewhere(p_need);
	elsif p_scope in ('program', 'person') then
		if not account.exists_in(p_scope, p_scope_id) then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
		v_may := case p_scope when 'person'
		    then account.knows(p_need, p_scope_id)
		    else p_scope_id = any (account.my_programs(p_need)) end;
	elsif p_scope in ('event', 'session', 'room', 'track', 'speaker',
	    'registration', 'material', 'record', 'device', 'notice', 'scan',
	    'bucket', 'party', 'code') then
		v_event := account.event_of(p_scope, p_scope_id);
		if v_event is null and (p_scope <> 'notice'
		    or not account.has_everywhere(p_need)) then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
		v_may := account.may(p_need, v_event);
	else
		v_may := account.has_everywhere(p_need);
	end if;

	if not v_may then
		perform account.refuse();
	end if;
end
$$;

create function account.exists_in(p_scope text, p_id bigint)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return case p_scope
	when 'system' then p_id = 0
	when 'unit' then exists (select from data.unit t where t.id = p_id)
	when 'program' then exists (select from data.program t where t.id = p_id)
	when 'event' then exists (select from data.event t where t.id = p_id)
	when 'person' then exists (select from data.person t where t.id = p_id)
	else false end;
end
$$;

-- A login is used: its idle time begins anew.  At most once a minute, never
-- where nothing can be written, and nobody waits for another visit to do it.
create function account.seen(p_token bytea)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if current_setting('transaction_read_only') = 'on' then
		return;
	end if;

	update data.login l
	set last_seen = now(), idle_expiry = now() + l.idle
	where l.token_hash = (
	    select w.token_hash from data.login w
	    where w.token_hash = p_token
	    and w.last_seen < now() - interval '1 minute'
	    for no key update skip locked);

	update data.device d set last_seen = now()
	where d.id = account.device() and (d.last_seen is null
	    or d.last_seen < now() - interval '1 minute');
end
$$;

-- Opens a transaction for the holder of a login, who must be what the door
-- needs.  No row comes back for nobody.
create function account.enter(p_token bytea, p_need text, p_scope text,
    p_scope_id bigint)
returns table (person_id bigint, name text, email text, language text,
    staff boolean, admin boolean, organizer boolean, door boolean,
    coordinator boolean, device_id bigint, device_event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_login record;
begin
	select l.last_seen, p.id as person, p.name, p.email, p.language, p.staff,
	    d.id as device, d.event_id
	into v_login
	from data.login l
	left join data.person p on p.id = l.person_id and p.disabled is null
	left join data.device d on d.id = l.device_id and d.revoked is null
	    and d.expires > now()
	where l.token_hash = p_token
	and l.idle_expiry > now() and l.absolute_expiry > now()
	and (p.id is not null or d.id is not null);

	perform set_config('convene.actor', coalesce(v_login.person::text, ''), true),
	    set_config('convene.device', coalesce(v_login.device::text, ''), true),
	    set_config('convene.login', case when v_login.last_seen is null
	        then '' else encode(p_token, 'hex') end, true);

	if v_login.last_seen is null then
		if p_need <> 'anyone' then
			raise exception using errcode = '28000',
			    message = 'account.sign_in';
		end if;
		return;
	end if;

	if v_login.last_seen < now() - interval '1 minute' then
		perform account.seen(p_token);
	end if;
	if p_need <> 'anyone' then
		perform account.require(p_need, p_scope, p_scope_id);
	end if;

	return query
	select v_login.person, v_login.name, v_login.email, v_login.language,
	    coalesce(v_login.staff, false),
	    coalesce(bool_or(r.kind = 'admin'), false),
	    coalesce(bool_or(r.kind in ('admin', 'organizer')), false),
	    coalesce(bool_or(r.kind in ('admin', 'organizer', 'staff')), false),
	    coalesce(bool_or(r.kind = 'coordinator'), false),
	    v_login.device, v_login.event_id
	from data.role r
	where r.person_id = v_login.person;
end
$$;
