-- A seat is handed to a colleague, where its pool allows that.

-- By its person, or by an organizer, whom no rule binds.  The same key a second
-- time repeats the answer.
create function registration.transfer(p_registration bigint, p_email text,
    p_name text, p_language text, p_key uuid, p_manage_hash bytea)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r
	where r.id = p_registration and r.key = p_key;
	if not found then
		v_row := registration.mine(p_registration);
		perform registration.hand_on(v_row, account.trusted()
		    or account.may('organizer', v_row.event_id),
		    account.person_of(p_email, p_name, p_language), p_key,
		    p_manage_hash);
	end if;

	return query select r.id, r.event_id, r.state
	from data.registration r where r.id = v_row.id;
end
$$;

-- With the token of the mail in place of a login.
create function registration.transfer_by_token(p_old_hash bytea, p_email text,
    p_name text, p_language text, p_key uuid, p_manage_hash bytea)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r where r.key = p_key;
	if not found then
		v_row := registration.of_token(p_old_hash);
		perform registration.hand_on(v_row, false,
		    account.person_of(p_email, p_name, p_language), p_key,
		    p_manage_hash);
	end if;

	return query select r.id, r.event_id, r.state
	from data.registration r where r.id = v_row.id;
end
$$;

-- The registration stays what it is, with its place; the person, the ticket and
-- the key to it are others.  What the one before said, and what was said of
-- them, is not for the next; nor has the leader who brought them a say.  Where a change has to be approved anew the colleague
-- has to be: the seat is kept for them meanwhile, and their calendar told then.
create function registration.hand_on(p_row data.registration,
    p_organizes boolean, p_person bigint, p_key uuid, p_manage_hash bytea)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.locked(p_row);
begin
	perform registration.check_transfer(v_row, p_organizes, p_person);

	perform invite.close(v_row.id, 'registration.transferred_from');
	perform registration.unsay(array[v_row.id]);
	insert into data.spent_key (key, registration_id)
	values (v_row.key, v_row.id) on conflict do nothing;
	update data.registration r
	set person_id = p.id, key = p_key, manage_hash = p_manage_hash,
	    serial = r.serial + 1, country = p.country,
	    organisation = p.organisation, unit_id = p.unit_id,
	    staff = p.staff, party_id = null, version = r.version + 1
	from data.person p
	where r.id = v_row.id and p.id = p_person
	returning r.* into v_row;
	if not p_organizes and registration.is_asked_anew(v_row) then
		perform registration.keep_seat(v_row, 'transferred');
		perform registration.tell('registration.requested', v_row);
		return;
	end if;

	perform registration.remember(v_row.id, v_row.state, v_row.state,
	    'transferred');
	perform registration.invite_all(v_row.id, 'registration.transferred_to');
end
$$;

-- To the event, and to the sessions that were picked.
create function registration.invite_all(p_registration bigint, p_kind text,
    p_note text default '')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform invite.open(p_registration, null, p_kind,
	    registration.said(p_note));
	perform invite.open(p_registration, k.session_id, 'registration.picked')
	from data.pick k
	where k.registration_id = p_registration and not k.waiting
	order by k.session_id;
end
$$;

-- Refuses what the pool's rule or the colleague's own registration forbids.
create function registration.check_transfer(p_row data.registration,
    p_organizes boolean, p_person bigint)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.must_be_ahead(p_row);
	if p_row.state <> 'confirmed' then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_confirmed';
	elsif not p_organizes and not exists (
	    select from data.pool p join data.event e on e.id = p.event_id
	    where p.id = p_row.pool_id and p.transfer
	    and coalesce(p.transfer_until, e.starts) > clock_timestamp()) then
		raise exception using errcode = 'P0003',
		    message = 'registration.transfer_off';
	elsif not p_organizes and exists (
	    select from data.event e
	    where e.id = p_row.event_id and e.access = 'internal'
	    and not registration.is_inside(e, p_person)) then
		raise exception using errcode = 'P0001', column = 'email',
		    message = 'registration.transfer_inside';
	elsif exists (
	    select from data.registration r
	    where r.event_id = p_row.event_id and r.person_id = p_person
	    and r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed')) then
		raise exception using errcode = 'P0001', column = 'email',
		    message = 'registration.transfer_has';
	end if;
end
$$;
