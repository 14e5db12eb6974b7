-- Rooms, tracks, sessions and speakers of an event.

-- Makes a room (null: a new one) or changes it.
create function schedule.room_save(p_room bigint, p_event bigint, p_name text,
    p_seats integer, p_position integer default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := coalesce(account.event_of('room', p_room), p_event);
	v_room bigint := p_room;
	v_was text;
	v_name text := trim(coalesce(p_name, ''));
begin
	perform schedule.must(v_event);
	if v_name = '' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.name_missing', column = 'name';
	end if;
	if exists (select from data.room r where r.event_id = v_event
	    and r.name = v_name and r.id is distinct from p_room) then
		perform schedule.refuse('room_name_once', '23505', '');
	end if;

	if p_room is null then
		insert into data.room (event_id, name, slug, seats, position)
		values (v_event, v_name, program.slug(v_name), p_seats,
		    coalesce(p_position, (select coalesce(max(r.position) + 1, 0)
		    from data.room r where r.event_id = v_event)))
		returning id into v_room;
	else
		select r.name into v_was from data.room r where r.id = p_room;
		update data.room r
		set name = v_name, seats = p_seats,
		    position = coalesce(p_position, r.position)
		where r.id = p_room;
		if not found then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
		perform schedule.room_renamed(p_room, v_was);
	end if;
	perform schedule.touch(v_event);
	perform account.note('schedule.room_save', 'room', v_room);

	return v_room;
end
$$;

-- A room with another name is told as another room would be.
create function schedule.room_renamed(p_room bigint, p_was text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform schedule.tell(s.event_id, s.id, false)
	from data.room r
	join data.session s on s.room_id = r.id and s.state = 'published'
	where r.id = p_room and r.name <> p_was
	order by s.id;
end
$$;

-- Removes a room that no session is in; says which event's it was.
create function schedule.room_delete(p_room bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('room', p_room);
begin
	perform schedule.must(v_event);
	if exists (select from data.session s
	    where s.event_id = v_event and s.room_id = p_room) then
		raise exception using errcode = 'P0003',
		    message = 'schedule.room_used';
	end if;

	delete from data.room r where r.id = p_room;
	perform schedule.touch(v_event);
	perform account.note('schedule.room_delete', 'room', p_room);

	return v_event;
end
$$;

-- Makes a track (null: a new one) or changes it.
create function schedule.track_save(p_track bigint, p_event bigint,
    p_name text, p_position integer default null)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := coalesce(account.event_of('track', p_track), p_event);
	v_track bigint := p_track;
	v_name text := trim(coalesce(p_name, ''));
begin
	perform schedule.must(v_event);
	if v_name = '' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.name_missing', column = 'name';
	end if;
	if exists (select from data.track t where t.event_id = v_event
	    and t.name = v_name and t.id is distinct from p_track) then
		perform schedule.refuse('track_name_once', '23505', '');
	end if;

	if p_track is null then
		insert into data.track (event_id, name, slug, position)
		values (v_event, v_name, program.slug(v_name), coalesce(p_position, (
		    select coalesce(max(t.position) + 1, 0)
		    from data.track t where t.event_id = v_event)))
		returning id into v_track;
	else
		update data.track t
		set name = v_name, position = coalesce(p_position, t.position)
		where t.id = p_track;
		if not found then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
	end if;
	perform schedule.touch(v_event);
	perform account.note('schedule.track_save', 'track', v_track);

	return v_track;
end
$$;

-- Removes a track; its sessions stay, in none.
create function schedule.track_delete(p_track bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('track', p_track);
begin
	perform schedule.must(v_event);

	update data.session s set track_id = null, version = s.version + 1
	where s.track_id = p_track;
	delete from data.track t where t.id = p_track;
	perform schedule.touch(v_event);
	perform account.note('schedule.track_delete', 'track', p_track);

	return v_event;
end
$$;

-- Makes a speaker (null: a new one) or changes it.
create function schedule.speaker_save(p_speaker bigint, p_event bigint,
    p_name text, p_biography text, p_url text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := coalesce(account.event_of('speaker', p_speaker), p_event);
	v_speaker bigint := p_speaker;
	v_name text := trim(coalesce(p_name, ''));
begin
	perform schedule.must(v_event);
	if v_name = '' then
		raise exception using errcode = 'P0001',
		    message = 'schedule.name_missing', column = 'name';
	end if;

	if p_speaker is null then
		insert into data.speaker (event_id, name, biography, url)
		values (v_event, v_name, coalesce(p_biography, ''),
		    coalesce(p_url, ''))
		returning id into v_speaker;
	else
		update data.speaker p
		set name = v_name, biography = coalesce(p_biography, ''),
		    url = coalesce(p_url, '')
		where p.id = p_speaker;
		if not found then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
		perform schedule.index_sessions(v_event, x.session_id)
		from data.session_speaker x
		where x.speaker_id = p_speaker;
	end if;
	perform schedule.touch(v_event);
	perform account.note('schedule.speaker_save', 'speaker', v_speaker);

	return v_speaker;
end
$$;

create function schedule.speaker_delete(p_speaker bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('speaker', p_speaker);
	v_sessions bigint[] := array(select x.session_id
	    from data.session_speaker x where x.speaker_id = p_speaker);
begin
	perform schedule.must(v_event);

	delete from data.speaker p where p.id = p_speaker;
	perform schedule.index_sessions(v_event, s) from unnest(v_sessions) s;
	perform schedule.touch(v_event);
	perform account.note('schedule.speaker_delete', 'speaker', p_speaker);

	return v_event;
end
$$;
