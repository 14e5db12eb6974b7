-- Functions are made anew at each deploy: empty the rooms' schemas, and take
-- back what policies.sql of the last deploy gave.
do $$
declare
	v_room text;
	v_policy record;
begin
	foreach v_room in array string_to_array(current_setting('convene.rooms'), ' ')
	loop
		execute format('drop schema if exists %I cascade', v_room);
		execute format('create schema %I', v_room);
	end loop;
	for v_policy in
		select p.policyname, p.tablename
		from pg_policies p
		where p.schemaname = 'data'
	loop
		execute format('drop policy %I on data.%I', v_policy.policyname, v_policy.tablename);
	end loop;
end
$$;

revoke all on all tables in schema data from convene_web, convene_worker, convene_read;
