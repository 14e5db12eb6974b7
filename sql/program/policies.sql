-- A draft is seen by those who organize it, or an event of it.

do $$
declare
	v_table text;
begin
	foreach v_table in array
	    '{program,theme,program_theme,program_country}'::text[]
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
end
$$;

drop policy if exists seen on data.program;
create policy seen on data.program for select to convene_web, convene_read
using (
	state <> 'draft'
	or id = any ((select account.my_programs('scanner'))::bigint[])
	or id in (
	    select e.program_id from data.event e
	    where e.id = any ((select account.my_events('scanner'))::bigint[]))
);

drop policy if exists seen on data.theme;
create policy seen on data.theme for select to convene_web, convene_read
    using (true);

drop policy if exists seen on data.program_theme;
create policy seen on data.program_theme for select
    to convene_web, convene_read
    using ((select true from data.program p where p.id = program_id));

drop policy if exists seen on data.program_country;
create policy seen on data.program_country for select
    to convene_web, convene_read
    using ((select true from data.program p where p.id = program_id));
