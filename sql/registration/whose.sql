-- Whose a registration is, and what they see of it.

-- Of the person, or of an organizer of the event; anyone else cannot tell it
-- from one that does not exist.
create function registration.mine(p_registration bigint)
returns data.registration
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	select * into v_row from data.registration r
	where r.id = p_registration;
	if not found or v_row.person_id is distinct from account.actor()
	    and not account.may('organizer', v_row.event_id)
	    and not account.trusted() then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
end
$$;

-- Of the person alone: what they say of themselves nobody else says for them.
create function registration.of_actor(p_registration bigint)
returns data.registration
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	if v_row.person_id is distinct from account.actor() then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
end
$$;

create function registration.of_token(p_manage_hash bytea)
returns data.registration
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r
	where r.manage_hash = p_manage_hash;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return v_row;
end
$$;

-- What the bearer of a manage token sees.
create function registration.managed(p_manage_hash bytea)
returns table (id bigint, event_id bigint, state data.registration_state,
    is_confirmed boolean, is_waitlisted boolean, is_offered boolean,
    is_requested boolean, is_ended boolean, is_live boolean,
    has_ticket boolean, place bigint, serial integer, via data.mode, name text,
    email text, slug text, title text, zone text, event_state data.publicity,
    is_published boolean, starts text, ends text, one_day boolean, venue text,
    city text, online_url text, arrived text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query
	select r.id, r.event_id, r.state, r.state = 'confirmed',
	    r.state = 'waitlisted', r.state = 'offered', r.state = 'requested',
	    r.state in ('declined', 'withdrawn', 'expired', 'cancelled'),
	    r.state in ('held', 'requested', 'waitlisted', 'offered',
	        'confirmed') and e.ends >= now(),
	    r.state = 'confirmed' and e.ends >= now(),
	    registration.place(r.id), r.serial, r.via, p.name, p.email, e.slug,
	    e.title, e.zone, e.state, e.state = 'published',
	    schedule.at(e.starts, e.zone), schedule.at(e.ends, e.zone),
	    (e.starts at time zone e.zone)::date
	        = ((e.ends - interval '1 second') at time zone e.zone)::date,
	    e.venue, e.city,
	    case when r.state = 'confirmed' then e.online_url end,
	    schedule.at(a.since, e.zone)
	from data.registration r
	join data.event e on e.id = r.event_id
	join data.person p on p.id = r.person_id
	left join data.attendance a on a.registration_id = r.id
	    and a.session_id is null
	where r.id = v_row.id;
end
$$;

create function registration.managed_picks(p_manage_hash bytea)
returns table (id bigint, title text, slug text, state data.publicity,
    starts text, ends text, room text, hue integer, waits boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query
	select s.id, s.title, s.slug, s.state, schedule.at(s.starts, e.zone),
	    schedule.at(s.ends, e.zone), coalesce(o.name, ''),
	    coalesce(t.position % 8, 0), k.waiting
	from data.pick k
	join data.session s on s.id = k.session_id
	join data.event e on e.id = s.event_id
	left join data.room o on o.id = s.room_id
	left join data.track t on t.id = s.track_id
	where k.registration_id = v_row.id
	order by s.starts, s.id;
end
$$;

-- A text as it stands in a pattern of LIKE.
create function registration.like(p_text text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return regexp_replace(trim(p_text), '([\\%_])', '\\\1', 'g');
end
$$;
