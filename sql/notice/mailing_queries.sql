-- Mailings, wishes and bounces.

-- name: notice_unreachable
-- Whose address does not take mail any more, of the people of an event.
select p.id, p.name, p.email, p.bounces,
    schedule.at(p.bounced, e.zone) as bounced
from data.person p
join data.event e on e.id = :event::bigint
where p.bounced is not null and e.id = any ((select account.my_events('organizer'))::bigint[])
and exists (
    select from data.registration r
    where r.event_id = e.id and r.person_id = p.id)
order by p.bounced desc, p.id
limit 500;

-- name: notice_reachable
select notice.reachable(:event::bigint, :person::bigint);

-- name: notice_mailings
-- An event's mailings and reminders, the last one first.
select m.id, m.kind, m.state, m.subject ->> e.language as subject, m.topic,
    m.kind = 'reminder' as is_reminder, m.anchor,
    schedule.at(case when m.state in ('draft', 'scheduled')
        then notice.due_at(m.event_id, m.anchor, m.lag) end, e.zone) as due,
    schedule.at(m.created, e.zone) as created,
    schedule.at(m.began, e.zone) as began, w.name as made_by
from data.mailing m
join data.event e on e.id = m.event_id
left join data.person w on w.id = m.made_by
where m.event_id = :event::bigint
and m.event_id = any ((select account.my_events('organizer'))::bigint[])
order by m.id desc
limit 200;

-- name: notice_audiences
-- How many of an event's people are in each state.
select r.state, count(*) as people
from data.registration r
where r.event_id = :event::bigint
and r.event_id = any ((select account.my_events('organizer'))::bigint[])
group by r.state
order by r.state;

-- name: notice_recipients
-- How many a mailing would reach, by language: one that is stored and has not
-- begun, or a filter.
select r.language as code, count(*) as people
from (values (:event::bigint)) e (id)
left join data.mailing m on m.id = :mailing::bigint and m.event_id = e.id
cross join lateral notice.recipients(e.id,
    coalesce(:filter::jsonb, m.filter, '{}')) r
where m.began is null
group by r.language
order by people desc, code;

-- name: notice_copies
-- Messages of the same program to begin with, also other events'.
select m.id as value,
    concat_ws(' · ', m.subject ->> e.language, e.title) as label
from data.event e
join data.event h on h.program_id = e.program_id
join data.mailing m on m.event_id = e.id
where h.id = :event::bigint
and e.id = any ((select account.my_events('organizer'))::bigint[])
order by m.event_id = h.id desc, m.id desc
limit 50;

-- name: notice_draft
-- A mailing as its form has it: that which is changed, or one to begin with.
select case when m.id = :mailing::bigint then m.version end as version,
    m.kind, m.filter::text as filter, m.topic, m.essential, m.anchor,
    case when m.lag < interval '0' then 'before' else 'after' end as side,
    abs(extract(day from m.lag))::integer as days,
    abs(extract(hour from m.lag))::integer as hours, m.subject, m.body,
    m.subject ->> 'en' as subject_en, m.body ->> 'en' as body_en,
    m.subject ->> 'fr' as subject_fr, m.body ->> 'fr' as body_fr,
    m.subject ->> 'es' as subject_es, m.body ->> 'es' as body_es,
    m.subject ->> 'pt' as subject_pt, m.body ->> 'pt' as body_pt,
    m.subject ->> 'ar' as subject_ar, m.body ->> 'ar' as body_ar,
    m.subject ->> 'zh' as subject_zh, m.body ->> 'zh' as body_zh,
    m.subject ->> 'ru' as subject_ru, m.body ->> 'ru' as body_ru
from data.mailing m
join data.event e on e.id = m.event_id
where m.event_id = any ((select account.my_events('organizer'))::bigint[])
and (m.id = :mailing and m.event_id = :event::bigint or m.id = :from::bigint
    and e.program_id = (
        select h.program_id from data.event h where h.id = :event));

-- name: notice_mailing
-- One mailing, and what became of it.
select m.id as mailing, m.kind, m.state, m.topic, m.essential, m.version,
    m.filter::text as filter, m.anchor, m.kind = 'reminder' as is_reminder,
    m.subject ->> e.language as subject, m.state = 'draft' as is_draft,
    m.state = 'scheduled' as is_scheduled, m.state = 'sending' as is_sending,
    m.state = 'paused' as is_paused, m.began is not null as has_begun,
    schedule.at(notice.due_at(m.event_id, m.anchor, m.lag), e.zone) as due,
    schedule.at(m.began, e.zone) as began,
    schedule.at(m.ended, e.zone) as ended, c.*
