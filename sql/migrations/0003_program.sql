-- Programs, themes and the countries they reach.

create type data.reach as enum ('global', 'regional');

create table data.program (
	id bigint generated always as identity primary key,
	slug text not null constraint program_slug_once unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
	reach data.reach not null,
	region text not null default '' check (length(region) <= 80),
	title text not null check (length(title) between 1 and 200),
	summary text not null default '' check (length(summary) <= 4000),
	language text not null default 'en',
	state data.publicity not null default 'draft',
	created timestamptz not null default now(),
	check (reach = 'global' or region <> '')
);
comment on table data.program is 'A learning program, global or of a region; events belong to one';
comment on column data.program.language is 'Of title and summary';
comment on column data.program.region is 'A regional program''s region, in its own language';

create table data.theme (
	id bigint generated always as identity primary key,
	slug text not null constraint theme_slug_once unique,
	name jsonb not null
);
comment on table data.theme is 'What programs are about';
comment on column data.theme.name is 'Language to name; English is always there';

create table data.program_theme (
	program_id bigint not null references data.program on delete cascade,
	theme_id bigint not null references data.theme,
	primary key (program_id, theme_id)
);
create index program_theme_by_theme on data.program_theme (theme_id);

create table data.program_country (
	program_id bigint not null references data.program on delete cascade,
	country text not null check (country ~ '^[A-Z]{2}$'),
	primary key (program_id, country)
);
create index program_country_by_country on data.program_country (country);
comment on table data.program_country is 'The countries that a program is for; none: everywhere';
