-- What is held about people: told to them in full, looked at only with a trace,
-- kept no longer than said, and ended when they ask.
begin;
\ir ../support/house.sql
select no_plan();

-- A seat at event 1.
create function pg_temp.take(p_person bigint, p_key integer)
returns data.registration_state
language plpgsql
as $$
declare
	v_id bigint;
begin
	insert into data.pool as p (event_id, confirmed, arrived) values (1, 1, 1)
	on conflict (event_id) do update
	set confirmed = p.confirmed + 1, arrived = p.arrived + 1;
	insert into data.registration (event_id, pool_id, person_id, state, arrival,
	    key, manage_hash, country, organisation)
	select 1, p.id, p_person, 'confirmed', p.arrived,
	    lpad(p_key::text, 32, '0')::uuid, sha256(('token' || p_key)::bytea),
	    'NP', 'Pia and sons'
	from data.pool p where p.event_id = 1
	returning id into v_id;
	perform registration.remember(v_id, null, 'confirmed', 'taken'),
	    invite.open(v_id, null, 'registration.confirmed');

	return 'confirmed';
end
$$;
create function pg_temp.of(p_person bigint)
returns bigint
language sql
as $$
select r.id from data.registration r where r.person_id = p_person
order by r.id desc limit 1
$$;
-- Whether anything, anywhere, still says that.
create function pg_temp.said(p_text text)
returns text
language plpgsql
as $$
declare
	v_table text;
	v_found text := '';
	v_any boolean;
begin
	for v_table in
		select c.relname from pg_class c
		where c.relnamespace = 'data'::regnamespace and c.relkind = 'r'
		order by 1
	loop
		execute format('select exists (select from data.%I t
		    where t::text ilike %L)', v_table, '%' || p_text || '%')
		into v_any;
		if v_any then
			v_found := concat_ws(' ', nullif(v_found, ''), v_table);
		end if;
	end loop;

	return v_found;
end
$$;

-- no table is forgotten
create temporary view person_table as
select distinct c.conrelid::regclass::text as name
from pg_constraint c
where c.contype = 'f' and c.connamespace = 'data'::regnamespace
and c.confrelid in ('data.person'::regclass, 'data.registration'::regclass,
    'data.party'::regclass)
and c.conrelid <> 'data.person'::regclass;
create function pg_temp.named_in(p_functions text)
returns table (name text)
language sql
as $$
select distinct m[1]
from pg_proc p, regexp_matches(p.prosrc, '(?:from|join|update|into)\s+(data\.\w+)', 'g') m
where p.proname ~ p_functions
$$;
select is_empty($$
    select t.name from person_table t
    except select n.name from pg_temp.named_in('^(about|recorded)') n
    except values
        ('data.enrolment'), -- ten minutes old at most, then dropped
        ('data.mailing'),   -- the organisation's words, by a number
        ('data.spent_key')  -- a form's number
$$, 'every table that knows people is in what they are told');
select is_empty($$
    select t.name from person_table t
    except select n.name from pg_temp.named_in('^(forget|unsay$|leave_all$|naming$)') n
    except values
        ('data.attendance'), ('data.scan'), -- numbers: counts stay
        ('data.invite'),                    -- numbers
        ('data.device'), ('data.enrolment'), ('data.mailing'), -- by whom, a number
        ('data.material'),                  -- by whom, a number
        ('data.consent'), ('data.look'),    -- proof, by numbers
        ('data.spent_key')                  -- a form's number
$$, 'every table that knows what people said forgets it');

-- consent
select is(pg_temp.take(5, 1), 'confirmed', 'Pia takes part');
select account.consented(5, pg_temp.of(5), null, 'We may take photos.', 'en', true),
    account.consented(5, pg_temp.of(5), null, 'We may take photos.', 'en', true)
\g /dev/null
select is((select count(*) from data.consent), 1::bigint, 'agrees, once');
select throws_ok($$update data.consent set wording = 'Everything.'$$, '42501',
    'account.only_added', 'to words that never change');
select is(pg_temp.tried('olga', format('select account.consent_withdraw(%s)',
    (select max(id) from data.consent))), 'P0002 account.missing',
    'nobody else takes it back');
select is(pg_temp.tried('pia', format('select account.consent_withdraw(%s)',
    (select max(id) from data.consent))), '5', 'the person does');
select is((select string_agg(c.given::text, ' ' order by c.id) from data.consent c),
    'true false', 'in a row of its own');
select is((select string_agg(a.act, ' ' order by a.id) from data.audit a
    where a.act like 'account.consent%'),
    'account.consent_given account.consent_withdrawn', 'both are noted');

-- looks
select is(pg_temp.tried(null, format('select account.look(%s, %L)', pg_temp.of(5),
    'page')), '28000 account.sign_in', 'nobody looks without a name');
select is(pg_temp.tried('pia', format('select account.look_many(array[%s], %L)',
    pg_temp.of(5), 'page')), '0', 'one''s own are no look');
select is(pg_temp.tried('olga', format('select account.look_many(array[%s], %L)',
    pg_temp.of(5), 'list')), '1', 'an organizer''s are');
