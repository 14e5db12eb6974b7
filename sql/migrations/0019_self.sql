-- What a leader of a group calls its people: whose account that is, they are
-- not told.

alter table data.registration
	add column called text not null default '' check (length(called) <= 200);
comment on column data.registration.called is 'The name that the leader of its party typed; shown to the leader alone';

alter table data.party
	add column key uuid constraint party_key_once unique;
comment on column data.party.key is 'Idempotency: the same key repeats the first answer';

create index access_code_by_email on data.access_code (email) where email is not null;
