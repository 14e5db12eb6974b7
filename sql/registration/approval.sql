-- Who says yes before a seat is given: the coordinator of the person's unit,
-- the organizer, or one after the other.

-- Who decides first, as a pool's rule says.  A unit without a coordinator has
-- nobody to ask: then the organizer decides.
create function registration.first_step(p_approval data.approval, p_unit bigint)
returns data.approval_step
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case
	    when p_approval in ('coordinator', 'both') and exists (
	        select from data.role r
	        where r.kind = 'coordinator' and r.scope = 'unit'
	        and r.scope_id = p_unit) then 'coordinator'
	    else 'organizer' end::data.approval_step;
end
$$;

-- Until when what is asked now has to be decided, of one whose seat is kept or not.
create function registration.decide_until(p_pool data.pool, p_kept boolean)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return registration.term(p_pool.event_id,
	    make_interval(days => p_pool.decide_days), p_kept);
end
$$;

-- A request for who decides it next, under the lock.  Whoever has nothing to do
-- with it cannot tell it from one that does not exist.
create function registration.to_decide(p_registration bigint)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
	v_organizes boolean;
	v_coordinates boolean;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	select * into v_row from data.registration r
	where r.id = p_registration;
	v_organizes := account.trusted()
	    or account.may('organizer', v_row.event_id);
	v_coordinates := account.trusted()
	    or coalesce(v_row.unit_id = any (account.my_units()), false);
	if v_row.id is null or not v_organizes and not v_coordinates then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	v_row := registration.locked(p_registration);
	if v_row.state <> 'requested' then
		raise exception using errcode = 'P0003',
		    message = 'registration.decided';
	elsif v_row.expires <= clock_timestamp() then
		raise exception using errcode = 'P0004',
		    message = 'registration.decision_over';
	elsif not (case v_row.step when 'coordinator' then v_coordinates
	    else v_organizes end) then
		raise exception using errcode = '42501',
		    message = 'registration.not_your_step';
	end if;

	return v_row;
end
$$;

-- Yes.  Of two who decide, the second is asked now; after the last, a seat if
-- there is one, else a place in the line.
create function registration.approve(p_registration bigint,
    p_note text default '')
returns table (registration bigint, event bigint,
    state data.registration_state, step data.approval_step)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.to_decide(p_registration);
	v_pool data.pool := registration.pool_of(v_row.event_id);
	v_note text := left(trim(coalesce(p_note, '')), 1000);
begin
	if v_row.step = 'coordinator' and v_pool.approval = 'both' then
		perform registration.move(v_row.id, 'requested', 'approved',
		    registration.decide_until(v_pool, v_row.kept), 'organizer',
		    v_row.kept, v_note);
		perform registration.tell('registration.seconded', v_row, v_note);
	elsif v_row.kept then
		perform registration.readmit(v_row, v_note);
	else
		perform registration.admit(v_row.event_id, array[v_row.id], v_note);
	end if;

	return query select r.id, r.event_id, r.state, r.step
	from data.registration r where r.id = v_row.id;
end
$$;

