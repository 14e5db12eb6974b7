-- Two organizers at one question: who saw an older one does not change it.

alter table data.question
	add column version integer not null default 1;
comment on column data.question.version is 'Counts its changes; a form that was filled in from an earlier one is refused';
