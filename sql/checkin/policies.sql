-- Scans are seen at their event's door; attendance also by the person.
do $$
declare
	v_table text;
begin
	foreach v_table in array array['signing_key', 'scan', 'attendance',
	    'door'] loop
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

drop policy if exists public_half on data.signing_key;
create policy public_half on data.signing_key
    for select to convene_web, convene_read using (true);

drop policy if exists at_the_door on data.scan;
create policy at_the_door on data.scan
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('scanner'))::bigint[]));

drop policy if exists at_the_door on data.door;
create policy at_the_door on data.door
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('scanner'))::bigint[]));

drop policy if exists own_or_door on data.attendance;
create policy own_or_door on data.attendance
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('scanner'))::bigint[])
        or exists (
        select from data.registration r
        where r.id = registration_id
        and r.person_id = (select account.actor())));

grant select on data.signing_key, data.scan, data.attendance, data.door
    to convene_web, convene_worker, convene_read;
