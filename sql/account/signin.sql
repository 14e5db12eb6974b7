-- Coming in and going out.

-- How often a bucket may be drawn from: so many at once, then so many a minute.
-- A setting "throttle.<bucket>" = "burst per_minute" goes before these.
create function account.rate(p_bucket text, out burst real, out per_minute real)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_set text;
begin
	select trim(s.value) into v_set
	from data.setting s
	where s.name = 'throttle.' || p_bucket;

	if found then
		burst := split_part(v_set, ' ', 1)::real;
		per_minute := trim(substr(v_set, strpos(v_set, ' ')))::real;
		return;
	end if;

	burst := case p_bucket
	    when 'signin.email' then 5 when 'signin' then 20
	    when 'enrol' then 20 when 'registration' then 60
	    when 'group' then 150 else 120 end;
	per_minute := case p_bucket
	    when 'signin.email' then 0.5 when 'signin' then 5
	    when 'enrol' then 5 when 'registration' then 30
	    when 'group' then 5 else 120 end;
end
$$;

-- Draws one token, or refuses.  A refusal changes nothing, so that knocking on
-- does not keep the door shut.
create function account.throttle(p_bucket text, p_key text, p_burst real,
    p_per_minute real)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.throttle as t (bucket, key, tokens, at)
	values (p_bucket, p_key, p_burst - 1, clock_timestamp())
	on conflict (bucket, key) do update
	set tokens = least(p_burst, t.tokens + p_per_minute / 60
	    * extract(epoch from clock_timestamp() - t.at)::real) - 1,
	    at = clock_timestamp()
	where least(p_burst, t.tokens + p_per_minute / 60
	    * extract(epoch from clock_timestamp() - t.at)::real) >= 1;

	if not found then
		raise exception using errcode = 'P0005',
		    message = 'account.too_often';
	end if;
end
$$;

