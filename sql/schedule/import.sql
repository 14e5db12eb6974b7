-- Schedules from files: app/schedule/frab.h says what the document is.  What a
-- file brought has a source; what was made by hand has none, and no import
-- takes it away.  An import of what is there already writes no row.  Its parts
-- run with the rights of schedule.import, and are nothing for others.
--
-- Where a file is compared with what is there, nested loops are off: the
-- planner may still think the tables empty, and would compare all with all.
-- (It prices what is off so high that it would compile, hence jit.)

-- The program for an import: the one named, else the event's, else one that
-- collects what was imported.
create function schedule.import_program(p_slug text, p_title text,
    p_event_slug text, p_publish boolean)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_slug text := coalesce(p_slug, 'imported-schedules');
	v_program bigint;
begin
	if p_slug is null then
		select e.program_id into v_program
		from data.event e where e.slug = p_event_slug;
	end if;
	if v_program is null then
		select p.id into v_program
		from data.program p where p.slug = v_slug;
	end if;
	if v_program is null and p_slug is not null then
		raise exception using errcode = 'P0002',
		    message = 'schedule.import.program_unknown', detail = p_slug;
	end if;

	if v_program is null then
		perform program.must_make();
		insert into data.program (slug, reach, title)
		values (v_slug, 'global', p_title)
		returning id into v_program;
		perform program.index(v_program);
		perform account.note('program.made', 'program', v_program);
	end if;
	if p_publish then
		perform program.publish(v_program);
	end if;

	return v_program;
end
$$;

-- Refuses a zone that is not known, and times without an offset that its
-- clocks skip; the field is the line of the file.
create function schedule.import_times(p_document jsonb)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_zone text := p_document->'event'->>'zone';
	v_skipped record;
begin
	if not schedule.zone_known(v_zone) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.import.zone_unknown', detail = v_zone,
		    column = p_document->'event'->>'zone_line';
	end if;

	select s.line, s.starts into v_skipped
	from jsonb_to_recordset(p_document->'sessions') as s (line text, starts text)
	where length(s.starts) = 19
	and (s.starts::timestamp at time zone v_zone) at time zone v_zone
	    <> s.starts::timestamp
	limit 1;
	if found then
		raise exception using errcode = 'P0001',
		    message = 'schedule.import.skipped', detail = v_skipped.starts,
		    column = v_skipped.line;
	end if;
end
$$;

-- A moment as a file spells it: without an offset, on the wall of the zone.
create function schedule.import_at(p_text text, p_zone text)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if length(p_text) = 19 then
		return p_text::timestamp at time zone p_zone;
	end if;

	return p_text::timestamptz;
end
$$;

-- The days of the file, each with its start and end.
create function schedule.import_days(p_document jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_zone text := p_document->'event'->>'zone';
	v_change interval := coalesce(
	    p_document->'event'->'source'->>'day_change', '00:00')::interval;
begin
	return (
	    select jsonb_agg(jsonb_build_object('index', d.index, 'date', d.date,
	        'start', schedule.at(coalesce(schedule.import_at(d.start, v_zone),
	        (d.date + v_change) at time zone v_zone), v_zone),
	        'end', schedule.at(coalesce(schedule.import_at(d."end", v_zone),
	        (d.date + 1 + v_change) at time zone v_zone - interval '1 minute'),
	        v_zone)) order by d.date, d.index)
	    from jsonb_to_recordset(p_document->'days')
	        as d (index integer, date date, start text, "end" text));
end
$$;

-- The event of that name, locked, or a new draft.
create function schedule.import_find(p_program bigint, p_document jsonb)
returns data.event
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_said jsonb := p_document->'event';
	v_at timestamptz := schedule.import_at(
	    schedule.import_days(p_document)->0->>'start', v_said->>'zone');
	v_event data.event;
begin
	perform schedule.must_program(p_program);
	select * into v_event from data.event e where e.slug = v_said->>'slug';
	if found then
		v_event := schedule.must(v_event.id);
		if v_event.program_id <> p_program then
			raise exception using errcode = 'P0003',
			    message = 'schedule.import.elsewhere',
			    detail = v_event.slug;
		elsif v_event.state = 'cancelled' then
			raise exception using errcode = 'P0003',
			    message = 'schedule.event_cancelled';
		end if;
		return v_event;
	end if;

	insert into data.event (program_id, slug, title, zone, starts, ends, whole,
	    source)
	values (p_program, v_said->>'slug', v_said->>'title', v_said->>'zone',
	    v_at, v_at + interval '1 minute',
	    jsonb_array_length(p_document->'sessions') <= 20, '{}')
	returning * into v_event;
	insert into data.pool (event_id, seats) values (v_event.id, null);

	return v_event;
end
$$;

-- What an import did with one kind of thing.
create function schedule.import_counts(p_said bigint, p_created bigint,
    p_changed bigint, p_removed bigint)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object('created', p_created, 'changed', p_changed,
	    'removed', p_removed, 'unchanged', p_said - p_created - p_changed);
end
$$;

-- Rooms by their names.  The order is the file's; places are numbered anew only
-- when those that were there stand otherwise.
create function schedule.import_rooms(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_counts jsonb;
begin
	with said as materialized (
	    select f.*, r.id, row_number() over (order by f.position) <>
	        row_number() over (order by r.position, r.name) as strayed
	    from rows from (jsonb_to_recordset(p_document->'rooms')
	    as (name text, slug text, seats integer, source jsonb))
	    with ordinality as f (name, slug, seats, source, position)
	    left join data.room r on r.event_id = p_event and r.name = f.name),
	changed as (
	    update data.room r
	    set slug = f.slug, seats = coalesce(f.seats, r.seats),
	        position = f.position,
	        source = case when r.source is null and f.source = '{}'
	            then null else f.source end
	    from said f
	    where r.id = f.id
	    and ((r.slug, r.seats, coalesce(r.source, '{}')) is distinct from
	        (f.slug, coalesce(f.seats, r.seats), f.source)
	        or r.position <> f.position
	        and (select bool_or(strayed) from said where id is not null))
	    returning r.id),
	created as (
	    insert into data.room (event_id, name, slug, seats, position, source)
	    select p_event, f.name, f.slug, f.seats, f.position, f.source
	    from said f where f.id is null
	    returning id)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed), 0)
	into v_counts;

	return v_counts;
