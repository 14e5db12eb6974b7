-- Events, rooms, sessions and speakers: each verb, and each refusal.
begin;
\ir ../support/house.sql
select no_plan();

-- events
create function pg_temp.event(p_token text, p_event bigint, p_program bigint,
    p_starts text, p_ends text, p_zone text default 'Asia/Kathmandu',
    p_title text default 'Rivers', p_more text default '')
returns text language sql as $$
select pg_temp.tried(p_token, format('select schedule.event_save(p_event => %L,
    p_program => %L, p_title => %L, p_subtitle => '''', p_summary => '''',
    p_language => ''en'', p_mode => ''face_to_face'', p_zone => %L,
    p_starts => %L, p_ends => %L, p_venue => ''The hall'', p_city => '''',
    p_country => '''', p_online_url => '''', p_access => ''public'',
    p_whole => true, p_cutoff => %s)', p_event, p_program, p_title, p_zone,
    p_starts, p_ends, coalesce(nullif(p_more, ''), 'null')))
$$;
select is(pg_temp.event('olga', null, 1, '2031-03-04T09:00', '2031-03-05T18:00'), '100',
    'an organizer drafts an event');
select results_eq('select state::text, slug, schedule.at(starts, zone), revision > 1
    from data.event where id = 100',
    $$values ('draft', 'rivers', '2031-03-04T09:00:00+05:45', true)$$,
    'in its zone''s time');
select results_eq('select count(*), bool_and(uid like ''%@%'') from data.calendar
    where event_id = 100 and session_id is null', 'values (1::bigint, true)',
    'with a calendar object');
select is((select seats from data.pool where event_id = 100), null, 'and seats without limit');
select is(pg_temp.event('olga', null, 2, '2031-03-04T09:00', '2031-03-05T18:00'),
    '42501 account.denied', 'not in another''s program');
select is(pg_temp.event(null, null, 1, '2031-03-04T09:00', '2031-03-05T18:00'),
    '28000 account.sign_in', 'nobody drafts none');
select is(pg_temp.event('olga', null, 99, '2031-03-04T09:00', '2031-03-05T18:00'),
    'P0001 schedule.program_unknown program', 'nor in a program that is not');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', '2031-03-04T09:00'),
    'P0001 schedule.ends_before_start ends', 'it ends after it starts');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', '2032-03-14T09:00'),
    'P0001 schedule.too_long ends', 'within a year');
select is(pg_temp.event('olga', 100, 1, null, '2032-03-14T09:00'),
    'P0001 schedule.time_missing starts', 'it starts');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', null),
    'P0001 schedule.time_missing ends', 'and ends');
select is(pg_temp.event('olga', 100, 1, '2031-03-30T02:30', '2031-03-31T09:00', 'Europe/Paris'),
    'P0001 schedule.time_skipped starts', 'at a time that there is');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', '2031-03-05T09:00', 'Mars/Base'),
    'P0001 schedule.zone_unknown zone', 'in a zone that there is');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', '2031-03-05T09:00',
    'Asia/Kathmandu', ' '), 'P0001 schedule.title_missing title', 'with a title');
select is(pg_temp.event('olga', 100, 1, '2031-03-04T09:00', '2031-03-05T09:00',
    'Asia/Kathmandu', 'T', '''2031-03-06T09:00'''),
    'P0001 schedule.cutoff_after_end cutoff', 'registering ends before it does');
select is(pg_temp.event('oscar', 100, 1, '2031-03-04T09:00', '2031-03-05T09:00'),
    '42501 account.denied', 'another organizer changes nothing');
select is(pg_temp.event('olga', 100, 2, '2031-03-04T09:00', '2031-03-05T09:00'),
    '42501 account.denied', 'nor is it given away');
select is(pg_temp.event('olga', 999, 1, '2031-03-04T09:00', '2031-03-05T09:00'),
    'P0002 account.missing', 'nor what is not there');

select is(pg_temp.tried('oscar', 'select schedule.event_publish(100)'),
    '42501 account.denied', 'another does not publish it');
select is(pg_temp.tried('olga', 'select schedule.event_cancel(100)'),
    'P0003 schedule.event_not_published', 'a draft is not cancelled');
select is(pg_temp.tried('olga', 'select count(*) from data.event where id = 100'), '1',
    'its organizer sees a draft');
select is(pg_temp.tried('oscar', 'select count(*) from data.event where id = 100'), '0',
    'another does not');
select is(pg_temp.tried(null, 'select count(*) from data.event where id = 100'), '0',
    'nor does the public');
update data.program set state = 'draft' where id = 1;
select is(pg_temp.tried('olga', 'select schedule.event_publish(100)'),
    'P0003 schedule.program_not_published', 'a program is published first');
update data.program set state = 'published' where id = 1;
select is(pg_temp.tried('olga', 'select schedule.event_publish(100)'), '100', 'it is published');
select is(pg_temp.tried(null, 'select count(*) from data.event where id = 100'), '1',
    'and seen');
select is(pg_temp.tried('olga', 'select schedule.event_delete(100)'),
    'P0003 schedule.not_draft', 'now it cannot be removed');
select is(pg_temp.tried('olga', 'select schedule.event_delete(2)'), '1', 'a draft can');
select is(pg_temp.tried('olga', 'select schedule.event_cancel(100)'), '100', 'it is cancelled');
select is(pg_temp.tried('olga', 'select schedule.event_publish(100)'),
    'P0003 schedule.event_cancelled', 'for good');
select is(pg_temp.tried('oscar', 'select schedule.event_cancel(1)'), '42501 account.denied',
    'but not by another');
select is(pg_temp.tried(null, 'select count(*) from data.event where id = 3'), '0',
    'what is internal the public does not see');
select is(pg_temp.tried('ivy', 'select count(*) from data.event where id = 3'), '1',
    'who works here does');
select is(pg_temp.tried('dan', 'select count(*) from data.event where id = 3'), '0',
    'door staff of elsewhere do not');

-- rooms and tracks
select is(pg_temp.tried('olga', $$select schedule.room_save(null, 1, 'West', 40)$$), '100',
    'a room');
select is((select position from data.room where id = 100), 2, 'comes last');
select is(pg_temp.tried('olga', $$select schedule.room_save(100, null, 'West wing', 40)$$), '100',
    'is renamed');
select is(pg_temp.tried('olga', $$select schedule.room_save(100, null, 'North', 40)$$),
    'P0001 schedule.room_name_taken name', 'not as another');
select is(pg_temp.tried('olga', $$select schedule.room_save(null, 1, '', 40)$$),
    'P0001 schedule.name_missing name', 'has a name');
select is(pg_temp.tried('oscar', $$select schedule.room_save(100, null, 'Mine', 40)$$),
    '42501 account.denied', 'is not another''s');
select is(pg_temp.tried('olga', $$select schedule.room_save(999, null, 'Mine', 40)$$),
    'P0002 account.missing', 'or not there');
select is(pg_temp.tried('olga', 'select schedule.room_delete(1)'), 'P0003 schedule.room_used',
    'is not removed under a session');
select is(pg_temp.tried('olga', 'select schedule.room_delete(100)'), '1', 'but else');
select is(pg_temp.tried('olga', $$select schedule.track_save(null, 1, 'Depth')$$), '100', 'a track');
select is(pg_temp.tried('olga', $$select schedule.track_save(null, 1, 'Depth')$$),
    'P0001 schedule.track_name_taken name', 'once');
select is(pg_temp.tried('oscar', $$select schedule.track_save(null, 1, 'D')$$),
    '42501 account.denied', 'is not another''s');

-- sessions
create function pg_temp.session(p_token text, p_session bigint, p_room bigint,
    p_starts text, p_ends text, p_more text default '', p_title text default 'Dams')
returns text language sql as $$
select pg_temp.tried(p_token, format('select schedule.session_save(p_session => %L,
    p_event => 1, p_title => %L, p_subtitle => '''', p_abstract => '''',
    p_description => '''', p_language => '''', p_kind => '''', p_mode => '''',
    p_room => %L, p_track => null, p_starts => %L, p_ends => %L, p_url => '''',
    p_online_url => '''' %s)', p_session, p_title, p_room, p_starts, p_ends,
    coalesce(nullif(p_more, ''), ', p_draft => false')))
$$;
select is(pg_temp.session('olga', null, 2, pg_temp.wall(0, '10:00'), pg_temp.wall(0, '11:00')),
    '100', 'a session');
select results_eq('select state::text, version, day, (select count(*) from data.calendar c
    where c.session_id = s.id) from data.session s where id = 100',
    'values (''published'', 2::bigint, current_date + 30, 1::bigint)',
    'has a day and a calendar object');
select is((select title from data.search where kind = 'session' and id = 100), 'Dams',
    'is found');
select is(pg_temp.session('olga', null, 1, pg_temp.wall(0, '10:30'), pg_temp.wall(0, '10:40')),
    'P0001 schedule.room_taken room', 'a room is not taken twice at once');
select is(pg_temp.session('olga', null, 1, pg_temp.wall(0, '11:00'), pg_temp.wall(0, '11:40')),
    '102', 'one after the other it is');
select is(pg_temp.session('olga', null, 3, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '15:40')),
    'P0001 schedule.room_elsewhere room', 'a room of another event is none');
select is(pg_temp.session('olga', null, null, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '14:40')),
    'P0001 schedule.ends_before_start ends', 'it ends after it starts');
select is(pg_temp.session('olga', null, null, pg_temp.wall(-1, '15:00'), pg_temp.wall(-1, '15:40')),
    'P0001 schedule.outside_event starts', 'on a day of the event');
select is(pg_temp.session('olga', null, null, null, pg_temp.wall(-1, '15:40')),
    'P0001 schedule.time_missing starts', 'at a time');
select is(pg_temp.session('olga', null, null, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '15:40'),
    '', ' '), 'P0001 schedule.title_missing title', 'with a title');
select is(pg_temp.session('oscar', null, null, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '15:40')),
    '42501 account.denied', 'by its organizer');
select is(pg_temp.session(null, null, null, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '15:40')),
    '28000 account.sign_in', 'and not by nobody');
select is(pg_temp.session('olga', 999, null, pg_temp.wall(0, '15:00'), pg_temp.wall(0, '15:40')),
    'P0002 account.missing', 'if it is there');
select is(pg_temp.session('olga', 100, 2, pg_temp.wall(0, '10:00'), pg_temp.wall(0, '11:00'),
    ', p_draft => false, p_version => 1'), 'P0003 schedule.changed_meanwhile',
    'a form that is out of date changes nothing');
select is(pg_temp.session('olga', 100, 2, pg_temp.wall(0, '10:00'), pg_temp.wall(0, '11:00'),
    ', p_draft => true'), 'P0001 schedule.session_seen draft', 'what was seen is not hidden');
select is(pg_temp.session('olga', null, null, pg_temp.wall(1, '00:30'), pg_temp.wall(1, '01:30'),
    ', p_draft => true') ~ '^\d+$', true, 'a draft past midnight');
select is((select day from data.session where state = 'draft'), current_date + 30,
    'is of the evening before');
select is(pg_temp.tried('olga', 'select count(*) from data.session where state = ''draft'''), '1',
    'its organizer sees it');
