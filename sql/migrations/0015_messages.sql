-- Mail to many: what organizers write to those of an event, now or at a time
-- relative to it; who wants which; and addresses that do not take mail.

create type data.mail_topic as enum ('event', 'reminder', 'program');
comment on type data.mail_topic is 'What people may do without: news of events they are in, reminders, news of the program';

create type data.mailing_kind as enum ('mailing', 'reminder');
create type data.mailing_state as enum ('draft', 'scheduled', 'sending',
    'paused', 'done', 'cancelled');
create type data.mailing_anchor as enum ('starts', 'ends', 'cutoff', 'opens');

create table data.mailing (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	kind data.mailing_kind not null,
	state data.mailing_state not null default 'draft',
	filter jsonb not null default '{}' check (jsonb_typeof(filter) = 'object' and length(filter::text) <= 4000),
	topic data.mail_topic not null default 'event',
	essential boolean not null default false,
	subject jsonb not null check (jsonb_typeof(subject) = 'object'),
	body jsonb not null check (jsonb_typeof(body) = 'object'),
	anchor data.mailing_anchor,
	lag interval,
	made_by bigint references data.person,
	created timestamptz not null default now(),
	began timestamptz,
	ended timestamptz,
	version integer not null default 1,
	check ((kind = 'reminder') = (anchor is not null)),
	check ((kind = 'reminder') = (lag is not null)),
	check (kind = 'reminder' or state <> 'scheduled')
);
create index mailing_by_event on data.mailing (event_id, id);
create index mailing_scheduled on data.mailing (id) where state = 'scheduled';
create index mailing_sending on data.mailing (id) where state = 'sending';
comment on table data.mailing is 'One message to many people of an event; its words are joined to each mail when that is composed';
comment on column data.mailing.filter is 'To whom, as the list of registrations filters; asked when it is sent';
comment on column data.mailing.essential is 'Goes also to who does not want such mail, and to addresses that bounced';
comment on column data.mailing.subject is 'By language; whoever reads another one gets the event''s';
comment on column data.mailing.body is 'By language: plain text with {placeholders}, **bold** and addresses';
comment on column data.mailing.anchor is 'A reminder''s moment is reckoned from this one of the event, wherever that moves';
comment on column data.mailing.lag is 'After the anchor; less than nothing: before it.  Days are days of the event''s zone';
comment on column data.mailing.began is 'Since then it is being sent: its people are known';
comment on column data.mailing.version is 'For the optimistic lock of the organizers'' form';

-- Mails of mailings wait in a line of their own, so that a long one, or a
-- paused one, is not in the way of any other mail.
alter table data.notice
	add column mailing_id bigint references data.mailing on delete cascade,
	add column bounced timestamptz;
drop index data.notice_due;
create index notice_due on data.notice (priority, id)
    where state = 'waiting' and mailing_id is null;
create index notice_due_of_mailing on data.notice (mailing_id, next_try, id)
    where state = 'waiting' and mailing_id is not null;
create index notice_by_mailing on data.notice (mailing_id, state)
    where mailing_id is not null;
create unique index notice_mailing_once on data.notice (mailing_id, person_id)
    where mailing_id is not null;
create index notice_by_age on data.notice using brin (created);
comment on column data.notice.bounced is 'Taken by the relay and sent back later; problem says why';
comment on column data.notice.email is 'Empty once the mail is so old that its address is forgotten';

create table data.preference (
	person_id bigint not null references data.person on delete cascade,
	topic data.mail_topic not null,
	wanted boolean not null,
	at timestamptz not null default now(),
	primary key (person_id, topic)
);
comment on table data.preference is 'Which mail a person wants; a topic that has no row is wanted';

alter table data.person
	add column mail_key uuid not null default gen_random_uuid(),
	add column bounced timestamptz,
	add column bounces integer not null default 0 check (bounces >= 0),
	add constraint person_mail_key_once unique (mail_key);
comment on column data.person.mail_key is 'Names the person in the link by which mail is unsubscribed, which the server signs';
comment on column data.person.bounced is 'Mail to this address came back for good: only what is essential is still sent there';
comment on column data.person.bounces is 'Mails to this address that came back, for now or for good';
