-- name: registration_questions
-- What an event asks of who asks.
select s.*, (
    select e.language from data.event e where e.id = :event::bigint)
    as event_language
from registration.form_questions(:event) s;

-- name: registration_form_faults
-- Everything that is wrong with the answers that were typed, for the page that
-- is shown again.
select f.* from registration.form_faults(:event::bigint,
    coalesce(:answers::jsonb, '{}')) f
where :again::text is not null;

-- name: registration_form_list
-- The questions of an event, for its organizers.
select q.id, q.key, q.position, q.kind, q.required, q.label, q.help,
    q.audience, q.sensitive, q.wording, d.label as depends_label,
    d.kind as depends_kind, d.options as depends_options,
    to_jsonb(q.depends_values) as depends_values,
    jsonb_array_length(q.options) as options, q.retired is null as asked,
    e.language as event_language, q.retired is null and lag(q.id) over w
        is not null as may_up,
    q.retired is null and lead(q.id) over w is not null as may_down
from data.question q
join data.event e on e.id = q.event_id
left join data.question d on d.id = q.depends
where q.event_id = :event::bigint
and q.event_id = any ((select account.my_events('organizer'))::bigint[])
window w as (partition by q.retired is null order by q.position, q.id)
order by q.retired is not null, q.position, q.id
limit 1000;

-- name: registration_form_preview
-- A form as all of its participants see it together.
select q.id, q.key, q.kind, q.required, q.label, q.help, q.options,
    q.least as lowest, q.most as highest, q.audience, q.depends, to_jsonb(q.depends_values) as depends_values,
    e.language as event_language
from data.question q
join data.event e on e.id = q.event_id
where q.event_id = :event::bigint and q.retired is null
and q.event_id = any ((select account.my_events('organizer'))::bigint[])
order by q.position, q.id;

-- name: registration_question
select q.id, q.version, q.key, q.kind, q.required, q.label, q.help, q.options,
    q.least, q.most, q.audience, q.sensitive, q.retain_days, coalesce(d.key, '')
    as depends, to_jsonb(q.depends_values) as depends_values
from data.question q
left join data.question d on d.id = q.depends
where q.id = :question::bigint and q.event_id = :event::bigint;

-- name: registration_question_parents
-- What a question's condition may be about; :question is null for a new one.
select q.key as value, q.label, e.language as event_language
from data.question q
join data.event e on e.id = q.event_id
where q.event_id = :event::bigint and q.id is distinct from :question::bigint
and q.retired is null
and q.kind in ('choice', 'choices', 'country', 'language', 'consent')
order by q.position, q.id;

-- name: registration_question_put
select * from registration.question_put(:event::bigint, :question::bigint,
    :definition::jsonb, :version::integer);

-- name: registration_question_up
select * from registration.question_move(:question::bigint, -1);

-- name: registration_question_down
select * from registration.question_move(:question::bigint, 1);

-- name: registration_question_retire
select * from registration.question_retire(:question::bigint);

-- name: registration_form_define
select * from registration.form_define(:event::bigint, :questions::jsonb);

-- name: registration_form_definition
select registration.form_definition(:event::bigint) as questions;

-- name: registration_edit_form
select * from registration.edit_form_own(:registration::bigint,
    case when :again::text is not null then coalesce(:answers::jsonb, '{}') end);

-- name: registration_edit_form_by_token
select * from registration.edit_form_by_token(:manage::bytea,
    case when :again::text is not null then coalesce(:answers::jsonb, '{}') end);

-- name: registration_edit
select * from registration.edit_answers(:registration::bigint,
    :version::integer, coalesce(:answers::jsonb, '{}'));

-- name: registration_edit_by_token
select * from registration.edit_answers_by_token(:manage::bytea,
    :version::integer, coalesce(:answers::jsonb, '{}'));

-- name: registration_organized_form
select * from registration.edit_form_organized(:registration::bigint,
    case when :again::text is not null then coalesce(:answers::jsonb, '{}') end);

-- name: registration_organize_answers
select * from registration.organize_answers(:registration::bigint,
    :version::integer, coalesce(:answers::jsonb, '{}'));

-- name: registration_answers
-- With the words that they answered, for the event's organizers; the look at
-- what is sensitive is noted.
select a.question, a.kind, a.label, a.options, a.value, a.old, a.sensitive,
    a.asked, a.file, a.at, a.event_language
from registration.answers_of(:registration::bigint) a;

-- name: registration_own_answers
-- The actor's own.
select a.question, a.kind, a.label, a.options, a.value, a.old, a.sensitive,
    a.asked, a.file, a.at, a.event_language
from registration.answers_of_own(:registration::bigint) a;

-- name: registration_answers_by_token
select a.question, a.kind, a.label, a.options, a.value, a.old, a.sensitive,
    a.asked, a.file, a.at, a.event_language
from registration.answers_of_token(:manage::bytea) a;

-- name: registration_file_begin
select * from registration.file_begin_own(:registration::bigint,
    :question::bigint, :name::text, :size::bigint);

-- name: registration_file_begin_by_token
select * from registration.file_begin_by_token(:manage::bytea,
    :question::bigint, :name::text, :size::bigint);

-- name: registration_file_keep
select registration.file_keep_own(:registration::bigint, :file::bigint,
    :sha256::bytea, :type::text);

-- name: registration_file_keep_by_token
select registration.file_keep_by_token(:manage::bytea, :file::bigint,
    :sha256::bytea, :type::text);

-- name: registration_file
select * from registration.file_own(:registration::bigint, :question::bigint);

-- name: registration_file_by_token
select * from registration.file_by_token(:manage::bytea, :question::bigint);
