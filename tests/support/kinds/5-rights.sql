-- Owners, grants, default privileges, policies, comments on everything.
do $$
declare
  it record;
begin
  for it in select c.oid::regclass as place from pg_class c where c.relnamespace = 'kinds'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
            and c.relname <> 'no_key' loop
    execute format('alter table %s owner to kinds_owner', it.place);
  end loop;
end
$$;
alter function kinds.add(integer, integer) owner to kinds_owner;
alter type kinds.mood owner to kinds_owner;
alter sequence kinds.called owner to "Kinds ""Odd"" ñ";

grant usage on schema kinds to kinds_reader, "Kinds ""Odd"" ñ";
grant create on schema kinds to "Kinds ""Odd"" ñ";
grant select on all tables in schema kinds to kinds_reader;
grant insert, update, delete on kinds.people to kinds_reader with grant option;
grant select (id), update (team) on kinds.people to "Kinds ""Odd"" ñ";
grant references (id) on kinds.teams to public;
grant usage on sequence kinds.called to kinds_reader;
grant execute on function kinds.add(integer, integer) to kinds_reader;
revoke execute on function kinds.rows_of(integer) from public;
grant usage on type kinds.mood to kinds_reader;
revoke usage on type kinds.address from public;
revoke all on kinds.teams from kinds_owner;
grant select on kinds.teams to kinds_owner;
grant select on kinds.plain_view to public;

alter default privileges for role kinds_owner in schema kinds grant select on tables to kinds_reader;
alter default privileges for role kinds_owner in schema kinds grant usage on sequences to kinds_reader with grant option;
alter default privileges for role kinds_owner revoke execute on functions from public;
alter default privileges for role kinds_owner revoke usage on types from public;

alter table kinds.people enable row level security;
alter table kinds.teams enable row level security;
alter table kinds.teams force row level security;
create policy everyone on kinds.people for select using (true);
create policy "own ""rows"" ñ" on kinds.people as restrictive for update to kinds_reader, "Kinds ""Odd"" ñ"
  using (id in (select lead from kinds.teams)) with check (boss is not null);
create policy only_new on kinds.teams for insert to kinds_owner with check (id > 0);
create policy seen on kinds.teams for select to public using (lead > 0);
create policy without_security on kinds.watched for delete to current_user using (false);

comment on table kinds.people is E'people, \'quoted\' \\ and ñ 🙂\nin two lines';
comment on column kinds.people.boss is 'may be nobody';
comment on constraint people_team on kinds.people is 'a cycle';
comment on index kinds.gin_index is 'an index';
comment on sequence kinds.called is 'a sequence';
comment on view kinds.plain_view is 'a view';
comment on column kinds.plain_view.word is 'a column of a view';
comment on materialized view kinds.stored is 'a materialized view';
comment on function kinds.add(integer, integer) is 'a function';
comment on procedure kinds.commits(integer) is 'a procedure';
comment on aggregate kinds.longest(text) is 'an aggregate';
comment on type kinds.mood is 'an enum';
comment on domain kinds.short is 'a domain';
comment on constraint no_space on domain kinds.short is 'a constraint of a domain';
comment on type kinds.address is 'a composite';
comment on column kinds.address.street is 'an attribute';
comment on operator kinds.<<< (kinds.pair, kinds.pair) is 'an operator';
comment on operator class kinds.pair_ops using btree is 'an operator class';
comment on cast (kinds.pair as text) is 'a cast';
comment on collation kinds.plain is 'a collation';
comment on trigger before_row on kinds.watched is 'a trigger';
comment on event trigger kinds_ddl is 'an event trigger';
comment on rule quiet on kinds.no_key is 'a rule';
comment on policy everyone on kinds.people is 'a policy';
comment on statistics kinds.together is 'statistics';
comment on text search dictionary kinds.stems is 'a dictionary';
-- if from 14
comment on function kinds.standard_body(integer) is 'a standard body';
-- end

refresh materialized view kinds.stored;
analyze;
