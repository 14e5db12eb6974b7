-- name: archive_upload_start
select * from archive.upload_start(:session::bigint, :name::text, :size::bigint,
    :kind::text);

-- name: archive_upload_progress
select * from archive.upload_progress(:material::bigint, :received::bigint);

-- name: archive_upload_finish
select * from archive.upload_finish(:material::bigint, :sha256::bytea,
    :type::text);

-- name: archive_withdraw
select * from archive.withdraw(:material::bigint);

-- name: archive_publish
select * from archive.publish(:session::bigint, :title::text, :abstract::text,
    :language::text, :licence::text, :access::data.access,
    nullif(:held::text, '')::date, :people::text, :materials::bigint[],
    :naan::text, :shoulder::text);

-- name: archive_withdraw_record
select * from archive.withdraw_record(:record::bigint, :reason::text);

-- name: archive_upload
-- One upload, for who may go on with it.
select m.id as material, m.session_id as session, m.event_id as event, m.name,
    m.size, m.received, m.kind, m.complete is not null as complete
from data.material m
where m.id = :material::bigint and m.withdrawn is null
and m.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: archive_materials
-- An organizer's list of what was uploaded to a session.
select m.id as material, m.name, m.size, m.received, m.type, m.kind,
    m.complete is not null as complete, m.withdrawn is not null as withdrawn,
    schedule.at(m.created, e.zone) as created, p.name as uploaded_by,
    f.record_id is not null as published
from data.material m
join data.event e on e.id = m.event_id
left join data.person p on p.id = m.uploaded_by
left join data.record_file f on f.material_id = m.id
where m.session_id = :session::bigint
and m.event_id = any ((select account.my_events('organizer'))::bigint[])
order by m.withdrawn is not null, m.id;

-- name: archive_draft
-- What the form that publishes a session's record begins with: the record, or
-- what the schedule knows.
select s.id as session, s.event_id as event, e.title as event_title,
    coalesce(r.title, s.title) as title,
    coalesce(r.abstract, nullif(s.abstract, ''), s.description) as abstract,
    coalesce(r.language, nullif(s.language, ''), e.language) as language,
    coalesce(r.licence, '') as licence, coalesce(r.access, e.access) as access,
    coalesce(r.held, s.day) as held, r.id as record, r.ark,
    r.withdrawn is not null as withdrawn,
    coalesce((
        select string_agg(q.name, E'\n' order by q.position)
        from data.record_person q where q.record_id = r.id), (
        select string_agg(k.name, E'\n' order by l.position, k.id)
        from data.session_speaker l
        join data.speaker k on k.id = l.speaker_id
        where l.session_id = s.id), '') as people,
    array(
        select f.material_id from data.record_file f
        where f.record_id = r.id order by f.position) as materials
from data.session s
join data.event e on e.id = s.event_id
left join data.record r on r.session_id = s.id
where s.id = :session::bigint
and s.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: archive_citable
-- Options of that form: materials that a record may cite.
select m.id as value, m.name as label
from data.material m
where m.session_id = :session::bigint and m.complete is not null
and m.withdrawn is null
and m.event_id = any ((select account.my_events('organizer'))::bigint[])
order by m.id;

-- name: archive_record
-- A record by its identifier ("99999/k4..."); of one that was withdrawn, what
-- is left.  Files are those that the actor may have; `closed` counts the rest.
select r.id as record, r.ark, r.title, r.language, r.access, r.held, r.event_id
    as event, r.session_id as session, r.licence,
    case when r.withdrawn is null then r.abstract else '' end as abstract,
    r.withdrawn is not null as withdrawn, r.reason,
    schedule.at(r.withdrawn, 'UTC') as withdrawn_at,
    schedule.at(r.published, 'UTC') as published,
    schedule.at(r.datestamp, 'UTC') as datestamp,
    e.title as event_title, e.slug as event_slug, e.zone, s.slug as session_slug,
    r.event_id = any ((select account.my_events('organizer'))::bigint[])
        as organizer,
    coalesce((
        select jsonb_agg(jsonb_build_object('name', q.name)
            order by q.position)
        from data.record_person q
        where q.record_id = r.id and r.withdrawn is null), '[]') as people,
    coalesce((
        select jsonb_agg(jsonb_build_object('material', m.id,
            'name', m.name, 'size', m.size, 'type', m.type, 'kind', m.kind,
            'sha256', encode(m.sha256, 'hex')) order by f.position)
        from data.record_file f join data.material m on m.id = f.material_id
        where f.record_id = r.id and m.withdrawn is null
        and r.withdrawn is null), '[]') as files,
    case when r.withdrawn is not null then 0 else (
        select count(*) from data.record_file f
        where f.record_id = r.id and not exists (
            select from data.material m where m.id = f.material_id)) end
        as closed
