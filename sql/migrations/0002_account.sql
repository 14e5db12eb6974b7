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
comment on table data.person is 'Somebody known by an e-mail address: participant, organizer or speaker';
comment on column data.person.email is 'In lower case; whoever reads its mail is this person';
comment on column data.person.country is 'ISO 3166 alpha-2';
comment on column data.person.zone is 'IANA name for the person''s own times; null: the browser''s';
comment on column data.person.disabled is 'Since then nobody enters as this person';
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
comment on table data.role is 'What a person may do, and where: organizer above staff, program above its events, system above all';
comment on column data.role.scope_id is 'Of the unit, program or event; 0: the system';
comment on column data.role.granted_by is 'Null: on the command line';

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
comment on column data.device.expires is 'One day after the event''s end';
create index device_by_event on data.device (event_id);

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
	idle interval not null,
	idle_expiry timestamptz not null,
	absolute_expiry timestamptz not null,
	check (num_nonnulls(person_id, device_id) = 1)
);
create index login_by_person on data.login (person_id);
create index login_by_device on data.login (device_id) where device_id is not null;
comment on table data.login is 'A browser that was let in; deleting the row ends it everywhere';
comment on column data.login.token_hash is 'SHA-256 of the cookie''s token, which is kept nowhere';
comment on column data.login.last_seen is 'Written at most once a minute';
comment on column data.login.idle is 'Unused for so long, it is over: 14 days; 12 hours for who has a role';
comment on column data.login.absolute_expiry is 'However much it is used: 30 days; 7 days for who has a role';

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
create index signin_by_email on data.signin (email) where used is null;
create index signin_by_browser on data.signin (browser_hash) where used is null;
comment on table data.signin is 'An e-mail address that asked to be let in: one code and one link, one use of either, ten minutes';
comment on column data.signin.tries is 'Wrong codes typed; five end it';
comment on column data.signin.goes_to is 'The path to show once in';
comment on column data.signin.browser_hash is 'The browser that asked; null for a link made on the command line';

create type data.signin_outcome as enum ('in', 'wrong', 'spent', 'elsewhere');
comment on type data.signin_outcome is 'Wrong: another try is left; spent: used, too old or too often tried; elsewhere: another browser asked';

create unlogged table data.throttle (
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
	link bigint constraint audit_link_once unique,
	hash bytea check (length(hash) = 32),
	check ((link is null) = (hash is null))
);
create index audit_unchained on data.audit (id) where hash is null;
comment on table data.audit is 'Insert-only; the worker chains it: hash = sha256(previous hash || canonical row)';
comment on column data.audit.act is 'Room and verb, "schedule.session_move"';
comment on column data.audit.link is 'Place in the chain: rows commit in another order than their ids';
comment on column data.audit.details is 'No personal data: references only, so that erasure leaves the chain whole';

-- Here and not in a room, for a deploy drops the rooms with what hangs on them.
create function data.audit_only_grows()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
	if tg_op = 'UPDATE' and old.hash is null
	    and (to_jsonb(new) - 'hash' - 'link')
	    = (to_jsonb(old) - 'hash' - 'link') then
		return new;
	end if;

	raise exception using errcode = '42501',
	    message = 'account.audit_only_grows';
end
$$;
create trigger audit_only_grows before update or delete on data.audit
    for each row execute function data.audit_only_grows();
create trigger audit_never_emptied before truncate on data.audit
    for each statement execute function data.audit_only_grows();
