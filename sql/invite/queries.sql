-- name: invite_feed_make
select invite.feed_make(:feed::bytea);

-- name: invite_has_feed
select invite.has_feed() as has_feed;

-- name: invite_feed
-- What the feed of that secret address holds, cancelled entries for 30 days;
-- no row: no such feed.  A row without uid: a feed with nothing in it yet.
select * from invite.feed(:feed::bytea);

-- name: invite_managed
-- The event's entry, for the bearer of a registration's manage token.
select * from invite.managed(:manage::bytea);

-- name: invite_event
-- An event's calendar entry, for anyone; with the actor's own number when they
-- are invited.
select c.uid, coalesce(i.last_sent_seq, c.sequence) as sequence,
    schedule.at(c.revised, 'UTC') as revised, e.id as event,
    null::bigint as session_id, e.title, e.summary, e.slug, e.zone,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends, e.venue, e.city, e.country,
    case when i.id is not null then e.online_url else '' end as online_url,
    e.state
from data.event e
join data.calendar c on c.event_id = e.id and c.session_id is null
left join data.invite i on i.calendar_id = c.id and i.live
    and i.person_id = account.actor()
where e.id = :event::bigint and e.state <> 'draft';

-- name: invite_session
select c.uid, coalesce(i.last_sent_seq, c.sequence) as sequence,
    schedule.at(c.revised, 'UTC') as revised, e.id as event,
    s.id as session_id, s.title, e.title as event_title,
    s.abstract as summary, e.slug, e.zone,
    schedule.at(s.starts, e.zone) as starts,
    schedule.at(s.ends, e.zone) as ends, coalesce(o.name, '') as room, e.venue,
    e.city, e.country,
    case when i.id is not null
    then coalesce(nullif(s.online_url, ''), e.online_url) else '' end
        as online_url,
    case when e.state = 'cancelled' then e.state else s.state end as state
from data.session s
join data.event e on e.id = s.event_id
join data.calendar c on c.session_id = s.id
left join data.room o on o.id = s.room_id
left join data.invite i on i.calendar_id = c.id and i.live
    and i.person_id = account.actor()
where s.id = :session::bigint and e.state <> 'draft' and s.state <> 'draft';

-- name: verify_invite_confirmed
-- Confirmed, but not invited or never told.
select r.id as registration, i.id as invite
from data.registration r
join data.event e on e.id = r.event_id
left join data.calendar c on c.event_id = r.event_id and c.session_id is null
left join data.invite i on i.calendar_id = c.id and i.live
    and i.registration_id = r.id
where r.state = 'confirmed'
and (i.id is null or not exists (
    select from data.notice n
    where n.invite_id = i.id and n.method = 'REQUEST'
    and n.state <> 'dropped'));

-- name: verify_invite_ended
-- Invited, but without a seat; or to a session that is not picked.
select i.id as invite, i.registration_id as registration
from data.invite i
join data.calendar c on c.id = i.calendar_id
join data.registration r on r.id = i.registration_id
where i.live and (r.state <> 'confirmed' and not r.kept
    or c.session_id is not null
    and not exists (
        select from data.pick k
        where k.registration_id = r.id and k.session_id = c.session_id
        and not k.waiting));

-- name: verify_invite_sequence
-- An object's number is below one that was sent, or a person's numbers fell.
select i.id as invite, c.sequence, i.last_sent_seq
from data.invite i
join data.calendar c on c.id = i.calendar_id
where i.last_sent_seq > c.sequence or exists (
    select from data.notice a
    join data.notice b on b.invite_id = a.invite_id and b.id > a.id
    where a.invite_id = i.id and b.sequence < a.sequence);

-- name: verify_invite_told
-- The last message queued is not the one that the invite remembers.
select i.id as invite, i.last_method, i.last_sent_seq, n.method, n.sequence
from data.invite i
join lateral (
    select q.method, q.sequence from data.notice q
    where q.invite_id = i.id and q.state <> 'dropped'
    order by q.id desc
    limit 1) n on true
where (i.live and n.method <> 'REQUEST')
or n.sequence > i.last_sent_seq;
