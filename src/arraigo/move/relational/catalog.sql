-- What a database holds, for servers 12 to 18: a column that a version lacks is read through to_jsonb(row). Names come
-- bare, labels are made in one place (names.py); search_path is '', so that every type and reference is qualified.

-- name: tables
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       CASE WHEN c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0) THEN -1 ELSE c.reltuples::bigint END AS rows,
       pg_table_size(c.oid) AS bytes, c.relispartition AS is_partition,
       (SELECT array_agg(ARRAY[pn.nspname, p.relname]::text[] ORDER BY i.inhseqno)
          FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
         WHERE i.inhrelid = c.oid) AS parents,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,
       c.reloptions AS options, toast.reloptions AS toast_options, am.amname AS method,
       c.relreplident AS replica_identity, key.columns AS key, key.immediate AS key_immediate,
       identity.name AS identity_index, identity.columns AS identity_columns,
       s.srvname AS server, f.ftoptions AS server_options,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid AND c.reltoastrelid <> 0
  LEFT JOIN pg_am am ON am.oid = c.relam
  LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid
  LEFT JOIN pg_foreign_server s ON s.oid = f.ftserver
  LEFT JOIN LATERAL (
       SELECT i.indimmediate AS immediate,
              (SELECT array_agg(a.attname::text ORDER BY k.n)
                 FROM unnest(i.indkey[0 : i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, n)
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) AS columns
         FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS key ON true
  LEFT JOIN LATERAL (
       SELECT ic.relname AS name,
              (SELECT array_agg(a.attname::text ORDER BY k.n)
                 FROM unnest(i.indkey[0 : i.indnkeyatts - 1]) WITH ORDINALITY AS k (attnum, n)
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum) AS columns
         FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisreplident) AS identity ON c.relreplident = 'i'
 WHERE n.nspname = ANY (:schemas::text[]) AND c.relkind IN ('r', 'p', 'm', 'f')
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname

-- name: columns
-- A name without a table's is taken from the innermost query that has it: 12 and 13 know no compression.
WITH RECURSIVE used AS (
       SELECT a.attrelid, a.attnum, a.atttypid AS typid
         FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas::text[]) AND c.relkind IN ('r', 'p', 'm', 'f')
          AND a.attnum > 0 AND NOT a.attisdropped
), resolved (asked, typid) AS (
       SELECT DISTINCT typid, typid FROM used
       UNION ALL
       SELECT r.asked, t.typbasetype FROM resolved r JOIN pg_type t ON t.oid = r.typid WHERE t.typtype = 'd'
)
SELECT a.attrelid AS oid, a.attnum AS number, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       elementn.nspname AS base_schema, coalesce(element.typname, base.typname) AS base_name,
       element.oid IS NOT NULL AS is_array, coalesce(element.typtype, base.typtype) AS kind, coalesce(e.extname, '') AS extension,
       a.attnotnull AS not_null, invalid.conname IS NOT NULL AS not_null_unproved,
       pg_get_expr(d.adbin, d.adrelid) AS default, a.attgenerated AS generated, a.attidentity AS identity,
       CASE WHEN a.attcollation <> own.typcollation THEN ARRAY[ln.nspname, l.collname]::text[] END AS collation,
       CASE WHEN a.attstorage <> own.typstorage THEN a.attstorage END AS storage,
       (SELECT attcompression FROM pg_attribute own WHERE own.attrelid = a.attrelid AND own.attnum = a.attnum)
           AS compression,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
       a.attoptions AS options, a.attfdwoptions AS server_options
  FROM used u
  CROSS JOIN (SELECT NULL::"char" AS attcompression) AS unknown
  JOIN pg_attribute a ON a.attrelid = u.attrelid AND a.attnum = u.attnum
  JOIN pg_type own ON own.oid = a.atttypid
  JOIN resolved r ON r.asked = a.atttypid
  JOIN pg_type base ON base.oid = r.typid AND base.typtype <> 'd'
  LEFT JOIN pg_type element ON element.oid = base.typelem AND element.typarray = base.oid
  JOIN pg_namespace elementn ON elementn.oid = coalesce(element.typnamespace, base.typnamespace)
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
  LEFT JOIN pg_depend m ON m.classid = 'pg_type'::regclass AND m.objid = coalesce(element.oid, base.oid) AND m.deptype = 'e'
  LEFT JOIN pg_extension e ON e.oid = m.refobjid
  LEFT JOIN pg_constraint invalid
    ON invalid.conrelid = a.attrelid AND invalid.contype = 'n' AND NOT invalid.convalidated
   AND invalid.conkey = ARRAY[a.attnum]
 ORDER BY a.attrelid, a.attnum

-- name: constraints
-- NOT NULL (which 18 has here too) is a column's. A foreign key's children stand or fall with it, and have made-up names.
SELECT k.oid, n.nspname AS schema, c.relname AS table, k.conname AS name, k.contype AS kind,
       pg_get_constraintdef(k.oid) AS definition, k.convalidated AS valid,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS x (attnum, n)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.attnum ORDER BY x.n) AS columns,
       rn.nspname AS referenced_schema, r.relname AS referenced_table,
       CASE WHEN k.contype = 'f' THEN ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS x (attnum, n)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.attnum ORDER BY x.n) END AS referenced,
       k.confmatchtype AS match,
       CASE WHEN k.contype = 'f' THEN ARRAY(
              SELECT ARRAY[o.nspname, p.oprname]::text[] FROM unnest(k.conpfeqop) WITH ORDINALITY AS x (oid, n)
                JOIN pg_operator p ON p.oid = x.oid JOIN pg_namespace o ON o.oid = p.oprnamespace
               ORDER BY x.n) END AS operators,
       k.contype = 'f' AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O'
                                      AND t.tgrelid IN (k.conrelid, k.confrelid)) AS asleep
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class r ON r.oid = k.confrelid AND k.confrelid <> 0
  LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
 WHERE n.nspname = ANY (:schemas::text[]) AND k.contype IN ('c', 'f', 'p', 'u', 'x')
   AND NOT (k.contype = 'f' AND k.conparentid <> 0)
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname, k.conname

