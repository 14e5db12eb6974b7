-- A calendar object is as public as its event; an invite is the person's, and
-- the organizers'.
do $$
declare
	v_table text;
begin
	foreach v_table in array array['calendar', 'invite'] loop
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

drop policy if exists as_its_event on data.calendar;
create policy as_its_event on data.calendar
    for select to convene_web, convene_read
    using (exists (select from data.event e where e.id = event_id)
        and (session_id is null or exists (
            select from data.session s where s.id = session_id)));

drop policy if exists own_or_organizer on data.invite;
create policy own_or_organizer on data.invite
    for select to convene_web, convene_read
    using (person_id = (select account.actor()) or exists (
        select from data.registration r
        where r.id = registration_id and r.event_id
            = any ((select account.my_events('organizer'))::bigint[])));

grant select on data.calendar, data.invite
    to convene_web, convene_worker, convene_read;
