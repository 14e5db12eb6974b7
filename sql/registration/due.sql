-- What time does: terms end, buckets are released, who has to act is reminded.

-- The worker calls it every few seconds; it does no more at once than leaves
-- the pools free for those who register.  Events in order of their number, as
-- everyone who needs several locks takes them.  Answers how much it did.
create function registration.due(p_most integer default 200)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
	v_done integer := 0;
begin
	perform account.must_house();

	for v_event in
		select d.event_id from registration.due_events(p_most) d
		order by d.event_id
	loop
		perform registration.lock(v_event);
		v_done := v_done + registration.release_due(v_event)
		    + registration.expire(v_event, p_most - v_done);
		exit when v_done >= p_most;
	end loop;

	return v_done + registration.remind(p_most);
end
$$;

-- The events where something is due, those first where it was due first.
create function registration.due_events(p_most integer)
returns table (event_id bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select distinct d.event_id
	from (
	    (select r.event_id, r.expires as at
	    from data.registration r
	    where r.expires <= clock_timestamp()
	    order by r.expires
	    limit p_most)
	    union all
	    select p.event_id, b.release
	    from data.bucket b join data.pool p on p.id = b.pool_id
	    where b.released is null and b.release <= clock_timestamp()
	    order by at
	    limit p_most) d;
end
$$;

create function registration.release_due(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket data.bucket;
	v_released integer := 0;
begin
	for v_bucket in
		select b.*
		from data.bucket b join data.pool p on p.id = b.pool_id
		where p.event_id = p_event and b.released is null
		and b.release <= clock_timestamp()
		order by b.release, b.id
	loop
		perform registration.release(v_bucket);
		v_released := v_released + 1;
	end loop;
	if v_released > 0 then
		perform registration.promote(p_event);
	end if;

	return v_released;
end
$$;

-- Held, offered or requested for too long, in the order of time; the next in
-- line have their seats.
create function registration.expire(p_event bigint, p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_ids bigint[] := array(
	    select r.id from data.registration r
	    where r.event_id = p_event and r.expires <= clock_timestamp()
	    order by r.expires, r.arrival
	    limit greatest(p_most, 0));
begin
	if v_ids = '{}' then
		return 0;
	end if;

	perform registration.finish(v_ids, 'expired', 'registration.expired');
	perform registration.promote(p_event);

	return cardinality(v_ids);
end
$$;

-- Mails to those who have to act.
create function registration.remind(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	return registration.remind_offered(p_most)
	    + registration.remind_deciders(p_most)
	    + registration.tell_deciders(p_most);
end
$$;

-- Half of an offer's time is over.
create function registration.remind_offered(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_told integer;
begin
	with late as (
	    select r.id from data.registration r
	    where r.state = 'offered' and r.reminded is null
	    and r.expires > clock_timestamp()
	    and registration.half_over(r)
	    order by r.expires
	    limit p_most
	    for no key update skip locked),
	told as (
	    update data.registration r set reminded = clock_timestamp()
	    from late where late.id = r.id
	    returning r.*)
	select count(registration.tell('registration.reminder_offer', t))
	into v_told
	from told t;

	return v_told;
end
$$;

-- Whether more than half of the time is over that somebody has to act in.
create function registration.half_over(p_row data.registration)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_since timestamptz := registration.since(p_row.id);
begin
	return clock_timestamp() > v_since + (p_row.expires - v_since) / 2;
end
$$;

-- When it became what it is.
create function registration.since(p_registration bigint)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select max(c.at) from data.registration_change c
	    where c.registration_id = p_registration);
end
$$;

-- Who decides a request next: the coordinators of its unit, or the organizers
-- of its event or program.
create function registration.deciders(p_row data.registration)
returns setof bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select distinct o.person_id
	from data.role o
	join data.event e on e.id = p_row.event_id
	where p_row.step = 'coordinator' and o.kind = 'coordinator'
	and o.scope = 'unit' and o.scope_id = p_row.unit_id
	or p_row.step = 'organizer' and o.kind = 'organizer'
	and (o.scope = 'event' and o.scope_id = e.id
	    or o.scope = 'program' and o.scope_id = e.program_id);
end
$$;

-- Half of the time to decide is over: one mail to each who decides, however
-- many requests there are.
create function registration.remind_deciders(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_told integer;
begin
	with late as (
	    select r.id from data.registration r
	    where r.state = 'requested' and r.reminded is null
	    and r.expires > clock_timestamp()
	    and registration.half_over(r)
	    order by r.expires
	    limit p_most
	    for no key update skip locked),
	told as (
	    update data.registration r set reminded = clock_timestamp()
	    from late where late.id = r.id
	    returning r.*),
	letters as (
	    select t.event_id, t.step, d.person, count(*) as requests
	    from told t cross join lateral registration.deciders(t) d (person)
	    group by t.event_id, t.step, d.person)
	select count(notice.put('registration.reminder_decide', l.person,
	    l.event_id, null, p_details => jsonb_build_object('step', l.step,
	        'requests', l.requests)))
	into v_told
	from letters l;

	return v_told;
end
$$;

-- Requests that came since the last mail to who decides them; not oftener than
-- hourly to the same person about the same event.
create function registration.tell_deciders(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_told integer;
begin
	with letters as (
	    select r.event_id, r.step, d.person, count(*) as requests,
	        max(registration.since(r.id)) as newest
	    from (
	        select q.* from data.registration q
	        where q.state = 'requested' and q.expires > clock_timestamp()
	        order by q.expires desc
	        limit p_most) r
	    cross join lateral registration.deciders(r) d (person)
	    group by r.event_id, r.step, d.person)
	select count(notice.put('registration.decide', l.person, l.event_id, null,
	    p_details => jsonb_build_object('step', l.step,
	        'requests', l.requests)))
	into v_told
	from letters l
	left join lateral (
	    select max(n.created) as at from data.notice n
	    where n.event_id = l.event_id and n.person_id = l.person
	    and n.kind in ('registration.decide', 'registration.reminder_decide')
	    ) last on true
	where last.at is null or last.at < least(l.newest,
	    clock_timestamp() - interval '1 hour');

	return v_told;
end
$$;
