-- What people agreed to, who looked at what they said, how long that is kept,
-- and who asked to be forgotten.

create table data.consent (
	id bigint generated always as identity primary key,
	person_id bigint not null references data.person,
	registration_id bigint references data.registration on delete cascade,
	question_id bigint references data.question,
	wording text not null check (length(wording) between 1 and 10000),
	language text not null,
	given boolean not null,
	at timestamptz not null default clock_timestamp()
);
create index consent_by_person on data.consent (person_id, id);
create index consent_by_registration on data.consent (registration_id)
    where registration_id is not null;
create index consent_by_question on data.consent (question_id)
    where question_id is not null;
comment on table data.consent is 'What somebody agreed to, or took back: each a row, the last one holds.  Rows are only added; the house deletes them when the time to answer for them is over';
comment on column data.consent.question_id is 'The question of the form that asked; null: asked elsewhere';
comment on column data.consent.wording is 'As it was shown, for the question may be worded anew.  The organizer''s words and not the person''s: an erasure leaves them as proof';
comment on column data.consent.language is 'That it was shown in';

create table data.look (
	id bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	actor bigint references data.person,
	person_id bigint not null references data.person,
	registration_id bigint references data.registration on delete cascade,
	why text not null check (length(why) between 1 and 200)
);
create index look_by_person on data.look (person_id, id);
create index look_by_registration on data.look (registration_id)
    where registration_id is not null;
comment on table data.look is 'Who looked at whose sensitive answers; rows are only added';
comment on column data.look.actor is 'Null: on the command line';
comment on column data.look.why is 'What they were shown in: "page", "list", "export", or what they gave as a reason';

create function data.only_added()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
	raise exception using errcode = '42501', message = 'account.only_added';
end
$$;
create trigger only_added before update on data.consent
    for each row execute function data.only_added();
create trigger only_added before update on data.look
    for each row execute function data.only_added();

alter table data.event
	add column retain_days integer not null default 730
	    check (retain_days between 1 and 36500),
	add column retained timestamptz;
create index event_to_retain on data.event (ends) where retained is null;
comment on column data.event.retained is 'When all that was due had been deleted';
comment on column data.event.retain_days is 'So long after its end the answers, the notes and the organisations of its people are kept; a question may say less';

alter table data.person
	add column erased timestamptz;
create index person_erased on data.person (erased) where erased is not null;
comment on column data.person.erased is 'Since then nobody: no name, no address, no way in; the row holds counts and history together';
