-- Persons, their roles, and the devices at the door.

-- Finds the person of an address, or makes one.  What a known person said of
-- themself is not changed by whoever types their address.
create function account.person_of(p_email text, p_name text,
    p_language text default 'en', p_country text default null,
    p_organisation text default '')
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_email text := lower(trim(p_email));
	v_person bigint;
begin
	if coalesce(v_email, '') !~ '^[^@[:space:]]+@[^@[:space:]]+$' or length(v_email) > 254 then
		raise exception using errcode = 'P0001',
		    message = 'account.email_malformed', column = 'email';
	end if;

	select p.id into v_person from data.person p where p.email = v_email;
	if found then
		return v_person;
	end if;

	insert into data.person (email, name, language, country, organisation)
	values (v_email,
	    left(coalesce(nullif(trim(p_name), ''), split_part(v_email, '@', 1)), 200),
	    coalesce(p_language, 'en'), nullif(p_country, ''),
	    coalesce(p_organisation, ''))
	on conflict (email) do nothing
	returning id into v_person;

	if v_person is null then -- somebody made it meanwhile
		select p.id into v_person from data.person p where p.email = v_email;
		return v_person;
	end if;
	perform account.note('account.person_made', 'person', v_person);

	return v_person;
end
$$;

create function account.profile_save(p_name text, p_language text,
    p_country text, p_zone text, p_organisation text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_actor bigint := account.actor();
begin
	if v_actor is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	if coalesce(trim(p_name), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'account.name_missing', column = 'name';
	end if;
	if p_zone <> '' and not schedule.zone_known(p_zone) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.zone_unknown', column = 'zone';
	end if;

	update data.person p
	set name = trim(p_name), language = coalesce(p_language, p.language),
	    country = nullif(p_country, ''), zone = nullif(p_zone, ''),
	    organisation = coalesce(trim(p_organisation), '')
	where p.id = v_actor;
	perform account.note('account.profile_save', 'person', v_actor);

	return v_actor;
end
$$;

-- What only an administrator says of a person.
create function account.person_set(p_person bigint, p_staff boolean,
    p_disabled boolean)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_admin();
	if p_disabled and p_person = account.actor() then
		raise exception using errcode = 'P0003',
		    message = 'account.not_yourself';
	end if;

	update data.person p
	set staff = coalesce(p_staff, false),
	    disabled = case when p_disabled then coalesce(p.disabled, now()) end
	where p.id = p_person;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	if p_disabled then
		delete from data.login l where l.person_id = p_person;
	end if;
	perform account.note('account.person_set', 'person', p_person,
	    jsonb_build_object('staff', p_staff, 'disabled', p_disabled));

	return p_person;
end
$$;

-- Refuses who may not give or take that role: administrators any, organizers
-- those of the door and their own within their scope.
create function account.must_appoint(p_kind text, p_scope text,
    p_scope_id bigint)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	if p_kind not in ('admin', 'organizer', 'staff', 'coordinator')
	    or p_scope not in ('system', 'unit', 'program', 'event')
	    or p_kind = 'admin' and p_scope <> 'system'
	    or (p_kind = 'coordinator') <> (p_scope = 'unit') then
		raise exception using errcode = 'P0001',
		    message = 'account.role_unfit', column = 'kind';
	end if;
	if not account.exists_in(p_scope, p_scope_id) then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	if account.trusted() or account.is_admin()
	    or p_scope = 'event' and account.may('organizer', p_scope_id)
	    or p_scope = 'program'
	    and p_scope_id = any (account.my_programs('organizer')) then
		return;
	end if;

	perform account.refuse();
end
$$;

-- Gives a role to the person of an address, who is made when unknown.  Logins
-- that were opened with less to lose are shortened.
create function account.role_grant(p_email text, p_name text, p_kind text,
    p_scope text, p_scope_id bigint default 0)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_person bigint;
begin
	perform account.must_appoint(p_kind, p_scope, p_scope_id);
	v_person := account.person_of(p_email, p_name);

	insert into data.role (person_id, kind, scope, scope_id, granted_by)
	values (v_person, p_kind::data.role_kind, p_scope::data.role_scope,
	    p_scope_id, account.actor())
	on conflict do nothing;
	if not found then
		return v_person;
	end if;

	update data.login l
	set idle = interval '12 hours',
	    idle_expiry = least(l.idle_expiry, now() + interval '12 hours'),
	    absolute_expiry = least(l.absolute_expiry, l.created + interval '7 days')
	where l.person_id = v_person;
	perform account.note('account.role_grant', 'person', v_person,
	    jsonb_build_object('kind', p_kind, 'scope', p_scope,
	    'scope_id', p_scope_id));

	return v_person;
end
$$;

-- Refuses when nobody else would be left to administer.  Two who remove each
-- other take turns.
create function account.must_leave_admin(p_person bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform pg_advisory_xact_lock(hashtext('convene.admin'), 0);
	if not exists (select from data.role r
	    join data.person p on p.id = r.person_id
	    where r.kind = 'admin' and r.person_id <> p_person
	    and p.disabled is null) then
		raise exception using errcode = 'P0003',
		    message = 'account.last_admin';
	end if;
end
$$;

-- Takes a role away; one administrator is always left.
create function account.role_revoke(p_person bigint, p_kind text,
    p_scope text, p_scope_id bigint default 0)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_appoint(p_kind, p_scope, p_scope_id);

	if p_kind = 'admin' then
		perform account.must_leave_admin(p_person);
	end if;

	delete from data.role r
	where r.person_id = p_person and r.kind = p_kind::data.role_kind
	and r.scope = p_scope::data.role_scope and r.scope_id = p_scope_id;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	perform account.note('account.role_revoke', 'person', p_person,
	    jsonb_build_object('kind', p_kind, 'scope', p_scope,
	    'scope_id', p_scope_id));
end
$$;

-- An invitation for a phone to become a door device of an event: one use, ten
-- minutes.  Shown as a QR code by whoever organizes or stands at the door.
create function account.device_enrol_make(p_event bigint, p_name text,
    p_token_hash bytea)
returns timestamptz
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_expires timestamptz := now() + interval '10 minutes';
begin
	perform account.must('staff', p_event);
	if coalesce(trim(p_name), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'account.name_missing', column = 'name';
	end if;
	if not exists (select from data.event e
	    where e.id = p_event and e.ends + interval '1 day' > now()) then
		raise exception using errcode = 'P0004',
		    message = 'account.event_over';
	end if;

	insert into data.enrolment (token_hash, event_id, name, made_by, expires)
	values (p_token_hash, p_event, left(trim(p_name), 80), account.actor(),
	    v_expires);
	perform account.note('account.device_enrol_make', 'event', p_event);

	return v_expires;
end
$$;

-- The phone takes the invitation and becomes a device, with a login of its own
-- until one day after the event.
create function account.device_enrol_use(p_token_hash bytea,
    p_login_hash bytea)
returns table (device bigint, event bigint, name text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_invited record;
	v_device bigint;
begin
	update data.enrolment n set used = now()
	from data.event e
	where n.token_hash = p_token_hash and n.used is null
	and n.expires > now() and e.id = n.event_id
	returning n.event_id, n.name, n.made_by,
	    e.ends + interval '1 day' as expires into v_invited;
	if not found then
		raise exception using errcode = 'P0004',
		    message = 'account.enrolment_spent';
	end if;

	insert into data.device (event_id, name, enrolled_by, expires)
	values (v_invited.event_id, v_invited.name, v_invited.made_by,
	    v_invited.expires)
	returning id into v_device;
	insert into data.login
	    (token_hash, device_id, idle, idle_expiry, absolute_expiry)
	values (p_login_hash, v_device, v_invited.expires - now(),
	    v_invited.expires, v_invited.expires);
	perform set_config('convene.device', v_device::text, true);
	perform account.note('account.device_enrol_use', 'device', v_device,
	    jsonb_build_object('event', v_invited.event_id));

	return query select v_device, v_invited.event_id, v_invited.name;
end
$$;

-- Ends a device at once.
create function account.device_revoke(p_device bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('device', p_device);
begin
	if v_event is null then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	perform account.must('staff', v_event);

	update data.device d set revoked = coalesce(d.revoked, now())
	where d.id = p_device;
	delete from data.login l where l.device_id = p_device;
	perform account.note('account.device_revoke', 'device', p_device,
	    jsonb_build_object('event', v_event));

	return v_event;
end
$$;

-- What the database must know of the configuration; at deploy.
create function account.setting_save(p_name text, p_value text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();

	insert into data.setting (name, value) values (p_name, p_value)
	on conflict (name) do update set value = excluded.value;
end
$$;
