-- Words for the search page, and the programs' rows of what it finds.

-- The text search configuration that stems a language; data.plain for those
-- that PostgreSQL has none for.
create function program.stemming(p_language text)
returns regconfig
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case p_language
	when 'en' then 'pg_catalog.english' when 'fr' then 'pg_catalog.french'
	when 'es' then 'pg_catalog.spanish' when 'pt' then 'pg_catalog.portuguese'
	when 'ar' then 'pg_catalog.arabic' when 'ru' then 'pg_catalog.russian'
	when 'de' then 'pg_catalog.german' when 'it' then 'pg_catalog.italian'
	when 'nl' then 'pg_catalog.dutch' when 'ne' then 'pg_catalog.nepali'
	else 'data.plain' end::regconfig;
end
$$;

-- Chinese and Japanese put no spaces between words: each character becomes a
-- word, and a search for several is one for a phrase.
create function program.spaced(p_text text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_text !~ '[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]' then
		return p_text;
	end if;

	return regexp_replace(p_text,
	    '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])', ' \1 ', 'g');
end
$$;

-- What is found of a text: each word as it is without its accents, so that
-- names and every language are found, and its stem.
create function program.words(p_language text, p_title text, p_more text)
returns tsvector
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_title text := program.spaced(coalesce(p_title, ''));
	v_more text := left(program.spaced(coalesce(p_more, '')), 100000);
	v_stem regconfig := program.stemming(p_language);
begin
	return setweight(to_tsvector('data.plain', v_title), 'A')
	    || setweight(to_tsvector('data.plain', v_more), 'C')
	    || setweight(to_tsvector(v_stem, v_title), 'B')
	    || setweight(to_tsvector(v_stem, v_more), 'D');
end
$$;

-- What somebody typed: as it is, or by its stems.
create function program.asked(p_language text, p_text text)
returns tsquery
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_text text := regexp_replace(coalesce(p_text, ''),
	    '([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,})', ' "\1" ', 'g');
begin
	v_text := program.spaced(v_text);

	return websearch_to_tsquery('data.plain', v_text)
	    || websearch_to_tsquery(program.stemming(p_language), v_text);
end
$$;

-- Keeps a program's row.
create function program.index(p_program bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.search (kind, id, event_id, language, words, title, at)
	select 'program', p.id, null, p.language,
	    program.words(p.language, p.title, concat_ws(' ', p.summary, p.region)),
	    p.title, null
	from data.program p
	where p.id = p_program
	on conflict (kind, id) do update
	set language = excluded.language, words = excluded.words,
	    title = excluded.title;
end
$$;

-- The rows that the actor may know of and whose words match; if there are none
-- at all, those with a title like it.  A verb and no query: row-level security
-- would have to look at each row before its index of words could be used.
create function program.matches(p_query tsquery, p_like text, p_kind text)
returns table (kind text, id bigint, event_id bigint, title text,
    at timestamptz, rank real)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan -- for rare words and for common ones
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
declare
	v_mine bigint[] := account.my_events('scanner');
	v_programs bigint[] := account.my_programs('scanner');
	v_attending bigint[] := account.attending();
	v_insider boolean := account.is_insider();
begin
	return query
	select i.kind, i.id, i.event_id, i.title, i.at, i.rank
	from (select w.*, ts_rank_cd(w.words, p_query) as rank
	    from data.search w
	    where p_like is null and w.words @@ p_query
	    union all
	    select t.*, public.word_similarity(p_like, t.title)
	    from data.search t
	    where t.title operator(public.%>) p_like) i
	left join data.event e on e.id = i.event_id
	left join data.program p on i.kind = 'program' and p.id = i.id
	where (p_kind is null or i.kind = p_kind)
	and (p.state <> 'draft' or p.id = any (v_programs)
	    or e.id = any (v_mine)
	    or e.state <> 'draft' and (e.access = 'public'
	    or e.access = 'internal' and v_insider
	    or e.id = any (v_attending)));
end
$$;

-- A page of 20 of what is found, best first.
create function program.found(p_language text, p_text text, p_kind text,
    p_page integer)
returns table (kind text, id bigint, title text, event_id bigint,
    event_title text, zone text, at timestamptz, state data.publicity,
    total bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_text text := left(trim(p_text), 200);
	v_query tsquery := program.asked(p_language, v_text);
	v_page integer := greatest(coalesce(p_page, 1), 1);
	v_like text;
begin
	if coalesce(v_text, '') = '' then
		return;
	end if;

	foreach v_like in array array[null, v_text] loop
		return query
		select m.kind, m.id, m.title, m.event_id, e.title,
		    coalesce(e.zone, 'UTC'), m.at,
		    coalesce(s.state, e.state, 'published'), m.total
		from (select w.*, count(*) over () as total
		    from program.matches(v_query, v_like, nullif(p_kind, '')) w
		    order by w.rank desc, w.at desc nulls last, w.kind, w.id
		    limit 20 offset 20 * (v_page - 1)) m
		left join data.event e on e.id = m.event_id
		left join data.session s on m.kind = 'session' and s.id = m.id
		order by m.rank desc, m.at desc nulls last, m.kind, m.id;
		exit when found or v_page > 1;
	end loop;
end
$$;
