-- Events, rooms, tracks, sessions and speakers.

create table data.event (
	id bigint generated always as identity primary key,
	program_id bigint not null references data.program,
	slug text not null constraint event_slug_once unique check (slug ~ '^[a-z0-9]+([-_][a-z0-9]+)*$' and length(slug) <= 80),
	title text not null check (length(title) between 1 and 200),
	subtitle text not null default '' check (length(subtitle) <= 300),
	summary text not null default '' check (length(summary) <= 10000),
	language text not null default 'en',
	mode data.mode not null default 'face_to_face',
	zone text not null,
	starts timestamptz not null,
	ends timestamptz not null,
	venue text not null default '' check (length(venue) <= 300),
	city text not null default '' check (length(city) <= 120),
	country text check (country ~ '^[A-Z]{2}$'),
	online_url text not null default '' check (length(online_url) <= 2000),
	state data.publicity not null default 'draft',
	access data.access not null default 'public',
	whole boolean not null default true,
	cutoff timestamptz,
	source jsonb,
	revision bigint not null default 1,
	created timestamptz not null default now(),
	constraint event_ends_after_start check (ends > starts)
);
create index event_by_program on data.event (program_id, starts);
create index event_by_start on data.event (starts, id);
alter table data.device add foreign key (event_id) references data.event on delete cascade;
alter table data.enrolment add foreign key (event_id) references data.event on delete cascade;
comment on table data.event is 'What people register for: days, a place or a link, sessions';
comment on column data.event.access is 'Who sees it once published: all, the organisation''s staff, or its participants alone';
comment on column data.event.language is 'Of title and summary';
comment on column data.event.zone is 'IANA name; offsets are always PostgreSQL''s';
comment on column data.event.whole is 'Who registers attends all of it: a move of any session is told to all';
comment on column data.event.cutoff is 'No registration after it; null: until the end';
comment on column data.event.source is 'What an imported schedule said of itself, for the export';
comment on column data.event.revision is 'Rises with every change that a page of the event shows; keys its cached page';

create table data.room (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	name text not null check (length(name) between 1 and 120),
	slug text not null default '',
	seats integer check (seats > 0),
	position integer not null default 0,
	source jsonb,
	constraint room_name_once unique (event_id, name),
	constraint room_of_event unique (event_id, id)
);

comment on table data.room is 'A room of an event, real or online';
comment on column data.room.position is 'Order in the schedule, then by name';

create table data.track (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	name text not null check (length(name) between 1 and 200),
	slug text not null default '',
	position integer not null default 0,
	source jsonb,
	constraint track_name_once unique (event_id, name),
	constraint track_of_event unique (event_id, id)
);

comment on table data.track is 'A strand of an event''s sessions';

create table data.session (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	room_id bigint,
	track_id bigint,
	guid uuid not null default gen_random_uuid(),
	source_id text not null default '',
	slug text not null default '' check (length(slug) <= 500),
	title text not null check (length(title) between 1 and 500),
	subtitle text not null default '',
	abstract text not null default '',
	description text not null default '',
	language text not null default '',
	kind text not null default '',
	mode data.mode,
	starts timestamptz not null,
	ends timestamptz not null,
	day date not null,
	url text not null default '',
	online_url text not null default '',
	recording jsonb,
	state data.publicity not null default 'published',
	version bigint not null default 1,
	source jsonb,
	constraint session_guid_once unique (event_id, guid),
	constraint session_room_of_event foreign key (event_id, room_id)
	    references data.room (event_id, id),
	constraint session_track_of_event foreign key (event_id, track_id)
	    references data.track (event_id, id),
	constraint session_ends_after_start check (ends > starts),
	constraint session_room_free exclude using gist
	    (room_id with =, tstzrange(starts, ends) with &&)
	    where (room_id is not null and state <> 'cancelled')
	    deferrable initially immediate
);
create index session_by_event on data.session (event_id, starts);
create index session_by_track on data.session (track_id) where track_id is not null;
comment on table data.session is 'One talk, course or meeting of an event';
comment on column data.session.guid is 'Of an imported schedule: the same there at each import';
comment on column data.session.source_id is 'Its number in the imported schedule';
comment on column data.session.language is 'Empty: the event''s';
comment on column data.session.day is 'The day of the schedule it belongs to: one past midnight belongs to the evening before';
comment on column data.session.version is 'For the optimistic lock of the editor''s forms';
comment on column data.session.mode is 'Null: as the event';
comment on column data.session.source is 'What an imported schedule says beyond the columns; null: made by hand, and no import removes it';
comment on constraint session_room_free on data.session is 'Deferrable, so that one statement may swap two sessions'' rooms';

create table data.speaker (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	person_id bigint references data.person,
	source_id text not null default '',
	name text not null check (length(name) between 1 and 200),
	biography text not null default '' check (length(biography) <= 10000),
	url text not null default '',
	source jsonb
);
comment on table data.speaker is 'Who speaks at an event''s sessions, as the schedule names them';
comment on column data.speaker.person_id is 'Who that is, when known';
create index speaker_by_person on data.speaker (person_id) where person_id is not null;
create index speaker_by_event on data.speaker (event_id, name);
create unique index speaker_source_once on data.speaker (event_id, source_id) where source_id <> '';

create table data.session_speaker (
	session_id bigint not null references data.session on delete cascade,
	speaker_id bigint not null references data.speaker on delete cascade,
	position integer not null default 0,
	primary key (session_id, speaker_id)
);
comment on table data.session_speaker is 'Who speaks when, in the order to be named';
create index session_speaker_by_speaker on data.session_speaker (speaker_id);

create table data.session_link (
	session_id bigint not null references data.session on delete cascade,
	kind text not null check (kind in ('link', 'attachment')),
	position integer not null,
	url text not null check (length(url) <= 2000),
	title text not null default '' check (length(title) <= 500),
	source jsonb,
	primary key (session_id, kind, position)
);

comment on table data.session_link is 'Links and attachments that a schedule gives for a session';

create table data.search (
	kind text not null check (kind in ('program', 'event', 'session', 'record')),
	id bigint not null,
	event_id bigint references data.event on delete cascade,
	language text not null,
	words tsvector not null,
	title text not null,
	at timestamptz,
	primary key (kind, id)
);
create index search_by_event on data.search (event_id);
create index search_words on data.search using gin (words);
create index search_title on data.search using gin (title gin_trgm_ops);
comment on table data.search is 'What the search page finds; kept by the verbs that change its subjects';
comment on column data.search.words is 'Unstemmed and unaccented, and stemmed in its language; see program.words';
comment on column data.search.event_id is 'Whose visibility is the row''s; null: a program''s';
