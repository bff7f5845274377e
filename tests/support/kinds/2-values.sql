-- Columns of every type, with the values that break copies.
create table kinds.every_type (
  id integer primary key,
  "int2" smallint, int4 integer, int8 bigint,
  "numeric" numeric, numeric_12_2 numeric(12, 2), float4 real, float8 double precision, money money,
  text text, varchar_5 varchar(5), char_4 char(4), bpchar bpchar, "char" "char", name name,
  bytea bytea, bool boolean, bit_3 bit(3), varbit bit varying,
  date date, "time" time, time_3 time(3), timetz timetz, "timestamp" timestamp, timestamptz timestamptz,
  interval interval, interval_day interval day to second(2),
  uuid uuid, json json, jsonb jsonb, jsonpath jsonpath,
  inet inet, cidr cidr, macaddr macaddr, macaddr8 macaddr8,
  point point, line line, lseg lseg, box box, path path, polygon polygon, circle circle,
  tsvector tsvector, tsquery tsquery,
  int4range int4range, int8range int8range, numrange numrange, tsrange tsrange, tstzrange tstzrange, daterange daterange,
  oid oid, xid xid, cid cid, tid tid, pg_lsn pg_lsn, txid_snapshot txid_snapshot,
  regclass regclass, regtype regtype, regproc regproc, regprocedure regprocedure, regoper regoper, regoperator regoperator,
  regdictionary regdictionary, regrole regrole,
  regnamespace regnamespace, regconfig regconfig, regcollation regcollation, refcursor refcursor, int2vector int2vector,
  oidvector oidvector, aclitem aclitem,
  mood kinds.mood, address kinds.address, nested kinds.nested, nothing kinds.nothing,
  short kinds.short, shorter kinds.shorter, percent kinds.percent, valid_address kinds.valid_address,
  floats kinds.floats, moodrange kinds.moodrange, cased kinds.cased
);
insert into kinds.every_type values (
  1, -32768, 2147483647, -9223372036854775808,
  'NaN', 1.00, 'NaN', '-Infinity', '-12.34',
  E'tab\tline\nback\\slash \\N \\. "quotes" ''single'' ñ n\u0303 🙂 👨‍👩‍👧', 'ñandú', 'ab', 'ab  ', 'c', 'a name',
  '\x00ff5c78', true, b'101', b'',
  'infinity', '24:00:00', '23:59:59.999', '23:59:59.999999+14:30', '-infinity', '0044-03-15 12:00:00 BC',
  '-178000000 years', '1 day 02:03:04.56',
  '00000000-0000-0000-0000-000000000000', '{ "b" : 1.0, "a": 1e2, "a": -0,  "ñ":"\u00f1" }',
  '{"zero": -0, "big": 1e2, "same": 1.00, "deep": [null, {"": ""}], "huge": 123456789012345678901234567890.10}', '$.a[*] ? (@ > 1.5)',
  '192.0.2.1/24', '2001:db8::/32', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
  '(1.5,-0)', '{1,-1,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '<(0,0),1e-300>',
  '''a b'':1A,2 ñ:3', '(a & !b) <-> ''c d'':*',
  'empty', '(,5]', '[1.0,1.00]', '[-infinity,infinity]', '[2025-01-01 00:00+00,)', '[0001-01-01 BC,infinity)',
  4294967295, '4294967295', '1', '(0,1)', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15',
  'kinds.every_type', 'kinds.mood', 'kinds.longer', 'kinds.longer(text,text)', 'kinds.!#', 'kinds.<<<(kinds.pair,kinds.pair)', 'kinds.stems', 'kinds_reader',
  'kinds', 'kinds.spanish', 'kinds.plain', 'a cursor', '1 2 3', '1 2 3', 'kinds_reader=r/kinds_owner',
  'in between', row ('calle 1', 2, array['a', null, 'b"c'], 'happy 🙂')::kinds.address,
  row (row ('', null, '{}', null), array[row ('x', 1, null, 'sad')::kinds.address, null])::kinds.nested, row ()::kinds.nothing,
  'short', 'tiny', 99.90, row ('calle 9', 9, null, null)::kinds.valid_address,
  '[1.5,NaN]', '[sad,"happy 🙂"]', '[A,b)'
);
insert into kinds.every_type (id, "numeric", float4, float8, "timestamp", timestamptz, "char", interval, text, jsonb, short) values
  (2, 1.0, 0.1, 0.1, 'infinity', 'infinity', '\377', '-1 mons +1 day -00:00:01', '', '""', 'a'),
  (3, 1.00, -0.0, -0.0, '4714-11-24 00:00:00 BC', '294276-12-31 23:59:59.999999+00', '', '1 year 12 mons', ' ', 'null', 'b'),
  (4, 1e-30, '1e-45', '5e-324', '2025-03-30 02:30:00', '2025-10-26 02:30:00+02', ' ', '0', E'\x01\x7f', '1.10', 'c'),
  (5, -123456789012345678901234567890.123456789, '3.4028235e38', '1.7976931348623157e308', null, null, 'ñ', null, null, null, 'd');
insert into kinds.every_type (id) select generate_series(6, 8); -- nothing but NULL and defaults
-- if from 14
insert into kinds.every_type (id, "numeric") values (9, 'Infinity'), (10, '-Infinity');
-- end
-- if from 17
insert into kinds.every_type (id, interval) values (11, 'infinity'), (12, '-infinity');
-- end

create table kinds.every_array (
  id integer primary key,
  ints integer[], grid integer[][], texts text[], moods kinds.mood[], addresses kinds.address[], percents kinds.percents,
  mood_domain kinds.moods, stamps timestamptz[], numbers numeric[], blobs bytea[], bools boolean[], names name[], ranges int4range[],
  documents jsonb[], uuids uuid[], bits bit(2)[], classes regclass[], chars "char"[], points point[], pairs kinds.pair[]
);
insert into kinds.every_array values
  (1, '{1,NULL,-1}', '{{1,2},{3,4}}', '{"a,b","c\"d",NULL,"NULL","","ñ 🙂"}', '{"it''s \"ok\"",NULL,"in between"}',
   array[row ('calle, 1', 1, '{x,NULL}', 'sad')::kinds.address, null], '{1.00,100}', '{sad}', '{infinity,-infinity}', '{1.0,1.00,NaN}',
   '{"\\x00","\\xff"}', '{t,f,NULL}', '{a,"b c"}', '{empty,"[1,2)"}', '{"{\"a\": -0}"}', '{00000000-0000-0000-0000-000000000001}',
   '{01,10}', '{kinds.every_type,pg_class}', '{a,""}', '{"(1,2)"}', array[row (1, null)::kinds.pair]),
  (2, '[-1:1]={7,8,9}', '[0:1][5:6]={{1,2},{3,4}}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}');
insert into kinds.every_array (id) values (3);

-- if from 14
create table kinds.multiranges (
  id integer primary key, ints int4multirange, dates datemultirange, stamps tstzmultirange, floats kinds.floats_multirange,
  moods kinds.moodmultirange[], xid8 xid8, snapshot pg_snapshot, bigs int8multirange, numbers nummultirange, times tsmultirange
);
insert into kinds.multiranges values
  (1, '{[1,3),[5,7)}', '{}', '{[2025-01-01 00:00+00,infinity)}', '{[1,2],(3,4)}', '{"{[sad,sad]}",NULL}', '18446744073709551615', '10:20:10,14',
   '{[1,2)}', '{[1.0,1.00]}', '{(-infinity,infinity)}'),
  (2, '{(,)}', null, null, null, '{}', '0', null, null, null, null);
-- end

-- if vector
create extension if not exists vector schema public;
create table kinds.vectors (id integer primary key, dense public.vector(3), any_size public.vector, half public.halfvec(2), many public.vector(2)[]);
insert into kinds.vectors values
  (1, '[1,-0,1e-30]', '[0.1]', '[1.5,65504]', '{"[1,2]",NULL}'), (2, '[0.1,0.2,0.3]', '[1,2,3,4]', null, '{}'), (3, null, null, null, null);
create index on kinds.vectors using hnsw (dense public.vector_l2_ops) with (m = 8);
-- end

-- if xml
create table kinds.documents (id integer primary key, document xml not null, fragments xml[]);
insert into kinds.documents values
  (1, '<?xml version="1.0"?><a b="1">ñ &amp; <![CDATA[<>]]></a>', array['<b/>'::xml, null]), (2, xml 'text <i>and</i> marks', null);
-- end

-- if lz4
create table kinds.compressed (id integer primary key, text text compression lz4);
insert into kinds.compressed select n, repeat('comprimido ', 1000) from generate_series(1, 3) n;
-- end

create table kinds.large_values (id integer primary key, text text, bytes bytea, document jsonb);
alter table kinds.large_values alter column bytes set storage external;
insert into kinds.large_values
select n, repeat(md5(n::text) || 'ñ🙂', 27000), decode(repeat(md5(n::text), 65536), 'hex'), to_jsonb(repeat(md5(n::text), 32000))
from generate_series(1, 4) n;

create table kinds.empty (id integer primary key, text text not null);
create table kinds.no_columns ();
create table kinds.many_rows (id bigint primary key, word text not null, at timestamptz not null);
insert into kinds.many_rows select n, md5(n::text), timestamptz '2025-01-01 00:00+00' + n * interval '1 second' from generate_series(-2000, 20000) n;

do $$ -- 300 columns, one dropped, and one added with a default that no row stores
begin
  execute 'create table kinds.wide (' || (select string_agg(format('c%s %s', n, (array['integer', 'text', 'boolean', 'numeric'])[1 + n % 4]), ', ')
                                          from generate_series(1, 300) n) || ')';
  execute 'insert into kinds.wide (c4, c1, c2, c300) values (4, ''a'', true, 300), (null, null, null, null), (4, ''a'', true, 300)';
  execute 'alter table kinds.wide drop column c150, add column added text not null default ''added'', add column stamp date default ''2025-01-01''';
end
$$;
