-- What plpgsql_check finds in each function of ours, as TAP: a misspelt column
-- is found here, and not by the first person who comes that way.
\set QUIET on
set search_path = pg_catalog, public;

create temporary table function_of_ours as
select p.oid, coalesce(t.tgrelid, 0) as relation, t.rows,
    p.oid::regprocedure::text || coalesce(' on ' || t.tgrelid::regclass, '') as name
from pg_proc p
join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
join pg_namespace n on n.oid = p.pronamespace
left join (
    select g.tgfoid, g.tgrelid, max(coalesce(g.tgnewtable, g.tgoldtable)) as rows
    from pg_trigger g where not g.tgisinternal
    group by g.tgfoid, g.tgrelid) t
    on t.tgfoid = p.oid
where n.nspname not in ('pg_catalog', 'information_schema', 'public');

select case when found.words is null then 'ok ' else 'not ok ' end
    || row_number() over (order by f.name) || ' - ' || f.name
    || coalesce(E'\n' || found.words, '')
from function_of_ours f
cross join lateral (
    select string_agg(format('# %s:%s %s %s %s', c.level, c.lineno, c.sqlstate, c.message, c.hint),
        E'\n') as words
    from plpgsql_check_function_tb(f.oid, f.relation, newtable => f.rows, other_warnings => false,
        extra_warnings => false, performance_warnings => false) c
    where c.level in ('error', 'warning')) found
order by f.name;

select '1..' || count(*) from function_of_ours;