from data.mailing m
join data.event e on e.id = m.event_id
cross join lateral (
    select count(*) as people,
        count(*) filter (where n.state = 'waiting' and n.problem = '')
            as waiting,
        count(*) filter (where n.state = 'waiting' and n.problem <> '')
            as deferred,
        count(*) filter (where n.state = 'sent' and n.bounced is null) as sent,
        count(*) filter (where n.state = 'failed') as failed,
        count(*) filter (where n.bounced is not null) as bounced,
        count(*) filter (where n.state = 'dropped' and n.problem = 'unwanted')
            as unwanted,
        count(*) filter (where n.state = 'dropped'
            and n.problem = 'unreachable') as unreachable,
        count(*) filter (where n.state = 'dropped' and n.problem = 'stopped')
            as stopped,
        count(*) filter (where n.state <> 'waiting') as done
    from data.notice n
    where n.mailing_id = m.id) c
where m.id = :mailing::bigint and m.event_id = :event::bigint
and m.event_id = any ((select account.my_events('organizer'))::bigint[]);

-- name: notice_mailing_people
-- Those of a mailing of whom the same became, a hundred at a time.
with of as (
    select n.id, n.person_id, n.email, n.problem, n.attempts,
        n.next_try, n.sent, n.state, n.bounced
    from data.notice n
    where n.mailing_id = :mailing::bigint and n.event_id = :event::bigint
    and n.event_id = any ((select account.my_events('organizer'))::bigint[])
    and case :show::text
        when 'waiting' then n.state = 'waiting' and n.problem = ''
        when 'deferred' then n.state = 'waiting' and n.problem <> ''
        when 'sent' then n.state = 'sent' and n.bounced is null
        when 'failed' then n.state = 'failed'
        when 'bounced' then n.bounced is not null
        else n.state = 'dropped' and n.problem = :show end
    and n.id > coalesce(:after::bigint, 0)
    order by n.id
    limit 101)
select o.id, p.name, o.email, case when o.state = 'dropped' then ''
    else o.problem end as problem, o.attempts,
    schedule.at(o.next_try, e.zone) as next_try,
    schedule.at(o.sent, e.zone) as sent, (select count(*) > 100 from of) as more
from (select * from of order by of.id limit 100) o
join data.event e on e.id = :event
left join data.person p on p.id = o.person_id
order by o.id;

-- name: notice_preview
-- The words of a mailing in each of its languages, as the asker would get them.
select l.language, 'mailing' as kind, m.subject ->> l.language as subject_words,
    m.body ->> l.language as body_words, p.name, p.email, e.id as event_id,
    e.title, e.title as event_title, e.slug, e.mode, e.zone, e.state,
    schedule.at(e.starts, e.zone) as starts,
    schedule.at(e.ends, e.zone) as ends, e.venue, e.city, e.country
from data.mailing m
join data.event e on e.id = m.event_id
cross join lateral jsonb_object_keys(m.body) l (language)
left join data.person p on p.id = account.actor()
where m.id = :mailing::bigint and m.event_id = :event::bigint
and m.event_id = any ((select account.my_events('organizer'))::bigint[])
order by l.language <> e.language, l.language;

-- name: notice_mailing_save
select notice.mailing_save(:event::bigint, :mailing::bigint, :version::integer,
    :kind::text, :filter::jsonb, :topic::text, :essential::boolean,
    :subject::jsonb, :body::jsonb, :anchor::text, :lag::interval) as mailing;

-- name: notice_send
select notice.send(:event::bigint, :mailing::bigint) as people;

-- name: notice_pause
select notice.pause_mailing(:event::bigint, :mailing::bigint, true);

-- name: notice_resume
select notice.pause_mailing(:event::bigint, :mailing::bigint, false);

-- name: notice_cancel
select notice.cancel_mailing(:event::bigint, :mailing::bigint);

-- name: notice_delete
select notice.delete_mailing(:event::bigint, :mailing::bigint);

-- name: notice_test
select notice.test_mailing(:event::bigint, :mailing::bigint) as mails;

-- name: notice_due
select notice.due() as sent;

-- name: notice_tidy
select notice.tidy() as forgotten;

-- name: notice_wishes
-- What mail somebody wants: by the key of a link, or of who entered.
select w.event, w.reminder, w.program, w.email
from notice.wishes(:mail_key::uuid) w;

-- name: notice_prefer
select notice.prefer(:mail_key::uuid, :event::boolean, :reminder::boolean,
    :program::boolean);

-- name: notice_unsubscribe
select notice.unsubscribe(:mail_key::uuid, :topic::text);

-- name: notice_bounce
select notice.bounce(:notice::bigint, :for_good::boolean, :problem::text)
    as news;

-- name: verify_notice_mailing
-- Done, but somebody still waits; or sending, and nobody was written down.
select m.id as mailing, m.state
from data.mailing m
where m.state = 'done' and exists (
    select from data.notice n
    where n.mailing_id = m.id and n.state = 'waiting')
or m.state in ('sending', 'paused', 'done') and m.began is null;
