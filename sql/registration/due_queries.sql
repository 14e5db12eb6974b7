-- name: registration_due
select registration.due() as done;
