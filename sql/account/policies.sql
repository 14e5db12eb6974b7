-- Who sees which row.  The second net under the queries, which decide by
-- themselves.  FORCE binds the owner too, and the verbs run as the owner and
-- must count everyone's rows: so the owner has a policy of its own everywhere.
-- A policy asks who is there once a query, by (select …), never once a row.

do $$
declare
	v_table text;
begin
	foreach v_table in array '{unit,person,role,device,enrolment,login,signin,
	    throttle,audit,setting,consent,look}'::text[]
	loop
		execute format('alter table data.%I enable row level security', v_table);
		execute format('alter table data.%I force row level security', v_table);
		execute format('drop policy if exists house on data.%I', v_table);
		execute format('create policy house on data.%I to convene_owner
		    using (true) with check (true)', v_table);
	end loop;
	foreach v_table in array '{unit,person,role,device,setting}'::text[]
	loop
		execute format('drop policy if exists worker on data.%I', v_table);
		execute format('create policy worker on data.%I for select
		    to convene_worker using (true)', v_table);
		execute format('grant select on data.%I to convene_worker', v_table);
	end loop;
end
$$;

-- Credentials, tokens, throttles and the audit: nobody reads them but verbs.

grant select on data.unit to convene_web, convene_read;
drop policy if exists seen on data.unit;
create policy seen on data.unit for select to convene_web, convene_read
    using (true);

-- All but the feed's secret.
grant select (id, email, name, language, country, zone, organisation, staff,
    unit_id, created, disabled) on data.person to convene_web, convene_read;
drop policy if exists seen on data.person;
create policy seen on data.person for select to convene_web, convene_read
using (
	id = (select account.actor())
	or (select account.is_admin())
	or exists (
	    select from data.registration r
	    where r.person_id = person.id
	    and (r.event_id = any ((select account.my_events('scanner'))::bigint[])
	    or r.unit_id = any ((select account.my_units())::bigint[])))
	or exists (
	    select from data.role r
	    where r.person_id = person.id and (r.scope = 'event'
	    and r.scope_id = any ((select account.my_events('organizer'))::bigint[])
	    or r.scope = 'program'
	    and r.scope_id = any ((select account.my_programs('organizer'))::bigint[])))
);

grant select on data.role to convene_web, convene_read;
drop policy if exists seen on data.role;
create policy seen on data.role for select to convene_web, convene_read
using (
	person_id = (select account.actor())
	or (select account.is_admin())
	or scope = 'event'
	and scope_id = any ((select account.my_events('organizer'))::bigint[])
	or scope = 'program'
	and scope_id = any ((select account.my_programs('organizer'))::bigint[])
);

grant select on data.device to convene_web, convene_read;
drop policy if exists seen on data.device;
create policy seen on data.device for select to convene_web, convene_read
using (
	event_id = any ((select account.my_events('staff'))::bigint[])
	or id = (select account.device())
);

-- One's own; administrators see all.
grant select on data.consent, data.look to convene_web, convene_read;
drop policy if exists seen on data.consent;
create policy seen on data.consent for select to convene_web, convene_read
    using (person_id = (select account.actor()) or (select account.is_admin()));
drop policy if exists seen on data.look;
create policy seen on data.look for select to convene_web, convene_read
    using (person_id = (select account.actor()) or (select account.is_admin()));

-- Verbs that only the house may use.
revoke execute on function account.signin_link(text, bytea, text),
    account.chain(integer), account.chain_broken(), account.tidy(),
    account.setting_save(text, text), account.let_in(bigint, bytea),
    account.retain(integer)
    from convene_web;
revoke execute on function account.chain_broken() from convene_read;
