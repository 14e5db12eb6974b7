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

# What person $1 sends to register for event $2, as the web does; from Nepal when
# their number is even.
take() {
	echo "select e.person_id from account.enter(
	    sha256('race-$1-$$@example.org'), 'member', '', null) e;
	select t.state from registration.take($2, null, null, 'en',
	    case when $1 % 2 = 0 then 'NP' end, null,
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

# Person $1 accepts what they are offered at event $2, if they are.
accept() {
	echo "select e.person_id from account.enter(
	    sha256('race-$1-$$@example.org'), 'member', '', null) e;
	select v.state from (
	    select r.id from data.registration r join data.person p
	    on p.id = r.person_id where r.event_id = $2
	    and p.email = 'race-$1-$$@example.org' and r.state = 'offered') r,
	    registration.accept(r.id) v;"
}

# The offers of event $1 that are over, now, for those whose number is in $2.
lapse() {
	sql "update data.registration r set expires = clock_timestamp()
	    from data.person p
	    where p.id = r.person_id and r.event_id = $1 and r.state = 'offered'
	    and split_part(p.email, '-', 2)::integer % 4 = $2"
}

# Looks at event $1 again and again, until told to stop: says so whenever a
# commit shows more seats given than there are, in all or in a bucket.
watch_seats() {
	while [ ! -e "$work/stop" ]; do
		sql "select 'too many' from data.pool p
		    join data.registration r on r.pool_id = p.id
		    where p.event_id = $1
		    and (r.kept or r.state in ('held', 'offered', 'confirmed'))
		    group by p.id, grouping sets ((), (r.bucket_id))
		    having count(*) > case when grouping(r.bucket_id) = 1 then p.seats
		        when r.bucket_id is null then p.seats - p.reserved
		        else (select b.seats from data.bucket b
		            where b.id = r.bucket_id) end"
	done
}

go() { # runs stdin as one transaction of the web's, quietly
	{ echo 'begin;'; cat; echo "${1:-commit};"; } |
		$web >/dev/null 2>>"$work/${2:-errors}"
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

# buckets, offers, and everything at once: some come, some leave, some accept
# and some do not, while the house sees to the time; a third is undone
e=$(event 20)
sql "update data.pool set promotion = 'offer' where event_id = $e;
    insert into data.bucket (pool_id, name, by, for_values, seats)
    select p.id, 'Nepal', 'country', '{NP}', 6 from data.pool p
    where p.event_id = $e;
    update data.pool set reserved = 6 where event_id = $e"
watch_seats "$e" >"$work/seen" &
watcher=$!
for i in $(seq 40); do take "$i" "$e" | go & done
wait $(jobs -p | grep -vx $watcher)
for round in 0 1 2; do
	for i in $(seq 1 12); do
		leave $((i + round * 12)) "$e" | go &
	done
	for i in $(seq 1 40); do
		if [ $((i % 3)) -eq $round ]; then end=rollback; else end=commit; fi
		accept "$i" "$e" | go $end late &
	done
	for i in $(seq 41 64); do
		if [ $((i % 3)) -eq $round ]; then take "$i" "$e" | go & fi
	done
	for i in 1 2 3; do
		lapse "$e" "$round"
		sql 'select registration.due()' >/dev/null 2>>"$work/errors" &
	done
	wait $(jobs -p | grep -vx $watcher)
done
touch "$work/stop"
wait
is "$(cat "$work/seen")" '' 'while all of it happens at once no seat is given twice'
is "$(grep -v offer_over "$work/late" | grep ERROR | sort -u)" '' \
    'who is too late for an offer is told so'
is "$(sql "select string_agg(distinct c.became::text, ' ' order by c.became::text)
    from data.registration_change c join data.registration r
    on r.id = c.registration_id where r.event_id = $e")" \
    'confirmed expired offered waitlisted withdrawn' 'each of it did happen'
clean 'and all is well'

# who hands a seat on gives it up at the same time: it is the colleague's
e=$(event 1)
sql "update data.pool set transfer = true where event_id = $e"
take 1 "$e" | go
{
	echo "select e.person_id from account.enter(
	    sha256('race-1-$$@example.org'), 'member', '', null) e;
	select t.state from (
	    select r.id from data.registration r where r.event_id = $e) r,
	    registration.transfer(r.id, 'race-2-$$@example.org', '', 'en',
	    gen_random_uuid(), sha256('$e')) t;
	select pg_sleep(0.6);"
} | go &
sleep 0.3
leave 1 "$e" | go commit given
wait
is "$(counts "$e")" '1 0 1' 'a seat that was handed on is not given up by the one before'
is "$(grep -c registration.missing "$work/given")" 1 'who is told that it is not theirs'
clean 'and all is well'

