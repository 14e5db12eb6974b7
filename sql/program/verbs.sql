-- Programs: who may change one, and what becomes of it.

-- A name for an address: lower case, no accents, words joined by hyphens.
-- Empty for a title without a Latin letter or digit.
create function program.slug(p_text text)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return trim(both '-' from left(regexp_replace(
	    lower(public.unaccent('public.unaccent', coalesce(p_text, ''))),
	    '[^a-z0-9]+', '-', 'g'), 70));
end
$$;

-- Refuses who may not change the program, and locks it.
create function program.must(p_program bigint)
returns data.program
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_program data.program;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	select p.* into v_program
	from data.program p
	where p.id = p_program
	for no key update;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	if not account.trusted() and not
	    p_program = any (account.my_programs('organizer')) then
		perform account.refuse();
	end if;

	return v_program;
end
$$;

-- The country codes of a text, "EG, KE NP"; refused when one is none.
create function program.countries(p_text text)
returns text[]
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_codes text[] := array(select distinct c
	    from regexp_split_to_table(upper(coalesce(p_text, '')), '[^A-Z]+') c
	    where c <> '' order by c);
begin
	if exists (select from unnest(v_codes) c where length(c) <> 2) then
		raise exception using errcode = 'P0001',
		    message = 'program.country_unknown', column = 'countries';
	end if;

	return v_codes;
end
$$;

-- Whoever organizes everywhere begins programs; refuses anybody else.
create function program.must_make()
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if not account.trusted() and not account.has_everywhere('organizer') then
		perform account.refuse();
	end if;

	return true;
end
$$;

-- Puts a new program into the drafts; who made it organizes it.
create function program.make(p_reach text, p_region text, p_title text,
    p_language text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_slug text := coalesce(nullif(program.slug(p_title), ''), 'program');
	v_program bigint;
begin
	perform program.must_make();

	if exists (select from data.program p where p.slug = v_slug) then
		v_slug := v_slug || '-' || substr(gen_random_uuid()::text, 1, 6);
	end if;

	insert into data.program (slug, reach, region, title, language)
	values (v_slug, p_reach::data.reach, trim(coalesce(p_region, '')),
	    trim(p_title), coalesce(p_language, 'en'))
	returning id into v_program;

	return v_program;
end
$$;

-- Makes a program (null: a new one) or changes it.
create function program.program_save(p_program bigint, p_reach text,
    p_region text, p_title text, p_summary text, p_language text,
    p_themes bigint[], p_countries text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_program bigint := p_program;
begin
	if coalesce(trim(p_title), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'program.title_missing', column = 'title';
	end if;
	if p_reach = 'regional' and coalesce(trim(p_region), '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'program.region_missing', column = 'region';
	end if;

	if v_program is null then
		v_program := program.make(p_reach, p_region, p_title, p_language);
	else
		perform program.must(v_program);
	end if;

	update data.program p
	set reach = p_reach::data.reach, title = trim(p_title),
	    region = case p_reach when 'regional' then trim(p_region) else '' end,
	    summary = coalesce(p_summary, ''), language = coalesce(p_language, 'en')
	where p.id = v_program;

	delete from data.program_theme t where t.program_id = v_program;
	insert into data.program_theme (program_id, theme_id)
	select v_program, t.id from data.theme t
	where t.id = any (coalesce(p_themes, '{}'));
	delete from data.program_country c where c.program_id = v_program;
	insert into data.program_country (program_id, country)
	select v_program, c from unnest(program.countries(p_countries)) c;

	perform program.index(v_program);
	perform schedule.touch_program(v_program);
	perform account.note(case when p_program is null then 'program.made'
	    else 'program.saved' end, 'program', v_program);

	return v_program;
end
$$;

create function program.publish(p_program bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_program data.program := program.must(p_program);
begin
	if v_program.state = 'published' then
		return p_program;
	end if;

	update data.program p set state = 'published' where p.id = p_program;
	perform schedule.touch_program(p_program);
	perform account.note('program.publish', 'program', p_program);

	return p_program;
end
$$;

-- Ends a program.  What is past stays to be seen; what is to come must be
-- cancelled first, one event after the other.
create function program.cancel(p_program bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_program data.program := program.must(p_program);
begin
	if v_program.state = 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'program.not_published';
	end if;
	if exists (select from data.event e where e.program_id = p_program
	    and e.state = 'published' and e.ends > now()) then
		raise exception using errcode = 'P0003',
		    message = 'program.has_events';
	end if;

	update data.program p set state = 'cancelled' where p.id = p_program;
	perform schedule.touch_program(p_program);
	perform account.note('program.cancel', 'program', p_program);

	return p_program;
end
$$;

-- Removes a draft that has no events.
create function program.delete(p_program bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_program data.program := program.must(p_program);
begin
	if v_program.state <> 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'program.not_draft';
	end if;
	if exists (select from data.event e where e.program_id = p_program) then
		raise exception using errcode = 'P0003',
		    message = 'program.has_events';
	end if;

	delete from data.search s where s.kind = 'program' and s.id = p_program;
	delete from data.role r
	where r.scope = 'program' and r.scope_id = p_program;
	delete from data.program p where p.id = p_program;
	perform account.note('program.delete', 'program', p_program);
end
$$;

-- Makes or renames a theme; an administrator's list.
create function program.theme_save(p_slug text, p_name jsonb)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_theme bigint;
begin
	perform account.must_admin();
	if coalesce(p_name->>'en', '') = '' then
		raise exception using errcode = 'P0001',
		    message = 'program.theme_name_missing', column = 'name';
	end if;

	insert into data.theme (slug, name) values (p_slug, p_name)
	on conflict (slug) do update set name = excluded.name
	returning id into v_theme;
	perform account.note('program.theme_save', 'theme', v_theme);

	return v_theme;
end
$$;
