-- Sessions that a participant puts on their own agenda.  Each is an invitation
-- of its own.  A session has as many seats as its organizer says, or else its
-- room has; when they are taken, who picks it waits in line by arrival.

-- The actor's confirmed registration for a session's event, under the event's
-- lock and with its row locked.
create function registration.for_session(p_session bigint)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
	v_row data.registration;
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	select s.event_id into v_event
	from data.session s join data.event e on e.id = s.event_id
	where s.id = p_session and s.state <> 'draft' and e.state <> 'draft';
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_session';
	end if;
	perform registration.lock(v_event);

	select r.* into v_row
	from data.registration r
	where r.event_id = v_event and r.person_id = account.actor()
	and (r.state = 'confirmed' or r.kept)
	for no key update;
	if not found then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_confirmed';
	end if;

	return v_row;
end
$$;

-- The seats of a session, counted when they are first asked for.
create function registration.session_pool_of(p_session bigint)
returns data.session_pool
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.session_pool;
begin
	select * into v_pool from data.session_pool p
	where p.session_id = p_session;
	if not found then
		insert into data.session_pool (session_id, taken, most)
		select s.id, n.taken, case when o.seats is not null
		    then greatest(o.seats, n.taken) end
		from data.session s
		left join data.room o on o.id = s.room_id
		cross join lateral (
		    select count(*)::integer as taken from data.pick k
		    where k.session_id = s.id) n
		where s.id = p_session
		on conflict (session_id) do nothing;
		select * into v_pool from data.session_pool p
		where p.session_id = p_session;
	end if;

	return v_pool;
end
$$;

-- A session with a free seat is picked at once; otherwise the person waits.
create function registration.pick(p_session bigint)
returns table (registration bigint, event bigint, session bigint,
    waiting boolean, place bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.for_session(p_session);
begin
	if not exists (
	    select from data.session s
	    where s.id = p_session and s.state = 'published'
	    and s.ends > clock_timestamp()) then
		raise exception using errcode = 'P0004',
		    message = 'registration.session_over';
	end if;

	if not exists (
	    select from data.pick k
	    where k.registration_id = v_row.id and k.session_id = p_session) then
		perform registration.pick_put(v_row.id, p_session);
	end if;

	return query select v_row.id, v_row.event_id, p_session, k.waiting,
	    registration.pick_place(k)
	from data.pick k
	where k.registration_id = v_row.id and k.session_id = p_session;
end
$$;

create function registration.pick_put(p_registration bigint, p_session bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.session_pool := registration.session_pool_of(p_session);
	v_waits boolean := v_pool.waiting > 0
	    or coalesce(v_pool.taken >= v_pool.most, false);
begin
	update data.session_pool set arrived = arrived + 1,
	    taken = taken + (not v_waits)::integer,
	    waiting = waiting + v_waits::integer
	where session_id = p_session;
	insert into data.pick (registration_id, session_id, waiting, arrival)
	values (p_registration, p_session, v_waits, v_pool.arrived + 1);

	perform account.note('registration.pick', 'session', p_session,
	    jsonb_build_object('registration', p_registration,
	        'waiting', v_waits));
	if not v_waits then
		perform invite.open(p_registration, p_session,
		    'registration.picked');
	end if;
end
$$;

-- Place in a session's line, from 1; null when not waiting.
create function registration.pick_place(p_pick data.pick)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select nullif(count(*), 0) from data.pick q
	    where p_pick.waiting and q.session_id = p_pick.session_id
	    and q.waiting and q.arrival <= p_pick.arrival);
end
$$;

-- The actor's: counting needs the rows of others.
create function registration.my_pick_place(p_session bigint)
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select registration.pick_place(k)
	    from data.pick k join data.registration r on r.id = k.registration_id
	    where k.session_id = p_session and k.waiting
	    and r.person_id = account.actor());
end
$$;

