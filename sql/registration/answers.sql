-- What people answered.  Answers come as one object: by the question's number
-- what was typed or chosen, `<number>-words` beside the choices of a need, and
-- `lang`, the language that the questions were read in.  Who may not see a
-- question, or does not meet its condition, has not answered it, whatever they
-- sent.  Checking and keeping are for many at once: a rush brings hundreds.

-- Which questions are somebody's.
create function registration.audience_of(p_staff boolean, p_nominated boolean)
returns text[]
language sql immutable
as $$
select array['all', case when p_staff then 'staff' else 'client' end]
    || case when p_nominated then '{nominated}'::text[] else '{}' end
$$;

create function registration.as_list(p jsonb)
returns jsonb
language sql stable
as $$
select case pg_catalog.jsonb_typeof(p) when 'array' then nullif(p, '[]')
    when 'string' then pg_catalog.jsonb_build_array(p) end
$$;

-- What somebody needs: {chosen, words}.
create function registration.need_value(p jsonb, p_words text)
returns jsonb
language sql stable
as $$
select nullif(pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'chosen', registration.as_list(coalesce(p -> 'chosen',
        case when pg_catalog.jsonb_typeof(p) <> 'object' then p end)),
    'words', nullif(coalesce(p ->> 'words', p_words), ''))), '{}')
$$;

-- The answer to one question in its proper shape; null: none.  What has a wrong
-- shape is left as it is, for answer_fault to refuse.  Plain SQL, which becomes
-- part of what asks: it is done for each answer of a rush.
create function registration.answer_value(p_kind data.question_kind, p jsonb,
    p_words text)