# tables, groups and nominations name people whom strangers are at the same time,
# each in an order of their own
table() { # 40 people, in an order of its own, that an organizer adds to event $1
	echo "select count(*) from registration.add($1, (
	    select jsonb_agg(jsonb_build_object('n', g.n, 'email', g.email, 'name',
	        'Line', 'language', 'en', 'key', gen_random_uuid(), 'manage_hash',
	        sha256(uuid_send(gen_random_uuid()))))
	    from (
	        select n, 'both-' || n || '-$$@example.org' as email
	        from generate_series(1, 40) n order by random()) g), 'line')"
}
strangers() { # the same people come by themselves, ten at once
	echo "select count(*) from registration.take_batch($1, (
	    select jsonb_agg(jsonb_build_object('n', g.n, 'email', g.email, 'name',
	        'Self', 'lang', 'en', 'address', '192.0.2.' || g.n, 'key',
	        gen_random_uuid(), 'manage', sha256(uuid_send(gen_random_uuid()))))
	    from (
	        select n, 'both-' || n || '-$$@example.org' as email
	        from generate_series(1, 40) n order by random() limit 10) g))"
}
group() { # the last five of them, by a leader
	echo "select e.person_id from account.enter(
	    sha256('race-$2-$$@example.org'), 'member', '', null) e;
	select count(*) from registration.party_make($1, '', gen_random_uuid(), (
	    select jsonb_agg(jsonb_build_object('n', 41 - n, 'email',
	        'both-' || n || '-$$@example.org', 'name', 'Group', 'language', 'en',
	        'key', gen_random_uuid(), 'manage_hash',
	        sha256(uuid_send(gen_random_uuid()))))
	    from generate_series(36, 40) n))"
}
sql "insert into data.setting (name, value) values ('throttle.registration',
    '1e9 1e9'), ('throttle.group', '1e9 1e9')
    on conflict (name) do update set value = excluded.value"
for round in 1 2 3 4; do
	e=$(event 15)
	sql "delete from data.person p where p.email like 'both-%-$$@example.org'
	    and not exists (select from data.registration r
	        where r.person_id = p.id);
	update data.pool set party_most = 9, party_policy = 'split'
	where event_id = $e"
	for i in 1 2 3 4 5 6; do
		strangers "$e" | go &
		{ echo 'set role convene_owner;'; table "$e"; } |
			psql -qXAt -v ON_ERROR_STOP=1 >/dev/null 2>>"$work/errors" &
		group "$e" "$i" | go commit group &
	done
	wait
	is "$(counts "$e")" '15 25 40' "by a table, a group and by themselves: each is there once ($round)"
done
is "$(grep ERROR "$work/group" | grep -v already_there | sort -u)" '' \
    'a group is refused for who is there, and for nothing else'
clean 'and all is well'

# one is let in while an organizer cancels all
e=$(event 5)
for i in 1 2; do take "$i" "$e" | go; done
echo "begin; select a.result from data.registration r,
    checkin.admit($e, r.id, gen_random_uuid()) a
    where r.event_id = $e and r.arrival = 1; select pg_sleep(1); commit;" |
	psql -qXAt -v ON_ERROR_STOP=1 >/dev/null 2>>"$work/errors" &
sleep 0.4
is "$(sql "select string_agg(concat_ws(' ', b.became, b.fault), ', ' order by b.n)
    from registration.bulk($e, '{}', 'cancel', '', 2, false) b")" \
    'registration.already_in, cancelled' 'who is inside is not cancelled'
wait

is "$(sort -u "$work/errors" | head -3)" '' 'nobody was refused'
echo "1..$n"
exit $failed
