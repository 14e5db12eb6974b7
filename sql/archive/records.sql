-- NOID's check character of "99999/k4...": the sum of position by value,
-- modulo 29.
create function archive.ark_check(p_ark text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_alphabet constant text := '0123456789bcdfghjkmnpqrstvwxz';
	v_sum integer := 0;
begin
	for i in 1 .. length(p_ark) loop
		v_sum := v_sum + i * greatest(
		    strpos(v_alphabet, substr(p_ark, i, 1)) - 1, 0);
	end loop;

	return substr(v_alphabet, v_sum % 29 + 1, 1);
end
$$;

-- A name that no record has: shoulder, eight random characters, check.
create function archive.mint(p_naan text, p_shoulder text)
returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_alphabet constant text := '0123456789bcdfghjkmnpqrstvwxz';
	v_random bytea;
	v_ark text;
begin
	loop
		v_random := sha256(uuid_send(gen_random_uuid()));
		v_ark := p_naan || '/' || p_shoulder;
		for i in 0 .. 7 loop
			v_ark := v_ark || substr(v_alphabet,
			    get_byte(v_random, i) % 29 + 1, 1);
		end loop;
		v_ark := v_ark || archive.ark_check(v_ark);
		exit when not exists (
		    select from data.record r where r.ark = v_ark);
	end loop;

	return v_ark;
end
$$;

create function archive.keep_ark()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
	if tg_op = 'UPDATE' then
		if (new.id, new.ark, new.session_id, new.event_id)
		    = (old.id, old.ark, old.session_id, old.event_id) then
			return new;
		end if;
	end if;

	raise exception using errcode = '42501',
	    message = 'archive.ark_for_ever';
end
$$;
create trigger keep_ark before update or delete on data.record
    for each row execute function archive.keep_ark();
create trigger keep_arks before truncate on data.record
    for each statement execute function archive.keep_ark();

-- The materials of a record, in the order given (null: all that are complete,
-- as they came); each of the session, complete.
create function archive.cite(p_record bigint, p_session bigint,
    p_materials bigint[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_materials bigint[] := coalesce(p_materials, array(
	    select m.id from data.material m
	    where m.session_id = p_session
	    and m.complete is not null and m.withdrawn is null
	    order by m.id));
begin
	if cardinality(v_materials) = 0 then
		raise exception using errcode = 'P0001', column = 'materials',
		    message = 'archive.nothing_to_publish';
	end if;
	perform from data.material m
	where m.id = any (v_materials)
	order by m.id for share;
	if exists (
	    select from unnest(v_materials) w (id)
	    left join data.material m on m.id = w.id
	    and m.session_id = p_session
	    and m.complete is not null and m.withdrawn is null
	    where m.id is null) then
		raise exception using errcode = 'P0001', column = 'materials',
		    message = 'archive.not_citable';
	end if;

	delete from data.record_file f where f.record_id = p_record;
	insert into data.record_file (record_id, material_id, position)
	select p_record, w.id, min(w.position)
	from unnest(v_materials) with ordinality w (id, position)
	group by w.id;
end
$$;

-- The people of a record, a line each.
create function archive.name_people(p_record bigint, p_people text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.record_person q where q.record_id = p_record;
	insert into data.record_person (record_id, position, name)
	select p_record, w.position, left(trim(w.name), 200)
	from regexp_split_to_table(coalesce(p_people, ''), '\r?\n')
	    with ordinality w (name, position)
	where trim(w.name) <> '';
end
$$;

-- Makes the session's record, or changes it.
create function archive.publish(p_session bigint, p_title text,
    p_abstract text, p_language text, p_licence text, p_access data.access,
    p_held date, p_people text, p_materials bigint[], p_naan text,
    p_shoulder text)
returns table (record bigint, ark text, made boolean, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_event bigint := archive.event_of_session(p_session);
	v_record data.record;
begin
	perform archive.may_publish(v_event, p_title, p_licence);
	perform from data.session s where s.id = p_session for no key update;
	select * into v_record from data.record r
	where r.session_id = p_session for update;
	if v_record.withdrawn is not null then
		raise exception using errcode = 'P0004',
		    message = 'archive.record_withdrawn';
	end if;

	insert into data.record as r (ark, session_id, event_id, title, abstract,
	    language, licence, access, held)
	select coalesce(v_record.ark, archive.mint(p_naan, p_shoulder)), s.id,
	    s.event_id, trim(p_title), coalesce(p_abstract, ''), p_language,
	    p_licence, p_access, coalesce(p_held, s.day)
	from data.session s where s.id = p_session
	on conflict (session_id) do update set title = excluded.title,
	    abstract = excluded.abstract, language = excluded.language,
	    licence = excluded.licence, access = excluded.access,
	    held = excluded.held, datestamp = clock_timestamp()
	returning r.* into v_record;
	perform archive.cite(v_record.id, p_session, p_materials);
	perform archive.name_people(v_record.id, p_people);
	perform archive.index(v_record.id);
	perform account.note('archive.publish', 'record', v_record.id,
	    jsonb_build_object('ark', v_record.ark, 'access', p_access));

	return query select v_record.id, v_record.ark,
	    v_record.datestamp = v_record.published, v_event;
end
$$;

create function archive.may_publish(p_event bigint, p_title text,
    p_licence text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if coalesce(trim(p_title), '') = '' then
		raise exception using errcode = 'P0001', column = 'title',
		    message = 'archive.no_title';
	elsif coalesce(trim(p_licence), '') = '' then
		raise exception using errcode = 'P0001', column = 'licence',
		    message = 'archive.no_licence';
	elsif exists (
	    select from data.event e
	    where e.id = p_event and e.state = 'draft') then
		raise exception using errcode = 'P0003',
		    message = 'archive.event_draft';
	end if;
end
$$;

-- A record that should not be there: what is left says that it was, and why.
create function archive.withdraw_record(p_record bigint, p_reason text)
returns table (record bigint, ark text, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_record data.record;
begin
	select * into v_record from data.record r
	where r.id = p_record for update;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'archive.no_record';
	end if;
	perform account.must('organizer', v_record.event_id);
	if coalesce(trim(p_reason), '') = '' then
		raise exception using errcode = 'P0001', column = 'reason',
		    message = 'archive.no_reason';
	end if;

	if v_record.withdrawn is null then
		update data.record r set withdrawn = clock_timestamp(),
		    datestamp = clock_timestamp(), reason = trim(p_reason)
		where r.id = p_record;
		perform archive.index(p_record);
		perform account.note('archive.withdraw_record', 'record',
		    p_record, jsonb_build_object('ark', v_record.ark));
	end if;

	return query select v_record.id, v_record.ark, v_record.event_id;
end
$$;

-- What the search finds of a record.
create function archive.index(p_record bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.search s where s.kind = 'record' and s.id = p_record;
	insert into data.search (kind, id, event_id, language, words, title, at)
	select 'record', r.id, r.event_id, r.language,
	    program.words(r.language, r.title, concat_ws(' ', r.abstract, (
	        select string_agg(p.name, ' ' order by p.position)
	        from data.record_person p where p.record_id = r.id),
	        e.title, e.city)),
	    r.title, r.held::timestamp at time zone e.zone
	from data.record r join data.event e on e.id = r.event_id
	where r.id = p_record and r.withdrawn is null;
end
$$;

-- The events whose participants the actor is one of: a seat is theirs, or they
-- were there.
create function archive.my_events()
returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return array(
	    select r.event_id from data.registration r
	    where r.person_id = account.actor()
	    and (r.state = 'confirmed' or exists (
	        select from data.attendance a
	        where a.registration_id = r.id)));
end
$$;

-- The files of a record, with those that the actor may not open: their names
-- are part of the record.
create function archive.files(p_record bigint)
returns table (id bigint, name text, size bigint, type text, kind text,
    sha256 text, may_open boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select m.id, m.name, m.size, m.type, m.kind,
	    case when o.may then encode(m.sha256, 'hex') end, o.may
	from data.record r
	join data.record_file f on f.record_id = r.id
	join data.material m on m.id = f.material_id
	cross join lateral (
	    select r.access = 'public' or account.is_insider()
	    or account.may('organizer', r.event_id)
	    or r.access = 'participants'
	    and r.event_id = any (archive.my_events()) as may) o
	where r.id = p_record and r.withdrawn is null
	and m.complete is not null and m.withdrawn is null
	and (o.may or r.access <> 'internal')
	order by f.position;
end
$$;
