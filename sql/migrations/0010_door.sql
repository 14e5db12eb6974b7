-- How many are in, so that each scan need not count them.

create table data.door (
	event_id bigint not null references data.event on delete cascade,
	session_id bigint references data.session on delete cascade,
	held_by bigint not null default 0,
	admitted bigint not null default 0,
	constraint door_once unique nulls not distinct (event_id, session_id, held_by)
) with (fillfactor = 50);
comment on table data.door is 'Attendance counted: the sum of an event''s rows, of which each device and each person has their own, so that no scan waits for another';
comment on column data.door.session_id is 'Null: the event''s own door';
comment on column data.door.held_by is 'The device, or the negated person, whose scans these are; 0: the house';
comment on column data.door.admitted is 'Less than none where others'' admissions were taken back';

insert into data.door (event_id, session_id, admitted)
select a.event_id, a.session_id, count(*)
from data.attendance a
group by a.event_id, a.session_id;
