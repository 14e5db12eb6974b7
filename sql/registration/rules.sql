-- The rules of a pool, as its organizer sets them.

create function registration.set_seats(p_event bigint, p_seats integer)
returns table (seats integer, confirmed integer, waitlisted integer,
    promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.pool;
	v_promoted integer;
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	v_pool := registration.pool_of(p_event);

	perform registration.check_seats(v_pool, p_seats);
	update data.pool p set seats = p_seats, version = p.version + 1
	where p.id = v_pool.id;
	perform account.note('registration.set_seats', 'event', p_event,
	    jsonb_build_object('was', v_pool.seats, 'seats', p_seats));
	v_promoted := registration.promote(p_event);

	return query select p.seats, p.confirmed, p.waitlisted, v_promoted
	from data.pool p where p.id = v_pool.id;
end
$$;

-- Refuses fewer seats than are taken or set aside.
create function registration.check_seats(p_pool data.pool, p_seats integer)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_used integer := p_pool.held + p_pool.offered + p_pool.confirmed
	    + p_pool.kept;
	v_words text;
begin
	v_words := case
	    when p_seats < 0 then 'registration.seats_negative'
	    when p_seats < v_used then 'registration.seats_below_used'
	    when p_seats < p_pool.reserved + v_used - p_pool.inside
	    then 'registration.seats_below_buckets'
	    when p_seats is null and p_pool.reserved > 0
	    then 'registration.buckets_need_seats' end;
	if v_words is not null then
		raise exception using errcode = 'P0001', column = 'seats',
		    message = v_words;
	end if;
end
$$;

-- All rules at once, times on the wall of the event's zone; from the version
-- that the form was filled in from (null: whatever it is).
create function registration.set_rules(p_event bigint, p_version integer,
    p_seats integer, p_opens timestamp, p_promotion data.promotion,
    p_offer_hours integer, p_hold_minutes integer, p_scarce integer,
    p_approval data.approval, p_decide_days integer, p_reapprove boolean,
    p_edit_until timestamp, p_transfer boolean, p_transfer_until timestamp,
    p_party_most integer, p_party_policy data.party_policy,
    p_code_only boolean)
returns table (event bigint, version integer, promoted integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event data.event;
	v_was data.pool;
	v_new data.pool;
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
	v_was := registration.pool_of(p_event);
	if p_version <> v_was.version then
		raise exception using errcode = 'P0003',
		    message = 'registration.overtaken';
	end if;
	select * into strict v_event from data.event e where e.id = p_event;

	v_new := v_was;
	v_new.seats := p_seats;
	v_new.opens := schedule.wall(p_opens, v_event.zone, 'opens');
	v_new.promotion := coalesce(p_promotion, 'confirm');
	v_new.offer_hours := coalesce(p_offer_hours, 48);
	v_new.hold_minutes := coalesce(p_hold_minutes, 15);
	v_new.scarce := coalesce(p_scarce, 20);
	v_new.approval := coalesce(p_approval, 'none');
	v_new.decide_days := coalesce(p_decide_days, 7);
	v_new.reapprove := coalesce(p_reapprove, false);
	v_new.edit_until := schedule.wall(p_edit_until, v_event.zone, 'edit_until');
	v_new.transfer := coalesce(p_transfer, false);
	v_new.transfer_until := schedule.wall(p_transfer_until, v_event.zone,
	    'transfer_until');
	v_new.party_most := coalesce(p_party_most, 0);
	v_new.party_policy := coalesce(p_party_policy, 'wait');
	v_new.code_only := coalesce(p_code_only, false);
	perform registration.check_rules(v_event, v_new);

	return query select p_event, v_was.version + 1,
	    registration.put_rules(v_was, v_new);
end
$$;

create function registration.put_rules(p_was data.pool, p_new data.pool)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.check_seats(p_was, p_new.seats);
	update data.pool p
	set seats = p_new.seats, opens = p_new.opens,
	    promotion = p_new.promotion, offer_hours = p_new.offer_hours,
	    hold_minutes = p_new.hold_minutes, scarce = p_new.scarce,
	    approval = p_new.approval, decide_days = p_new.decide_days,
	    reapprove = p_new.reapprove, edit_until = p_new.edit_until,
	    transfer = p_new.transfer, transfer_until = p_new.transfer_until,
	    party_most = p_new.party_most, party_policy = p_new.party_policy,
	    code_only = p_new.code_only, version = p.version + 1
	where p.id = p_was.id;
	perform schedule.touch(p_was.event_id);
	perform account.note('registration.set_rules', 'event', p_was.event_id,
	    registration.rules_said(p_new));
	if p_new.seats is distinct from p_was.seats then
		perform account.note('registration.set_seats', 'event',
		    p_was.event_id, jsonb_build_object('was', p_was.seats,
		        'seats', p_new.seats));
	end if;

	return registration.promote(p_was.event_id);
end
$$;

-- A pool's rules alone, without its counts.
create function registration.rules_said(p_pool data.pool)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return to_jsonb(p_pool) - '{id,event_id,held,offered,confirmed,waitlisted,
	    kept,reserved,inside,arrived,form_revision,version}'::text[];
end
$$;

create function registration.check_rules(p_event data.event, p_new data.pool)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_field text;
begin
	v_field := case
	    when p_new.offer_hours not between 1 and 720 then 'offer_hours'
	    when p_new.hold_minutes not between 0 and 120 then 'hold_minutes'
	    when p_new.scarce < 0 then 'scarce'
	    when p_new.decide_days not between 1 and 90 then 'decide_days'
	    when p_new.party_most not between 0 and 50 then 'party_most' end;
	if v_field is not null then
		raise exception using errcode = 'P0001', column = v_field,
		    message = 'registration.out_of_range';
	elsif p_new.opens >= least(p_event.cutoff, p_event.ends) then
		raise exception using errcode = 'P0001', column = 'opens',
		    message = 'registration.opens_late';
	end if;

	v_field := case
	    when p_new.edit_until > p_event.ends then 'edit_until'
	    when p_new.transfer_until > p_event.ends then 'transfer_until' end;
	if v_field is not null then
		raise exception using errcode = 'P0001', column = v_field,
		    message = 'registration.after_end';
	end if;
end
$$;
