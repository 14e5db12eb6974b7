-- Who comes in.  C has checked the ticket's signature before it asks here.
-- Scans are only ever added; attendance is what they come to.

-- What a ticket is worth, in this order: known, of this event, not replaced,
-- confirmed, not in yet.  The registration's row is locked, for two doors may
-- ask at once.
create function checkin.judge(p_event bigint, p_session bigint,
    p_registration bigint, p_serial integer, p_ticket_event bigint)
returns data.scan
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_scan data.scan;
	v_event bigint;
	v_state data.registration_state;
	v_serial integer;
begin
	select r.event_id, r.state, r.serial into v_event, v_state, v_serial
	from data.registration r where r.id = p_registration
	for no key update;
	if not found then
		v_scan.result := 'unknown';
		return v_scan;
	end if;

	v_scan.registration_id := p_registration;
	v_scan.why := '';
	select a.scan_id into v_scan.first_id
	from data.attendance a
	where a.registration_id = p_registration
	and a.session_id is not distinct from p_session;
	if p_ticket_event <> v_event then
		v_scan.result := 'unknown';
	elsif v_event <> p_event then
		v_scan.result := 'wrong_event';
	elsif p_serial <> v_serial then
		v_scan.result := 'cancelled';
		v_scan.why := 'replaced';
	elsif v_state <> 'confirmed' then
		v_scan.result := 'cancelled';
		v_scan.why := v_state::text;
	elsif v_scan.first_id is not null then
		v_scan.result := 'already';
	else
		v_scan.result := 'admitted';
	end if;

	return v_scan;
end
$$;

-- The scan that this device, or this person, has sent under that uuid.
create function checkin.stored(p_event bigint, p_uuid uuid)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_scan data.scan;
begin
	select * into v_scan from data.scan s
	where coalesce(s.device_id, 0) = coalesce(account.device(), 0)
	and s.uuid = p_uuid;
	if found and (v_scan.event_id <> p_event
	    or v_scan.person_id is distinct from account.actor()) then
		raise exception using errcode = 'P0003',
		    message = 'checkin.uuid_used';
	end if;

	return v_scan.id;
end
$$;

-- Keeps a judged scan, and the attendance that it makes.  Null when another
-- transaction has kept that uuid meanwhile.
create function checkin.keep(p_scan data.scan)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
	v_at timestamptz;
begin
	insert into data.scan as s (uuid, event_id, session_id, registration_id,
	    device_id, person_id, result, why, first_id)
	values (p_scan.uuid, p_scan.event_id, p_scan.session_id,
	    p_scan.registration_id, account.device(), account.actor(),
	    p_scan.result, coalesce(p_scan.why, ''), p_scan.first_id)
	on conflict (coalesce(device_id, 0), uuid) do nothing
	returning s.id, s.scanned into v_id, v_at;

	if v_id is not null and p_scan.result = 'admitted' then
		insert into data.attendance (registration_id, session_id,
		    event_id, scan_id, since)
		values (p_scan.registration_id, p_scan.session_id,
		    p_scan.event_id, v_id, v_at);
	end if;

	return v_id;
end
$$;

-- Attendance is counted as it comes and goes, each door for itself.  Of an
-- event or session that is going, nothing is left to count.
create function checkin.count_door()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.door as d (event_id, session_id, held_by, admitted)
	select a.event_id, a.session_id,
	    coalesce(account.device(), -account.actor(), 0),
	    case tg_op when 'INSERT' then count(*) else -count(*) end
	from changed a
	join data.event e on e.id = a.event_id
	left join data.session s on s.id = a.session_id
	where a.session_id is null or s.id is not null
	group by a.event_id, a.session_id
	on conflict on constraint door_once do update
	set admitted = d.admitted + excluded.admitted;

	return null;
end
$$;
create trigger count_in after insert on data.attendance
    referencing new table as changed
    for each statement execute function checkin.count_door();
