-- name: db_hurry
-- The commit of this transaction does not wait for the disk: see db_hurry() in
-- app/db/db.h.
select set_config('synchronous_commit', 'off', true);

-- name: db_flush
-- Something to commit, so that the commit waits: the log up to here is durable
-- then.
select pg_logical_emit_message(true, 'convene', '');