-- The same at the bucket's own rate.  Who has signed in is counted by
-- themselves: a full hall, or a whole organisation, has one address.  Not on the
-- way in, where somebody may try to become another.
create function account.throttle(p_bucket text, p_key text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_rate record := account.rate(p_bucket);
	v_key text := p_key;
begin
	if account.actor() is not null
	    and p_bucket not in ('signin', 'signin.email', 'enrol') then
		v_key := 'person ' || account.actor();
	end if;
	perform account.throttle(p_bucket, v_key, v_rate.burst, v_rate.per_minute),
	    set_config('convene.drawn', v_key, true);
end
$$;

-- Who came in was no robot: what it took to ask and to answer goes back to the
-- address, which may be that of a full hall.
create function account.came_in()
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.throttle t
	set tokens = least((account.rate(t.bucket)).burst, t.tokens + 2)
	where t.bucket = 'signin'
	and t.key = current_setting('convene.drawn', true);
end
$$;

-- The way back into our own pages; anything else is the front page.
create function account.path(p_goes_to text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case when p_goes_to ~ '^/([^/\\[:cntrl:]][^\\[:cntrl:]]*)?$'
	    and length(p_goes_to) <= 2000 then p_goes_to else '/' end;
end
$$;

-- Somebody asks to be let in by mail.  Whether the address is known cannot be
-- seen in the answer, nor in the time it takes: both write the same rows, but
-- the mail to an unknown address (or one that was disabled) is dropped unsent.
-- For a form that mails whoever one types is a tool to annoy people with; who
-- has no account gets one by registering.  The code and the link wait in the
-- mail's details until it is sent.
create function account.signin_ask(p_email text, p_code text, p_link text,
    p_browser_hash bytea, p_goes_to text default '/')
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_email text := lower(trim(p_email));
	v_person record;
begin
	if p_browser_hash is null or p_code = '' or p_link = '' then
		raise exception using errcode = 'P0001',
		    message = 'account.browser_missing';
	end if;
	perform account.throttle('signin.email', v_email);

	select p.id, p.language into v_person
	from data.person p
	where p.email = v_email and p.disabled is null;

	insert into data.signin
	    (email, code_hash, link_hash, browser_hash, goes_to, expires)
	values (v_email, sha256(convert_to(p_code, 'UTF8')),
	    sha256(convert_to(p_link, 'UTF8')), p_browser_hash,
	    account.path(p_goes_to), now() + interval '10 minutes');

	insert into data.notice
	    (kind, person_id, email, language, details, priority, state, problem)
	values ('signin', v_person.id, v_email, coalesce(v_person.language, 'en'),
	    case when v_person.id is null then '{}'::jsonb
	    else jsonb_build_object('code', p_code, 'link', p_link) end, 1,
	    case when v_person.id is null then 'dropped'
	    else 'waiting' end::data.notice_state,
	    case when v_person.id is null then 'unknown' else '' end);
	perform notice.wake();
end
$$;

-- A link made on the command line: for whoever holds it, in any browser.
create function account.signin_link(p_email text, p_link_hash bytea,
    p_goes_to text default '/')
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_person bigint;
begin
	perform account.must_house();

	select p.id into v_person
	from data.person p
	where p.email = lower(trim(p_email)) and p.disabled is null;

	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.person_unknown';
	end if;

	insert into data.signin (email, code_hash, link_hash, goes_to, expires)
	values (lower(trim(p_email)), sha256(gen_random_uuid()::text::bytea),
	    p_link_hash, account.path(p_goes_to), now() + interval '10 minutes');
	perform account.note('account.signin_link', 'person', v_person);

	return v_person;
end
$$;

-- Makes the login.  Who has a role is trusted with more and for less long.
create function account.let_in(p_person bigint, p_token_hash bytea)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_role boolean := exists (
	    select from data.role r where r.person_id = p_person);
	v_idle interval := case when v_role
	    then interval '12 hours' else interval '14 days' end;
begin
	insert into data.login
	    (token_hash, person_id, idle, idle_expiry, absolute_expiry)
	values (p_token_hash, p_person, v_idle, now() + v_idle, now()
	    + case when v_role then interval '7 days' else interval '30 days' end);
	perform set_config('convene.actor', p_person::text, true);
	perform account.note('account.signin', 'person', p_person);
end
$$;

-- The asked-for row that a link opens, or a code typed in the browser that
-- asked; locked, so that it is used once.  A wrong code costs each live row of
-- that browser one of its five tries.
create function account.signin_find(p_code_hash bytea, p_link_hash bytea,
    p_browser_hash bytea, out outcome data.signin_outcome, out id bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row record;
begin
	outcome := 'spent';
	for v_row in
		select s.id, s.code_hash, s.browser_hash from data.signin s
		where s.used is null and s.expires > now() and s.tries < 5
		and (s.link_hash = p_link_hash or p_link_hash is null
		    and s.browser_hash = p_browser_hash)
		order by s.id
		for update
	loop
		if p_link_hash is not null and v_row.browser_hash is not null
		    and v_row.browser_hash is distinct from p_browser_hash then
			outcome := 'elsewhere';
		elsif p_link_hash is not null or v_row.code_hash = p_code_hash then
			outcome := 'in';
			id := v_row.id;
		elsif outcome <> 'in' then
			outcome := 'wrong';
		end if;
	end loop;

	if outcome = 'wrong' then
		update data.signin s set tries = s.tries + 1
		where s.browser_hash = p_browser_hash and s.used is null;
	end if;
end
$$;

-- Uses a code or a link.  A refusal is an outcome and no exception, for the
-- tries must be counted.  In: the login is made, for the token's hash.
create function account.signin_use(p_code_hash bytea, p_link_hash bytea,
    p_browser_hash bytea, p_token_hash bytea)
returns table (outcome data.signin_outcome, person_id bigint, name text,
    goes_to text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_outcome data.signin_outcome;
	v_signin bigint;
	v_person record;
begin
	select f.outcome, f.id into v_outcome, v_signin
	from account.signin_find(p_code_hash, p_link_hash, p_browser_hash) f;

	select p.id, p.name, s.goes_to, p.email into v_person
	from data.signin s
	join data.person p on p.email = s.email and p.disabled is null
	where s.id = v_signin;
	if not found then -- an unknown address has no code that works
		return query select case v_outcome when 'in' then 'spent'
		    else v_outcome end, null::bigint, null::text, null::text;
		return;
	end if;

	update data.signin s set used = now()
	where s.email = v_person.email and s.used is null;
	perform account.let_in(v_person.id, p_token_hash), account.came_in();

	return query select 'in'::data.signin_outcome, v_person.id,
	    v_person.name, v_person.goes_to;
end
$$;

-- Ends the login that this visit came with.
create function account.logout()
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.login l
	where l.token_hash = decode(current_setting('convene.login', true), 'hex');
	if found then
		perform account.note('account.logout');
	end if;
end
$$;

-- Ends all of the actor's logins, this one too, and says how many.
create function account.logout_everywhere()
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	delete from data.login l where l.person_id = account.actor();
	get diagnostics v_count = row_count;
	perform account.note('account.logout_everywhere', 'person',
	    account.actor(), jsonb_build_object('logins', v_count));

	return v_count;
end
$$;

-- Drops what is over.  The worker calls it now and then.
create function account.tidy()
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();

	delete from data.signin s where s.expires < now() - interval '1 day';
	delete from data.notice n where n.kind = 'signin'
	    and n.state <> 'waiting' and n.created < now() - interval '1 day';
	delete from data.enrolment n where n.expires < now() - interval '1 day';
	delete from data.login l
	where l.idle_expiry < now() or l.absolute_expiry < now();
	delete from data.throttle t where t.at < now() - interval '1 day';
end
$$;
