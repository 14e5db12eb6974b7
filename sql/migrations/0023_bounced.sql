-- What an event's overview counts, without a look at all of its mails.

create index notice_bounced on data.notice (event_id) where bounced is not null;
