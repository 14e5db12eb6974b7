-- To an address, about an event; whose it is may be known.
create function notice.put_at(p_kind text, p_event bigint, p_email text,
    p_person bigint, p_language text, p_details jsonb)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into data.notice (kind, event_id, email, person_id, language,
	    details)
	values (p_kind, p_event, p_email, p_person,
	    coalesce(p_language, 'en'), p_details)
	returning id into v_id;
	perform notice.wake();

	return v_id;
end
$$;
