-- A form as one document, to keep it, copy it to another event, or write it in
-- an editor: an array of questions in order, which name each other by key.

-- Adds what is new by its key, changes what is there, and leaves alone what is
-- not mentioned.  All of it or nothing; what is wrong is named by its place:
-- "questions.3.label_fr".
create function registration.form_define(p_event bigint, p_definition jsonb)
returns table (event bigint, questions integer)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_ids bigint[] := '{}';
	v_stuck bigint;
begin
	perform registration.form_must(p_event);
	if jsonb_typeof(p_definition) is distinct from 'array' then
		perform registration.wrong('questions', 'registration.not_list');
	elsif jsonb_array_length(p_definition) > 100 then
		perform registration.wrong('questions.101',
		    'registration.too_many_questions', '100');
	end if;

	for n in 1 .. jsonb_array_length(p_definition) loop
		v_ids := v_ids || registration.define_one(p_event, n,
		    p_definition->(n - 1), v_ids);
	end loop;
	for n in 1 .. cardinality(v_ids) loop
		perform registration.define_condition(n, v_ids[n],
		    p_definition->(n - 1));
	end loop;
	update data.question q
	set position = coalesce(array_position(v_ids, q.id), 100 + q.position)
	where q.event_id = p_event;
	v_stuck := registration.questions_settle(p_event);
	if v_stuck is not null then
		perform registration.wrong(concat_ws('.', 'questions',
		    array_position(v_ids, v_stuck), 'depends'),
		    'registration.condition_cycle');
	end if;
	perform registration.form_changed(p_event);
	perform account.note('registration.form_define', 'event', p_event,
	    jsonb_build_object('questions', cardinality(v_ids)));

	return query select p_event, cardinality(v_ids);
end
$$;

create function registration.define_one(p_event bigint, p_place integer,
    p jsonb, p_before bigint[])
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_id bigint;
	v_key text;
	v_column text;
	v_detail text;
begin
	select q.id into v_id from data.question q
	where q.event_id = p_event and q.key = p->>'key';
	if v_id = any (p_before) then
		perform registration.wrong('key', 'registration.key_twice',
		    p->>'key');
	end if;
	v_id := registration.question_write(p_event, v_id, p);

	return v_id;
exception when sqlstate 'P0001' then
	get stacked diagnostics v_key = message_text, v_column = column_name,
	    v_detail = pg_exception_detail;
	perform registration.wrong(concat_ws('.', 'questions', p_place, v_column),
	    v_key, v_detail);
end
$$;

create function registration.define_condition(p_place integer,
    p_question bigint, p jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_key text;
	v_column text;
	v_detail text;
begin
	perform registration.question_condition(p_question, p);
exception when sqlstate 'P0001' then
	get stacked diagnostics v_key = message_text, v_column = column_name,
	    v_detail = pg_exception_detail;
	perform registration.wrong(concat_ws('.', 'questions', p_place, v_column),
	    v_key, v_detail);
end
$$;

-- The questions that are asked, as form_define reads them.
create function registration.form_definition(p_event bigint)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);

	return coalesce((
	    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('key', q.key,
	        'kind', q.kind, 'label', q.label,
	        'help', nullif(q.help, '{}'),
	        'options', (
	            select jsonb_agg(o.option order by o.place)
	            from jsonb_array_elements(q.options)
	                with ordinality o (option, place)
	            where not o.option ? 'retired'),
	        'required', nullif(q.required, false),
	        'least', q.least, 'most', q.most,
	        'audience', nullif(q.audience, 'all'),
	        'depends', d.key,
	        'values', nullif(to_jsonb(q.depends_values), '[]'),
	        'sensitive', nullif(q.sensitive, false),
	        'retain_days', q.retain_days))
	        order by q.position, q.id)
	    from data.question q
	    left join data.question d on d.id = q.depends
	    where q.event_id = p_event and q.retired is null), '[]');
end
$$;