select is(pg_temp.tried('pia', 'select count(*) from data.session where state = ''draft'''), '0',
    'others do not');
select is((select count(*) from data.search i join data.session s
    on i.kind = 'session' and i.id = s.id and s.state = 'draft'), 0::bigint, 'nor find it');

-- moving, with somebody who is told
insert into data.registration (event_id, pool_id, person_id, state, arrival, key, manage_hash)
select 1, registration.pool_id, 5, 'confirmed', 1, gen_random_uuid(), sha256('m')
from (select (registration.pool_of(1)).id as pool_id) registration;
insert into data.pick (registration_id, session_id) select id, 100 from data.registration;
insert into data.invite (calendar_id, person_id, registration_id, last_sent_seq,
    last_material_seq, last_method)
select c.id, 5, r.id, 0, 0, 'REQUEST' from data.calendar c, data.registration r
where c.event_id = 1 and (c.session_id is null or c.session_id = 100);
create function pg_temp.told()
returns text language sql as $$
select string_agg(case when c.session_id is null then 'event' else 'session' end
    || ' ' || c.sequence, ', ' order by c.session_id nulls last)
from data.calendar c
where c.event_id = 1 and (c.session_id is null or c.session_id = 100)
$$;
create function pg_temp.move(p_token text, p_room bigint, p_starts text, p_version bigint)
returns text language sql as $$
select pg_temp.tried(p_token, format('select version from schedule.session_move(100,
    %L, %L, null, %L)', p_room, p_starts, p_version))
$$;
select is(pg_temp.move('oscar', 2, pg_temp.wall(0, '12:00'), 2), '42501 account.denied',
    'another moves nothing');
select is(pg_temp.move('olga', 2, pg_temp.wall(0, '12:00'), 1),
    'P0003 schedule.changed_meanwhile', 'nor does an old form');
select is(pg_temp.move('olga', 1, pg_temp.wall(0, '11:15'), 2),
    'P0001 schedule.room_taken room', 'nor into a room that is taken');
select is(pg_temp.move('olga', 2, pg_temp.wall(5, '11:15'), 2),
    'P0001 schedule.outside_event starts', 'nor out of the event');
select is(pg_temp.told(), 'session 0, event 0', 'and nobody is told of it');
select is(pg_temp.move('olga', 2, pg_temp.wall(0, '12:00'), 2), '3', 'a session moves');
select is((select ends - starts from data.session where id = 100), interval '1 hour',
    'and stays as long');
select is(pg_temp.told(), 'session 1, event 1',
    'who picked it and who attends all of it are told');
select is((select count(*) from data.notice where person_id = 5 and state = 'waiting'
    and method = 'REQUEST'), 2::bigint, 'by one mail for each');
select is(pg_temp.move('olga', 1, pg_temp.wall(0, '12:00'), 3), '4', 'into another room');
select is(pg_temp.told(), 'session 1, event 1', 'is told, but asks nobody anew');
update data.event set whole = false where id = 1;
select is(pg_temp.move('olga', 1, pg_temp.wall(0, '13:00'), 4), '5', 'of many one may pick');
select is(pg_temp.told(), 'session 2, event 1', 'only those who picked it are asked anew');
select is(pg_temp.tried('olga', 'select schedule.told(100)'), '1', 'which is one');

-- the event moves
select is(pg_temp.event('olga', 1, 1, pg_temp.wall(0, '08:00'), pg_temp.wall(1, '18:00')), '1',
    'the event begins earlier');
select is(pg_temp.told(), 'session 2, event 2', 'all are asked anew');
select is(pg_temp.event('olga', 1, 1, pg_temp.wall(1, '08:00'), pg_temp.wall(1, '18:00')),
    'P0001 schedule.sessions_outside ends', 'but not later than its sessions');
select is(pg_temp.event('olga', 1, 1, pg_temp.wall(0, '08:00'), pg_temp.wall(1, '18:00'),
    'Asia/Kathmandu', 'Rivers II'), '1', 'a new title');
select is(pg_temp.told(), 'session 2, event 2', 'asks nobody anew');
select is(pg_temp.event('olga', 1, 1, pg_temp.wall(0, '08:00'), pg_temp.wall(1, '18:00'),
    'Asia/Almaty', 'Rivers II'), '1', 'in another zone');
select is((select schedule.typed(s.starts, 'Asia/Almaty') from data.session s where id = 100),
    pg_temp.wall(0, '13:00'), 'the sessions keep the time on the wall');
select is(pg_temp.told(), 'session 3, event 3', 'and all are asked anew');

-- speakers
select is(pg_temp.tried('olga', $$select schedule.session_speaker_add(100, 'Ñandú')$$), '100',
    'a speaker');
select is(pg_temp.tried('olga', $$select schedule.session_speaker_add(102, 'Ñandú')$$), '100',
    'is the same at another session');
select is(pg_temp.tried('olga', $$select schedule.speaker_save(null, 1, 'Bo', '', '')$$), '101', 'another');
select is(pg_temp.tried('olga', 'select schedule.session_speakers_set(100, ''{101,100}'')'), '1', 'first');
select is((select string_agg(speaker_id::text, ' ' order by position) from data.session_speaker
    where session_id = 100), '101 100', 'in that order');
select is((select count(*) from data.search where kind = 'session' and id = 100
    and words @@ program.asked('en', 'nandu')), 1::bigint, 'and found by name');
select is(pg_temp.tried('olga', 'select schedule.session_speakers_set(100, ''{99}'')'),
    'P0001 schedule.speaker_elsewhere speakers', 'who is not of the event cannot speak');
select is(pg_temp.tried('oscar', 'select schedule.speaker_save(100, null, ''X'', '''', '''')'),
    '42501 account.denied', 'speakers are not another''s');
select is(pg_temp.tried('olga', 'select schedule.speaker_save(100, null, '' '', '''', '''')'),
    'P0001 schedule.name_missing name', 'and have names');
select is(pg_temp.tried('olga', 'select schedule.session_speaker_remove(100, 101)'), '1', 'one less');
select is(pg_temp.tried('olga', 'select schedule.speaker_delete(100)'), '1', 'one gone');

-- cancelling
select is(pg_temp.tried('olga', 'select schedule.session_delete(100)'), 'P0003 schedule.not_draft',
    'what was seen is not removed');
select is(pg_temp.tried('oscar', 'select schedule.session_cancel(100)'), '42501 account.denied',
    'nor cancelled by another');
select is(pg_temp.tried('olga', 'select schedule.session_cancel(100)'), '1', 'but cancelled');
select is((select count(*) from data.invite i join data.calendar c on c.id = i.calendar_id
    where c.session_id = 100 and i.live), 0::bigint, 'with its invites');
select is(pg_temp.move('olga', 1, pg_temp.wall(0, '14:00'), null), 'P0003 schedule.session_cancelled',
    'it moves no more');
select is(pg_temp.session('olga', null, 1, pg_temp.wall(0, '13:00'), pg_temp.wall(0, '14:00')) ~ '^\d+$',
    true, 'and its room is free');
select is(pg_temp.tried('oscar', 'select schedule.session_restore(100)'), '42501 account.denied',
    'another does not take that back');
select is(pg_temp.tried('olga', 'select schedule.session_restore(100)'), 'P0001 schedule.room_taken room',
    'nor who organizes it, while the room is another''s');
update data.session s set state = 'cancelled' from data.session one
where one.id = 100 and s.id <> 100 and s.room_id = one.room_id and s.starts < one.ends and s.ends > one.starts;
select is(pg_temp.tried('olga', 'select schedule.session_restore(100)'), '1', 'else it is restored');
select is(pg_temp.told(), 'session 5, event 3', 'who had picked it is asked, above the cancellation');
select is(pg_temp.tried('olga', 'select schedule.session_restore(100)'), '1', 'twice is once');
select is(pg_temp.told(), 'session 5, event 3', 'and tells nobody');
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}' where state = 'waiting';
select is(pg_temp.tried('olga', 'select schedule.room_save((select room_id from data.session where id = 100),
    null, ''Aula'', 50) > 0'), 'true', 'its room has another name');
select is((select string_agg(n.kind || ' ' || n.method, ', ') from data.notice n join data.invite i on i.id = n.invite_id
    join data.calendar c on c.id = i.calendar_id where c.session_id = 100 and n.state = 'waiting'),
    'invite.changed REQUEST', 'which its calendars are told');
select is(pg_temp.told(), 'session 5, event 3', 'and nobody is asked anew');
select is(pg_temp.tried('olga', 'select schedule.event_save(1, 1, ''Late'', '''', '''', ''en'', ''online'', ''UTC'',
    ''2031-01-01T00:00'', ''2031-01-02T00:00'', '''', '''', '''', '''', ''public'', true, null, null, 1)'),
    'P0003 schedule.changed_meanwhile', 'who filled in an older form of the event is told so');
select is(pg_temp.tried('olga', 'select schedule.session_delete(s.id) from data.session s
    where s.state = ''draft'''), '1', 'a draft is removed');
select is(pg_temp.tried('olga', 'select schedule.event_cancel(1)'), '1', 'the event is cancelled');
select is((select count(*) from data.invite i where i.live), 0::bigint, 'with every invite');
select is((select state::text from data.registration where person_id = 5), 'cancelled',
    'and registration');

-- numbers
insert into data.notice (kind, email, event_id, state, bounced) values
('registration.confirmed', 'a@example.org', 1, 'sent', now()), ('registration.confirmed', 'b@example.org', 1, 'failed', null),
('registration.confirmed', 'c@example.org', 1, 'sent', null);
select is(pg_temp.tried('dan', 'select mail_failed from schedule.counts(1)'), '2',
    'mails that came back count as those that could not be sent');
select is(pg_temp.tried('dan', 'select devices from schedule.counts(1)'), '0',
    'who works at it sees its numbers');
select is(pg_temp.tried('pia', 'select devices from schedule.counts(1)'), '42501 account.denied',
    'who takes part does not');

select * from finish();
rollback;
