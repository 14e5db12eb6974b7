-- Whom organizers put on the list: one by a form, many by a table.

-- Each of them as they arrive, and why not: the line that they stand in is
-- theirs.  The caller holds the lock.
create function registration.add_each(p_event bigint, p_people jsonb,
    p_seat text)
returns table (n integer, registration bigint, state data.registration_state,
    place bigint, fault text, field text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with said as materialized (
	    select (o.item ->> 'n')::integer as n, o.item, account.person_of(
	        o.item ->> 'email', o.item ->> 'name', o.item ->> 'language',
	        o.item ->> 'country', o.item ->> 'organisation') as person
	    from jsonb_array_elements(p_people) o (item)),
	known as materialized (
	    select s.n, s.item, s.person, live.id as live
	    from said s
	    left join data.registration live on live.event_id = p_event
	        and live.person_id = s.person and live.state in ('held',
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
	v_done jsonb;
begin
	perform account.must('organizer', p_event);
	if jsonb_array_length(p_people) > 20000 then
		raise exception using errcode = 'P0001', column = 'people',
		    message = 'web.too_many', detail = '20000';
	end if;
	perform registration.lock(p_event);

	begin
		select coalesce(jsonb_agg(to_jsonb(a) order by a.n), '[]') into v_done
		from registration.add_each(p_event, p_people, p_seat) a;
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
