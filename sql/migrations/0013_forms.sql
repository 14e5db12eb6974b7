-- What an event asks of those who register, and what they answered.

create type data.question_kind as enum ('short', 'long', 'number', 'date',
    'choice', 'choices', 'country', 'language', 'file', 'consent', 'dietary',
    'access');
create type data.question_audience as enum ('all', 'staff', 'client',
    'nominated');

create table data.question (
	id bigint generated always as identity primary key,
	event_id bigint not null references data.event on delete cascade,
	key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
	position integer not null,
	kind data.question_kind not null,
	required boolean not null default false,
	label jsonb not null,
	help jsonb not null default '{}',
	options jsonb not null default '[]',
	accepts text[] not null default '{}',
	least bigint,
	most bigint,
	audience data.question_audience not null default 'all',
	depends bigint references data.question,
	depends_values text[] not null default '{}',
	applies jsonpath,
	sensitive boolean not null default false,
	retain_days integer check (retain_days between 1 and 36500),
	wording integer not null default 1,
	retired timestamptz,
	created timestamptz not null default now(),
	constraint question_key_once unique (event_id, key),
	check ((depends is null) = (depends_values = '{}'))
);
create index question_by_event on data.question (event_id, position);
create index question_by_depends on data.question (depends) where depends is not null;
comment on table data.question is 'A question of an event''s form.  Once answered it is never deleted but retired';
comment on column data.question.key is 'Its name in form definitions, for good';
comment on column data.question.label is 'By language, as help is; the event''s language is there, others may be';
comment on column data.question.options is 'In order: value, label by language, retired when it is offered no more; a label that lacks is the catalogue''s';
comment on column data.question.accepts is 'The values of the options that are offered';
comment on column data.question.least is 'Of a text its characters, of a number its value, of several choices how many';
comment on column data.question.depends is 'Asked only of whose answer to that question is one of depends_values';
comment on column data.question.applies is 'The condition, and those of all questions that it depends on, as one predicate over the answers and the audience; null: it is asked of everybody';
comment on column data.question.sensitive is 'Only the event''s organizers read the answers, and each look is noted';
comment on column data.question.retain_days is 'So long after the event''s end the answers are kept; null: as the event says';
comment on column data.question.wording is 'Number of the present one in data.question_wording';

create table data.question_wording (
	question_id bigint not null references data.question on delete cascade,
	number integer not null,
	label jsonb not null,
	help jsonb not null,
	options jsonb not null,
	said timestamptz not null default now(),
	primary key (question_id, number)
);
comment on table data.question_wording is 'As the question was asked: an answer is read with the words that it answered';

create table data.answer (
	registration_id bigint not null references data.registration on delete cascade,
	question_id bigint not null references data.question on delete cascade,
	event_id bigint not null references data.event on delete cascade,
	value jsonb not null,
	wording integer not null,
	language text not null,
	at timestamptz not null default clock_timestamp(),
	primary key (registration_id, question_id),
	foreign key (question_id, wording) references data.question_wording
);
create index answer_by_question on data.answer (question_id);
comment on column data.answer.event_id is 'Of its registration, so that whose organizers may read it is asked once and not for each';
comment on column data.answer.value is 'A text, a number, true, the values chosen, {chosen, words} of needs, or {file} of a file';
comment on column data.answer.language is 'That the question was read in';

create table data.answer_file (
	id bigint generated always as identity primary key,
	registration_id bigint not null references data.registration on delete cascade,
	question_id bigint not null references data.question on delete cascade,
	name text not null check (length(name) between 1 and 255),
	size bigint not null check (size between 1 and 5242880),
	type text not null default 'application/octet-stream',
	sha256 bytea check (length(sha256) = 32),
	created timestamptz not null default now()
);
create index answer_file_by_registration on data.answer_file (registration_id, question_id);
comment on table data.answer_file is 'A file that answers a question; the last that is complete counts';
comment on column data.answer_file.sha256 is 'Its name in the store; null: not there yet';

alter table data.bucket
	add foreign key (question_id) references data.question;
