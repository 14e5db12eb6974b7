#!/bin/bash
# The worker is killed in the midst of sending: no mail is lost, few come twice,
# and what comes twice has the same Message-ID.  Where only the database fails
# meanwhile, none comes twice.
set -euo pipefail
export PGOPTIONS='-c client_min_messages=warning'

if [ -z "${CONVENE_MAIL:-}" ]; then
	echo "1..0 # SKIP no running instance"
	exit 0
fi
most=200 slow=10
mark=outbox-$$

ask() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

event=$(ask <<EOF
with p as (
    insert into data.program (slug, reach, title, state)
    values ('$mark', 'global', 'Outbox', 'published') returning id),
e as (
    insert into data.event (program_id, slug, title, zone, starts, ends, state)
    select id, '$mark', 'Outbox ورشة 研修', 'Africa/Cairo',
        now() + interval '9 days', now() + interval '9 days 2 hours',
        'published' from p returning id),
s as (
    insert into data.pool (event_id, seats) select id, $most + $slow from e)
select id from e;
EOF
)
ask >/dev/null <<EOF
select schedule.calendars(id), schedule.index_event(id), program.index(program_id)
from data.event where id = $event
EOF
worker() { pgrep -n -f "^$CONVENE_DIR/program/convene-worker" || pgrep -n convene-worker; }
waiting() { ask -c "select count(*) from data.notice where event_id = $event and state = 'waiting'"; }
ids() { grep -hi -A1 "^Message-Id:" $(grep -la "$1@$mark.example" "$CONVENE_MAIL"/new/*.eml) | grep -o 'notice-[0-9]*@'; }
# So many people whose addresses begin so.
register() {
	ask -U convene_web >/dev/null <<EOF
select count(*) from (
    select registration.take($event::bigint, '$2' || g || '@$mark.example',
        'Person ' || g, 'en', null, '', null, gen_random_uuid(),
        sha256(convert_to(gen_random_uuid()::text, 'UTF8')))
    from generate_series(1, $1) g) x;
EOF
}

was=$(worker)
register $most p
for _ in {1..100}; do
	left=$(waiting)
	((left < most)) && break
	sleep 0.05
done
kill -9 "$was"
echo "# killed with $left of $most left to mark"

for _ in {1..50}; do
	sleep 0.1
	now=$(worker) && [ "$now" != "$was" ] && break
done
[ "${now:-}" != "$was" ] && echo "ok 1 - the worker is back" ||
	echo "not ok 1 - the worker is back"

# What it held is free again once the lease is over: not waited for here.
ask -c "update data.notice set lease_until = now() - interval '1 second'
    where event_id = $event and state = 'waiting' and lease_until is not null"
for _ in {1..200}; do
	[ "$(waiting)" -eq 0 ] && break
	sleep 0.1
done
sent=$(ids '' | wc -l) distinct=$(ids '' | sort -u | wc -l)
[ "$distinct" -eq $most ] && echo "ok 2 - every mail arrived" ||
	echo "not ok 2 - $distinct of $most mails arrived"
[ $((sent - distinct)) -le 40 ] && echo "ok 3 - $((sent - distinct)) came twice, by the same name" ||
	echo "not ok 3 - $((sent - distinct)) came twice"

# They are at the relay when nothing can be written for longer than a statement
# waits: the lease, of two minutes, is not what ends it.
register $slow slow
for _ in {1..100}; do
	held=$(ask -c "select count(*) from data.notice where event_id = $event
	    and state = 'waiting' and lease_until is not null")
	((held == slow)) && break
	sleep 0.05
done
ask -c "begin; lock table data.notice in share mode; select pg_sleep(8); commit" >/dev/null
for _ in {1..150}; do
	[ "$(waiting)" -eq 0 ] && break
	sleep 0.1
done
sent=$(ids 'slow[0-9]*' | wc -l)
[ "$(waiting)" -eq 0 ] && [ "$sent" -eq $slow ] &&
	echo "ok 4 - $held were marked later, and came once" ||
	echo "not ok 4 - $(waiting) of $held are not marked, $sent came"
echo "1..4"
