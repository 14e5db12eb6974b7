-- Mailings: written by organizers, sent to all whom a filter finds.

-- The registrations that a mailing reaches: one of each person, the last.
create function notice.recipients(p_event bigint, p_filter jsonb)
returns table (registration bigint, person bigint, language text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	perform account.must('organizer', p_event);

	return query
	select distinct on (r.person_id) r.id, p.id, p.language
	from registration.filtered(p_event, p_filter) f (id)
	join data.registration r on r.id = f.id
	join data.person p on p.id = r.person_id
	where p.disabled is null
	order by r.person_id, r.arrival desc;
end
$$;

-- When a reminder goes out, wherever its event is now.  A day is a day of the
-- event's zone, whatever the clocks do meanwhile.  Null: the event has no such
-- moment.
create function notice.due_at(p_event bigint, p_anchor data.mailing_anchor,
    p_lag interval)
returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_at timestamptz;
	v_zone text;
begin
	select case p_anchor when 'starts' then e.starts when 'ends' then e.ends
	    when 'cutoff' then e.cutoff else p.opens end, e.zone
	into v_at, v_zone
	from data.event e
	left join data.pool p on p.event_id = e.id
	where e.id = p_event;

	return (v_at at time zone v_zone + p_lag) at time zone v_zone;
end
$$;

-- The mailing of an event, held; its organizers alone go on.
create function notice.mailing(p_event bigint, p_mailing bigint)
returns data.mailing
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing;
begin
	perform account.must('organizer', p_event);
	select m.* into v_mailing
	from data.mailing m
	where m.id = p_mailing and m.event_id = p_event
	for no key update;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'notice.no_mailing';
	end if;

	return v_mailing;
end
$$;

-- The event's own language is what everybody falls back to.
create function notice.check_words(p_event bigint, p_subject jsonb,
    p_body jsonb)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_language text;
begin
	select e.language into v_language from data.event e where e.id = p_event;
	if not p_subject ? v_language then
		raise exception using errcode = 'P0001',
		    message = 'notice.language_needed',
		    column = 'subject_' || v_language;
	end if;
	if not p_body ? v_language then
		raise exception using errcode = 'P0001',
		    message = 'notice.language_needed',
		    column = 'body_' || v_language;
	end if;
end
$$;

-- A reminder's moment must be known, and to come.
create function notice.check_due(p_event bigint, p_anchor data.mailing_anchor,
    p_lag interval)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_due timestamptz := notice.due_at(p_event, p_anchor, p_lag);
begin
	if v_due is null then
		raise exception using errcode = 'P0001',
		    message = 'notice.no_anchor', column = 'anchor';
	end if;
	if v_due <= now() then
		raise exception using errcode = 'P0001',
		    message = 'notice.due_past', column = 'days';
	end if;
end
$$;

-- Writes a mailing down, or changes one that is not being sent.
create function notice.mailing_save(p_event bigint, p_mailing bigint,
    p_version integer, p_kind text, p_filter jsonb, p_topic text,
    p_essential boolean, p_subject jsonb, p_body jsonb, p_anchor text,
    p_lag interval)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing;
	v_id bigint;
begin
	perform account.must('organizer', p_event);
	perform notice.check_words(p_event, p_subject, p_body);
	perform registration.check_filter(p_event, coalesce(p_filter, '{}'));
	if p_kind = 'reminder' then
		perform notice.check_due(p_event, p_anchor::data.mailing_anchor,
		    p_lag);
	end if;

	if p_mailing is null then
		insert into data.mailing (event_id, kind, filter, topic, essential,
		    subject, body, anchor, lag, made_by)
		values (p_event, p_kind::data.mailing_kind, coalesce(p_filter, '{}'),
		    p_topic::data.mail_topic, p_essential, p_subject, p_body,
		    p_anchor::data.mailing_anchor, p_lag, account.actor())
		returning id into v_id;
	else
		v_mailing := notice.mailing(p_event, p_mailing);
		if v_mailing.state not in ('draft', 'scheduled')
		    or v_mailing.version is distinct from p_version then
			raise exception using errcode = 'P0003',
			    message = 'notice.changed_meanwhile';
		end if;
		update data.mailing m
		set filter = coalesce(p_filter, '{}'), subject = p_subject,
		    body = p_body, topic = p_topic::data.mail_topic,
		    essential = p_essential, version = m.version + 1,
		    anchor = p_anchor::data.mailing_anchor, lag = p_lag
		where m.id = p_mailing
		returning m.id into v_id;
	end if;
	perform account.note('notice.mailing_save', 'mailing', v_id,
	    jsonb_build_object('event', p_event));

	return v_id;
end
$$;

-- A mail to each whom it reaches, in one statement.  Who does not want it, or
-- cannot be reached, is written down as passed over.
create function notice.enqueue(p_mailing data.mailing)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	insert into data.notice (kind, person_id, email, language, event_id,
	    registration_id, mailing_id, priority, state, problem)
	select 'mailing', p.id, p.email, p.language, p_mailing.event_id,
	    r.registration, p_mailing.id, 8,
	    case when why.not is null then 'waiting' else 'dropped' end
	    ::data.notice_state, coalesce(why.not, '')
	from notice.recipients(p_mailing.event_id, p_mailing.filter) r
	join data.person p on p.id = r.person
	left join data.preference f on f.person_id = p.id
	    and f.topic = p_mailing.topic
	cross join lateral (
	    select case when p_mailing.essential then null
	        when not f.wanted then 'unwanted'
	        when p.bounced is not null then 'unreachable' end as not) why;
	get diagnostics v_count = row_count;
	if v_count > 50000 then
		raise exception using errcode = 'P0003',
		    message = 'notice.too_many';
	end if;
	update data.mailing m
	set state = 'sending', began = clock_timestamp(), version = m.version + 1
	where m.id = p_mailing.id;

	return v_count;
end
$$;

-- Sends a mailing, or sets a reminder's clock.
create function notice.send(p_event bigint, p_mailing bigint)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing := notice.mailing(p_event, p_mailing);
	v_count integer := 0;
begin
	if v_mailing.state <> 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'notice.sent_already';
	end if;

	if v_mailing.kind = 'reminder' then
		perform notice.check_due(p_event, v_mailing.anchor,
		    v_mailing.lag);
		update data.mailing m
		set state = 'scheduled', version = m.version + 1
		where m.id = p_mailing;
	else
		v_count := notice.enqueue(v_mailing);
		if v_count = 0 then
			raise exception using errcode = 'P0003',
			    message = 'notice.nobody';
		end if;
		perform notice.wake();
	end if;
	perform account.note('notice.send', 'mailing', p_mailing,
	    jsonb_build_object('event', p_event, 'people', v_count));

	return v_count;
end
$$;

-- Holds it, or lets it go on.  The worker gives back what it had taken.
create function notice.pause_mailing(p_event bigint, p_mailing bigint,
    p_pause boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing := notice.mailing(p_event, p_mailing);
begin
	if v_mailing.state not in ('sending', 'paused') then
		raise exception using errcode = 'P0003',
		    message = 'notice.not_sending';
	end if;

	update data.mailing m
	set state = case when p_pause then 'paused' else 'sending' end
	    ::data.mailing_state
	where m.id = p_mailing;
	if p_pause then
		perform pg_notify('notice', 'paused');
	else
		perform notice.wake();
	end if;
	perform account.note(case when p_pause then 'notice.pause'
	    else 'notice.resume' end, 'mailing', p_mailing);
end
$$;

-- Ends it for good: who has not got it yet does not get it.  A reminder that
-- only waits for its time is a draft again.
create function notice.cancel_mailing(p_event bigint, p_mailing bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing := notice.mailing(p_event, p_mailing);
begin
	if v_mailing.state not in ('scheduled', 'sending', 'paused') then
		raise exception using errcode = 'P0003',
		    message = 'notice.not_sending';
	end if;

	update data.mailing m
	set state = case v_mailing.state when 'scheduled' then 'draft'
	    else 'cancelled' end::data.mailing_state, version = m.version + 1,
	    ended = case when v_mailing.state <> 'scheduled' then now() end
	where m.id = p_mailing;
	update data.notice n
	set state = 'dropped', problem = 'stopped', lease_until = null
	where n.mailing_id = p_mailing and n.state = 'waiting';
	perform pg_notify('notice', 'paused');
	perform account.note('notice.cancel', 'mailing', p_mailing);
end
$$;

-- Throws a draft away.
create function notice.delete_mailing(p_event bigint, p_mailing bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing := notice.mailing(p_event, p_mailing);
begin
	if v_mailing.state <> 'draft' then
		raise exception using errcode = 'P0003',
		    message = 'notice.sent_already';
	end if;

	delete from data.mailing m where m.id = p_mailing;
	perform account.note('notice.delete', 'mailing', p_mailing);
end
$$;

-- To whom writes it alone, once in each language that it has, as others will
-- get it.
create function notice.test_mailing(p_event bigint, p_mailing bigint)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_mailing data.mailing := notice.mailing(p_event, p_mailing);
	v_count integer;
begin
	perform account.throttle('mailing.test', 'person ' || account.actor());
	insert into data.notice (kind, person_id, email, language, event_id,
	    registration_id, details)
	select 'mailing', p.id, p.email, l.language, p_event, (
	    select max(r.id) from data.registration r
	    where r.event_id = p_event and r.person_id = p.id),
	    jsonb_build_object('mailing', p_mailing)
	from data.person p
	cross join lateral jsonb_object_keys(v_mailing.body) l (language)
	where p.id = account.actor();
	get diagnostics v_count = row_count;
	perform notice.wake();

	return v_count;
end
$$;
