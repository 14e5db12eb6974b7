-- The ground the rooms stand on: roles, schemas, and the types they share.
-- Tables live in `data`; functions and policies live in the rooms' schemas and
-- are made anew at each deploy, so no table may depend on a room's function.

create schema data;
comment on schema data is 'Every table; owned by convene_owner, reached through verbs and row-level security';

create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

revoke all on schema public from public;

create type data.mode as enum ('face_to_face', 'online', 'hybrid');
create type data.publicity as enum ('draft', 'published', 'cancelled');
create type data.access as enum ('public', 'internal', 'participants');
