-- In a rush each foreign key costs a look-up a row, under the event's lock: those
-- that only repeat what others say are said once.

-- A registration is in the pool of its event.
alter table data.pool add constraint pool_of_event unique (id, event_id);
alter table data.registration
	drop constraint registration_event_id_fkey,
	drop constraint registration_pool_id_fkey,
	add constraint registration_in_pool foreign key (pool_id, event_id)
	    references data.pool (id, event_id) on delete cascade;

-- A wording is of a question, and a registration of an event.
alter table data.answer
	drop constraint answer_question_id_fkey,
	drop constraint answer_event_id_fkey,
	drop constraint answer_question_id_wording_fkey,
	add constraint answer_in_wording foreign key (question_id, wording)
	    references data.question_wording on delete cascade;