returns jsonb
language sql stable
as $$
select case
    when p_kind in ('dietary', 'access')
    then registration.need_value(p, p_words)
    when p is null or p in ('""', 'null', '[]') then null
    when p_kind = 'choices' and pg_catalog.jsonb_typeof(p) = 'string'
    then pg_catalog.jsonb_build_array(p)
    when p_kind = 'number' and pg_catalog.jsonb_typeof(p) = 'string'
    and p #>> '{}' ~ '^\s*-?[0-9]{1,13}([.,][0-9]{1,6})?\s*$'
    then pg_catalog.to_jsonb(
        pg_catalog.replace(p #>> '{}', ',', '.')::numeric)
    when p_kind = 'consent' then
        case when p in ('true', '"true"') then 'true'::jsonb end
    else p end
$$;

-- Are these values offered, each once?  An option's value is a text.
create function registration.all_offered(p_values jsonb, p_accepts text[])
returns boolean
language sql immutable
as $$
select pg_catalog.jsonb_typeof(p_values) = 'array' and (
    select pg_catalog.bool_and(pg_catalog.jsonb_typeof(e.v) operator(pg_catalog.=) 'string'
            and coalesce(e.v operator(pg_catalog.#>>) '{}' operator(pg_catalog.=) any (p_accepts), false))
        and pg_catalog.count(distinct e.v) operator(pg_catalog.=) pg_catalog.count(*)
    from pg_catalog.jsonb_array_elements(p_values) e (v))
$$;

-- One question to one of many, and the answer.
create type registration.asking as (n bigint, question bigint,
    kind data.question_kind, required boolean, least bigint, most bigint,
    accepts text[], wording integer, value jsonb, language text);

-- What is wrong with an answer: a message's key, or null.
create function registration.answer_fault(q registration.asking)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_text text := q.value #>> '{}';
	v_shape text := jsonb_typeof(q.value);
begin
	if q.value is null then
		return case when not q.required then null
		    when q.kind = 'consent' then 'registration.consent_needed'
		    else 'web.required' end;
	end if;

	return case
	when q.kind in ('short', 'long') then case
	    when v_shape <> 'string' then 'web.not_plain'
	    when length(v_text) > q.most then 'web.too_long'
	    when length(v_text) < q.least then 'web.too_short' end
	when q.kind = 'number' then case
	    when v_shape <> 'number' then 'web.not_number'
	    when v_text::numeric < q.least then 'web.too_small'
	    when v_text::numeric > q.most then 'web.too_large' end
	when q.kind = 'date' then case
	    when v_text !~ '^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$'
	    then 'web.not_day'
	    when right(v_text, 2)::integer > extract(day from make_date(
	        left(v_text, 4)::integer, substr(v_text, 6, 2)::integer, 1)
	        + interval '1 month - 1 day') then 'web.not_day' end
	when q.kind = 'choice' then case
	    when v_shape = 'string' and v_text = any (q.accepts) then null
	    else 'web.not_choice' end
	when q.kind = 'choices' then case
	    when not registration.all_offered(q.value, q.accepts)
	    then 'web.not_choice'
	    when jsonb_array_length(q.value) < q.least
	    then 'registration.choose_more'
	    when jsonb_array_length(q.value) > q.most
	    then 'registration.choose_fewer' end
	when q.kind in ('dietary', 'access') then case
	    when q.value ? 'chosen' and not registration.all_offered(
	        q.value->'chosen', q.accepts) then 'web.not_choice'
	    when length(q.value->>'words') > 500 then 'web.too_long' end
	when q.kind = 'country' then case
	    when v_text !~ '^[A-Z]{2}$' then 'web.not_choice' end
	when q.kind = 'language' then case
	    when v_text !~ '^[a-z]{2,3}$' then 'web.not_choice' end
	end;
end
$$;

-- The questions of an event that entries {n, answers, audience} answer, or have
-- to.  Files are brought afterwards, to the registration.
create function registration.asked(p_event bigint, p_entries jsonb)
returns setof registration.asking
language plpgsql stable
set search_path = pg_catalog, pg_temp
rows 1000
as $$
declare
	v_language text;
begin
	select e.language into v_language from data.event e where e.id = p_event;

	return query
	select a.n, q.id, q.kind, q.required, q.least, q.most, q.accepts,
	    q.wording, registration.answer_value(q.kind, a.answers -> q.spelt,
	    a.answers ->> (q.spelt || '-words')),
	    coalesce(a.answers ->> 'lang', v_language)
	from (
	    select t.*, t.id::text as spelt from data.question t
	    where t.event_id = p_event and t.retired is null and t.kind <> 'file'
	    offset 0) q
	join (
	    select (e.entry->>'n')::bigint as n,
	        case jsonb_typeof(e.entry->'answers') when 'object'
	        then e.entry->'answers' else '{}' end
	        || jsonb_build_object('audience', e.entry->'audience') as answers
	    from jsonb_array_elements(p_entries) e (entry)
	    offset 0) a on q.applies is null or a.answers @@ q.applies;
end
$$;

-- What is wrong with the answers of entries; nothing comes back of an entry
-- that is all right.
create function registration.check_entries(p_event bigint, p_entries jsonb)
returns table (n integer, question bigint, fault text, detail text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select f.n::integer, f.question, f.fault,
	    case when f.fault in ('web.too_long', 'web.too_large',
	        'registration.choose_fewer') then coalesce(f.most, 500)::text
	    when f.fault in ('web.too_short', 'web.too_small',
	        'registration.choose_more') then f.least::text else '' end
	from (
	    select a.n, a.question, a.least, a.most, case
	        -- what most answers are, without a call
	        when a.value is null and not a.required then null
	        when a.kind = 'consent' and a.value is not null then null
	        when a.kind = 'choice' and jsonb_typeof(a.value) = 'string'
	        and a.value #>> '{}' = any (a.accepts) then null
	        when a.kind in ('short', 'long')
	        and jsonb_typeof(a.value) = 'string'
	        and length(a.value #>> '{}')
	            between coalesce(a.least, 0) and a.most then null
	        when a.kind in ('dietary', 'access')
	        and not a.value ? 'words'
	        and jsonb_array_length(a.value -> 'chosen') = 1
	        and a.value #>> '{chosen,0}' = any (a.accepts) then null
	        else registration.answer_fault(a) end as fault
	    from registration.asked(p_event, p_entries) a
	    offset 0) f
	join data.question q on q.id = f.question
	where f.fault is not null
	order by f.n, q.position, q.id;
end
$$;

-- The same of one.
create function registration.check_answers(p_event bigint, p_answers jsonb,
    p_audience text[])
returns table (question bigint, fault text, detail text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select c.question, c.fault, c.detail
	from registration.check_entries(p_event, jsonb_build_array(
	    jsonb_build_object('n', 1, 'answers', p_answers,
	    'audience', p_audience))) c;
end
$$;

-- Keeps the answers of registrations {n: the registration, answers, audience},
-- which have been checked, and to what they agree for the first time.
create function registration.put_entries(p_event bigint, p_entries jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	with answered as materialized (
	    select a.n, a.question, a.kind, a.wording, a.value, a.language
	    from registration.asked(p_event, p_entries) a
	    where a.value is not null),
	kept as (
	    insert into data.answer (registration_id, question_id, event_id,
	        value, wording, language)
	    select a.n, a.question, p_event, a.value, a.wording, a.language
	    from answered a
	    on conflict (registration_id, question_id) do update
	    set (value, wording, language, at) = (excluded.value,
	        excluded.wording, excluded.language, excluded.at))
	insert into data.consent (person_id, registration_id, question_id,
	    wording, language, given)
	select ( -- looked up one by one: a plan made while few were there
	    -- would read them all
	    select r.person_id from data.registration r where r.id = a.n),
	    a.n, q.id, registration.consent_words(q.label, q.help, l.language),
	    l.language, true
	from answered a
	join data.question q on q.id = a.question
	join data.event e on e.id = p_event
	cross join lateral (
	    select case when q.label ? a.language then a.language
	    else e.language end as language) l
	where a.kind = 'consent' and q.id <> all (array(
	    select coalesce(o.question_id, 0) from data.consent o
	    where o.registration_id = a.n));
end
$$;

create function registration.consent_words(p_label jsonb, p_help jsonb,
    p_language text)
returns text
language sql stable
as $$
select pg_catalog.concat_ws(E'\n', p_label ->> p_language,
    p_help ->> p_language)
$$;

create function registration.put_answers(p_registration bigint,
    p_answers jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform registration.put_entries(r.event_id, jsonb_build_array(
	    jsonb_build_object('n', r.id, 'answers', p_answers, 'audience',
	    registration.audience_of(r.staff, r.nominated_by is not null))))
	from data.registration r
	where r.id = p_registration;
end
$$;

-- What was agreed to stays known with its wording, its language and its time;
-- so does its end, and that it was agreed to in other words.  What holds already
-- is not said twice.
create function registration.keep_consents(p_registration bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.consented(r.person_id, r.id, q.id,
	    registration.consent_words(q.label, q.help, l.language), l.language,
	    a.value is not null)
	from data.registration r
	join data.event e on e.id = r.event_id
	join data.question q on q.event_id = r.event_id and q.kind = 'consent'
	    and q.retired is null
	left join data.answer a on a.registration_id = r.id
	    and a.question_id = q.id
	cross join lateral (
	    select case when q.label ? a.language then a.language
	    else e.language end as language) l
	where r.id = p_registration;
end
$$;

-- --- one's own answers ------------------------------------------------------

-- Until when a registration's answers may be changed.
create function registration.edit_deadline(p_event bigint)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (
	    select coalesce(p.edit_until, e.starts)
	    from data.event e left join data.pool p on p.event_id = e.id
	    where e.id = p_event);
end
$$;

create function registration.is_editable(p_row data.registration)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_row.state in ('held', 'requested', 'waitlisted', 'offered',
	    'confirmed')
	    and (registration.edit_deadline(p_row.event_id) > clock_timestamp()
	    or account.may('organizer', p_row.event_id))
	    and exists (
	    select from data.event e
	    where e.id = p_row.event_id and e.state <> 'cancelled'
	    and e.ends > clock_timestamp());
end
$$;

-- Refuses when it is too late, or somebody else was faster.  The caller has
-- seen to it that it may; the event is locked from here.
create function registration.edit_must(p_registration bigint,
    p_version integer)
returns data.registration
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration;
begin
	perform registration.lock(r.event_id)
	from data.registration r where r.id = p_registration;
	select * into strict v_row from data.registration r
	where r.id = p_registration
	for no key update;
	if not registration.is_editable(v_row) then
		raise exception using errcode = 'P0004',
		    message = 'registration.edit_over';
	elsif p_version is distinct from v_row.version then
		raise exception using errcode = 'P0003',
		    message = 'registration.changed_meanwhile';
	end if;

	return v_row;
end
$$;

-- What was typed, as the entry of one.
create function registration.edit_entry(p_row data.registration,
    p_answers jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return jsonb_build_array(jsonb_build_object('n', 1, 'answers', p_answers,
	    'audience', registration.audience_of(p_row.staff,
	    p_row.nominated_by is not null)));
end
$$;

-- Which answers are others than before, or no more.
create function registration.edit_changed(p_row data.registration,
    p_entry jsonb)
returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return array(
	    select a.question
	    from registration.asked(p_row.event_id, p_entry) a
	    left join data.answer w on w.registration_id = p_row.id
	        and w.question_id = a.question
	    where w.value is distinct from a.value
	    union
	    select w.question_id from data.answer w
	    join data.question q on q.id = w.question_id
	        and q.retired is null and q.kind <> 'file'
	    where w.registration_id = p_row.id and w.question_id not in (
	        select a.question
	        from registration.asked(p_row.event_id, p_entry) a));
end
$$;

-- The whole form anew: what is not answered now is not answered any more.  A
-- value that is not offered any more may stay where it was.
create function registration.edit_apply(p_row data.registration,
    p_answers jsonb)
returns data.registration_state
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_entry jsonb := registration.edit_entry(p_row, p_answers);
	v_changed bigint[] := registration.edit_changed(p_row, v_entry);
	v_fault record;
begin
	select c.* into v_fault
	from registration.check_entries(p_row.event_id, v_entry) c
	where c.question = any (v_changed)
	or c.fault in ('web.required', 'registration.consent_needed')
	limit 1;
	if found then
		perform registration.wrong('q' || v_fault.question,
		    v_fault.fault, v_fault.detail);
	elsif v_changed = '{}' then
		return p_row.state;
	end if;

	delete from data.answer w
	where w.registration_id = p_row.id and w.question_id = any (v_changed);
	perform registration.put_answers(p_row.id, p_answers);
	perform registration.keep_consents(p_row.id);
	perform registration.edited(p_row, v_changed);
	if not registration.reask(p_row.id) then
		perform registration.tell('registration.edited', p_row);
	end if;
	perform registration.promote(p_row.event_id);

	return (select r.state from data.registration r where r.id = p_row.id);
end
$$;

-- History and audit.  A seat stays where it is, for it is never lost by an answer;
-- who waits or is requested joins the line that is for such as they are now.
-- The caller then promotes: there may be a seat for them in it.
create function registration.edited(p_row data.registration,
    p_questions bigint[])
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	update data.registration r set version = r.version + 1
	where r.id = p_row.id;
	if p_row.state in ('waitlisted', 'requested') then
		perform registration.stand(p_row.event_id, p_row.id);
	end if;
	perform registration.remember(p_row.id, p_row.state, p_row.state,
	    'edited');
	perform account.note('registration.edit_answers', 'registration',
	    p_row.id, jsonb_build_object('questions', p_questions));
end
$$;

create function registration.edit_answers(p_registration bigint,
    p_version integer, p_answers jsonb)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_actor(p_registration);
begin
	v_row := registration.edit_must(v_row.id, p_version);

	return query select v_row.id, v_row.event_id,
	    registration.edit_apply(v_row, p_answers);
end
$$;

-- With the token of the mail in place of a login.
create function registration.edit_answers_by_token(p_manage_hash bytea,
    p_version integer, p_answers jsonb)
returns table (registration bigint, event bigint,
    state data.registration_state)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	v_row := registration.edit_must(v_row.id, p_version);

	return query select v_row.id, v_row.event_id,
	    registration.edit_apply(v_row, p_answers);
end
$$;

-- --- reading ----------------------------------------------------------------

-- The questions of a form as a page shows them, for an audience.
create function registration.shown_questions(p_event bigint,
    p_audience text[])
returns table (id bigint, key text, kind data.question_kind, required boolean,
    label jsonb, help jsonb, options jsonb, lowest bigint, highest bigint,
    audience data.question_audience, depends bigint, depends_values jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select q.id, q.key, q.kind, q.required, q.label, q.help, q.options,
	    q.least, q.most, q.audience, q.depends, to_jsonb(q.depends_values)
	from data.question q
	where q.event_id = p_event and q.retired is null
	and q.audience::text = any (p_audience)
	and (q.depends is null or exists (
	    select from data.question d
	    where d.id = q.depends and d.audience::text = any (p_audience)))
	order by q.position, q.id;
end
$$;

-- The form of an event, for who asks.
create function registration.form_questions(p_event bigint)
returns table (id bigint, key text, kind data.question_kind, required boolean,
    label jsonb, help jsonb, options jsonb, lowest bigint, highest bigint,
    audience data.question_audience, depends bigint, depends_values jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select s.* from registration.shown_questions(p_event,
	    registration.audience_of(account.is_insider(), false)) s
	where exists (
	    select from data.pool p
	    where p.event_id = p_event and p.form_revision > 0);
end
$$;

-- Everything that is wrong with what was typed, not the first of it alone.
create function registration.form_faults(p_event bigint, p_answers jsonb)
returns table (question bigint, fault text, detail text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select c.question, c.fault, c.detail
	from registration.check_answers(p_event, p_answers,
	    registration.audience_of(account.is_insider(), false)) c;
end
$$;

-- What a registration answered, with the words that it answered.
create function registration.answers_shown(p_registration bigint)
returns table (question bigint, kind data.question_kind, label jsonb,
    options jsonb, value jsonb, old boolean, sensitive boolean,
    asked boolean, file text, at text, event_language text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select q.id, q.kind, w.label, w.options, a.value,
	    a.wording <> q.wording, q.sensitive, q.retired is null, f.name,
	    schedule.at(a.at, e.zone), e.language
	from data.answer a
	join data.question q on q.id = a.question_id
	join data.event e on e.id = q.event_id
	join data.question_wording w on w.question_id = q.id
	    and w.number = a.wording
	left join data.answer_file f on f.id = (a.value->>'file')::bigint
	    and f.registration_id = p_registration and q.kind = 'file'
	where a.registration_id = p_registration
	order by q.position, q.id;
end
$$;

-- The same for the person, and for the event's organizers: that they look at
-- what is sensitive is noted.
create function registration.answers_of(p_registration bigint)
returns table (question bigint, kind data.question_kind, label jsonb,
    options jsonb, value jsonb, old boolean, sensitive boolean,
    asked boolean, file text, at text, event_language text)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	if v_row.person_id is distinct from account.actor() and exists (
	    select from registration.answers_shown(v_row.id) s
	    where s.sensitive) then
		perform account.look(v_row.id, 'page');
	end if;

	return query select s.* from registration.answers_shown(v_row.id) s;
end
$$;

create function registration.answers_of_own(p_registration bigint)
returns table (question bigint, kind data.question_kind, label jsonb,
    options jsonb, value jsonb, old boolean, sensitive boolean,
    asked boolean, file text, at text, event_language text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	return query
	select s.* from registration.answers_shown(v_row.id) s
	where v_row.person_id = account.actor();
end
$$;

create function registration.answers_of_token(p_manage_hash bytea)
returns table (question bigint, kind data.question_kind, label jsonb,
    options jsonb, value jsonb, old boolean, sensitive boolean,
    asked boolean, file text, at text, event_language text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query select s.* from registration.answers_shown(v_row.id) s;
end
$$;

-- The labels of what still has to be answered, or brought: files come later,
-- and whom others register answer the questions themselves.
create function registration.owed(p_row data.registration)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_audience text[] := registration.audience_of(p_row.staff,
	    p_row.nominated_by is not null);
	v_answers jsonb := (
	    select coalesce(jsonb_object_agg(a.question_id, a.value), '{}')
	    from data.answer a where a.registration_id = p_row.id);
begin
	return (
	    select coalesce(jsonb_agg(q.label order by q.position, q.id), '[]')
	    from data.question q
	    where q.id in (
	        select c.question from registration.check_answers(
	            p_row.event_id, v_answers, v_audience) c
	        where c.fault in ('web.required', 'registration.consent_needed'))
	    or q.event_id = p_row.event_id and q.kind = 'file' and q.required
	    and q.retired is null and not v_answers ? q.id::text
	    and (q.applies is null or (v_answers
	        || jsonb_build_object('audience', v_audience)) @@ q.applies));
end
$$;

-- The form of one's own answers: its questions, what was answered, until when;
-- and all that is wrong with answers that were typed, null when none were.
create function registration.edit_form(p_row data.registration,
    p_answers jsonb)
returns table (registration bigint, version integer, until text,
    editable boolean, event_language text, questions jsonb, answers jsonb,
    files jsonb, faults jsonb, owed jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select p_row.id, p_row.version,
	    schedule.at(registration.edit_deadline(e.id), e.zone),
	    registration.is_editable(p_row), e.language, (
	        select coalesce(jsonb_agg(to_jsonb(s)), '[]')
	        from registration.shown_questions(e.id, registration.audience_of(
	            p_row.staff, p_row.nominated_by is not null)) s), (
	        select coalesce(jsonb_object_agg(a.question_id, a.value), '{}')
	        from data.answer a where a.registration_id = p_row.id), (
	        select coalesce(jsonb_object_agg(s.question, s.file), '{}')
	        from registration.answers_shown(p_row.id) s
	        where s.kind = 'file'), (
	        select jsonb_agg(to_jsonb(c))
	        from registration.check_answers(e.id, p_answers,
	            registration.audience_of(p_row.staff,
	            p_row.nominated_by is not null)) c
	        where p_answers is not null),
	    registration.owed(p_row)
	from data.event e
	where e.id = p_row.event_id;
end
$$;

create function registration.edit_form_own(p_registration bigint,
    p_answers jsonb)
returns table (registration bigint, version integer, until text,
    editable boolean, event_language text, questions jsonb, answers jsonb,
    files jsonb, faults jsonb, owed jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	return query
	select f.*
	from registration.edit_form(registration.of_actor(p_registration),
	    p_answers) f;
end
$$;

create function registration.edit_form_by_token(p_manage_hash bytea,
    p_answers jsonb)
returns table (registration bigint, version integer, until text,
    editable boolean, event_language text, questions jsonb, answers jsonb,
    files jsonb, faults jsonb, owed jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_token(p_manage_hash);
begin
	return query select f.* from registration.edit_form(v_row, p_answers) f;
end
$$;

-- --- another's answers, for the event's organizers ---------------------------

-- What an organizer typed, with what is not theirs to say as it was: to what
-- the person agreed.
create function registration.but_consents(p_row data.registration,
    p_answers jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_answers - array(
	    select q.id::text from data.question q
	    where q.event_id = p_row.event_id and q.kind = 'consent')
	    || coalesce((
	    select jsonb_object_agg(w.question_id, w.value)
	    from data.answer w
	    join data.question q on q.id = w.question_id and q.kind = 'consent'
	    where w.registration_id = p_row.id), '{}');
end
$$;

-- What is wrong with that which is changed: what the person still owes remains
-- theirs to answer.
create function registration.organized_faults(p_row data.registration,
    p_answers jsonb)
returns table (question bigint, fault text, detail text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_entry jsonb := registration.edit_entry(p_row,
	    registration.but_consents(p_row, p_answers));
	v_changed bigint[] := registration.edit_changed(p_row, v_entry);
begin
	return query
	select c.question, c.fault, c.detail
	from registration.check_entries(p_row.event_id, v_entry) c
	where c.question = any (v_changed);
end
$$;

-- The form of it.  That the organizer looks at what is sensitive is noted.
create function registration.edit_form_organized(p_registration bigint,
    p_answers jsonb)
returns table (registration bigint, version integer, editable boolean,
    event_language text, questions jsonb, answers jsonb, faults jsonb)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.mine(p_registration);
begin
	perform account.must('organizer', v_row.event_id);
	if exists (
	    select from data.answer a
	    join data.question q on q.id = a.question_id and q.sensitive
	    where a.registration_id = v_row.id) then
		perform account.look(v_row.id, 'page');
	end if;

	return query
	select f.registration, f.version, f.editable, f.event_language, (
	        select coalesce(jsonb_agg(q), '[]')
	        from jsonb_array_elements(f.questions) q
	        where q->>'kind' not in ('consent', 'file')), f.answers, (
	        select jsonb_agg(to_jsonb(o))
	        from registration.organized_faults(v_row, p_answers) o
	        where p_answers is not null)
	from registration.edit_form(v_row, null) f;
end
$$;

-- Only what is changed is written: the rest stays as the person answered it, in
-- the words that they read.  Nobody has to approve what an organizer did; the
-- person is told.
create function registration.organize_answers(p_registration bigint,
    p_version integer, p_answers jsonb)
returns table (registration bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.registration := registration.of_organizer(p_registration);
	v_entry jsonb;
	v_changed bigint[];
	v_fault record;
begin
	v_row := registration.edit_must(v_row.id, p_version);
	v_entry := registration.edit_entry(v_row,
	    registration.but_consents(v_row, p_answers));
	v_changed := registration.edit_changed(v_row, v_entry);
	select o.* into v_fault
	from registration.organized_faults(v_row, p_answers) o
	limit 1;
	if found then
		perform registration.wrong('q' || v_fault.question,
		    v_fault.fault, v_fault.detail);
	end if;

	if v_changed <> '{}' then
		delete from data.answer w
		where w.registration_id = v_row.id
		and w.question_id = any (v_changed);
		insert into data.answer (registration_id, question_id, event_id,
		    value, wording, language)
		select v_row.id, a.question, v_row.event_id, a.value, a.wording,
		    a.language
		from registration.asked(v_row.event_id, v_entry) a
		where a.question = any (v_changed) and a.value is not null;
		perform registration.edited(v_row, v_changed);
		perform registration.tell('registration.edited', v_row);
		perform registration.promote(v_row.event_id);
	end if;

	return query select v_row.id, v_row.event_id;
end
$$;
