-- name: program_list
-- Programs, drafts for their organizers too; global ones first.
select p.id, p.slug, p.reach, p.region, p.title, p.summary, p.language, p.state,
    p.state = 'published' as is_published,
    coalesce(c.upcoming, 0) as upcoming, coalesce(c.past, 0) as past,
    coalesce(c.upcoming, 0) + coalesce(c.past, 0) as events,
    schedule.at(c.next, c.zone) as next_starts,
    p.id = any ((select account.my_programs('organizer'))::bigint[]) as may_edit
from data.program p
left join lateral (
    select count(*) filter (where e.ends > now()) as upcoming,
        count(*) filter (where e.ends <= now()) as past,
        min(e.starts) filter (where e.starts > now()) as next,
        (array_agg(e.zone order by e.starts) filter (where e.starts > now()))[1] as zone
    from data.event e
    where e.program_id = p.id and e.state = 'published') c on true
where (coalesce(:reach::text, '') = '' or p.reach::text = :reach)
and (:theme::bigint is null or exists (
    select from data.program_theme t
    where t.program_id = p.id and t.theme_id = :theme))
and (coalesce(:country::text, '') = '' or exists (
    select from data.program_country n
    where n.program_id = p.id and n.country = :country))
order by p.reach, p.region, p.title, p.id
limit 200;

-- name: program_may_make
select program.must_make() as may_make;

-- name: program_mine
-- Those that I organize, for the dashboard.
select p.id, p.reach, p.region, p.title, p.summary, p.state,
    p.state = 'published' as is_published,
    (select count(*) from data.event e where e.program_id = p.id) as events
from data.program p
where p.id = any ((select account.my_programs('organizer'))::bigint[])
order by p.title, p.id
limit 200;

-- name: program_show
select p.id, p.slug, p.reach, p.region, p.title, p.summary, p.language, p.state,
    p.state = 'published' as is_published, p.state = 'draft' as is_draft,
    p.id = any ((select account.my_programs('organizer'))::bigint[]) as may_edit
from data.program p
where p.id = :program::bigint;

-- name: program_edit
-- Fills the form: themes' ids and countries in one line.
select p.id, p.reach, p.region, p.title, p.summary, p.language, p.state,
    p.state = 'published' as is_published, p.state = 'draft' as is_draft,
    array(select t.theme_id from data.program_theme t
        where t.program_id = p.id order by t.theme_id) as themes,
    (select coalesce(string_agg(c.country, ' ' order by c.country), '')
        from data.program_country c where c.program_id = p.id) as countries
from data.program p
where p.id = :program::bigint
and p.id = any ((select account.my_programs('organizer'))::bigint[]);

-- name: program_themes
-- Of one program, in the reader's language.
select t.id, t.slug, coalesce(t.name->>:lang::text, t.name->>'en') as name
from data.program_theme x
join data.theme t on t.id = x.theme_id
where x.program_id = :program::bigint
order by name;

-- name: program_countries
-- Of one program.
select c.country
from data.program_country c
where c.program_id = :program::bigint
order by c.country;

-- name: program_events
-- To come, soonest first.
select e.id, e.slug, e.title, e.subtitle, e.mode, e.state,
    e.state = 'published' as is_published, e.access, e.city, e.country, e.zone,
    schedule.at(e.starts, e.zone) as starts, schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    p.title as program_title
from data.event e
join data.program p on p.id = e.program_id
where e.program_id = :program::bigint and e.ends > now()
order by e.starts, e.id
limit 100;

-- name: program_past
-- Past, latest first.
select e.id, e.slug, e.title, e.subtitle, e.mode, e.state,
    e.state = 'published' as is_published, e.access, e.city, e.country, e.zone,
    schedule.at(e.starts, e.zone) as starts, schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    p.title as program_title
from data.event e
join data.program p on p.id = e.program_id
where e.program_id = :program::bigint and e.ends <= now()
order by e.starts desc, e.id desc
limit 100;

-- name: program_theme_list
-- All themes, in the reader's language, and how many programs have each.
select t.id, t.slug, coalesce(t.name->>:lang::text, t.name->>'en') as name,
    t.id as value, coalesce(t.name->>:lang, t.name->>'en') as label,
    (select count(*) from data.program_theme x where x.theme_id = t.id) as programs
from data.theme t
order by name, t.id;

-- name: program_country_list
-- The countries of programs.
select c.country as value, count(*) as programs
from data.program_country c
group by c.country
order by c.country;

-- name: program_options
-- What a form offers: programs that I organize.
select p.id as value, p.title as label
from data.program p
where p.state <> 'cancelled'
and p.id = any ((select account.my_programs('organizer'))::bigint[])
order by p.title, p.id;

-- name: program_search
-- By words, or else by likeness of the title; pages of 20, `total` in all.
select f.kind, f.id, f.title, f.event_id, f.event_title,
    schedule.at(f.at, f.zone) as at, f.state, f.total
from program.found(:lang::text, :q::text, :kind::text, :page::integer) f;

-- name: program_save
select program.program_save(:program::bigint, :reach::text, :region::text,
    :title::text, :summary::text, :language::text, :themes::bigint[],
    :countries::text) as program;

-- name: program_publish
select program.publish(:program::bigint) as program;

-- name: program_cancel
select program.cancel(:program::bigint) as program;

-- name: program_delete
select program.delete(:program::bigint);

-- name: program_theme_save
select program.theme_save(:slug::text, :name::jsonb) as theme;

-- name: verify_program_search
-- A program, event or seen session that the search does not know, or the reverse.
select 'program' as kind, p.id from data.program p
where not exists (select from data.search i where i.kind = 'program' and i.id = p.id)
union all
select 'event', e.id from data.event e
where not exists (select from data.search i where i.kind = 'event' and i.id = e.id)
union all
select 'session', s.id from data.session s
where s.state <> 'draft'
and not exists (select from data.search i where i.kind = 'session' and i.id = s.id)
union all
select i.kind, i.id from data.search i
where i.kind = 'program' and not exists (select from data.program p where p.id = i.id)
or i.kind = 'event' and not exists (select from data.event e where e.id = i.id)
or i.kind = 'session' and not exists (select from data.session s
    where s.id = i.id and s.state <> 'draft' and s.event_id = i.event_id);

-- name: verify_program_theme
-- A theme without its English name.
select t.id, t.slug from data.theme t where coalesce(t.name->>'en', '') = '';
