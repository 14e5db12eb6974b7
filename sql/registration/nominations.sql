-- A unit's coordinator names the people for its allotment: a bucket of the
-- pool that nobody else gets into, until it is released.

-- Each of them, an object with email, name, language, country, organisation,
-- key and manage_hash, is offered a seat that they accept themselves, or waits
-- in the allotment's line.  One that cannot be does not stop the others.
create function registration.nominate(p_event bigint, p_unit bigint,
    p_people jsonb)
returns table (n integer, email text, registration bigint,
    state data.registration_state, place bigint, fault text, field text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket bigint;
	v_entries jsonb;
	v_refused jsonb;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	elsif not account.trusted() and not p_unit = any (account.my_units()) then
		raise exception using errcode = '42501', message = 'account.denied';
	elsif jsonb_typeof(p_people) <> 'array'
	    or jsonb_array_length(p_people) not between 1 and 1000 then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'registration.nominate_most';
	end if;
	select m.entries, m.refused into v_entries, v_refused
	from registration.nominees(p_unit, p_people) m;

	perform registration.lock(p_event);
	v_bucket := registration.allotment(p_event, p_unit);
	select m.entries, v_refused || m.refused into v_entries, v_refused
	from registration.nominable(p_event, p_unit, v_bucket, v_entries) m;
	perform account.note('registration.nominate', 'event', p_event,
	    jsonb_build_object('unit', p_unit, 'bucket', v_bucket,
	        'people', jsonb_array_length(v_entries)));

	return query
	select (x ->> 'n')::integer, x ->> 'email', a.registration, a.state,
	    a.place, a.fault, a.field
	from jsonb_array_elements(v_entries) x
	join registration.arrive(p_event, v_entries) a
	    on a.n = (x ->> 'n')::integer
	union all
	select (x ->> 'n')::integer, x ->> 'email', null, null, null,
	    x ->> 'fault', x ->> 'field'
	from jsonb_array_elements(v_refused) x
	order by 1;

	-- Not sent yet, for this has not been committed.
	update data.notice n set kind = 'registration.nominated'
	from data.registration r
	where n.registration_id = r.id and r.bucket_id = v_bucket
	and n.kind = 'registration.offered' and n.created = now();
end
$$;

-- Who they are: an entry for each that is a person now, and for each that
-- cannot be one why.  People are made in the order of their addresses, and
-- before the event's lock, as everywhere: see registration.persons_of().
create function registration.nominees(p_unit bigint, p_people jsonb,
    out entries jsonb, out refused jsonb)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_each record;
	v_field text;
	v_words text;
begin
	entries := '[]';
	refused := '[]';
	for v_each in
		select x.n, x.p from jsonb_array_elements(p_people)
		    with ordinality x (p, n)
		order by lower(trim(x.p ->> 'email')), x.n
	loop
		begin
			entries := entries || jsonb_build_array(v_each.p
			    || jsonb_build_object('n', v_each.n,
			    'person_id', account.person_of(v_each.p ->> 'email',
			        v_each.p ->> 'name', v_each.p ->> 'language',
			        v_each.p ->> 'country', v_each.p ->> 'organisation'),
			    'country', nullif(trim(v_each.p ->> 'country'), ''),
			    'wants', 'offer', 'unit_id', p_unit,
			    'nominated_by', account.actor()));
		exception when sqlstate 'P0001' then
			get stacked diagnostics v_words = message_text,
			    v_field = column_name;
			refused := refused || jsonb_build_array(v_each.p
			    || jsonb_build_object('n', v_each.n, 'fault', v_words,
			    'field', v_field));
		end;
	end loop;
end
$$;

-- Who is there already, and not by this unit, is not nominated, and nothing else
-- is told of them; of the others each has a seat in the allotment to come to.
create function registration.nominable(p_event bigint, p_unit bigint,
    p_bucket bigint, p_people jsonb, out entries jsonb, out refused jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	select coalesce(jsonb_agg(x || jsonb_build_object('bucket_id', p_bucket))
	        filter (where not t.is_there), '[]'),
	    coalesce(jsonb_agg(x || jsonb_build_object(
	        'fault', 'registration.already_there', 'field', 'email'))
	        filter (where t.is_there), '[]')
	into entries, refused
	from jsonb_array_elements(p_people) x
	cross join lateral (
	    select exists (
	        select from data.registration r
	        where r.event_id = p_event
	        and r.person_id = (x ->> 'person_id')::bigint
	        and r.state in ('held', 'requested', 'waitlisted', 'offered',
	            'confirmed')
	        and (r.nominated_by is null
	            or r.unit_id is distinct from p_unit)) as is_there) t;
end
$$;

-- The allotment of a unit at an event: the first that is not released.
create function registration.allotment(p_event bigint, p_unit bigint)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket bigint;
begin
	select b.id into v_bucket
	from data.bucket b
	join data.pool p on p.id = b.pool_id
	join data.event e on e.id = p.event_id
	where e.id = p_event and e.state = 'published' and b.nominated
	and b.released is null and p_unit::text = any (b.for_values)
	order by b.position, b.id
	limit 1;
	if not found then
		raise exception using errcode = 'P0003',
		    message = 'registration.no_allotment';
	end if;

	return v_bucket;
end
$$;

-- A coordinator takes back whom their unit nominated; the next in the
-- allotment's line has the seat.
create function registration.nomination_withdraw(p_registration bigint)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration;
begin
	select * into v_row from data.registration r
	where r.id = p_registration and r.nominated_by is not null
	and (account.trusted() or r.unit_id = any (account.my_units()));
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;

	return query select v_row.id, v_row.event_id, registration.leave(
	    v_row, 'cancelled', 'registration.cancelled');
end
$$;
