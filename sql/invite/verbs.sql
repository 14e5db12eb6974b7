-- What participants' calendars are told.  Messages to one person about one
-- object rise in SEQUENCE; an object's own counter is never below any of them.
-- Counters change under the event's lock (see registration) or, when only one
-- is touched, under its row's.

-- The calendar object of an event, or of one of its sessions, made when there
-- is none yet, and held so that it does not move before the caller has ended.
create function invite.calendar(p_event bigint, p_session bigint)
returns data.calendar
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_calendar data.calendar;
begin
	for i in 1..2 loop
		if p_session is null then
			select * into v_calendar from data.calendar c
			where c.event_id = p_event and c.session_id is null
			for share;
		else
			select * into v_calendar from data.calendar c
			where c.session_id = p_session
			for share;
		end if;
		exit when found;
		perform schedule.calendars(p_event);
	end loop;

	return v_calendar;
end
$$;

create function invite.keep_uid()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
	if new.uid <> old.uid or new.sequence < old.sequence then
		raise exception using errcode = '42501',
		    message = 'invite.uid_for_life';
	end if;

	return new;
end
$$;
create trigger keep_uid before update on data.calendar
    for each row execute function invite.keep_uid();

-- Invites the registration's person to the event (session null) or to a
-- session.  Who was invited before is told with a number above what they had.
create function invite.open(p_registration bigint, p_session bigint,
    p_kind text, p_details jsonb default '{}')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_event bigint;
	v_person bigint;
	v_calendar data.calendar;
	v_invite bigint;
begin
	select r.event_id, r.person_id into strict v_event, v_person
	from data.registration r where r.id = p_registration;
	v_calendar := invite.calendar(v_event, p_session);

	insert into data.invite (calendar_id, person_id, registration_id,
	    last_sent_seq, last_material_seq, last_method, last_sent)
	values (v_calendar.id, v_person, p_registration, v_calendar.sequence,
	    v_calendar.sequence, 'REQUEST', clock_timestamp())
	on conflict (calendar_id, person_id) do nothing
	returning id into v_invite;
	if v_invite is null then
		v_calendar.sequence := invite.reopen(v_calendar.id, v_person,
		    p_registration);
		select i.id into strict v_invite from data.invite i
		where i.calendar_id = v_calendar.id and i.person_id = v_person;
	end if;

	perform notice.put(p_kind, v_person, v_event, p_registration, v_invite,
	    'REQUEST', v_calendar.sequence, p_details);
end
$$;

create function invite.reopen(p_calendar bigint, p_person bigint,
    p_registration bigint)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_invite bigint;
	v_last integer;
	v_sequence integer;
begin
	select i.id, coalesce(i.last_sent_seq, -1) into strict v_invite, v_last
	from data.invite i
	where i.calendar_id = p_calendar and i.person_id = p_person;
	perform invite.drop_unsent(array[v_invite]);

	update data.calendar set sequence = greatest(sequence, v_last + 1)
	where id = p_calendar
	returning sequence into v_sequence;
	update data.invite set live = true, ended = null,
	    registration_id = p_registration, partstat = 'NEEDS-ACTION',
	    last_sent_seq = v_sequence, last_material_seq = v_sequence,
	    last_method = 'REQUEST', last_sent = clock_timestamp()
	where id = v_invite;

	return v_sequence;
end
$$;

