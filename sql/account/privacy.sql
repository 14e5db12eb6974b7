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
	v_id bigint;
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
	    p_given)
	returning id into v_id;
	perform account.note(case when p_given then 'account.consent_given'
	    else 'account.consent_withdrawn' end, 'consent', v_id,
	    jsonb_build_object('registration', p_registration,
	    'question', p_question));
end
$$;

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