create function registration.unpick(p_session bigint)
returns table (registration bigint, event bigint, session bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.for_session(p_session);
begin
	if exists (
	    select from data.pick k
	    where k.registration_id = v_row.id and k.session_id = p_session) then
		perform account.note('registration.unpick', 'session',
		    p_session, jsonb_build_object('registration', v_row.id));
		perform invite.close_session(v_row.id, p_session,
		    'registration.unpicked');
		perform registration.drop_picks(array[v_row.id], p_session);
	end if;

	return query select v_row.id, v_row.event_id, p_session;
end
$$;

-- These registrations leave a session's seats or line, or (null) those of all;
-- the next in each line has what became free.
create function registration.drop_picks(p_registrations bigint[],
    p_session bigint default null)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_session bigint;
begin
	for v_session in
		select distinct k.session_id from data.pick k
		where k.registration_id = any (p_registrations)
		and (p_session is null or k.session_id = p_session)
		order by k.session_id
	loop
		perform registration.session_pool_of(v_session);
		with gone as (
		    delete from data.pick k
		    where k.session_id = v_session
		    and k.registration_id = any (p_registrations)
		    returning k.waiting)
		update data.session_pool p
		set taken = p.taken - n.taken, waiting = p.waiting - n.waiting
		from (
		    select count(*) filter (where not g.waiting) as taken,
		        count(*) filter (where g.waiting) as waiting
		    from gone g) n
		where p.session_id = v_session;
		perform registration.promote_session(v_session);
	end loop;
end
$$;

-- Free seats of a session go to the head of its line, while it is ahead.
create function registration.promote_session(p_session bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.session_pool := registration.session_pool_of(p_session);
	v_next bigint[];
begin
	if v_pool.waiting = 0 or v_pool.taken >= v_pool.most or not exists (
	    select from data.session s join data.event e on e.id = s.event_id
	    where s.id = p_session and s.state = 'published'
	    and e.state = 'published' and s.ends > clock_timestamp()) then
		return 0;
	end if;

	v_next := array(
	    select k.registration_id from data.pick k
	    where k.session_id = p_session and k.waiting
	    order by k.arrival
	    limit v_pool.most - v_pool.taken);
	update data.pick set waiting = false
	where session_id = p_session and registration_id = any (v_next);
	update data.session_pool set taken = taken + cardinality(v_next),
	    waiting = waiting - cardinality(v_next)
	where session_id = p_session;

	perform account.note('registration.pick_promoted', 'session', p_session,
	    jsonb_build_object('registration', x.id)),
	    invite.open(x.id, p_session, 'registration.pick_promoted')
	from unnest(v_next) with ordinality x (id, n)
	order by x.n;

	return cardinality(v_next);
end
$$;

-- As many seats as an organizer says; null: as many as its room has.
create function registration.session_seats(p_session bigint, p_seats integer)
returns table (session bigint, event bigint, most integer, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('session', p_session);
	v_pool data.session_pool;
	v_promoted integer;
begin
	if v_event is null then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_session';
	end if;
	perform account.must('organizer', v_event);
	perform registration.lock(v_event);
	v_pool := registration.session_pool_of(p_session);

	if p_seats < 0 then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.seats_negative';
	elsif p_seats < v_pool.taken then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.seats_below_used';
	end if;
	update data.session_pool p set seats = p_seats
	where p.session_id = p_session;
	v_promoted := registration.resize(p_session);
	perform account.note('registration.session_seats', 'session', p_session,
	    jsonb_build_object('was', v_pool.seats, 'seats', p_seats));

	return query select p_session, v_event, p.most, v_promoted
	from data.session_pool p where p.session_id = p_session;
end
$$;

-- What counts now: its own seats or its room's, but nobody is put out.
create function registration.resize(p_session bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.session_pool p
	set most = case when coalesce(p.seats, o.seats) is not null
	    then greatest(coalesce(p.seats, o.seats), p.taken) end
	from data.session s
	left join data.room o on o.id = s.room_id
	where s.id = p_session and p.session_id = s.id;

	return registration.promote_session(p_session);
end
$$;

-- A session moves to another room or takes place after all, or a room has other
-- seats: whichever verb or import did it.
create function registration.moved()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.lock(new.event_id);
	perform registration.resize(s.id)
	from data.session s
	join data.session_pool p on p.session_id = s.id
	where case tg_table_name when 'session' then s.id else s.room_id end
	    = new.id
	order by s.id;

	return null;
end
$$;
create trigger session_moved after update of room_id, state on data.session
    for each row when (new.room_id is distinct from old.room_id
        or new.state is distinct from old.state)
    execute function registration.moved();
create trigger room_resized after update of seats on data.room
    for each row when (new.seats is distinct from old.seats)
    execute function registration.moved();
