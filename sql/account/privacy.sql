-- What is held about people: what they agreed to, who looked, all of it for
-- them to read, and its end.

-- Somebody agreed, or took it back.  What holds already is not said twice.
create function account.consented(p_person bigint, p_registration bigint,
    p_question bigint, p_wording text, p_language text, p_given boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_last data.consent;
begin
	select c.* into v_last from data.consent c
	where c.person_id = p_person
	and c.registration_id is not distinct from p_registration
	and c.question_id is not distinct from p_question
	order by c.id desc
	limit 1;
	if coalesce(v_last.given, false) = p_given
	    and (not p_given or v_last.wording = p_wording) then
		return;
	end if;

	insert into data.consent (person_id, registration_id, question_id,
	    wording, language, given)
	values (p_person, p_registration, p_question, p_wording, p_language,
	    p_given);
end
$$;

-- Each is noted, whoever wrote it down: by reference, for the wording is there.
create function account.note_consents()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.note(case when c.given then 'account.consent_given'
	    else 'account.consent_withdrawn' end, 'consent', c.id,
	    jsonb_build_object('registration', c.registration_id,
	    'question', c.question_id))
	from added c
	order by c.id;

	return null;
end
$$;
create trigger note_consents after insert on data.consent
    referencing new table as added
    for each statement execute function account.note_consents();

-- The actor was shown the sensitive answers of these registrations.  Called
-- by whatever shows them, in the same transaction.  One's own are not a look.
create function account.look_many(p_registrations bigint[], p_why text)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	if account.actor() is null and not account.trusted() then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	insert into data.look (actor, person_id, registration_id, why)
	select account.actor(), r.person_id, r.id, p_why
	from data.registration r
	where r.id = any (p_registrations)
	and r.person_id is distinct from account.actor();
	get diagnostics v_count = row_count;

	if v_count > 0 then
		perform account.note('account.look', 'registration',
		    case when v_count = 1 then p_registrations[1] end,
		    jsonb_build_object('looks', v_count, 'why', p_why));
	end if;

	return v_count;
end
$$;

create function account.look(p_registration bigint, p_why text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.look_many(array[p_registration], p_why);
end
$$;

-- Takes back one's own consent.  Whoever asked for it sees that it does not
-- hold any more; what was done meanwhile stays lawful.
create function account.consent_withdraw(p_consent bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_consent data.consent;
begin
	select c.* into v_consent from data.consent c
	where c.id = p_consent and c.person_id = account.actor();
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	perform account.consented(v_consent.person_id,
	    v_consent.registration_id, v_consent.question_id,
	    v_consent.wording, v_consent.language, false);
	perform registration.consent_withdrawn(v_consent.registration_id,
	    v_consent.question_id);

	return v_consent.person_id;
end
$$;

-- What this room holds about a person: who they are, and how they came in.
create function account.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select jsonb_build_object(
	        'person', jsonb_build_array(jsonb_build_object('email', p.email,
	            'name', p.name, 'language', p.language,
	            'country', p.country, 'zone', p.zone,
	            'organisation', p.organisation, 'unit', u.name,
	            'staff', p.staff, 'created', schedule.at(p.created, 'UTC'),
	            'bounced', schedule.at(p.bounced, 'UTC'))),
	        'logins', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'created', schedule.at(l.created, 'UTC'),
	                'last_seen', schedule.at(l.last_seen, 'UTC'))
	                order by l.created), '[]')
	            from data.login l where l.person_id = p.id),
	        'signins', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'at', schedule.at(s.asked, 'UTC')) order by s.id), '[]')
	            from data.signin s where s.email = p.email),
	        'roles', (
	            select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind,
	                'scope', r.scope,
	                'created', schedule.at(r.granted, 'UTC'))
	                order by r.granted), '[]')
	            from data.role r where r.person_id = p.id),
	        'devices', (
	            select coalesce(jsonb_agg(jsonb_build_object('name', d.name,
	                'created', schedule.at(d.enrolled, 'UTC'))
	                order by d.id), '[]')
	            from data.device d where d.enrolled_by = p.id))
	    from data.person p left join data.unit u on u.id = p.unit_id
	    where p.id = p_person);
end
$$;

-- What they agreed to, who looked, and what they did, as this room recorded.
create function account.recorded(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object(
	    'consents', (
	        select coalesce(jsonb_agg(jsonb_build_object('id', c.id,
	            'event', e.title, 'wording', c.wording, 'given', c.given,
	            'holds', c.given and not exists (
	                select from data.consent l
	                where l.person_id = c.person_id and l.id > c.id
	                and l.registration_id
	                    is not distinct from c.registration_id
	                and l.question_id is not distinct from c.question_id),
	            'at', schedule.at(c.at, 'UTC')) order by c.id), '[]')
	        from data.consent c
	        left join data.registration r on r.id = c.registration_id
	        left join data.event e on e.id = r.event_id
	        where c.person_id = p_person),
	    'looks', (
	        select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	            'by', w.name, 'reason', l.why,
	            'at', schedule.at(l.at, 'UTC')) order by l.id), '[]')
	        from data.look l
	        left join data.person w on w.id = l.actor
	        left join data.registration r on r.id = l.registration_id
	        left join data.event e on e.id = r.event_id
	        where l.person_id = p_person),
	    'acts', (
	        select coalesce(jsonb_agg(jsonb_build_object('act', a.act,
	            'at', schedule.at(a.at, 'UTC')) order by a.id), '[]')
	        from data.audit a where a.actor = p_person));
