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
    state, created, next_try, attempts, sent, problem, mailing_id, bounced)
    on data.notice to convene_web, convene_read;
grant select on data.notice to convene_worker;

-- Mailings are their event's organizers'.
alter table data.mailing enable row level security;
alter table data.mailing force row level security;
drop policy if exists owner_all on data.mailing;
create policy owner_all on data.mailing to convene_owner
    using (true) with check (true);
drop policy if exists worker_reads on data.mailing;
create policy worker_reads on data.mailing for select to convene_worker
    using (true);
drop policy if exists of_my_events on data.mailing;
create policy of_my_events on data.mailing for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('organizer'))::bigint[]));
grant select on data.mailing to convene_web, convene_read, convene_worker;

-- What people want is known to verbs alone.
alter table data.preference enable row level security;
alter table data.preference force row level security;
drop policy if exists owner_all on data.preference;
create policy owner_all on data.preference to convene_owner
    using (true) with check (true);

-- Whether an address takes mail, beside what sql/account grants.
grant select (bounced, bounces) on data.person to convene_web, convene_read;

revoke execute on function notice.claim, notice.due_of_mailings, notice.sent,
    notice.retry, notice.failed, notice.give_back, notice.due, notice.tidy,
    notice.bounce, notice.flag, notice.wish, notice.enqueue from convene_web;
