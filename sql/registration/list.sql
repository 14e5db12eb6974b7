-- An event's registrations as its organizers list them.  One definition of a
-- filter serves the page, what is done to many at once, files, saved views and
-- mailings.

-- A member of a filter as texts, whether it is one value or several; null when
-- it is not there.
create function registration.texts(p_value jsonb)
returns text[]
language plpgsql immutable strict
set search_path = pg_catalog, pg_temp
as $$
begin
	return case jsonb_typeof(p_value)
	    when 'array' then array(select jsonb_array_elements_text(p_value))
	    else array[p_value #>> '{}'] end;
end
$$;

-- The filter; refused, at that member, when it has one that is not known or
-- whose value cannot be one.
create function registration.check_filter(p_event bigint, p_filter jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id constant text := '^[1-9][0-9]{0,17}$';
	v_wrong text;
begin
	if jsonb_typeof(p_filter) <> 'object' then
		raise exception using errcode = 'P0001', column = 'filter',
		    message = 'registration.filter_unknown', detail = 'filter';
	end if;

	select m.key into v_wrong
	from jsonb_each(p_filter) m
	left join (values ('id', true, v_id), ('q', false, '.'),
	    ('state', true, '^(held|requested|waitlisted|offered|confirmed|declined|withdrawn|expired|cancelled)$'),
	    ('country', true, '^[A-Z]{2}$'),
	    ('region', true, '^(EAS|ECS|LCN|MEA|NAC|SAS|SSF)$'),
	    ('income', true, '^(low|lower_middle|upper_middle|high)$'),
	    ('unit', true, v_id), ('bucket', true, '^(0|[1-9][0-9]{0,17})$'),
	    ('audience', false, '^(staff|client)$'),
	    ('via', false, '^(face_to_face|online)$'),
	    ('arrived', false, '^(true|false)$'), ('noted', false, '^(true|false)$'),
	    ('question', false, v_id), ('answer', false, '.'),
	    ('since', false, '^[0-9]{4}-(0[1-9]|1[0-2])-([0-2][1-9]|[123]0|31)$'),
	    ('until', false, '^[0-9]{4}-(0[1-9]|1[0-2])-([0-2][1-9]|[123]0|31)$'),
	    ('party', false, v_id), ('code', false, v_id)) k (name, several, pattern)
	    on k.name = m.key
	where k.name is null or jsonb_typeof(m.value) in ('object', 'null')
	or jsonb_typeof(m.value) = 'array' and (not k.several
	    or jsonb_array_length(m.value) not between 1 and 500)
	or exists (
	    select from unnest(registration.texts(m.value)) t (word)
	    where t.word !~ k.pattern or length(t.word) > 500 or t.word is null)
	limit 1;
	if v_wrong is not null then
		raise exception using errcode = 'P0001',
		    column = coalesce(nullif(left(v_wrong, 40), ''), 'filter'),
		    message = 'registration.filter_unknown', detail = v_wrong;
	end if;
	-- Whom it leaves in the list would tell what they answered.
	if exists (
	    select from data.question q
	    where q.id = (p_filter ->> 'question')::bigint
	    and q.sensitive and q.event_id = p_event) then
		raise exception using errcode = 'P0001', column = 'question',
		    message = 'registration.filter_sensitive';
	end if;

	return p_filter;
end
$$;

-- A day of a filter as an instant, in the zone of the event.
create function registration.day_of(p_event bigint, p_day text)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (select p_day::date::timestamp at time zone e.zone
	    from data.event e where e.id = p_event);
exception when datetime_field_overflow then
	raise exception using errcode = 'P0001', column = 'since',
	    message = 'web.not_day';
end
$$;

-- The registrations of an event that a filter leaves, in the order that is
-- asked for, at most so many after one of them.  Members that are not there
-- leave all.  It is planned for each call with its values, as if they stood in
-- the text: what is not asked for costs nothing, and the first hundred by
-- arrival are read from an index.
create function registration.filtered(p_event bigint, p_filter jsonb,
    p_sort text default 'arrival', p_after bigint default null,
    p_most bigint default null)
returns setof bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
	v_f jsonb := registration.check_filter(p_event, p_filter);
	v_pool bigint := (select l.id from data.pool l where l.event_id = p_event);
	v_q text := '%' || registration.like(v_f ->> 'q') || '%';
	v_states data.registration_state[] :=
	    registration.texts(v_f -> 'state')::data.registration_state[];
	v_since timestamptz := registration.day_of(p_event, v_f ->> 'since');
	v_until timestamptz := registration.day_of(p_event, v_f ->> 'until')
	    + interval '1 day';
	v_answer text := v_f ->> 'answer';
	v_last data.registration;
	v_name text;
begin
	perform account.must('organizer', p_event);
	select r.* into v_last from data.registration r
	where r.id = p_after and r.pool_id = v_pool;
	select p.name into v_name from data.person p where p.id = v_last.person_id;

	return query
	select r.id
	from data.registration r
	left join data.person p on p.id = r.person_id
	left join data.country c on c.code = r.country
	where r.pool_id = v_pool
	and (not v_f ? 'id' or r.id = any (registration.texts(v_f -> 'id')::bigint[]))
	and (v_q is null or p.name ilike v_q or p.email ilike v_q or r.organisation ilike v_q)
	and (v_states is null or r.state = any (v_states))
	and (not v_f ? 'country' or r.country = any (registration.texts(v_f -> 'country')))
	and (not v_f ? 'region' or c.region = any (registration.texts(v_f -> 'region')))
	and (not v_f ? 'income' or c.income = any (registration.texts(v_f -> 'income')))
	and (not v_f ? 'unit' or r.unit_id = any (registration.texts(v_f -> 'unit')::bigint[]))
	and (not v_f ? 'bucket' or coalesce(r.bucket_id, 0) = any (registration.texts(v_f -> 'bucket')::bigint[]))
	and (not v_f ? 'audience' or r.staff = (v_f ->> 'audience' = 'staff'))
	and (not v_f ? 'via' or r.via::text = v_f ->> 'via')
	and (not v_f ? 'arrived' or (v_f ->> 'arrived')::boolean = exists (
	    select from data.attendance a where a.registration_id = r.id and a.session_id is null))
	and (not v_f ? 'noted' or (v_f ->> 'noted')::boolean = exists (
	    select from data.registration_note n where n.registration_id = r.id))
	and (not v_f ? 'question' or exists (
	    select from data.answer a
	    where a.registration_id = r.id and a.question_id = (v_f ->> 'question')::bigint
	    and (v_answer is null or a.value #>> '{}' = v_answer or a.value -> 'chosen' ? v_answer
	        or jsonb_typeof(a.value) = 'array' and a.value ? v_answer)))
	and (v_since is null or r.created >= v_since)
	and (v_until is null or r.created < v_until)
	and (not v_f ? 'party' or r.party_id = (v_f ->> 'party')::bigint)
	and (not v_f ? 'code' or r.code_id = (v_f ->> 'code')::bigint)
	and (v_last.id is null or case p_sort
	    when 'name' then (p.name collate "und-x-icu", r.arrival) > (v_name collate "und-x-icu", v_last.arrival)
	    when 'country' then (coalesce(r.country, '~'), r.arrival) > (coalesce(v_last.country, '~'), v_last.arrival)
	    when 'state' then (r.state, r.arrival) > (v_last.state, v_last.arrival)
	    when 'newest' then r.arrival < v_last.arrival
	    else r.arrival > v_last.arrival end)
	order by case when p_sort = 'name' then p.name collate "und-x-icu" end,
	    case when p_sort = 'country' then coalesce(r.country, '~') end,
	    case when p_sort = 'state' then r.state end,
	    case when p_sort = 'newest' then -r.arrival end, r.arrival
	limit p_most;
end
$$;

-- The sensitive answers of some of an event's registrations, by question, for
-- a file.  Whose they are can see that they were looked at.
create function registration.sensitive_of(p_event bigint, p_ids bigint[])
returns table (registration bigint, answers jsonb)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	perform account.look_many(array(
	    select distinct a.registration_id
	    from data.answer a
	    join data.question q on q.id = a.question_id
	    where a.registration_id = any (p_ids) and a.event_id = p_event
	    and q.sensitive), 'export');

	return query
	select a.registration_id, jsonb_object_agg(a.question_id, a.value)
	from data.answer a
	join data.question q on q.id = a.question_id
	where a.registration_id = any (p_ids) and a.event_id = p_event
	and q.sensitive
	group by a.registration_id;
end
$$;

-- A note on somebody's registration, for its organizers.
create function registration.note_add(p_registration bigint, p_body text)
returns table (registration bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := account.event_of('registration', p_registration);
	v_body text := trim(p_body, E' \t\r\n');
begin
	if v_event is null then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;
	perform account.must('organizer', v_event);
	if coalesce(v_body, '') = '' then
		raise exception using errcode = 'P0001', column = 'note',
		    message = 'web.required';
	elsif length(v_body) > 2000 then
		raise exception using errcode = 'P0001', column = 'note',
		    message = 'web.too_long', detail = '2000';
	end if;
	insert into data.registration_note (registration_id, author_id, body)
	values (p_registration, account.actor(), v_body);
	update data.event e set retained = null -- it is to be deleted, too
	where e.id = v_event and e.retained is not null;
	perform account.note('registration.note', 'registration',
	    p_registration);

	return query select p_registration;
end
$$;

-- Saves a view under a name: a new one, or one of the actor's own anew.  At
-- most fifty at an event.
create function registration.view_put(p_event bigint, p_view bigint,
    p_name text, p_filter jsonb, p_sort text, p_shared boolean)
returns table (view bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_id bigint;
begin
	perform account.must('organizer', p_event);
	perform registration.check_filter(p_event, p_filter);
	if p_view is not null then
		update data.saved_view w
		set name = p_name, filter = coalesce(p_filter, w.filter),
		    sort = coalesce(p_sort, w.sort), shared = p_shared
		where w.id = p_view and w.event_id = p_event
		and w.person_id = account.actor()
		returning w.id into v_id;
	elsif (select count(*) from data.saved_view w
	    where w.event_id = p_event and w.person_id = account.actor()) >= 50 then
		raise exception using errcode = 'P0001', column = 'name',
		    message = 'registration.views_most', detail = '50';
	else
		insert into data.saved_view (event_id, person_id, name, filter, sort,
		    shared)
		values (p_event, account.actor(), p_name, coalesce(p_filter, '{}'),
		    coalesce(p_sort, 'arrival'), p_shared)
		returning id into v_id;
	end if;
	if v_id is null then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_view';
	end if;

	return query select v_id;
end
$$;

create function registration.view_drop(p_event bigint, p_view bigint)
returns table (view bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	delete from data.saved_view w
	where w.id = p_view and w.event_id = p_event
	and w.person_id = account.actor();
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_view';
	end if;

	return query select p_view;
end
$$;
