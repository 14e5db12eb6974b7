-- name: registration_list
-- A page of the list, a hundred at a time; `after` is the last one shown.  Of
-- who waits, the place in the whole line.
with page as materialized (
    select f.id, f.n
    from registration.filtered(:event::bigint, :filter::jsonb,
        coalesce(:sort::text, 'arrival'), :after::bigint, 101)
        with ordinality f (id, n)),
queue as (
    select q.id, row_number() over (order by q.priority, q.arrival) as place
    from data.registration q
    where q.event_id = :event and q.state = 'waitlisted')
select r.id, r.person_id, p.name, p.email, p.language, r.state, r.via,
    r.country, r.organisation, r.priority, r.arrival, queue.place,
    b.name as bucket, u.name as unit, r.party_id as party,
    schedule.at(r.created, e.zone) as created,
    schedule.at(a.since, e.zone) as arrived,
    (select nullif(count(*), 0) from data.registration_note n
        where n.registration_id = r.id) as notes,
    r.state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed')
        as is_live,
    r.state = 'waitlisted' as is_waitlisted,
    (select count(*) > 100 from page) as more
from page
join data.registration r on r.id = page.id
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
left join data.bucket b on b.id = r.bucket_id
left join data.unit u on u.id = r.unit_id
left join queue on queue.id = r.id
left join data.attendance a on a.registration_id = r.id and a.session_id is null
where page.n <= 100
order by page.n;

-- name: registration_counts
-- How many of each state, whatever state the filter asks for.
select r.state, count(*) as people
from registration.filtered(:event::bigint, :filter::jsonb - 'state') f (id)
join data.registration r on r.id = f.id
group by r.state
order by r.state;

-- name: registration_views
-- The actor's own saved views of an event, and those shared with them.
select w.id, w.name, w.filter, w.sort, w.shared, p.name as owner,
    w.person_id = account.actor() as own
from data.saved_view w
join data.person p on p.id = w.person_id
where w.event_id = :event::bigint
and w.event_id = any ((select account.my_events('organizer'))::bigint[])
and (w.person_id = account.actor() or w.shared)
order by w.name, w.id
limit 500;

-- name: registration_view_put
select * from registration.view_put(:event::bigint, :view::bigint, :name::text,
    :filter::jsonb, :sort::text, coalesce(:shared::boolean, false));

-- name: registration_view_drop
select * from registration.view_drop(:event::bigint, :view::bigint);

-- name: registration_narrows
-- What a filter of an event's list can be made of.
select 'bucket' as name, b.id as value, b.name as label
from data.bucket b
join data.pool l on l.id = b.pool_id
where l.event_id = :event::bigint
union all
(select 'unit', u.id, u.name from data.unit u order by u.name limit 500)
union all
(select 'code', c.id, coalesce(nullif(c.name, ''), c.email, c.code)
from data.access_code c
where c.event_id = :event
and c.event_id = any ((select account.my_events('organizer'))::bigint[])
order by c.id desc limit 200)
union all
(select 'question', q.id, coalesce(q.label ->> :lang::text,
    q.label ->> e.language, q.key)
from data.question q
join data.event e on e.id = q.event_id
where q.event_id = :event and not q.sensitive and q.kind <> 'file'
order by q.position limit 200);

-- name: registration_notes
select n.id, n.body, coalesce(p.name, '') as author,
    schedule.at(n.created, e.zone) as created
from data.registration_note n
join data.registration r on r.id = n.registration_id
join data.event e on e.id = r.event_id
left join data.person p on p.id = n.author_id
where n.registration_id = :registration::bigint
and r.event_id = any ((select account.my_events('organizer'))::bigint[])
order by n.id;

-- name: registration_note_add
select * from registration.note_add(:registration::bigint, :note::text);

-- name: registration_chosen
-- How many are meant, and how many of them are more than are taken at once.
select count(*) as chosen, nullif(greatest(count(*) - 1000, 0), 0) as beyond
from registration.filtered(:event::bigint, :filter::jsonb);

-- name: registration_patience
-- What follows is done to many: it may take longer than a page may.
select true as patience
where set_config('statement_timeout', '12s', true) is null;

