-- An import from its first row to its last, in one transaction.

-- Rooms, tracks and speakers of an earlier file that nothing uses any more.
create function schedule.import_sweep(p_event bigint, p_document jsonb)
returns table (rooms bigint, tracks bigint, speakers bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
#variable_conflict use_column
begin
	delete from data.room r
	where r.event_id = p_event and r.source is not null
	and not exists (select from data.session s where s.room_id = r.id)
	and r.name not in (select f.name
	    from jsonb_to_recordset(p_document->'rooms') as f (name text));
	get diagnostics rooms = row_count;

	delete from data.track t
	where t.event_id = p_event and t.source is not null
	and not exists (select from data.session s where s.track_id = t.id)
	and t.name not in (select f.name
	    from jsonb_to_recordset(p_document->'tracks') as f (name text));
	get diagnostics tracks = row_count;

	delete from data.speaker p
	where p.event_id = p_event and p.source is not null
	and not exists (select from data.session_speaker x where x.speaker_id = p.id)
	and p.id not in (select f.speaker
	    from schedule.import_people(p_event, p_document) f);
	get diagnostics speakers = row_count;

	return next;
end
$$;

-- When the event is: as the file says to the minute, else from its first
-- session to its last; without any, its days.
create function schedule.import_span(p_event bigint, p_document jsonb,
    out starts timestamptz, out ends timestamptz)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_said jsonb := p_document->'event';
	v_zone text := v_said->>'zone';
	v_days jsonb := schedule.import_days(p_document);
	v_from timestamptz := schedule.import_at(v_said->>'starts', v_zone);
	v_until timestamptz := schedule.import_at(v_said->>'ends', v_zone);
begin
	select min(s.starts), max(s.ends) into starts, ends
	from data.session s
	where s.event_id = p_event and s.state <> 'cancelled';
	starts := coalesce(starts, v_from, (v_days->0->>'start')::timestamptz);
	ends := coalesce(ends, v_until, (v_days->-1->>'end')::timestamptz);

	if starts at time zone v_zone
	    >= date_trunc('day', v_from at time zone v_zone) then
		starts := v_from;
	end if;
	if ends at time zone v_zone <= date_trunc('day', v_until at time zone v_zone)
	    + interval '36 hours' then
		ends := v_until;
	end if;
	if ends <= starts then
		raise exception using errcode = 'P0001',
		    message = 'schedule.ends_before_start', column = 'ends';
	end if;
end
$$;

-- The event's own row.  One that was made by hand stays so: it gets no source.
create function schedule.import_event(p_was data.event, p_document jsonb)
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_said jsonb := p_document->'event';
	v_span record;
	v_source jsonb;
begin
	select * into v_span from schedule.import_span(p_was.id, p_document);
	if p_was.source is not null then
		v_source := v_said->'source'
		    || jsonb_build_object('days', schedule.import_days(p_document));
	end if;

	update data.event e
	set title = v_said->>'title', subtitle = v_said->>'subtitle',
	    summary = v_said->>'summary', venue = v_said->>'venue',
	    city = v_said->>'city', zone = v_said->>'zone',
	    starts = v_span.starts, ends = v_span.ends, source = v_source
	where e.id = p_was.id
	and (e.title, e.subtitle, e.summary, e.venue, e.city, e.zone, e.starts,
	    e.ends, e.source) is distinct from
	    (v_said->>'title', v_said->>'subtitle', v_said->>'summary',
	    v_said->>'venue', v_said->>'city', v_said->>'zone', v_span.starts,
	    v_span.ends, v_source);

	return found;
end
$$;

-- What follows from a change: the revision rises once, those whom it concerns
-- are told, and the search finds it.
create function schedule.import_settle(p_was data.event, p_new boolean,
    p_event_changed boolean, p_counts jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_event_changed and not p_new then
		perform schedule.event_changed(p_was);
	else
		perform schedule.touch(p_was.id);
	end if;
	perform schedule.index_event(p_was.id);
	perform schedule.index_sessions(p_was.id);
	perform account.note('schedule.import', 'event', p_was.id, p_counts);
end
$$;

-- Stores a schedule and answers what was done with each kind of thing.
create function schedule.import(p_program bigint, p_document jsonb,
    p_publish boolean default false)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_new boolean := not exists (select from data.event e
	    where e.slug = p_document->'event'->>'slug');
	v_was data.event;
	v_counts jsonb;
	v_swept record;
	v_changed boolean;
begin
	perform schedule.import_times(p_document);
	v_was := schedule.import_find(p_program, p_document);
	v_counts := jsonb_build_object(
	    'rooms', schedule.import_rooms(v_was.id, p_document),
	    'tracks', schedule.import_tracks(v_was.id, p_document),
	    'speakers', schedule.import_speakers(v_was.id, p_document));
	v_counts := v_counts || jsonb_build_object(
	    'sessions', schedule.import_sessions(v_was.id, p_document));
	v_counts := v_counts || jsonb_build_object(
	    'appearances', schedule.import_appearances(v_was.id, p_document),
	    'links', schedule.import_links(v_was.id, p_document));
	select * into v_swept from schedule.import_sweep(v_was.id, p_document);
	v_changed := schedule.import_event(v_was, p_document);
	v_counts := jsonb_set(jsonb_set(jsonb_set(v_counts,
	    '{rooms,removed}', to_jsonb(v_swept.rooms)),
	    '{tracks,removed}', to_jsonb(v_swept.tracks)),
	    '{speakers,removed}', to_jsonb(v_swept.speakers))
	    || jsonb_build_object('event', schedule.import_counts(1,
	    v_new::integer, (v_changed and not v_new)::integer, 0));

	if exists (select from jsonb_each(v_counts) k, jsonb_each_text(k.value) n
	    where n.key <> 'unchanged' and n.value <> '0') then
		perform schedule.import_settle(v_was, v_new, v_changed, v_counts);
	end if;
	if p_publish then
		perform schedule.event_publish(v_was.id);
	end if;

	return v_counts;
end
$$;
