#!/bin/bash
# The demonstration fills an empty house, once, and breaks no invariant.
set -euo pipefail
export PGOPTIONS='-c client_min_messages=warning'

if [ -z "${PGHOST:-}" ] || [ ! -x build/convene ]; then
	echo "1..0 # SKIP no database"
	exit 0
fi
base=demo_test_$$
dir=$(mktemp -d)
finish() {
	rm -rf "$dir"
	dropdb --if-exists --force "$base"
}
trap finish EXIT
mkdir "$dir/store" "$dir/upload"
createdb "$base"
unset CONVENE_CONF
export PGDATABASE=$base
export CONVENE_DATABASE_OWNER="host=$PGHOST user=$PGUSER dbname=$base"
export CONVENE_STORE=$dir/store CONVENE_UPLOAD=$dir/upload
export CONVENE_SECRET_KEY=$dir/secret.key CONVENE_TICKET_KEY=$dir/ticket.key
: >"$dir/empty.conf"

convene() { build/convene -c "$dir/empty.conf" "$@"; }
ask() { psql -qAtX -v ON_ERROR_STOP=1 -c "$1"; }

number=0
# is NAME WHAT-IS WHAT-SHOULD-BE
is() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1: $2, not $3"
	fi
}
# holds NAME CONDITION-IN-SQL
holds() { is "$1" "$(ask "select $2")" t; }

convene keys
convene migrate >/dev/null
begin=$(date +%s%N)
convene demo >"$dir/first" || { cat "$dir/first"; exit 1; }
took=$((($(date +%s%N) - begin) / 1000000))
echo "# loaded in $took ms"
is "it loads in less than ten seconds" "$((took < 10000))" 1

is "three programs are global and five regional" \
    "$(ask "select string_agg(n::text, ' ' order by reach) from (
    select reach, count(*) n from data.program where state = 'published' group by reach) x")" "3 5"
holds "each regional program has countries and themes" "bool_and(
    exists (select from data.program_country c where c.program_id = p.id)
    and exists (select from data.program_theme t where t.program_id = p.id))
    from data.program p where p.reach = 'regional'"
holds "there are 25 events or more" "count(*) >= 25 from data.event"
holds "they are in twelve time zones or more" "count(distinct zone) >= 12 from data.event"
is "Cairo, Almaty, Asunción, Kathmandu and New York are among them" "$(ask "select count(distinct zone) from data.event
    where zone in ('Africa/Cairo', 'Asia/Almaty', 'America/Asuncion', 'Asia/Kathmandu', 'America/New_York')")" 5
is "400 people" "$(ask 'select count(*) from data.person')" 400
for script in Latin:A-Za-z Arabic:ء-ي Chinese:一-鿿 Cyrillic:А-я Devanagari:ऀ-ॿ; do
	holds "names in ${script%%:*}" "count(*) >= 30 from data.person where name ~ '[${script#*:}]'"
done
is "titles are in seven languages" "$(ask 'select count(distinct language) from data.event')" 7
is "events are face to face, online and hybrid" "$(ask 'select count(distinct mode) from data.event')" 3
holds "some events are past, and people came" "count(distinct e.id) >= 8 from data.event e
    join data.attendance a on a.event_id = e.id where e.ends < now()"
holds "some are running" "count(*) >= 2 from data.event where now() between starts and ends"
holds "one is full, with a waiting list" "count(*) >= 1 from data.event e join data.pool p on p.event_id = e.id
    where e.starts > now() and p.waitlisted >= 5 and p.confirmed + p.offered = p.seats"
holds "there two are offered a seat that was given back" "count(*) = 2 from data.registration r
    join data.event e on e.id = r.event_id and e.slug = 'registry-exercise' where r.state = 'offered' and r.expires > now() + interval '4 days'"
is "one has buckets by region, income and audience" "$(ask "select string_agg(b.by || ' ' || b.confirmed, ', ' order by b.position)
    from data.bucket b join data.pool p on p.id = b.pool_id join data.event e on e.id = p.event_id where e.slug = 'governance-forum'")" \
    "region 3, income 1, audience 2"
