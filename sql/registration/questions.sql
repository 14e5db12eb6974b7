-- What an event asks.  A question is changed under the event's lock, as
-- registrations are, so that each answer is checked and kept with the words
-- that it answered.  What people answered already is never taken from them: a
-- question is retired and not deleted, a value too, and old words are kept.

-- Refuses a value of a question's form, or of a form's definition.
create function registration.wrong(p_column text, p_key text,
    p_detail text default '')
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	raise exception using errcode = 'P0001', column = p_column,
	    message = p_key, detail = coalesce(p_detail, '');
end
$$;

-- Words by language, trimmed, without the empty; p_language has to be there
-- when p_needed.
create function registration.words_read(p jsonb, p_column text,
    p_language text, p_most integer, p_needed boolean)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_all jsonb := '{}';
	v_language text;
	v_words text;
begin
	if jsonb_typeof(coalesce(p, '{}')) <> 'object' then
		perform registration.wrong(p_column, 'registration.not_words');
	end if;

	for v_language, v_words in
		select e.key, btrim(e.value, E' \t\r\n')
		from jsonb_each_text(p) e
	loop
		if v_language <> all ('{en,fr,es,pt,ar,zh,ru}') then
			perform registration.wrong(p_column,
			    'registration.language_unknown', left(v_language, 40));
		elsif length(v_words) > p_most then
			perform registration.wrong(p_column || '_' || v_language,
			    'web.too_long', p_most::text);
		elsif v_words ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]' then
			perform registration.wrong(p_column || '_' || v_language,
			    'web.not_plain');
		elsif v_words <> '' then
			v_all := v_all || jsonb_build_object(v_language, v_words);
		end if;
	end loop;
	if p_needed and not v_all ? p_language then
		perform registration.wrong(p_column || '_' || p_language,
		    'web.required');
	end if;

	return v_all;
end
$$;

-- What is offered for needs where the organizer says nothing else; the
-- catalogue has the words.
create function registration.usual_options(p_kind data.question_kind)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return case p_kind
	when 'dietary' then (
	    select jsonb_agg(jsonb_build_object('value', v)) from unnest(
	    '{vegetarian,vegan,halal,kosher,gluten_free,lactose_free,nut_free}'
	    ::text[]) v)
	when 'access' then (
	    select jsonb_agg(jsonb_build_object('value', v)) from unnest(
	    '{step_free,sign_language,captions,large_print,companion,quiet_room}'
	    ::text[]) v)
	else '[]' end;
end
$$;

-- Options in order, each with a value of its own: as given, else a new one.
create function registration.options_read(p jsonb, p_language text)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_all jsonb := '[]';
	v_values text[] := '{}';
	v_option jsonb;
	v_label jsonb;
	v_value text;
	v_next integer := 1;
begin
	if jsonb_typeof(p) <> 'array' then
		perform registration.wrong('options', 'registration.not_words');
	elsif jsonb_array_length(p) > 200 then
		perform registration.wrong('options',
		    'registration.too_many_options', '200');
	end if;
	for v_option in select o from jsonb_array_elements(p) o
	loop
		v_value := v_option->>'value';
		if v_value is null then
			while 'o' || v_next = any (v_values) or p @> jsonb_build_array(
			    jsonb_build_object('value', 'o' || v_next)) loop
				v_next := v_next + 1;
			end loop;
			v_value := 'o' || v_next;
		elsif v_value !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$'
		    or v_value = any (v_values) then
			perform registration.wrong('options',
			    'registration.option_value', left(v_value, 60));
		end if;
		v_label := registration.words_read(v_option->'label', 'options',
		    p_language, 200, not registration.usual(v_value));
		v_values := v_values || v_value;
		v_all := v_all || jsonb_strip_nulls(jsonb_build_object(
		    'value', v_value, 'label', nullif(v_label, '{}')));
	end loop;

	return v_all;
end
$$;

-- Has the catalogue words for it?
create function registration.usual(p_value text)
returns boolean
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return (registration.usual_options('dietary')
	    || registration.usual_options('access'))
	    @> jsonb_build_array(jsonb_build_object('value', p_value));
end
$$;

-- The limits that go with a kind; nothing else is kept.
create function registration.limits_read(p_row data.question, p jsonb)
returns data.question
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question := p_row;
	v_most bigint := case v_row.kind when 'short' then 500
	    when 'long' then 10000 when 'choices' then 200
	    when 'number' then 1000000000000 else 0 end;
	v_number text;
