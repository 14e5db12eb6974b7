-- Keys that made no registration, and were answered with one.

create table data.spent_key (
	key uuid primary key,
	registration_id bigint not null references data.registration on delete cascade,
	spent timestamptz not null default now()
);
create index spent_key_by_registration on data.spent_key (registration_id);
comment on table data.spent_key is 'Idempotency of who was registered already, or whose seat a colleague has now: such a key is answered the same for ever, and registers nobody after that has ended';
