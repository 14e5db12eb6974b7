-- The ground the rooms stand on: roles, schemas, and the types they share.
-- Tables live in `data`; functions and policies live in the rooms' schemas and
-- are made anew at each deploy, so no table may depend on a room's function.

create schema if not exists data; -- migrate made it, for the ledger
comment on schema data is 'Every table; owned by convene_owner, reached through verbs and row-level security';

create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

create type data.mode as enum ('face_to_face', 'online', 'hybrid');
create type data.publicity as enum ('draft', 'published', 'cancelled');
create type data.access as enum ('public', 'internal', 'participants');

create table data.setting (
	name text primary key,
	value text not null
);
comment on table data.setting is 'What the database must know of the configuration; written at each deploy, see account.setting_save';
comment on column data.setting.name is 'mail_domain: of calendar UIDs; throttle.<bucket>: "burst per_minute" in place of the built-in rate';

create text search configuration data.plain (copy = pg_catalog.simple);
alter text search configuration data.plain
    alter mapping for hword, hword_part, word
    with public.unaccent, pg_catalog.simple;
comment on text search configuration data.plain is 'Words as they are, accents dropped: finds names and every language';
