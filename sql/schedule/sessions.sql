-- Sessions: made, changed, moved and cancelled, by one editor after the other.

-- Locks a session's event for its organizer, then answers the session, if the
-- form was filled in from its present version (null: whatever it is).
create function schedule.must_session(p_session bigint, p_version bigint)
returns data.session
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_session data.session;
begin
	perform schedule.must(account.event_of('session', p_session));

	select s.* into v_session from data.session s where s.id = p_session;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	if v_session.version <> p_version then
		raise exception using errcode = 'P0003',
		    message = 'schedule.changed_meanwhile';
	end if;

	return v_session;
end
$$;

-- Refuses the times of a session that cannot be.
create function schedule.session_span(p_event data.event, p_starts timestamp,
    p_ends timestamp, out starts timestamptz, out ends timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	starts := schedule.wall(p_starts, p_event.zone, 'starts');
	ends := schedule.wall(p_ends, p_event.zone, 'ends');

	if starts is null then
		raise exception using errcode = 'P0001',
		    message = 'schedule.time_missing', column = 'starts';
	elsif ends is null then
		raise exception using errcode = 'P0001',
		    message = 'schedule.time_missing', column = 'ends';
	elsif ends <= starts then
		raise exception using errcode = 'P0001',
		    message = 'schedule.ends_before_start', column = 'ends';
	elsif not schedule.within(p_event, starts, ends) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.outside_event', column = 'starts';
	end if;
end
$$;

-- Refuses a session without a title, and to hide one that was seen already.
create function schedule.session_check(p_event data.event,
    p_was data.session, p_title text, p_draft boolean)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if coalesce(trim(p_title), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.title_missing', column = 'title';
	end if;
	if p_draft and p_was.state = 'published' and p_event.state <> 'draft' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.session_seen', column = 'draft';
	end if;
end
$$;

-- After a change: tells whom it concerns.  When and where (face to face or
-- online) is material; the room, the link and the words are not.  Who attends
-- the whole event is told by the event's object when a session moves.
create function schedule.session_changed(p_was data.session)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_now data.session;
	v_material boolean;
begin
	select s.* into strict v_now from data.session s where s.id = p_was.id;
	v_material := (v_now.starts, v_now.ends, v_now.mode) is distinct from
	    (p_was.starts, p_was.ends, p_was.mode);

	if v_now.state = 'published' and (v_material
	    or (v_now.title, v_now.subtitle, v_now.abstract, v_now.room_id,
	    v_now.online_url) is distinct from (p_was.title, p_was.subtitle,
	    p_was.abstract, p_was.room_id, p_was.online_url)) then
		perform schedule.tell(v_now.event_id, v_now.id, v_material);
	end if;
	if v_now.state = 'published' and v_material and exists (
	    select from data.event e where e.id = v_now.event_id and e.whole) then
		perform schedule.tell(v_now.event_id, null, true);
	end if;
end
$$;

-- Writes a session's place and time, where the room may be taken.
create function schedule.session_put(p_session bigint, p_room bigint,
    p_track bigint, p_starts timestamptz, p_ends timestamptz, p_day date)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_constraint text;
begin
	update data.session s
	set room_id = p_room, track_id = p_track, starts = p_starts,
	    ends = p_ends, day = p_day, version = s.version + 1
	where s.id = p_session;
exception
	when exclusion_violation or foreign_key_violation then
		get stacked diagnostics v_constraint = constraint_name;
		perform schedule.refuse(v_constraint, sqlstate, sqlerrm);
end
$$;

-- Makes a session (null: a new one) or changes it.  Times are on the wall of
-- the event's zone.  A draft in a published event is seen by its organizers.
create function schedule.session_save(p_session bigint, p_event bigint,
    p_title text, p_subtitle text, p_abstract text, p_description text,
    p_language text, p_kind text, p_mode text, p_room bigint, p_track bigint,
    p_starts timestamp, p_ends timestamp, p_url text, p_online_url text,
    p_draft boolean, p_version bigint default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint := p_session;
	v_was data.session;
	v_event data.event;
	v_span record;
	v_day date;
begin
	if p_session is not null then
		v_was := schedule.must_session(p_session, p_version);
	end if;
	v_event := schedule.must(coalesce(v_was.event_id, p_event));
	perform schedule.session_check(v_event, v_was, p_title, p_draft);
	select * into v_span
	from schedule.session_span(v_event, p_starts, p_ends);
	v_day := schedule.day(p_starts, (v_event.starts at time zone v_event.zone)::date);

	if v_id is null then
		insert into data.session (event_id, title, starts, ends, day, state, slug)
		values (v_event.id, trim(p_title), v_span.starts, v_span.ends, v_day,
		    'draft', program.slug(p_title))
		returning id into v_id;
		select s.* into v_was from data.session s where s.id = v_id;
	end if;

	update data.session s
	set title = trim(p_title), subtitle = coalesce(p_subtitle, ''),
	    abstract = coalesce(p_abstract, ''), description = coalesce(p_description, ''),
	    language = coalesce(p_language, ''), kind = coalesce(p_kind, ''),
	    mode = nullif(p_mode, '')::data.mode, url = coalesce(p_url, ''),
	    online_url = coalesce(p_online_url, ''),
	    state = case when s.state = 'cancelled' then s.state when p_draft
	        then 'draft' else 'published' end::data.publicity
	where s.id = v_id;
	perform schedule.session_put(v_id, p_room, p_track, v_span.starts,
	    v_span.ends, v_day);

	perform schedule.session_saved(v_was, p_session is null);

	return v_id;
end
$$;

-- What follows from a session that was saved.
create function schedule.session_saved(p_was data.session, p_new boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_new then
		perform schedule.calendars(p_was.event_id);
	else
		perform schedule.session_changed(p_was);
	end if;
	perform schedule.index_sessions(p_was.event_id, p_was.id);
	perform schedule.touch(p_was.event_id);
	perform account.note(case when p_new then 'schedule.session_made'
	    else 'schedule.session_saved' end, 'session', p_was.id);
end
$$;

-- Moves a session to another time or room.  Without an end it keeps its length.
create function schedule.session_move(p_session bigint, p_room bigint,
    p_starts timestamp, p_ends timestamp, p_version bigint)
returns table (session bigint, event bigint, version bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_was data.session := schedule.must_session(p_session, p_version);
	v_event data.event := schedule.must(v_was.event_id);
	v_span record;
begin
	if v_was.state = 'cancelled' then
		raise exception using errcode = 'P0003',
		    message = 'schedule.session_cancelled';
	end if;
	select * into v_span from schedule.session_span(v_event, p_starts,
	    coalesce(p_ends, (schedule.wall(p_starts, v_event.zone)
	    + (v_was.ends - v_was.starts)) at time zone v_event.zone));

	perform schedule.session_put(p_session, p_room, v_was.track_id,
	    v_span.starts, v_span.ends, schedule.day(p_starts,
	    (v_event.starts at time zone v_event.zone)::date));
	perform schedule.session_changed(v_was);
	perform schedule.index_sessions(v_event.id, p_session);
	perform schedule.touch(v_event.id);
	perform account.note('schedule.session_move', 'session', p_session,
	    jsonb_build_object('room', array[v_was.room_id, p_room],
	    'starts', array[v_was.starts, v_span.starts]));

	return query select s.id, s.event_id, s.version from data.session s
	where s.id = p_session;
end
$$;

-- Calls a session off.  Its room is free again; who had picked it is told by
-- its own object, who attends the whole event by the event's.
create function schedule.session_cancel(p_session bigint,
    p_version bigint default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.session := schedule.must_session(p_session, p_version);
begin
	if v_was.state = 'cancelled' then
		return v_was.event_id;
	end if;

	update data.session s set state = 'cancelled', version = s.version + 1
	where s.id = p_session;
	if v_was.state = 'published' then
		perform invite.cancelled(c.id)
		from data.calendar c
		where c.session_id = p_session;
		perform schedule.tell(e.id, null, false)
		from data.event e
		where e.id = v_was.event_id and e.whole;
	end if;
	perform schedule.index_sessions(v_was.event_id, p_session);
	perform schedule.touch(v_was.event_id);
	perform account.note('schedule.session_cancel', 'session', p_session);

	return v_was.event_id;
end
$$;

-- A session that was called off takes place after all, when and where it stood:
-- if its room is still free.  Whose agenda it is on is invited again.
create function schedule.session_restore(p_session bigint,
    p_version bigint default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.session := schedule.must_session(p_session, p_version);
	v_event data.event := schedule.must(v_was.event_id);
	v_constraint text;
begin
	if v_was.state <> 'cancelled' then
		return v_event.id;
	elsif v_event.state = 'cancelled' then
		raise exception using errcode = 'P0003',
		    message = 'schedule.event_cancelled';
	end if;

	begin
		update data.session s
		set state = 'published', version = s.version + 1
		where s.id = p_session;
	exception when exclusion_violation then
		get stacked diagnostics v_constraint = constraint_name;
		perform schedule.refuse(v_constraint, sqlstate, sqlerrm);
	end;
	perform invite.restored(c.id)
	from data.calendar c
	where c.session_id = p_session;
	if v_event.whole then
		perform schedule.tell(v_event.id, null, false);
	end if;
	perform schedule.index_sessions(v_event.id, p_session);
	perform schedule.touch(v_event.id);
	perform account.note('schedule.session_restore', 'session', p_session);

	return v_event.id;
end
$$;

-- Removes a session that nobody but organizers has seen.
create function schedule.session_delete(p_session bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.session := schedule.must_session(p_session, null);
begin
	if v_was.state <> 'draft' and not exists (select from data.event e
	    where e.id = v_was.event_id and e.state = 'draft') then
		raise exception using errcode = 'P0003',
		    message = 'schedule.not_draft';
	end if;

	delete from data.session s where s.id = p_session;
	perform schedule.index_sessions(v_was.event_id, p_session);
	perform schedule.touch(v_was.event_id);
	perform account.note('schedule.session_delete', 'session', p_session);

	return v_was.event_id;
end
$$;

-- Who speaks, in the order given.
create function schedule.session_speakers_set(p_session bigint,
    p_speakers bigint[])
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.session := schedule.must_session(p_session, null);
begin
	if exists (select from unnest(p_speakers) x
	    where not exists (select from data.speaker p
	        where p.id = x and p.event_id = v_was.event_id)) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.speaker_elsewhere', column = 'speakers';
	end if;

	delete from data.session_speaker x where x.session_id = p_session;
	insert into data.session_speaker (session_id, speaker_id, position)
	select p_session, x.id, min(x.place)
	from unnest(coalesce(p_speakers, '{}')) with ordinality x (id, place)
	group by x.id;
	update data.session s set version = s.version + 1 where s.id = p_session;
	perform schedule.index_sessions(v_was.event_id, p_session);
	perform schedule.touch(v_was.event_id);
	perform account.note('schedule.session_speakers_set', 'session', p_session);

	return v_was.event_id;
end
$$;

-- One speaker more, by name: the event's of that name, or a new one.
create function schedule.session_speaker_add(p_session bigint, p_name text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_was data.session := schedule.must_session(p_session, null);
	v_speaker bigint;
begin
	select p.id into v_speaker
	from data.speaker p
	where p.event_id = v_was.event_id and p.name = trim(p_name)
	order by p.id
	limit 1;
	if not found then
		v_speaker := schedule.speaker_save(null, v_was.event_id, p_name, '', '');
	end if;

	perform schedule.session_speakers_set(p_session, array(
	    select x.speaker_id from data.session_speaker x
	    where x.session_id = p_session
	    order by x.position, x.speaker_id) || v_speaker);

	return v_speaker;
end
$$;

create function schedule.session_speaker_remove(p_session bigint,
    p_speaker bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform schedule.must_session(p_session, null);

	return schedule.session_speakers_set(p_session, array(
	    select x.speaker_id from data.session_speaker x
	    where x.session_id = p_session and x.speaker_id <> p_speaker
	    order by x.position, x.speaker_id));
end
$$;
