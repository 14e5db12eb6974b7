-- What is done for one elsewhere in this room, done for many in one go: for
-- those who come together in a rush.  Plans are kept from when the tables were
-- small: an `offset 0` keeps the planner at looking up one by one.

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
	select t.token, l.person, l.device
	from (select distinct u as token from unnest(p_tokens) u) t
	cross join lateral (
	    select (
	        select p.id from data.person p
	        where p.id = l.person_id and p.disabled is null) as person, (
	        select d.id from data.device d
	        where d.id = l.device_id and d.revoked is null
	        and d.expires > now()) as device
	    from data.login l
	    where l.token_hash = t.token
	    and l.idle_expiry > now() and l.absolute_expiry > now()
	    offset 0) l
	where l.person is not null or l.device is not null;
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
	v_drawn boolean[];
begin
	perform from (
	    select distinct k as key from unnest(p_keys) k order by k) a
	cross join lateral (
	    select from data.throttle t
	    where t.bucket = p_bucket and t.key = a.key
	    for no key update) t;

	with asked as (
	    select a.i, a.key,
	        row_number() over (partition by a.key order by a.i) as nth,
	        count(*) over (partition by a.key) as draws
	    from unnest(p_keys) with ordinality a (key, i)),
	found as materialized (
	    select a.*, least(v_rate.burst, coalesce(t.tokens
	        + v_rate.per_minute / 60 * extract(epoch from v_now - t.at)::real,
	        v_rate.burst)) as tokens
	    from asked a
	    left join lateral (
	        select t.tokens, t.at from data.throttle t
	        where t.bucket = p_bucket and t.key = a.key
	        offset 0) t on true),
	drawn as (
	    insert into data.throttle (bucket, key, tokens, at)
	    select p_bucket, f.key, f.tokens - least(floor(f.tokens), f.draws),
	        v_now
	    from found f
	    where f.nth = 1 and f.tokens >= 1
	    order by f.key
	    on conflict (bucket, key) do update
	    set tokens = excluded.tokens, at = excluded.at)
	select array_agg(f.nth <= f.tokens order by f.i) into v_drawn
	from found f;

	return v_drawn;
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
	    where m.email is not null and (
	        select p.id from data.person p where p.email = m.email) is null
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
	if v_made is not null then
		perform account.note_many(array(
		    select row('account.person_made', 'person', m, account.actor(),
		        account.device(), '{}')::account.noted
		    from unnest(v_made) m));
	end if;

	return array(
	    select (select p.id from data.person p where p.email = m.email)
	    from unnest(v_emails) with ordinality m (email, i)
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
