-- What somebody is told of their own registration beyond its state.

-- The line that they wait in, how long it is; until when what is held, offered
-- or asked for lasts; what who decided said; who nominated them.
create function registration.told(p_row data.registration)
returns table (line bigint, expires text, minutes integer, note text,
    is_held boolean, kept boolean, nominated boolean, unit text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select case when p_row.state = 'waitlisted' then (
	        select coalesce(b.waitlisted, p.waitlisted)::bigint
	        from data.pool p
	        left join data.bucket b on b.id = p_row.bucket_id
	            and b.released is null
	        where p.id = p_row.pool_id) end,
	    schedule.at(p_row.expires, e.zone),
	    greatest(ceil(extract(epoch from p_row.expires - clock_timestamp())
	        / 60), 0)::integer,
	    coalesce((
	        select c.note from data.registration_change c
	        where c.registration_id = p_row.id and c.became = p_row.state
	        order by c.id desc
	        limit 1), ''),
	    p_row.state = 'held', p_row.kept, p_row.nominated_by is not null,
	    u.name
	from data.event e
	left join data.unit u on u.id = p_row.unit_id
	where e.id = p_row.event_id;
end
$$;

create function registration.own_told(p_registration bigint)
returns table (line bigint, expires text, minutes integer, note text,
    is_held boolean, kept boolean, nominated boolean, unit text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select t.*
	from registration.told(registration.mine(p_registration)) t;
end
$$;

-- With the token of the mail in place of a login.
create function registration.managed_told(p_manage_hash bytea)
returns table (line bigint, expires text, minutes integer, note text,
    is_held boolean, kept boolean, nominated boolean, unit text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query select t.*
	from registration.told(registration.of_token(p_manage_hash)) t;
end
$$;
