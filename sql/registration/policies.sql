-- Who sees which registrations: the person, and who is at the event's door or
-- above.  A pool is as public as its event.
do $$
declare
	v_table text;
begin
	foreach v_table in array array['pool', 'registration',
	    'registration_change', 'pick']
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
        or event_id = any ((select account.my_events('scanner'))::bigint[]));

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

-- The key makes the manage token and the hash stands for it: neither is read
-- by the web.
grant select on data.pool, data.registration_change, data.pick
    to convene_web, convene_worker, convene_read;
grant select (id, event_id, pool_id, person_id, state, priority, arrival, queued,
    via, country, organisation, serial, created)
    on data.registration to convene_web, convene_read;
grant select on data.registration to convene_worker;
