-- Seats of a pool that are set aside for some.

-- A bucket for its event's organizer, under the lock.
create function registration.bucket_of(p_bucket bigint)
returns data.bucket
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('bucket', p_bucket);
	v_bucket data.bucket;
begin
	if v_event is null then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_bucket';
	end if;
	perform account.must('organizer', v_event);
	perform registration.lock(v_event);

	select * into v_bucket from data.bucket b where b.id = p_bucket;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_bucket';
	elsif v_bucket.released is not null then
		raise exception using errcode = 'P0003',
		    message = 'registration.bucket_released';
	end if;

	return v_bucket;
end
$$;

-- Makes a bucket (null: a new one, last in order) or changes it.  Who has a
-- seat keeps it where it is; who waits joins the line of the first that fits.
create function registration.bucket_put(p_bucket bigint, p_event bigint,
    p_name text, p_by data.bucket_by, p_question bigint, p_values text[],
    p_nominated boolean, p_seats integer, p_release timestamptz)
returns table (bucket bigint, event bigint, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_new data.bucket;
	v_seats integer := 0;
	v_pool data.pool;
begin
	if p_bucket is not null then
		v_new := registration.bucket_of(p_bucket);
		v_seats := v_new.seats;
		select p.* into v_pool from data.pool p where p.id = v_new.pool_id;
	else
		perform account.must('organizer', p_event);
		perform registration.lock(p_event);
		v_pool := registration.pool_of(p_event);
		v_new.pool_id := v_pool.id;
	end if;
	v_new.name := trim(coalesce(p_name, ''));
	v_new."by" := p_by;
	v_new.question_id := case when p_by = 'answer' then p_question end;
	v_new.for_values := p_values;
	v_new.nominated := coalesce(p_nominated, false);
	v_new.seats := p_seats;
	v_new.release := p_release;
	perform registration.check_bucket(v_pool, v_new);
	perform registration.check_values(v_new);
	if v_pool.seats is null then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.buckets_need_seats';
	elsif p_seats - v_seats > registration.free(v_pool) then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = 'registration.bucket_too_big';
	end if;

	update data.pool p set reserved = p.reserved + p_seats - v_seats,
	    version = p.version + 1
	where p.id = v_pool.id;
	v_new.id := registration.bucket_write(v_new);
	perform account.note('registration.bucket_put', 'event', v_pool.event_id,
	    to_jsonb(v_new) || jsonb_build_object('bucket', v_new.id)
	    - '{id,pool_id,held,offered,confirmed,kept,waitlisted}'::text[]);

	return query select v_new.id, v_pool.event_id,
	    registration.line_up(v_pool.event_id);
end
$$;

-- Refuses a bucket that cannot be.
create function registration.check_bucket(p_pool data.pool,
    p_new data.bucket)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_fault text[];
begin
	v_fault := case
	    when p_new.name = '' then array['name', 'registration.name_missing']
	    when length(p_new.name) > 120
	    then array['name', 'registration.name_long']
	    when exists (
	        select from data.bucket b
	        where b.pool_id = p_pool.id and b.name = p_new.name
	        and b.id is distinct from p_new.id)
	    then array['name', 'registration.bucket_name_taken']
	    when p_new."by" is null then array['by', 'registration.by_missing']
	    when p_new.nominated and p_new."by" <> 'unit'
	    then array['nominated', 'registration.nominated_by_unit']
	    when p_new.seats is null or p_new.seats < 0
	    then array['seats', 'registration.seats_missing']
	    when p_new.seats < p_new.held + p_new.offered + p_new.confirmed
	        + p_new.kept then array['seats', 'registration.seats_below_used']
	    when p_new.release <= clock_timestamp()
	    then array['release', 'registration.release_past'] end;
	if v_fault is not null then
		raise exception using errcode = 'P0001', column = v_fault[1],
		    message = v_fault[2];
	end if;
end
$$;

-- Refuses values that nobody can have.
create function registration.check_values(p_new data.bucket)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_known boolean;
begin
	if coalesce(cardinality(p_new.for_values), 0) not between 1 and 250 then
		raise exception using errcode = 'P0001', column = 'values',
		    message = 'registration.values_missing';
	end if;
	if p_new."by" = 'answer' and not exists (
	    select from data.question q join data.pool p on p.event_id = q.event_id
	    where q.id = p_new.question_id and p.id = p_new.pool_id
	    and q.retired is null) then
		raise exception using errcode = 'P0001', column = 'question',
		    message = 'registration.question_unknown';
	elsif exists (
	    -- Who has such a seat would tell what they answered.
	    select from data.question q
	    where q.id = p_new.question_id and q.sensitive) then
		raise exception using errcode = 'P0001', column = 'question',
		    message = 'registration.question_sensitive';
	end if;

	select bool_and(case p_new."by"
	    when 'country' then x.v ~ '^[A-Z]{2}$'
	    when 'region' then exists (
	        select from data.country c where c.region = x.v)
	    when 'income' then exists (
	        select from data.country c where c.income = x.v)
	    when 'unit' then exists (
	        select from data.unit u where u.id::text = x.v)
	    when 'audience' then x.v in ('client', 'staff')
	    when 'answer' then x.v <> '' end) into v_known
	from unnest(p_new.for_values) x (v);
	if v_known is not true then
		raise exception using errcode = 'P0001', column = 'values',
		    message = 'registration.value_unknown';
	end if;
end
$$;

create function registration.bucket_write(p_new data.bucket)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket bigint := p_new.id;
begin
	if v_bucket is null then
		insert into data.bucket (pool_id, position, name, by, question_id,
		    for_values, nominated, seats, release)
		select p_new.pool_id, coalesce(max(b.position) + 1, 0), p_new.name,
		    p_new."by", p_new.question_id, p_new.for_values, p_new.nominated,
		    p_new.seats, p_new.release
		from data.bucket b where b.pool_id = p_new.pool_id
		returning id into v_bucket;
	else
		update data.bucket b
		set name = p_new.name, by = p_new."by",
		    question_id = p_new.question_id,
		    for_values = p_new.for_values, nominated = p_new.nominated,
		    seats = p_new.seats, release = p_new.release
		where b.id = v_bucket;
	end if;

	return v_bucket;
end
$$;

-- The buckets of a pool have changed: everyone who waits or is requested joins
-- the line of the first bucket that they fit, as who arrives now does, and free
-- seats are given.  A nominee stays in the allotment, and the holder of a code
-- in that of the code.  Answers how many were promoted.
create function registration.line_up(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.stand(p_event);

	return registration.promote(p_event);
end
$$;

-- All of them, or one whose answers have changed, into the line that fits: with
-- their priority and arrival, which are their place there.  A seat stays in the
-- bucket where it was given, whatever is said later.
create function registration.stand(p_event bigint,
    p_registration bigint default null)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_ids bigint[];
	v_buckets bigint[];
begin
	select coalesce(array_agg(l.id), '{}'), array_agg(l.fits)
	into v_ids, v_buckets
	from registration.lines(p_event, p_registration) l
	where l.fits is distinct from l.stands;

	perform registration.tally(v_ids, -1);
	update data.registration r set bucket_id = n.bucket
	from unnest(v_ids, v_buckets) n (id, bucket)
	where r.id = n.id;
	perform registration.tally(v_ids, 1);
end
$$;

-- Whoever is without a seat: the bucket whose line they stand in, and the first
-- that is for such as them.
create function registration.lines(p_event bigint, p_registration bigint)
returns table (id bigint, stands bigint, fits bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select r.id, r.bucket_id, (
	    select b.id
	    from data.bucket b
	    left join data.answer a on a.registration_id = r.id
	        and a.question_id = b.question_id
	    where b.pool_id = r.pool_id and not b.nominated
	    and b.released is null
	    and registration.fits(b.by, b.for_values, r.country, c.region,
	        c.income, r.unit_id, r.staff, a.value)
	    order by b.position, b.id
	    limit 1)
	from data.registration r
	left join data.country c on c.code = r.country
	where r.event_id = p_event and not r.kept
	and (p_registration is null or r.id = p_registration)
	and r.state in ('waitlisted', 'requested')
	and r.nominated_by is null and r.code_id is null;
end
$$;

-- A bucket is no more; who is in it is in the common pool, who waits in it in
-- the common line.
create function registration.bucket_drop(p_bucket bigint)
returns table (event bigint, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('bucket', p_bucket);
	v_bucket data.bucket := registration.bucket_of(p_bucket);
begin
	perform registration.unreserve(v_bucket);
	delete from data.bucket b where b.id = p_bucket;
	perform account.note('registration.bucket_drop', 'event', v_event,
	    jsonb_build_object('bucket', p_bucket, 'seats', v_bucket.seats));

	return query select v_event, registration.line_up(v_event);
end
$$;

-- A bucket's seats are the common pool's again, and so are those in them.
create function registration.unreserve(p_bucket data.bucket)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.pool p
	set reserved = p.reserved - p_bucket.seats,
	    inside = p.inside - p_bucket.held - p_bucket.offered
	        - p_bucket.confirmed - p_bucket.kept,
	    version = p.version + 1
	where p.id = p_bucket.pool_id;
end
$$;

-- An organizer lets a bucket's unused seats go before its time.
create function registration.bucket_release(p_bucket bigint)
returns table (event bigint, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('bucket', p_bucket);
begin
	perform registration.release(registration.bucket_of(p_bucket));

	return query select v_event, registration.promote(v_event);
end
$$;

-- Once, and the caller holds the lock.  What it counts from now on is shown,
-- and is the common pool's.
create function registration.release(p_bucket data.bucket)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.unreserve(p_bucket);
	update data.bucket b set released = clock_timestamp()
	where b.id = p_bucket.id;
	perform account.note('registration.bucket_release', 'event', p.event_id,
	    jsonb_build_object('bucket', p_bucket.id, 'seats', p_bucket.seats,
	        'unused', registration.free(p_bucket)))
	from data.pool p where p.id = p_bucket.pool_id;
end
$$;
