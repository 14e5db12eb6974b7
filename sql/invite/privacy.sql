-- What this room holds about a person.  Nothing of it names them, so nothing
-- ends with them: see sql/account/privacy.sql.

create function invite.about(p_person bigint)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_object('invites', (
	    select coalesce(jsonb_agg(jsonb_build_object('event', e.title,
	        'session', s.title, 'uid', c.uid, 'sequence', i.last_sent_seq,
	        'sent', schedule.at(i.last_sent, e.zone),
	        'answered', i.partstat) order by i.id), '[]')
	    from data.invite i
	    join data.calendar c on c.id = i.calendar_id
	    join data.event e on e.id = c.event_id
	    left join data.session s on s.id = c.session_id
	    where i.person_id = p_person));
end
$$;
