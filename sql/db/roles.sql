-- The roles of the cluster, made if absent.  They come without passwords: how
-- one signs in is pg_hba.conf's business.
do $$
declare
	v_role text;
begin
	foreach v_role in array
	    array['convene_owner', 'convene_web', 'convene_worker', 'convene_read']
	loop
		if not exists (select from pg_roles r where r.rolname = v_role) then
			execute format('create role %I %s', v_role,
			    case v_role when 'convene_owner' then 'nologin' else 'login' end);
		end if;
	end loop;
exception
	when duplicate_object or unique_violation then
		null; -- another database of this cluster was faster
end
$$;

do $$
begin
	if not pg_has_role(current_user, 'convene_owner', 'member') then
		execute format('grant convene_owner to %I', current_user);
	end if;
	if not has_database_privilege('convene_owner', current_database(), 'create') then
		execute format('grant create on database %I to convene_owner', current_database());
	end if;
	if not has_schema_privilege('convene_owner', 'public', 'create') then
		grant usage, create on schema public to convene_owner;
	end if;
	if has_schema_privilege('public', 'public', 'usage') then
		revoke all on schema public from public;
	end if;
	if not has_schema_privilege('convene_web', 'public', 'usage') then
		grant usage on schema public to convene_web, convene_worker, convene_read;
	end if;
end
$$;

set role convene_owner;
set lock_timeout = '3s';
set client_min_messages = 'warning';
