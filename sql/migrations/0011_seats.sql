-- How an event's seats are given: who first, who decides, until when; seats
-- set aside in buckets; parties that stay together; codes that let people in.

create type data.promotion as enum ('confirm', 'offer', 'manual');
create type data.approval as enum ('none', 'organizer', 'coordinator', 'both');
create type data.party_policy as enum ('wait', 'skip', 'split');

alter table data.pool
	add column kept integer not null default 0 check (kept >= 0),
	add column reserved integer not null default 0 check (reserved >= 0),
	add column inside integer not null default 0 check (inside >= 0),
	add column opens timestamptz,
	add column promotion data.promotion not null default 'confirm',
	add column offer_hours integer not null default 48 check (offer_hours between 1 and 720),
	add column hold_minutes integer not null default 15 check (hold_minutes between 0 and 120),
	add column scarce integer not null default 20 check (scarce >= 0),
	add column approval data.approval not null default 'none',
	add column decide_days integer not null default 7 check (decide_days between 1 and 90),
	add column reapprove boolean not null default false,
	add column edit_until timestamptz,
	add column transfer boolean not null default false,
	add column transfer_until timestamptz,
	add column party_most integer not null default 0 check (party_most between 0 and 50),
	add column party_policy data.party_policy not null default 'wait',
	add column code_only boolean not null default false,
	add column form_revision integer not null default 0,
	add column version integer not null default 1,
	drop constraint pool_never_overbooked,
	add constraint pool_never_overbooked
	    check (seats is null or held + offered + confirmed + kept <= seats),
	add constraint pool_common_never_overbooked
	    check (seats is null or held + offered + confirmed + kept - inside
	        <= seats - reserved);
comment on column data.pool.kept is 'Requested again after an edit, the seat kept meanwhile';
comment on column data.pool.reserved is 'The sum of its unreleased buckets'' seats';
comment on column data.pool.inside is 'The sum of its unreleased buckets'' used seats: used in all less these are the common pool''s';
comment on column data.pool.opens is 'Nobody registers before it; null: as soon as it is published';
comment on column data.pool.promotion is 'What a freed seat does: confirms the next in line, is offered to them by mail, or waits for the organizer';
comment on column data.pool.offer_hours is 'An offer lasts so long, never past the cutoff';
comment on column data.pool.hold_minutes is 'A seat is held so long for who fills in the form; 0: never held';
comment on column data.pool.scarce is 'With so many free seats or fewer, filling in the form holds one';
comment on column data.pool.approval is 'Who says yes before a seat is given; both: first the coordinator of the person''s unit, then the organizer';
comment on column data.pool.decide_days is 'Whoever has to decide is reminded after half of it; after all of it the request expires';
comment on column data.pool.reapprove is 'An edit of the answers is approved anew, the seat kept meanwhile';
comment on column data.pool.edit_until is 'Null: until the event starts';
comment on column data.pool.transfer is 'May a seat be handed to a colleague';
comment on column data.pool.party_most is 'So many people in one registered group; 0: no groups';
comment on column data.pool.party_policy is 'A party at the head of the line that does not fit: all wait, those behind it are let past, or it is split';
comment on column data.pool.code_only is 'Only with an access code or an invitation';
comment on column data.pool.form_revision is 'Rises with each change of the questions';
comment on column data.pool.version is 'For the optimistic lock of the organizer''s forms';

create type data.bucket_by as enum ('country', 'region', 'income', 'unit', 'audience', 'answer');
create table data.bucket (
	id bigint generated always as identity primary key,
	pool_id bigint not null references data.pool on delete cascade,
	position integer not null default 0,
	name text not null check (length(name) between 1 and 120),
	by data.bucket_by not null,
	question_id bigint,
	for_values text[] not null check (cardinality(for_values) between 1 and 250),
	nominated boolean not null default false,
	seats integer not null check (seats >= 0),
	held integer not null default 0 check (held >= 0),
	offered integer not null default 0 check (offered >= 0),
	confirmed integer not null default 0 check (confirmed >= 0),
	kept integer not null default 0 check (kept >= 0),
	waitlisted integer not null default 0 check (waitlisted >= 0),
	release timestamptz,
	released timestamptz,
	constraint bucket_name_once unique (pool_id, name),
	constraint bucket_never_overbooked
	    check (released is not null or held + offered + confirmed + kept <= seats),
	check ((by = 'answer') = (question_id is not null))
);
create index bucket_by_pool on data.bucket (pool_id, position, id);
create index bucket_due on data.bucket (release) where released is null and release is not null;
comment on table data.bucket is 'Seats of a pool set aside for some; who fits several has the first by position';
comment on column data.bucket.for_values is 'By country ISO codes; by region and income those of data.country; by unit unit ids; by audience client or staff; by answer the options'' values';
comment on column data.bucket.nominated is 'A unit''s allotment: only whom its coordinator nominates';
comment on column data.bucket.release is 'Unused seats return to the common pool then, once';
comment on column data.bucket.released is 'When they did: since then its counts are the common pool''s';