select is(pg_temp.tried('pia', 'select concat_ws('' '', actor, why) from data.look'),
    '2 list', 'which the person sees');
select is(pg_temp.tried('dan', 'select count(*) from data.look'), '0',
    'and nobody else');
select is(pg_temp.tried('ada', 'select count(*) from data.look'), '1',
    'but an administrator');

-- what is told
insert into data.registration_note (registration_id, author_id, body)
values (pg_temp.of(5), 2, 'Asked for a quiet room');
with asked as (
    insert into data.question (event_id, key, position, kind, label, retain_days)
    values (1, 'diet', 1, 'file', '{"en": "What do you eat?"}', 7)
    returning id),
worded as (
    insert into data.question_wording (question_id, number, label, help, options)
    select a.id, 1, '{"en": "What do you eat?"}', '{}', '[]' from asked a
    returning question_id)
select question_id as question from worded
\gset
create function pg_temp.answer(p_person bigint, p_question bigint)
returns void
language sql
as $$
insert into data.answer (registration_id, question_id, event_id, value, wording, language)
values (pg_temp.of(p_person), p_question, 1, '{"file": "vegan.pdf"}', 1, 'en');
insert into data.answer_file (registration_id, question_id, name, size, sha256)
values (pg_temp.of(p_person), p_question, 'vegan.pdf', 9, sha256('vegan'));
$$;
select pg_temp.answer(5, :question)
\g /dev/null
update data.registration set called = 'Pia the vegan' where person_id = 5;
insert into data.speaker (id, event_id, person_id, name, biography)
overriding system value values (7, 1, 5, 'Pia Pietersen', 'Born in Pokhara');
insert into data.session_speaker (session_id, speaker_id) values (1, 7);
select schedule.index_sessions(1)
\g /dev/null
select is(pg_temp.tried(null, 'select account.export_me()'), '28000 account.sign_in',
    'nobody is told what is held about nobody');
select ok(pg_temp.tried('pia', 'select account.export_me()') like all (array[
    '%pia@example.org%', '%Pia and sons%', '%We may take photos%', '%Rivers%',
    '%Asked for a quiet room%', '%Born in Pokhara%', '%registration.confirmed%',
    '%"reason": "list"%', '%What do you eat?%', '%vegan.pdf%', '%Pia the vegan%']),
    'Pia is told all of it, of every room');
select ok(pg_temp.tried('dan', 'select account.export_me()') not like '%Pia%',
    'and nobody is told of Pia');

-- erasure
select is(pg_temp.tried('pia', $$select account.erase_me('dan@example.org', false)$$),
    'P0001 account.not_your_address email', 'it must be meant');
select is(pg_temp.tried('dan', $$select account.erase('pia@example.org', false)$$),
    '42501 account.denied', 'only administrators erase others');
select is(pg_temp.tried('ada', $$select account.erase('ada@example.org', false)$$),
    'P0003 account.last_admin', 'the last of whom stays');
update data.notice set state = 'sent', attempts = 1, sent = now(), details = '{}'
where person_id = 5;
select is(pg_temp.tried('pia', $$select account.erase_me(' Pia@example.org', false)$$),
    '', 'whoever types their own address is erased');
select is((select r.state::text from data.registration r where r.person_id = 5),
    'withdrawn', 'the seat is given up');
select is((select concat_ws(' ', p.confirmed, p.waitlisted) from data.pool p
    where p.event_id = 1), '0 0', 'and counted out');
select is((select string_agg(concat_ws(' ', n.kind, n.method, n.email), ', ')
    from data.notice n where n.state = 'waiting'),
    'registration.withdrawn CANCEL pia@example.org',
    'the calendar is told at the address that they had');
select is(pg_temp.said('pia@example.org'), 'notice', 'which nothing else knows');
select is((select n.details ->> 'name' from data.notice n where n.state = 'waiting'),
    'Pia', 'by the name that they had');
select is(pg_temp.said('pia and sons') || pg_temp.said('quiet room')
    || pg_temp.said('vegan'), '',
    'what they said of themselves is gone');
select is((select j.key from data.job j where j.kind = 'discard_file'),
    encode(sha256('vegan'), 'hex'), 'the bytes of their file will be discarded');
select is(registration.file_named(sha256('vegan')), false,
    'if nothing else is the same file');
select is(pg_temp.said('born in pokhara'), 'speaker', 'what was published stays');
select is((select concat_ws(' ', p.email, p.name, p.country, p.erased is not null)
    from data.person p where p.id = 5), 'erased-5@invalid — t', 'there is no name');
select is((select string_agg(r.country, '') from data.registration r
    where r.person_id = 5), 'NP', 'that somebody from Nepal came is known');
select is((select count(*) from data.consent c where c.person_id = 5), 2::bigint,
    'the proof of consent stays');
select is((select count(*) from data.registration_change c
    where c.registration_id = pg_temp.of(5)), 2::bigint, 'and the history');
select is(pg_temp.tried('pia', 'select 1', 'member'), '28000 account.sign_in',
    'no door opens any more');
