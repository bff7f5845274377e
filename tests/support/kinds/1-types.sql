-- Roles, schemas, types of every kind, and what is made of functions: operators, casts, aggregates, ranges.
do $$
declare
  role text;
begin
  foreach role in array array['kinds_owner', 'kinds_reader', 'Kinds "Odd" ñ'] loop
    begin
      execute format('create role %I nologin', role);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

create schema kinds authorization kinds_owner;
create schema "Odd ""Schema"" ñ";
comment on schema kinds is 'every kind of object';

create type kinds.mood as enum ('sad', 'it''s "ok"', 'happy 🙂', 'glücklich');
alter type kinds.mood add value 'in between' after 'sad'; -- sorts by a fraction
create type kinds.no_labels as enum ();
create type kinds.address as (street text, number integer, tags text[], mood kinds.mood);
create type kinds.nested as (home kinds.address, others kinds.address[]);
create type kinds.nothing as ();
create type kinds.shell;

create domain kinds.short as varchar(8) collate "C" default 'x' not null check (value <> 'bad') constraint no_space check (value !~ ' ');
create domain kinds.percent as numeric(5, 2) check (value between 0 and 100);
create domain kinds.percents as kinds.percent[];
create domain kinds.shorter as kinds.short check (length(value) < 5);
create domain kinds.valid_address as kinds.address check ((value).number > 0);
create domain kinds.moods as kinds.mood[];
alter domain kinds.percent add constraint later check (value <> 13) not valid;

create function kinds.float_distance(double precision, double precision) returns double precision
  language sql immutable strict parallel safe as 'select $1 - $2';
create type kinds.floats as range (subtype = double precision, subtype_diff = kinds.float_distance);
create type kinds.moodrange as range (subtype = kinds.mood);
create type kinds.cased as range (subtype = text, collation = "C");

create type kinds.pair as (a integer, b integer);
create function kinds.pair_less(kinds.pair, kinds.pair) returns boolean language sql immutable as 'select ($1).a < ($2).a';
create function kinds.pair_cmp(kinds.pair, kinds.pair) returns integer language sql immutable as 'select ($1).a - ($2).a';
create operator kinds.<<< (leftarg = kinds.pair, rightarg = kinds.pair, function = kinds.pair_less, restrict = scalarltsel);
create operator kinds.!# (rightarg = integer, function = pg_catalog.int4um);
create operator family kinds.pairs using btree;
create operator class kinds.pair_ops for type kinds.pair using btree family kinds.pairs as
  operator 1 kinds.<<<, function 1 kinds.pair_cmp(kinds.pair, kinds.pair);
create function kinds.pair_text(kinds.pair) returns text language sql immutable as $$ select ($1).a || '/' || ($1).b $$;
create cast (kinds.pair as text) with function kinds.pair_text(kinds.pair) as assignment;
create cast (integer as kinds.mood) with inout;

create function kinds.longer(text, text) returns text language sql immutable as
  $$ select case when length($2) > length($1) then $2 else $1 end $$;
create aggregate kinds.longest(text) (sfunc = kinds.longer, stype = text, initcond = '', parallel = safe);
create aggregate kinds.closest(double precision order by double precision) (
  sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra
);
create aggregate kinds.summed(integer) (
  sfunc = int4pl, stype = integer, initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = integer, minitcond = '0'
);

create collation kinds.plain (provider = libc, locale = 'C');
create collation "Odd ""Schema"" ñ"."Like C" from "C";
-- if icu
create collation kinds.natural (provider = icu, locale = 'und-u-kn-true', deterministic = true);
create collation kinds.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table kinds.collated (
  natural_text text collate kinds.natural primary key,
  blind_text text collate kinds.blind unique
);
create index on kinds.collated (blind_text collate kinds.natural desc nulls last);
insert into kinds.collated values ('a10', 'ÁRBOL'), ('a2', 'casa'), ('ñandú', null);
-- end

create text search dictionary kinds.stems (template = snowball, language = spanish, stopwords = spanish);
create text search configuration kinds.spanish (copy = pg_catalog.spanish);
alter text search configuration kinds.spanish alter mapping for word, hword with kinds.stems, simple;
comment on text search configuration kinds.spanish is 'words of people';
