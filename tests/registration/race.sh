#!/bin/bash
# Many people at once: no seat twice, nobody overtaken, also when transactions
# roll back.  Prints TAP.  Uses the PG* environment, which names a database that
# is deployed and that it may fill; its clients are the web's role.
set -u
cd "$(dirname "$0")/../.."
web="psql -qXAt -v ON_ERROR_STOP=1 -U ${CONVENE_WEB_ROLE:-convene_web}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
failed=0

is() {
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		failed=1
		echo "not ok $n - $3"
		echo "# have: $1"
		echo "# want: $2"
	fi
}

sql() {
	psql -qXAt -v ON_ERROR_STOP=1 -c "$1"
}

# An event of its own, with so many seats; prints its id.
event() {
	sql "with p as (
	    insert into data.program (slug, reach, title, state)
	    values ('race-' || gen_random_uuid(), 'global', 'Race', 'published')
	    returning id),
	e as (
	    insert into data.event (program_id, slug, title, zone, starts, ends,
	        state)
	    select p.id, 'race-' || gen_random_uuid(), 'Race', 'UTC',
	        now() + interval '1 day', now() + interval '2 days', 'published'
	    from p returning id)
	insert into data.pool (event_id, seats) select e.id, $1 from e
	returning event_id"
}

# Person number $1 of the race signs in with token person-$1-$$.
people() {
	sql "with p as (
	    insert into data.person (email, name)
	    select 'race-' || g || '-$$@example.org', 'Racer ' || g
	    from generate_series(1, $1) g returning id, email)
	insert into data.login (token_hash, person_id, idle, idle_expiry,
	    absolute_expiry)
	select sha256(p.email::bytea), p.id, interval '1 day',
	    now() + interval '1 day', now() + interval '1 day' from p"
}

# What person $1 sends to register for event $2, as the web does.
take() {
	echo "select e.person_id from account.enter(
	    sha256('race-$1-$$@example.org'), 'member', '', null) e;
	select t.state from registration.take($2, null, null, 'en', null, null,
	    null, '$(cat /proc/sys/kernel/random/uuid)',
	    sha256(uuid_send(gen_random_uuid()))) t;"
}

# The live registration of person $1 for event $2 is withdrawn.
leave() {
	echo "select e.person_id from account.enter(
	    sha256('race-$1-$$@example.org'), 'member', '', null) e;
	select v.state from (
	    select r.id from data.registration r join data.person p
	    on p.id = r.person_id where r.event_id = $2
	    and p.email = 'race-$1-$$@example.org'
	    order by r.id desc limit 1) r,
	    registration.withdraw(r.id) v;"
}

go() { # runs stdin as one transaction of the web's, quietly
	{ echo 'begin;'; cat; echo "${1:-commit};"; } | $web >/dev/null 2>>"$work/errors"
}

counts() {
	sql "select p.confirmed || ' ' || p.waitlisted || ' ' || p.arrived
	    from data.pool p where p.event_id = $1"
}

clean() { # every invariant of these rooms holds
	for room in registration invite checkin; do
		awk '/^-- name: /{on = ($3 ~ /^verify_/)} on' \
		    sql/"$room"/*queries.sql
	done >"$work/verify.sql"
	is "$(psql -qXAt -v ON_ERROR_STOP=1 -f "$work/verify.sql" 2>&1)" '' "$1"
}

people 64 >/dev/null
is "$(echo 'select current_user' | $web)" "${CONVENE_WEB_ROLE:-convene_web}" \
    'the clients are the web'

# two people, one seat
e=$(event 1)
for i in 1 2; do
	{ take $i "$e"; echo 'select pg_sleep(0.1);'; } | go &
done
wait
is "$(counts "$e")" '1 1 2' 'two people and one seat: one has it, one waits'

# 64 clients, 10 seats
e=$(event 10)
for i in $(seq 64); do take "$i" "$e" | go & done
wait
is "$(counts "$e")" '10 54 64' '64 clients and 10 seats: 10 have one'
is "$(sql "select max(r.arrival) from data.registration r
    where r.event_id = $e and r.state = 'confirmed'")" 10 'the first ten'
clean 'and all is well'

# the same person from many windows
e=$(event 5)
for i in $(seq 16); do take 1 "$e" | go & done
wait
is "$(counts "$e")" '1 0 1' 'one person sixteen times is one registration'

# cancel and register at once
e=$(event 10)
for i in $(seq 20); do take "$i" "$e" | go; done
for i in $(seq 1 10); do leave "$i" "$e" | go & done
for i in $(seq 21 50); do take "$i" "$e" | go & done
wait
is "$(counts "$e")" '10 30 50' 'ten leave while thirty come: the seats are given on'
is "$(sql "select string_agg(r.arrival::text, ',' order by r.arrival)
    from data.registration r where r.event_id = $e and r.state = 'confirmed'")" \
    '11,12,13,14,15,16,17,18,19,20' 'to those who had waited, in their order'
clean 'and all is well'

# a third of the transactions roll back
e=$(event 10)
for i in $(seq 48); do
	if [ $((i % 3)) -eq 0 ]; then end=rollback; else end=commit; fi
	take "$i" "$e" | go $end &
done
wait
is "$(counts "$e")" '10 22 32' 'sixteen of 48 roll back: no seat and no place is lost'
is "$(sql "select max(r.arrival) from data.registration r
    where r.event_id = $e and r.state = 'confirmed'")" 10 'and the order is kept'
clean 'and all is well'

is "$(sort -u "$work/errors" | head -3)" '' 'nobody was refused'
echo "1..$n"
exit $failed