-- Those who were approved, in their order: a seat of their bucket, or a common
-- one, when nobody waits for it; else they wait where they came in.  Whoever came
-- in by an allotment waits for that, as registration.give() and the line have it.
create function registration.admit(p_event bigint, p_ids bigint[],
    p_note text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_common bigint[];
	v_seated bigint[];
	v_waiting bigint[];
begin
	select array_agg(a.id) filter (where a.leaves),
	    array_agg(a.id order by a.n) filter (where a.has_seat),
	    array_agg(a.id order by a.n) filter (where not a.has_seat)
	into v_common, v_seated, v_waiting
	from registration.admitted(registration.pool_of(p_event), p_ids) a;

	perform registration.tally(p_ids, -1);
	update data.registration r
	set state = case when r.id = any (v_seated) then 'confirmed'
	        else 'waitlisted' end::data.registration_state,
	    bucket_id = case when r.id = any (v_common) then null
	        else r.bucket_id end,
	    expires = null, step = null, reminded = null
	where r.id = any (p_ids);
	perform registration.tally(p_ids, 1);
	perform registration.remember_many(p_ids, 'requested', 'approved', p_note);

	if v_seated is not null then
		perform invite.open_many(p_event, v_seated,
		    'registration.approved', registration.said(p_note));
	end if;
	if v_waiting is not null then
		perform notice.put_many(array_fill('registration.waitlisted'::text,
		    array[cardinality(v_waiting)]), v_waiting,
		    p_details => registration.said(p_note));
		perform registration.promote(p_event);
	end if;
end
$$;

-- What becomes of each: a seat or not, and whether it leaves its bucket for that.
create function registration.admitted(p_pool data.pool, p_ids bigint[])
returns table (n bigint, id bigint, has_seat boolean, leaves boolean)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_free integer := coalesce(registration.free(p_pool), 2147483647);
	v_line integer := registration.common_line(p_pool);
	v_buckets data.bucket[] := array(
	    select b from data.bucket b
	    where b.pool_id = p_pool.id and b.released is null);
	v_ids bigint[] := array(select b.id from unnest(v_buckets) b);
	v_bucket bigint;
	v_at integer;
	v_allotted boolean;
begin
	for n, id, v_bucket in
		select x.n, r.id, r.bucket_id
		from unnest(p_ids) with ordinality x (id, n)
		join data.registration r on r.id = x.id
		order by x.n
	loop
		v_at := array_position(v_ids, v_bucket);
		v_allotted := coalesce(v_buckets[v_at].nominated, false);
		has_seat := true;
		leaves := false;
		if v_buckets[v_at].waitlisted = 0
		    and registration.free(v_buckets[v_at]) > 0 then
			v_buckets[v_at].confirmed := v_buckets[v_at].confirmed + 1;
		elsif not v_allotted and v_line = 0 and v_free > 0 then
			v_free := v_free - 1;
			leaves := true;
		else
			has_seat := false;
			v_line := v_line + (not v_allotted)::integer;
			if v_at is not null then
				v_buckets[v_at].waitlisted := v_buckets[v_at].waitlisted + 1;
			end if;
		end if;
		return next;
	end loop;
end
$$;

-- Whether the event is in the person's calendar.
create function registration.is_invited(p_registration bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.invite i join data.calendar c on c.id = i.calendar_id
	    where i.registration_id = p_registration and i.live
	    and c.session_id is null);
end
$$;

-- Somebody whose seat was kept.  Who had it before has it in their calendar; who
-- took it over from a colleague has not yet.
create function registration.readmit(p_row data.registration, p_note text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.move(p_row.id, 'confirmed', 'approved',
	    p_note => p_note);
	if registration.is_invited(p_row.id) then
		perform registration.tell('registration.approved', p_row, p_note);
	else
		perform registration.invite_all(p_row.id, 'registration.approved',
		    p_note);
	end if;
end
$$;

-- No, and why, which the person is told.
create function registration.decline(p_registration bigint,
    p_why text default '')
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.to_decide(p_registration);
begin
	perform registration.finish(array[v_row.id], 'declined',
	    'registration.declined', left(trim(coalesce(p_why, '')), 1000));
	perform registration.promote(v_row.event_id);

	return query select v_row.id, v_row.event_id,
	    'declined'::data.registration_state;
end
$$;

-- Whether what was approved has to be approved anew when it changes: the pool's
-- rule is that, and the person is not inside already.
create function registration.is_asked_anew(p_row data.registration)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_row.state = 'confirmed' and exists (
	    select from data.pool p
	    where p.id = p_row.pool_id and p.reapprove and p.approval <> 'none')
	    and not exists (
	    select from data.attendance a where a.registration_id = p_row.id);
end
$$;

-- As requested as one that has just come, the seat kept meanwhile.
create function registration.keep_seat(p_row data.registration, p_why text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool := registration.pool_of(p_row.event_id);
begin
	perform registration.move(p_row.id, 'requested', p_why,
	    registration.decide_until(v_pool, true),
	    registration.first_step(v_pool.approval, p_row.unit_id), true);
end
$$;

-- Answers that were approved have changed.  The caller holds the lock.  Answers
-- whether somebody has to decide now.
create function registration.reask(p_registration bigint)
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.locked(p_registration);
begin
	if not registration.is_asked_anew(v_row) then
		return false;
	end if;

	perform registration.keep_seat(v_row, 'edited');
	perform registration.tell('registration.reasked', v_row);

	return true;
end
$$;
