-- Who arrives: a seat, or a place in the queue.  Everybody comes in here, and
-- those who come together are taken together: a rush costs a few statements a
-- batch and not a dozen for each.  They are looked up (found), refused what
-- cannot be (sieve), given in their order what there is (give), and that is
-- written down (keep).  What is wrong with one is its own fault, and stops
-- nobody else.

-- What one asks for.  person_id is whose the seat will be; actor and device did
-- it.  Who is vouched for (waives_approval, nominated_by) may come before the
-- opening, and without a code.
create type registration.wish as (
	n integer, person_id bigint, actor bigint, device bigint, via data.mode,
	country text, organisation text, key uuid, manage_hash bytea, wants text,
	priority integer, bucket_id bigint, party_id bigint, code text,
	code_id bigint, unit_id bigint, staff boolean, nominated_by bigint,
	answers jsonb, waives_approval boolean);

-- What was found of it, and what became of it.  known: the registration that
-- answers already; later: another of the same person or key is before it.
-- slot: whose seats come first for it, seat: whose it has got; 1 the common ones,
-- 2 the first bucket's and so on.
create type registration.arrival as (
	wish registration.wish, known data.registration, later boolean,
	vouched boolean, may boolean, country text, unit bigint, staff boolean,
	code data.access_code, slot integer, seat integer, priority integer,
	registration bigint, was data.registration_state,
	state data.registration_state, place bigint, expires timestamptz,
	kind text, fault text, field text, detail text);

create function registration.refused(p registration.arrival, p_kind text,
    p_fault text, p_field text default null, p_detail text default null)
returns registration.arrival
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	p.kind := p_kind;
	p.fault := p_fault;
	p.field := p_field;
	p.detail := p_detail;

	return p;
end
$$;

-- --- found ----------------------------------------------------------------------

create function registration.found(p_event data.event, p_buckets data.bucket[],
    p_wishes registration.wish[])
returns setof registration.arrival
language plpgsql stable
set search_path = pg_catalog, pg_temp
rows 100
as $$
declare
	v_inside boolean := p_event.access = 'internal'
	    and not account.may('organizer', p_event.id);
begin
	return query
	select w, f.known,
	    row_number() over (partition by w.person_id order by w.n) > 1
	    or row_number() over (partition by w.key order by w.n) > 1,
	    f.vouched, case when v_inside and not f.vouched
	    then coalesce(w.actor = w.person_id, false)
	        and registration.is_inside(p_event, w.person_id)
	    else true end, f.country, f.unit, f.staff, f.code,
	    coalesce(b.slot, 1), null::integer,
	    coalesce(w.priority, (f.code).priority, 0), null::bigint,
	    null::data.registration_state, null::data.registration_state,
	    null::bigint, null::timestamptz, null, null, null, null
	from unnest(p_wishes) w
	left join lateral (
	    select coalesce((
	            select k from data.registration k where k.key = w.key), (
	            select k from data.spent_key s
	            join data.registration k on k.id = s.registration_id
	            where s.key = w.key), (
	            select l from data.registration l
	            where l.event_id = p_event.id and l.person_id = w.person_id
	            and l.state in ('held', 'requested', 'waitlisted', 'offered',
	                'confirmed'))) as known,
	        case when w.code is not null or w.code_id is not null
	        then registration.code_of(p_event.id, w, p.email) end as code, (
	        select c from data.country c
	        where c.code = coalesce(w.country, p.country)) as nation,
	        coalesce(w.country, p.country) as country,
	        coalesce(w.unit_id, p.unit_id) as unit,
	        coalesce(w.staff, p.staff) as staff,
	        coalesce(w.waives_approval, false)
	            or w.nominated_by is not null as vouched
	    from data.person p
	    where p.id = w.person_id
	    offset 0) f on true -- one by one, however little or much there is
	left join lateral (
	    select b.n::integer + 1 as slot
	    from unnest(p_buckets) with ordinality b (id, pool_id, position, name,
	        by, question_id, for_values, nominated, seats, held, offered,
	        confirmed, kept, waitlisted, release, released, n)
	    where case when coalesce(w.bucket_id, (f.code).bucket_id) is not null
	    then b.id = coalesce(w.bucket_id, (f.code).bucket_id)
	    when b.nominated and w.nominated_by is null then false
	    else registration.fits(b.by, b.for_values, f.country,
	        (f.nation).region, (f.nation).income, f.unit, f.staff,
	        w.answers -> b.question_id::text) end
	    order by b.n
	    limit 1) b on true
	order by w.n;
