-- Whom organizers put on the list: one by a form, many by a table.

-- Each of them as one who arrives, and the registration that they have already;
-- p_persons says who they are.
create function registration.add_entries(p_event bigint, p_people jsonb,
    p_persons bigint[], p_seat text)
returns table (n integer, entry jsonb, live bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select (o.item ->> 'n')::integer, o.item || jsonb_build_object(
	    'person_id', p_persons[o.place], 'waives_approval', true, 'wants',
	    case p_seat when 'offer' then 'offer' else 'confirm' end), r.id
	from jsonb_array_elements(p_people) with ordinality o (item, place)
	left join data.registration r on r.event_id = p_event
	    and r.person_id = p_persons[o.place] and r.state in ('held',
	    'requested', 'waitlisted', 'offered', 'confirmed')
	order by 1;
end
$$;

-- What becomes of each, and why not.  The caller holds the lock.
create function registration.add_each(p_event bigint, p_people jsonb,
    p_persons bigint[], p_seat text)
returns table (n integer, registration bigint, state data.registration_state,
    place bigint, fault text, field text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with known as materialized (
	    select * from registration.add_entries(p_event, p_people, p_persons,
	        p_seat)),
	entered as (
	    select a.* from registration.arrive(p_event, (
	        select coalesce(jsonb_agg(k.entry order by k.n), '[]')
	        from known k where k.live is null)) a)
	select k.n, coalesce(e.registration, k.live), e.state, e.place,
	    case when k.live is null then e.fault
	    else 'registration.already_there' end,
	    case when k.live is null then e.field else 'email' end
	from known k
	left join entered e on e.n = k.n
	order by k.n;
end
$$;

-- What would become of each: as they arrive, but nothing is written, and the
-- caller need not hold the lock.
create function registration.add_foreseen(p_event bigint, p_people jsonb,
    p_persons bigint[], p_seat text)
returns table (n integer, state data.registration_state, place bigint,
    fault text, field text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with known as materialized (
	    select * from registration.add_entries(p_event, p_people, p_persons,
	        p_seat)),
	given as (
	    select f.* from registration.foreseen(p_event, (
	        select coalesce(jsonb_agg(k.entry order by k.n), '[]')
	        from known k where k.live is null)) f)
	select k.n, g.state, g.place, case when k.live is null then g.fault
	    else 'registration.already_there' end,
	    case when k.live is null then g.field else 'email' end
	from known k
	left join given g on g.n = k.n
	order by k.n;
end
$$;

-- What registration.arrive() would give these, before any of it is kept.
create function registration.foreseen(p_event bigint, p_entries jsonb)
returns table (n integer, state data.registration_state, place bigint,
    fault text, field text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool := registration.pool_of(p_event);
	v_event data.event;
	v_buckets data.bucket[] := array(
	    select b from data.bucket b
	    where b.pool_id = v_pool.id and b.released is null
	    order by b.position, b.id);
begin
	select * into v_event from data.event e where e.id = p_event;

	return query
	select (a.wish).n, a.state, a.place, a.fault, a.field
	from unnest(registration.give(v_pool, v_buckets, registration.sieve(
	    v_event, v_pool, array(
	    select f from registration.found(v_event, v_buckets, array(
	        select w from jsonb_populate_recordset(null::registration.wish,
	            p_entries) w)) f)))) a;
end
$$;

-- Who they are, in their order; made where nobody has that address.  Before the
-- event's lock, as everyone makes people: whoever waits for an address that
-- another is making must not keep others from registering.
create function registration.persons_of(p_people jsonb)
returns bigint[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select account.people_of(array_agg(o.item ->> 'email' order by o.place),
	        array_agg(o.item ->> 'name' order by o.place),
	        array_agg(o.item ->> 'language' order by o.place))
	    from jsonb_array_elements(p_people) with ordinality o (item, place));
end
$$;

-- Refuses who may not, and more than 20,000 people at once.
create function registration.must_add(p_event bigint, p_people jsonb)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	if jsonb_array_length(p_people) > 20000 then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'web.too_many', detail = '20000';
	end if;
end
$$;

-- Puts people on the list of an event; approval is waived.  p_people: objects
-- of n, email, name, language, country, organisation, key and manage_hash.
-- p_seat: now, or nobody is added; line, a seat or else a place on the waiting
-- list; offer, a seat that they have to accept.  A table is brought in parts, a
-- transaction each, so that who registers meanwhile waits for one part at most.
-- Who is there already is refused and stays as they are: the same table a second
-- time changes nothing.
create function registration.add(p_event bigint, p_people jsonb, p_seat text)
returns table (n integer, registration bigint, state data.registration_state,
    place bigint, fault text, field text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_persons bigint[];
begin
	perform registration.must_add(p_event, p_people);
	v_persons := registration.persons_of(p_people);
	perform registration.lock(p_event);

	for n, registration, state, place, fault, field in
		select * from registration.add_each(p_event, p_people, v_persons,
		    p_seat)
	loop
		if p_seat = 'now' and state = 'waitlisted' then
			raise exception using errcode = 'P0001', column = 'seat',
			    message = 'registration.no_seat';
		end if;
		return next;
	end loop;
end
$$;

-- What would become of each line of a table; nothing is done, and nobody waits
-- for who only looks: the lock is not taken, the people are taken back.  Whoever
-- expects another number of good lines has seen another list.
create function registration.add_check(p_event bigint, p_people jsonb,
    p_seat text, p_expected bigint default null)
returns table (n integer, state data.registration_state, place bigint,
    fault text, field text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_seen jsonb;
begin
	perform registration.must_add(p_event, p_people);
	begin
		select coalesce(jsonb_agg(to_jsonb(f) order by f.n), '[]') into v_seen
		from registration.add_foreseen(p_event, p_people,
		    registration.persons_of(p_people), p_seat) f;
		raise exception using errcode = 'CV000';
	exception when sqlstate 'CV000' then
		null; -- what was done is taken back, what was learnt stays
	end;
	if p_expected <> (
	    select count(*) from jsonb_array_elements(v_seen) o (item)
	    where o.item ->> 'fault' is null) then
		raise exception using errcode = 'P0003',
		    message = 'registration.list_changed';
	end if;

	return query
	select s.n, s.state, s.place, s.fault, s.field
	from jsonb_to_recordset(v_seen) s (n integer,
	    state data.registration_state, place bigint, fault text, field text)
	order by s.n;
end
$$;

-- One by a form: what the table's line says is refused at its field.
create function registration.add_one(p_event bigint, p_person jsonb,
    p_seat text)
returns table (registration bigint, state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row record;
begin
	select * into v_row
	from registration.add(p_event, jsonb_build_array(p_person), p_seat);
	if v_row.fault is not null then
		raise exception using errcode = 'P0001',
		    column = coalesce(v_row.field, 'email'),
		    message = v_row.fault;
	end if;

	return query select v_row.registration, v_row.state;
end
$$;
