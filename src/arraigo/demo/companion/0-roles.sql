-- The roles of a hosted project, shared by every database of the server: made where they are missing.
do $$
declare
  super boolean := (select rolsuper from pg_roles where rolname = current_user);
  role text;
begin
  foreach role in array array['anon', 'authenticated', 'service_role', 'cerca_owner'] loop
    begin
      execute format('create role %I nologin noinherit', role);
      if role = 'service_role' and super then
        alter role service_role bypassrls;
      end if;
    exception when duplicate_object or unique_violation then
      null;  -- another database of this server has them
    end;
  end loop;
  if not pg_has_role('cerca_owner', 'usage') then
    execute format('grant cerca_owner to %I', current_user);
  end if;
end
$$;
