-- name: schedule_events
-- Events to come, or when = past, with filters; pages of 24, the next after the
-- last one's id.
with page as (
    (select e.id, row_number() over (order by e.starts, e.id) as place
    from data.event e
    where coalesce(:when::text, '') <> 'past' and e.ends > now()
    and (coalesce(:mode::text, '') = '' or e.mode::text = :mode)
    and (coalesce(:country::text, '') = '' or e.country = :country)
    and (:program::bigint is null or e.program_id = :program)
    and (:theme::bigint is null or exists (
        select from data.program_theme t
        where t.program_id = e.program_id and t.theme_id = :theme))
    and (coalesce(:q::text, '') = '' or exists (
        select from data.search i
        where i.kind = 'event' and i.id = e.id
        and i.words @@ program.asked(:lang::text, :q)))
    and (e.starts, e.id) > (
        select coalesce(min(a.starts), '-infinity'), coalesce(:after::bigint, 0)
        from data.event a where a.id = :after)
    order by e.starts, e.id
    limit 25)
    union all
    (select e.id, row_number() over (order by e.starts desc, e.id desc) as place
    from data.event e
    where :when = 'past' and e.ends <= now()
    and (coalesce(:mode, '') = '' or e.mode::text = :mode)
    and (coalesce(:country, '') = '' or e.country = :country)
    and (:program is null or e.program_id = :program)
    and (:theme is null or exists (
        select from data.program_theme t
        where t.program_id = e.program_id and t.theme_id = :theme))
    and (coalesce(:q, '') = '' or exists (
        select from data.search i
        where i.kind = 'event' and i.id = e.id
        and i.words @@ program.asked(:lang, :q)))
    and (e.starts, e.id) < (
        select coalesce(min(a.starts), 'infinity'), coalesce(:after, 9223372036854775807)
        from data.event a where a.id = :after)
    order by e.starts desc, e.id desc
    limit 25)
)
select e.id, e.slug, e.title, e.subtitle, e.mode, e.state,
    e.state = 'published' as is_published, e.access, e.city, e.country, e.zone,
    schedule.at(e.starts, e.zone) as starts, schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    e.program_id, p.title as program_title,
    (select count(*) > 24 from page) as more
from page
join data.event e on e.id = page.id
join data.program p on p.id = e.program_id
where page.place <= 24
order by page.place;

-- name: schedule_countries
-- The countries of events, for the filter.
select distinct e.country as value
from data.event e
where e.country is not null and e.state <> 'draft'
order by e.country;

-- name: schedule_event
-- The head of an event's pages.  The link to take part online is for those who
-- do.
select e.id, e.slug, e.title, e.subtitle, e.summary, e.language, e.mode, e.zone,
    schedule.at(e.starts, e.zone) as starts, schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    e.ends <= now() as over, e.venue, e.city, e.country,
    case when e.id = any ((select account.attending())::bigint[])
        or e.id = any ((select account.my_events('staff'))::bigint[])
        then e.online_url else '' end as online_url,
    e.state, e.state = 'published' as is_published, e.state = 'draft' as is_draft,
    e.state = 'cancelled' as is_cancelled, e.access, e.whole,
    schedule.at(e.cutoff, e.zone) as cutoff, e.revision,
    p.id as program_id, p.title as program_title,
    e.id = any ((select account.my_events('organizer'))::bigint[]) as may_edit,
    e.id <> all ((select account.my_events('organizer'))::bigint[]) as door_only,
    e.id = any ((select account.my_events('scanner'))::bigint[]) as may_scan
from data.event e
join data.program p on p.id = e.program_id
where e.id = :event::bigint;

-- name: schedule_event_revision
-- While `revision` is the same the kept page of an event is; of what is
-- `passing`, it may be a second behind: seats, and whether one may register.
select e.revision::text as revision, concat_ws(' ', p.seats,
    p.confirmed + p.held + p.offered + p.kept, p.waitlisted, now() >= e.ends,
    now() >= e.cutoff, p.opens, now() >= p.opens) as passing
from data.event e
left join data.pool p on p.event_id = e.id
where e.id = :event::bigint;

-- name: schedule_days
-- The days of an event's schedule, each at its midnight.
select to_char(s.day, 'YYYY-MM-DD') as anchor,
    schedule.at(s.day::timestamp at time zone e.zone, e.zone) as day,
    count(*) as sessions
from data.event e
join data.session s on s.event_id = e.id
where e.id = :event::bigint
group by s.day, e.zone
order by s.day;

-- name: schedule_rooms
-- Of an event, in the schedule's order.
select r.id, r.name, r.slug, r.seats, r.position, coalesce(c.sessions, 0) as sessions,
    c.sessions is null as unused