begin
	foreach v_number in array '{least,most,retain_days}'::text[] loop
		if p->>v_number !~ '^-?[0-9]{1,13}$' then
			perform registration.wrong(v_number, 'web.not_number');
		end if;
	end loop;
	if v_most > 0 then
		v_row.least := p->>'least';
		v_row.most := coalesce((p->>'most')::bigint, case v_row.kind
		    when 'short' then 200 when 'long' then 2000 end);
	end if;
	v_row.retain_days := p->>'retain_days';

	if v_row.kind <> 'number' and v_row.least < 0 then
		perform registration.wrong('least', 'web.too_small', '0');
	elsif v_row.most > v_most then
		perform registration.wrong('most', 'web.too_large', v_most::text);
	elsif v_row.most < coalesce(v_row.least, 1 - v_most) then
		perform registration.wrong('most', 'web.too_small',
		    coalesce(v_row.least, 1 - v_most)::text);
	elsif v_row.retain_days not between 1 and 36500 then
		perform registration.wrong('retain_days', 'web.too_large', '36500');
	end if;

	return v_row;
end
$$;

-- A question as it is defined, without its condition; the row's own id, event,
-- key and kind are as the caller found them.
create function registration.question_read(p_row data.question, p jsonb)
returns data.question
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question := p_row;
	v_language text;
	v_audience text := coalesce(p->>'audience', 'all');
begin
	select e.language into strict v_language
	from data.event e where e.id = v_row.event_id;

	v_row.label := registration.words_read(p->'label', 'label', v_language,
	    500, true);
	v_row.help := registration.words_read(p->'help', 'help', v_language,
	    2000, false);
	v_row.options := '[]';
	if v_row.kind in ('choice', 'choices', 'dietary', 'access') then
		v_row.options := registration.options_read(
		    coalesce(nullif(p->'options', '[]'),
		    registration.usual_options(v_row.kind)), v_language);
		if v_row.options = '[]' then
			perform registration.wrong('options', 'web.required');
		end if;
	end if;
	if v_audience <> all (enum_range(null::data.question_audience)::text[]) then
		perform registration.wrong('audience', 'web.not_choice');
	end if;
	v_row.audience := v_audience;
	v_row.required := coalesce((p->>'required') in ('true', 't'), false);
	-- What people need is nobody else's business.
	v_row.sensitive := v_row.kind in ('dietary', 'access')
	    or coalesce((p->>'sensitive') in ('true', 't'), false);

	return registration.limits_read(v_row, p);
end
$$;

create function registration.is_answered(p_question bigint)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return exists (
	    select from data.answer a where a.question_id = p_question)
	    or exists (
	    select from data.answer_file f where f.question_id = p_question);
end
$$;

-- The options as they will be: one that is left out stays, retired, where it
-- was answered or seats are set aside by it.
create function registration.keep_options(p_question bigint, p_was jsonb,
    p_new jsonb)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	return p_new || coalesce((
	    select jsonb_agg(o.option || '{"retired": true}' order by o.place)
	    from jsonb_array_elements(p_was) with ordinality o (option, place)
	    where not p_new @> jsonb_build_array(
	        jsonb_build_object('value', o.option->'value'))
	    and (exists (
	        select from data.answer a
	        where a.question_id = p_question and (a.value ? (o.option->>'value')
	        or a.value->'chosen' ? (o.option->>'value')))
	        or exists (
	        select from data.bucket b
	        where b.question_id = p_question
	        and o.option->>'value' = any (b.for_values)))), '[]');
end
$$;

-- Makes a question (p_question null) or changes it, which asks a retired one
-- anew; its condition is set apart.  The caller holds the event's lock.
create function registration.question_write(p_event bigint,
    p_question bigint, p jsonb)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question;
	v_was data.question;
	v_answered boolean := registration.is_answered(p_question);
begin
	if jsonb_typeof(p) <> 'object' then
		perform registration.wrong('kind', 'registration.not_words');
	elsif coalesce(p->>'kind', '') <> all (
	    enum_range(null::data.question_kind)::text[]) then
		perform registration.wrong('kind', 'registration.kind_unknown',
		    left(p->>'kind', 40));
	end if;
	select q.* into v_was from data.question q where q.id = p_question;
	v_row := v_was;
	v_row.event_id := p_event;
	v_row.kind := p->>'kind';
	if v_answered and v_row.kind <> v_was.kind then
		perform registration.wrong('kind', 'registration.kind_fixed');
	end if;
	v_row := registration.question_read(v_row, p);
	if v_row.sensitive and not v_was.sensitive and exists (
	    select from data.bucket b where b.question_id = p_question) then
		perform registration.wrong('sensitive',
		    'registration.question_has_seats');
	end if;

	if p_question is null then
		return registration.question_insert(v_row, p->>'key');
	end if;
	v_row.options := registration.keep_options(p_question, v_was.options,
	    v_row.options);
	if v_answered and (v_row.label, v_row.help, v_row.options)
	    is distinct from (v_was.label, v_was.help, v_was.options) then
		v_row.wording := v_was.wording + 1;
	end if;
	update data.question q
	set (kind, required, label, help, options, accepts, least, most,
	    audience, sensitive, retain_days, wording, retired, version)
	    = (v_row.kind, v_row.required, v_row.label, v_row.help,
	    v_row.options, registration.accepts(v_row.options), v_row.least,
	    v_row.most, v_row.audience, v_row.sensitive, v_row.retain_days,
	    v_row.wording, null, v_was.version + 1)
	where q.id = p_question
	returning q.* into v_row;
	perform registration.question_said(v_row);

	return p_question;
