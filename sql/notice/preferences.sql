-- Which mail people want, and addresses that do not take any.

-- What a person wants of each topic.  By the key that the link in their mail
-- names, or, without one, of who entered.
create function notice.wishes(p_key uuid)
returns table (event boolean, reminder boolean, program boolean, email text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select coalesce(bool_and(f.wanted) filter (where f.topic = 'event'), true),
	    coalesce(bool_and(f.wanted) filter (where f.topic = 'reminder'), true),
	    coalesce(bool_and(f.wanted) filter (where f.topic = 'program'), true),
	    p.email
	from data.person p
	left join data.preference f on f.person_id = p.id
	where case when p_key is null then p.id = account.actor()
	    else p.mail_key = p_key end
	group by p.id;
end
$$;

-- One topic, yes or no.  Saying the same again changes nothing.
create function notice.wish(p_person bigint, p_topic data.mail_topic,
    p_wanted boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.preference as f (person_id, topic, wanted)
	values (p_person, p_topic, p_wanted)
	on conflict (person_id, topic) do update
	set wanted = excluded.wanted, at = now()
	where f.wanted <> excluded.wanted;
	if found then
		perform account.note('notice.wish', 'person', p_person,
		    jsonb_build_object('topic', p_topic, 'wanted', p_wanted));
	end if;
end
$$;

-- All of them, by the link's key or of who entered.
create function notice.prefer(p_key uuid, p_event boolean, p_reminder boolean,
    p_program boolean)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_person bigint := account.actor();
begin
	if p_key is not null then
		select p.id into v_person from data.person p
		where p.mail_key = p_key;
	end if;
	if v_person is null then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	perform notice.wish(v_person, 'event', p_event),
	    notice.wish(v_person, 'reminder', p_reminder),
	    notice.wish(v_person, 'program', p_program);
end
$$;

-- The one click of a mail program.  What of the topic still waits is not sent.
create function notice.unsubscribe(p_key uuid, p_topic text)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_person bigint;
begin
	select p.id into v_person from data.person p where p.mail_key = p_key;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	perform notice.wish(v_person, p_topic::data.mail_topic, false);
	update data.notice n set state = 'dropped', problem = 'unwanted'
	from data.mailing m
	where n.person_id = v_person and n.state = 'waiting'
	and n.mailing_id = m.id and m.state in ('sending', 'paused')
	and m.topic = p_topic::data.mail_topic and not m.essential;
end
$$;

-- A mail to the address that the person still has came back.
create function notice.flag(p_notice bigint, p_for_good boolean)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.person p
	set bounces = p.bounces + 1, bounced = case when p_for_good
	    then coalesce(p.bounced, now()) else p.bounced end
	from data.notice n
	where n.id = p_notice and p.id = n.person_id and p.email = n.email;
end
$$;

-- A report of the network that a mail was not delivered after all.  The same
-- report again changes nothing, and what it says of an address that has been
-- wiped is not kept.  Says whether it was news.
create function notice.bounce(p_notice bigint, p_for_good boolean,
    p_problem text)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_house();
	update data.notice n
	set bounced = now(), problem = case
	    when n.email <> '' then left(p_problem, 1000) else '' end
	where n.id = p_notice and n.state = 'sent' and n.bounced is null;
	if not found then
		return false;
	end if;
	perform notice.flag(p_notice, p_for_good);
	perform account.note('notice.bounce', 'notice', p_notice,
	    jsonb_build_object('for_good', p_for_good));

	return true;
end
$$;

-- An organizer knows that the address of one of their people works again.
create function notice.reachable(p_event bigint, p_person bigint)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	update data.person p set bounced = null, bounces = 0
	where p.id = p_person and exists (
	    select from data.registration r
	    where r.event_id = p_event and r.person_id = p_person);
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	perform account.note('notice.reachable', 'person', p_person,
	    jsonb_build_object('event', p_event));
end
$$;
