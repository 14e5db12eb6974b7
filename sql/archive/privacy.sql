-- What this room holds about a person, and its end: see
-- sql/account/privacy.sql.

-- Records name people in words; theirs are those of sessions where they spoke
-- under that name.
create function archive.naming(p_person bigint)
returns table (record_id bigint, "position" integer)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select distinct q.record_id, q.position
	from data.speaker w
	join data.session_speaker x on x.speaker_id = w.id
	join data.record r on r.session_id = x.session_id
	join data.record_person q on q.record_id = r.id and q.name = w.name
	where w.person_id = p_person;
end
$$;

create function archive.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object(
	    'records', (
	        select coalesce(jsonb_agg(jsonb_build_object('title', r.title,
	            'ark', r.ark, 'name', q.name) order by r.id), '[]')
	        from archive.naming(p_person) n
	        join data.record r on r.id = n.record_id
	        join data.record_person q on q.record_id = n.record_id
	        and q.position = n.position),
	    'materials', (
	        select coalesce(jsonb_agg(jsonb_build_object('name', m.name,
	            'event', e.title, 'created', schedule.at(m.created, e.zone))
	            order by m.id), '[]')
	        from data.material m join data.event e on e.id = m.event_id
	        where m.uploaded_by = p_person));
end
$$;

-- Before the schedule's part, which cuts what joins them to their name.  A
-- published record is kept as it is, unless they want their name gone.
create function archive.forget(p_person bigint, p_published boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_record bigint;
begin
	if not p_published then
		return;
	end if;

	for v_record in
		with named as (
		    update data.record_person q set name = '—'
		    from archive.naming(p_person) n
		    where q.record_id = n.record_id and q.position = n.position
		    returning q.record_id)
		update data.record r set datestamp = now()
		where r.id in (select n.record_id from named n)
		returning r.id
	loop
		perform archive.index(v_record);
	end loop;
end
$$;
