-- Verbs are for the web and the worker, never for everyone.  policies.sql comes
-- after this, and may take back a verb that only one of them needs.
do $$
declare
	v_room text;
	v_reader regprocedure;
begin
	foreach v_room in array string_to_array(current_setting('convene.rooms'), ' ')
	loop
		execute format('revoke all on all functions in schema %I from public', v_room);
		execute format('grant usage on schema %I to convene_web, convene_worker, convene_read', v_room);
		execute format('grant execute on all functions in schema %I to convene_web, convene_worker', v_room);
		for v_reader in
			select p.oid::regprocedure
			from pg_proc p
			where p.pronamespace = v_room::regnamespace and p.provolatile <> 'v'
		loop
			execute format('grant execute on function %s to convene_read', v_reader);
		end loop;
	end loop;
end
$$;

grant usage on schema data to convene_web, convene_worker, convene_read;
