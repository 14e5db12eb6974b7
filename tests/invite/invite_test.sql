-- What calendars are told, in which order, and who is not told.
begin;
\ir ../support/house.sql
select plan(29);

create function pg_temp.take(p_token text, p_key integer)
returns text
language sql
as $$
select pg_temp.tried(p_token, format($q$select t.state
    from registration.take(1, null, null, 'en', null, null, null, %L::uuid,
    sha256(%L)) t$q$, lpad(p_key::text, 32, '0'), 'token' || p_key))
$$;
create function pg_temp.leave(p_token text, p_person bigint)
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select v.state from registration.withdraw(%s) v',
    (select max(r.id) from data.registration r where r.person_id = p_person)))
$$;
-- The mails of a person that are not dropped: "kind method sequence state".
create function pg_temp.mails(p_person bigint)
returns text
language sql
as $$
select string_agg(concat_ws(' ', n.kind, n.method, n.sequence, n.state), ', '
    order by n.id)
from data.notice n where n.person_id = p_person and n.state <> 'dropped'
$$;
create function pg_temp.send()
returns void
language plpgsql
as $$
begin
	perform set_config('convene.actor', '', true);
	perform notice.sent(array(select c.id from notice.claim(50) c));
end
$$;
create function pg_temp.change(p_material boolean)
returns integer
language plpgsql
as $$
begin
	return (select invite.changed(c.id, p_material) from data.calendar c
	    where c.event_id = 1 and c.session_id is null);
end
$$;

select matches((select c.uid from data.calendar c where c.event_id = 1
    and c.session_id is null), '^[0-9a-f-]{36}@', 'an identifier is made of chance');
select throws_ok($$update data.calendar set uid = 'x'$$, '42501',
    'invite.uid_for_life', 'and is for life');
select throws_ok($$update data.calendar set sequence = sequence - 1$$, '42501',
    'invite.uid_for_life', 'and its number only grows');

-- updates
select is(pg_temp.take('pia', 1), 'confirmed', 'Pia registers');
select is(pg_temp.take('ivy', 2), 'confirmed', 'so does Ivy');
select is(pg_temp.change(true), 2, 'a move is told to both');
select is(pg_temp.mails(5), 'registration.confirmed REQUEST 1 waiting',
    'a confirmation that has not gone out carries it');
select pg_temp.send() \g /dev/null
select is(pg_temp.mails(5), 'registration.confirmed REQUEST 1 sent', 'it goes out');
select is(pg_temp.change(false), 2, 'new words');
select is(pg_temp.mails(5), 'registration.confirmed REQUEST 1 sent, '
    'invite.changed REQUEST 1 waiting', 'are told under the same number');
select is(pg_temp.change(true), 2, 'and a move before that went out');
select is(pg_temp.mails(5), 'registration.confirmed REQUEST 1 sent, '
    'invite.changed REQUEST 2 waiting', 'is told in its place, one number up');
select pg_temp.send() \g /dev/null

-- one leaves
select is(pg_temp.leave('pia', 5), 'withdrawn', 'Pia leaves');
select is(pg_temp.mails(5) like '%, registration.withdrawn CANCEL 3 waiting', true,
    'and is told CANCEL, one number up');
select is(pg_temp.mails(6), 'registration.confirmed REQUEST 1 sent, '
    'invite.changed REQUEST 2 sent', 'nobody else is told anything');
select is((select i.last_sent_seq from data.invite i where i.person_id = 6), 2,
    'and another''s feed keeps its number');
select pg_temp.send() \g /dev/null
select is(pg_temp.take('pia', 3), 'confirmed', 'Pia comes back');
select is(pg_temp.mails(5) like '%CANCEL 3 sent, registration.confirmed REQUEST 4 waiting',
    true, 'and is invited above what she had');
select is(pg_temp.change(true), 2, 'a later move');
select is((select array_agg(distinct i.last_sent_seq) from data.invite i), '{5}',
    'is above everything that anybody had');
select pg_temp.send() \g /dev/null

-- never sent, never cancelled
select is(pg_temp.take('dan', 4), 'confirmed', 'Dan registers');
select is(pg_temp.leave('dan', 4), 'withdrawn', 'and leaves before his mail went out');
select is(pg_temp.mails(4), 'registration.withdrawn waiting',
    'so he is told in words alone, for his calendar has nothing');

-- feeds
select is(pg_temp.tried('ivy', $$select invite.feed_make(sha256('feed'))$$), '',
    'a feed is made');
select is(pg_temp.tried(null, $$select concat_ws(' ', f.name, f.title, f.sequence,
    f.cancelled) from invite.feed(sha256('feed')) f$$), 'Ivy Rivers 5 f',
    'and holds what Ivy was sent');
select is(pg_temp.tried(null, $$select count(*) from invite.feed(sha256('no')) f$$),
    '0', 'another address holds nothing');

-- called off
select is(pg_temp.tried('olga', 'select schedule.event_cancel(1)'), '1',
    'the event is called off');
select is((select string_agg(distinct concat_ws(' ', n.kind, n.method, n.sequence), ',')
    from data.notice n where n.state = 'waiting' and n.person_id in (5, 6)),
    'invite.event_cancelled CANCEL 7', 'everyone is told CANCEL');
select is((select count(*) from data.registration r where r.event_id = 1
    and r.state = 'confirmed'), 0::bigint, 'and every registration has ended');

select * from finish();
rollback;
