-- What organizers keep beside the list of an event's registrations: notes on
-- people, and lists that they look at again.

create table data.registration_note (
	id bigint generated always as identity primary key,
	registration_id bigint not null references data.registration on delete cascade,
	author_id bigint references data.person,
	body text not null check (length(body) between 1 and 2000),
	created timestamptz not null default clock_timestamp()
);
create index registration_note_by_registration on data.registration_note (registration_id, id);
comment on table data.registration_note is 'For the event''s organizers alone, never for the person';
comment on column data.registration_note.author_id is 'Null: the command line';

create table data.saved_view (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	person_id bigint not null references data.person on delete cascade,
	name text not null check (length(name) between 1 and 120),
	filter jsonb not null default '{}',
	sort text not null default 'arrival',
	shared boolean not null default false,
	created timestamptz not null default now(),
	constraint saved_view_name_once unique (event_id, person_id, name)
);
comment on table data.saved_view is 'A filter and an order of an event''s registrations, under a name';
comment on column data.saved_view.filter is 'As registration.filtered() takes it';
comment on column data.saved_view.shared is 'All organizers of the event see it; only whose it is changes it';
