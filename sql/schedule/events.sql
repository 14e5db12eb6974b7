-- Events: drafted, published, cancelled.

-- The moments of an event that was typed; refuses what cannot be.
create function schedule.span(p_zone text, p_starts timestamp, p_ends timestamp,
    p_cutoff timestamp, out starts timestamptz, out ends timestamptz,
    out cutoff timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	starts := schedule.wall(p_starts, p_zone, 'starts');
	ends := schedule.wall(p_ends, p_zone, 'ends');
	cutoff := schedule.wall(p_cutoff, p_zone, 'cutoff');

	if starts is null then
		raise exception using errcode = 'P0001',
		    message = 'schedule.time_missing', column = 'starts';
	elsif ends is null then
		raise exception using errcode = 'P0001',
		    message = 'schedule.time_missing', column = 'ends';
	elsif ends <= starts then
		raise exception using errcode = 'P0001',
		    message = 'schedule.ends_before_start', column = 'ends';
	elsif ends > starts + interval '1 year' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.too_long', column = 'ends';
	elsif cutoff > ends then
		raise exception using errcode = 'P0001',
		    message = 'schedule.cutoff_after_end', column = 'cutoff';
	end if;
end
$$;

-- Refuses a program that the actor does not organize.
create function schedule.must_program(p_program bigint)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if not exists (select from data.program p
	    where p.id = p_program and p.state <> 'cancelled') then
		raise exception using errcode = 'P0001',
		    message = 'schedule.program_unknown', column = 'program';
	end if;

	if not account.trusted()
	    and not p_program = any (account.my_programs('organizer')) then
		perform account.refuse();
	end if;
end
$$;

-- Puts a new event into the drafts.  Its seats are the registration room's
-- from then on.
create function schedule.event_make(p_program bigint, p_title text,
    p_language text, p_zone text, p_starts timestamptz, p_ends timestamptz,
    p_seats integer)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_slug text := coalesce(nullif(program.slug(p_title), ''), 'event');
	v_event bigint;
begin
	perform schedule.must_program(p_program);
	if exists (select from data.event e where e.slug = v_slug) then
		v_slug := v_slug || '-' || substr(gen_random_uuid()::text, 1, 6);
	end if;

	insert into data.event
	    (program_id, slug, title, language, zone, starts, ends)
	values (p_program, v_slug, p_title, coalesce(p_language, 'en'), p_zone,
	    p_starts, p_ends)
	returning id into v_event;
	insert into data.pool (event_id, seats) values (v_event, p_seats);
	perform schedule.calendars(v_event);

	return v_event;
end
$$;

-- The event is in another zone now: its sessions keep the time on their wall.
-- The room constraint is checked when all have moved.
create function schedule.rezone(p_event bigint, p_was text, p_zone text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform schedule.wall(s.starts at time zone p_was, p_zone, 'zone')
	from data.session s
	where s.event_id = p_event;

	update data.session s
	set starts = (s.starts at time zone p_was) at time zone p_zone,
	    ends = (s.ends at time zone p_was) at time zone p_zone,
	    version = s.version + 1
	where s.event_id = p_event;
end
$$;

-- After a change: tells whom it concerns, by what changed.
create function schedule.event_changed(p_was data.event)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_now data.event;
begin
	select e.* into strict v_now from data.event e where e.id = p_was.id;

	perform schedule.touch(v_now.id);
	if exists (select from data.session s
	    where s.event_id = v_now.id and s.state <> 'cancelled'
	    and not schedule.within(v_now, s.starts, s.ends)) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.sessions_outside', column = 'ends';
	end if;

	if (v_now.zone, v_now.venue, v_now.city, v_now.country, v_now.mode)
	    is distinct from
	    (p_was.zone, p_was.venue, p_was.city, p_was.country, p_was.mode) then
		perform schedule.tell_all(v_now.id, true);
	elsif (v_now.starts, v_now.ends) is distinct from
	    (p_was.starts, p_was.ends) then
		perform schedule.tell(v_now.id, null, true);
	elsif v_now.online_url <> p_was.online_url then
		perform schedule.tell_all(v_now.id, false);
	elsif (v_now.title, v_now.subtitle, v_now.summary) is distinct from
	    (p_was.title, p_was.subtitle, p_was.summary) then
		perform schedule.tell(v_now.id, null, false);
	end if;
	if v_now.ends <> p_was.ends and v_now.retained is not null then
		update data.event e set retained = null where e.id = v_now.id;
	end if;
	if (v_now.cutoff, v_now.ends) is distinct from
	    (p_was.cutoff, p_was.ends) then
		perform registration.settle(v_now.id);
	end if;
end
$$;

-- Makes an event (null: a new draft) or changes it.  Times are on the wall of
-- its zone.  Seats count for a new one alone: see registration.set_seats.  The
-- version is the revision that the form was filled in from.
create function schedule.event_save(p_event bigint, p_program bigint,
    p_title text, p_subtitle text, p_summary text, p_language text,
    p_mode text, p_zone text, p_starts timestamp, p_ends timestamp,
    p_venue text, p_city text, p_country text, p_online_url text,
    p_access text, p_whole boolean, p_cutoff timestamp,
    p_seats integer default null, p_version bigint default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := p_event;
	v_was data.event;
	v_span record;
begin
	if v_event is not null then
		v_was := schedule.must_version(v_event, p_version);
	elsif not account.trusted() and account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	if coalesce(trim(p_title), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.title_missing', column = 'title';
	end if;
	select * into v_span from schedule.span(p_zone, p_starts, p_ends, p_cutoff);

	if v_event is null then
		v_event := schedule.event_make(p_program, trim(p_title), p_language,
		    p_zone, v_span.starts, v_span.ends, p_seats);
		select e.* into v_was from data.event e where e.id = v_event;
	elsif p_program <> v_was.program_id then
		perform schedule.must_program(p_program);
	end if;

	update data.event e
	set program_id = coalesce(p_program, e.program_id), title = trim(p_title),
	    subtitle = coalesce(p_subtitle, ''), summary = coalesce(p_summary, ''),
	    language = coalesce(p_language, 'en'), mode = p_mode::data.mode,
	    zone = p_zone, starts = v_span.starts, ends = v_span.ends,
	    venue = coalesce(p_venue, ''), city = coalesce(p_city, ''),
	    country = nullif(p_country, ''), online_url = coalesce(p_online_url, ''),
	    access = coalesce(p_access, 'public')::data.access,
	    whole = coalesce(p_whole, false), cutoff = v_span.cutoff
	where e.id = v_event;
	if p_zone <> v_was.zone then
		perform schedule.rezone(v_event, v_was.zone, p_zone);
	end if;

	perform schedule.event_changed(v_was);
	perform schedule.index_event(v_event);
	perform account.note(case when p_event is null then 'schedule.event_made'
	    else 'schedule.event_saved' end, 'event', v_event);

	return v_event;
end
$$;

create function schedule.event_publish(p_event bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event := schedule.must(p_event);
begin
	if v_event.state = 'published' then
		return p_event;
	end if;
	if v_event.state = 'cancelled' then
		raise exception using errcode = 'P0003',
		    message = 'schedule.event_cancelled';
	end if;
	if not exists (select from data.program p
	    where p.id = v_event.program_id and p.state = 'published') then
		raise exception using errcode = 'P0003',
		    message = 'schedule.program_not_published';
	end if;

	update data.event e set state = 'published' where e.id = p_event;
	perform schedule.touch(p_event);
	perform account.note('schedule.event_publish', 'event', p_event);

	return p_event;
end
$$;

-- Calls an event off: the invite room tells everyone, and every registration
-- ends.  It stays to be seen, as cancelled.
create function schedule.event_cancel(p_event bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event := schedule.must(p_event);
begin
	if v_event.state = 'cancelled' then
		return p_event;
	end if;
	if v_event.state = 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'schedule.event_not_published';
	end if;

	update data.event e set state = 'cancelled' where e.id = p_event;
	perform invite.cancelled(c.id)
	from data.calendar c
	where c.event_id = p_event and c.session_id is null;
	perform schedule.touch(p_event);
	perform account.note('schedule.event_cancel', 'event', p_event);

	return p_event;
end
$$;

-- Removes a draft, with all that is in it.
create function schedule.event_delete(p_event bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event := schedule.must(p_event);
begin
	if v_event.state <> 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'schedule.not_draft';
	end if;

	delete from data.role r where r.scope = 'event' and r.scope_id = p_event;
	delete from data.event e where e.id = p_event;
	perform account.note('schedule.event_delete', 'event', p_event,
	    jsonb_build_object('program', v_event.program_id));

	return v_event.program_id;
end
$$;

-- How many would be mailed if the session moved: who picked it, and all who
-- are invited to the whole event.
create function schedule.told(p_session bigint)
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('staff', account.event_of('session', p_session));

	return (
	    select count(distinct i.person_id)
	    from data.session s
	    join data.event e on e.id = s.event_id and e.state = 'published'
	    join data.calendar c on c.session_id = s.id
	        or e.whole and c.event_id = e.id and c.session_id is null
	    join data.invite i on i.calendar_id = c.id and i.live
	    where s.id = p_session);
end
$$;

-- An event in numbers, for who works at it.
create function schedule.counts(p_event bigint)
returns table (seats integer, confirmed integer, waiting integer,
    offered integer, arrived bigint, mail_waiting bigint, mail_failed bigint,
    materials bigint, devices bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('staff', p_event);

	return query
	select p.seats, coalesce(p.confirmed, 0), coalesce(p.waitlisted, 0),
	    coalesce(p.offered, 0),
	    (select count(*) from data.attendance a where a.event_id = p_event),
	    (select count(*) from data.notice n
	    where n.event_id = p_event and n.state = 'waiting'),
	    (select count(*) from data.notice n
	    where n.event_id = p_event and n.state = 'failed')
	    + (select count(*) from data.notice n
	    where n.event_id = p_event and n.state <> 'failed'
	    and n.bounced is not null),
	    (select count(*) from data.material m where m.event_id = p_event
	    and m.complete is not null and m.withdrawn is null),
	    (select count(*) from data.device d where d.event_id = p_event
	    and d.revoked is null and d.expires > now())
	from (select 1) one
	left join data.pool p on p.event_id = p_event;
end
$$;

-- How many materials each session of an event has.
create function schedule.materials(p_event bigint)
returns table (session bigint, materials bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('staff', p_event);

	return query
	select m.session_id, count(*)
	from data.material m
	where m.event_id = p_event
	and m.complete is not null and m.withdrawn is null
	group by m.session_id;
end
$$;