from data.room r
left join (
    select s.room_id, count(*) as sessions from data.session s
    where s.event_id = :event::bigint group by s.room_id) c on c.room_id = r.id
where r.event_id = :event
order by r.position, r.name;

-- name: schedule_tracks
select t.id, t.name, t.slug, t.position, t.position % 8 as hue,
    coalesce(c.sessions, 0) as sessions
from data.track t
left join (
    select s.track_id, count(*) as sessions from data.session s
    where s.event_id = :event::bigint group by s.track_id) c on c.track_id = t.id
where t.event_id = :event
order by t.position, t.name;

-- name: schedule_sessions
-- All sessions of an event, in their order; optionally of a day, track or room.
-- `anchor` is that of schedule_days, `who` the speakers in one line.
select s.id, s.title, s.subtitle, s.kind, s.state,
    s.state = 'published' as is_published, s.language, s.mode,
    to_char(s.day, 'YYYY-MM-DD') as anchor,
    schedule.at(s.day::timestamp at time zone s.zone, s.zone) as day,
    schedule.at(s.starts, s.zone) as starts, schedule.at(s.ends, s.zone) as ends,
    s.room_id, s.room, s.track_id, s.track, s.hue, s.who, s.version
from schedule.listed(:event::bigint) s
where (coalesce(:day::text, '') = '' or to_char(s.day, 'YYYY-MM-DD') = :day)
and (:track::bigint is null or s.track_id = :track)
and (:room::bigint is null or s.room_id = :room)
order by s.day, s.starts, s.room_position, s.room, s.id;

-- name: schedule_session
select s.id, s.slug, s.title, s.subtitle, s.abstract, s.description,
    coalesce(nullif(s.language, ''), e.language) as language, s.kind,
    coalesce(s.mode, e.mode) as mode,
    schedule.at(s.starts, e.zone) as starts, schedule.at(s.ends, e.zone) as ends,
    s.room_id, r.name as room, s.track_id, t.name as track, t.position % 8 as hue,
    s.state, s.state = 'published' as is_published, s.version, s.url,
    case when e.id = any ((select account.attending())::bigint[])
        or e.id = any ((select account.my_events('staff'))::bigint[])
        then coalesce(nullif(s.online_url, ''), e.online_url) else '' end as online_url,
    e.id as event_id, e.title as event_title, e.zone, e.venue, e.city, e.country,
    e.state as event_state,
    e.id = any ((select account.my_events('organizer'))::bigint[]) as may_edit
from data.session s
join data.event e on e.id = s.event_id
left join data.room r on r.event_id = e.id and r.id = s.room_id
left join data.track t on t.event_id = e.id and t.id = s.track_id
where s.id = :session::bigint;

-- name: schedule_session_speakers
select p.id, p.name
from data.session_speaker x
join data.speaker p on p.id = x.speaker_id
where x.session_id = :session::bigint
order by x.position, p.id;

-- name: schedule_session_links
select l.kind, l.url, l.title
from data.session_link l
where l.session_id = :session::bigint
order by l.kind desc, l.position
limit 100;

-- name: schedule_speaker
select p.id, p.name, p.biography, p.url, e.id as event_id, e.title as event_title,
    e.id = any ((select account.my_events('organizer'))::bigint[]) as may_edit
from data.speaker p
join data.event e on e.id = p.event_id
where p.id = :speaker::bigint;

-- name: schedule_speaker_sessions
select s.id, s.title, schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, r.name as room, t.position % 8 as hue,
    s.state, s.state = 'published' as is_published
from data.session_speaker x
join data.session s on s.id = x.session_id
join data.event e on e.id = s.event_id
left join data.room r on r.id = s.room_id
left join data.track t on t.id = s.track_id
where x.speaker_id = :speaker::bigint
order by s.starts, s.id;

-- name: schedule_speakers
-- Of an event, for its organizers and as a form's options.
select p.id, p.name, p.url, p.id as value, p.name as label,
    (select count(*) from data.session_speaker x where x.speaker_id = p.id) as sessions
from data.speaker p
where p.event_id = :event::bigint
order by p.name, p.id;

-- name: schedule_mine
-- The dashboard: events that I organize or work at, what is to come first.
select e.id, e.title, e.mode, e.state, e.state = 'published' as is_published,
    e.city, e.country, e.zone,
    schedule.at(e.starts, e.zone) as starts, schedule.at(e.ends, e.zone) as ends,
    (e.starts at time zone e.zone)::date
        = ((e.ends - interval '1 second') at time zone e.zone)::date as one_day,
    p.title as program_title, c.seats, c.confirmed, c.waiting, e.ends <= now() as over,
    e.id = any ((select account.my_events('organizer'))::bigint[]) as may_edit