end
$$;

-- The code that one comes with, unless it is somebody else's.
create function registration.code_of(p_event bigint, p_wish registration.wish,
    p_email text)
returns data.access_code
language sql stable
as $$
select case
    when p_wish.code_id is not null then (
    select x from data.access_code x
    where x.id = p_wish.code_id and x.event_id = p_event
    and coalesce(x.email = p_email, true))
    when p_wish.code is not null then (
    select x from data.access_code x
    where x.event_id = p_event and x.code = p_wish.code
    and coalesce(x.email = p_email, true)) end
$$;

-- Are a bucket's seats for somebody who is such?  Plain SQL, so that it becomes
-- part of what asks.
create function registration.fits(p_by data.bucket_by, p_values text[],
    p_country text, p_region text, p_income text, p_unit bigint,
    p_staff boolean, p_answer jsonb)
returns boolean
language sql immutable
as $$
select case p_by when 'country' then p_country = any (p_values)
    when 'region' then p_region = any (p_values)
    when 'income' then p_income = any (p_values)
    when 'unit' then p_unit::text = any (p_values)
    when 'audience' then case when p_staff then 'staff' else 'client' end
        = any (p_values)
    when 'answer' then coalesce(p_answer -> 'chosen', p_answer) ?| p_values
    end
$$;

-- May that person see what is internal, there?
create function registration.is_inside(p_event data.event, p_person bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.person p where p.id = p_person and p.staff)
	    or exists (
	    select from data.role r
	    where r.person_id = p_person and (r.kind = 'admin'
	    or r.kind = 'organizer' and (r.scope = 'system'
	        or r.scope = 'event' and r.scope_id = p_event.id
	        or r.scope = 'program' and r.scope_id = p_event.program_id)));
end
$$;

-- --- refused --------------------------------------------------------------------

-- Why nobody new is taken just now; no fault when they are.
create function registration.shut(p_event data.event, p_opens timestamptz)
returns registration.arrival
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_now timestamptz := clock_timestamp();
	v registration.arrival;
begin
	if p_event.id is null or p_event.state = 'draft' then
		return registration.refused(v, 'P0002', 'registration.no_event');
	elsif p_event.state = 'cancelled' then
		return registration.refused(v, 'P0004',
		    'registration.event_cancelled');
	elsif p_event.ends <= v_now then
		return registration.refused(v, 'P0004', 'registration.event_over');
	elsif p_event.cutoff <= v_now then
		return registration.refused(v, 'P0004', 'registration.closed');
	elsif p_opens > v_now then
		return registration.refused(v, 'P0006', 'registration.not_open',
		    null, ceil(extract(epoch from p_opens - v_now))::text);
	end if;

	return v;
end
$$;

-- The registration that answers already: the first answer once more.  A seat
-- that was held is taken now, by whoever held it or is vouched for.
create function registration.repeated(p registration.arrival, p_event bigint)
returns registration.arrival
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if (p.known).event_id is distinct from p_event
	    or (p.known).person_id <> (p.wish).person_id then
		return registration.refused(p, 'P0003', 'registration.key_used');
	end if;

	p.registration := (p.known).id;
	p.was := (p.known).state;
	p.state := p.was;
	p.expires := (p.known).expires;
	if p.was = 'held' and (p.wish).wants is distinct from 'hold'
	    and (p.vouched or (p.wish).key = (p.known).key
	    or coalesce((p.wish).actor = (p.wish).person_id, false)) then
		p.state := 'confirmed';
		p.expires := null;
	end if;

	return p;
