-- Seats.  Every change of a pool happens under the event's advisory lock, taken
-- in a statement of its own, so that what follows is counted in a snapshot
-- made after it; those who wait for it are served as they came.  Under it, in
-- this order: the pool's row, registrations, calendars, notices.  Functions
-- that are not `security definer` are for verbs only: the web role has not the
-- rights that they need.
--
-- A seat is taken by who is held, offered, confirmed, or requested with the
-- seat kept.  It is in a bucket, or in the common pool: all seats less those
-- that buckets reserve.

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

-- How many seats of the common pool nobody has; null: without limit.
create function registration.free(p_pool data.pool)
returns integer
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_pool.seats - p_pool.reserved - (p_pool.held + p_pool.offered
	    + p_pool.confirmed + p_pool.kept - p_pool.inside);
end
$$;

-- The same of a bucket; one that was released has none.
create function registration.free(p_bucket data.bucket)
returns integer
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_bucket.released is not null then
		return 0;
	end if;

	return p_bucket.seats - p_bucket.held - p_bucket.offered
	    - p_bucket.confirmed - p_bucket.kept;
end
$$;

create function registration.has_seat(p_pool data.pool)
returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_pool.seats is null or registration.free(p_pool) > 0;
end
$$;

-- How many wait for a common seat: all but those in the line of an allotment,
-- which its coordinator fills and nobody else's seats do.
create function registration.common_line(p_pool data.pool)
returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_pool.waitlisted = 0 or p_pool.reserved = 0 then
		return p_pool.waitlisted;
	end if;

	return p_pool.waitlisted - (
	    select coalesce(sum(b.waitlisted), 0) from data.bucket b
	    where b.pool_id = p_pool.id and b.nominated and b.released is null);
end
$$;

-- Whether an event takes people now: only then are seats handed on.
create function registration.takes(p_event bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.event e
	    where e.id = p_event and e.state = 'published'
	    and least(e.cutoff, e.ends) > clock_timestamp());
end
$$;

-- When what begins now and lasts so long expires: never after the cutoff.  Who
-- had a seat, and has it kept, may lose it to the end of the event only.
create function registration.term(p_event bigint, p_span interval,
    p_kept boolean default false)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select least(clock_timestamp() + p_span,
	        case when not p_kept then e.cutoff end, e.ends)
	    from data.event e where e.id = p_event);
end
$$;

-- Counts registrations in (1) or out (-1) wherever they count as they are now:
-- in their pool, buckets and codes.  Every change is between the two.  p_arrived:
-- so many of them are new.
create function registration.tally(p_ids bigint[], p_sign integer,
    p_arrived integer default 0)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count record;
begin
	for v_count in
		select * from registration.counted(p_ids)
	loop
		if v_count.bucket is null then
			update data.pool p
			set arrived = p.arrived + p_arrived,
			    held = p.held + p_sign * v_count.held,
			    offered = p.offered + p_sign * v_count.offered,
			    confirmed = p.confirmed + p_sign * v_count.confirmed,
			    kept = p.kept + p_sign * v_count.kept,
			    waitlisted = p.waitlisted + p_sign * v_count.waitlisted,
			    inside = p.inside + p_sign * v_count.inside
			where p.id = v_count.pool;
		else
			update data.bucket b
			set held = b.held + p_sign * v_count.held,
			    offered = b.offered + p_sign * v_count.offered,
			    confirmed = b.confirmed + p_sign * v_count.confirmed,
			    kept = b.kept + p_sign * v_count.kept,
			    waitlisted = b.waitlisted + p_sign * v_count.waitlisted
			where b.id = v_count.bucket;
		end if;
		if v_count.coded > 0 then
			perform registration.tally_codes(p_ids, p_sign);
		end if;
	end loop;
end
$$;

create function registration.tally_codes(p_ids bigint[], p_sign integer)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.access_code c set used = c.used + p_sign * n.live
	from (
	    select r.code_id, count(*) as live
	    from data.registration r
	    where r.id = any (p_ids) and r.code_id is not null
	    and r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed')
	    group by r.code_id) n
	where c.id = n.code_id;
end
$$;

-- What registrations count: by pool (bucket null), and by bucket (pool null);
-- coded: so many of the pool's came with a code.
create function registration.counted(p_ids bigint[])
returns table (pool bigint, bucket bigint, held bigint, offered bigint,
    confirmed bigint, kept bigint, waitlisted bigint, inside bigint,
    coded bigint)
language sql stable
as $$
select r.pool_id, r.bucket_id,
    count(*) filter (where r.state = 'held'),
    count(*) filter (where r.state = 'offered'),
    count(*) filter (where r.state = 'confirmed'),
    count(*) filter (where r.kept),
    count(*) filter (where r.state = 'waitlisted'),
    count(*) filter (where (r.kept
            or r.state in ('held', 'offered', 'confirmed'))
        and r.bucket_id is not null and exists (
        select from data.bucket b
        where b.id = r.bucket_id and b.released is null)),
    case when r.pool_id is null then 0 else count(r.code_id) end
from data.registration r
where r.id = any (p_ids)
group by grouping sets ((r.pool_id), (r.bucket_id))
having r.pool_id is not null or r.bucket_id is not null
$$;

-- Place in the line that somebody waits in, from 1; null when not waiting.  The
-- line is the bucket's; once it is released, and without one, the common one.
create function registration.place(p_registration bigint)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
	v_place bigint;
begin
	select * into v_row from data.registration r
	where r.id = p_registration and r.state = 'waitlisted';
	if not found then
		return null;
	end if;

	if exists (
	    select from data.bucket b
	    where b.id = v_row.bucket_id and b.released is null) then
		select count(*) into v_place from data.registration q
		where q.bucket_id = v_row.bucket_id and q.state = 'waitlisted'
		and (q.priority, q.arrival) <= (v_row.priority, v_row.arrival);
	else
		select count(*) into v_place from data.registration q
		where q.pool_id = v_row.pool_id and q.state = 'waitlisted'
		and (q.priority, q.arrival) <= (v_row.priority, v_row.arrival)
		and not exists (
		    select from data.bucket b
		    where b.id = q.bucket_id and b.nominated
		    and b.released is null);
	end if;

	return v_place;
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

-- Seats that became free, or terms that ended, without a registration ending:
-- the last moment to register was moved.  What was offered or asked until later
-- than that ends with it; whose seat is kept, with the event.
create function registration.settle(p_event bigint)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);

	update data.registration r
	set expires = least(r.expires, case when not r.kept then e.cutoff end,
	    e.ends)
	from data.event e
	where e.id = p_event and r.event_id = p_event
	and r.state in ('held', 'requested', 'offered')
	and r.expires > least(e.cutoff, e.ends);

	return registration.promote(p_event);
end
$$;
