-- Materials and the records that cite them.

create table data.material (
	id bigint generated always as identity primary key,
	session_id bigint not null references data.session on delete cascade,
	event_id bigint not null references data.event on delete cascade,
	uploaded_by bigint references data.person,
	name text not null check (length(name) between 1 and 255),
	size bigint not null check (size >= 0),
	received bigint not null default 0 check (received >= 0 and received <= size),
	type text not null default 'application/octet-stream',
	sha256 bytea check (length(sha256) = 32),
	kind text not null default 'slides' check (kind in ('slides', 'recording', 'handout', 'minutes', 'transcript', 'other')),
	created timestamptz not null default now(),
	complete timestamptz,
	withdrawn timestamptz
);
create index material_by_session on data.material (session_id);
create index material_by_event on data.material (event_id);
comment on column data.material.received is 'Bytes that are safely on disk: an upload goes on from here';

create table data.record (
	id bigint generated always as identity primary key,
	ark text not null constraint record_ark_once unique check (ark ~ '^[0-9]{5}/[0-9bcdfghjkmnpqrstvwxz]+$'),
	session_id bigint not null constraint record_session_once unique references data.session,
	event_id bigint not null references data.event,
	title text not null check (length(title) between 1 and 500),
	abstract text not null default '' check (length(abstract) <= 10000),
	language text not null,
	licence text not null,
	access data.access not null,
	held date not null,
	published timestamptz not null default now(),
	datestamp timestamptz not null default now(),
	withdrawn timestamptz,
	reason text not null default '' check (length(reason) <= 2000)
);
create index record_by_held on data.record (held desc, id desc);
create index record_by_event on data.record (event_id);
comment on column data.record.datestamp is 'Of the last change of anything a harvester sees, visibility included';

create table data.record_person (
	record_id bigint not null references data.record on delete cascade,
	position integer not null,
	name text not null,
	primary key (record_id, position)
);

create table data.record_file (
	record_id bigint not null references data.record on delete cascade,
	material_id bigint not null references data.material,
	position integer not null,
	primary key (record_id, material_id)
);
create index record_file_by_material on data.record_file (material_id);
