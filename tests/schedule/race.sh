#!/bin/sh
# One room, one form and one event, changed by all at once.
. "$(dirname "$0")/../support/together.sh"

echo 1..6

psql >"$run/made" <<'SETUP'
set client_min_messages = warning;
insert into data.person (id, email, name) overriding system value
values (9001, 'org@race.example', 'Org');
insert into data.program (id, slug, reach, title, state)
overriding system value values (9001, 'race', 'global', 'Race', 'published');
insert into data.event (id, program_id, slug, title, zone, starts, ends, state)
overriding system value values (9001, 9001, 'race', 'Race', 'Asia/Kathmandu',
    '2031-03-04 09:00+05:45', '2031-03-04 18:00+05:45', 'published');
insert into data.role (person_id, kind, scope, scope_id)
values (9001, 'organizer', 'program', 9001);
insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
values (sha256('org'), 9001, '1 day', now() + interval '1 day', now() + interval '1 day');
insert into data.room (id, event_id, name) overriding system value
values (9001, 9001, 'Only');
insert into data.session (id, event_id, title, starts, ends, day)
overriding system value
select 9000 + g, 9001, 'S' || g, '2031-03-04 09:00+05:45', '2031-03-04 10:00+05:45',
    '2031-03-04' from generate_series(1, 8) g;
select schedule.calendars(9001);
SETUP

enter="select account.enter(sha256('org'), 'organizer', 'event', 9001);"

check 'eight sessions move into one room: one gets it' \
    "$(together 8 "$enter select schedule.session_move(900{}, 9001, '2031-03-04T12:00', null, null)")" 1
check 'the others hear that it is taken' \
    "$(cat "$run"/*.err | grep -c schedule.room_taken)" 7
rm -f "$run"/*.err

check 'eight editors save one form: one is in time' \
    "$(together 8 "$enter select schedule.session_move(9008, null, '2031-03-04T1{}:00', null,
    $(psql -c 'select version from data.session where id = 9008'))")" 1
check 'the others hear that it changed meanwhile' \
    "$(cat "$run"/*.err | grep -c schedule.changed_meanwhile)" 7

before=$(psql -c 'select revision from data.event where id = 9001')
together 8 "$enter select schedule.session_move(900{}, null, '2031-03-04T1{}:00', null, null)" >/dev/null
check 'eight sessions move at once: all do, and each is a revision' \
    "$(psql -c "select revision - $before from data.event where id = 9001")" 8

for i in 1 2 3 4 5 6 7 8; do
	psql -c "$enter select schedule.event_publish(9001)" -c "$enter
	    select schedule.room_save(null, 9001, 'Room $i', 10)" >/dev/null &
done
wait
check 'eight rooms made at once have places of their own' \
    "$(psql -c "select count(distinct position) from data.room where event_id = 9001 and name like 'Room _'")" 8
