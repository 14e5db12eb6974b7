-- What was done, by whom, in a chain that shows what was changed afterwards.

-- Every write that matters says so here.  Details hold references, never
-- personal data: the chain must outlive an erasure.
create function account.note(p_act text, p_object text default '',
    p_object_id bigint default null, p_details jsonb default '{}')
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.audit (actor, device, act, object, object_id, details)
	values (account.actor(), account.device(), p_act, coalesce(p_object, ''),
	    p_object_id, coalesce(p_details, '{}'));
end
$$;

-- The bytes that a row's hash is made of, the one before it included.
create function account.audit_hash(p_previous bytea, p_link bigint, p_row data.audit)
returns bytea
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return sha256(coalesce(p_previous, '') || convert_to(jsonb_build_array(
	    p_link, p_row.id,
	    to_char(p_row.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
	    p_row.actor, p_row.device, p_row.act, p_row.object,
	    p_row.object_id, p_row.details)::text, 'UTF8'));
end
$$;

-- Chains what was committed since the last call, and says how many rows.  The
-- worker calls it each second; two callers take turns.  A row whose transaction
-- is slower than its neighbours' gets a later place, whatever its id.
create function account.chain(p_most integer default 10000)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_link bigint;
	v_hash bytea;
	v_row data.audit;
	v_count integer := 0;
begin
	perform account.must_house();
	perform pg_advisory_xact_lock(hashtext('convene.audit'), 0);

	select a.link, a.hash into v_link, v_hash
	from data.audit a
	where a.link is not null
	order by a.link desc
	limit 1;

	for v_row in
		select a.* from data.audit a
		where a.hash is null
		order by a.id
		limit p_most
	loop
		v_link := coalesce(v_link, 0) + 1;
		v_hash := account.audit_hash(v_hash, v_link, v_row);
		update data.audit a set link = v_link, hash = v_hash
		where a.id = v_row.id;
		v_count := v_count + 1;
	end loop;

	return v_count;
end
$$;

-- The first row of the chain that is not what was chained: changed, or one
-- before it taken away.  Null: the chain is whole.
create function account.chain_broken()
returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_hash bytea;
	v_link bigint := 0;
	v_row data.audit;
begin
	perform account.must_house();

	for v_row in
		select a.* from data.audit a
		where a.link is not null
		order by a.link
	loop
		v_link := v_link + 1;
		if v_row.link <> v_link or v_row.hash is distinct from
		    account.audit_hash(v_hash, v_link, v_row) then
			return v_row.id;
		end if;
		v_hash := v_row.hash;
	end loop;

	return null;
end
$$;

-- The audit as an administrator reads it, newest first, after a row's id.
create function account.audit_list(p_after bigint default null,
    p_act text default null, p_most integer default 51)
returns table (id bigint, at timestamptz, actor bigint, actor_name text,
    device bigint, act text, object text, object_id bigint, details jsonb,
    chained boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform account.must_admin();

	return query
	select a.id, a.at, a.actor, p.name, a.device, a.act, a.object,
	    a.object_id, a.details, a.hash is not null
	from data.audit a
	left join data.person p on p.id = a.actor
	where a.id < coalesce(p_after, 9223372036854775807)
	and (p_act is null or starts_with(a.act, p_act))
	order by a.id desc
	limit p_most;
end
$$;
