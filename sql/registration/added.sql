-- Whom organizers put on the list: one by a form, many by a table.

-- Each of them as they arrive, and why not: p_persons says who they are.  The
-- caller holds the lock.
create function registration.add_each(p_event bigint, p_people jsonb,
    p_persons bigint[], p_seat text)
returns table (n integer, registration bigint, state data.registration_state,
    place bigint, fault text, field text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with known as materialized (
	    select (o.item ->> 'n')::integer as n, o.item,
	        p_persons[o.place] as person, live.id as live
	    from jsonb_array_elements(p_people) with ordinality o (item, place)
	    left join data.registration live on live.event_id = p_event
	        and live.person_id = p_persons[o.place] and live.state in ('held',
	        'requested', 'waitlisted', 'offered', 'confirmed')),
	entered as (
	    select a.* from registration.arrive(p_event, (
	        select coalesce(jsonb_agg(k.item || jsonb_build_object(
	            'person_id', k.person, 'waives_approval', true, 'wants',
	            case p_seat when 'offer' then 'offer' else 'confirm' end)
	            order by k.n), '[]')
	        from known k where k.live is null)) a)
	select k.n, coalesce(e.registration, k.live), e.state, e.place,
	    case when k.live is null then e.fault
	    else 'registration.already_there' end,
	    case when k.live is null then e.field else 'email' end
	from known k
	left join entered e on e.n = k.n
	order by k.n;
end
$$;

-- Who they are, in their order; made where nobody has that address.
create function registration.persons_of(p_people jsonb)
returns bigint[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select account.people_of(array_agg(o.item ->> 'email' order by o.place),
	        array_agg(o.item ->> 'name' order by o.place),
	        array_agg(o.item ->> 'language' order by o.place))
	    from jsonb_array_elements(p_people) with ordinality o (item, place));
end
$$;

-- Puts people on the list of an event; approval is waived.  p_people: objects
-- of n, email, name, language, country, organisation, key and manage_hash.
-- p_seat: now, or nobody is added; line, a seat or else a place on the waiting
-- list; offer, a seat that they have to accept.  Rehearsed, all of it is done
-- and taken back: so what is said before is what will be.  Whoever expects
-- another number has seen another list.
create function registration.add(p_event bigint, p_people jsonb, p_seat text,
    p_expected bigint default null, p_rehearse boolean default false)
returns table (n integer, registration bigint, state data.registration_state,
    place bigint, fault text, field text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_persons bigint[];
	v_done jsonb;
begin
	perform account.must('organizer', p_event);
	if jsonb_array_length(p_people) > 20000 then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'web.too_many', detail = '20000';
	end if;

	begin
		v_persons := registration.persons_of(p_people);
		perform registration.lock(p_event);
		select coalesce(jsonb_agg(to_jsonb(a) order by a.n), '[]') into v_done
		from registration.add_each(p_event, p_people, v_persons, p_seat) a;
		if p_rehearse then
			raise exception using errcode = 'CV000';
		end if;
	exception when sqlstate 'CV000' then
		null; -- what was done is taken back, what was learnt stays
	end;

	if p_seat = 'now' and v_done @> '[{"state": "waitlisted"}]' then
		raise exception using errcode = 'P0001', column = 'seat',
		    message = 'registration.no_seat';
	elsif p_expected <> (
	    select count(*) from jsonb_array_elements(v_done) o (item)
	    where o.item ->> 'fault' is null) then
		raise exception using errcode = 'P0003',
		    message = 'registration.list_changed';
	end if;

	return query
	select r.n, r.registration, r.state, r.place, r.fault, r.field
	from jsonb_to_recordset(v_done) r (n integer, registration bigint,
	    state data.registration_state, place bigint, fault text, field text)
	order by r.n;
end
$$;

-- One by a form: what the table's line says is refused at its field.
create function registration.add_one(p_event bigint, p_person jsonb,
    p_seat text)
returns table (registration bigint, state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row record;
begin
	select * into v_row
	from registration.add(p_event, jsonb_build_array(p_person), p_seat);
	if v_row.fault is not null then
		raise exception using errcode = 'P0001',
		    column = coalesce(v_row.field, 'email'),
		    message = v_row.fault;
	end if;

	return query select v_row.registration, v_row.state;
end
$$;