-- name: indexes
SELECT c.oid, n.nspname AS schema, c.relname AS name, pg_get_indexdef(c.oid) AS definition,
       tn.nspname AS table_schema, t.relname AS table,
       i.indisvalid AND i.indisready AS valid, i.indisclustered AS clustered,
       CASE WHEN p.relname IS NOT NULL THEN ARRAY[pn.nspname, p.relname]::text[] END AS parent
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_inherits h ON h.inhrelid = c.oid
  LEFT JOIN pg_class p ON p.oid = h.inhparent
  LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
 WHERE n.nspname = ANY (:schemas::text[])
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname

-- name: statistics
SELECT s.oid, n.nspname AS schema, s.stxname AS name, pg_get_statisticsobjdef(s.oid) AS definition
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
 WHERE n.nspname = ANY (:schemas::text[])

-- name: sequences
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence,
       format_type(q.seqtypid, NULL) AS type, q.seqstart AS start, q.seqincrement AS increment,
       q.seqmin AS minimum, q.seqmax AS maximum, q.seqcache AS cache, q.seqcycle AS cycle,
       tn.nspname AS table_schema, t.relname AS table, a.attname AS column
  FROM pg_sequence q
  JOIN pg_class c ON c.oid = q.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                       AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_class t ON t.oid = d.refobjid
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
 WHERE n.nspname = ANY (:schemas::text[])
   AND NOT EXISTS (SELECT FROM pg_depend m
                    WHERE m.classid = 'pg_class'::regclass AND m.objid = c.oid AND m.deptype = 'e')
 ORDER BY n.nspname, c.relname

-- name: triggers
-- A partition's copy of its parent's trigger is told only where it is not enabled as that one is.
SELECT t.oid, n.nspname AS schema, c.relname AS table, t.tgname AS name, pg_get_triggerdef(t.oid) AS definition,
       t.tgenabled AS enabled
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_trigger p ON p.oid = (to_jsonb(t) ->> 'tgparentid')::oid
 WHERE n.nspname = ANY (:schemas::text[]) AND NOT t.tgisinternal AND t.tgname NOT LIKE 'arraigo\_%'
   AND (p.oid IS NULL OR p.tgenabled <> t.tgenabled)
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'e')

-- name: event_triggers
SELECT t.oid, t.evtname AS name, t.evtevent AS event, t.evttags AS tags, t.evtenabled AS enabled,
       n.nspname AS function_schema, p.proname AS function
  FROM pg_event_trigger t
  JOIN pg_proc p ON p.oid = t.evtfoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE t.evtname NOT LIKE 'arraigo\_%' AND n.nspname NOT LIKE 'arraigo%'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'e')

