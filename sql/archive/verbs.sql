-- Materials and the records that cite them.  A record's identifier is for
-- ever: its row is never deleted, and never points elsewhere.

create function archive.event_of_session(p_session bigint)
returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
begin
	select s.event_id into v_event from data.session s
	where s.id = p_session;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'archive.no_session';
	end if;
	perform account.must('organizer', v_event);

	return v_event;
end
$$;

-- Begins an upload, or goes on with one of the same name and size that broke
-- off: `received` says from where.  A fresh one never goes on.
create function archive.upload_start(p_session bigint, p_name text,
    p_size bigint, p_kind text, p_fresh boolean default false)
returns table (material bigint, session bigint, event bigint, received bigint,
    size bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_event bigint := archive.event_of_session(p_session);
	v_material data.material;
begin
	if p_size is null or p_size <= 0 then
		raise exception using errcode = 'P0001', column = 'size',
		    message = 'archive.empty_file';
	end if;

	select * into v_material from data.material m
	where m.session_id = p_session and m.name = p_name
	and m.size = p_size and m.complete is null and m.withdrawn is null
	and m.uploaded_by is not distinct from account.actor()
	and not coalesce(p_fresh, false)
	order by m.id desc
	limit 1;
	if not found then
		perform archive.may_begin(p_session);
		insert into data.material (session_id, event_id, uploaded_by,
		    name, size, kind)
		values (p_session, v_event, account.actor(), p_name, p_size,
		    coalesce(p_kind, 'slides'))
		returning * into v_material;
		perform account.note('archive.upload_start', 'material',
		    v_material.id, jsonb_build_object('size', p_size));
	end if;

	return query select v_material.id, p_session, v_event,
	    v_material.received, v_material.size;
end
$$;

-- A session has materials, and is no disk for everything: 500 at most, of them
-- 50 that were not finished.
create function archive.may_begin(p_session bigint)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_all bigint;
	v_open bigint;
begin
	select count(*), count(*) filter (where m.complete is null)
	into v_all, v_open
	from data.material m
	where m.session_id = p_session and m.withdrawn is null;
	if v_all >= 500 or v_open >= 50 then
		raise exception using errcode = 'P0003',
		    message = 'archive.too_many';
	end if;
end
$$;

-- The material of an upload, its row locked.
create function archive.uploading(p_material bigint)
returns data.material
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_material data.material;
begin
	select * into v_material from data.material m
	where m.id = p_material for update;
	if not found or v_material.withdrawn is not null then
		raise exception using errcode = 'P0002',
		    message = 'archive.no_material';
	end if;
	perform account.must('organizer', v_material.event_id);

	return v_material;
end
$$;

-- So many bytes are safely on disk.  It never goes back.
create function archive.upload_progress(p_material bigint, p_received bigint)
returns table (material bigint, received bigint, size bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_material data.material := archive.uploading(p_material);
begin
	if p_received > v_material.size then
		raise exception using errcode = 'P0001', column = 'received',
		    message = 'archive.too_long';
	end if;

	update data.material m
	set received = greatest(m.received, p_received)
	where m.id = p_material and m.complete is null;

	return query select m.id, m.received, m.size
	from data.material m where m.id = p_material;
end
$$;

-- The whole file is there, with this hash.
create function archive.upload_finish(p_material bigint, p_sha256 bytea,
    p_type text)
returns table (material bigint, session bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_material data.material := archive.uploading(p_material);
begin
	if v_material.complete is not null then
		if v_material.sha256 <> p_sha256 then
			raise exception using errcode = 'P0003',
			    message = 'archive.other_file';
		end if;
	elsif v_material.received < v_material.size then
		raise exception using errcode = 'P0003',
		    message = 'archive.incomplete';
	else
		update data.material m
		set sha256 = p_sha256, type = p_type,
		    complete = clock_timestamp()
		where m.id = p_material;
		perform account.note('archive.upload_finish', 'material',
		    p_material, jsonb_build_object('sha256',
		    encode(p_sha256, 'hex')));
	end if;

	return query select v_material.id, v_material.session_id,
	    v_material.event_id;
end
$$;

-- Takes a material away, also from the record that cites it.
create function archive.withdraw(p_material bigint)
returns table (material bigint, session bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_material data.material := archive.uploading(p_material);
begin
	update data.material m set withdrawn = clock_timestamp()
	where m.id = p_material;
	with gone as (
	    delete from data.record_file f
	    where f.material_id = p_material
	    returning f.record_id)
	update data.record r set datestamp = clock_timestamp()
	from gone where r.id = gone.record_id;
	perform account.note('archive.withdraw', 'material', p_material);

	return query select v_material.id, v_material.session_id,
	    v_material.event_id;
end
$$;
