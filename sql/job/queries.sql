-- name: job_claim
select j.id, j.kind, j.key, j.details, j.attempts
from job.claim(:kinds::text[], :limit::integer) j;

-- name: job_hold
select job.hold(:job::bigint) as held;

-- name: job_done
select job.done(:job::bigint);

-- name: job_retry
select job.retry(:job::bigint, :problem::text) as again;

-- name: job_put
select job.put(:kind::text, :key::text, :details::jsonb) as job;
