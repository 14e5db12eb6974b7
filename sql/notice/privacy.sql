-- What this room holds about a person, and its end: see
-- sql/account/privacy.sql.

create function notice.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object(
	    'mails', (
	        select coalesce(jsonb_agg(jsonb_build_object(
	            'what', regexp_replace(n.kind, '^.*\.', ''), 'kind_of', n.kind,
	            'event', e.title, 'mail_state', n.state, 'email', n.email,
	            'created', schedule.at(n.created, 'UTC'),
	            'sent', schedule.at(n.sent, 'UTC')) order by n.id), '[]')
	        from data.notice n
	        left join data.event e on e.id = n.event_id
	        where n.person_id = p_person),
	    'preferences', (
	        select coalesce(jsonb_agg(jsonb_build_object('topic', w.topic,
	            'wanted', w.wanted, 'at', schedule.at(w.at, 'UTC'))
	            order by w.topic), '[]')
	        from data.preference w where w.person_id = p_person));
end
$$;

-- Before the person's address goes.  What calendars must still be told goes
-- out; the address of such a mail is wiped once it has.
create function notice.forget(p_person bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
	v_email text;
	v_name text;
begin
	select p.email, p.name into v_email, v_name
	from data.person p where p.id = p_person;

	delete from data.preference where person_id = p_person;
	update data.notice set state = 'dropped', lease_until = null
	where (person_id = p_person or email = v_email) and state = 'waiting'
	and method is distinct from 'CANCEL'
	and kind <> 'registration.withdrawn';
	update data.notice
	set details = details || jsonb_build_object('name', v_name)
	where person_id = p_person and state = 'waiting';
	update data.notice set email = '', details = '{}', problem = ''
	where (person_id = p_person or email = v_email) and state <> 'waiting';
end
$$;

-- What an address that is nobody's was written, or would have been.
create function notice.forget_address(p_email text)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.notice
	set state = case state when 'waiting' then 'dropped' else state end,
	    lease_until = null, email = '', details = '{}', problem = ''
	where email = p_email and person_id is null;
end
$$;

-- Wipes the address of the last mails to people who were forgotten.
create function notice.forget_sent()
returns integer
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_count integer;
begin
	update data.notice n set email = '', details = '{}', problem = ''
	from data.person p
	where p.erased > now() - interval '30 days' and n.person_id = p.id
	and n.state <> 'waiting' and n.email <> '';
	get diagnostics v_count = row_count;

	return v_count;
end
$$;