create table data.party (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	leader_id bigint not null references data.person,
	name text not null default '' check (length(name) <= 120),
	created timestamptz not null default now()
);
create index party_by_event on data.party (event_id);
create index party_by_leader on data.party (leader_id);
comment on table data.party is 'People registered together by a leader';

create table data.access_code (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	code text not null check (length(code) between 6 and 64),
	email text check (length(email) <= 254 and email = lower(email)),
	name text not null default '' check (length(name) <= 200),
	bucket_id bigint references data.bucket on delete set null,
	waives_approval boolean not null default false,
	priority integer not null default 0 check (priority between -1000 and 1000),
	most integer not null default 1 check (most between 1 and 100000),
	used integer not null default 0 check (used >= 0),
	expires timestamptz,
	revoked timestamptz,
	made_by bigint references data.person,
	created timestamptz not null default now(),
	constraint access_code_once unique (event_id, code),
	constraint access_code_not_overused check (used <= most)
);
create unique index access_code_invitee_once on data.access_code (event_id, email)
    where email is not null and revoked is null;
comment on table data.access_code is 'Lets its holder register; bound to an address it is an invitation';
comment on column data.access_code.priority is 'Of who registers with it, lower first';
comment on column data.access_code.used is 'Live registrations made with it; one that ends gives its use back';

create type data.approval_step as enum ('coordinator', 'organizer');
alter table data.registration
	add column bucket_id bigint references data.bucket on delete set null,
	add column kept boolean not null default false,
	add column expires timestamptz,
	add column step data.approval_step,
	add column unit_id bigint references data.unit,
	add column staff boolean not null default false,
	add column party_id bigint references data.party on delete set null,
	add column code_id bigint references data.access_code on delete set null,
	add column nominated_by bigint references data.person,
	add column reminded timestamptz,
	add column version integer not null default 1,
	add constraint registration_kept_when_requested check (not kept or state = 'requested'),
	add constraint registration_step_when_requested check ((step is not null) = (state = 'requested')),
	add constraint registration_expires_when check (expires is null or state in ('held', 'requested', 'offered')),
	add constraint registration_offer_expires check (state not in ('held', 'offered') or expires is not null);
create index registration_expiring on data.registration (expires) where expires is not null;
create index registration_by_party on data.registration (party_id) where party_id is not null;
create index registration_by_code on data.registration (code_id) where code_id is not null;
create index registration_by_unit on data.registration (unit_id, event_id) where unit_id is not null;
create index registration_by_bucket on data.registration (bucket_id) where bucket_id is not null;
create index registration_queue_of_bucket on data.registration (bucket_id, priority, arrival)
    where state = 'waitlisted' and bucket_id is not null;
comment on column data.registration.bucket_id is 'The bucket that its seat is in, or in whose line it waits; null: the common pool';
comment on column data.registration.kept is 'Requested again, the seat kept';
comment on column data.registration.expires is 'Of what is held, offered or requested';
comment on column data.registration.step is 'Who decides next';
comment on column data.registration.unit_id is 'The person''s unit when they registered, or that which nominated them';
comment on column data.registration.staff is 'Staff of the organisation when they registered; otherwise a client';
comment on column data.registration.reminded is 'When whoever has to act was reminded';

create table data.session_pool (
	session_id bigint primary key references data.session on delete cascade,
	seats integer check (seats >= 0),
	most integer check (most >= 0),
	taken integer not null default 0 check (taken >= 0),
	waiting integer not null default 0 check (waiting >= 0),
	arrived bigint not null default 0,
	constraint session_pool_never_overbooked check (most is null or taken <= most)
);
comment on table data.session_pool is 'The seats of one session; changes happen under the event''s lock';
comment on column data.session_pool.seats is 'As the organizer set them; null: as many as its room has';
comment on column data.session_pool.most is 'What counts: its own seats or its room''s; null: no limit; never below what is taken when it moves to a smaller room';

alter table data.pick
	add column waiting boolean not null default false,
	add column arrival bigint not null default 0;
create index pick_queue on data.pick (session_id, arrival) where waiting;
comment on column data.pick.waiting is 'The session is full: in line for a seat, by arrival';
