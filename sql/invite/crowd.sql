-- Invites the people of many registrations to their event: see invite.open(),
-- which those come back to who were invited before.
create function invite.open_many(p_event bigint, p_registrations bigint[],
    p_kind text, p_details jsonb default '{}')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_calendar data.calendar := invite.calendar(p_event, null);
	v_now timestamptz := clock_timestamp();
	v_made bigint[];
	v_invites bigint[];
begin
	with made as (
	    insert into data.invite (calendar_id, person_id, registration_id,
	        last_sent_seq, last_material_seq, last_method, last_sent)
	    select v_calendar.id, r.person_id, r.id, v_calendar.sequence,
	        v_calendar.sequence, 'REQUEST', v_now
	    from unnest(p_registrations) with ordinality m (id, i)
	    cross join lateral (
	        select r.id, r.person_id from data.registration r
	        where r.id = m.id
	        offset 0) r
	    order by m.i
	    on conflict (calendar_id, person_id) do nothing
	    returning id, registration_id)
	select array_agg(m.registration_id order by m.id),
	    array_agg(m.id order by m.id) into v_made, v_invites
	from made m;

	perform notice.put_many(array_fill(p_kind,
	    array[coalesce(cardinality(v_made), 0)]), v_made, v_invites,
	    'REQUEST', v_calendar.sequence, p_details);
	if cardinality(p_registrations) > coalesce(cardinality(v_made), 0) then
		perform invite.open(m, null, p_kind, p_details)
		from unnest(p_registrations) m
		where m <> all (coalesce(v_made, '{}'));
	end if;
end
$$;
