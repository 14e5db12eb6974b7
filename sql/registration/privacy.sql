-- What this room holds about a person, and its end.  Each room that holds
-- something has these two, about() and forget(): see sql/account/privacy.sql.

-- An answer in words: the labels of what was chosen, as they were then.
create function registration.in_words(p_value jsonb, p_options jsonb,
    p_language text)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_chosen jsonb := case jsonb_typeof(p_value)
	    when 'object' then coalesce(p_value -> 'chosen', '[]')
	    when 'array' then p_value else jsonb_build_array(p_value) end;
	v_words text;
begin
	select string_agg(coalesce(o.item -> 'label' ->> p_language,
	    (select l.value from jsonb_each_text(o.item -> 'label') l limit 1),
	    c.value), ', ' order by c.ordinality) into v_words
	from jsonb_array_elements_text(v_chosen) with ordinality c
	left join jsonb_array_elements(p_options) o (item)
	    on o.item ->> 'value' = c.value;

	return concat_ws(': ', v_words, nullif(p_value ->> 'words', ''));
end
$$;

create function registration.about_answers(p_registration bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object(
	        'question', coalesce(w.label ->> a.language,
	        w.label ->> e.language, q.key), 'kind', q.kind,
	        'answer', case when q.kind = 'file' then (
	            select string_agg(f.name, ', ' order by f.id)
	            from data.answer_file f
	            where f.registration_id = a.registration_id
	            and f.question_id = a.question_id)
	        else registration.in_words(a.value, w.options, a.language) end,
	        'value', a.value, 'at', schedule.at(a.at, e.zone))
	        order by q.position, q.id), '[]')
	    from data.answer a
	    join data.question q on q.id = a.question_id
	    join data.question_wording w on w.question_id = a.question_id
	    and w.number = a.wording
	    join data.event e on e.id = a.event_id
	    where a.registration_id = p_registration);
end
$$;

-- The change by which a registration became its person's: handed on, or made.
create function registration.theirs_since(p_registration bigint)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select coalesce(max(c.id) filter (where c.why = 'transferred'),
	        min(c.id))
	    from data.registration_change c
	    where c.registration_id = p_registration);
end
$$;

create function registration.about_one(p_row data.registration)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select jsonb_build_object('event', e.title, 'state', p_row.state,
	        'created', schedule.at(p_row.created, e.zone),
	        'via', p_row.via, 'country', p_row.country,
	        'organisation', p_row.organisation, 'unit', u.name,
	        'staff', p_row.staff, 'group', g.name, 'called', p_row.called,
	        'nominated_by', n.name, 'expires',
	        schedule.at(p_row.expires, e.zone),
	        'answers', registration.about_answers(p_row.id),
	        'picks', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'session', s.title, 'waiting', k.waiting,
	                'at', schedule.at(k.picked, e.zone)) order by s.id), '[]')
	            from data.pick k join data.session s on s.id = k.session_id
	            where k.registration_id = p_row.id),
	        'changes', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'at', schedule.at(c.at, e.zone), 'became', c.became,
	                'why', c.why, 'note', c.note) order by c.id), '[]')
	            from data.registration_change c
	            where c.registration_id = p_row.id
	            and c.id >= registration.theirs_since(p_row.id)))
	    from data.event e
	    left join data.unit u on u.id = p_row.unit_id
	    left join data.party g on g.id = p_row.party_id
	    left join data.person n on n.id = p_row.nominated_by
	    where e.id = p_row.event_id);
end
$$;

create function registration.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object(
	    'registrations', (
	        select coalesce(jsonb_agg(registration.about_one(r)
	            order by r.id), '[]')
	        from data.registration r where r.person_id = p_person),
	    'notes', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'note', n.body, 'at', schedule.at(n.created, e.zone))
	            order by n.id), '[]')
	        from data.registration r
	        join data.event e on e.id = r.event_id
	        join data.registration_note n on n.registration_id = r.id
	        where r.person_id = p_person),
	    'views', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'name', w.name) order by w.id), '[]')
	        from data.saved_view w join data.event e on e.id = w.event_id
	        where w.person_id = p_person),
	    'groups', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'name', g.name, 'created', schedule.at(g.created, e.zone))
	            order by g.id), '[]')
	        from data.party g join data.event e on e.id = g.event_id
	        where g.leader_id = p_person),
	    'invitations', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'name', i.name, 'created', schedule.at(i.created, e.zone))
	            order by i.id), '[]')
	        from data.access_code i
	        join data.event e on e.id = i.event_id
	        join data.person p on p.email = i.email
	        where p.id = p_person));
