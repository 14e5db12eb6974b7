-- What a leader of a group calls its people: whose account that is, they are
-- not told.

alter table data.registration
	add column called text not null default '' check (length(called) <= 200);
comment on column data.registration.called is 'The name that the leader of its party typed; shown to the leader alone';

create index access_code_by_email on data.access_code (email) where email is not null;
