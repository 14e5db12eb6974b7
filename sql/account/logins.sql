-- Where the actor is signed in: for the actor alone, since nobody may read the
-- logins themselves.
create function account.my_logins()
returns table (created timestamptz, last_seen timestamptz, current boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select l.created, l.last_seen, l.token_hash
	    = decode(current_setting('convene.login', true), 'hex')
	from data.login l
	where l.person_id = account.actor()
	and l.idle_expiry > now() and l.absolute_expiry > now()
	order by l.last_seen desc
	limit 50;
end
$$;