create trigger count_out after delete on data.attendance
    referencing old table as changed
    for each statement execute function checkin.count_door();

-- People expected, and people in: at the event's door, or at a session's.
create function checkin.count(p_event bigint, p_session bigint default null)
returns table (confirmed bigint, admitted bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select coalesce((
	    select p.confirmed::bigint from data.pool p
	    where p.event_id = p_event), 0), coalesce((
	    select sum(d.admitted)::bigint from data.door d
	    where d.event_id = p_event
	    and d.session_id is not distinct from p_session), 0);
end
$$;

-- What is told of a scan; `since` when and `first_where` by whom they were
-- admitted before.  Of another event's ticket only the event is told.
create function checkin.answer(p_scan bigint, p_repeated boolean)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select s.id, s.uuid, p_repeated, s.result, s.why, r.id, p.name,
	    r.organisation, r.via, schedule.at(s.scanned, e.zone),
	    schedule.at(f.scanned, e.zone), coalesce(d.name, w.name), (
	        select o.title
	        from data.registration q join data.event o on o.id = q.event_id
	        where q.id = s.registration_id and s.result = 'wrong_event'),
	    c.confirmed, c.admitted
	from data.scan s
	join data.event e on e.id = s.event_id
	left join data.registration r on r.id = s.registration_id
	    and r.event_id = s.event_id and s.result <> 'unknown'
	left join data.person p on p.id = r.person_id
	left join data.scan f on f.id = s.first_id
	left join data.device d on d.id = f.device_id
	left join data.person w on w.id = f.person_id
	cross join lateral checkin.count(s.event_id, s.session_id) c
	where s.id = p_scan;
end
$$;

-- One scan of a ticket whose signature is good.  The same uuid from the same
-- device or person gets the same answer again.
create function checkin.scan(p_event bigint, p_registration bigint,
    p_serial integer, p_ticket_event bigint, p_uuid uuid,
    p_session bigint default null)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_scan data.scan;
	v_kept bigint;
	v_stored bigint;
begin
	perform account.must('scanner', p_event);
	if p_session is not null and not exists (
	    select from data.session s
	    where s.id = p_session and s.event_id = p_event) then
		raise exception using errcode = 'P0002',
		    message = 'checkin.no_session';
	end if;

	v_scan := checkin.judge(p_event, p_session, p_registration, p_serial,
	    p_ticket_event);
	v_stored := checkin.stored(p_event, p_uuid);
	if v_stored is null then
		v_scan.event_id := p_event;
		v_scan.session_id := p_session;
		v_scan.uuid := p_uuid;
		v_kept := checkin.keep(v_scan);
		if v_kept is null then
			v_stored := checkin.stored(p_event, p_uuid);
		end if;
	end if;

	return query select a.*
	from checkin.answer(coalesce(v_kept, v_stored), v_kept is null) a;
end
$$;

-- Somebody without a ticket, found by name.
create function checkin.admit(p_event bigint, p_registration bigint,
    p_uuid uuid, p_session bigint default null)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_serial integer;
begin
	perform account.must('scanner', p_event);
	select r.serial into v_serial from data.registration r
	where r.id = p_registration and r.event_id = p_event;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'checkin.not_registered';
	end if;

	return query select a.* from checkin.scan(p_event, p_registration,
	    v_serial, p_event, p_uuid, p_session) a;
end
$$;

-- The number that stands on a ticket, typed: admits as a name does, and says
-- "unknown" of one that is not of this event.
create function checkin.number(p_event bigint, p_registration bigint,
    p_uuid uuid, p_session bigint default null)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if exists (
	    select from data.registration r
	    where r.id = p_registration and r.event_id = p_event) then
		return query select a.* from checkin.admit(p_event,
		    p_registration, p_uuid, p_session) a;
	else
		return query select a.* from checkin.refuse(p_event, p_uuid,
		    'unknown') a;
	end if;
end
$$;

-- What was told of a scan, once more: for the page after a form.
create function checkin.verdict(p_event bigint, p_scan bigint)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('scanner', p_event);

	return query select a.*
	from data.scan s
	cross join lateral checkin.answer(s.id, true) a
	where s.id = p_scan and s.event_id = p_event;
end
$$;

-- What C refused before it could ask: another QR code, or a signature that is
-- not ours.  Kept, for forgeries are worth knowing.
create function checkin.refuse(p_event bigint, p_uuid uuid,
    p_result data.scan_result)
returns table (scan bigint, uuid uuid, repeated boolean,
    result data.scan_result, why text, registration bigint, name text,
    organisation text, via data.mode, at text, since text, first_where text,
    event_title text, confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_scan data.scan;
	v_kept bigint;
begin
	perform account.must('scanner', p_event);
	if p_result not in ('forged', 'unknown') then
		raise exception using errcode = 'P0001', column = 'result',
		    message = 'checkin.not_a_refusal';
	end if;
	v_scan.event_id := p_event;
	v_scan.uuid := p_uuid;
	v_scan.result := p_result;
	if checkin.stored(p_event, p_uuid) is null then
		v_kept := checkin.keep(v_scan);
	end if;

	return query select a.* from checkin.answer(
	    coalesce(v_kept, checkin.stored(p_event, p_uuid)),
	    v_kept is null) a;
end
$$;

-- Takes an admission back: a further row, and the attendance goes.  A device
-- undoes its own, staff any of the event's.  A second time changes nothing.
create function checkin.undo(p_scan bigint)
returns table (scan bigint, event bigint, registration bigint, name text,
    confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_scan data.scan;
begin
	select * into v_scan from data.scan s where s.id = p_scan;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'checkin.no_scan';
	end if;
	perform account.must(case when v_scan.device_id = account.device()
	    then 'scanner' else 'staff' end, v_scan.event_id);
	if v_scan.result <> 'admitted' then
		raise exception using errcode = 'P0003',
		    message = 'checkin.nothing_to_undo';
	end if;

	perform from data.registration r
	where r.id = v_scan.registration_id for no key update;
	insert into data.scan (uuid, event_id, session_id, registration_id,
	    device_id, person_id, result, undoes)
	values (gen_random_uuid(), v_scan.event_id, v_scan.session_id,
	    v_scan.registration_id, account.device(), account.actor(),
	    'undone', v_scan.id)
	on conflict (undoes) do nothing;
	if found then
		delete from data.attendance a where a.scan_id = v_scan.id;
		perform account.note('checkin.undo', 'scan', v_scan.id,
		    jsonb_build_object('registration', v_scan.registration_id));
	end if;

	return query select v_scan.id, v_scan.event_id, r.id, p.name,
	    c.confirmed, c.admitted
	from data.registration r join data.person p on p.id = r.person_id
	cross join checkin.count(v_scan.event_id, v_scan.session_id) c
	where r.id = v_scan.registration_id;
end
$$;

-- The same for a device, which knows its scan by the uuid that it gave.
create function checkin.undo_uuid(p_event bigint, p_uuid uuid)
returns table (scan bigint, event bigint, registration bigint, name text,
    confirmed bigint, admitted bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('scanner', p_event);

	return query select u.*
	from checkin.undo(checkin.stored(p_event, p_uuid)) u;
end
$$;

create function checkin.only_grows()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
	raise exception using errcode = '42501',
	    message = 'checkin.scan_only_grows';
end
$$;
create trigger only_grows before update on data.scan
    for each row execute function checkin.only_grows();

-- The public half of a key that tickets are signed with; a key never changes.
create function checkin.key_save(p_id smallint, p_public_key bytea)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	insert into data.signing_key (id, public_key)
	values (p_id, p_public_key)
	on conflict (id) do nothing;
	if not exists (
	    select from data.signing_key k
	    where k.id = p_id and k.public_key = p_public_key) then
		raise exception using errcode = 'P0003',
		    message = 'checkin.other_key';
	end if;
end
$$;
