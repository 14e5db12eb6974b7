-- Work for the worker other than mail.

-- With a key, one job of that kind and key waits at a time; asking again does
-- nothing.
create function job.put(p_kind text, p_key text, p_details jsonb default '{}',
    p_after interval default '0')
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into data.job (kind, key, details, next_try)
	values (p_kind, p_key, p_details, clock_timestamp() + p_after)
	on conflict (kind, key) where done is null and key <> '' do nothing
	returning id into v_id;
	if pg_try_advisory_xact_lock(1502, 1) then
		perform pg_notify('job', p_kind);
	end if;

	return v_id;
end
$$;

create function job.claim(p_kinds text[], p_limit integer,
    p_lease interval default '5 minutes')
returns setof data.job
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	return query
	update data.job j
	set lease_until = clock_timestamp() + p_lease,
	    attempts = j.attempts + 1
	from (
	    select q.id from data.job q
	    where q.done is null and q.next_try <= clock_timestamp()
	    and q.kind = any (p_kinds)
	    and (q.lease_until is null or q.lease_until < clock_timestamp())
	    order by q.next_try
	    for update skip locked
	    limit p_limit) due
	where j.id = due.id
	returning j.*;
end
$$;

-- A job that is still at work keeps its lease.
create function job.hold(p_job bigint, p_lease interval default '5 minutes')
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	update data.job j set lease_until = clock_timestamp() + p_lease
	where j.id = p_job and j.done is null;

	return found;
end
$$;

create function job.done(p_job bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	update data.job j
	set done = clock_timestamp(), lease_until = null, problem = ''
	where j.id = p_job and j.done is null;
end
$$;

-- After the tries that it is worth, it is done with its problem left standing.
-- Says whether it will be tried again.
create function job.retry(p_job bigint, p_problem text,
    p_tries integer default 10)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_done timestamptz;
begin
	perform account.must_house();
	update data.job j
	set done = case when j.attempts >= p_tries then clock_timestamp() end,
	    next_try = clock_timestamp() + notice.pause(j.attempts),
	    lease_until = null, problem = left(p_problem, 1000)
	where j.id = p_job and j.done is null
	returning j.done into v_done;

	return found and v_done is null;
end
$$;