-- name: functions
SELECT p.oid, n.nspname AS schema, p.proname AS name, oidvectortypes(p.proargtypes) AS arguments, p.prokind AS kind,
       CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition,
       CASE WHEN p.prokind = 'a' THEN concat_ws(E'\n', pg_get_function_arguments(p.oid),
            'returns ' || pg_get_function_result(p.oid), format('parallel %s', p.proparallel),
            format('kind %s %s', g.aggkind, g.aggnumdirectargs),
            format('step %s of %s %s', g.aggtransfn, format_type(g.aggtranstype, NULL), g.aggtransspace),
            format('final %s %s %s', g.aggfinalfn, g.aggfinalextra, g.aggfinalmodify),
            format('combine %s %s %s', g.aggcombinefn, g.aggserialfn, g.aggdeserialfn), 'initially ' || g.agginitval,
            format('moving %s %s %s %s %s %s', g.aggmtransfn, g.aggminvtransfn, g.aggmtranstype::regtype,
                   g.aggmfinalfn, g.aggmfinalextra, g.aggmfinalmodify), 'moving initially ' || g.aggminitval,
            format('sorts %s', g.aggsortop::regoperator)) END AS aggregate
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
 WHERE n.nspname = ANY (:schemas::text[]) AND p.proname NOT LIKE 'arraigo\_%'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))

-- name: views
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reloptions AS options,
       c.relispopulated AS populated, pg_get_viewdef(c.oid) AS definition,
       (SELECT array_agg(a.attname || ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ORDER BY a.attnum)
          FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
         WHERE d.adrelid = c.oid) AS defaults,
       (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (:schemas::text[]) AND c.relkind IN ('v', 'm')
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')

-- name: rules
SELECT r.oid, n.nspname AS schema, c.relname AS table, r.rulename AS name, pg_get_ruledef(r.oid) AS definition,
       r.ev_enabled AS enabled
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (:schemas::text[]) AND r.rulename <> '_RETURN' AND r.rulename NOT LIKE 'arraigo\_%'
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')

-- name: extensions
SELECT e.oid, e.extname AS name, e.extversion AS version, n.nspname AS schema
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace

-- name: policies
SELECT p.oid, n.nspname AS schema, c.relname AS table, p.polname AS name, p.polpermissive AS permissive,
       p.polcmd AS command, pg_get_expr(p.polqual, p.polrelid) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
       ARRAY(SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r)::text END
               FROM unnest(p.polroles) AS r ORDER BY 1) AS roles
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (:schemas::text[])

