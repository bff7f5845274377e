-- Views, rules, functions, procedures, triggers of every kind, and large objects.
create view kinds.plain_view as select id, word, number from kinds.indexed where number < 5;
create view kinds.view_on_view with (security_barrier = true) as select word, count(*) as rows from kinds.plain_view group by word;
create view kinds.checked_view as select * from kinds.parent where id < 100 with cascaded check option;
create recursive view kinds.counting (n) as values (1) union all select n + 1 from counting where n < 5;
alter view kinds.plain_view alter column number set default 4;
-- if from 15
create view kinds.invoker_view with (security_invoker = true) as select * from kinds.people;
-- end
create view kinds.depends_on_key as select e.at, e.place, e.id, e.note, count(*) from kinds.events e group by e.at, e.place, e.id;
create materialized view kinds.stored as select number, count(*) as rows, sum(id) as ids from kinds.indexed group by number with data;
create unique index stored_number on kinds.stored (number);
create materialized view kinds.on_stored as select max(rows) as most from kinds.stored;
create materialized view kinds.not_populated as select * from kinds.view_on_view with no data;
create view kinds.on_materialized as select * from kinds.stored where rows > 1;

create rule parent_rename as on update to kinds.checked_view do instead update kinds.parent set name = new.name where id = old.id;
create rule quiet as on delete to kinds.no_key where old.a = 2 do instead nothing;
create rule told as on insert to kinds.empty do also notify kinds_empty;
alter table kinds.empty disable rule told;

create function kinds.add(a integer, b integer default 1) returns integer language sql immutable strict leakproof parallel safe cost 5 as 'select a + b';
-- if from 14
create function kinds.standard_body(a integer) returns bigint language sql stable begin atomic
  select count(*) from kinds.people where id > a;
end;
create procedure kinds.standard_procedure(a integer) begin atomic
  update kinds.people set boss = boss where id = a;
end;
create procedure kinds.with_out(in a integer, out b integer) language plpgsql as $$ begin b := a * 2; end $$;
-- end
create function kinds.rows_of(inout at_least integer, out word text) returns setof record
language plpgsql stable security definer rows 7 set search_path = kinds, pg_temp set work_mem = '8MB' as $body$
declare
  found record;
begin
  -- a comment with 'quotes', $dollars$ and ñ
  for found in select i.id, i.word from indexed i where i.id >= at_least limit 3 loop
    at_least := found.id;
    word := found.word || E'\n\t\\';
    return next;
  end loop;
end
$body$;
create function kinds.as_table(variadic numbers integer[]) returns table (n integer, twice integer) language sql as 'select x, x * 2 from unnest(numbers) x';
create function kinds.any_of(anyelement, anyarray) returns boolean language sql immutable as 'select $1 = any ($2)';
create function kinds.add(a text, b text) returns text language sql as $$ select a || b $$;
create function kinds.with_composite(kinds.address) returns kinds.mood language sql as 'select ($1).mood';
create procedure kinds.commits(n integer) language plpgsql as $$ begin commit; end $$;
create function "Odd ""Schema"" ñ"."F ""quoted"""("Arg 1" text) returns void language plpgsql as $$ begin null; end $$;
alter table kinds.empty add column computed integer default kinds.add(1, 2);
alter table kinds.empty add constraint uses_a_function check (kinds.add(id, 1) > 0);

create table kinds.journal (at timestamptz not null default clock_timestamp(), what text not null, rows bigint);
create function kinds.note() returns trigger language plpgsql as $$
begin
  insert into kinds.journal (what) values (tg_name || ' ' || tg_op || ' ' || coalesce(tg_argv[0], ''));
  return coalesce(new, old);
end
$$;
create function kinds.note_many() returns trigger language plpgsql as $$
begin
  insert into kinds.journal (what, rows) select tg_name, count(*) from after_it;
  return null;
end
$$;
create table kinds.watched (id integer primary key, a integer, b text);
insert into kinds.watched values (1, 1, 'x');
create trigger before_row before insert or update or delete on kinds.watched for each row execute function kinds.note('an ''argument''', 'two');
create trigger when_changed after update of a, b on kinds.watched for each row when (old.a is distinct from new.a) execute function kinds.note();
create trigger each_statement after truncate on kinds.watched for each statement execute function kinds.note();
create trigger transition after insert on kinds.watched referencing new table as after_it for each statement execute function kinds.note_many();
create trigger switched_off before insert on kinds.watched for each row execute function kinds.note();
create trigger on_replica before insert on kinds.watched for each row execute function kinds.note();
create trigger always before insert on kinds.watched for each row execute function kinds.note();
create constraint trigger deferred_check after insert on kinds.watched deferrable initially deferred for each row execute function kinds.note();
alter table kinds.watched disable trigger switched_off, enable replica trigger on_replica, enable always trigger always;
create trigger on_partitions after insert on kinds.events for each row execute function kinds.note();
create trigger instead_of instead of insert on kinds.view_on_view for each row execute function kinds.note();
create trigger "Trigger ""odd""" after delete on "Odd ""Schema"" ñ"."Table with ""quotes"", spaces & ñ 🙂" for each row execute function kinds.note();

create function kinds.note_ddl() returns event_trigger language plpgsql as $$
begin
  insert into kinds.journal (what) values (tg_tag);
end
$$;
create event trigger kinds_ddl on ddl_command_end when tag in ('CREATE TABLE AS', 'SECURITY LABEL') execute function kinds.note_ddl();
create event trigger kinds_off on sql_drop execute function kinds.note_ddl();
alter event trigger kinds_off disable;

select lo_from_bytea(0, decode(repeat('00ff', 200000), 'hex')), lo_from_bytea(0, '\x'), lo_from_bytea(424242, 'un objeto grande'::bytea);
comment on large object 424242 is 'a large object';
grant select on large object 424242 to kinds_reader;
create table kinds.with_large_objects (id integer primary key, object oid);
insert into kinds.with_large_objects values (1, 424242);
