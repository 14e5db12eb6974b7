-- Who comes, and what became of them, for the tests of seats: after
-- `\ir house.sql`.  A name stands for a person of name@example.org.

\set verify `cat sql/registration/verify_queries.sql sql/invite/queries.sql | awk '/^-- name: /{on = ($3 ~ /^verify_/)} on'`

create function pg_temp.person(p_name text)
returns bigint
language sql
as $$
insert into data.person (email, name) values (p_name || '@example.org', p_name)
on conflict (email) do update set name = excluded.name
returning id
$$;

-- Their last registration.
create function pg_temp.of(p_name text)
returns bigint
language sql
as $$
select r.id from data.registration r join data.person p on p.id = r.person_id
where p.email = p_name || '@example.org' order by r.id desc limit 1
$$;

-- Several come to event 1 at once, "a b c", alike in what else is said of them:
-- "state place fault" of each.
create function pg_temp.come(p_names text, p_more jsonb default '{}')
returns text
language plpgsql
as $$
declare
	v_said text;
begin
	perform registration.lock(1);
	select string_agg(concat_ws(' ', a.state, a.place, a.fault, a.field), ', '
	    order by a.n) into v_said
	from registration.arrive(1, (
	    select jsonb_agg(p_more || jsonb_build_object('n', x.n,
	        'person_id', pg_temp.person(x.name), 'key', md5(x.name || random()),
	        'manage_hash', sha256((x.name || case when pg_temp.of(x.name)
	        is null then '' else random()::text end)::bytea), 'wants',
	        coalesce(p_more ->> 'wants', 'confirm')) order by x.n)
	    from unnest(string_to_array(p_names, ' ')) with ordinality
	        x (name, n))) a;

	return v_said;
end
$$;

-- "a state, b state" in the order that is asked for.
create function pg_temp.states(p_names text)
returns text
language sql
as $$
select string_agg(x.name || ' ' || r.state, ', ' order by x.n)
from unnest(string_to_array(p_names, ' ')) with ordinality x (name, n)
join data.registration r on r.id = pg_temp.of(x.name)
$$;

-- What somebody's verb answers, of a registration of theirs or another's.
create function pg_temp.act(p_token text, p_verb text, p_name text,
    p_more text default '')
returns text
language sql
as $$
select pg_temp.tried(p_token, format('select v.state from registration.%s(%s%s) v',
    p_verb, pg_temp.of(p_name), p_more))
$$;

-- The kinds of the mails of one, in their order.
create function pg_temp.mails(p_name text)
returns text
language sql
as $$
select string_agg(concat_ws(' ', replace(n.kind, 'registration.', ''), n.method),
    ', ' order by n.id)
from data.notice n
where n.email = p_name || '@example.org' and n.state <> 'dropped'
$$;

-- "seats: confirmed offered waitlisted kept | reserved inside" of event 1.
create function pg_temp.pool()
returns text
language sql
as $$
select format('%s: %s %s %s %s | %s %s', coalesce(p.seats::text, '-'),
    p.confirmed, p.offered, p.waitlisted, p.kept, p.reserved, p.inside)
from data.pool p where p.event_id = 1
$$;

-- The same of a bucket: "seats: confirmed offered waitlisted".
create function pg_temp.bucket(p_name text)
returns text
language sql
as $$
select format('%s: %s %s %s', b.seats, b.confirmed, b.offered, b.waitlisted)
from data.bucket b where b.name = p_name
$$;

-- A bucket of event 1, as olga makes it: what she is told.
create function pg_temp.bucket_put(p_name text, p_by text, p_values text,
    p_seats integer, p_nominated boolean default false,
    p_release timestamptz default null, p_bucket bigint default null)
returns text
language sql
as $$
select pg_temp.tried('olga', format('select v.promoted from
    registration.bucket_put(%L, 1, %L, %L, null, %L, %L, %L, %L) v',
    p_bucket, p_name, p_by, p_values, p_nominated, p_seats, p_release))
$$;

-- A rule of event 1 is set.
create function pg_temp.rule(p_rules jsonb)
returns void
language sql
as $$
select registration.apply_rules(1, p_rules)
$$;

-- The verify statements that find something, of the file's text.
create function pg_temp.wrong(p_verify text)
returns text
language plpgsql
as $$
declare
	v_each text[];
	v_rows bigint;
	v_wrong text := '';
begin
	for v_each in
		select regexp_match(x, '^(\w+)\n(.*);')
		from regexp_split_to_table(p_verify, '-- name: ') x
		where x like 'verify\_%'
	loop
		execute format('select count(*) from (%s) found', v_each[2])
		into v_rows;
		v_wrong := v_wrong || case when v_rows > 0
		    then v_each[1] || ' ' else '' end;
	end loop;

	return v_wrong;
end
$$;
