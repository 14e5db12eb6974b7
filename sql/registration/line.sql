-- Who waits, and who is next.

-- Free seats go to the head of the queue, while the event takes people.  The
-- caller holds the lock.  Answers how many were promoted.
create function registration.promote(p_event bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_pool data.pool := registration.pool_of(p_event);
	v_free integer := v_pool.seats - v_pool.held - v_pool.offered
	    - v_pool.confirmed;
	v_ids bigint[];
	v_id bigint;
begin
	if v_pool.waitlisted = 0 or v_free <= 0 or not exists (
	    select from data.event e
	    where e.id = p_event and e.state = 'published'
	    and least(e.cutoff, e.ends) > clock_timestamp()) then
		return 0;
	end if;

	v_ids := array(
	    select r.id from data.registration r
	    where r.pool_id = v_pool.id and r.state = 'waitlisted'
	    order by r.priority, r.arrival
	    limit v_free);
	update data.pool set confirmed = confirmed + cardinality(v_ids),
	    waitlisted = waitlisted - cardinality(v_ids)
	where id = v_pool.id;
	update data.registration set state = 'confirmed'
	where id = any (v_ids);

	foreach v_id in array v_ids loop
		perform registration.remember(v_id, 'waitlisted', 'confirmed',
		    'promoted');
		perform invite.open(v_id, null, 'registration.promoted');
	end loop;

	return cardinality(v_ids);
end
$$;
