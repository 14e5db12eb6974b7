-- The one table of access: a record is seen by all unless it is internal; its
-- files by those whom its access names.  Organizers see all of their events'.
do $$
declare
	v_table text;
begin
	foreach v_table in array array['material', 'record', 'record_person',
	    'record_file']
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

drop policy if exists unless_internal on data.record;
create policy unless_internal on data.record
    for select to convene_web, convene_read
    using (access <> 'internal' or (select account.is_insider())
        or event_id = any ((select account.my_events('organizer'))::bigint[]));

drop policy if exists as_its_record on data.record_person;
create policy as_its_record on data.record_person
    for select to convene_web, convene_read
    using (exists (select from data.record r where r.id = record_id));

drop policy if exists as_its_record on data.record_file;
create policy as_its_record on data.record_file
    for select to convene_web, convene_read
    using (exists (select from data.record r where r.id = record_id));

drop policy if exists by_access on data.material;
create policy by_access on data.material
    for select to convene_web, convene_read
    using (event_id = any ((select account.my_events('organizer'))::bigint[])
        or complete is not null and withdrawn is null and exists (
        select from data.record_file f
        join data.record r on r.id = f.record_id
        where f.material_id = material.id and r.withdrawn is null
        and (r.access = 'public' or (select account.is_insider())
            or r.access = 'participants'
            and r.event_id = any ((select archive.my_events())::bigint[]))));

-- The search table is as public as the events; a record in it, as the record.
drop policy if exists record_as_itself on data.search;
create policy record_as_itself on data.search as restrictive
    for select to convene_web, convene_read
    using (kind <> 'record' or exists (
        select from data.record r where r.id = search.id));

grant select on data.material, data.record, data.record_person,
    data.record_file to convene_web, convene_worker, convene_read;
