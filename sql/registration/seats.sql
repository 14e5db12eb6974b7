-- Seats.  Every change of a pool happens under the event's advisory lock, taken
-- in a statement of its own, so that what follows is counted in a snapshot
-- made after it; those who wait for it are served as they came.  Under it, in
-- this order: the pool's row, registrations, calendars, notices.  Functions
-- that are not `security definer` are for verbs only: the web role has not the
-- rights that they need.

create function registration.lock(p_event bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform pg_advisory_xact_lock(1501, hashint8(p_event));
end
$$;

create function registration.pool_of(p_event bigint)
returns data.pool
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool;
begin
	select * into v_pool from data.pool p where p.event_id = p_event;
	if not found then
		insert into data.pool (event_id) values (p_event)
		on conflict (event_id) do nothing;
		select * into v_pool from data.pool p where p.event_id = p_event;
	end if;

	return v_pool;
end
$$;

create function registration.has_seat(p_pool data.pool)
returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_pool.seats is null or p_pool.seats
	    > p_pool.held + p_pool.offered + p_pool.confirmed;
end
$$;

-- Place in the queue, from 1; null when not waiting.
create function registration.place(p_registration bigint)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_place bigint;
begin
	select count(*) into v_place
	from data.registration r
	join data.registration q on q.pool_id = r.pool_id
	where r.id = p_registration and r.state = 'waitlisted'
	and q.state = 'waitlisted'
	and (q.priority, q.arrival) <= (r.priority, r.arrival);

	return nullif(v_place, 0);
end
$$;

-- Place in the queue, for the person and who is at the door: counting needs
-- the rows of others.  Null when not waiting.
create function registration.my_place(p_registration bigint)
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if not exists (
	    select from data.registration r
	    where r.id = p_registration and r.state = 'waitlisted'
	    and (r.person_id = account.actor()
	        or account.may('scanner', r.event_id))) then
		return null;
	end if;

	return registration.place(p_registration);
end
$$;

create function registration.set_seats(p_event bigint, p_seats integer)
returns table (seats integer, confirmed integer, waitlisted integer,
    promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.pool;
	v_promoted integer;
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	v_pool := registration.pool_of(p_event);

	if p_seats < 0 then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.seats_negative';
	elsif p_seats < v_pool.held + v_pool.offered + v_pool.confirmed then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.seats_below_used';
	end if;
	update data.pool p set seats = p_seats where p.id = v_pool.id;
	perform account.note('registration.set_seats', 'event', p_event,
	    jsonb_build_object('was', v_pool.seats, 'seats', p_seats));
	v_promoted := registration.promote(p_event);

	return query select p.seats, p.confirmed, p.waitlisted, v_promoted
	from data.pool p where p.id = v_pool.id;
end
$$;

-- Seats that became free without a registration ending, as when the last
-- moment to register is put off.
create function registration.settle(p_event bigint)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);

	return registration.promote(p_event);
end
$$;
