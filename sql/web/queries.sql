-- name: web_ready
-- A database that can be written to, at the schema this program was built for.
select 1 as ready
where not pg_is_in_recovery();