end
$$;

-- The values that are offered.
create function registration.accepts(p_options jsonb)
returns text[]
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return array(
	    select o->>'value' from jsonb_array_elements(p_options) o
	    where not o ? 'retired');
end
$$;

-- At the end of the form.
create function registration.question_insert(p_row data.question, p_key text)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question := p_row;
begin
	if p_key !~ '^[a-z][a-z0-9_]{0,39}$' then
		perform registration.wrong('key', 'registration.question_key',
		    left(p_key, 40));
	end if;

	insert into data.question (event_id, key, position, kind, required, label,
	    help, options, accepts, least, most, audience, sensitive,
	    retain_days)
	select v_row.event_id, coalesce(p_key, 'new'),
	    coalesce(max(q.position), 0) + 1, v_row.kind, v_row.required,
	    v_row.label, v_row.help, v_row.options,
	    registration.accepts(v_row.options), v_row.least, v_row.most,
	    v_row.audience, v_row.sensitive, v_row.retain_days
	from data.question q
	where q.event_id = v_row.event_id
	returning * into v_row;
	if p_key is null then
		update data.question q set key = 'q' || q.id where q.id = v_row.id;
	end if;
	perform registration.question_said(v_row);

	return v_row.id;
end
$$;

-- Its present words among all that it had.
create function registration.question_said(p_row data.question)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	insert into data.question_wording (question_id, number, label, help,
	    options)
	values (p_row.id, p_row.wording, p_row.label, p_row.help, p_row.options)
	on conflict (question_id, number) do update
	set label = excluded.label, help = excluded.help,
	    options = excluded.options;
end
$$;

-- Sets what a question depends on: {depends: key of another, values: its values,
-- or the words of its options}.
create function registration.question_condition(p_question bigint, p jsonb)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_on data.question;
	v_values text[];
begin
	if coalesce(p->>'depends', '') = '' then
		update data.question q set depends = null, depends_values = '{}'
		where q.id = p_question;
		return;
	end if;

	select o.* into v_on
	from data.question q
	join data.question o on o.event_id = q.event_id and o.retired is null
	where q.id = p_question and o.key = p->>'depends';
	if not found or v_on.kind not in ('choice', 'choices', 'country',
	    'language', 'consent') then
		perform registration.wrong('depends', 'registration.depends_unfit',
		    left(p->>'depends', 40));
	end if;
	v_values := registration.condition_values(v_on,
	    coalesce(p->'values', '[]'));
	update data.question q
	set depends = v_on.id, depends_values = v_values
	where q.id = p_question;
end
$$;

create function registration.condition_values(p_on data.question, p jsonb)
returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_values text[] := '{}';
	v_typed text;
	v_value text;
begin
	if p_on.kind = 'consent' then
		return '{true}';
	elsif jsonb_typeof(p) <> 'array' or p = '[]'
	    or jsonb_array_length(p) > 200 then
		perform registration.wrong('values', 'web.required');
	end if;

	for v_typed in select btrim(e) from jsonb_array_elements_text(p) e
	loop
		select o->>'value' into v_value
		from jsonb_array_elements(p_on.options) o
		where o->>'value' = v_typed or exists (
		    select from jsonb_each_text(o->'label') l
		    where lower(l.value) = lower(v_typed))
		order by o->>'value' = v_typed desc
		limit 1;
		if p_on.kind in ('country', 'language')
		    and v_typed ~ '^([A-Z]{2}|[a-z]{2,3})$' then
			v_value := v_typed;
		end if;
		if v_value is null then
			perform registration.wrong('values', 'registration.value_unknown',
			    left(v_typed, 60));
		end if;
		v_values := v_values || v_value;
	end loop;

	return v_values;
end
$$;

-- The predicate of one condition, as text of a jsonpath.
create function registration.condition(p_audience data.question_audience,
    p_depends bigint, p_values text[])
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return concat_ws(' && ',
	    case when p_audience <> 'all'
	    then format('$.audience == "%s"', p_audience) end,
	    case when p_depends is not null then (
	        select '(' || string_agg(format('$."%s" == %s', p_depends,
	        case v when 'true' then '"true" || $."' || p_depends
	        || '" == true' else to_json(v)::text end), ' || ') || ')'
	        from unnest(p_values) v) end);
end
$$;

