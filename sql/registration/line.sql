-- Who waits, and who is next.  Each bucket has a line, by (priority, arrival);
-- a free seat of it goes to the head of that.  A free common seat goes to the
-- head of all who wait in the pool, but for an allotment, and whoever takes it
-- leaves the bucket.

-- Who is next in a bucket's line, or (null) in the common one, for so many seats
-- (null: without limit).  A party that does not fit into them is split, let
-- past, or all wait for it, as the pool says; one that stands in several lines
-- is kept together by the common seats alone.
create function registration.next_in_line(p_pool data.pool, p_bucket bigint,
    p_seats integer)
returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_line refcursor := registration.line(p_pool.id, p_bucket);
	v_together boolean := p_pool.party_policy <> 'split';
	v_id bigint;
	v_party bigint;
	v_members bigint[];
	v_seen bigint[] := '{}';
	v_next bigint[] := '{}';
begin
	while p_seats is null or cardinality(v_next) < p_seats loop
		fetch v_line into v_id, v_party;
		exit when not found;
		if v_party is null or not v_together then
			v_next := v_next || v_id;
			continue;
		elsif v_party = any (v_seen) then
			continue;
		end if;

		v_seen := v_seen || v_party;
		v_members := registration.party_in_line(p_pool.id, p_bucket,
		    v_party);
		if p_seats is null
		    or cardinality(v_next || v_members) <= p_seats then
			v_next := v_next || v_members;
		elsif p_pool.party_policy = 'wait' then
			exit;
		end if;
	end loop;
	close v_line;

	return v_next;
end
$$;

-- A line, opened at its head.  Two statements, so that each walks its own index
-- and reads no further than to whom it serves.
create function registration.line(p_pool bigint, p_bucket bigint)
returns refcursor
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_line refcursor;
	v_allotments bigint[];
begin
	if p_bucket is null then
		v_allotments := array(
		    select b.id from data.bucket b
		    where b.pool_id = p_pool and b.nominated
		    and b.released is null);
		open v_line no scroll for
		    select r.id, r.party_id from data.registration r
		    where r.pool_id = p_pool and r.state = 'waitlisted'
		    and (r.bucket_id is null
		        or r.bucket_id <> all (v_allotments))
		    order by r.priority, r.arrival;
	else
		open v_line no scroll for
		    select r.id, r.party_id from data.registration r
		    where r.bucket_id = p_bucket and r.state = 'waitlisted'
		    order by r.priority, r.arrival;
	end if;

	return v_line;
end
$$;

-- All of a party that wait in the line; none of them when some wait in another.
create function registration.party_in_line(p_pool bigint, p_bucket bigint,
    p_party bigint)
returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select case when p_bucket is null
	        or bool_and(r.bucket_id is not distinct from p_bucket)
	        then array_agg(r.id order by r.priority, r.arrival)
	        else '{}' end
	    from data.registration r
	    where r.party_id = p_party and r.pool_id = p_pool
	    and r.state = 'waitlisted');
end
$$;

