-- What is done for one elsewhere in this room, done for many in one go: for
-- those who come together in a rush.

-- Whose logins these are, as account.enter() finds it for one; of an unknown
-- login, or one that is over, there is no row.
create function account.logins_of(p_tokens bytea[])
returns table (token bytea, person bigint, device bigint)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
rows 100
as $$
begin
	if exists (
	    select from data.login l
	    where l.token_hash = any (p_tokens)
	    and l.last_seen < now() - interval '1 minute') then
		perform account.seen_many(p_tokens);
	end if;

	return query
	select l.token_hash, p.id, d.id
	from data.login l
	left join data.person p on p.id = l.person_id and p.disabled is null
	left join data.device d on d.id = l.device_id and d.revoked is null
	    and d.expires > now()
	where l.token_hash = any (p_tokens)
	and l.idle_expiry > now() and l.absolute_expiry > now()
	and (p.id is not null or d.id is not null);
end
$$;

-- As account.seen(): nobody waits for another visit to write it.
create function account.seen_many(p_tokens bytea[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.login l
	set last_seen = now(), idle_expiry = now() + l.idle
	where l.token_hash in (
	    select w.token_hash from data.login w
	    where w.token_hash = any (p_tokens)
	    and w.last_seen < now() - interval '1 minute'
	    and w.idle_expiry > now() and w.absolute_expiry > now()
	    for no key update skip locked);
end
$$;

-- Draws one token for each key, in their order, and says for each whether there
-- was one; see account.throttle().  Rows are locked in the order of their keys,
-- so that two crowds do not wait for each other.
create function account.throttle_many(p_bucket text, p_keys text[])
returns boolean[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_rate record := account.rate(p_bucket);
	v_now timestamptz := clock_timestamp();
	v_keys text[] := array(
	    select distinct k from unnest(p_keys) k order by k);
	v_full real[];
begin
	perform from data.throttle t
	where t.bucket = p_bucket and t.key = any (v_keys)
	order by t.key
	for no key update;
	v_full := array(
	    select least(v_rate.burst, coalesce(t.tokens + v_rate.per_minute / 60
	        * extract(epoch from v_now - t.at)::real, v_rate.burst))
	    from unnest(v_keys) with ordinality k (key, i)
	    left join data.throttle t on t.bucket = p_bucket and t.key = k.key
	    order by k.i);

	insert into data.throttle as t (bucket, key, tokens, at)
	select p_bucket, k.key, k.tokens - least(floor(k.tokens), count(*)), v_now
	from unnest(v_keys, v_full) k (key, tokens)
	join unnest(p_keys) a (key) on a.key = k.key
	where k.tokens >= 1
	group by k.key, k.tokens
	order by k.key
	on conflict (bucket, key) do update
	set tokens = excluded.tokens, at = excluded.at;

	return array(
	    select row_number() over (partition by a.key order by a.i) <= k.tokens
	    from unnest(p_keys) with ordinality a (key, i)
	    join unnest(v_keys, v_full) k (key, tokens) on k.key = a.key
	    order by a.i);
end
$$;

-- The person of each address, made when there is none; null for what is no
-- address.  See account.person_of().
create function account.people_of(p_emails text[], p_names text[],
    p_languages text[])
returns bigint[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_emails text[] := array(
	    select case when length(e) <= 254
	        and e ~ '^[^@[:space:]]+@[^@[:space:]]+$' then e end
	    from unnest(p_emails) with ordinality m (email, i),
	        lower(trim(m.email)) e
	    order by m.i);
	v_made bigint[];
begin
	with new as (
	    select distinct on (m.email) m.email, m.name, m.language
	    from unnest(v_emails, p_names, p_languages) with ordinality
	        m (email, name, language, i)
	    where m.email is not null and not exists (
	        select from data.person p where p.email = m.email)
	    order by m.email, m.i),
	made as (
	    insert into data.person (email, name, language)
	    select n.email, left(coalesce(nullif(trim(n.name), ''),
	        split_part(n.email, '@', 1)), 200), coalesce(n.language, 'en')
	    from new n
	    order by n.email
	    on conflict (email) do nothing
	    returning id)
	select array_agg(m.id) into v_made from made m;
	perform account.note_many(array(
	    select row('account.person_made', 'person', m, account.actor(),
	        account.device(), '{}')::account.noted
	    from unnest(v_made) m));

	return array(
	    select p.id
	    from unnest(v_emails) with ordinality m (email, i)
	    left join data.person p on p.email = m.email
	    order by m.i);
end
$$;

create type account.noted as (
	act text, object text, object_id bigint, actor bigint, device bigint,
	details jsonb);

-- As account.note(), by whom each says.
create function account.note_many(p_notes account.noted[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.audit (actor, device, act, object, object_id, details)
	select n.actor, n.device, n.act, n.object, n.object_id, n.details
	from unnest(p_notes) n;
end
$$;
