-- name: archive_upload_start
select * from archive.upload_start(:session::bigint, :name::text, :size::bigint,
    :kind::text, :fresh::boolean);

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
    nullif(:held::text, '')::date, :persons::text, :materials::bigint[],
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
-- What was uploaded to a session, for its organizers.
select m.id, m.name, m.size, m.received, m.type, m.kind,
    m.complete is not null as is_complete, m.complete is not null as may_open,
    true as may_remove, schedule.at(m.created, e.zone) as created,
    p.name as uploaded_by, exists (
        select from data.record_file f where f.material_id = m.id) as published
from data.material m
join data.event e on e.id = m.event_id
left join data.person p on p.id = m.uploaded_by
where m.session_id = :session::bigint and m.withdrawn is null
and m.event_id = any ((select account.my_events('organizer'))::bigint[])
order by m.id;

-- name: archive_draft
-- What the form that publishes a session's record begins with: the record, or
-- what the schedule knows.
select s.id as session, s.event_id as event, e.title as event_title,
    coalesce(r.title, s.title) as title,
    coalesce(r.abstract, nullif(s.abstract, ''), s.description) as abstract,
    coalesce(r.language, nullif(s.language, ''), e.language) as language,
    coalesce(r.licence, '') as licence, coalesce(r.access, e.access) as access,
    coalesce(r.held, s.day) as held, s.title as session_title, r.id as record, r.ark,
    r.withdrawn is not null as withdrawn,
    coalesce((
        select string_agg(q.name, E'\n' order by q.position)
        from data.record_person q where q.record_id = r.id), (
        select string_agg(k.name, E'\n' order by l.position, k.id)
        from data.session_speaker l
        join data.speaker k on k.id = l.speaker_id
        where l.session_id = s.id), '') as persons,
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
-- A record by its number or by its identifier ("99999/k4..."); of one that was
-- withdrawn, what is left.  See archive_files.
select r.id, r.ark, r.title, r.language, r.access, r.access = 'public'
    as is_public, r.held, r.event_id, r.session_id, r.licence,
    case when r.withdrawn is null then r.abstract else '' end as abstract,
    schedule.at(r.withdrawn, coalesce(e.zone, 'UTC')) as withdrawn, r.reason,
    schedule.at(r.published, coalesce(e.zone, 'UTC')) as published,
    schedule.at(r.datestamp, 'UTC') as datestamp,
    e.title as event_title, e.slug as event_slug, e.zone,
    e.id is not null as has_event, r.withdrawn is null and r.event_id
        = any ((select account.my_events('organizer'))::bigint[]) as may_edit
from data.record r
left join data.event e on e.id = r.event_id
where (r.id = :record::bigint or r.ark = :ark::text)
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]));

-- name: archive_persons
select q.name
from data.record_person q
join data.record r on r.id = q.record_id
where (r.id = :record::bigint or r.ark = :ark::text)
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
order by q.position;

-- name: archive_files
select f.*
from data.record r
cross join lateral archive.files(r.id) f
where r.id = :record::bigint or r.ark = :ark::text;

-- name: archive_session_files
-- The files of a session's record, for the session's page.
select f.*, true as is_complete
from data.record r
cross join lateral archive.files(r.id) f
where r.session_id = :session::bigint and r.withdrawn is null;

-- name: archive_languages
-- What the list can be narrowed to.
select r.language as value, count(*) as records
from data.record r
where r.withdrawn is null
and (r.access <> 'internal' or (select account.is_insider())
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
group by r.language
order by r.language;

-- name: archive_years
select extract(year from r.held)::integer as value, count(*) as records
from data.record r
where r.withdrawn is null
and (r.access <> 'internal' or (select account.is_insider())
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
group by 1
order by 1 desc;

-- name: archive_session
-- The record of a session, for its page.
select r.id, r.ark, r.title, r.access, r.licence, (
        select count(*) from data.record_file f where f.record_id = r.id)
        as files
from data.record r
where r.session_id = :session::bigint and r.withdrawn is null
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]));

-- name: archive_event
-- The records of an event, for its page.
select r.id, r.ark, r.title, r.access, r.held, r.session_id
from data.record r
where r.event_id = :event::bigint and r.withdrawn is null
and (r.access <> 'internal' or account.is_insider()
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
order by r.held, r.id
limit 1000;

-- name: archive_list
-- Records, the latest first; goes on below (before_held, before_id).
select r.id, r.ark, r.title, r.language, r.access, r.access = 'public'
    as is_public, r.held, r.licence,
    e.title as event_title, e.slug as event_slug, r.event_id, (
        select string_agg(q.name, ', ' order by q.position)
        from data.record_person q where q.record_id = r.id) as who
from data.record r
left join data.event e on e.id = r.event_id
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
select r.id, r.ark, r.title, r.language, r.access, r.access = 'public'
    as is_public, r.held, r.licence,
    e.title as event_title, e.slug as event_slug, r.event_id, (
        select string_agg(q.name, ', ' order by q.position)
        from data.record_person q where q.record_id = r.id) as who,
    ts_rank(x.words, program.asked(:lang::text, :q::text)) as rank
from data.search x
join data.record r on r.id = x.id
left join data.event e on e.id = r.event_id
where x.kind = 'record' and r.withdrawn is null
and x.words @@ program.asked(:lang::text, :q::text)
and (r.access <> 'internal' or (select account.is_insider())
    or r.event_id = any ((select account.my_events('organizer'))::bigint[]))
and (:program::bigint is null or e.program_id = :program::bigint)
and (:event::bigint is null or r.event_id = :event::bigint)
and r.language = coalesce(nullif(:language::text, ''), r.language)
and r.access = coalesce(nullif(:access::text, '')::data.access, r.access)
and (:year::integer is null or r.held between make_date(:year::integer, 1, 1)
    and make_date(:year::integer, 12, 31))
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
