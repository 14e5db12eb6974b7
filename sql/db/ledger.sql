-- Where it is written which migrations were applied, and with what content.
create schema if not exists data;
create table if not exists data.migration (
	name text primary key,
	sha256 text not null check (length(sha256) = 64),
	at timestamptz not null default now()
);
comment on table data.migration is 'One row for each migration applied; its file may not change any more';