end
$$;

-- Gives up what still can be given up: seats are handed on, calendars told.
-- Events one after the other in their order, for each is locked.
create function registration.leave_all(p_person bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	for v_row in
		select r.*
		from data.registration r join data.event e on e.id = r.event_id
		where r.person_id = p_person and e.ends > clock_timestamp()
		and r.state in ('held', 'requested', 'waitlisted', 'offered',
		    'confirmed')
		and not exists (
		    select from data.attendance a where a.registration_id = r.id)
		order by r.event_id
	loop
		perform registration.leave(v_row, 'withdrawn',
		    'registration.withdrawn');
	end loop;
end
$$;

-- What was said in these registrations goes, by whomever; how many answers.
create function registration.unsay(p_ids bigint[])
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	delete from data.answer_file f where f.registration_id = any (p_ids);
	delete from data.answer a where a.registration_id = any (p_ids);
	get diagnostics v_count = row_count;
	delete from data.registration_note n
	where n.registration_id = any (p_ids);
	update data.registration_change c set note = ''
	where c.registration_id = any (p_ids) and c.note <> '';
	update data.registration r set organisation = '', called = ''
	where r.id = any (p_ids) and (r.organisation <> '' or r.called <> '');

	return v_count;
end
$$;

-- The rows stay, for counts and history; what was said in them goes, and with
-- the key and the hash the way in by the mail's link.
create function registration.forget(p_person bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_mine bigint[] := array(select r.id from data.registration r
	    where r.person_id = p_person);
begin
	perform registration.unsay(v_mine);
	delete from data.pick where registration_id = any (v_mine);
	delete from data.saved_view where person_id = p_person and not shared;
	update data.registration
	set key = gen_random_uuid(),
	    manage_hash = sha256(uuid_send(gen_random_uuid())
	        || uuid_send(gen_random_uuid()))
	where id = any (v_mine);

	update data.party set name = '' where leader_id = p_person;
	update data.access_code i
	set email = null, name = '', revoked = coalesce(revoked, now())
	from data.person p
	where p.id = p_person and i.email = p.email;
end
$$;

-- A consent that was an answer is answered no more, unless somebody else has the
-- seat now: what they answered is theirs.
create function registration.consent_withdrawn(p_registration bigint,
    p_question bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.answer a
	using data.registration r
	where a.registration_id = p_registration
	and a.question_id = p_question
	and r.id = a.registration_id and r.person_id = account.actor();
end
$$;

-- The time of some questions is over: their answers go, so many at once.
create function registration.retain(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	with due as (
	    select a.registration_id, a.question_id
	    from data.question q
	    join data.event e on e.id = q.event_id
	    join data.answer a on a.question_id = q.id
	    where e.ends + make_interval(days => q.retain_days) < now()
	    limit p_most),
	files as (
	    delete from data.answer_file f using due d
	    where f.registration_id = d.registration_id
	    and f.question_id = d.question_id)
	delete from data.answer a using due d
	where a.registration_id = d.registration_id
	and a.question_id = d.question_id;
	get diagnostics v_count = row_count;

	return v_count;
end
$$;

-- The time of an event is over: all answers go, and what else was said there;
-- and who was invited.
create function registration.retain_event(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.access_code c
	set email = null, name = '', revoked = coalesce(c.revoked, now())
	where c.event_id = p_event and c.email is not null;

	return registration.unsay(array(
	    select r.id from data.registration r where r.event_id = p_event));
end
$$;

-- Of an address that is nobody's; whether it had been invited.
create function registration.uninvite(p_email text)
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.access_code c
	set email = null, name = '', revoked = coalesce(c.revoked, now())
	where c.email = p_email;

	return found;
end
$$;

-- Files are bytes on the disk, too: those whose last name went are discarded
-- by a job, a while later, for a file may just be coming a second time.
create function registration.discard_files()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform job.put('discard_file', encode(g.sha256, 'hex'), '{}',
	    interval '15 minutes')
	from (
	    select distinct f.sha256 from gone f
	    where f.sha256 is not null) g;

	return null;
end
$$;
create trigger discard_files after delete on data.answer_file
    referencing old table as gone
    for each statement execute function registration.discard_files();

-- Whether anything is that file.
create function registration.file_named(p_sha256 bytea)
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();

	return exists (
	    select from data.answer_file f where f.sha256 = p_sha256)
	    or exists (
	    select from data.material m where m.sha256 = p_sha256);
end
$$;
