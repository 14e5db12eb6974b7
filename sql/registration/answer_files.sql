-- Files that answer a question: brought to a registration when it is there, so
-- that a rush carries none.  The answer is the last one that is complete.

create function registration.file_begin(p_row data.registration,
    p_question bigint, p_name text, p_size bigint)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
begin
	if not registration.is_editable(p_row) then
		raise exception using errcode = 'P0004',
		    message = 'registration.edit_over';
	elsif not exists (
	    select from registration.shown_questions(p_row.event_id,
	        registration.audience_of(p_row.staff,
	        p_row.nominated_by is not null)) s
	    where s.id = p_question and s.kind = 'file') then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	elsif (
	    select count(*) from data.answer_file f
	    where f.registration_id = p_row.id) >= 50 then
		raise exception using errcode = 'P0005',
		    message = 'account.too_often';
	end if;

	insert into data.answer_file (registration_id, question_id, name, size)
	values (p_row.id, p_question, p_name, p_size)
	returning id into v_id;

	return v_id;
end
$$;

create function registration.file_begin_own(p_registration bigint,
    p_question bigint, p_name text, p_size bigint)
returns table (file bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select registration.file_begin(
	    registration.of_actor(p_registration), p_question, p_name, p_size);
end
$$;

create function registration.file_begin_by_token(p_manage_hash bytea,
    p_question bigint, p_name text, p_size bigint)
returns table (file bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select registration.file_begin(
	    registration.of_token(p_manage_hash), p_question, p_name, p_size);
end
$$;

-- Its bytes are in the store.  The event is locked from here, and the seat may
-- be somebody else's meanwhile.  One in place of another is an edit like any.
create function registration.file_keep(p_row data.registration,
    p_file bigint, p_sha256 bytea, p_type text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.locked(p_row.id);
	v_question bigint;
	v_replaces boolean;
begin
	if not registration.is_editable(v_row) then
		raise exception using errcode = 'P0004',
		    message = 'registration.edit_over';
	end if;
	update data.answer_file f set sha256 = p_sha256, type = p_type
	where f.id = p_file and f.registration_id = v_row.id
	and f.sha256 is null and (v_row.person_id, v_row.manage_hash)
	    is not distinct from (p_row.person_id, p_row.manage_hash)
	returning f.question_id into v_question;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	v_replaces := exists (
	    select from data.answer a
	    where a.registration_id = v_row.id and a.question_id = v_question);
	insert into data.answer (registration_id, question_id, event_id, value,
	    wording, language)
	select v_row.id, q.id, q.event_id, jsonb_build_object('file', p_file),
	    q.wording, p.language
	from data.question q join data.person p on p.id = v_row.person_id
	where q.id = v_question
	on conflict (registration_id, question_id) do update
	set (value, wording, language, at) = (excluded.value, excluded.wording,
	    excluded.language, excluded.at);
	perform account.note('registration.answer_file', 'registration',
	    v_row.id, jsonb_build_object('question', v_question));
	if v_replaces then
		perform registration.edited(v_row, array[v_question]);
		if not registration.reask(v_row.id) then
			perform registration.tell('registration.edited', v_row);
		end if;
	end if;
end
$$;

create function registration.file_keep_own(p_registration bigint,
    p_file bigint, p_sha256 bytea, p_type text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.file_keep(registration.of_actor(p_registration),
	    p_file, p_sha256, p_type);
end
$$;

create function registration.file_keep_by_token(p_manage_hash bytea,
    p_file bigint, p_sha256 bytea, p_type text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.file_keep(registration.of_token(p_manage_hash),
	    p_file, p_sha256, p_type);
end
$$;

-- The file that counts, for the person and the event's organizers.
create function registration.file_of(p_row data.registration,
    p_question bigint)
returns table (name text, type text, sha256 text, sensitive boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select f.name, f.type, encode(f.sha256, 'hex'), q.sensitive
	from data.answer a
	join data.answer_file f on f.id = (a.value->>'file')::bigint
	    and f.registration_id = a.registration_id
	join data.question q on q.id = a.question_id
	where a.registration_id = p_row.id and a.question_id = p_question
	and q.kind = 'file';
end
$$;

create function registration.file_own(p_registration bigint,
    p_question bigint)
returns table (name text, type text, sha256 text, sensitive boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	if v_row.person_id is distinct from account.actor() and exists (
	    select from registration.file_of(v_row, p_question) f
	    where f.sensitive) then
		perform account.look(v_row.id, 'page');
	end if;

	return query select f.* from registration.file_of(v_row, p_question) f;
end
$$;

create function registration.file_by_token(p_manage_hash bytea,
    p_question bigint)
returns table (name text, type text, sha256 text, sensitive boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select f.* from registration.file_of(
	    registration.of_token(p_manage_hash), p_question) f;
end
$$;
