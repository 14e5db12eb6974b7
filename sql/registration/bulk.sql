-- The same thing done to many registrations of an event.

create function registration.bulk_one(p_registration bigint, p_act text,
    p_words text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	case p_act
	when 'approve' then perform registration.approve(p_registration, p_words);
	when 'decline' then perform registration.decline(p_registration, p_words);
	when 'offer' then perform registration.offer_to(p_registration);
	when 'confirm' then perform registration.confirm(p_registration, p_words);
	when 'note' then perform registration.note_add(p_registration, p_words);
	else
		raise exception using errcode = 'P0001', column = 'act',
		    message = 'web.not_choice';
	end case;
end
$$;

-- What becomes of each, one after the other: a state, or why not.
create function registration.bulk_each(p_ids bigint[], p_act text,
    p_words text, out o_became text[], out o_fault text[])
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
	v_was text;
	v_became text;
	v_fault text;
begin
	foreach v_id in array p_ids loop
		select r.state::text into v_was
		from data.registration r where r.id = v_id;
		v_became := null;
		v_fault := null;
		begin
			perform registration.bulk_one(v_id, p_act, p_words);
			select r.state::text into v_became
			from data.registration r where r.id = v_id;
			if v_became = v_was and p_act <> 'note' then
				v_became := null;
				v_fault := 'registration.unchanged';
			end if;
		exception when sqlstate 'P0002' or sqlstate 'P0003'
		    or sqlstate 'P0004' or sqlstate 'P0005'
		    or sqlstate '42501' then
			v_fault := sqlerrm;
		end;
		o_became := o_became || v_became;
		o_fault := o_fault || v_fault;
	end loop;
end
$$;

-- Approving is done together to all to whom it gives a seat or a place; whose
-- seat is kept, or whom somebody else decides on next, comes one by one.
create function registration.bulk_approve(p_event bigint, p_ids bigint[],
    p_words text, out o_became text[], out o_fault text[])
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_together bigint[];
	v_each bigint[];
	v_became text[];
	v_fault text[];
begin
	select array_agg(r.id order by x.n) filter (where s.plain),
	    array_agg(r.id order by x.n) filter (where not s.plain)
	into v_together, v_each
	from unnest(p_ids) with ordinality x (id, n)
	join data.registration r on r.id = x.id
	cross join lateral (
	    select r.state = 'requested' and r.step = 'organizer'
	        and not r.kept and r.expires > clock_timestamp() as plain) s;

	select * into v_became, v_fault
	from registration.bulk_each(coalesce(v_each, '{}'), 'approve', p_words);
	if v_together is not null then
		perform registration.admit(p_event, v_together,
		    left(trim(coalesce(p_words, '')), 1000));
	end if;

	select array_agg(case when e.id is null then r.state::text
	        else e.became end order by x.n),
	    array_agg(e.fault order by x.n)
	into o_became, o_fault
	from unnest(p_ids) with ordinality x (id, n)
	join data.registration r on r.id = x.id
	left join unnest(v_each, v_became, v_fault) e (id, became, fault)
	    on e.id = x.id;
end
$$;

-- Cancelling is done to all that it can be done to together, and only then do
-- others move up: who is to be cancelled, too, is not first given a seat.  Their
-- rows are locked, for at the door one may just be let in.
create function registration.bulk_cancel(p_event bigint, p_ids bigint[],
    out o_became text[], out o_fault text[])
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
	v_able bigint[] := '{}';
	v_fault text;
begin
	for v_row in
		select r.* from unnest(p_ids) with ordinality i (id, n)
		join data.registration r on r.id = i.id
		order by i.n
		for no key update of r
	loop
		v_fault := null;
		begin
			perform registration.must_be_ahead(v_row);
		exception when sqlstate 'P0003' or sqlstate 'P0004' then
			v_fault := sqlerrm;
		end;
		if v_row.state in ('declined', 'withdrawn', 'expired', 'cancelled') then
			v_fault := 'registration.unchanged';
		end if;
		if v_fault is null then
			v_able := v_able || v_row.id;
		end if;
		o_became := o_became || case when v_fault is null then 'cancelled' end;
		o_fault := o_fault || v_fault;
	end loop;

	perform registration.finish(v_able, 'cancelled', 'registration.cancelled');
	perform registration.promote(p_event);
end
$$;

-- One act for many, each with an outcome of its own: what the one cannot do
-- stops no other.  Rehearsed, all of it is done and taken back: so what is said
-- before is what will be.  At most 1,000 at once, the first that came: so long
-- nobody else can register.  Whoever expects other numbers has seen another
-- list.
create function registration.bulk(p_event bigint, p_filter jsonb,
    p_act text, p_words text, p_expected bigint, p_rehearse boolean)
returns table (n bigint, registration bigint, name text, was text, became text,
    fault text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_words text := nullif(trim(p_words, E' \t\r\n'), '');
	v_all bigint[];
	v_was text[];
	v_became text[];
	v_fault text[];
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	v_all := array(select registration.filtered(p_event, p_filter));
	if cardinality(v_all) = 0 then
		raise exception using errcode = 'P0001', column = 'whom',
		    message = 'registration.nobody_chosen';
	elsif not p_rehearse and cardinality(v_all) <> p_expected then
		raise exception using errcode = 'P0003',
		    message = 'registration.list_changed';
	end if;
	v_all := v_all[1:1000];
	v_was := array(
	    select r.state::text from unnest(v_all) with ordinality i (id, n)
	    join data.registration r on r.id = i.id
	    order by i.n);

	begin
		if p_act = 'cancel' then
			select * into v_became, v_fault
			from registration.bulk_cancel(p_event, v_all);
		elsif p_act = 'approve' then
			select * into v_became, v_fault
			from registration.bulk_approve(p_event, v_all, v_words);
		else
			select * into v_became, v_fault
			from registration.bulk_each(v_all, p_act, case when p_rehearse
			    then coalesce(v_words, '–') else v_words end);
		end if;
		if p_rehearse then
			raise exception using errcode = 'CV000';
		end if;
	exception when sqlstate 'CV000' then
		null; -- what was done is taken back, what was learnt stays
	end;

	return query
	select o.n, o.id, p.name, o.was, o.became, o.fault
	from unnest(v_all, v_was, v_became, v_fault) with ordinality
	    o (id, was, became, fault, n)
	join data.registration r on r.id = o.id
	join data.person p on p.id = r.person_id
	order by o.n;
end
$$;