end
$$;

create function schedule.import_tracks(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_counts jsonb;
begin
	with said as materialized (
	    select f.*, t.id, row_number() over (order by f.position) <>
	        row_number() over (order by t.position, t.name) as strayed
	    from rows from (jsonb_to_recordset(p_document->'tracks')
	    as (name text, slug text, source jsonb))
	    with ordinality as f (name, slug, source, position)
	    left join data.track t on t.event_id = p_event and t.name = f.name),
	changed as (
	    update data.track t
	    set slug = f.slug, position = f.position,
	        source = case when t.source is null and f.source = '{}'
	            then null else f.source end
	    from said f
	    where t.id = f.id
	    and ((t.slug, coalesce(t.source, '{}')) is distinct from
	        (f.slug, f.source)
	        or t.position <> f.position
	        and (select bool_or(strayed) from said where id is not null))
	    returning t.id),
	created as (
	    insert into data.track (event_id, name, slug, position, source)
	    select p_event, f.name, f.slug, f.position, f.source
	    from said f where f.id is null
	    returning id)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed), 0)
	into v_counts;

	return v_counts;
end
$$;

-- Whom the file's places in `speakers` are, as far as they are there yet.
create function schedule.import_people(p_event bigint, p_document jsonb)
returns table (place integer, speaker bigint, source_id text, name text,
    biography text, url text, source jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
#variable_conflict use_column
begin
	return query
	select f.place::integer - 1, coalesce(i.id, n.id), f.source_id, f.name,
	    f.biography, f.url, f.source
	from rows from (jsonb_to_recordset(p_document->'speakers')
	    as (source_id text, name text, biography text, url text, source jsonb))
	    with ordinality
	    as f (source_id, name, biography, url, source, place)
	left join data.speaker i on i.event_id = p_event
	    and i.source_id = f.source_id and f.source_id <> ''
	left join (
	    select s.name, min(s.id) as id from data.speaker s
	    where s.event_id = p_event and s.source_id = ''
	    group by s.name) n on n.name = f.name and f.source_id = '';
end
$$;

create function schedule.import_speakers(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
declare
	v_counts jsonb;
begin
	with said as materialized (
	    select * from schedule.import_people(p_event, p_document)),
	changed as (
	    update data.speaker p
	    set name = f.name, biography = f.biography, url = f.url,
	        source = case when p.source is null and f.source = '{}'
	            then null else f.source end
	    from said f
	    where p.id = f.speaker
	    and (p.name, p.biography, p.url, coalesce(p.source, '{}'))
	        is distinct from (f.name, f.biography, f.url, f.source)
	    returning p.id),
	created as (
	    insert into data.speaker
	        (event_id, source_id, name, biography, url, source)
	    select p_event, f.source_id, f.name, f.biography, f.url, f.source
	    from said f
	    where f.speaker is null
	    order by f.place
	    returning id)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed), 0)
	into v_counts;

	return v_counts;
end
$$;
