-- A schedule as the document that an import stores (app/schedule/frab.h), for
-- who organizes it.  What is cancelled or a draft is not in it.

-- Its days: those of the file it came from, and all others that it has.
create function schedule.export_days(p_event data.event)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_days jsonb;
	v_zone text := p_event.zone;
begin
	with said as (
	    select d.index, d.date, d.start, d."end"
	    from jsonb_to_recordset(coalesce(p_event.source->'days', '[]'))
	        as d (index integer, date date, start text, "end" text)),
	held as (
	    select s.day as date from data.session s
	    where s.event_id = p_event.id and s.state = 'published'
	    union
	    select g::date
	    from generate_series((p_event.starts at time zone v_zone)::date,
	        (p_event.ends at time zone v_zone)::date, interval '1 day') g
	    where p_event.source->'days' is null),
	others as (
	    select (select coalesce(max(index), 0) from said)
	        + row_number() over (order by h.date) as index, h.date,
	        schedule.at(h.date::timestamp at time zone v_zone, v_zone) as start,
	        schedule.at((h.date + 1)::timestamp at time zone v_zone
	            - interval '1 minute', v_zone) as "end"
	    from held h
	    where h.date not in (select date from said))
	select jsonb_agg(to_jsonb(d) order by d.date, d.index) into v_days
	from (select * from said union all select * from others) d;

	return v_days;
end
$$;

-- The event.  Its hours are told when they are not just those of its sessions.
create function schedule.export_event(p_event data.event)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_span record;
	v_said jsonb;
begin
	select min(s.starts) as starts, max(s.ends) as ends into v_span
	from data.session s
	where s.event_id = p_event.id and s.state <> 'cancelled';

	v_said := jsonb_build_object('slug', p_event.slug,
	    'title', p_event.title, 'subtitle', p_event.subtitle,
	    'summary', p_event.summary, 'venue', p_event.venue,
	    'city', p_event.city, 'zone', p_event.zone,
	    'source', coalesce(p_event.source, '{}') - 'days');
	if p_event.source is null or (p_event.starts, p_event.ends)
	    is distinct from (v_span.starts, v_span.ends) then
		v_said := v_said || jsonb_build_object(
		    'starts', schedule.at(p_event.starts, p_event.zone),
		    'ends', schedule.at(p_event.ends, p_event.zone));
	end if;

	return v_said;
end
$$;

-- The sessions, with places in p_speakers for those who speak.
create function schedule.export_sessions(p_event data.event,
    p_speakers bigint[])
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object('guid', s.guid,
	        'source_id', s.source_id, 'slug', s.slug, 'title', s.title,
	        'subtitle', s.subtitle, 'abstract', s.abstract,
	        'description', s.description, 'language', s.language,
	        'kind', s.kind, 'url', s.url, 'recording', s.recording,
	        'room', r.name, 'track', t.name, 'day', s.day,
	        'starts', schedule.at(s.starts, p_event.zone),
	        'seconds', extract(epoch from s.ends - s.starts)::bigint,
	        'source', coalesce(s.source, '{}'),
	        'persons', coalesce(a.persons, '[]'),
	        'links', coalesce(k.links, '[]')) order by s.starts, s.id), '[]')
	    from data.session s
	    left join data.room r on r.id = s.room_id
	    left join data.track t on t.id = s.track_id
	    left join (
	        select x.session_id, jsonb_agg(p.place - 1
	            order by x.position, x.speaker_id) as persons
	        from unnest(p_speakers) with ordinality as p (id, place)
	        join data.session_speaker x on x.speaker_id = p.id
	        group by x.session_id) a on a.session_id = s.id
	    left join (
	        select l.session_id, jsonb_agg(jsonb_build_object('kind', l.kind,
	            'url', l.url, 'title', l.title,
	            'source', coalesce(l.source, '{}'))
	            order by l.kind, l.position) as links
	        from data.session_link l
	        join data.session o on o.id = l.session_id
	            and o.event_id = p_event.id
	        group by l.session_id) k on k.session_id = s.id
	    where s.event_id = p_event.id and s.state = 'published');
end
$$;

create function schedule.export(p_slug text)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event;
	v_speakers bigint[];
begin
	select * into v_event from data.event e where e.slug = p_slug;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'schedule.export.missing', detail = p_slug;
	end if;
	perform account.must('organizer', v_event.id);
	v_speakers := array(
	    select p.id from data.speaker p
	    where p.event_id = v_event.id
	    order by p.id);

	return jsonb_build_object('event', schedule.export_event(v_event),
	    'days', schedule.export_days(v_event),
	    'rooms', (
	        select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
	            'name', r.name, 'slug', r.slug, 'seats', r.seats))
	            || jsonb_build_object('source', coalesce(r.source, '{}'))
	            order by r.position, r.name), '[]')
	        from data.room r where r.event_id = v_event.id),
	    'tracks', (
	        select coalesce(jsonb_agg(jsonb_build_object('name', t.name,
	            'slug', t.slug, 'source', coalesce(t.source, '{}'))
	            order by t.position, t.name), '[]')
	        from data.track t where t.event_id = v_event.id),
	    'speakers', (
	        select coalesce(jsonb_agg(jsonb_build_object(
	            'source_id', p.source_id, 'name', p.name,
	            'biography', p.biography, 'url', p.url,
	            'source', coalesce(p.source, '{}')) order by p.id), '[]')
	        from data.speaker p where p.event_id = v_event.id),
	    'sessions', schedule.export_sessions(v_event, v_speakers));
end
$$;
