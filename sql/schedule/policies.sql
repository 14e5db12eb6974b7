-- Who sees an event sees what is in it; a draft, only who has a role there.
-- Written (select true from …) and not exists (…): the planner would answer
-- that for every event there is, to ask a table of the answers.

do $$
declare
	v_table text;
begin
	foreach v_table in array '{event,room,track,session,speaker,
	    session_speaker,session_link,search}'::text[]
	loop
		execute format('alter table data.%I enable row level security', v_table);
		execute format('alter table data.%I force row level security', v_table);
		execute format('drop policy if exists house on data.%I', v_table);
		execute format('create policy house on data.%I to convene_owner
		    using (true) with check (true)', v_table);
		execute format('drop policy if exists worker on data.%I', v_table);
		execute format('create policy worker on data.%I for select
		    to convene_worker using (true)', v_table);
		execute format('grant select on data.%I
		    to convene_web, convene_worker, convene_read', v_table);
	end loop;
	foreach v_table in array '{room,track,speaker}'::text[]
	loop
		execute format('drop policy if exists seen on data.%I', v_table);
		execute format('create policy seen on data.%I for select
		    to convene_web, convene_read using ((
		    select true from data.event e where e.id = event_id))', v_table);
	end loop;
	foreach v_table in array '{session_speaker,session_link}'::text[]
	loop
		execute format('drop policy if exists seen on data.%I', v_table);
		execute format('create policy seen on data.%I for select
		    to convene_web, convene_read using ((
		    select true from data.session s where s.id = session_id))', v_table);
	end loop;
end
$$;

drop policy if exists seen on data.event;
create policy seen on data.event for select to convene_web, convene_read
using (
	state <> 'draft' and access = 'public'
	or state <> 'draft' and access = 'internal'
	and (select account.is_insider())
	or id = any ((select account.my_events('scanner'))::bigint[])
	or state <> 'draft'
	and id = any ((select account.attending())::bigint[])
);

drop policy if exists seen on data.session;
create policy seen on data.session for select to convene_web, convene_read
using (
	(select true from data.event e where e.id = event_id)
	and (state <> 'draft'
	or event_id = any ((select account.my_events('staff'))::bigint[]))
);

drop policy if exists seen on data.search;
create policy seen on data.search for select to convene_web, convene_read
using (
	event_id is null
	and (select true from data.program p where p.id = search.id)
	or (select true from data.event e where e.id = event_id)
);