-- Takes back what has not gone out yet for these invites, for a newer message
-- comes.  What the worker holds at the moment goes out.  Answers, for each, the
-- kind of the first that was taken back.
create function invite.drop_unsent(p_invites bigint[])
returns table (invite bigint, kind text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with dropped as (
	    update data.notice n set state = 'dropped'
	    where n.invite_id = any (p_invites) and n.state = 'waiting'
	    and (n.lease_until is null or n.lease_until < clock_timestamp())
	    returning n.id, n.invite_id, n.kind, n.method)
	select distinct on (d.invite_id) d.invite_id, d.kind
	from dropped d
	where d.method = 'REQUEST'
	order by d.invite_id, d.id;
end
$$;

-- Something of an event or session changed that calendars show.  Material (when
-- it is, where one must be): everyone is asked anew.  What is over is not told.
-- A confirmation that has not gone out yet stays a confirmation.
create function invite.changed(p_calendar bigint, p_material boolean)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_calendar data.calendar := invite.raise(p_calendar, p_material);
	v_invites bigint[];
	v_told integer;
begin
	if not invite.ahead(p_calendar) then
		return 0;
	end if;
	v_invites := array(
	    select i.id from data.invite i
	    where i.calendar_id = p_calendar and i.live);
	update data.invite set
	    last_sent_seq = case when p_material then v_calendar.sequence
	        else last_sent_seq end,
	    last_material_seq = case when p_material then v_calendar.sequence
	        else last_material_seq end,
	    partstat = case when p_material then 'NEEDS-ACTION'
	        else partstat end,
	    last_method = 'REQUEST', last_sent = clock_timestamp()
	where id = any (v_invites);

	perform notice.put(coalesce(d.kind, 'invite.changed'), i.person_id,
	    v_calendar.event_id, i.registration_id, i.id, 'REQUEST',
	    i.last_sent_seq, jsonb_build_object('material', p_material))
	from data.invite i
	left join invite.drop_unsent(v_invites) d on d.invite = i.id
	where i.id = any (v_invites)
	order by i.id;
	get diagnostics v_told = row_count;

	return v_told;
end
$$;

-- Under the event's lock: the counter one up when material, and the moment of
-- the change.
create function invite.raise(p_calendar bigint, p_material boolean)
returns data.calendar
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_calendar data.calendar;
begin
	select * into strict v_calendar from data.calendar c
	where c.id = p_calendar;
	perform registration.lock(v_calendar.event_id);
	update data.calendar c
	set sequence = sequence + p_material::integer,
	    revised = clock_timestamp()
	where c.id = p_calendar
	returning c.* into v_calendar;

	return v_calendar;
end
$$;

create function invite.ahead(p_calendar bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.calendar c
	    join data.event e on e.id = c.event_id
	    left join data.session s on s.id = c.session_id
	    where c.id = p_calendar
	    and coalesce(s.ends, e.ends) > clock_timestamp());
end
$$;

-- An event or session will not be.  With an event, every registration ends and
-- its sessions' invites are cancelled too.
create function invite.cancelled(p_calendar bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_calendar data.calendar := invite.raise(p_calendar, false);
	v_each record;
begin
	if v_calendar.session_id is null then
		perform registration.end_event(v_calendar.event_id);
	end if;

	for v_each in
		select c.id, c.session_id from data.calendar c
		where c.id = p_calendar or v_calendar.session_id is null
		and c.event_id = v_calendar.event_id
		order by c.id
	loop
		perform invite.raise(v_each.id, false);
		perform invite.call_off(array(
		    select i.id from data.invite i
		    where i.calendar_id = v_each.id and i.live),
		    case when v_each.session_id is null
		    then 'invite.event_cancelled'
		    else 'invite.session_cancelled' end);
	end loop;
end
$$;

-- A session will be after all: whoever has it on their agenda is invited again,
-- above the cancellation.
create function invite.restored(p_calendar bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_calendar data.calendar := invite.raise(p_calendar, false);
begin
	if not invite.ahead(p_calendar) then
		return;
	end if;

	perform invite.open(k.registration_id, k.session_id,
	    'invite.session_restored')
	from data.pick k
	join data.registration r on r.id = k.registration_id
	where k.session_id = v_calendar.session_id and not k.waiting
	and r.state = 'confirmed'
	order by k.registration_id;
end
$$;

-- Ends these live invites of one calendar: one number up, and a CANCEL to each
-- person who was, or may have been, sent a REQUEST.
create function invite.call_off(p_invites bigint[], p_kind text,
    p_details jsonb default '{}')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_sequence integer;
	v_ahead boolean;
begin
	update data.calendar c set sequence = sequence + 1
	where c.id = (
	    select i.calendar_id from data.invite i where i.id = p_invites[1])
	returning c.sequence, invite.ahead(c.id) into v_sequence, v_ahead;
	perform invite.drop_unsent(p_invites);
	update data.invite set live = false, ended = clock_timestamp(),
	    last_sent_seq = v_sequence, last_method = 'CANCEL',
	    last_sent = clock_timestamp()
	where id = any (p_invites);

	-- An attempt is counted when it begins, so none means none arrived.
	perform notice.put(p_kind, i.person_id, c.event_id, i.registration_id,
	    case when t.told then i.id end,
	    case when t.told then 'CANCEL'::data.method end,
	    case when t.told then v_sequence end, p_details)
	from data.invite i
	join data.calendar c on c.id = i.calendar_id
	cross join lateral (
	    select exists (
	        select from data.notice n
	        where n.invite_id = i.id and n.method = 'REQUEST'
	        and n.attempts > 0 and n.state <> 'failed') as told) t
	where i.id = any (p_invites) and v_ahead
	and (t.told or c.session_id is null)
	order by i.id;
end
$$;

-- The person leaves: every invite of the registration ends.  Who had none (they
-- waited) is told without a calendar.
create function invite.close(p_registration bigint, p_kind text,
    p_details jsonb default '{}')
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_each record;
	v_any boolean := false;
begin
	for v_each in
		select i.id, c.session_id
		from data.invite i join data.calendar c on c.id = i.calendar_id
		where i.registration_id = p_registration and i.live
		order by c.id
	loop
		perform invite.call_off(array[v_each.id],
		    case when v_each.session_id is null then p_kind
		    else 'registration.unpicked' end, p_details);
		v_any := v_any or v_each.session_id is null;
	end loop;

	if not v_any then
		perform notice.put(p_kind, r.person_id, r.event_id, r.id,
		    p_details => p_details)
		from data.registration r where r.id = p_registration;
	end if;
end
$$;

create function invite.close_session(p_registration bigint, p_session bigint,
    p_kind text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform invite.call_off(array[i.id], p_kind)
	from data.invite i join data.calendar c on c.id = i.calendar_id
	where i.registration_id = p_registration and i.live
	and c.session_id = p_session;
end
$$;

-- A new secret address for the actor's feed; the one before no longer works.
create function invite.feed_make(p_token_hash bytea)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;
	update data.person p set feed_hash = p_token_hash
	where p.id = account.actor();
	perform account.note('invite.feed_make', 'person', account.actor(),
	    '{}'::jsonb);
end
$$;

-- A person's feed, by the hash of its secret address.  The numbers are those
-- that this person was sent, so that what others do does not change it.
create function invite.feed(p_feed_hash bytea)
returns table (person bigint, name text, language text, uid text,
    sequence integer, revised text, event bigint, session_id bigint,
    title text, event_title text, summary text, slug text, zone text,
    starts text, ends text, room text, venue text, city text, country text,
    online_url text, cancelled boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	select p.id, p.name, p.language, c.uid, i.last_sent_seq,
	    schedule.at(greatest(c.revised, i.ended), 'UTC'), e.id, s.id,
	    coalesce(s.title, e.title), e.title,
	    coalesce(s.abstract, e.summary), e.slug, e.zone,
	    schedule.at(coalesce(s.starts, e.starts), e.zone),
	    schedule.at(coalesce(s.ends, e.ends), e.zone),
	    coalesce(o.name, ''), e.venue, e.city, e.country,
	    case when i.live
	    then coalesce(nullif(s.online_url, ''), e.online_url) else '' end,
	    not i.live
	from data.person p
	left join (data.invite i
	    join data.calendar c on c.id = i.calendar_id
	    join data.event e on e.id = c.event_id
	    left join data.session s on s.id = c.session_id
	    left join data.room o on o.id = s.room_id)
	    on i.person_id = p.id
	    and (i.live or i.ended > now() - interval '30 days')
	where p.feed_hash = p_feed_hash and p.disabled is null
	order by coalesce(s.starts, e.starts), c.id;
end
$$;

-- The entry of the event for who holds the manage token of a registration.
create function invite.managed(p_manage_hash bytea)
returns table (language text, uid text, sequence integer, revised text,
    event bigint, title text, summary text, slug text, zone text, starts text,
    ends text, venue text, city text, country text, online_url text,
    cancelled boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query
	select p.language, c.uid, i.last_sent_seq,
	    schedule.at(greatest(c.revised, i.ended), 'UTC'), e.id, e.title,
	    e.summary, e.slug, e.zone, schedule.at(e.starts, e.zone),
	    schedule.at(e.ends, e.zone), e.venue, e.city, e.country,
	    case when i.live then e.online_url else '' end, not i.live
	from data.invite i
	join data.calendar c on c.id = i.calendar_id and c.session_id is null
	join data.event e on e.id = c.event_id
	join data.person p on p.id = i.person_id
	where i.registration_id = v_row.id and i.person_id = v_row.person_id;
end
$$;

create function invite.has_feed()
returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.person p
	    where p.id = account.actor() and p.feed_hash is not null);
end
$$;
