#!/bin/bash
# Other people's programs read what is written: icalendar, vobject, khal, zbar.
set -euo pipefail
export PGOPTIONS='-c client_min_messages=warning'

if [ -z "${CONVENE_MAIL:-}" ]; then
	echo "1..0 # SKIP no running instance"
	exit 0
fi
mark=clients-$$
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

ask() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }

# One within a day, one over three days.
ask >/dev/null <<EOF
insert into data.program (slug, reach, title, state)
values ('$mark', 'global', 'Clients', 'published');
insert into data.event (program_id, slug, title, zone, starts, ends, venue,
    city, state, summary, online_url)
select p.id, '$mark-' || g, 'ورشة عمل 基础评估; été, "workshop"', 'Asia/Kathmandu',
    timestamptz '2031-03-04 14:00 Asia/Kathmandu',
    timestamptz '2031-03-04 16:00 Asia/Kathmandu' + (g - 1) * interval '2 days',
    'Hall 3, 中心', 'Kathmandu', 'published', E'One, two\nthree; four',
    'https://meet.example.org/r/1?a=b;c,d'
from data.program p, generate_series(1, 2) g where p.slug = '$mark';
insert into data.pool (event_id, seats)
select id, 5 from data.event where slug like '$mark-%';
select schedule.calendars(id), schedule.index_event(id), program.index(program_id)
from data.event where slug like '$mark-%';
EOF
for slug in $mark-1 $mark-2; do
	ask -U convene_web >/dev/null <<EOF
select registration.take(e.id, 'amina@$slug.example', 'Amina ${mark#*-} أمينة',
    'en', null, '', null, gen_random_uuid(),
    sha256(convert_to(gen_random_uuid()::text, 'UTF8')))
from data.event e where e.slug = '$slug';
EOF
done
for _ in {1..150}; do
	one=$(grep -la "amina@$mark-1.example" "$CONVENE_MAIL"/new/*.eml 2>/dev/null | head -n 1) || true
	two=$(grep -la "amina@$mark-2.example" "$CONVENE_MAIL"/new/*.eml 2>/dev/null | head -n 1) || true
	[ -n "$one" ] && [ -n "$two" ] && break
	sleep 0.1
done
[ -n "$one" ] && [ -n "$two" ] || { echo "not ok 1 - the mails come"; exit 1; }

ids=$(ask -c "select r.event_id || ' ' || r.id || ' ' || r.serial
    from data.registration r join data.event e on e.id = r.event_id
    where e.slug = '$mark-1'")
/usr/bin/python3 tests/invite/clients.py "$one" "$two" "$dir" "$ids"
