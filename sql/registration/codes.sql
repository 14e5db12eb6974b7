-- Codes that let people register, and invitations: codes bound to an address.
-- Whether one is good, and why not, is said nowhere but to organizers.

-- Ten letters and digits that are not mistaken for each other: 30 bits more
-- than the throttle lets anyone try.
create function registration.new_code()
returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_alphabet constant text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
	v_random bytea := sha256(uuid_send(gen_random_uuid())
	    || uuid_send(gen_random_uuid()));
begin
	return (
	    select string_agg(substr(v_alphabet,
	        get_byte(v_random, i) % 32 + 1, 1), '')
	    from generate_series(0, 9) i);
end
$$;

-- What a code may say, refused at its field.
create function registration.code_check(p_event bigint, p_bucket bigint,
    p_expires timestamptz)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_expires <= now() then
		raise exception using errcode = 'P0001', column = 'expires',
		    message = 'registration.code_over';
	elsif p_bucket is not null and not exists (
	    select from data.bucket b join data.pool p on p.id = b.pool_id
	    where b.id = p_bucket and p.event_id = p_event) then
		raise exception using errcode = 'P0001', column = 'bucket',
		    message = 'registration.bucket_elsewhere';
	end if;
end
$$;

-- So many codes, each for so many registrations.
create function registration.codes_make(p_event bigint, p_name text,
    p_count integer, p_most integer, p_expires timestamp, p_bucket bigint,
    p_waives boolean, p_priority integer)
returns table (event bigint, made integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event;
	v_expires timestamptz;
begin
	perform account.must('organizer', p_event);
	select * into v_event from data.event e where e.id = p_event;
	v_expires := schedule.wall(p_expires, v_event.zone, 'expires');
	perform registration.code_check(p_event, p_bucket, v_expires);

	insert into data.access_code (event_id, code, name, most, expires,
	    bucket_id, waives_approval, priority, made_by)
	select p_event, registration.new_code(), coalesce(trim(p_name), ''),
	    coalesce(p_most, 1), v_expires, p_bucket,
	    coalesce(p_waives, false), coalesce(p_priority, 0), account.actor()
	from generate_series(1, p_count);
	perform account.note('registration.codes_make', 'event', p_event,
	    jsonb_build_object('codes', p_count));

	return query select p_event, p_count;
end
$$;

-- Invites addresses: objects of n, email, name and language.  Who has a live
-- invitation keeps it, and is written to once more.
create function registration.invite(p_event bigint, p_people jsonb,
    p_expires timestamp, p_bucket bigint, p_waives boolean,
    p_priority integer)
returns table (event bigint, invited bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_event data.event;
	v_expires timestamptz;
	v_count bigint;
begin
	perform account.must('organizer', p_event);
	select * into v_event from data.event e where e.id = p_event;
	if v_event.state <> 'published' then
		raise exception using errcode = 'P0003',
		    message = 'registration.not_published';
	end if;
	v_expires := schedule.wall(p_expires, v_event.zone, 'expires');
	perform registration.code_check(p_event, p_bucket, v_expires);

	insert into data.access_code as c (event_id, code, email, name, expires,
	    bucket_id, waives_approval, priority, made_by)
	select p_event, registration.new_code(), lower(g.email),
	    coalesce(g.name, ''), v_expires, p_bucket,
	    coalesce(p_waives, false), coalesce(p_priority, 0), account.actor()
	from jsonb_to_recordset(p_people) g (email text, name text)
	on conflict (event_id, email)
	    where email is not null and revoked is null do update
	set expires = excluded.expires, bucket_id = excluded.bucket_id,
	    waives_approval = excluded.waives_approval,
	    priority = excluded.priority;
	perform notice.put_at('registration.invited', p_event, c.email, p.id,
	    coalesce(p.language, g.language),
	    jsonb_build_object('code', c.code, 'name', coalesce(p.name,
	        nullif(c.name, ''), c.email)))
	from jsonb_to_recordset(p_people) g (email text, language text)
	join data.access_code c on c.event_id = p_event
	    and c.email = lower(g.email) and c.revoked is null
	    and c.used < c.most
	left join data.person p on p.email = c.email;
	get diagnostics v_count = row_count;
	perform account.note('registration.invite', 'event', p_event,
	    jsonb_build_object('people', v_count));

	return query select p_event, v_count;
end
$$;

-- From now on it lets nobody in; who came in by it stays.  `list` is that which
-- it stands in.
create function registration.code_revoke(p_event bigint, p_code bigint)
returns table (event bigint, list text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_list text;
begin
	perform account.must('organizer', p_event);
	update data.access_code c set revoked = coalesce(c.revoked, now())
	where c.id = p_code and c.event_id = p_event
	returning case when c.email is null then 'codes' else 'invitations' end
	into v_list;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'registration.missing';
	end if;
	perform account.note('registration.code_revoke', 'access_code', p_code,
	    jsonb_build_object('event', p_event));

	return query select p_event, v_list;
end
$$;

-- The actor's own invitations that are still good, with the code: they may
-- read it in their mail, too.
create function registration.my_invitations()
returns table (event bigint, title text, zone text, starts text, ends text,
    one_day boolean, city text, code text, until text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select e.id, e.title, e.zone, schedule.at(e.starts, e.zone),
	    schedule.at(e.ends, e.zone), (e.starts at time zone e.zone)::date
	    = ((e.ends - interval '1 second') at time zone e.zone)::date,
	    e.city, c.code,
	    schedule.at(least(c.expires, e.cutoff, e.ends), e.zone)
	from data.person p
	join data.access_code c on c.email = p.email
	join data.event e on e.id = c.event_id
	where p.id = account.actor() and c.revoked is null and c.used < c.most
	and e.state = 'published'
	and now() < least(c.expires, e.cutoff, e.ends)
	and not exists (
	    select from data.registration r
	    where r.event_id = e.id and r.person_id = p.id and r.state in
	    ('held', 'requested', 'waitlisted', 'offered', 'confirmed'))
	order by e.starts
	limit 100;
end
$$;
