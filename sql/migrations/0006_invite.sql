-- What participants' calendars were told, and the feeds.

create table data.calendar (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	session_id bigint constraint calendar_session_once unique references data.session on delete cascade,
	uid text not null constraint calendar_uid_once unique,
	sequence integer not null default 0 check (sequence >= 0),
	revised timestamptz not null default now()
);
create unique index calendar_event_once on data.calendar (event_id) where session_id is null;
comment on table data.calendar is 'The calendar object of an event (session null) or of one session: UID for life, SEQUENCE only grows';

create type data.method as enum ('REQUEST', 'CANCEL');
create table data.invite (
	id bigint generated always as identity primary key,
	calendar_id bigint not null references data.calendar on delete cascade,
	person_id bigint not null references data.person,
	registration_id bigint not null references data.registration on delete cascade,
	live boolean not null default true,
	last_sent_seq integer,
	last_material_seq integer,
	last_method data.method,
	last_sent timestamptz,
	ended timestamptz,
	partstat text not null default 'NEEDS-ACTION',
	constraint invite_once unique (calendar_id, person_id)
);
create index invite_by_person on data.invite (person_id);
create index invite_by_registration on data.invite (registration_id);
comment on column data.invite.live is 'False: the person left, or it was cancelled; the feed keeps it 30 days as cancelled';
comment on column data.invite.last_sent_seq is 'Of the last message queued for this person: the next is above it';
comment on column data.invite.last_material_seq is 'Of the last that asked anew: an answer below it is to an older question';
comment on column data.invite.ended is 'When it stopped being live';