-- name: registration_rehearse
-- What would become of many, by outcome.
select o.became, o.fault, count(*) as people,
    (array_agg(o.name order by o.n))[1:20] as names,
    nullif(greatest(count(*) - 20, 0), 0) as unnamed
from registration.bulk(:event::bigint, coalesce(:filter::jsonb, '{}'), :act::text,
    coalesce(:reason::text, :why::text, :note::text), null, true) o
group by o.became, o.fault
order by o.fault is not null, count(*) desc, o.became, o.fault;

-- name: registration_bulk
-- What has become of each.
select o.registration, o.name, o.was, o.became, o.fault
from registration.bulk(:event::bigint, coalesce(:filter::jsonb, '{}'), :act::text,
    coalesce(:reason::text, :why::text, :note::text), :expected::bigint, false) o;

-- name: registration_add
select * from registration.add_one(:event::bigint, :person::json::jsonb,
    :seat::text);

-- name: registration_import_check
-- What would become of each line of a table.
select * from registration.add_check(:event::bigint, :people::jsonb,
    :seat::text);

-- name: registration_import_agreed
-- The same; refused when it is not what was agreed to.
select * from registration.add_check(:event::bigint, :people::jsonb,
    :seat::text, :expected::bigint);

-- name: registration_import
select * from registration.add(:event::bigint, :people::jsonb, :seat::text);

-- name: registration_export_head
-- What a file of an event's registrations is made of.
select e.title, e.slug, e.zone, e.language
from data.event e
where e.id = :event::bigint;

-- name: registration_export_questions
-- In the order of the form, retired ones too: a column each.
select q.id, q.kind, coalesce(q.label ->> :lang::text, q.label ->> e.language,
    q.key) as label,
    (select jsonb_object_agg(o.item ->> 'value', coalesce(
        o.item -> 'label' ->> :lang, o.item -> 'label' ->> e.language,
        o.item ->> 'value'))
        from jsonb_array_elements(q.options) o (item)) as options
from data.question q
join data.event e on e.id = q.event_id
where q.event_id = :event::bigint
and (not q.sensitive or coalesce(:sensitive::boolean, false))
order by q.position, q.id
limit 150;

-- name: registration_export
-- A part of the list, for a file: so many after the last one.  What is
-- sensitive is not among the answers that the web may read.
with part as materialized (
    select f.id, f.n
    from registration.filtered(:event::bigint,
        coalesce(:filter::jsonb, '{}'), 'arrival', :after::bigint,
        :most::bigint) with ordinality f (id, n))
select r.id, p.name, p.email, p.language, r.state, r.via, r.country,
    r.organisation, case when r.staff then 'staff' else 'client' end as audience,
    u.name as unit, b.name as bucket, r.arrival,
    schedule.at(r.created, e.zone) as created,
    schedule.at(a.since, e.zone) as arrived,
    (select jsonb_object_agg(w.question_id, w.value)
        from data.answer w
        where w.registration_id = r.id) as answers
from part
join data.registration r on r.id = part.id
join data.event e on e.id = r.event_id
join data.person p on p.id = r.person_id
left join data.unit u on u.id = r.unit_id
left join data.bucket b on b.id = r.bucket_id
left join data.attendance a on a.registration_id = r.id and a.session_id is null
order by part.n;

-- name: registration_export_sensitive
-- What of the same part is sensitive; that it was looked at is noted.
select s.registration as id, s.answers
from registration.sensitive_of(:event::bigint, array(
    select registration.filtered(:event, coalesce(:filter::jsonb, '{}'),
        'arrival', :after::bigint, :most::bigint))) s;

-- name: registration_print
-- By name, for paper; `after` is the last one of the part before.
with part as materialized (
    select f.id, f.n
    from registration.filtered(:event::bigint,
        coalesce(:filter::jsonb, '{}'), 'name', :after::bigint, 501)
        with ordinality f (id, n))
select r.id, p.name, r.organisation, r.country, r.state,
    (select count(*) > 500 from part) as more
from part
join data.registration r on r.id = part.id
join data.person p on p.id = r.person_id
where part.n <= 500
order by part.n;
