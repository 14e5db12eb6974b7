-- The outbox: the worker's.  Organizers see what became of their event's mails,
-- never what is in them.
alter table data.notice enable row level security;
alter table data.notice force row level security;
drop policy if exists owner_all on data.notice;
create policy owner_all on data.notice to convene_owner
    using (true) with check (true);
drop policy if exists worker_reads on data.notice;
create policy worker_reads on data.notice for select to convene_worker
    using (true);
drop policy if exists of_my_events on data.notice;
create policy of_my_events on data.notice for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('organizer'))::bigint[]));

grant select (id, kind, person_id, email, language, event_id, registration_id,
    state, created, next_try, attempts, sent, problem)
    on data.notice to convene_web, convene_read;
grant select on data.notice to convene_worker;
revoke execute on function notice.claim, notice.sent, notice.retry,
    notice.failed, notice.give_back from convene_web;
