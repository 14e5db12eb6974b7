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

-- Free seats go to the head of the queue, while the event takes people.  The
-- caller holds the lock.  Answers how many were promoted.
create function registration.promote(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.pool := registration.pool_of(p_event);
	v_free integer := v_pool.seats - v_pool.held - v_pool.offered
	    - v_pool.confirmed;
	v_ids bigint[];
	v_id bigint;
begin
	if v_pool.waitlisted = 0 or v_free <= 0 or not exists (
	    select from data.event e
	    where e.id = p_event and e.state = 'published'
	    and least(e.cutoff, e.ends) > clock_timestamp()) then
		return 0;
	end if;

	v_ids := array(
	    select r.id from data.registration r
	    where r.pool_id = v_pool.id and r.state = 'waitlisted'
	    order by r.priority, r.arrival
	    limit v_free);
	update data.pool set confirmed = confirmed + cardinality(v_ids),
	    waitlisted = waitlisted - cardinality(v_ids)
	where id = v_pool.id;
	update data.registration set state = 'confirmed'
	where id = any (v_ids);

	foreach v_id in array v_ids loop
		perform registration.remember(v_id, 'waitlisted', 'confirmed',
		    'promoted');
		perform invite.open(v_id, null, 'registration.promoted');
	end loop;

	return cardinality(v_ids);
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

-- Of the person, or of an organizer of the event; anyone else cannot tell it
-- from one that does not exist.
create function registration.mine(p_registration bigint)
returns data.registration
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	select * into v_row from data.registration r
	where r.id = p_registration;
	if not found or v_row.person_id is distinct from account.actor()
	    and not account.may('organizer', v_row.event_id)
	    and not account.trusted() then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
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

create function registration.of_token(p_manage_hash bytea)
returns data.registration
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r
	where r.manage_hash = p_manage_hash;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
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

-- What the bearer of a manage token sees.
create function registration.managed(p_manage_hash bytea)
returns table (id bigint, event_id bigint, state data.registration_state,
    is_confirmed boolean, is_waitlisted boolean, is_offered boolean,
    is_requested boolean, is_ended boolean, is_live boolean,
    has_ticket boolean, place bigint, serial integer, via data.mode, name text,
    email text, slug text, title text, zone text, event_state data.publicity,
    is_published boolean, starts text, ends text, one_day boolean, venue text,
    city text, online_url text, arrived text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query
	select r.id, r.event_id, r.state, r.state = 'confirmed',
	    r.state = 'waitlisted', r.state = 'offered', r.state = 'requested',
	    r.state in ('declined', 'withdrawn', 'expired', 'cancelled'),
	    r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed') and e.ends >= now(),
	    r.state = 'confirmed' and e.ends >= now(),
	    registration.place(r.id), r.serial, r.via, p.name, p.email, e.slug,
	    e.title, e.zone, e.state, e.state = 'published',
	    schedule.at(e.starts, e.zone), schedule.at(e.ends, e.zone),
	    (e.starts at time zone e.zone)::date
	        = ((e.ends - interval '1 second') at time zone e.zone)::date,
	    e.venue, e.city,
	    case when r.state = 'confirmed' then e.online_url end,
	    schedule.at(a.since, e.zone)
	from data.registration r
	join data.event e on e.id = r.event_id
	join data.person p on p.id = r.person_id
	left join data.attendance a on a.registration_id = r.id
	    and a.session_id is null
	where r.id = v_row.id;
end
$$;

create function registration.managed_picks(p_manage_hash bytea)
returns table (id bigint, title text, slug text, state data.publicity,
    starts text, ends text, room text, hue integer)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query
	select s.id, s.title, s.slug, s.state, schedule.at(s.starts, e.zone),
	    schedule.at(s.ends, e.zone), coalesce(o.name, ''),
	    coalesce(t.position % 8, 0)
	from data.pick k
	join data.session s on s.id = k.session_id
	join data.event e on e.id = s.event_id
	left join data.room o on o.id = s.room_id
	left join data.track t on t.id = s.track_id
	where k.registration_id = v_row.id
	order by s.starts, s.id;
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

-- A text as it stands in a pattern of LIKE.
create function registration.like(p_text text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return regexp_replace(trim(p_text), '([\\%_])', '\\\1', 'g');
end
$$;
