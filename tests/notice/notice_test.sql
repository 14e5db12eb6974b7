-- The outbox and the jobs: claimed once, tried again, given up, shown.
begin;
\ir ../support/house.sql
select plan(29);

create function pg_temp.one()
returns text
language sql
as $$
select trim(concat_ws(' ', n.state, n.attempts, n.lease_until is not null, n.problem))
from data.notice n order by n.id limit 1
$$;

select is((select count(*) from (select notice.put('test', 5, 1, null)) n), 1::bigint,
    'a notice is put');
select is((select concat_ws(' ', n.email, n.language, n.state) from data.notice n),
    'pia@example.org en waiting', 'to the person''s address, in their language');
select is(pg_temp.tried('olga', 'select notice.put(''test'', 5, 1, null)'),
    '42501 permission denied for table notice', 'the web puts none by itself');
select is(pg_temp.tried('ada', 'select count(*) from notice.claim(1)'),
    '42501 permission denied for function claim', 'and claims none');

set local role convene_worker;
select set_config('convene.actor', '', true) \g /dev/null
select is((select count(*) from notice.claim(50)), 1::bigint, 'the worker claims it');
select is((select count(*) from notice.claim(50)), 0::bigint, 'once');
select is(pg_temp.one(), 'waiting 1 t', 'and holds it');
select is((select n.id from data.notice n), (select n.id from data.notice n
    where n.lease_until between now() and clock_timestamp() + interval '3 minutes'),
    'for two minutes');
reset role;
update data.notice set lease_until = now() - interval '1 second';
set local role convene_worker;
select is((select count(*) from notice.claim(50)), 1::bigint,
    'a lease that ran out is claimed anew');
select is(notice.retry((select n.id from data.notice n), '451 later'), true,
    'a refusal for now is tried again');
select is(pg_temp.one(), 'waiting 2 f 451 later', 'and remembered');
select is((select n.next_try - clock_timestamp() between interval '90 seconds'
    and interval '145 seconds' from data.notice n), true, 'later than the first time');
select is((select count(*) from notice.claim(50)), 0::bigint, 'not at once');
select is((select max(notice.pause(g)) <= interval '4 hours 48 minutes'
    and sum(notice.pause(g)) between interval '1 day 12 hours' and interval '4 days'
    from generate_series(1, 19) g), true, 'twenty tries take days');
reset role;
update data.notice set attempts = 20;
set local role convene_worker;
select is(notice.retry((select n.id from data.notice n), '451 still'), false,
    'then it is given up');
select is(pg_temp.one(), 'failed 20 f 451 still', 'and has failed');
reset role;

select is(pg_temp.tried('olga', 'select count(*) from data.notice where state = ''failed'''),
    '1', 'the organizer sees it');
select is(pg_temp.tried('oscar', 'select count(*) from data.notice'), '0',
    'another does not');
select is(pg_temp.tried('olga', 'select details from data.notice'),
    '42501 permission denied for table notice', 'and what is in it nobody');
select is(pg_temp.tried('oscar', 'select notice.retry_all(1)'), '42501 account.denied',
    'another does not try it again');
update data.person set email = 'pia@new.example' where id = 5;
select is(pg_temp.tried('olga', 'select notice.retry_all(1)'), '1', 'the organizer does');
select is((select n.email from data.notice n), 'pia@new.example',
    'to where the person is now');
select set_config('convene.actor', '', true) \g /dev/null
set local role convene_worker;
select is((select array_agg(c.attempts) from notice.claim(50) c), '{1}', 'claimed');
select is(notice.sent(array(select n.id from data.notice n)), 1, 'sent');
select is(pg_temp.one(), 'sent 1 f', 'and done with');

-- jobs
reset role;
select isnt(job.put('sweep', 'today'), null, 'a job is put');
select is(job.put('sweep', 'today'), null, 'once a key');
set local role convene_worker;
select is((select job.retry(j.id, 'broke') from job.claim('{sweep}', 5) j), true,
    'it is claimed and tried again');
select is((select count(*) from job.claim('{sweep}', 5)), 0::bigint, 'later');
reset role;

select * from finish();
rollback;
