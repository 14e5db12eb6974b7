-- Groups: a leader registers several people at once.  Each of them has a
-- registration, a mail and a link of their own; the leader sees what became of
-- each, adds people and withdraws them.

-- Who they are, each an entry for registration.arrive(); made in the order of
-- their addresses, and before the event's lock: see registration.persons_of().
create function registration.party_entries(p_people jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_each record;
	v_entries jsonb := '[]';
begin
	for v_each in
		select x.p from jsonb_array_elements(p_people) x (p)
		order by lower(trim(x.p ->> 'email'))
	loop
		v_entries := v_entries || (v_each.p || jsonb_build_object('wants',
		    'confirm', 'person_id', account.person_of(v_each.p ->> 'email',
		        v_each.p ->> 'name', v_each.p ->> 'language',
		        v_each.p ->> 'country', v_each.p ->> 'organisation')));
	end loop;

	return v_entries;
end
$$;

-- Some people for a party, as they arrive; refused at the row of the first who
-- cannot, and then nobody is added.  Each is a mail to whoever was typed, so the
-- leader's are counted.  The caller holds the lock.
create function registration.party_enter(p_party data.party, p_entries jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_entries jsonb;
	v_row record;
begin
	perform account.throttle('group', '')
	from jsonb_array_elements(p_entries);
	select jsonb_agg(o.item || jsonb_build_object('party_id', p_party.id)
	    order by (o.item ->> 'n')::integer)
	into v_entries
	from jsonb_array_elements(p_entries) o (item);

	select e.n into v_row
	from jsonb_to_recordset(v_entries) e (n integer, person_id bigint)
	join data.registration r on r.event_id = p_party.event_id
	    and r.person_id = e.person_id and r.state in ('held', 'requested',
	    'waitlisted', 'offered', 'confirmed')
	order by e.n
	limit 1;
	if found then
		raise exception using errcode = 'P0001',
		    column = 'email-' || v_row.n,
		    message = 'registration.already_there';
	end if;

	for v_row in
		select a.* from registration.arrive(p_party.event_id, v_entries) a
	loop
		if v_row.fault is not null then
			raise exception using errcode = v_row.kind,
			    column = coalesce(v_row.field || '-' || v_row.n, ''),
			    message = v_row.fault;
		end if;
		update data.registration r set called = e.name
		from jsonb_to_recordset(v_entries) e (n integer, name text)
		where r.id = v_row.registration and e.n = v_row.n;
	end loop;
end
$$;

-- Refuses more people than one group may have.
create function registration.party_fits(p_event bigint, p_people integer)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_most integer := (registration.pool_of(p_event)).party_most;
begin
	if v_most = 0 then
		raise exception using errcode = 'P0003',
		    message = 'registration.groups_off';
	elsif p_people > v_most then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'registration.group_most', detail = v_most::text;
	end if;
end
$$;

-- A leader has signed in, so that nobody writes to fifty people as nobody.  The
-- same key a second time repeats the answer.  p_people: n, email, name, language,
-- country, organisation, key and manage_hash.
create function registration.party_make(p_event bigint, p_name text,
    p_key uuid, p_people jsonb)
returns table (party bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_party data.party;
	v_entries jsonb;
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	elsif p_people is null then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'web.required';
	elsif not (schedule.sees(p_event) and exists (
	    select from data.event e where e.id = p_event)) then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_event';
	end if;
	v_entries := registration.party_entries(p_people);
	perform registration.lock(p_event);
	select * into v_party from data.party g
	where g.key = p_key and g.leader_id = account.actor();
	if not found then
		perform registration.party_fits(p_event,
		    jsonb_array_length(p_people));
		insert into data.party (event_id, leader_id, name, key)
		values (p_event, account.actor(), coalesce(trim(p_name), ''),
		    p_key)
		returning * into v_party;
		perform registration.party_enter(v_party, v_entries);
		perform account.note('registration.party_make', 'party',
		    v_party.id, jsonb_build_object('event', p_event,
		    'people', jsonb_array_length(p_people)));
	end if;

	return query select v_party.id, p_event;
end
$$;

-- A party for its leader; anyone else cannot tell it from one that is not.
create function registration.my_party(p_party bigint)
returns data.party
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_party data.party;
begin
	select * into v_party from data.party p
	where p.id = p_party and p.leader_id = account.actor();
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_party;
end
$$;

-- More people, for whom there is the same deadline as for everyone.
create function registration.party_add(p_party bigint, p_people jsonb)
returns table (party bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_party data.party := registration.my_party(p_party);
	v_entries jsonb;
begin
	if p_people is null then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'web.required';
	end if;
	v_entries := registration.party_entries(p_people);
	perform registration.lock(v_party.event_id);
	perform registration.party_fits(v_party.event_id,
	    jsonb_array_length(p_people) + (
	        select count(*)::integer from data.registration r
	        where r.party_id = v_party.id and r.state in ('held',
	        'requested', 'waitlisted', 'offered', 'confirmed')));

	perform registration.party_enter(v_party, v_entries);
	perform account.note('registration.party_add', 'party', v_party.id,
	    jsonb_build_object('people', jsonb_array_length(p_people)));

	return query select v_party.id, v_party.event_id;
end
$$;

-- One of them does not come: as if they had said so themself.
create function registration.party_withdraw(p_party bigint,
    p_registration bigint)
returns table (party bigint, event bigint, state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_party data.party := registration.my_party(p_party);
	v_row data.registration;
begin
	select * into v_row from data.registration r
	where r.id = p_registration and r.party_id = v_party.id;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return query select v_party.id, v_party.event_id, registration.leave(
	    v_row, 'withdrawn', 'registration.withdrawn');
end
$$;

-- What the leader sees: what the leader typed.  A country may come from the
-- account of whoever has that address.
create function registration.party_people(p_party bigint)
returns table (id bigint, email text, called text, state data.registration_state,
    place bigint, expires text, organisation text, live boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_party data.party := registration.my_party(p_party);
begin
	return query
	select r.id, p.email, r.called, r.state, registration.place(r.id),
	    schedule.at(r.expires, e.zone), r.organisation,
	    r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed')
	from data.registration r
	join data.person p on p.id = r.person_id
	join data.event e on e.id = r.event_id
	where r.party_id = v_party.id
	order by r.arrival;
end
$$;

-- Whether a registration may be handed on, and until when: for its person, or
-- (by hash) for the holder of the mail's link.
create function registration.transfer_terms(p_registration bigint,
    p_manage_hash bytea)
returns table (registration bigint, may_transfer boolean, transfer_until text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select r.id, r.state = 'confirmed' and p.transfer
	    and coalesce(p.transfer_until, e.starts) > now()
	    and not exists (
	        select from data.attendance a where a.registration_id = r.id),
	    schedule.at(coalesce(p.transfer_until, e.starts), e.zone)
	from data.registration r
	join data.pool p on p.id = r.pool_id
	join data.event e on e.id = r.event_id
	where case when p_manage_hash is not null
	then r.manage_hash = p_manage_hash
	else r.id = p_registration and r.person_id = account.actor() end;
end
$$;
