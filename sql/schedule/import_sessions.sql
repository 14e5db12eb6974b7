-- The sessions of an imported schedule, and what hangs on them.

-- Whether somebody would miss it: then it is cancelled, and not deleted.
create function schedule.import_missed(p_session bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (select from data.pick p where p.session_id = p_session)
	    or exists (select from data.material m where m.session_id = p_session)
	    or exists (select from data.record r where r.session_id = p_session)
	    or exists (select from data.scan c where c.session_id = p_session)
	    or exists (select from data.calendar c
	        join data.invite i on i.calendar_id = c.id
	        where c.session_id = p_session);
end
$$;

-- Sessions that the file had once and has no more.  A mark in the source of one
-- that is cancelled lets a later file bring it back.
create function schedule.import_gone(p_event bigint, p_document jsonb)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
declare
	v_gone bigint[] := array(
	    select s.id from data.session s
	    where s.event_id = p_event and s.source is not null
	    and s.state = 'published'
	    and not exists (
	        select from jsonb_to_recordset(p_document->'sessions')
	            as f (guid uuid) where f.guid = s.guid));
	v_missed bigint[] := array(select g from unnest(v_gone) g
	    where schedule.import_missed(g));
begin
	delete from data.session s
	where s.id = any (v_gone) and s.id <> all (v_missed);

	update data.session s
	set state = 'cancelled', version = s.version + 1,
	    source = s.source || '{"#gone": true}'
	where s.id = any (v_missed);
	perform invite.cancelled(c.id)
	from data.calendar c
	where c.session_id = any (v_missed);
	if cardinality(v_missed) > 0 then
		perform schedule.tell(e.id, null, false)
		from data.event e
		where e.id = p_event and e.whole;
	end if;

	return cardinality(v_gone);
end
$$;

-- The file's sessions with what they refer to, and the session that each is.
create function schedule.import_said(p_event bigint, p_document jsonb)
returns table (session bigint, guid uuid, source_id text, slug text,
    title text, subtitle text, abstract text, description text, language text,
    kind text, url text, recording jsonb, starts timestamptz, ends timestamptz,
    day date, room_id bigint, track_id bigint, source jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
#variable_conflict use_column
declare
	v_zone text := p_document->'event'->>'zone';
begin
	return query
	select s.id, f.guid, f.source_id, f.slug, f.title, f.subtitle, f.abstract,
	    f.description, f.language, f.kind, f.url, nullif(f.recording, 'null'),
	    schedule.import_at(f.starts, v_zone),
	    schedule.import_at(f.starts, v_zone) + f.seconds * interval '1 second',
	    f.day, r.id, t.id, f.source
	from jsonb_to_recordset(p_document->'sessions') as f (guid uuid,
	    source_id text, slug text, title text, subtitle text, abstract text,
	    description text, language text, kind text, url text, recording jsonb,
	    starts text, seconds integer, day date, room text, track text,
	    source jsonb)
	left join data.session s on s.event_id = p_event and s.guid = f.guid
	left join data.room r on r.event_id = p_event and r.name = f.room
	left join data.track t on t.event_id = p_event and t.name = f.track;
end
$$;

-- Writes what differs, in one statement: rooms may be swapped.  Answers the
-- counts, and the sessions that moved or read differently now.
create function schedule.import_put(p_event bigint, p_document jsonb)
returns table (counts jsonb, moved bigint[], worded bigint[])
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
#variable_conflict use_column
begin
	return query
	with said as materialized (
	    select * from schedule.import_said(p_event, p_document)),
	changed as (
	    update data.session s
	    set source_id = case when s.source_id = '' and s.source is null
	            then '' else f.source_id end,
	        slug = f.slug, title = f.title, subtitle = f.subtitle,
	        abstract = f.abstract, description = f.description,
	        language = f.language, kind = f.kind, url = f.url,
	        recording = f.recording, starts = f.starts, ends = f.ends,
	        day = f.day, room_id = f.room_id, track_id = f.track_id,
	        state = case when s.source ? '#gone' then 'published'
	            else s.state end,
	        source = case when s.source is null and f.source = '{}'
	            then null else f.source end,
	        version = s.version + 1
	    from said f
	    join data.session w on w.id = f.session
	    where s.id = f.session
	    and (case when s.source is null then '' else s.source_id end, s.slug,
	        s.title, s.subtitle, s.abstract, s.description, s.language, s.kind,
	        s.url, s.recording, s.starts, s.ends, s.day, s.room_id, s.track_id,
	        coalesce(s.source, '{}')) is distinct from
	        (case when s.source is null then '' else f.source_id end, f.slug,
	        f.title, f.subtitle, f.abstract, f.description, f.language, f.kind,
	        f.url, f.recording, f.starts, f.ends, f.day, f.room_id, f.track_id,
	        f.source)
	    returning s.id, (s.starts, s.ends, s.state) is distinct from
	        (w.starts, w.ends, w.state) as moved),
	created as (
	    insert into data.session (event_id, guid, source_id, slug, title,
	        subtitle, abstract, description, language, kind, url, recording,
	        starts, ends, day, room_id, track_id, source)
	    select p_event, f.guid, f.source_id, f.slug, f.title, f.subtitle,
	        f.abstract, f.description, f.language, f.kind, f.url, f.recording,
	        f.starts, f.ends, f.day, f.room_id, f.track_id, f.source
	    from said f where f.session is null
	    returning id)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed), 0),
	    array(select c.id from changed c where c.moved),
	    array(select c.id from changed c where not c.moved);
