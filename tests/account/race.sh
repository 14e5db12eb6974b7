#!/bin/sh
# Codes, buckets, invitations and the last administrator, by all at once.
. "$(dirname "$0")/../support/together.sh"

echo 1..8

psql >"$run/made" <<'SETUP'
set client_min_messages = warning;
insert into data.setting values ('throttle.race', '5 0.001');
insert into data.program (id, slug, reach, title, state)
overriding system value values (9001, 'race', 'global', 'Race', 'published');
insert into data.event (id, program_id, slug, title, zone, starts, ends, state)
overriding system value values (9001, 9001, 'race', 'Race', 'UTC',
    now() + interval '1 day', now() + interval '2 days', 'published');
select account.role_grant('one@race.example', 'One', 'admin', 'system'),
    account.role_grant('two@race.example', 'Two', 'admin', 'system');
delete from data.role r using data.person p where p.id = r.person_id
    and r.kind = 'admin' and p.email not like '%@race.example';
insert into data.login (token_hash, person_id, idle, idle_expiry, absolute_expiry)
select sha256(case p.email when 'one@race.example' then '1' else '2' end::bytea),
    p.id, '1 day', now() + interval '1 day', now() + interval '1 day'
from data.person p where p.email like '%@race.example';
select account.signin_ask('one@race.example', 'CODE', 'LINK', sha256('browser'));
insert into data.enrolment (token_hash, event_id, name, expires)
values (sha256('enrol'), 9001, 'Gate', now() + interval '5 minutes');
SETUP

together 8 "select account.signin_use(sha256('CODE'), null,
    sha256('browser'), sha256('race{}'))" >/dev/null
check 'eight use one code: one is let in' \
    "$(psql -c "select count(*) from data.login l join data.person p
    on p.id = l.person_id where p.email = 'one@race.example'
    and l.token_hash <> sha256('1')")" 1

check 'sixteen draw from a bucket of five: five may' \
    "$(together 16 "select account.throttle('race', 'k')")" 5

check 'eight phones take one invitation: one becomes a device' \
    "$(together 8 "select account.device_enrol_use(sha256('enrol'), sha256('dev{}'))")" 1
check 'and there is one device' \
    "$(psql -c 'select count(*) from data.device where event_id = 9001')" 1

check 'two administrators remove each other: one succeeds' \
    "$(together 2 "select account.enter(sha256('{}'), 'admin', '', null);
    select account.role_revoke(p.id, 'admin', 'system') from data.person p
    where p.email = case '{}' when '1' then 'two@race.example'
    else 'one@race.example' end")" 1
check 'and one is left' \
    "$(psql -c "select count(*) from data.role where kind = 'admin'")" 1

for i in 1 2 3 4 5 6; do
	for n in 1 2 3 4 5; do
		psql -c "select account.note('race', 'x', g) from generate_series(1, 20) g" >/dev/null
	done &
	for n in 1 2 3 4 5; do
		psql -c 'select account.chain(50)' >/dev/null
	done &
done
wait
psql -c 'select account.chain()' >/dev/null
check 'six writers and six chainers: every row is in the chain' \
    "$(psql -c "select count(*) from data.audit where act = 'race' and hash is not null")" 600
check 'which is whole' "$(psql -c 'select account.chain_broken() is null')" t
