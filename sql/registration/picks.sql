-- Sessions that a participant puts on their own agenda.  Each is an invitation
-- of its own.

-- The actor's confirmed registration for a session's event, its row locked, so
-- that it cannot be withdrawn meanwhile.
create function registration.for_session(p_session bigint)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	if not exists (
	    select from data.session s join data.event e on e.id = s.event_id
	    where s.id = p_session and s.state <> 'draft'
	    and e.state <> 'draft') then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_session';
	end if;

	select r.* into v_row
	from data.registration r join data.session s on s.event_id = r.event_id
	where s.id = p_session and r.person_id = account.actor()
	and r.state = 'confirmed'
	for no key update of r;
	if not found then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_confirmed';
	end if;

	return v_row;
end
$$;

create function registration.pick(p_session bigint)
returns table (registration bigint, event bigint, session bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.for_session(p_session);
begin
	if not exists (
	    select from data.session s
	    where s.id = p_session and s.state = 'published'
	    and s.ends > clock_timestamp()) then
		raise exception using errcode = 'P0004',
		    message = 'registration.session_over';
	end if;

	insert into data.pick (registration_id, session_id)
	values (v_row.id, p_session)
	on conflict do nothing;
	if found then
		perform account.note('registration.pick', 'session', p_session,
		    jsonb_build_object('registration', v_row.id));
		perform invite.open(v_row.id, p_session, 'registration.picked');
	end if;

	return query select v_row.id, v_row.event_id, p_session;
end
$$;

create function registration.unpick(p_session bigint)
returns table (registration bigint, event bigint, session bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.for_session(p_session);
begin
	delete from data.pick p
	where p.registration_id = v_row.id and p.session_id = p_session;
	if found then
		perform account.note('registration.unpick', 'session',
		    p_session, jsonb_build_object('registration', v_row.id));
		perform invite.close_session(v_row.id, p_session,
		    'registration.unpicked');
	end if;

	return query select v_row.id, v_row.event_id, p_session;
end
$$;
