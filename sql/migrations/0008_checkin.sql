-- Tickets at the door.

create table data.signing_key (
	id smallint primary key check (id between 1 and 255),
	public_key bytea not null check (length(public_key) = 32),
	made timestamptz not null default now(),
	retired timestamptz
);
comment on table data.signing_key is 'Ed25519 public keys of tickets; the secret half is a file on the server';

create type data.scan_result as enum ('admitted', 'already', 'wrong_event', 'cancelled', 'unknown', 'forged', 'undone');
create table data.scan (
	id bigint generated always as identity primary key,
	uuid uuid not null,
	event_id bigint not null references data.event on delete cascade,
	session_id bigint references data.session on delete cascade,
	registration_id bigint references data.registration,
	device_id bigint references data.device,
	person_id bigint references data.person,
	result data.scan_result not null,
	why text not null default '',
	first_id bigint references data.scan,
	undoes bigint constraint scan_undone_once unique references data.scan,
	scanned timestamptz not null default clock_timestamp(),
	received timestamptz not null default clock_timestamp()
);
create unique index scan_once on data.scan (coalesce(device_id, 0), uuid);
create index scan_by_registration on data.scan (registration_id, id);
create index scan_by_event on data.scan (event_id, id);
comment on table data.scan is 'Append-only; an undo is a further row';
comment on column data.scan.why is 'More than the result says: the registration''s state, or that its ticket was replaced';
comment on column data.scan.first_id is 'Of an "already": the scan that admitted them';
comment on column data.scan.person_id is 'The signed-in staff member who scanned, when not an enrolled device';

create table data.attendance (
	registration_id bigint not null references data.registration on delete cascade,
	session_id bigint references data.session on delete cascade,
	event_id bigint not null references data.event on delete cascade,
	scan_id bigint not null references data.scan,
	since timestamptz not null,
	constraint attendance_once unique nulls not distinct (registration_id, session_id)
);
create index attendance_by_event on data.attendance (event_id, session_id);
comment on column data.attendance.session_id is 'Null: the event''s own door';
comment on table data.attendance is 'Derived from scans: who is in; an undo removes the row, never the scan';