-- Free seats go to who waits, by the pool's own rule.  The caller holds the
-- lock.  Answers how many were promoted.
create function registration.promote(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool := registration.pool_of(p_event);
begin
	if v_pool.promotion = 'manual' then
		return 0;
	end if;

	return registration.advance(v_pool, null);
end
$$;

-- So many of those who wait (null: as many as there are seats) get one, while
-- the event takes people: first the buckets' seats, then the common ones.
create function registration.advance(p_pool data.pool, p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket data.bucket;
	v_left integer;
	v_next bigint[];
	v_promoted integer := 0;
begin
	if p_pool.waitlisted = 0 or not registration.takes(p_pool.event_id) then
		return 0;
	end if;

	for v_bucket in
		select b.* from data.bucket b
		where b.pool_id = p_pool.id and b.waitlisted > 0
		and registration.free(b) > 0
		order by b.position, b.id
	loop
		v_next := registration.next_in_line(p_pool, v_bucket.id,
		    least(registration.free(v_bucket), p_most - v_promoted));
		v_promoted := v_promoted + registration.seat(p_pool, v_next,
		    v_bucket.id, p_pool.promotion <> 'confirm', 'promoted');
	end loop;

	p_pool := registration.pool_of(p_pool.event_id);
	v_left := least(registration.free(p_pool), p_most - v_promoted);
	if v_left is null or v_left > 0 then
		v_next := registration.next_in_line(p_pool, null, v_left);
		v_promoted := v_promoted + registration.seat(p_pool, v_next, null,
		    p_pool.promotion <> 'confirm', 'promoted');
	end if;

	return v_promoted;
end
$$;

-- These who wait have a seat of the bucket, or (null) of the common pool, from
-- now: offered, or confirmed at once.  Whom somebody else nominated is always
-- asked first.  The caller has seen to it that there are as many.
create function registration.seat(p_pool data.pool, p_ids bigint[],
    p_bucket bigint, p_offer boolean, p_why text, p_note text default '')
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_expires timestamptz := registration.term(p_pool.event_id,
	    make_interval(hours => p_pool.offer_hours));
	v_offered bigint[];
	v_confirmed bigint[];
begin
	if p_ids = '{}' then
		return 0;
	end if;

	perform registration.tally(p_ids, -1);
	update data.registration r
	set state = case when n.offer then 'offered' else 'confirmed' end
	        ::data.registration_state,
	    expires = case when n.offer then v_expires end,
	    bucket_id = p_bucket, reminded = null
	from (
	    select w.id, p_offer or w.nominated_by is not null as offer
	    from data.registration w where w.id = any (p_ids)) n
	where r.id = n.id;
	perform registration.tally(p_ids, 1);

	perform registration.remember_many(p_ids, 'waitlisted', p_why, p_note);
	select array_agg(r.id order by x.n) filter (where r.state = 'offered'),
	    array_agg(r.id order by x.n) filter (where r.state = 'confirmed')
	into v_offered, v_confirmed
	from unnest(p_ids) with ordinality x (id, n)
	join data.registration r on r.id = x.id;
	if v_confirmed is not null then
		perform invite.open_many(p_pool.event_id, v_confirmed,
		    'registration.promoted');
	end if;
	perform notice.put_many(array_fill('registration.offered'::text,
	    array[coalesce(cardinality(v_offered), 0)]), v_offered);

	return cardinality(p_ids);
end
$$;

-- A mail about a registration to its person, without a calendar.
create function registration.tell(p_kind text, p_row data.registration,
    p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform notice.put(p_kind, p_row.person_id, p_row.event_id, p_row.id,
	    p_details => registration.said(p_note));
end
$$;

-- What a mail needs of what was said.
create function registration.said(p_note text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case when p_note <> '' then jsonb_build_object('note', p_note)
	else '{}' end;
end
$$;

-- An organizer lets so many more in, whatever the pool's own rule is.
create function registration.promote_next(p_event bigint, p_count integer)
returns table (event bigint, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_promoted integer;
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	if p_count is null or p_count < 1 then
		raise exception using errcode = 'P0001', column = 'count',
		    message = 'registration.out_of_range';
	end if;
	perform registration.must_take(p_event);

	v_promoted := registration.advance(registration.pool_of(p_event), p_count);
	perform account.note('registration.promote_next', 'event', p_event,
	    jsonb_build_object('promoted', v_promoted));

	return query select p_event, v_promoted;
end
$$;

-- Refuses when seats are not handed on any more.
create function registration.must_take(p_event bigint)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if not registration.takes(p_event) then
		raise exception using errcode = 'P0004',
		    message = 'registration.closed';
	end if;
end
$$;

-- One who waits has a seat before their turn: of their bucket when that has one,
-- else a common one.  The caller has let an organizer in, and holds the lock.
create function registration.by_hand(p_row data.registration, p_offer boolean,
    p_note text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool := registration.pool_of(p_row.event_id);
	v_bucket data.bucket;
begin
	perform registration.must_take(p_row.event_id);
	if p_row.state <> 'waitlisted' then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_waiting';
	end if;
	select * into v_bucket from data.bucket b where b.id = p_row.bucket_id;
	if registration.free(v_bucket) is null or registration.free(v_bucket) = 0 then
		v_bucket := null;
		if not registration.has_seat(v_pool) then
			raise exception using errcode = 'P0003',
			    message = 'registration.no_seat';
		end if;
	end if;

	perform registration.seat(v_pool, array[p_row.id], v_bucket.id, p_offer,
	    'by_hand', p_note);
end
$$;

-- An organizer offers a seat to one who waits.
create function registration.offer_to(p_registration bigint)
returns table (registration bigint, event bigint,
    state data.registration_state, expires timestamptz)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_organizer(p_registration);
begin
	perform registration.by_hand(v_row, true, '');

	return query select r.id, r.event_id, r.state, r.expires
	from data.registration r where r.id = v_row.id;
end
$$;

-- An organizer gives one who waits a seat without asking them, unless somebody
-- else nominated them.  Why they pass the others stays in the history.
create function registration.confirm(p_registration bigint, p_reason text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_organizer(p_registration);
	v_reason text := left(trim(coalesce(p_reason, ''), E' \t\r\n'), 1000);
begin
	if v_reason = '' then
		raise exception using errcode = 'P0001', column = 'reason',
		    message = 'web.required';
	end if;

	perform registration.by_hand(v_row, false, v_reason);
end
$$;

-- A registration for its event's organizer, under the lock.
create function registration.of_organizer(p_registration bigint)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	perform account.must('organizer', v_row.event_id);

	return registration.locked(p_registration);
end
$$;

-- The person takes what they were offered.  A second time changes nothing; an
-- offer that is over never comes back.
create function registration.accept(p_registration bigint)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	return query select v_row.id, v_row.event_id,
	    registration.take_offer(v_row.id);
end
$$;

-- With the token of the mail in place of a login.
create function registration.accept_by_token(p_manage_hash bytea)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query select v_row.id, v_row.event_id,
	    registration.take_offer(v_row.id);
end
$$;

create function registration.take_offer(p_registration bigint)
returns data.registration_state
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.locked(p_registration);
begin
	if v_row.state = 'confirmed' then
		return v_row.state;
	elsif v_row.state <> 'offered' or v_row.expires <= clock_timestamp() then
		raise exception using errcode = 'P0004',
		    message = 'registration.offer_over';
	end if;

	perform registration.move(v_row.id, 'confirmed', 'accepted');
	perform invite.open(v_row.id, null, 'registration.confirmed');

	return 'confirmed';
end
$$;