end
$$;

-- The sessions, and who is told that they are another now.
create function schedule.import_sessions(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_gone bigint := schedule.import_gone(p_event, p_document);
	v_put record;
	v_constraint text;
begin
	begin
		select * into v_put from schedule.import_put(p_event, p_document);
	exception when exclusion_violation then
		get stacked diagnostics v_constraint = constraint_name;
		perform schedule.refuse(v_constraint, sqlstate, sqlerrm);
	end;

	if v_put.counts->>'created' <> '0' or not exists (
	    select from data.calendar c where c.event_id = p_event) then
		perform schedule.calendars(p_event);
	end if;
	perform schedule.tell(p_event, s.id, s.id = any (v_put.moved))
	from data.session s
	where s.id = any (v_put.moved || v_put.worded) and s.state = 'published';
	if cardinality(v_put.moved) > 0 then
		perform schedule.tell(e.id, null, true)
		from data.event e
		where e.id = p_event and e.whole;
	end if;

	return v_put.counts || jsonb_build_object('removed', v_gone);
end
$$;

-- Who speaks at the file's sessions, in its order.
create function schedule.import_appearances(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
declare
	v_counts jsonb;
begin
	with sessions as materialized (
	    select s.id, f.persons
	    from jsonb_to_recordset(p_document->'sessions')
	        as f (guid uuid, persons jsonb)
	    join data.session s on s.event_id = p_event and s.guid = f.guid),
	said as materialized (
	    select s.id as session, p.speaker, x.position
	    from sessions s
	    cross join lateral jsonb_array_elements(s.persons)
	        with ordinality as x (place, position)
	    join schedule.import_people(p_event, p_document) p
	        on p.place = x.place::integer),
	removed as (
	    delete from data.session_speaker a
	    where a.session_id in (select s.id from sessions s)
	    and not exists (select from said f
	        where f.session = a.session_id and f.speaker = a.speaker_id)
	    returning 1),
	changed as (
	    update data.session_speaker a set position = f.position
	    from said f
	    where a.session_id = f.session and a.speaker_id = f.speaker
	    and a.position <> f.position
	    returning 1),
	created as (
	    insert into data.session_speaker (session_id, speaker_id, position)
	    select f.session, f.speaker, f.position from said f
	    where not exists (select from data.session_speaker a
	        where a.session_id = f.session and a.speaker_id = f.speaker)
	    returning 1)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed),
	    (select count(*) from removed))
	into v_counts;

	return v_counts;
end
$$;

-- Links and attachments of the file's sessions.
create function schedule.import_links(p_event bigint, p_document jsonb)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set jit = off
as $$
declare
	v_counts jsonb;
begin
	with sessions as materialized (
	    select s.id, f.links
	    from jsonb_to_recordset(p_document->'sessions')
	        as f (guid uuid, links jsonb)
	    join data.session s on s.event_id = p_event and s.guid = f.guid),
	said as materialized (
	    select s.id as session, l->>'kind' as kind, row_number() over (
	        partition by s.id, l->>'kind' order by o) as position,
	        l->>'url' as url, l->>'title' as title,
	        nullif(l->'source', '{}') as source
	    from sessions s
	    cross join lateral jsonb_array_elements(s.links) with ordinality as x (l, o)),
	removed as (
	    delete from data.session_link k
	    where k.session_id in (select s.id from sessions s)
	    and not exists (select from said f where f.session = k.session_id
	        and f.kind = k.kind and f.position = k.position)
	    returning 1),
	changed as (
	    update data.session_link k
	    set url = f.url, title = f.title, source = f.source
	    from said f
	    where k.session_id = f.session and k.kind = f.kind
	    and k.position = f.position
	    and (k.url, k.title, k.source) is distinct from (f.url, f.title, f.source)
	    returning 1),
	created as (
	    insert into data.session_link
	        (session_id, kind, position, url, title, source)
	    select f.session, f.kind, f.position, f.url, f.title, f.source
	    from said f
	    where not exists (select from data.session_link k where k.session_id
	        = f.session and k.kind = f.kind and k.position = f.position)
	    returning 1)
	select schedule.import_counts((select count(*) from said),
	    (select count(*) from created), (select count(*) from changed),
	    (select count(*) from removed))
	into v_counts;

	return v_counts;
end
$$;
