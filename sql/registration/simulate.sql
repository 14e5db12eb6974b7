-- What a change of the rules would do, without doing it.

-- How a pool stands, with each bucket's use.
create function registration.standing(p_event bigint)
returns jsonb
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_pool data.pool := registration.pool_of(p_event);
begin
	return jsonb_build_object('seats', v_pool.seats,
	    'used', v_pool.held + v_pool.offered + v_pool.confirmed + v_pool.kept,
	    'free', registration.free(v_pool), 'reserved', v_pool.reserved,
	    'confirmed', v_pool.confirmed, 'offered', v_pool.offered,
	    'waitlisted', v_pool.waitlisted, 'buckets', coalesce((
	        select jsonb_agg(jsonb_build_object('id', b.id, 'name', b.name,
	            'seats', b.seats, 'used', b.held + b.offered + b.confirmed
	            + b.kept, 'waitlisted', b.waitlisted,
	            'released', b.released is not null) order by b.position, b.id)
	        from data.bucket b where b.pool_id = v_pool.id), '[]'));
end
$$;

-- The change is one of {"rules": {…}}, the rules that shall be others, times as
-- text on the wall of the event's zone; {"bucket": {…}}, a bucket as it shall
-- be, a new one without "id"; {"drop": id}; {"release": id}.  The real verbs do
-- it, and it is undone.  Answers {before, after, promoted, moved: the first of
-- those}, or {before, refused: {words, field}}.
create function registration.simulate(p_event bigint, p_change jsonb)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_said jsonb;
	v_promoted integer;
	v_last bigint;
	v_words text;
	v_field text;
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	v_said := jsonb_build_object('before', registration.standing(p_event));
	select max(c.id) into v_last from data.registration_change c;

	begin
		v_promoted := registration.apply(p_event, p_change);
		v_said := v_said || jsonb_build_object('promoted', v_promoted,
		    'after', registration.standing(p_event),
		    'moved', registration.moved(p_event, coalesce(v_last, 0)));
		raise exception using errcode = 'CV001';
	exception
		when sqlstate 'CV001' then
			null;
		when sqlstate 'P0001' or sqlstate 'P0003' or sqlstate 'P0004' then
			get stacked diagnostics v_words = message_text,
			    v_field = column_name;
			v_said := v_said || jsonb_build_object('refused',
			    jsonb_build_object('words', v_words, 'field', v_field));
	end;

	return v_said;
end
$$;

-- Who got a seat out of the line since that change, the first fifty.
create function registration.moved(p_event bigint, p_after bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object('registration', m.id,
	        'name', m.name, 'state', m.became) order by m.change), '[]')
	    from (
	        select r.id, p.name, c.became, c.id as change
	        from data.registration_change c
	        join data.registration r on r.id = c.registration_id
	        join data.person p on p.id = r.person_id
	        where c.id > p_after and r.event_id = p_event
	        and c.was = 'waitlisted' and c.became in ('offered', 'confirmed')
	        order by c.id
	        limit 50) m);
end
$$;

create function registration.apply(p_event bigint, p_change jsonb)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_bucket jsonb := p_change -> 'bucket';
	v_id bigint := coalesce(p_change ->> 'drop', p_change ->> 'release',
	    v_bucket ->> 'id')::bigint;
begin
	if v_id is not null
	    and account.event_of('bucket', v_id) is distinct from p_event then
		raise exception using errcode = 'P0002',
		    message = 'registration.no_bucket';
	end if;

	if p_change ? 'drop' then
		return (select d.promoted from registration.bucket_drop(v_id) d);
	elsif p_change ? 'release' then
		return (select d.promoted from registration.bucket_release(v_id) d);
	elsif p_change ? 'bucket' then
		return (
		    select b.promoted from registration.bucket_put(v_id, p_event,
		        v_bucket ->> 'name', (v_bucket ->> 'by')::data.bucket_by,
		        (v_bucket ->> 'question')::bigint, array(
		        select jsonb_array_elements_text(v_bucket -> 'values')),
		        (v_bucket ->> 'nominated')::boolean,
		        (v_bucket ->> 'seats')::integer,
		        (v_bucket ->> 'release')::timestamptz) b);
	end if;

	return registration.apply_rules(p_event, p_change -> 'rules');
end
$$;

-- Those that are not named stay as they are.
create function registration.apply_rules(p_event bigint, p_rules jsonb)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_zone text;
	v_pool data.pool := registration.pool_of(p_event);
	v_rules data.pool;
	v_times jsonb;
begin
	select e.zone into strict v_zone from data.event e where e.id = p_event;
	v_times := jsonb_build_object('opens', v_pool.opens at time zone v_zone,
	    'edit_until', v_pool.edit_until at time zone v_zone,
	    'transfer_until', v_pool.transfer_until at time zone v_zone) || p_rules;
	v_rules := jsonb_populate_record(v_pool,
	    p_rules - '{opens,edit_until,transfer_until}'::text[]);

	return (
	    select s.promoted from registration.set_rules(p_event, null,
	        v_rules.seats, (v_times ->> 'opens')::timestamp,
	        v_rules.promotion, v_rules.offer_hours, v_rules.hold_minutes,
	        v_rules.scarce, v_rules.approval, v_rules.decide_days,
	        v_rules.reapprove, (v_times ->> 'edit_until')::timestamp,
	        v_rules.transfer, (v_times ->> 'transfer_until')::timestamp,
	        v_rules.party_most, v_rules.party_policy, v_rules.code_only) s);
end
$$;
