-- What this room holds about a person: by number only, and as it happened, so
-- nothing ends with them: see sql/account/privacy.sql.

create function checkin.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object(
	    'attendance', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'session', s.title, 'since', schedule.at(a.since, e.zone))
	            order by a.since), '[]')
	        from data.registration r
	        join data.attendance a on a.registration_id = r.id
	        join data.event e on e.id = a.event_id
	        left join data.session s on s.id = a.session_id
	        where r.person_id = p_person),
	    'scans', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'result', c.result, 'at', schedule.at(c.scanned, e.zone))
	            order by c.id), '[]')
	        from data.registration r
	        join data.scan c on c.registration_id = r.id
	        join data.event e on e.id = c.event_id
	        where r.person_id = p_person),
	    'scanned', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'people', w.people) order by e.id), '[]')
	        from (select c.event_id, count(*) as people from data.scan c
	            where c.person_id = p_person group by c.event_id) w
	        join data.event e on e.id = w.event_id));
end
$$;