from data.event e
join data.program p on p.id = e.program_id
cross join lateral schedule.counts(e.id) c
where e.id in (
    select m.id from data.event m
    where m.id = any ((select account.my_events('staff'))::bigint[])
    order by m.ends <= now(), abs(extract(epoch from m.starts - now()))
    limit 100)
order by e.ends <= now(), abs(extract(epoch from e.starts - now()));

-- name: schedule_counts
-- An event in numbers.
select c.* from schedule.counts(:event::bigint) c;

-- name: schedule_organize
-- The sessions of an event as its organizers list them.
select s.id, s.title, schedule.at(s.starts, s.zone) as starts,
    schedule.at(s.ends, s.zone) as ends, s.room, s.state,
    s.state = 'published' as is_published, s.state = 'draft' as is_draft, s.version,
    s.who, coalesce(m.materials, 0) as materials
from schedule.listed(:event::bigint) s
left join schedule.materials(:event) m on m.session = s.id
order by s.starts, s.room_position, s.id;

-- name: schedule_event_edit
-- Fills the form: times as they are typed, on the wall of the event's zone.
select e.id, e.id as event, e.program_id as program, e.title, e.subtitle, e.summary,
    e.language, e.mode, e.zone, schedule.typed(e.starts, e.zone) as starts,
    schedule.typed(e.ends, e.zone) as ends, e.venue, e.city, e.country, e.online_url,
    e.access, e.whole, schedule.typed(e.cutoff, e.zone) as cutoff, e.state,
    e.revision as version,
    e.state = 'published' as is_published, e.state = 'draft' as is_draft,
    e.state = 'cancelled' as is_cancelled
from data.event e
where e.id = :event::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_session_edit
select s.id, s.id as session, s.event_id as event, s.title, s.subtitle, s.abstract,
    s.description, s.language, s.kind, s.mode, s.room_id as room, s.track_id as track,
    schedule.typed(s.starts, e.zone) as starts, schedule.typed(s.ends, e.zone) as ends,
    s.url, s.online_url, s.state = 'draft' as draft, s.version, s.state,
    s.state = 'published' as is_published, s.state = 'draft' as is_draft,
    s.state = 'cancelled' as is_cancelled, e.title as event_title, e.zone, e.whole
from data.session s
join data.event e on e.id = s.event_id
where s.id = :session::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_session_move_page
-- What is moved, and how many are told of it.
select s.id, s.title, schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, r.name as room, schedule.told(s.id) as told,
    e.id as event_id, e.title as event_title, e.zone, e.whole
from data.session s
join data.event e on e.id = s.event_id
left join data.room r on r.id = s.room_id
where s.id = :session::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_session_event
-- The event that a session is in, as its organizer's pages head it.
select e.id, e.title, e.zone, e.whole, e.state
from data.session s
join data.event e on e.id = s.event_id
where s.id = :session::bigint;

-- name: schedule_session_rooms
-- What a form offers: the rooms of a session's event, or of the event.
select r.id as value, r.name as label
from data.room r
where r.event_id = coalesce(:event::bigint,
    (select s.event_id from data.session s where s.id = :session::bigint))
order by r.position, r.name;

-- name: schedule_session_tracks
select t.id as value, t.name as label
from data.track t
where t.event_id = coalesce(:event::bigint,
    (select s.event_id from data.session s where s.id = :session::bigint))
order by t.position, t.name;

-- name: schedule_speaker_edit
select p.id, p.id as speaker, p.event_id as event, p.name, p.biography, p.url
from data.speaker p
where p.id = :speaker::bigint
and p.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_speaker_event
-- The event that somebody speaks at, as its organizer's pages head it.
select e.id, e.title, e.zone
from data.speaker p
join data.event e on e.id = p.event_id
where p.id = :speaker::bigint;

-- name: schedule_zones
-- What a form offers: the zones that PostgreSQL knows.
select z.name as value, z.name as label
from pg_timezone_names z
where z.name ~ '^(UTC|(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/-]+)$'
order by z.name;

-- name: schedule_event_save
select schedule.event_save(:event::bigint, :program::bigint, :title::text,
    :subtitle::text, :summary::text, :language::text, :mode::text, :zone::text,
    :starts::timestamp, :ends::timestamp, :venue::text, :city::text,
    :country::text, :online_url::text, :access::text, :whole::boolean,
    :cutoff::timestamp, :seats::integer, :version::bigint) as event;

-- name: schedule_event_publish
select schedule.event_publish(:event::bigint) as event;