from data.record r
join data.session s on s.id = r.session_id
join data.event e on e.id = r.event_id
where r.ark = :ark::text
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]));

-- name: archive_session
-- The record of a session, for its page.
select r.id as record, r.ark, r.title, r.access, r.licence, (
        select count(*) from data.record_file f where f.record_id = r.id)
        as files
from data.record r
where r.session_id = :session::bigint and r.withdrawn is null
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]));

-- name: archive_event
-- The records of an event, for its page.
select r.id as record, r.ark, r.title, r.access, r.held, r.session_id as session
from data.record r
where r.event_id = :event::bigint and r.withdrawn is null
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
order by r.held, r.id
limit 1000;

-- name: archive_list
-- Records, the latest first; goes on below (before_held, before_id).
select r.id as record, r.ark, r.title, r.language, r.access, r.held, r.licence,
    e.title as event_title, e.slug as event_slug, e.id as event, (
        select string_agg(q.name, ', ' order by q.position)
        from data.record_person q where q.record_id = r.id) as people
from data.record r
join data.event e on e.id = r.event_id
where r.withdrawn is null
and (r.access <> 'internal' or (select account.is_insider())
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
and (:program::bigint is null or e.program_id = :program::bigint)
and (:event::bigint is null or r.event_id = :event::bigint)
and r.language = coalesce(nullif(:language::text, ''), r.language)
and r.access = coalesce(nullif(:access::text, '')::data.access, r.access)
and (:year::integer is null or r.held between make_date(:year::integer, 1, 1)
    and make_date(:year::integer, 12, 31))
and (nullif(:before_held::text, '') is null or (r.held, r.id)
    < (:before_held::text::date, coalesce(:before_id::bigint, 0)))
order by r.held desc, r.id desc
limit least(coalesce(:limit::integer, 50), 200);

-- name: archive_search
-- Records that the words are found in, the best first.
select r.id as record, r.ark, r.title, r.language, r.access, r.held,
    e.title as event_title, e.slug as event_slug, (
        select string_agg(q.name, ', ' order by q.position)
        from data.record_person q where q.record_id = r.id) as people,
    ts_rank(x.words, program.asked(:lang::text, :q::text)) as rank
from data.search x
join data.record r on r.id = x.id
join data.event e on e.id = r.event_id
where x.kind = 'record' and r.withdrawn is null
and x.words @@ program.asked(:lang::text, :q::text)
and (r.access <> 'internal' or (select account.is_insider())
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
order by rank desc, r.held desc, r.id desc
limit least(coalesce(:limit::integer, 50), 200);

-- name: archive_download
-- A file, for those who may have it; else no row.
select m.id as material, encode(m.sha256, 'hex') as sha256, m.name, m.type,
    m.size
from data.material m
where m.id = :material::bigint and m.complete is not null
and m.withdrawn is null
and (m.event_id = any ((select account.my_events('organizer'))::bigint[])
    or exists (
    select from data.record_file f join data.record r on r.id = f.record_id
    where f.material_id = m.id and r.withdrawn is null
    and (r.access = 'public' or account.is_insider()
        or r.access = 'participants'
        and r.event_id = any ((select archive.my_events())::bigint[]))));

-- name: verify_archive_complete
select f.record_id as record, f.material_id as material
from data.record_file f
join data.record r on r.id = f.record_id
join data.material m on m.id = f.material_id
where m.complete is null or m.sha256 is null or m.received <> m.size
or m.session_id <> r.session_id;

-- name: verify_archive_ark
select r.id as record, r.ark
from data.record r
where right(r.ark, 1) <> archive.ark_check(left(r.ark, -1));

-- name: verify_archive_found
-- Records are found, and only those that are there.
select coalesce(r.id, x.id) as record
from (select q.id from data.record q where q.withdrawn is null) r
full join (select q.id from data.search q where q.kind = 'record') x
    on x.id = r.id
where r.id is null or x.id is null;
