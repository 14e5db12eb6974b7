-- People and an event for the tests of the database, inside the transaction
-- that each test file begins and rolls back.  `\ir ../support/house.sql`.
--   ada administers · olga organizes program 1 · oscar organizes program 2
--   dan stands at the door of event 1 · pia takes part · ivy works for the house
--   event 1: Kathmandu, published, two days, rooms 1 and 2, session 1
--   event 2: a draft of program 1 · event 3: of program 2, internal

create extension if not exists pgtap;
set local client_min_messages = warning;

insert into data.person (id, email, name, staff) overriding system value
values (1, 'ada@example.org', 'Ada', false),
    (2, 'olga@example.org', 'Olga', false),
    (3, 'oscar@example.org', 'Oscar', false),
    (4, 'dan@example.org', 'Dan', false),
    (5, 'pia@example.org', 'Pia', false),
    (6, 'ivy@example.org', 'Ivy', true);
insert into data.program (id, slug, reach, region, title, state)
overriding system value
values (1, 'one', 'global', '', 'Water', 'published'),
    (2, 'two', 'regional', 'Andes', 'Soil', 'published'),
    (3, 'three', 'global', '', 'Draft of a program', 'draft');
insert into data.event (id, program_id, slug, title, zone, starts, ends, state,
    access, whole, venue)
overriding system value
values (1, 1, 'e1', 'Rivers', 'Asia/Kathmandu',
        (current_date + 30 + time '09:00') at time zone 'Asia/Kathmandu',
        (current_date + 31 + time '18:00') at time zone 'Asia/Kathmandu',
        'published', 'public', true, 'The hall'),
    (2, 1, 'e2', 'Lakes', 'Africa/Cairo',
        (current_date + 60 + time '09:00') at time zone 'Africa/Cairo',
        (current_date + 60 + time '17:00') at time zone 'Africa/Cairo',
        'draft', 'public', true, ''),
    (3, 2, 'e3', 'Compost', 'America/Asuncion',
        (current_date + 40 + time '09:00') at time zone 'America/Asuncion',
        (current_date + 40 + time '17:00') at time zone 'America/Asuncion',
        'published', 'internal', true, '');
insert into data.room (id, event_id, name, position) overriding system value
values (1, 1, 'North', 0), (2, 1, 'South', 1), (3, 2, 'East', 0);
insert into data.session (id, event_id, room_id, title, starts, ends, day)
overriding system value
values (1, 1, 1, 'Floods', (current_date + 30 + time '10:00') at time zone 'Asia/Kathmandu',
    (current_date + 30 + time '11:00') at time zone 'Asia/Kathmandu',
    current_date + 30);
insert into data.role (person_id, kind, scope, scope_id)
values (1, 'admin', 'system', 0), (2, 'organizer', 'program', 1),
    (3, 'organizer', 'program', 2), (4, 'staff', 'event', 1);
select schedule.calendars(e.id), schedule.index_event(e.id),
    schedule.index_sessions(e.id) from data.event e
\g /dev/null
select program.index(p.id) from data.program p
\g /dev/null

do $$
declare
	v_table text;
begin
	foreach v_table in array '{person,program,event,room,session,track,speaker}'::text[]
	loop
		execute format('alter table data.%I alter id restart 100', v_table);
	end loop;
end
$$;

-- A login whose token is the person's first name.
insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
select sha256(lower(p.name)::bytea), p.id, interval '1 day',
    now() + interval '1 day', now() + interval '2 days'
from data.person p
where p.id < 10;

-- What one row of one column answers to the holder of a token (null: nobody),
-- asked as the web asks; or how it is refused: "SQLSTATE key column".
create function pg_temp.tried(p_token text, p_sql text, p_need text default 'anyone',
    p_scope text default '', p_id bigint default null)
returns text
language plpgsql
as $$
declare
	v_answer text;
	v_column text;
	v_words text;
begin
	perform set_config('role', 'convene_web', true);
	perform account.enter(sha256(p_token::bytea), p_need, p_scope, p_id);
	execute p_sql into v_answer;
	perform set_config(n, v, true)
	from (values ('role', 'none'), ('convene.actor', ''),
	    ('convene.device', ''), ('convene.login', '')) s (n, v);

	return v_answer;
exception when others or assert_failure then -- P0004 is not among the others
	get stacked diagnostics v_column = column_name, v_words = message_text;

	return trim(sqlstate || ' ' || v_words || ' ' || coalesce(v_column, ''));
end
$$;

-- Past or future, the wall time of a day of event 1.
create function pg_temp.wall(p_day integer, p_time text)
returns text
language sql
as $$
select to_char(current_date + 30 + p_day, 'YYYY-MM-DD') || 'T' || p_time
$$;
