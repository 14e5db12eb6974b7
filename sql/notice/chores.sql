-- What the worker does from time to time.

-- Sends the reminders whose time has come, once each, and closes what is sent.
-- One that was missed by more than a day, or whose event is off, or has begun
-- though it speaks of its beginning, is not sent any more; one whose people can
-- not be found (its question has become sensitive since) ends, and stops no
-- other.
create function notice.due()
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing;
	v_due timestamptz;
	v_late boolean;
	v_fault text;
	v_count integer := 0;
begin
	perform account.must_house();
	for v_mailing in
		select m.* from data.mailing m
		where m.state = 'scheduled'
		and notice.due_at(m.event_id, m.anchor, m.lag) <= now()
		order by m.id
		for no key update skip locked
		limit 5
	loop
		v_due := notice.due_at(v_mailing.event_id, v_mailing.anchor,
		    v_mailing.lag);
		select e.state <> 'published' or v_due < now() - interval '1 day'
		    or v_mailing.lag < interval '0' and now() > notice.due_at(
		        e.id, v_mailing.anchor, interval '0')
		into v_late
		from data.event e
		where e.id = v_mailing.event_id;

		v_fault := null;
		begin
			if not v_late then
				v_count := v_count + notice.enqueue(v_mailing);
			end if;
		exception when sqlstate 'P0001' or sqlstate 'P0002'
		    or sqlstate 'P0003' or data_exception then
			v_fault := sqlerrm;
		end;
		if v_late or v_fault is not null then
			update data.mailing m set state = 'cancelled', ended = now()
			where m.id = v_mailing.id;
		end if;
		perform account.note('notice.due', 'mailing', v_mailing.id,
		    jsonb_build_object('late', v_late, 'fault', v_fault));
	end loop;
	if v_count > 0 then
		perform notice.wake();
	end if;

	update data.mailing m set state = 'done', ended = clock_timestamp()
	where m.state = 'sending' and not exists (
	    select from data.notice n
	    where n.mailing_id = m.id and n.state = 'waiting');

	return v_count;
end
$$;

-- Forgets to whom old mails went, and what was said of them; that they went
-- stays, for counts.  A setting says after how many days.
create function notice.tidy()
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_days integer;
	v_count integer;
begin
	perform account.must_house();
	select s.value::integer into v_days
	from data.setting s
	where s.name = 'notice_days';

	update data.notice n
	set email = '', details = '{}', problem = case n.state
	    when 'dropped' then n.problem else '' end
	where n.id = any (array(
	    select q.id from data.notice q
	    where q.created < now() - make_interval(days => coalesce(v_days, 90))
	    and q.state <> 'waiting' and q.email <> ''
	    limit 10000));
	get diagnostics v_count = row_count;

	return v_count;
end
$$;
