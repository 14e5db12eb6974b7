-- What this room holds about a person, and its end: see
-- sql/account/privacy.sql.

create function schedule.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object('speaking', (
	    select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	        'name', w.name, 'biography', w.biography, 'url', w.url,
	        'sessions', (
	            select string_agg(s.title, '; ' order by s.starts)
	            from data.session_speaker x
	            join data.session s on s.id = x.session_id
	            where x.speaker_id = w.id)) order by w.id), '[]')
	    from data.speaker w join data.event e on e.id = w.event_id
	    where w.person_id = p_person));
end
$$;

-- What was published of a speaker stays published, and is nobody's account
-- any more; unless they want it gone, from the search too.
create function schedule.forget(p_person bigint, p_published boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_speaker record;
begin
	for v_speaker in
		update data.speaker w set person_id = null,
		    name = case when p_published then '—' else w.name end,
		    biography = case when p_published then '' else w.biography end,
		    url = case when p_published then '' else w.url end,
		    source = case when p_published then null else w.source end,
		    source_id = case when p_published then ''
		        else w.source_id end
		where w.person_id = p_person
		returning w.id, w.event_id
	loop
		perform schedule.index_sessions(v_speaker.event_id, x.session_id)
		from data.session_speaker x
		where x.speaker_id = v_speaker.id and p_published;
		perform schedule.touch(v_speaker.event_id);
	end loop;
end
$$;
