-- The outbox.  A notice is put in the transaction that makes it true; the
-- worker claims some for a time, sends them, and says what became of each.

-- Wakes the worker.  Transactions that notify commit one after the other, so
-- of those at work at the same time only one does: the worker's poll finds what
-- the others put.
create function notice.wake()
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	if pg_try_advisory_xact_lock(1502, 0) then
		perform pg_notify('notice', '');
	end if;
end
$$;

-- To a person, in their language.
create function notice.put(p_kind text, p_person bigint, p_event bigint,
    p_registration bigint, p_invite bigint default null,
    p_method data.method default null, p_sequence integer default null,
    p_details jsonb default '{}', p_priority integer default 5)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into data.notice (kind, person_id, email, language, event_id,
	    registration_id, invite_id, method, sequence, details, priority)
	select p_kind, p.id, p.email, p.language, p_event, p_registration,
	    p_invite, p_method, p_sequence, p_details, p_priority
	from data.person p
	where p.id = p_person and p.disabled is null
	returning id into v_id;
	perform notice.wake();

	return v_id;
end
$$;

-- To an address that may belong to nobody here.
create function notice.put_to(p_kind text, p_email text, p_language text,
    p_details jsonb default '{}', p_priority integer default 1)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into data.notice (kind, email, language, details, priority)
	values (p_kind, p_email, coalesce(p_language, 'en'), p_details,
	    p_priority)
	returning id into v_id;
	perform notice.wake();

	return v_id;
end
$$;

-- The next that are due of mailings that are being sent, a share of each, so
-- that a long one does not keep the others waiting.  One that is paused is not
-- looked at, however many wait in it.
create function notice.due_of_mailings(p_limit integer)
returns setof bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailings bigint[];
begin
	select array_agg(m.id) into v_mailings
	from data.mailing m
	where m.state = 'sending';
	if v_mailings is null or p_limit < 1 then
		return;
	end if;

	return query
	select q.id
	from unnest(v_mailings) m (id)
	cross join lateral (
	    select n.id from data.notice n
	    where n.mailing_id = m.id and n.state = 'waiting'
	    and n.next_try <= clock_timestamp()
	    and (n.lease_until is null or n.lease_until < clock_timestamp())
	    order by n.next_try, n.id
	    for update skip locked
	    limit ceil(p_limit::numeric / cardinality(v_mailings))) q
	limit p_limit;
end
$$;

-- Up to so many that are due, the worker's for two minutes; those of mailings
-- after all others.  The commit of this claim is durable, so nothing is mailed
-- that a crash could undo.
create function notice.claim(p_limit integer)
returns setof data.notice
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_due bigint[];
begin
	perform account.must_house();
	v_due := array(
	    select q.id from data.notice q
	    where q.state = 'waiting' and q.mailing_id is null
	    and q.next_try <= clock_timestamp()
	    and (q.lease_until is null or q.lease_until < clock_timestamp())
	    order by q.priority, q.id
	    for update skip locked
	    limit p_limit);
	v_due := v_due || array(
	    select notice.due_of_mailings(p_limit - cardinality(v_due)));

	return query
	update data.notice n
	set lease_until = clock_timestamp() + interval '2 minutes',
	    attempts = n.attempts + 1
	where n.id = any (v_due)
	returning n.*;
end
$$;

-- Delivered to the relay; what was secret in the details is wiped.  One of a
-- mailing that was stopped while it was on its way has gone out, too.
create function notice.sent(p_notices bigint[])
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	perform account.must_house();
	update data.notice n
	set state = 'sent', sent = clock_timestamp(), lease_until = null,
	    details = '{}', problem = ''
	where n.id = any (p_notices) and (n.state = 'waiting'
	    or n.state = 'dropped' and n.mailing_id is not null);
	get diagnostics v_count = row_count;

	return v_count;
end
$$;

-- Waits before the try after so many: a minute, doubled each time up to four
-- hours, a fifth more or less, so that what failed together does not come back
-- together.  Twenty tries take about two days and a half.
create function notice.pause(p_attempts integer)
returns interval
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	return least(interval '1 minute' * 2 ^ least(p_attempts - 1, 10),
	    interval '4 hours') * (0.8 + 0.4 * random());
end
$$;

-- Not now (4xx, no connection).  Says whether it will be tried again.
create function notice.retry(p_notice bigint, p_problem text)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_state data.notice_state;
begin
	perform account.must_house();
	update data.notice n
	set state = case when n.attempts < 20 then n.state else 'failed' end,
	    next_try = clock_timestamp() + notice.pause(n.attempts),
	    lease_until = null, problem = left(p_problem, 1000),
	    details = case when n.attempts < 20 then n.details else '{}' end
	where n.id = p_notice and n.state = 'waiting'
	returning n.state into v_state;

	return coalesce(v_state = 'waiting', false);
end
$$;

-- Never (5xx).  The organizer sees it; of an address that the relay knows not
-- to exist (5.1.x), so does the person's account.
create function notice.failed(p_notice bigint, p_problem text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	update data.notice n
	set state = 'failed', lease_until = null,
	    problem = left(p_problem, 1000)
	where n.id = p_notice and n.state = 'waiting';
	if found and p_problem ~ '^5[0-9][0-9][ -]5\.1\.' then
		perform notice.flag(p_notice, true);
	end if;
end
$$;

-- Claimed, but not tried: the relay was away, or the mailing is paused.  It does
-- not count as a try.
create function notice.give_back(p_notices bigint[],
    p_rest interval default '5 seconds')
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	update data.notice n
	set lease_until = null, attempts = n.attempts - 1,
	    next_try = clock_timestamp() + p_rest
	where n.id = any (p_notices) and n.state = 'waiting'
	and n.attempts > 0;
end
$$;

-- A mailing that had ended goes on for those of it who get another try.
create function notice.reopen(p_event bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.mailing m set state = 'sending', ended = null
	where m.event_id = p_event and m.state in ('done', 'cancelled')
	and exists (
	    select from data.notice n
	    where n.mailing_id = m.id and n.state = 'waiting');
end
$$;

-- An organizer tries again all that failed in an event.
create function notice.retry_all(p_event bigint)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	perform account.must('organizer', p_event);
	update data.notice n
	set state = 'waiting', attempts = 0, next_try = clock_timestamp(),
	    email = p.email, bounced = null
	from data.person p
	where n.event_id = p_event
	and (n.state = 'failed' or n.bounced is not null and n.state = 'sent')
	and p.id = n.person_id and p.disabled is null;
	get diagnostics v_count = row_count;
	perform account.note('notice.retry_all', 'event', p_event,
	    jsonb_build_object('count', v_count));
	perform notice.reopen(p_event);
	perform notice.wake();

	return v_count;
end
$$;

-- One of them again, at once; its event is answered.
create function notice.again(p_notice bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
begin
	select n.event_id into v_event from data.notice n where n.id = p_notice;
	if v_event is null then
		raise exception using errcode = 'P0002',
		    message = 'notice.missing';
	end if;
	perform account.must('organizer', v_event);
	update data.notice n
	set state = 'waiting', attempts = 0, next_try = clock_timestamp(),
	    email = p.email, bounced = null
	from data.person p
	where n.id = p_notice and p.id = n.person_id and p.disabled is null
	and (n.state = 'failed' or n.bounced is not null
	    or n.state = 'waiting' and n.problem <> '');
	perform notice.reopen(v_event);
	perform notice.wake();
	perform account.note('notice.again', 'notice', p_notice);

	return v_event;
end
$$;