select is(pg_temp.tried(null, $$select registration.withdraw_by_token(sha256('token1'))$$),
    'P0002 registration.missing', 'nor does the mail''s link');
select is(pg_temp.tried('ada', $$select account.erase('pia@example.org', false)$$),
    'P0001 account.person_unknown email', 'nobody is erased twice');
update data.notice set state = 'sent', attempts = 1, sent = now()
where state = 'waiting';
insert into data.notice (kind, person_id, email, language, event_id, state, attempts, sent)
values ('registration.handed_on', 5, 'pia@example.org', 'en', 1, 'sent', 1, now());
select ok(account.retain() > 0, 'once calendars are told');
select is(pg_temp.said('pia@example.org'), '', 'nothing knows the address');
select is(account.person_of('pia@example.org', 'Pia') <> 5, true,
    'which is a new person''s now');
select ok((select account.chain() > 0) and account.chain_broken() is null,
    'the audit''s chain is whole');
select is(pg_temp.said('pia pietersen'), 'speaker', 'a published name is kept');

-- and of what was published, too
update data.speaker set person_id = 6 where id = 7;
select is(pg_temp.tried('ada', $$select account.erase('ivy@example.org', true)$$), '6',
    'an administrator erases who asked');
select is(pg_temp.said('pia pietersen') || pg_temp.said('pokhara'), '',
    'and, if they asked for it, their published name');
select is((select w.words @@ 'pietersen'::tsquery from data.search w
    where w.kind = 'session' and w.id = 1), false, 'which is not found any more');

-- retention
select is(pg_temp.take(4, 3), 'confirmed', 'Dan takes part');
insert into data.registration_note (registration_id, body)
values (pg_temp.of(4), 'A note on Dan');
insert into data.access_code (event_id, code, email, name)
values (1, 'abcdefgh', 'gus@example.org', 'Gus Guest'),
    (1, 'bcdefghi', 'hal@example.org', 'Hal Host');
insert into data.access_code (event_id, code, name) values (1, 'cdefghij', 'Partners');
select notice.put_at('registration.invited', 1, 'hal@example.org', null, 'en',
    '{"name": "Hal Host"}')
\g /dev/null
select is(pg_temp.tried('ada', $$select account.erase('Hal@example.org', false)$$), null,
    'who was only invited is erased by address');
select is(pg_temp.said('hal@example.org') || pg_temp.said('hal host'), '', 'everywhere');
select is((select n.state::text from data.notice n where n.kind = 'registration.invited'),
    'dropped', 'and not written to any more');
select pg_temp.answer(4, :question)
\g /dev/null
select is(registration.file_named(sha256('vegan')), true,
    'Dan brings the same file');
select is(pg_temp.tried('dan', 'select account.retention_set(1, 30)'),
    '42501 account.denied', 'only organizers say how long data is kept');
select is(pg_temp.tried('olga', 'select account.retention_set(1, 30)'), '', 'they do');
select is(account.retain(), 0::bigint, 'before that time nothing is deleted');
update data.event set starts = now() - interval '40 days',
    ends = now() - interval '6 days' where id = 1;
select is(account.retain(), 0::bigint, 'nor before a question''s own');
update data.event set ends = now() - interval '29 days' where id = 1;
select is(account.retain(), 1::bigint, 'whose answers go first');
select is(pg_temp.said('vegan'), '', 'with their files');
select is(pg_temp.said('note on dan'), 'registration_note', 'nor a day early');
update data.event set ends = now() - interval '31 days' where id = 1;
select account.retain()
\g /dev/null
select is(pg_temp.said('note on dan') || pg_temp.said('pia and sons'), '',
    'then it is');
select is(pg_temp.said('gus@example.org') || pg_temp.said('gus guest'), '', 'and so are those who were invited');
select is((select string_agg(concat_ws(' ', c.name, c.revoked is not null), ', ' order by c.code)
    from data.access_code c where c.event_id = 1), ' t,  t, Partners f',
    'their codes let nobody in; those of nobody stay');
select is((select e.retained is not null from data.event e where e.id = 1), true,
    'once');
select registration.note_add(pg_temp.of(4), 'A late note on Dan') \g /dev/null
select account.retain() \g /dev/null
select is(pg_temp.said('late note'), '', 'what is noted afterwards goes, too');
update data.session set state = 'cancelled' where event_id = 1;
select schedule.event_changed(e) from (
    select w from data.event w where w.id = 1) o (w)
cross join lateral jsonb_populate_record(o.w, '{"ends": "2020-01-01"}') e
\g /dev/null
select is((select e.retained is null from data.event e where e.id = 1), true,
    'an event that was moved has another time');
select is((select count(*) from data.registration r where r.event_id = 1), 2::bigint,
    'and the registrations are counted for ever');
select is((select count(*) from data.consent), 2::bigint, 'consents are proof');
update data.event set starts = now() - interval '2000 days',
    ends = now() - interval '1900 days' where id = 1;
select account.retain()
\g /dev/null
select is((select count(*) from data.consent), 0::bigint, 'for five years');
select matches(pg_temp.tried('ada', 'select account.retain()'), '^42501 ',
    'the house alone deletes');

select * from finish();
rollback;