-- Each question's whole condition anew, for what it depends on may have
-- changed.  Answers a question whose condition has no beginning, or lies more
-- than five deep.
create function registration.questions_settle(p_event bigint)
returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_stuck bigint;
begin
	with recursive chain (id, applies, depth) as (
	    select q.id, registration.condition(q.audience, null, null), 1
	    from data.question q
	    where q.event_id = p_event and q.depends is null
	    union all
	    select q.id, concat_ws(' && ', nullif(c.applies, ''),
	        registration.condition(q.audience, q.depends, q.depends_values)),
	        c.depth + 1
	    from chain c join data.question q on q.depends = c.id
	    where c.depth < 5),
	done as (
	    update data.question q
	    set applies = nullif(c.applies, '')::jsonpath
	    from chain c
	    where c.id = q.id
	    returning q.id)
	select min(q.id) into v_stuck
	from data.question q
	where q.event_id = p_event and q.id not in (select d.id from done d);

	return v_stuck;
end
$$;

-- The form is another now: what is known of it elsewhere is old.
create function registration.form_changed(p_event bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_live bigint;
begin
	select count(*) into v_live from data.question q
	where q.event_id = p_event and q.retired is null;
	if v_live > 100 then
		perform registration.wrong('questions',
		    'registration.too_many_questions', '100');
	end if;

	perform registration.pool_of(p_event);
	update data.pool p set form_revision = p.form_revision + 1
	where p.event_id = p_event;
	perform schedule.touch(p_event);
end
$$;

-- Lets an organizer in, and nobody else at the form until the end.
create function registration.form_must(p_event bigint)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must('organizer', p_event);
	perform registration.lock(p_event);
end
$$;

-- The event of a question, for its organizer, locked.
create function registration.question_must(p_question bigint)
returns data.question
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint;
	v_row data.question;
begin
	select q.event_id into v_event
	from data.question q where q.id = p_question;
	perform account.must('organizer', v_event);
	perform registration.lock(v_event);
	select q.* into v_row from data.question q where q.id = p_question;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	return v_row;
end
$$;

-- Adds a question at the end (p_question null), or changes one from the version
-- that the form was filled in from.
create function registration.question_put(p_event bigint, p_question bigint,
    p_definition jsonb, p_version integer default null)
returns table (question bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_event bigint := p_event;
	v_was data.question;
	v_id bigint;
begin
	if p_question is null then
		perform registration.form_must(p_event);
	else
		v_was := registration.question_must(p_question);
		v_event := v_was.event_id;
		if p_version is distinct from v_was.version then
			raise exception using errcode = 'P0003',
			    message = 'registration.overtaken';
		end if;
	end if;

	v_id := registration.question_write(v_event, p_question,
	    p_definition - 'key');
	perform registration.question_condition(v_id, p_definition);
	if registration.questions_settle(v_event) is not null then
		perform registration.wrong('depends', 'registration.condition_cycle');
	end if;
	perform registration.form_changed(v_event);
	perform account.note('registration.question_put', 'question', v_id,
	    jsonb_build_object('event', v_event, 'kind', p_definition->'kind'));

	return query select v_id, v_event;
end
$$;

-- One up (p_by -1) or down (1) among those that are asked.
create function registration.question_move(p_question bigint, p_by integer)
returns table (question bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question := registration.question_must(p_question);
	v_other data.question;
begin
	select q.* into v_other from data.question q
	where q.event_id = v_row.event_id and q.retired is null
	and case when p_by < 0 then q.position < v_row.position
	    else q.position > v_row.position end
	order by q.position * sign(p_by)
	limit 1;
	if found then
		update data.question q
		set position = case q.id when v_row.id then v_other.position
		    else v_row.position end
		where q.id in (v_row.id, v_other.id);
		perform registration.form_changed(v_row.event_id);
	end if;

	return query select v_row.id, v_row.event_id;
end
$$;

-- Asks it no more.  One that nobody answered is gone, any other stays with its
-- answers.
create function registration.question_retire(p_question bigint)
returns table (question bigint, event bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_row data.question := registration.question_must(p_question);
begin
	if exists (
	    select from data.question q
	    where q.depends = p_question and q.retired is null) then
		raise exception using errcode = 'P0003',
		    message = 'registration.question_needed';
	elsif exists (
	    select from data.bucket b where b.question_id = p_question) then
		raise exception using errcode = 'P0003',
		    message = 'registration.question_has_seats';
	end if;

	if registration.is_answered(p_question) or exists (
	    select from data.question q where q.depends = p_question) then
		update data.question q
		set retired = clock_timestamp(), version = q.version + 1
		where q.id = p_question and q.retired is null;
	else
		delete from data.question q where q.id = p_question;
	end if;
	perform registration.form_changed(v_row.event_id);
	perform account.note('registration.question_retire', 'question',
	    p_question, jsonb_build_object('event', v_row.event_id));

	return query select v_row.id, v_row.event_id;
end
$$;