is "the coordinator and the organizer have requests to decide" "$(ask "select string_agg(step || ' ' || n, ', ' order by step)
    from (select step, count(*) n from data.registration where state = 'requested' group by step) x")" "coordinator 2, organizer 3"
holds "all that ask there have answered the form, whose questions have conditions" "bool_and(exists (select from data.answer a
    where a.registration_id = r.id)) from data.registration r join data.question q on q.event_id = r.event_id and q.depends is not null
    where r.state = 'requested'"
is "a unit's allotment has been used for nominations" "$(ask "select b.seats || ' ' || b.offered || ' ' || b.confirmed from data.bucket b
    where b.nominated")" "8 2 2"
is "the participant is among them, and has to say yes" "$(ask "select r.state from data.registration r
    join data.person p on p.id = r.person_id where r.nominated_by is not null and p.email = 'participant@convene.example'")" offered
is "there are access codes" "$(ask 'select count(*) from data.access_code where revoked is null')" 3
is "a message was sent, and a reminder waits for its day" "$(ask "select string_agg(kind || ' ' || state, ', ' order by kind)
    from data.mailing")" "mailing done, reminder scheduled"
holds "one is nearly full" "count(*) >= 1 from data.event e join data.pool p on p.event_id = e.id
    where e.starts > now() and p.confirmed < p.seats and p.confirmed >= 0.9 * p.seats"
is "one is a draft" "$(ask "select count(*) from data.event where state = 'draft'")" 1
is "one is cancelled, and told" "$(ask "select count(distinct e.id) from data.event e
    join data.notice n on n.event_id = e.id and n.kind = 'invite.event_cancelled' where e.state = 'cancelled'")" 1
is "one is internal" "$(ask "select count(*) from data.event where access = 'internal'")" 1
holds "nobody registered after the end or in time to come" "not exists (select from data.registration r
    join data.event e on e.id = r.event_id where r.created > least(e.ends, now()))"
holds "history is in the order of time" "not exists (select from data.registration_change a
    join data.registration_change b on b.registration_id = a.registration_id and b.id > a.id where b.at < a.at)"
holds "records are public, internal and of participants" "count(distinct access) = 3 and count(*) >= 15 from data.record"
holds "each file of a record is in the store" "$(ask 'select count(distinct sha256) from data.material') = $(find "$dir/store" -type f | wc -l)"
is "the PDFs are PDFs" "$(ask "select count(distinct type) from data.material where name like '%.pdf' and type = 'application/pdf'")" 1
holds "a dozen mails wait, and no more" "count(*) between 8 and 12 from data.notice where state = 'waiting'"
holds "the participant has seats, and waits for one" "count(*) filter (where r.state = 'confirmed') >= 4
    and count(*) filter (where r.state = 'waitlisted') = 1 from data.registration r
    join data.person p on p.id = r.person_id and p.email = 'participant@convene.example'"
is "there are an administrator, organizer, door staff and a coordinator" "$(ask "select count(distinct kind) from data.role")" 4
if convene verify >"$dir/verify"; then
	is "every invariant holds" yes yes
else
	is "every invariant holds" "$(grep -v ' ok$' "$dir/verify" | tr '\n' ' ')" ""
fi

was=$(ask 'select count(*) from data.audit')
convene demo >"$dir/second"
is "a second run says that it is there" "$(head -n 1 "$dir/second")" "The demonstration is there already."
is "and counts the same" "$(tail -n +2 "$dir/second")" "$(cat "$dir/first")"
is "and does nothing" "$(ask 'select count(*) from data.audit')" "$was"
ask "delete from data.setting where name = 'demo'"
if convene demo 2>"$dir/third"; then
	is "a house in use is left alone" loaded refused
else
	is "a house in use is left alone" "$(grep -c 'programs already' "$dir/third")" 1
fi
echo "1..$number"
