-- Persons, what they may do, and how they are recognised.

create table data.unit (
	id bigint generated always as identity primary key,
	code text not null constraint unit_code_once unique,
	name text not null
);
comment on table data.unit is 'A part of the organisation that has coordinators';

create table data.person (
	id bigint generated always as identity primary key,
	email text not null check (length(email) <= 254 and email = lower(email)),
	name text not null check (length(name) between 1 and 200),
	language text not null default 'en' check (language in ('en','fr','es','pt','ar','zh','ru')),
	country text check (country ~ '^[A-Z]{2}$'),
	zone text,
	organisation text not null default '' check (length(organisation) <= 200),
	staff boolean not null default false,
	unit_id bigint references data.unit,
	feed_hash bytea constraint person_feed_once unique check (length(feed_hash) = 32),
	created timestamptz not null default now(),
	disabled timestamptz,
	constraint person_email_once unique (email)
);
comment on column data.person.staff is 'Works for the organisation: sees what is internal';
comment on column data.person.feed_hash is 'SHA-256 of the calendar feed''s token; null: no feed asked for yet';

create type data.role_kind as enum ('admin', 'organizer', 'staff', 'coordinator');
create type data.role_scope as enum ('system', 'unit', 'program', 'event');
create table data.role (
	person_id bigint not null references data.person on delete cascade,
	kind data.role_kind not null,
	scope data.role_scope not null,
	scope_id bigint not null default 0,
	granted timestamptz not null default now(),
	granted_by bigint references data.person,
	primary key (person_id, kind, scope, scope_id),
	check ((scope = 'system') = (scope_id = 0)),
	check (kind <> 'admin' or scope = 'system'),
	check (kind <> 'coordinator' or scope = 'unit')
);
create index role_by_scope on data.role (scope, scope_id, kind);

create table data.device (
	id bigint generated always as identity primary key,
	event_id bigint not null,
	name text not null check (length(name) between 1 and 80),
	enrolled timestamptz not null default now(),
	enrolled_by bigint references data.person,
	expires timestamptz not null,
	revoked timestamptz,
	last_seen timestamptz
);
comment on table data.device is 'A phone or reader at the door, enrolled by a QR code; its token is a login';

create table data.enrolment (
	token_hash bytea primary key check (length(token_hash) = 32),
	event_id bigint not null,
	name text not null check (length(name) between 1 and 80),
	made_by bigint references data.person,
	expires timestamptz not null,
	used timestamptz
);
comment on table data.enrolment is 'A one-time token, at most ten minutes old, that makes a device';

create table data.login (
	token_hash bytea primary key check (length(token_hash) = 32),
	person_id bigint references data.person on delete cascade,
	device_id bigint references data.device on delete cascade,
	created timestamptz not null default now(),
	last_seen timestamptz not null default now(),
	idle_expiry timestamptz not null,
	absolute_expiry timestamptz not null,
	check (num_nonnulls(person_id, device_id) = 1)
);
create index login_by_person on data.login (person_id);
comment on table data.login is 'A browser that was let in; deleting the row ends it everywhere';

create table data.signin (
	id bigint generated always as identity primary key,
	email text not null,
	code_hash bytea not null check (length(code_hash) = 32),
	link_hash bytea not null constraint signin_link_once unique check (length(link_hash) = 32),
	browser_hash bytea check (length(browser_hash) = 32),
	goes_to text not null default '/',
	asked timestamptz not null default now(),
	expires timestamptz not null,
	tries integer not null default 0,
	used timestamptz
);
create index signin_by_browser on data.signin (browser_hash) where used is null;
comment on column data.signin.browser_hash is 'The browser that asked; null for a link made on the command line';

create table data.throttle (
	bucket text not null,
	key text not null,
	tokens real not null,
	at timestamptz not null default now(),
	primary key (bucket, key)
);
comment on table data.throttle is 'Token buckets by account, address prefix or e-mail; see account.throttle';

create table data.audit (
	id bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	actor bigint,
	device bigint,
	act text not null,
	object text not null default '',
	object_id bigint,
	details jsonb not null default '{}',
	hash bytea check (length(hash) = 32)
);
create index audit_unchained on data.audit (id) where hash is null;
comment on table data.audit is 'Insert-only; the worker chains it: hash = sha256(previous hash || canonical row)';
comment on column data.audit.details is 'No personal data: references only, so that erasure leaves the chain whole';
