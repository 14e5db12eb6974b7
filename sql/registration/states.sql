-- From one state to another.  The caller holds the lock.

-- History and audit of one transition, once the row is what it became; the note
-- is what who decided said.
create function registration.remember(p_registration bigint,
    p_was data.registration_state, p_became data.registration_state,
    p_why text, p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.registration_change (registration_id, actor, was,
	    became, why, note)
	values (p_registration, account.actor(), p_was, p_became, p_why, p_note);
	perform account.note('registration.' || p_became::text, 'registration',
	    r.id, jsonb_build_object('why', p_why, 'bucket', r.bucket_id))
	from data.registration r where r.id = p_registration;
end
$$;

-- The same of many, in their order, that all were the same.
create function registration.remember_many(p_ids bigint[],
    p_was data.registration_state, p_why text, p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.registration_change (registration_id, actor, was,
	    became, why, note)
	select r.id, account.actor(), p_was, r.state, p_why, p_note
	from unnest(p_ids) with ordinality x (id, n)
	join data.registration r on r.id = x.id
	order by x.n;

	perform account.note_many(array(
	    select row('registration.' || r.state, 'registration', r.id,
	        account.actor(), account.device(), jsonb_build_object('why',
	        p_why, 'bucket', r.bucket_id))::account.noted
	    from unnest(p_ids) with ordinality x (id, n)
	    join data.registration r on r.id = x.id
	    order by x.n));
end
$$;

-- One that lives on: counters, row, history.  What is offered or requested has
-- a term, and what is requested somebody who decides next.
create function registration.move(p_registration bigint,
    p_became data.registration_state, p_why text,
    p_expires timestamptz default null,
    p_step data.approval_step default null, p_kept boolean default false,
    p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.registration_state;
begin
	select r.state into strict v_was
	from data.registration r where r.id = p_registration;

	perform registration.tally(array[p_registration], -1);
	update data.registration r
	set state = p_became, expires = p_expires, step = p_step,
	    kept = p_kept, reminded = null
	where r.id = p_registration;
	perform registration.tally(array[p_registration], 1);

	perform registration.remember(p_registration, v_was, p_became, p_why,
	    p_note);
end
$$;

-- These live ones end, one after the other: seats, picks and codes are free
-- again, people and calendars are told.
create function registration.finish(p_ids bigint[],
    p_became data.registration_state, p_kind text, p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_each record;
begin
	perform registration.tally(p_ids, -1);
	for v_each in
		select r.id, r.state
		from unnest(p_ids) with ordinality x (id, n)
		join data.registration r on r.id = x.id
		order by x.n
	loop
		update data.registration r
		set state = p_became, expires = null, step = null, kept = false
		where r.id = v_each.id;
		perform registration.remember(v_each.id, v_each.state, p_became,
		    p_kind, p_note);
		perform invite.close(v_each.id, p_kind, registration.said(p_note));
	end loop;
	perform registration.drop_picks(p_ids);
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
	v_row data.registration := registration.locked(p_registration);
begin
	if v_row.state in ('declined', 'withdrawn', 'expired', 'cancelled') then
		return v_row.state;
	end if;
	perform registration.must_be_ahead(v_row);

	perform registration.finish(array[p_registration], p_became, p_kind);
	perform registration.promote(v_row.event_id);

	return p_became;
end
$$;

-- Refuses what comes too late: the event is over, or the person is inside.
create function registration.must_be_ahead(p_row data.registration)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if exists (
	    select from data.event e
	    where e.id = p_row.event_id and e.ends <= clock_timestamp()) then
		raise exception using errcode = 'P0004',
		    message = 'registration.event_over';
	elsif exists (
	    select from data.attendance a
	    where a.registration_id = p_row.id) then
		raise exception using errcode = 'P0003',
		    message = 'registration.already_in';
	end if;
end
$$;

-- The row as it is once its event's lock is ours.
create function registration.locked(p_registration bigint)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	perform registration.lock(r.event_id)
	from data.registration r where r.id = p_registration;
	select * into strict v_row from data.registration r
	where r.id = p_registration
	for no key update;

	return v_row;
end
$$;

-- The same of one that was found to be somebody's, who may: refused when it is
-- another's by now.
create function registration.locked(p_row data.registration)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.locked(p_row.id);
begin
	if (v_row.person_id, v_row.manage_hash)
	    is distinct from (p_row.person_id, p_row.manage_hash) then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
end
$$;

create function registration.leave(p_row data.registration,
    p_became data.registration_state, p_kind text)
returns data.registration_state
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	return registration.leave((registration.locked(p_row)).id, p_became,
	    p_kind);
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
	    v_row, 'withdrawn', 'registration.withdrawn');
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
	    v_row, 'withdrawn', 'registration.withdrawn');
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
	    v_row, 'cancelled', 'registration.cancelled');
end
$$;

-- An event that will not be: everyone's registration ends, nobody is promoted.
-- Who was only waiting, or has not been approved yet, has no calendar entry, so a
-- mail of its own.
create function registration.end_event(p_event bigint)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_ids bigint[];
begin
	perform registration.lock(p_event);
	v_ids := array(
	    select r.id from data.registration r
	    where r.event_id = p_event and r.state in ('held', 'requested',
	        'waitlisted', 'offered', 'confirmed'));

	perform notice.put('invite.event_cancelled', r.person_id, r.event_id, r.id)
	from data.registration r
	where r.id = any (v_ids)
	and r.state in ('held', 'requested', 'waitlisted', 'offered')
	and not registration.is_invited(r.id);
	perform registration.remember(r.id, r.state, 'cancelled', 'event_cancelled')
	from data.registration r where r.id = any (v_ids);

	update data.registration r
	set state = 'cancelled', expires = null, step = null, kept = false
	where r.id = any (v_ids);
	update data.pool p set held = 0, offered = 0, confirmed = 0, kept = 0,
	    waitlisted = 0, inside = 0
	where p.event_id = p_event;
	update data.bucket b set held = 0, offered = 0, confirmed = 0, kept = 0,
	    waitlisted = 0
	from data.pool p
	where p.event_id = p_event and b.pool_id = p.id;
	update data.access_code c set used = 0 where c.event_id = p_event;

	return cardinality(v_ids);
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
	where r.id = v_row.id and r.person_id = v_row.person_id
	and r.state = 'confirmed'
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
