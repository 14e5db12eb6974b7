-- Wall times, offsets and days, in zones that make it hard.
begin;
create extension if not exists pgtap;
select no_plan();

select is(schedule.at('2026-03-04T08:15Z', 'Asia/Kathmandu'), '2026-03-04T14:00:00+05:45',
    'Kathmandu is five hours and three quarters ahead');
select is(schedule.at('2026-07-04T12:00Z', 'America/St_Johns'), '2026-07-04T09:30:00-02:30',
    'St. John''s is two and a half behind');
select is(schedule.at('2026-01-01T00:10Z', 'America/New_York'), '2025-12-31T19:10:00-05:00',
    'the year may be another there');
select is(schedule.at('2026-07-01T12:00Z', 'America/Asuncion'), '2026-07-01T09:00:00-03:00',
    'Asunción keeps its summer time since 2024');
select is(schedule.at('2026-07-01T12:00Z', 'Asia/Almaty'), '2026-07-01T17:00:00+05:00',
    'Almaty is at five hours since 2024');
select is(schedule.at('2026-05-01T12:00Z', 'Africa/Cairo'), '2026-05-01T15:00:00+03:00',
    'Cairo has summer time again');
select is(schedule.at(null, 'UTC'), null, 'no time is none');
select is((select count(*) from pg_timezone_names z, generate_series(
    '2000-01-01'::timestamptz, '2037-12-31', '97 days 7 hours 11 minutes') t
    where schedule.at(t, z.name)::timestamptz <> t), 0::bigint,
    'in every zone, what is said is the moment meant');
select is(schedule.typed('2026-03-04T08:15Z', 'Asia/Kathmandu'), '2026-03-04T14:00',
    'as a form has it');

select is(schedule.wall('2026-03-04T14:00', 'Asia/Kathmandu'), '2026-03-04T08:15Z',
    'a wall time is a moment');
select throws_ok($$select schedule.wall('2026-03-29T02:30', 'Europe/Paris', 'ends')$$,
    'P0001', 'schedule.time_skipped', 'Paris skips half past two in spring');
select throws_ok($$select schedule.wall('2026-04-24T00:30', 'Africa/Cairo')$$,
    'P0001', 'schedule.time_skipped', 'Cairo skips half past midnight');
select is(schedule.wall('2026-10-25T02:30', 'Europe/Paris'), '2026-10-25T02:30+01:00',
    'of a time that comes twice, the winter''s');
select throws_ok($$select schedule.wall('2026-03-04T14:00', 'Mars/Base')$$,
    'P0001', 'schedule.zone_unknown', 'a zone that is not');
select is(schedule.wall(null, 'UTC'), null, 'no wall time is none');
select is((select array_agg(z) from unnest('{Foo/Bar,Foo+3,EST5EDT,IST,"",UTC+1,../etc/passwd,
    posix/Europe/Paris,Europe/,europe/paris}'::text[]) z where schedule.zone_known(z)), null,
    'rules, abbreviations and paths are no zones');
select is((select array_agg(z.name) from pg_timezone_names z
    where z.name ~ '^(Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
    and not schedule.zone_known(z.name)), null, 'every place of the world is one');
select ok(schedule.zone_known('UTC') and schedule.zone_known('Etc/GMT+3'),
    'and so are the seas');

select is(schedule.day('2026-03-05T01:30', '2026-03-04'), '2026-03-04',
    'past midnight is the evening before');
select is(schedule.day('2026-03-04T01:30', '2026-03-04'), '2026-03-04',
    'but not before the first day');
select is(schedule.day('2026-03-05T04:00', '2026-03-04'), '2026-03-05',
    'and four in the morning is the next');

select * from finish();
rollback;