-- name: schedule_event_cancel
select schedule.event_cancel(:event::bigint) as event;

-- name: schedule_event_delete
select schedule.event_delete(:event::bigint) as program;

-- name: schedule_room_save
select r.room, account.event_of('room', r.room) as event
from schedule.room_save(:room::bigint, :event::bigint, :name::text,
    :seats::integer, :position::integer) r (room);

-- name: schedule_room_edit
select r.id, r.id as room, r.event_id as event, r.name, r.seats
from data.room r
where r.id = :room::bigint
and r.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_room_event
select e.id, e.title, e.zone
from data.room r
join data.event e on e.id = r.event_id
where r.id = :room::bigint;

-- name: schedule_room_delete
select schedule.room_delete(:room::bigint) as event;

-- name: schedule_track_save
select t.track, account.event_of('track', t.track) as event
from schedule.track_save(:track::bigint, :event::bigint, :name::text,
    :position::integer) t (track);

-- name: schedule_track_edit
select t.id, t.id as track, t.event_id as event, t.name
from data.track t
where t.id = :track::bigint
and t.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: schedule_track_event
select e.id, e.title, e.zone
from data.track t
join data.event e on e.id = t.event_id
where t.id = :track::bigint;

-- name: schedule_track_delete
select schedule.track_delete(:track::bigint) as event;

-- name: schedule_session_save
select schedule.session_save(:session::bigint, :event::bigint, :title::text,
    :subtitle::text, :abstract::text, :description::text, :language::text,
    :kind::text, :mode::text, :room::bigint, :track::bigint, :starts::timestamp,
    :ends::timestamp, :url::text, :online_url::text, :draft::boolean,
    :version::bigint) as session;

-- name: schedule_session_move
select session, event, version
from schedule.session_move(:session::bigint, :room::bigint, :starts::timestamp,
    :ends::timestamp, :version::bigint);

-- name: schedule_session_cancel
select schedule.session_cancel(:session::bigint, :version::bigint) as event;

-- name: schedule_session_restore
select schedule.session_restore(:session::bigint, :version::bigint) as event;

-- name: schedule_session_delete
select schedule.session_delete(:session::bigint) as event;

-- name: schedule_session_speakers_set
select schedule.session_speakers_set(:session::bigint, :speakers::bigint[]) as event;

-- name: schedule_session_speaker_add
select schedule.session_speaker_add(:session::bigint, :name::text) as speaker;

-- name: schedule_session_speaker_remove
select schedule.session_speaker_remove(:session::bigint, :speaker::bigint) as event;

-- name: schedule_speaker_save
select schedule.speaker_save(:speaker::bigint, :event::bigint, :name::text,
    :biography::text, :url::text) as speaker;

-- name: schedule_speaker_delete
select schedule.speaker_delete(:speaker::bigint) as event;

-- name: verify_schedule_room
-- Two sessions in one room at once.
select a.id, b.id as other
from data.session a
join data.session b on b.room_id = a.room_id and b.id > a.id
    and tstzrange(a.starts, a.ends) && tstzrange(b.starts, b.ends)
where a.state <> 'cancelled' and b.state <> 'cancelled';

-- name: verify_schedule_times
-- An end before a start, or a zone that is not known.
select 'event' as kind, e.id from data.event e
where e.ends <= e.starts or not schedule.zone_known(e.zone)
union all
select 'session', s.id from data.session s where s.ends <= s.starts;

-- name: verify_schedule_calendar
-- An event or session without its calendar object, or with one of another event.
select 'event' as kind, e.id from data.event e
where not exists (select from data.calendar c
    where c.event_id = e.id and c.session_id is null)
union all
select 'session', s.id from data.session s
where not exists (select from data.calendar c
    where c.session_id = s.id and c.event_id = s.event_id);

-- name: verify_schedule_program
-- An event that is seen in a program that is not.
select e.id, e.program_id
from data.event e
join data.program p on p.id = e.program_id
where e.state <> 'draft' and p.state = 'draft';

-- name: verify_schedule_speaker
-- Somebody who speaks at a session of another event.
select x.session_id as id, x.speaker_id
from data.session_speaker x
join data.session s on s.id = x.session_id
join data.speaker p on p.id = x.speaker_id
where p.event_id <> s.event_id;

-- name: schedule_import
-- Stores a schedule read from a file; see schedule.import.
select schedule.import(schedule.import_program(:program::text, :title::text,
    :event::text, :publish::boolean), :document::jsonb, :publish) as counts;

-- name: schedule_export
-- The same, for a file; see schedule.export.
select schedule.export(:event::text) as document;
