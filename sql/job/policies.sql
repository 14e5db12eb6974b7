-- Jobs are the worker's alone, and through verbs.
alter table data.job enable row level security;
alter table data.job force row level security;
drop policy if exists owner_all on data.job;
create policy owner_all on data.job to convene_owner
    using (true) with check (true);
drop policy if exists worker_reads on data.job;
create policy worker_reads on data.job for select to convene_worker
    using (true);

grant select on data.job to convene_worker;
revoke execute on function job.claim, job.hold, job.done, job.retry
    from convene_web;
