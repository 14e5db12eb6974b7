-- Mail to be sent, written in the transaction that makes it true.

create type data.notice_state as enum ('waiting', 'sent', 'failed', 'dropped');
create table data.notice (
	id bigint generated always as identity primary key,
	kind text not null,
	person_id bigint references data.person,
	email text not null,
	language text not null default 'en',
	event_id bigint references data.event on delete cascade,
	registration_id bigint references data.registration on delete cascade,
	invite_id bigint references data.invite on delete cascade,
	method data.method,
	sequence integer,
	details jsonb not null default '{}',
	priority smallint not null default 5,
	state data.notice_state not null default 'waiting',
	created timestamptz not null default now(),
	next_try timestamptz not null default now(),
	lease_until timestamptz,
	attempts integer not null default 0,
	sent timestamptz,
	problem text not null default ''
);
create index notice_due on data.notice (priority, id) where state = 'waiting';
create index notice_by_event on data.notice (event_id, state);
create index notice_by_invite on data.notice (invite_id) where invite_id is not null;
create index notice_by_registration on data.notice (registration_id) where registration_id is not null;
comment on table data.notice is 'The outbox: one mail a row; its Message-ID is made from the id';
comment on column data.notice.details is 'What the wording needs and no other row holds; secrets are wiped when it is sent';
comment on column data.notice.problem is 'The relay''s last answer, shown to the organizer';

create table data.job (
	id bigint generated always as identity primary key,
	kind text not null,
	key text not null default '',
	details jsonb not null default '{}',
	created timestamptz not null default now(),
	next_try timestamptz not null default now(),
	lease_until timestamptz,
	attempts integer not null default 0,
	done timestamptz,
	problem text not null default ''
);
create index job_due on data.job (next_try) where done is null;
create unique index job_once on data.job (kind, key) where done is null and key <> '';
comment on table data.job is 'Work for the worker other than mail';
