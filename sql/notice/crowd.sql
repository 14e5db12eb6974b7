-- To the people of many registrations, in their order: see notice.put().  Those
-- with an invite (of the same place in the array) get a message for their
-- calendar.  The offsets keep the planner at looking up one by one, however few
-- there were when it planned.
create function notice.put_many(p_kinds text[], p_registrations bigint[],
    p_invites bigint[] default null, p_method data.method default null,
    p_sequence integer default null, p_details jsonb default '{}')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_registrations is null or p_registrations = '{}' then
		return;
	end if;

	insert into data.notice (kind, person_id, email, language, event_id,
	    registration_id, invite_id, method, sequence, details)
	select m.kind, p.id, p.email, p.language, r.event_id, r.id, m.invite,
	    p_method, p_sequence, p_details
	from unnest(p_kinds, p_registrations, p_invites) with ordinality
	    m (kind, registration, invite, i)
	cross join lateral (
	    select r.id, r.event_id, r.person_id from data.registration r
	    where r.id = m.registration
	    offset 0) r
	cross join lateral (
	    select p.id, p.email, p.language from data.person p
	    where p.id = r.person_id and p.disabled is null
	    offset 0) p
	order by m.i;
	perform notice.wake();
end
$$;