-- name: types
SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype AS kind,
       (SELECT array_agg(quote_literal(e.enumlabel) ORDER BY e.enumsortorder)
          FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       format_type(t.typbasetype, t.typtypmod) AS base, t.typnotnull AS not_null,
       coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), t.typdefault) AS default,
       CASE WHEN t.typcollation <> 0 THEN ARRAY[ln.nspname, l.collname]::text[] END AS collation,
       (SELECT array_agg(ARRAY[k.conname, pg_get_constraintdef(k.oid)]::text[] ORDER BY k.conname)
          FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks,
       (SELECT array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                         || CASE WHEN a.attcollation <> at.typcollation
                                 THEN format(' COLLATE %I.%I', an.nspname, al.collname) ELSE '' END ORDER BY a.attnum)
          FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
          LEFT JOIN pg_collation al ON al.oid = a.attcollation LEFT JOIN pg_namespace an ON an.oid = al.collnamespace
         WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       CASE WHEN g.rngtypid IS NOT NULL THEN concat_ws(', ', 'subtype ' || format_type(g.rngsubtype, NULL),
            'multirange ' || format_type((to_jsonb(g) ->> 'rngmultitypid')::oid, NULL),
            'opclass ' || o.opcname, (SELECT format('collation %I.%I', gn.nspname, gl.collname) FROM pg_collation gl
              JOIN pg_namespace gn ON gn.oid = gl.collnamespace WHERE gl.oid = g.rngcollation),
            'canonical ' || nullif(g.rngcanonical::oid, 0)::regprocedure::text,
            'diff ' || nullif(g.rngsubdiff::oid, 0)::regprocedure::text) END AS range
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid AND t.typrelid <> 0
  LEFT JOIN pg_range g ON g.rngtypid = t.oid
  LEFT JOIN pg_opclass o ON o.oid = g.rngsubopc
  LEFT JOIN pg_collation l ON l.oid = t.typcollation
  LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
 WHERE n.nspname = ANY (:schemas::text[]) AND t.typtype IN ('e', 'd', 'c', 'r')
   AND (t.typtype <> 'c' OR c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')

-- name: grants
-- One row for each object and grantee, the owner's too; `every` is how many privileges such an object has on this server.
WITH acls AS (
       SELECT CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END AS kind, ARRAY[n.nspname, c.relname]::text[] AS object,
              ''::text AS detail, c.relowner AS owner,
              coalesce(c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND NOT EXISTS (SELECT FROM pg_depend d
                           WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
       UNION ALL
       SELECT 'c', ARRAY[n.nspname, c.relname]::text[], a.attname, c.relowner, a.attacl
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY (:schemas::text[]) AND a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
       UNION ALL
       SELECT 'f', ARRAY[n.nspname, p.proname]::text[], oidvectortypes(p.proargtypes), p.proowner,
              coalesce(p.proacl, acldefault('f', p.proowner))
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = ANY (:schemas::text[]) AND p.proname NOT LIKE 'arraigo\_%'
          AND NOT EXISTS (SELECT FROM pg_depend d
                           WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
       UNION ALL
       SELECT 'T', ARRAY[n.nspname, t.typname]::text[], '', t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
         FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE n.nspname = ANY (:schemas::text[]) AND t.typtype IN ('e', 'd', 'c', 'r')
          AND (t.typtype <> 'c' OR c.relkind = 'c')
          AND NOT EXISTS (SELECT FROM pg_depend d
                           WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
       UNION ALL
       SELECT 'n', ARRAY[n.nspname]::text[], '', n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
         FROM pg_namespace n WHERE n.nspname = ANY (:schemas::text[])
)
SELECT l.kind, l.object, l.detail, pg_get_userbyid(l.owner) AS owner, x.grantee = l.owner AS is_owner,
       CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END AS grantee,
       array_agg(DISTINCT x.privilege_type ORDER BY x.privilege_type) AS privileges,
       array_agg(DISTINCT x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.is_grantable) AS grantable,
       CASE WHEN l.kind = 'c' THEN 4
            ELSE (SELECT count(*) FROM aclexplode(acldefault(l.kind::"char", 10)) AS y WHERE y.grantee = 10) END AS every
  FROM acls l LEFT JOIN LATERAL aclexplode(l.acl) AS x ON true
 GROUP BY l.kind, l.object, l.detail, l.owner, x.grantee

-- name: default_grants
SELECT pg_get_userbyid(a.defaclrole) AS owner, n.nspname AS schema, a.defaclobjtype AS kind,
       CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END AS grantee,
       array_agg(DISTINCT x.privilege_type ORDER BY x.privilege_type) AS privileges,
       array_agg(DISTINCT x.privilege_type ORDER BY x.privilege_type) FILTER (WHERE x.is_grantable) AS grantable,
       (SELECT count(*) FROM aclexplode(acldefault(CASE WHEN a.defaclobjtype = 'S' THEN 's' ELSE a.defaclobjtype END, 10))
                             AS y WHERE y.grantee = 10) AS every
  FROM pg_default_acl a
  LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
  CROSS JOIN LATERAL aclexplode(a.defaclacl) AS x
 WHERE a.defaclnamespace = 0 OR n.nspname = ANY (:schemas::text[])
 GROUP BY a.defaclrole, n.nspname, a.defaclobjtype, x.grantee

-- name: comments
-- What the server came with has none of ours; members of extensions are never asked for.
SELECT d.classoid::regclass::text AS class_, d.objoid AS oid, d.objsubid AS number, d.description
  FROM pg_description d
 WHERE d.objoid >= 16384

-- name: others
-- What no check of its own compares: collations, operators and their kin, casts, text search, by name and identity.
SELECT i.type, i.identity, CASE
       WHEN o.classid = 'pg_collation'::regclass THEN (SELECT concat_ws(', ', format('provider %s', l.collprovider),
            format('deterministic %s', l.collisdeterministic), l.collcollate, l.collctype, 'locale ' ||
            coalesce(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', nullif(l.collcollate, '')))
            FROM pg_collation l WHERE l.oid = o.objid)
       WHEN o.classid = 'pg_operator'::regclass THEN (SELECT p.oprcode::text FROM pg_operator p WHERE p.oid = o.objid)
       WHEN o.classid = 'pg_ts_dict'::regclass THEN (SELECT concat_ws(': ', t.tmplname, d.dictinitoption)
            FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate WHERE d.oid = o.objid)
       WHEN o.classid = 'pg_ts_config'::regclass THEN (SELECT string_agg(
            m.maptokentype || ':' || m.mapdict::regdictionary::text, ' ' ORDER BY m.maptokentype, m.mapseqno)
            FROM pg_ts_config_map m WHERE m.mapcfg = o.objid)
       ELSE '' END AS definition
  FROM (SELECT 'pg_collation'::regclass AS classid, oid AS objid, collnamespace AS namespace FROM pg_collation
        UNION ALL SELECT 'pg_operator'::regclass, oid, oprnamespace FROM pg_operator
        UNION ALL SELECT 'pg_opclass'::regclass, oid, opcnamespace FROM pg_opclass
        UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfnamespace FROM pg_opfamily
        UNION ALL SELECT 'pg_conversion'::regclass, oid, connamespace FROM pg_conversion
        UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictnamespace FROM pg_ts_dict
        UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgnamespace FROM pg_ts_config) AS o
  JOIN pg_namespace n ON n.oid = o.namespace
  CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, 0) AS i
 WHERE n.nspname = ANY (:schemas::text[])
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype IN ('e', 'i', 'a'))
