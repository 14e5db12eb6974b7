-- name: notice_claim
select n.id from notice.claim(:limit::integer) n;

-- name: notice_sent
select notice.sent(:notices::bigint[]) as sent;

-- name: notice_retry
select notice.retry(:notice::bigint, :problem::text) as again;

-- name: notice_failed
select notice.failed(:notice::bigint, :problem::text);

-- name: notice_give_back
select notice.give_back(:notices::bigint[]);

-- name: notice_hand_back
select notice.give_back(:notices::bigint[], interval '0');

-- name: notice_retry_all
select notice.retry_all(:event::bigint) as retried;

-- name: notice_again
select notice.again(:notice::bigint) as event;

-- name: notice_mail
-- Everything that the mails of these notices need.  With an invite_id it has a
-- calendar: the members are those that an iCalendar entry is read from.  The
-- manage token is the HMAC of `key`; the ticket's numbers are event_id,
-- registration_id and serial, when has_ticket.  Whoever handed their seat on
-- gets neither.  Of a mailing (a test of one names it in its details) it has the
-- words, in the reader's language or else the event's, and the topic that can
-- be unsubscribed.
select n.id, n.kind, n.email, case when m.id is null or m.body ? n.language
    then n.language else e.language end as language,
    coalesce(m.subject ->> n.language, m.subject ->> e.language)
        as subject_words,
    coalesce(m.body ->> n.language, m.body ->> e.language) as body_words,
    case when not m.essential then m.topic end as topic, p.mail_key,
    n.mailing_id, n.person_id, n.details, n.attempts,
    coalesce(n.details ->> 'name', p.name) as name, n.event_id,
    n.registration_id, n.invite_id, n.method,
    coalesce(n.sequence, 0) as sequence, c.uid, i.partstat,
    schedule.at(c.revised, 'UTC') as revised, s.id as session_id,
    coalesce(s.title, e.title) as title, e.title as event_title,
    coalesce(s.abstract, e.summary) as summary, e.slug, e.mode, e.zone,
    schedule.at(coalesce(s.starts, e.starts), e.zone) as starts,
    schedule.at(coalesce(s.ends, e.ends), e.zone) as ends,
    coalesce(o.name, '') as room, e.venue, e.city, e.country,
    case when r.state = 'confirmed'
    then coalesce(nullif(s.online_url, ''), e.online_url) else '' end
        as online_url,
    n.method = 'CANCEL' as cancelled, r.state, r.via, r.key, r.serial,
    case when r.state = 'waitlisted' then registration.place(r.id) end as place,
    case when r.state = 'offered' then schedule.at(r.expires, e.zone) end
        as expires,
    coalesce(r.state = 'confirmed' and n.method is distinct from 'CANCEL'
        and s.id is null, false) as has_ticket,
    case when s.id is null then (
        select jsonb_agg(jsonb_build_object('title', q.title,
            'starts', schedule.at(q.starts, e.zone),
            'ends', schedule.at(q.ends, e.zone), 'zone', e.zone)
            order by q.starts, q.id)
        from data.pick k join data.session q on q.id = k.session_id
        where k.registration_id = r.id and not k.waiting) end as agenda
from data.notice n
left join data.person p on p.id = n.person_id
left join data.event e on e.id = n.event_id
left join data.registration r on r.id = n.registration_id
    and r.person_id = n.person_id
left join data.invite i on i.id = n.invite_id
left join data.calendar c on c.id = i.calendar_id
left join data.session s on s.id = c.session_id
left join data.room o on o.id = s.room_id
left join data.mailing m
    on m.id = coalesce(n.mailing_id, (n.details ->> 'mailing')::bigint)
where n.id = any (:notices::bigint[])
order by n.priority, n.id;

-- name: notice_failures
-- The mails of an event that did not arrive, or wait to be tried again.
select n.id, n.kind, n.state, n.email, p.name, n.registration_id
    as registration, n.attempts, n.problem, n.bounced is not null as has_bounced,
    schedule.at(n.created, e.zone) as created,
    schedule.at(n.next_try, e.zone) as next_try
from data.notice n
join data.event e on e.id = n.event_id
left join data.person p on p.id = n.person_id
where n.event_id = :event::bigint
and n.event_id = any ((select account.my_events('organizer'))::bigint[])
and (n.state = 'failed' or n.state = 'waiting' and n.problem <> ''
    or n.bounced is not null)
order by n.state desc, n.id desc
limit 500;

-- name: notice_counts
select count(*) filter (where n.state = 'waiting') as waiting,
    count(*) filter (where n.state = 'sent' and n.bounced is null) as sent,
    count(*) filter (where n.state = 'failed' or n.bounced is not null) as failed
from data.notice n
where n.event_id = :event::bigint
and n.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: notice_backlog
-- For metrics.
select count(*) as waiting,
    coalesce(extract(epoch from now() - min(n.created)), 0)::integer as oldest
from data.notice n
where n.state = 'waiting';

-- name: verify_notice_sent
select n.id as notice
from data.notice n
where n.state = 'sent' and (n.sent is null or n.attempts = 0
    or n.details <> '{}');
