-- Parts of the organisation, and who belongs to them.

-- Makes a unit (null: a new one) or names it anew.
create function account.unit_put(p_unit bigint, p_code text, p_name text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_code text := upper(trim(p_code));
	v_unit bigint := p_unit;
begin
	perform account.must_admin();
	if coalesce(v_code, '') !~ '^[A-Z0-9][A-Z0-9-]{0,15}$' then
		raise exception using errcode = 'P0001', column = 'abbreviation',
		    message = 'account.unit_code_malformed';
	elsif exists (
	    select from data.unit u
	    where u.code = v_code and u.id is distinct from p_unit) then
		raise exception using errcode = 'P0001', column = 'abbreviation',
		    message = 'account.unit_code_taken';
	elsif coalesce(trim(p_name), '') = '' then
		raise exception using errcode = 'P0001', column = 'name',
		    message = 'account.name_missing';
	end if;

	if v_unit is null then
		insert into data.unit (code, name) values (v_code, trim(p_name))
		returning id into v_unit;
	else
		update data.unit u set code = v_code, name = trim(p_name)
		where u.id = v_unit;
		if not found then
			raise exception using errcode = 'P0002',
			    message = 'account.missing';
		end if;
	end if;
	perform account.note('account.unit_put', 'unit', v_unit);

	return v_unit;
end
$$;

-- Says of which unit the person of an address is; who is not known is made.
create function account.unit_member(p_unit bigint, p_email text, p_name text)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
	v_person bigint;
begin
	perform account.must_admin();
	if not account.exists_in('unit', p_unit) then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;

	v_person := account.person_of(p_email, p_name);
	update data.person p set unit_id = p_unit where p.id = v_person;
	perform account.note('account.unit_member', 'person', v_person,
	    jsonb_build_object('unit', p_unit));

	return v_person;
end
$$;

-- The person is of no unit any more; what they registered for stays its.
create function account.unit_leave(p_unit bigint, p_person bigint)
returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
	perform account.must_admin();
	update data.person p set unit_id = null
	where p.id = p_person and p.unit_id = p_unit;
	if not found then
		raise exception using errcode = 'P0002',
		    message = 'account.missing';
	end if;
	perform account.note('account.unit_leave', 'person', p_person,
	    jsonb_build_object('unit', p_unit));

	return p_person;
end
$$;
