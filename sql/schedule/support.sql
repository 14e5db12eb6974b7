-- What the verbs of this room share.  All that change an event take its row
-- first (schedule.must), then calendars and notices, by way of the invite room.

-- Refuses who does not organize the event, and locks it.
create function schedule.must(p_event bigint)
returns data.event
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	select e.* into v_event
	from data.event e
	where e.id = p_event
	for no key update;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	perform account.must('organizer', p_event);

	return v_event;
end
$$;

-- The same, if it is still as the form had it (null: however it is).
create function schedule.must_version(p_event bigint, p_version bigint)
returns data.event
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event := schedule.must(p_event);
begin
	if v_event.revision <> p_version then
		raise exception using errcode = 'P0003',
		    message = 'schedule.changed_meanwhile';
	end if;

	return v_event;
end
$$;

-- A page of the event shows something else now.
create function schedule.touch(p_event bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.event e set revision = e.revision + 1 where e.id = p_event;
end
$$;

create function schedule.touch_program(p_program bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.event e set revision = e.revision + 1
	where e.program_id = p_program;
end
$$;

-- The calendar objects that an event and its sessions lack.  The identifier is
-- for life, so it is made of nothing that can change.
create function schedule.calendars(p_event bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_domain text := coalesce((
	    select s.value from data.setting s where s.name = 'mail_domain'),
	    'convene.invalid');
begin
	insert into data.calendar (event_id, session_id, uid)
	select p_event, t.session, gen_random_uuid() || '@' || v_domain
	from (select null::bigint as session
	    union all
	    select s.id from data.session s where s.event_id = p_event) t
	where not exists (select from data.calendar c
	    where c.event_id = p_event and c.session_id is not distinct from t.session)
	on conflict do nothing;
end
$$;

-- Tells those whom the invite room invited: to one session, or (null) to the
-- event.  Material when the time or the place is another.
create function schedule.tell(p_event bigint, p_session bigint,
    p_material boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform invite.changed(c.id, p_material)
	from data.calendar c
	join data.event e on e.id = c.event_id
	where c.event_id = p_event
	and c.session_id is not distinct from p_session
	and e.state = 'published';
end
$$;

-- Tells those of every session too, each of its own object.
create function schedule.tell_all(p_event bigint, p_material boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform schedule.tell(p_event, null, p_material),
	    (select count(schedule.tell(p_event, s.id, p_material))
	    from data.session s
	    where s.event_id = p_event and s.state = 'published');
end
$$;

-- Refuses by the names of our constraints, in the words of our catalogue.
create function schedule.refuse(p_constraint text, p_sqlstate text,
    p_words text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	case p_constraint
	when 'session_room_free' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.room_taken', column = 'room';
	when 'session_room_of_event' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.room_elsewhere', column = 'room';
	when 'session_track_of_event' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.track_elsewhere', column = 'track';
	when 'room_name_once' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.room_name_taken', column = 'name';
	when 'track_name_once' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.track_name_taken', column = 'name';
	else
		raise exception using errcode = p_sqlstate, message = p_words;
	end case;
end
$$;

-- Whether a session lies within the days of its event; its last evening may
-- last until noon.
create function schedule.within(p_event data.event, p_starts timestamptz,
    p_ends timestamptz)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_starts at time zone p_event.zone
	    >= date_trunc('day', p_event.starts at time zone p_event.zone)
	    and p_ends at time zone p_event.zone
	    <= date_trunc('day', p_event.ends at time zone p_event.zone)
	    + interval '36 hours';
end
$$;

-- Keeps the event's row of what the search finds.
create function schedule.index_event(p_event bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.search (kind, id, event_id, language, words, title, at)
	select 'event', e.id, e.id, e.language, program.words(e.language,
	    e.title, concat_ws(' ', e.subtitle, e.summary, e.venue, e.city)),
	    e.title, e.starts
	from data.event e
	where e.id = p_event
	on conflict (kind, id) do update
	set language = excluded.language, words = excluded.words,
	    title = excluded.title, at = excluded.at;
end
$$;

-- Keeps the rows of an event's sessions: of one, or (null) of all; those of
-- sessions that are gone or drafts go.
create function schedule.index_sessions(p_event bigint,
    p_session bigint default null)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.search i
	where i.kind = 'session' and i.event_id = p_event
	and (p_session is null or i.id = p_session)
	and not exists (select from data.session s
	    where s.id = i.id and s.state <> 'draft');

	insert into data.search as i
	    (kind, id, event_id, language, words, title, at)
	select 'session', s.id, s.event_id, s.language, program.words(s.language,
	    s.title, concat_ws(' ', s.subtitle, s.abstract, s.description, s.names)),
	    s.title, s.starts
	from (select s.id, s.event_id, s.title, s.subtitle, s.abstract,
	        s.description, s.starts,
	        coalesce(nullif(s.language, ''), e.language) as language,
	        (select string_agg(p.name, ' ') from data.session_speaker x
	        join data.speaker p on p.id = x.speaker_id
	        where x.session_id = s.id) as names
	    from data.session s
	    join data.event e on e.id = s.event_id
	    where s.event_id = p_event and s.state <> 'draft'
	    and (p_session is null or s.id = p_session)) s
	on conflict (kind, id) do update
	set language = excluded.language, words = excluded.words,
	    title = excluded.title, at = excluded.at
	where (i.language, i.words, i.title, i.at) is distinct from
	    (excluded.language, excluded.words, excluded.title, excluded.at);
end
$$;

-- Whether the actor may see an event, as its policy says.
create function schedule.sees(p_event bigint)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event record;
begin
	select e.state, e.access into v_event
	from data.event e where e.id = p_event;

	return v_event.state <> 'draft' and (v_event.access = 'public'
	    or v_event.access = 'internal' and account.is_insider()
	    or p_event = any (account.attending()))
	    or account.may('scanner', p_event);
end
$$;

-- The sessions of an event that the actor may see, with the names of what they
-- refer to.  One question who may see the event stands for the thousands that
-- row-level security would ask: a sixth of the time, for a thousand sessions.
create function schedule.listed(p_event bigint)
returns table (id bigint, title text, subtitle text, kind text,
    state data.publicity, language text, mode data.mode, day date,
    starts timestamptz, ends timestamptz, zone text, room_id bigint, room text,
    room_position integer, track_id bigint, track text, hue integer, who text,
    version bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_staff boolean;
begin
	if schedule.sees(p_event) is not true then
		return;
	end if;
	v_staff := account.may('staff', p_event);

	-- Named all at once: asked for each session it took nine tenths of the time.
	return query
	with said as materialized (
	    select x.session_id,
	        string_agg(p.name, ', ' order by x.position, p.id) as who
	    from data.session q
	    join data.session_speaker x on x.session_id = q.id
	    join data.speaker p on p.id = x.speaker_id
	    where q.event_id = p_event
	    group by x.session_id)
	select s.id, s.title, s.subtitle, s.kind, s.state,
	    coalesce(nullif(s.language, ''), e.language), coalesce(s.mode, e.mode),
	    s.day, s.starts, s.ends, e.zone, s.room_id, r.name, r.position,
	    s.track_id, t.name, t.position % 8, w.who, s.version
	from data.event e
	join data.session s on s.event_id = e.id
	left join data.room r on r.id = s.room_id
	left join data.track t on t.id = s.track_id
	left join said w on w.session_id = s.id
	where e.id = p_event and (s.state <> 'draft' or v_staff);
end
$$;
