-- Who arrives: a seat, or a place in the queue.

-- The pool of an event that takes registrations now; refuses any other.
create function registration.open_pool(p_event bigint)
returns data.pool
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool;
	v_state data.publicity;
	v_access data.access;
	v_cutoff timestamptz;
	v_ends timestamptz;
begin
	select e.state, e.access, e.cutoff, e.ends
	into v_state, v_access, v_cutoff, v_ends
	from data.event e where e.id = p_event;
	if not found or v_state = 'draft'
	    or v_access = 'internal' and not account.is_insider()
	    and not account.may('organizer', p_event) then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_event';
	elsif v_state = 'cancelled' then
		raise exception using errcode = 'P0004',
		    message = 'registration.event_cancelled';
	elsif v_ends <= clock_timestamp() then
		raise exception using errcode = 'P0004',
		    message = 'registration.event_over';
	elsif v_cutoff <= clock_timestamp() then
		raise exception using errcode = 'P0004',
		    message = 'registration.closed';
	end if;

	v_pool := registration.pool_of(p_event);
	if v_pool.waitlisted > 0 and registration.has_seat(v_pool) then
		perform registration.promote(p_event);
		v_pool := registration.pool_of(p_event);
	end if;

	return v_pool;
end
$$;

-- Take a seat, or a place in the queue.  Who is signed in registers themself;
-- anyone else gives an address and a name, and learns nothing here of what
-- became of it: the answer goes to that address.  So nobody can find out
-- whether an address is known, or make it say who holds it.  Asking twice, with
-- the same key or for the same person, repeats the first answer.
create function registration.take(p_event bigint, p_email text, p_name text,
    p_language text, p_country text, p_organisation text, p_via data.mode,
    p_key uuid, p_manage_hash bytea)
returns table (registration bigint, state data.registration_state,
    place bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor bigint := account.actor();
	v_person bigint := v_actor;
	v_told boolean := v_actor is not null or account.trusted();
	v_row data.registration;
	v_place bigint;
begin
	if v_actor is null then
		v_person := account.person_of(p_email, p_name, p_language);
	end if;
	perform pg_advisory_xact_lock(1501, hashint8(p_event));

	v_row := registration.taken(p_event, v_person, p_key);
	if v_row.id is not null then
		if v_told then
			v_place := registration.place(v_row.id);
		else
			perform registration.tell_again(v_row);
		end if;
	else
		v_row.event_id := p_event;
		v_row.person_id := v_person;
		v_row.key := p_key;
		v_row.manage_hash := p_manage_hash;
		v_row.via := p_via;
		v_row.country := p_country;
		v_row.organisation := coalesce(p_organisation, '');
		v_row := registration.enter_queue(v_row);
		if v_told and v_row.state = 'waitlisted' then
			-- A newcomer is last; counting would cost the queue's length.
			select p.waitlisted into v_place
			from data.pool p where p.id = v_row.pool_id;
		end if;
	end if;

	return query
	select v_row.id, v_row.state, v_place where v_told
	union all
	select null, null, null where not v_told;
end
$$;

-- The row that answers already: of that key, or the person's live one.  The
-- caller holds the lock.
create function registration.taken(p_event bigint, p_person bigint, p_key uuid)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r where r.key = p_key;
	if found then
		if v_row.event_id <> p_event or v_row.person_id <> p_person then
			raise exception using errcode = 'P0003',
			    message = 'registration.key_used';
		end if;
		return v_row;
	end if;

	select * into v_row from data.registration r
	where r.event_id = p_event and r.person_id = p_person
	and r.state in ('held', 'requested', 'waitlisted', 'offered',
	    'confirmed');

	return v_row;
end
$$;

-- A new registration at the tail; the caller holds the lock and has filled in
-- who and what.
create function registration.enter_queue(p_row data.registration)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.pool := registration.open_pool(p_row.event_id);
	v_seated boolean := v_pool.waitlisted = 0
	    and registration.has_seat(v_pool);
	v_row data.registration;
begin
	update data.pool set arrived = arrived + 1,
	    confirmed = confirmed + v_seated::integer,
	    waitlisted = waitlisted + (not v_seated)::integer
	where id = v_pool.id;

	insert into data.registration (event_id, pool_id, person_id, state,
	    arrival, key, via, country, organisation, manage_hash)
	values (p_row.event_id, v_pool.id, p_row.person_id,
	    case when v_seated then 'confirmed' else 'waitlisted' end
	    ::data.registration_state,
	    v_pool.arrived + 1, p_row.key, p_row.via, p_row.country,
	    p_row.organisation, p_row.manage_hash)
	returning * into v_row;

	perform registration.remember(v_row.id, null, v_row.state, 'taken');
	if v_seated then
		perform invite.open(v_row.id, null, 'registration.confirmed');
	else
		perform notice.put('registration.waitlisted', v_row.person_id,
		    v_row.event_id, v_row.id);
	end if;

	return v_row;
end
$$;

-- An address that is registered was typed in again by somebody who has not
-- signed in.  Only the address is told, and not oftener than every 10 minutes.
create function registration.tell_again(p_row data.registration)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.note('registration.again', 'registration', p_row.id,
	    '{}'::jsonb);
	if not exists (
	    select from data.notice n
	    where n.registration_id = p_row.id
	    and n.created > clock_timestamp() - interval '10 minutes') then
		perform notice.put('registration.again', p_row.person_id,
		    p_row.event_id, p_row.id);
	end if;
end
$$;
