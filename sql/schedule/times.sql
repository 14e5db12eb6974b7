-- Times as people see and type them.  Offsets come from PostgreSQL's zones.

-- RFC 3339, in the zone: 2026-03-04T14:00:00+05:45.  Plain SQL and without
-- settings of its own, so that it becomes part of the query that uses it.
create function schedule.at(p_at timestamptz, p_zone text)
returns text
language sql stable
as $$
select pg_catalog.to_char(p_at at time zone p_zone, 'YYYY-MM-DD"T"HH24:MI:SS')
    || case when (p_at at time zone p_zone) < (p_at at time zone 'UTC')
    then '-' else '+' end
    || pg_catalog.to_char(pg_catalog.age(
        greatest(p_at at time zone p_zone, p_at at time zone 'UTC'),
        least(p_at at time zone p_zone, p_at at time zone 'UTC')), 'HH24:MI')
$$;

-- As a form's datetime-local field has it: 2026-03-04T14:00.
create function schedule.typed(p_at timestamptz, p_zone text)
returns text
language sql stable
as $$
select pg_catalog.to_char(p_at at time zone p_zone, 'YYYY-MM-DD"T"HH24:MI')
$$;

-- Whether it is an IANA name that PostgreSQL knows.  A digit makes it a POSIX
-- rule ("Foo+3"), which PostgreSQL believes and we do not, but for Etc/GMT+3.
create function schedule.zone_known(p_zone text)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
	if p_zone is null or p_zone !~ ('^(UTC|Etc/GMT([+-][0-9]{1,2})?'
	    '|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_-]+){1,2})$') then
		return false;
	end if;
	perform now() at time zone p_zone;

	return true;
exception when invalid_parameter_value then
	return false;
end
$$;

-- The moment of a wall time in a zone.  Refused: a zone that is not known, and
-- a time that the zone's clocks skip.  A time that comes twice is the winter's.
create function schedule.wall(p_local timestamp, p_zone text,
    p_field text default 'starts')
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_at timestamptz;
begin
	if not schedule.zone_known(p_zone) then
		raise exception using errcode = 'P0001',
		    message = 'schedule.zone_unknown', column = 'zone';
	end if;

	v_at := p_local at time zone p_zone;
	if v_at at time zone p_zone <> p_local then
		raise exception using errcode = 'P0001',
		    message = 'schedule.time_skipped', column = p_field;
	end if;

	return v_at;
end
$$;

-- The day of the schedule that a wall time belongs to: what begins before four
-- in the morning ends the evening before, if that is a day of the event.
create function schedule.day(p_local timestamp, p_first date)
returns date
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
	return greatest((p_local - interval '4 hours')::date, p_first);
end
$$;