end
$$;

-- Without a code where one is needed, or with one that is not good, for
-- whatever reason: who guesses learns nothing.  p_used: of codes, so far.
create function registration.with_code(p registration.arrival,
    p_needed boolean, p_used jsonb)
returns registration.arrival
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if (p.wish).code is null and (p.wish).code_id is null then
		return case when p_needed and not p.vouched
		    then registration.refused(p, 'P0001',
		        'registration.code_needed', 'code')
		    else p end;
	elsif (p.code).id is null or (p.code).revoked is not null
	    or (p.code).expires <= clock_timestamp()
	    or (p.code).used + coalesce((p_used ->> (p.code).id::text)::integer, 0)
	    >= (p.code).most then
		return registration.refused(p, 'P0001', 'registration.code_wrong',
		    'code');
	end if;

	return p;
end
$$;

-- Those whose answers are wrong say so: the first of what is wrong.  Whom
-- somebody else brings, and who has not been asked, answers by their own link.
create function registration.answers_wrong(p_event bigint,
    p_all registration.arrival[])
returns registration.arrival[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_wrong record;
begin
	for v_wrong in
		select distinct on (c.n) c.n, a.i, c.question, c.fault, c.detail
		from registration.check_entries(p_event, (
		    select coalesce(jsonb_agg(jsonb_build_object('n', (a.wish).n,
		        'answers', (a.wish).answers, 'audience',
		        -- a stranger is not told whose address is of staff
		        registration.audience_of(a.staff
		            and (a.wish).actor is not null,
		            (a.wish).nominated_by is not null))), '[]')
		    from unnest(p_all) a
		    where (a.wish).wants is distinct from 'hold'
		    and ((a.wish).answers is not null or not a.vouched
		        and (a.wish).party_id is null)
		    and coalesce((a.known).state = 'held', true))) c
		join (
		    select (o.wish).n, row_number() over () as i
		    from unnest(p_all) o) a on a.n = c.n
	loop
		p_all[v_wrong.i] := registration.refused(p_all[v_wrong.i], 'P0001',
		    v_wrong.fault, 'q' || v_wrong.question, v_wrong.detail);
	end loop;

	return p_all;
end
$$;

-- What cannot be, and what was answered before.  The others go on.
create function registration.sieve(p_event data.event, p_pool data.pool,
    p_all registration.arrival[])
returns registration.arrival[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_shut registration.arrival := registration.shut(p_event, p_pool.opens);
	v_shut_vouched registration.arrival := registration.shut(p_event, null);
	v_why registration.arrival;
	v registration.arrival;
	v_used jsonb := '{}';
	v_code text;
begin
	for i in 1 .. cardinality(p_all) loop
		v := p_all[i];
		v_why := case when v.vouched then v_shut_vouched else v_shut end;
		v_code := (v.code).id;
		if v.later then
			continue;
		elsif not v.may then
			v := registration.refused(v, 'P0002', 'registration.no_event');
		elsif (v.known).id is not null then
			if v.fault is null then
				p_all[i] := registration.repeated(v, p_event.id);
			end if;
			continue;
		elsif v_why.fault is not null then
			v := registration.refused(v, v_why.kind, v_why.fault, null,
			    v_why.detail);
		elsif v.fault is not null then
			continue;
		elsif p_pool.code_only or coalesce((v.wish).code,
		    (v.wish).code_id::text) is not null then
			v := registration.with_code(v, p_pool.code_only, v_used);
		end if;

		p_all[i] := v;
		if v_code is not null and v.fault is null then
			v_used := v_used || jsonb_build_object(v_code,
			    coalesce((v_used ->> v_code)::integer, 0) + 1);
		end if;
	end loop;

	return p_all;
end
$$;

-- --- given ----------------------------------------------------------------------

-- Until when what is held, offered and requested now stands.
create function registration.terms(p_pool data.pool)
returns timestamptz[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_now timestamptz := clock_timestamp();
	v_last timestamptz;
begin
	select least(e.cutoff, e.ends) into v_last
	from data.event e where e.id = p_pool.event_id;

	return array[
	    least(v_now + make_interval(mins => p_pool.hold_minutes), v_last),
	    least(v_now + make_interval(hours => p_pool.offer_hours), v_last),
	    least(v_now + make_interval(days => p_pool.decide_days), v_last)];
end
$$;

-- Who is not before these in priority is the last in every line.
create function registration.tail(p_pool data.pool)
returns integer
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_pool.waitlisted = 0 then
		return -2147483648;
	end if;

	return coalesce((
	    select max(r.priority) from data.registration r
	    where r.pool_id = p_pool.id and r.state = 'waitlisted'), -2147483648);
end
$$;

-- Where parties are let past, and seats given on by themselves, only a party
-- that does not fit waits beside a free one: it is nobody's turn.
create function registration.lets_past(p_pool data.pool)
returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_pool.party_policy = 'skip' and p_pool.promotion <> 'manual';
end
$$;

-- Each of who is left, in their order, gets the first of these that there is: a
-- seat of their bucket that nobody waits for, a common one, a place in the line.
-- A party that does not fit waits whole, unless the pool splits parties.
create function registration.give(p_pool data.pool, p_buckets data.bucket[],
    p_all registration.arrival[])
returns registration.arrival[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_terms timestamptz[] := registration.terms(p_pool);
	v_free integer[] := coalesce(registration.free(p_pool), 2147483647)
	    || array(select registration.free(b) from unnest(p_buckets) b);
	v_line integer[] := registration.common_line(p_pool)
	    || array(select b.waitlisted from unnest(p_buckets) b);
	v_free_before integer[];
	v_line_before integer[];
	v_tail integer := registration.tail(p_pool);
	v_party bigint;
	v_first integer := 1;
	v_waits boolean := false;
	v_passes boolean := registration.lets_past(p_pool);
	v registration.arrival;
	i integer := 1;
begin
	while i <= cardinality(p_all) loop
		v := p_all[i];
		i := i + 1;
		continue when v.later or v.fault is not null or v.was is not null;
		if (v.wish).party_id is distinct from v_party then
			v_party := (v.wish).party_id;
			v_first := i - 1;
			v_waits := false;
			v_free_before := v_free;
			v_line_before := v_line;
		end if;

		v.seat := case when v_waits then null
		    when v.slot > 1 and v_free[v.slot] > 0
		    and (v_passes or v_line[v.slot] = 0) then v.slot
		    when v_free[1] > 0 and (v_passes or v_line[1] = 0) and (v.slot = 1
		        or not (p_buckets[v.slot - 1]).nominated) then 1 end;
		v.state := registration.outcome(v, p_pool, v_free[v.seat]);
		if v.state = 'waitlisted' and v_party is not null and not v_waits
		    and p_pool.party_policy <> 'split' then
			v_waits := true;
			v_free := v_free_before;
			v_line := v_line_before;
			i := v_first;
			continue;
		elsif v.state = 'waitlisted' then
			v_line[1] := v_line[1] + (v.slot > 1
			    and not (p_buckets[v.slot - 1]).nominated)::integer;
			v_line[v.slot] := v_line[v.slot] + 1;
			v.place := case when v.priority >= v_tail
			    then v_line[v.slot] end;
			v_tail := greatest(v_tail, v.priority);
		elsif v.state in ('confirmed', 'held', 'offered') then
			v_free[v.seat] := v_free[v.seat] - 1;
		end if;
		v.expires := v_terms[array_position(
		    '{held,offered,requested}'::text[], v.state::text)];
		v.registration := case when v.state is not null
		    then nextval('data.registration_id_seq') end;
		p_all[i - 1] := v;
	end loop;

	return p_all;
end
$$;

-- What becomes of one for whom there is a seat among so many free ones, or
-- (null) none.  A seat is held only where they are scarce; null: not here.
create function registration.outcome(p registration.arrival,
    p_pool data.pool, p_free integer)
returns data.registration_state
language plpgsql immutable
as $$
declare
	v_asks boolean := p_pool.approval <> 'none' and not p.vouched
	    and not coalesce((p.code).waives_approval, false);
begin
	return case
	    when (p.wish).wants = 'hold' then case
	        when not v_asks and p_free <= p_pool.scarce
	        and p_pool.hold_minutes > 0 then 'held' end
	    when v_asks then 'requested'
	    when p_free is null then 'waitlisted'
	    when (p.wish).wants = 'offer' then 'offered'
	    else 'confirmed' end;
end
$$;

-- The bucket whose seat it has got, or in whose line it waits.
create function registration.bucket(p_buckets data.bucket[],
    p registration.arrival)
returns bigint
language sql immutable
as $$
select (p_buckets[case when p.state in ('waitlisted', 'requested') then p.slot
    else p.seat end - 1]).id
$$;

-- --- kept -----------------------------------------------------------------------

-- The new ones as rows, counted, with history, audit, answers and mails.
create function registration.keep(p_pool data.pool, p_buckets data.bucket[],
    p_all registration.arrival[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_new registration.arrival[] := array(
	    select a from unnest(p_all) a
	    where a.registration is not null and a.was is null);
	v_ids bigint[] := array(select a.registration from unnest(v_new) a);
begin
	if v_new = '{}' then
		return;
	end if;

	insert into data.registration (id, event_id, pool_id, person_id, state,
	    priority, arrival, key, manage_hash, via, country, organisation,
	    bucket_id, expires, step, unit_id, staff, party_id, code_id,
	    nominated_by)
	overriding system value
	select a.registration, p_pool.event_id, p_pool.id, (a.wish).person_id,
	    a.state, a.priority, p_pool.arrived + row_number() over (),
	    (a.wish).key, (a.wish).manage_hash, (a.wish).via, a.country,
	    coalesce((a.wish).organisation, ''),
	    registration.bucket(p_buckets, a), a.expires,
	    case when a.state = 'requested'
	    then registration.first_step(p_pool.approval, a.unit) end,
	    a.unit, coalesce(a.staff, false), (a.wish).party_id, (a.code).id,
	    (a.wish).nominated_by
	from unnest(v_new) a;
	perform registration.tally(v_ids, 1, cardinality(v_ids));

	insert into data.registration_change (registration_id, actor, became, why)
	select a.registration, coalesce((a.wish).actor, account.actor()), a.state,
	    'taken'
	from unnest(v_new) a;
	perform account.note_many(array(
	    select row('registration.' || a.state, 'registration',
	        a.registration, coalesce((a.wish).actor, account.actor()),
	        coalesce((a.wish).device, account.device()), jsonb_build_object(
	        'why', 'taken', 'bucket', registration.bucket(p_buckets, a)))
	        ::account.noted
	    from unnest(v_new) a));
	if p_pool.form_revision > 0 then
		perform registration.keep_answers(p_pool.event_id, v_new);
	end if;
	perform registration.tell_many(p_pool.event_id, v_new);
end
$$;

create function registration.keep_answers(p_event bigint,
    p_all registration.arrival[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.put_entries(p_event, (
	    select coalesce(jsonb_agg(jsonb_build_object('n', a.registration,
	        'answers', (a.wish).answers, 'audience',
	        registration.audience_of(a.staff,
	            (a.wish).nominated_by is not null))), '[]')
	    from unnest(p_all) a
	    where a.state <> 'held' and (a.wish).answers is not null));
end
$$;

-- One mail each; the seats' with a place in the calendar.
create function registration.tell_many(p_event bigint,
    p_all registration.arrival[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_seated bigint[] := array(
	    select a.registration from unnest(p_all) a
	    where a.state = 'confirmed');
begin
	if v_seated <> '{}' then
		perform invite.open_many(p_event, v_seated,
		    'registration.confirmed');
	end if;
	if cardinality(v_seated) < cardinality(p_all) then
		perform notice.put_many(array_agg('registration.' || a.state),
		    array_agg(a.registration))
		from unnest(p_all) a
		where a.state in ('waitlisted', 'requested', 'offered');
	end if;
end
$$;

-- A seat that was held is taken: by whoever it was held for.
create function registration.take_held(p_pool data.pool,
    p registration.arrival)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_actor text := current_setting('convene.actor', true);
begin
	update data.registration r
	set via = (p.wish).via, country = p.country,
	    organisation = coalesce((p.wish).organisation, ''),
	    version = r.version + 1
	where r.id = p.registration;
	if p_pool.form_revision > 0 then
		perform registration.keep_answers(p_pool.event_id, array[p]);
	end if;
	perform set_config('convene.actor',
	    coalesce((p.wish).actor::text, v_actor, ''), true);
	perform registration.move(p.registration, 'confirmed', 'taken');
	perform invite.open(p.registration, null, 'registration.confirmed');
	perform set_config('convene.actor', coalesce(v_actor, ''), true);
end
$$;

-- --- the doors ------------------------------------------------------------------

-- The holds of those who come end when they are over.  Answers whether any did.
create function registration.lapse(p_event bigint,
    p_all registration.arrival[])
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_over bigint[] := array(
	    select r.id from data.registration r
	    where r.id = any (array(
	        select (a.known).id from unnest(p_all) a))
	    and r.event_id = p_event and r.state = 'held'
	    and r.expires <= clock_timestamp()
	    order by r.arrival);
begin
	if v_over <> '{}' then
		perform registration.finish(v_over, 'expired',
		    'registration.expired');
	end if;

	return v_over <> '{}';
end
$$;

-- All of it, for wishes of one event; the caller holds the lock.  Who is there
-- twice is looked at again when the first of them is written down.
create function registration.receive(p_event bigint,
    p_wishes registration.wish[])
returns registration.arrival[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event;
	v_pool data.pool;
	v_buckets data.bucket[];
	v_all registration.arrival[];
begin
	select * into v_event from data.event e where e.id = p_event;
	if found then
		v_pool := registration.pool_of(p_event);
		if v_pool.waitlisted > 0 then
			perform registration.promote(p_event);
			v_pool := registration.pool_of(p_event);
		end if;
	end if;
	v_buckets := array(
	    select b from data.bucket b
	    where b.pool_id = v_pool.id and b.released is null
	    order by b.position, b.id);

	v_all := array(
	    select f from registration.found(v_event, v_buckets, p_wishes) f);
	if v_pool.held > 0 and registration.lapse(p_event, v_all) then
		return registration.receive(p_event, p_wishes);
	end if;
	if v_pool.form_revision > 0 then
		v_all := registration.answers_wrong(p_event, v_all);
	end if;
	v_all := registration.sieve(v_event, v_pool, v_all);
	v_all := registration.give(v_pool, v_buckets, v_all);
	perform registration.keep(v_pool, v_buckets, v_all);
	perform registration.take_held(v_pool, a) from unnest(v_all) a
	where a.was = 'held' and a.state = 'confirmed' and a.fault is null;
	perform registration.spend_keys(v_all);

	if exists (select from unnest(v_all) a where a.later) then
		v_all := array(select a from unnest(v_all) a where not a.later)
		    || registration.receive(p_event, array(
		        select a.wish from unnest(v_all) a where a.later));
	end if;

	return v_all;
end
$$;

-- A key that was answered with what another made is never free again.
create function registration.spend_keys(p_all registration.arrival[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.spent_key (key, registration_id)
	select (a.wish).key, a.registration
	from unnest(p_all) a
	where a.was is not null and a.fault is null
	and (a.wish).key <> (a.known).key
	on conflict do nothing;
end
$$;

-- The same; what nobody expected undoes all of it, and then each is tried alone:
-- whoever is at fault is refused, the others are not.
create function registration.receive_all(p_event bigint,
    p_wishes registration.wish[])
returns registration.arrival[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_all registration.arrival[] := '{}';
	v_wish registration.wish;
	v registration.arrival;
	v_kind text;
	v_fault text;
	v_field text;
begin
	begin
		return registration.receive(p_event, p_wishes);
	exception
	when lock_not_available or deadlock_detected then
		raise;
	when others or assert_failure then -- P0004 is not among the others
		null;
	end;

	foreach v_wish in array p_wishes loop
		begin
			v_all := v_all || registration.receive(p_event, array[v_wish]);
		exception when others or assert_failure then
			get stacked diagnostics v_kind = returned_sqlstate,
			    v_fault = message_text, v_field = column_name;
			v := null;
			v.wish := v_wish;
			v_all := v_all || registration.refused(v, v_kind, v_fault,
			    nullif(v_field, ''));
		end;
	end loop;

	return v_all;
end
$$;

-- Those who are to have a seat or a place: objects with the members of
-- registration.wish, for an event whose lock the caller holds.  One row comes
-- back for each n; kind is the SQLSTATE that a verb would raise the fault with.
create function registration.arrive(p_event bigint, p_entries jsonb)
returns table (n integer, registration bigint,
    state data.registration_state, place bigint, expires timestamptz,
    fault text, field text, detail text, kind text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select (a.wish).n, a.registration, a.state, registration.told_place(a),
	    a.expires, a.fault, a.field, a.detail, a.kind
	from unnest(registration.receive_all(p_event, array(
	    select w
	    from jsonb_populate_recordset(null::registration.wish, p_entries) w
	    ))) a
	order by 1;
end
$$;

-- Counted where it is not known: who is the last need not be.  Volatile, to see
-- the rows that the statement which asks has only just made.
create function registration.told_place(p registration.arrival)
returns bigint
language plpgsql volatile
as $$
begin
	return case when p.state = 'waitlisted'
	    then coalesce(p.place, registration.place(p.registration)) end;
end
$$;

-- Who comes by the web: a wish, and what says whose it is.
create type registration.visitor as (
	wish registration.wish, told boolean, email text, name text,
	language text, address text, kind text, fault text, field text);

-- Whose login it is, as account.enter() would say; a door's device is nobody.
create function registration.visitors(p_entries jsonb)
returns setof registration.visitor
language plpgsql volatile
set search_path = pg_catalog, pg_temp
rows 100
as $$
begin
	return query
	select row(e.n, l.person, l.person, l.device, nullif(e.via, ''),
	    nullif(e.country, ''), e.organisation, e.key, e.manage,
	    case when e.hold then 'hold' else 'confirm' end, null, null, null,
	    nullif(trim(e.code), ''), null, null, null, null, e.answers, false
	    )::registration.wish, l.person is not null, e.email, e.name,
	    coalesce(e.language, e.lang), e.address, null, null, null
	from jsonb_to_recordset(p_entries) e (n integer, token bytea, email text,
	    name text, language text, lang text, address text, via text,
	    country text, organisation text, key uuid, manage bytea, code text,
	    hold boolean, answers text)
	left join account.logins_of(array(
	    select (o ->> 'token')::bytea from jsonb_array_elements(p_entries) o
	    where o ? 'token')) l on l.token = e.token
	order by e.n;
end
$$;

-- The same with a person for each, or with why not: strangers are whose address
-- they give, and made when nobody knows them.
create function registration.visitors_let_in(p_entries jsonb)
returns registration.visitor[]
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_all registration.visitor[] := array(
	    select v from registration.visitors(p_entries) v);
	v_may boolean[] := account.throttle_many('registration', array(
	    select coalesce('person ' || (v.wish).person_id, v.address)
	    from unnest(v_all) v));
	v_people bigint[];
begin
	v_people := account.people_of(
	    array(select case when v_may[v.i] and not v.told then v.email end
	        from unnest(v_all) with ordinality v (wish, told, email, name,
	        language, address, kind, fault, field, i)),
	    array(select v.name from unnest(v_all) v),
	    array(select v.language from unnest(v_all) v));

	for i in 1 .. cardinality(v_all) loop
		if not v_may[i] then
			v_all[i].kind := 'P0005';
			v_all[i].fault := 'account.too_often';
		elsif v_all[i].told then
			continue;
		elsif v_people[i] is null then
			v_all[i].kind := 'P0001';
			v_all[i].fault := 'account.email_malformed';
			v_all[i].field := 'email';
		else
			v_all[i].wish.person_id := v_people[i];
		end if;
	end loop;

	return v_all;
end
$$;

-- Takes seats, or places in the queue, for many visitors of one event at once:
-- each object is what one of them sent, see app/web/dispatch.c.  Whoever has
-- signed in registers themself; anyone else gives an address and a name, and
-- learns nothing here of what became of it: the answer goes to that address.
-- So nobody can find out whether an address is known, or make it say who holds
-- it.  Asking twice, with the same key or for the same person, repeats the first
-- answer.  All is looked up by index, however little there was when it was
-- planned; and planned once, for that would cost more than the rest.
create function registration.take_batch(p_event bigint, p_entries jsonb)
returns table (n integer, registration bigint,
    state data.registration_state, place bigint, expires timestamptz,
    fault text, field text, detail text, kind text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	v_visitors registration.visitor[] :=
	    registration.visitors_let_in(p_entries);
	v_all registration.arrival[];
begin
	perform registration.lock(p_event);
	v_all := registration.receive_all(p_event, array(
	    select v.wish from unnest(v_visitors) v where v.fault is null));
	perform registration.tell_again(a.known)
	from unnest(v_all) a
	where (a.wish).actor is null and a.was = a.state
	and (a.was <> 'held' or (a.wish).wants <> 'hold') and a.fault is null;

	return query
	select (v.wish).n,
	    case when v.told then a.registration end,
	    case when v.told then a.state end,
	    case when v.told then registration.told_place(a) end,
	    case when v.told then a.expires end, coalesce(v.fault, a.fault),
	    coalesce(v.field, a.field), a.detail, coalesce(v.kind, a.kind)
	from unnest(v_visitors) v
	left join unnest(v_all) a on (a.wish).n = (v.wish).n
	order by 1;
end
$$;

-- The same for one, who has entered; the command line is told everything.
create function registration.take(p_event bigint, p_email text, p_name text,
    p_language text, p_country text, p_organisation text, p_via data.mode,
    p_key uuid, p_manage_hash bytea)
returns table (registration bigint, state data.registration_state,
    place bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor bigint := account.actor();
	v_told boolean := v_actor is not null or account.trusted();
	v_wish registration.wish;
	v registration.arrival;
begin
	v_wish.n := 1;
	v_wish.actor := v_actor;
	v_wish.person_id := coalesce(v_actor,
	    account.person_of(p_email, p_name, p_language));
	v_wish.country := p_country;
	v_wish.organisation := p_organisation;
	v_wish.via := p_via;
	v_wish.key := p_key;
	v_wish.manage_hash := p_manage_hash;
	perform registration.lock(p_event);
	v := (registration.receive(p_event, array[v_wish]))[1];
	if v.fault is not null then
		raise exception using errcode = v.kind, message = v.fault,
		    column = coalesce(v.field, ''), detail = coalesce(v.detail, '');
	elsif not v_told and v.was is not null then
		perform registration.tell_again(v.known);
	end if;

	return query
	select v.registration, v.state, registration.told_place(v) where v_told
	union all
	select null, null, null where not v_told;
end
$$;

-- An address that is registered was typed in again by somebody who has not
-- signed in.  Only the address is told, and not oftener than every 10 minutes.
create function registration.tell_again(p_row data.registration)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.note('registration.again', 'registration', p_row.id,
	    '{}'::jsonb);
	if not exists (
	    select from data.notice n
	    where n.registration_id = p_row.id
	    and n.created > clock_timestamp() - interval '10 minutes') then
		perform notice.put('registration.again', p_row.person_id,
		    p_row.event_id, p_row.id);
	end if;
end
$$;