end
$$;

-- All that is held about the actor, room by room.
create function account.export_me()
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_actor bigint := account.actor();
begin
	if v_actor is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	end if;

	return jsonb_build_object(
	    'account', account.about(v_actor) || account.recorded(v_actor),
	    'registration', registration.about(v_actor),
	    'invite', invite.about(v_actor),
	    'checkin', checkin.about(v_actor),
	    'notice', notice.about(v_actor),
	    'schedule', schedule.about(v_actor),
	    'archive', archive.about(v_actor));
end
$$;

-- Nobody any more: no name, no address, no way in.  Consents stay as proof,
-- looks and the audit as they are: they hold numbers, not names.
create function account.forget(p_person bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	delete from data.login l where l.person_id = p_person;
	delete from data.role r where r.person_id = p_person;
	delete from data.signin s using data.person p
	where p.id = p_person and s.email = p.email;
	delete from data.throttle t using data.person p
	where p.id = p_person and t.bucket = 'signin.email' and t.key = p.email;
	update data.person p
	set email = 'erased-' || p.id || '@invalid', name = '—',
	    language = 'en', country = null, zone = null, organisation = '',
	    staff = false, unit_id = null, feed_hash = null,
	    mail_key = gen_random_uuid(), bounced = null, bounces = 0,
	    disabled = coalesce(p.disabled, now()), erased = now()
	where p.id = p_person;
end
$$;

-- Erases a person.  Seats are handed on and calendars told before the address
-- goes; counts, history and the audit's chain stay whole, for they know the
-- person by number.
create function account.forget_everywhere(p_person bigint,
    p_published boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform from data.person p
	where p.id = p_person and p.erased is null
	for no key update;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	if exists (
	    select from data.role r
	    where r.person_id = p_person and r.kind = 'admin') then
		perform account.must_leave_admin(p_person);
	end if;

	perform registration.leave_all(p_person);
	perform registration.forget(p_person);
	perform archive.forget(p_person, p_published);
	perform schedule.forget(p_person, p_published);
	perform notice.forget(p_person);
	perform account.note('account.erase', 'person', p_person,
	    jsonb_build_object('published', p_published));
	perform account.forget(p_person);
end
$$;

-- By the person, who types their own address so that it is meant.
create function account.erase_me(p_email text, p_published boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	if account.actor() is null then
		raise exception using errcode = '28000',
		    message = 'account.sign_in';
	elsif not exists (
	    select from data.person p
	    where p.id = account.actor() and p.email = lower(trim(p_email))) then
		raise exception using errcode = 'P0001', column = 'email',
		    message = 'account.not_your_address';
	end if;

	perform account.forget_everywhere(account.actor(),
	    coalesce(p_published, false));
end
$$;

-- By an administrator, or on the command line, for who asked for it.  Null: an
-- address that was only invited.
create function account.erase(p_email text, p_published boolean)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_email text := lower(trim(p_email));
	v_person bigint;
begin
	perform account.must_admin();
	select p.id into v_person from data.person p where p.email = v_email;
	if v_person is null and registration.uninvite(v_email) then
		perform notice.forget_address(v_email);
		perform account.note('account.erase', 'access_code');

		return null;
	elsif v_person is null then
		raise exception using errcode = 'P0001', column = 'email',
		    message = 'account.person_unknown';
	end if;

	perform account.forget_everywhere(v_person,
	    coalesce(p_published, false));

	return v_person;
end
$$;

-- How long what people said of themselves is kept after an event.
create function account.retention_set(p_event bigint, p_days integer)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);

	update data.event e
	set retain_days = p_days, retained = null
	where e.id = p_event;
	perform account.note('account.retention_set', 'event', p_event,
	    jsonb_build_object('days', p_days));
end
$$;

-- Deletes what has been kept long enough, some at a time, and says how much.
-- What proves a consent, and who looked, is kept until five years after the
-- event: so long somebody may have to answer for it.
create function account.retain(p_most integer default 5000)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count bigint;
	v_event bigint;
begin
	perform account.must_house();
	v_count := registration.retain(p_most) + notice.forget_sent()
	    + account.retain_proof(p_most);

	for v_event in
		select e.id from data.event e
		where e.retained is null
		and e.ends + make_interval(days => e.retain_days) < now()
		order by e.ends
		limit 5
		for no key update skip locked
	loop
		v_count := v_count + registration.retain_event(v_event);
		update data.event e set retained = now() where e.id = v_event;
		perform account.note('account.retain', 'event', v_event);
	end loop;
	perform registration.leave_all(p.id) -- registered while being erased
	from data.person p
	where p.erased > now() - interval '1 day';

	return v_count;
end
$$;

create function account.retain_proof(p_most integer)
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_over bigint[] := array(
	    select r.id
	    from data.event e join data.registration r on r.event_id = e.id
	    where e.ends between now() - interval '6 years'
	    and now() - interval '5 years'
	    and (exists (select from data.look l where l.registration_id = r.id)
	    or exists (
	        select from data.consent c where c.registration_id = r.id))
	    limit p_most);
begin
	delete from data.look l where l.registration_id = any (v_over);
	delete from data.consent c where c.registration_id = any (v_over);

	return cardinality(v_over);
end
$$;
