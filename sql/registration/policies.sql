-- Who sees which registrations: the person, who is at the event's door or
-- above, and the coordinator of the person's unit.  A pool is as public as its
-- event; what is set aside in it, and for whom, is its organizers' affair.
do $$
declare
	v_table text;
begin
	foreach v_table in array array['pool', 'registration',
	    'registration_change', 'pick', 'bucket', 'party', 'access_code',
	    'session_pool', 'country', 'registration_note', 'saved_view',
	    'spent_key']
	loop
		execute format('alter table data.%I enable row level security',
		    v_table);
		execute format('alter table data.%I force row level security',
		    v_table);
		execute format('drop policy if exists owner_all on data.%I', v_table);
		execute format('create policy owner_all on data.%I
		    to convene_owner using (true) with check (true)', v_table);
		execute format('drop policy if exists worker_reads on data.%I',
		    v_table);
		execute format('create policy worker_reads on data.%I
		    for select to convene_worker using (true)', v_table);
	end loop;
end
$$;

drop policy if exists as_its_event on data.pool;
create policy as_its_event on data.pool
    for select to convene_web, convene_read
    using (exists (select from data.event e where e.id = event_id));

drop policy if exists own_or_door on data.registration;
create policy own_or_door on data.registration
    for select to convene_web, convene_read
    using (person_id = (select account.actor())
        or event_id = any ((select account.my_events('scanner'))::bigint[])
        or unit_id = any ((select account.my_units())::bigint[]));

drop policy if exists own_or_organizer on data.registration_change;
create policy own_or_organizer on data.registration_change
    for select to convene_web, convene_read
    using (exists (
        select from data.registration r
        where r.id = registration_id
        and (r.person_id = (select account.actor()) or r.event_id
            = any ((select account.my_events('organizer'))::bigint[]))));

drop policy if exists own_or_organizer on data.pick;
create policy own_or_organizer on data.pick
    for select to convene_web, convene_read
    using (exists (
        select from data.registration r
        where r.id = registration_id
        and (r.person_id = (select account.actor()) or r.event_id
            = any ((select account.my_events('organizer'))::bigint[]))));

-- A coordinator sees the allotments of their units.
drop policy if exists organizer_or_coordinator on data.bucket;
create policy organizer_or_coordinator on data.bucket
    for select to convene_web, convene_read
    using (nominated and for_values && (select account.my_units())::text[]
        or exists (
        select from data.pool p
        where p.id = pool_id and p.event_id
            = any ((select account.my_events('organizer'))::bigint[])));

drop policy if exists leader_or_organizer on data.party;
create policy leader_or_organizer on data.party
    for select to convene_web, convene_read
    using (leader_id = (select account.actor())
        or event_id = any ((select account.my_events('organizer'))::bigint[]));

drop policy if exists organizer on data.access_code;
create policy organizer on data.access_code
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('organizer'))::bigint[]));

drop policy if exists as_its_session on data.session_pool;
create policy as_its_session on data.session_pool
    for select to convene_web, convene_read
    using (exists (select from data.session s where s.id = session_id));

drop policy if exists everyone on data.country;
create policy everyone on data.country
    for select to convene_web, convene_read using (true);

-- The key makes the manage token and the hash stands for it: neither is read
-- by the web.
grant select on data.pool, data.registration_change, data.pick, data.bucket,
    data.party, data.access_code, data.session_pool, data.country
    to convene_web, convene_worker, convene_read;
grant select (id, event_id, pool_id, person_id, state, priority, arrival, queued,
    via, country, organisation, serial, created, bucket_id, kept, expires, step,
    unit_id, staff, party_id, code_id, nominated_by, reminded, version)
    on data.registration to convene_web, convene_read;
grant select on data.registration to convene_worker;

-- --- forms and answers ---
do $$
declare
	v_table text;
begin
	foreach v_table in array array['question', 'question_wording', 'answer',
	    'answer_file']
	loop
		execute format('alter table data.%I enable row level security',
		    v_table);
		execute format('alter table data.%I force row level security',
		    v_table);
		execute format('drop policy if exists owner_all on data.%I', v_table);
		execute format('create policy owner_all on data.%I
		    to convene_owner using (true) with check (true)', v_table);
	end loop;
end
$$;

drop policy if exists as_its_event on data.question;
create policy as_its_event on data.question
    for select to convene_web, convene_read
    using (exists (select from data.event e where e.id = event_id));

drop policy if exists as_its_question on data.question_wording;
create policy as_its_question on data.question_wording
    for select to convene_web, convene_read
    using (exists (select from data.question q where q.id = question_id));

-- What is sensitive is read by registration.answers_of alone, which notes it;
-- and files by registration.file_own.
drop policy if exists organizer_not_sensitive on data.answer;
create policy organizer_not_sensitive on data.answer
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('organizer'))::bigint[])
        and not exists (
        select from data.question q
        where q.id = question_id and q.sensitive));

grant select on data.question, data.question_wording, data.answer
    to convene_web, convene_read;

-- What organizers note of people is theirs alone; a view is whose it is, and of
-- the other organizers when it is shared.
drop policy if exists organizer on data.registration_note;
create policy organizer on data.registration_note
    for select to convene_web, convene_read
    using (exists (
        select from data.registration r
        where r.id = registration_id and r.event_id
            = any ((select account.my_events('organizer'))::bigint[])));

drop policy if exists own_or_shared on data.saved_view;
create policy own_or_shared on data.saved_view
    for select to convene_web, convene_read
    using ((person_id = (select account.actor()) or shared) and event_id
        = any ((select account.my_events('organizer'))::bigint[]));
grant select on data.registration_note, data.saved_view
    to convene_web, convene_worker, convene_read;
