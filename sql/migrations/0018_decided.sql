-- What those who decide say, and when they were asked to.

alter table data.registration_change
	add column note text not null default '' check (length(note) <= 1000);
comment on column data.registration_change.note is 'Said to the person by who approved or declined';

create index notice_to_decider on data.notice (event_id, person_id, created)
    where kind in ('registration.decide', 'registration.reminder_decide');
