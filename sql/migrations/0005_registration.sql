-- Seats and who has them.

create table data.pool (
	id bigint generated always as identity primary key,
	event_id bigint not null constraint pool_event_once unique references data.event on delete cascade,
	seats integer check (seats >= 0),
	held integer not null default 0 check (held >= 0),
	offered integer not null default 0 check (offered >= 0),
	confirmed integer not null default 0 check (confirmed >= 0),
	waitlisted integer not null default 0 check (waitlisted >= 0),
	arrived bigint not null default 0,
	constraint pool_never_overbooked check (seats is null or held + offered + confirmed <= seats)
) with (fillfactor = 10);
comment on table data.pool is 'The seats of an event; every change of a count happens under its lock';
comment on column data.pool.seats is 'Null: no limit';
comment on column data.pool.waitlisted is 'The queue''s length: while it is not zero, nobody is confirmed but from its head';
comment on column data.pool.arrived is 'The last place in the order of arrival that was given out';

create type data.registration_state as enum ('held', 'requested', 'waitlisted',
    'offered', 'confirmed', 'declined', 'withdrawn', 'expired', 'cancelled');

create table data.registration (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	pool_id bigint not null references data.pool on delete cascade,
	person_id bigint not null references data.person,
	state data.registration_state not null,
	priority integer not null default 0,
	arrival bigint not null,
	queued timestamptz not null default clock_timestamp(),
	key uuid not null,
	via data.mode,
	country text check (country ~ '^[A-Z]{2}$'),
	organisation text not null default '' check (length(organisation) <= 200),
	serial integer not null default 0 check (serial between 0 and 65535),
	manage_hash bytea not null constraint registration_manage_once unique check (length(manage_hash) = 32),
	created timestamptz not null default clock_timestamp(),
	constraint registration_arrival_once unique (pool_id, arrival),
	constraint registration_key_once unique (key)
);
create unique index registration_live_once on data.registration (event_id, person_id)
    where state in ('held', 'requested', 'waitlisted', 'offered', 'confirmed');
create index registration_queue on data.registration (pool_id, priority, arrival) where state = 'waitlisted';
create index registration_by_person on data.registration (person_id);
create index registration_by_event on data.registration (event_id, state, arrival);
comment on column data.registration.arrival is 'Place in the order of arrival in its pool; the queue''s order within a priority';
comment on column data.registration.key is 'Idempotency: the same key repeats the first answer; the manage token is the server''s HMAC of it';
comment on column data.registration.country is 'Of the person when they registered; statistics keep it when the person is erased';
comment on column data.registration.serial is 'Of its ticket; raised when the ticket is issued anew';
comment on column data.registration.manage_hash is 'SHA-256 of the token in the mail''s view-or-cancel link; whoever holds the token acts for this registration';

create table data.registration_change (
	id bigint generated always as identity primary key,
	registration_id bigint not null references data.registration on delete cascade,
	at timestamptz not null default clock_timestamp(),
	actor bigint,
	was data.registration_state,
	became data.registration_state not null,
	why text not null default ''
);
create index registration_change_by_registration on data.registration_change (registration_id, id);

create table data.pick (
	registration_id bigint not null references data.registration on delete cascade,
	session_id bigint not null references data.session on delete cascade,
	picked timestamptz not null default now(),
	primary key (registration_id, session_id)
);
create index pick_by_session on data.pick (session_id);
comment on table data.pick is 'Sessions that a participant put on their own agenda';
