-- From one state to another.

-- History and audit of one transition.
create function registration.remember(p_registration bigint,
    p_was data.registration_state, p_became data.registration_state,
    p_why text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.registration_change (registration_id, actor, was,
	    became, why)
	values (p_registration, account.actor(), p_was, p_became, p_why);
	perform account.note('registration.' || p_became::text, 'registration',
	    p_registration, jsonb_build_object('why', p_why));
end
$$;

-- From one state to another: counters, row, history.  The caller holds the lock.
create function registration.move(p_registration bigint,
    p_became data.registration_state, p_why text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_was data.registration_state;
	v_pool bigint;
begin
	select r.state, r.pool_id into strict v_was, v_pool
	from data.registration r where r.id = p_registration;

	update data.pool set
	    held = held + (p_became = 'held')::integer
	        - (v_was = 'held')::integer,
	    offered = offered + (p_became = 'offered')::integer
	        - (v_was = 'offered')::integer,
	    confirmed = confirmed + (p_became = 'confirmed')::integer
	        - (v_was = 'confirmed')::integer,
	    waitlisted = waitlisted + (p_became = 'waitlisted')::integer
	        - (v_was = 'waitlisted')::integer
	where id = v_pool;
	update data.registration set state = p_became
	where id = p_registration;

	perform registration.remember(p_registration, v_was, p_became, p_why);
end
$$;

-- Gives up a live registration and hands its seat on.  A second time changes
-- nothing.  The caller has seen to it that it may.
create function registration.leave(p_registration bigint,
    p_became data.registration_state, p_kind text)
returns data.registration_state
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
	v_row data.registration;
begin
	select r.event_id into strict v_event
	from data.registration r where r.id = p_registration;
	perform registration.lock(v_event);
	select * into v_row from data.registration r
	where r.id = p_registration
	for no key update;

	if v_row.state in ('declined', 'withdrawn', 'expired', 'cancelled') then
		return v_row.state;
	end if;
	if exists (
	    select from data.event e
	    where e.id = v_event and e.ends <= clock_timestamp()) then
		raise exception using errcode = 'P0004',
		    message = 'registration.event_over';
	elsif exists (
	    select from data.attendance a
	    where a.registration_id = p_registration) then
		raise exception using errcode = 'P0003',
		    message = 'registration.already_in';
	end if;

	perform registration.move(p_registration, p_became, p_kind);
	perform invite.close(p_registration, p_kind);
	perform registration.promote(v_event);

	return p_became;
end
$$;

create function registration.withdraw(p_registration bigint)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	return query select v_row.id, v_row.event_id, registration.leave(
	    v_row.id, 'withdrawn', 'registration.withdrawn');
end
$$;

-- With the token of the mail in place of a login.
create function registration.withdraw_by_token(p_manage_hash bytea)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query select v_row.id, v_row.event_id, registration.leave(
	    v_row.id, 'withdrawn', 'registration.withdrawn');
end
$$;

create function registration.cancel(p_registration bigint)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	perform account.must('organizer', v_row.event_id);

	return query select v_row.id, v_row.event_id, registration.leave(
	    v_row.id, 'cancelled', 'registration.cancelled');
end
$$;

-- An event that will not be: everyone's registration ends, nobody is promoted.
-- Who was only waiting has no calendar entry, so a mail of its own.
create function registration.end_event(p_event bigint)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_ended bigint;
begin
	perform registration.lock(p_event);

	perform notice.put('invite.event_cancelled', r.person_id, r.event_id,
	    r.id)
	from data.registration r
	where r.event_id = p_event
	and r.state in ('held', 'requested', 'waitlisted', 'offered');

	with ended as (
	    update data.registration r set state = 'cancelled'
	    from data.registration was
	    where was.id = r.id and r.event_id = p_event
	    and r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed')
	    returning r.id, was.state)
	select count(registration.remember(e.id, e.state, 'cancelled',
	    'event_cancelled')) into v_ended
	from ended e;
	update data.pool set held = 0, offered = 0, confirmed = 0, waitlisted = 0
	where event_id = p_event;

	return v_ended;
end
$$;

-- A new ticket: the old one is refused at the door from now on.
create function registration.reissue(p_registration bigint)
returns table (registration bigint, event bigint, serial integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.mine(p_registration);
begin
	update data.registration r set serial = r.serial + 1
	where r.id = v_row.id and r.state = 'confirmed'
	returning r.* into v_row;
	if not found then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_confirmed';
	end if;
	perform account.note('registration.reissue', 'registration', v_row.id,
	    jsonb_build_object('serial', v_row.serial));
	perform notice.put('registration.reissued', v_row.person_id,
	    v_row.event_id, v_row.id);

	return query select v_row.id, v_row.event_id, v_row.serial;
end
$$;
