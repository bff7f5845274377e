-- A table that is made in public gets row security, whoever makes it. Only a superuser may make event triggers.
create schema private;

create function private.secure_new_tables() returns event_trigger language plpgsql set search_path = '' as $$
declare
  made record;
begin
  for made in select * from pg_event_trigger_ddl_commands() where schema_name = 'public' and object_type = 'table' loop
    execute format('alter table %s enable row level security', made.object_identity);
  end loop;
end
$$;
create event trigger secure_new_tables on ddl_command_end when tag in ('CREATE TABLE', 'CREATE TABLE AS')
  execute function private.secure_new_tables();

-- And one of the platform's: its API is told that there is something new.
create function extensions.api_reload() returns event_trigger language plpgsql as $$
begin
  notify api, 'reload schema';
end
$$;
create event trigger api_reload on ddl_command_end execute function extensions.api_reload();
