-- What can go wrong with the database of everything.sql, one statement or more at a time. Before each stands the check
-- that must fail, and what it must say.

-- tables: missing: shop.base
DROP TABLE shop.base CASCADE;

-- tables: extra: shop.more
CREATE TABLE shop.more ();

-- tables: shop.people
ALTER TABLE shop.people ALTER price SET DEFAULT 9.91;

-- tables: shop.people
ALTER TABLE shop.people ALTER price DROP DEFAULT;

-- tables: shop.people
ALTER TABLE shop.people ALTER price DROP NOT NULL;

-- tables: shop.people
ALTER TABLE shop.people ALTER notes SET DEFAULT '{"a": 1}';

-- tables: shop.people
ALTER TABLE shop.people ALTER notes SET STORAGE EXTENDED;

-- tables: shop.people
ALTER TABLE shop.people ALTER full_name DROP EXPRESSION;

-- tables: shop.people
ALTER TABLE shop.people ALTER id SET GENERATED ALWAYS;

-- tables: shop.people
ALTER TABLE shop.people ALTER id DROP IDENTITY;

-- tables: shop.people
ALTER TABLE shop.people SET (fillfactor = 81);

-- tables: shop.people
ALTER TABLE shop.people DISABLE ROW LEVEL SECURITY;

-- tables: shop.orders
ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY;

-- tables: shop.people
COMMENT ON COLUMN shop.people.code IS 'another';

-- tables: shop.people
ALTER TABLE shop.people ADD COLUMN more integer;

-- tables: shop.people
ALTER TABLE shop.people RENAME COLUMN boss TO chief;

-- tables: shop.lines
ALTER TABLE shop.lines REPLICA IDENTITY DEFAULT;

-- tables: shop.lines
ALTER TABLE shop.lines ALTER line TYPE integer;

-- tables: shop.lines
ALTER TABLE shop.lines ALTER note TYPE text COLLATE "C";

-- tables: shop.cache
ALTER TABLE shop.cache SET LOGGED;

-- tables: shop.derived
ALTER TABLE shop.derived NO INHERIT shop.base;

-- tables: shop.orders_2025
ALTER TABLE shop.orders DETACH PARTITION shop.orders_2025;

-- foreign_keys: missing: shop.orders.orders_person_fkey
ALTER TABLE shop.orders DROP CONSTRAINT orders_person_fkey;

-- foreign_keys: shop.people.people_boss_fkey
ALTER TABLE shop.people ALTER CONSTRAINT people_boss_fkey NOT DEFERRABLE;

-- foreign_keys: shop.odd_child.odd_child_parent_fkey
ALTER TABLE shop.odd_child VALIDATE CONSTRAINT odd_child_parent_fkey;

-- foreign_keys: its triggers are disabled
ALTER TABLE shop.odd_child DISABLE TRIGGER ALL;

-- indexes: missing: shop.people_notes
DROP INDEX shop.people_notes;

-- indexes: shop.people_lower
DROP INDEX shop.people_lower; CREATE INDEX people_lower ON shop.people (lower(code));

-- indexes: INVALID
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.people_notes'::regclass;

-- indexes: clustered
ALTER TABLE shop.people CLUSTER ON people_pkey;

-- indexes: extra: shop.more
CREATE INDEX more ON shop.people (code);

-- indexes: missing: statistics shop.people_stats
DROP STATISTICS shop.people_stats;

-- constraints: missing: shop.people.people_code_key
ALTER TABLE shop.people DROP CONSTRAINT people_code_key;

-- constraints: NOT VALID
ALTER TABLE shop.people DROP CONSTRAINT valid_price;
        ALTER TABLE shop.people ADD CONSTRAINT valid_price
              CHECK (price >= 0 AND (plan IS NOT NULL OR price BETWEEN 1 AND 100)) NOT VALID;

-- constraints: shop.people.valid_status
ALTER TABLE shop.people DROP CONSTRAINT valid_status;
        ALTER TABLE shop.people ADD CONSTRAINT valid_status CHECK (status IN ('pending', 'active', 'canceled'));

-- sequences: shop.tickets
ALTER SEQUENCE shop.tickets INCREMENT 6;

-- sequences: shop.tickets
ALTER SEQUENCE shop.tickets NO CYCLE;

-- sequences: shop.orders_id_seq
ALTER SEQUENCE shop.orders_id_seq OWNED BY NONE;

-- sequences: behind the source: shop.tickets: next 5, 10
ALTER SEQUENCE shop.tickets MINVALUE 5; SELECT setval('shop.tickets', 5, false);

-- triggers: missing: shop.people.people_updated_at
DROP TRIGGER people_updated_at ON shop.people;

-- triggers: added 'DISABLED'
ALTER TABLE shop.people DISABLE TRIGGER people_updated_at;

-- triggers: lacking 'DISABLED'
ALTER TABLE shop.people ENABLE TRIGGER sleeping;

-- triggers: shop.people.people_updated_at
ALTER TABLE shop.people ENABLE REPLICA TRIGGER people_updated_at;

-- triggers: shop.orders_2025.orders_touch
ALTER TABLE shop.orders_2025 DISABLE TRIGGER orders_touch;

-- triggers: event trigger watcher
ALTER EVENT TRIGGER watcher DISABLE;

-- triggers: missing: event trigger watcher
DROP EVENT TRIGGER watcher;

-- functions: missing: shop.tidy(integer)
DROP PROCEDURE shop.tidy;

-- functions: was 'AS $function$SELECT $1$function$', is 'AS $function$SELECT $1 $function$'
CREATE OR REPLACE FUNCTION shop.price(text) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT $1 ';

-- functions: SECURITY DEFINER
CREATE OR REPLACE FUNCTION shop.price(text) RETURNS text LANGUAGE sql AS 'SELECT $1';

-- functions: shop.price(text)
ALTER FUNCTION shop.price(text) SET search_path = '';

-- functions: shop.price(text)
ALTER FUNCTION shop.price(text) STABLE;

-- functions: shop.total(integer)
CREATE OR REPLACE AGGREGATE shop.total(integer) (sfunc = shop.add_up, stype = integer, initcond = '1');

-- functions: shop.doubled(integer, integer)
CREATE OR REPLACE FUNCTION shop.doubled(a integer, b integer DEFAULT 1 + 2)
        RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + b WHERE a IN (1, 2); END;

-- views: missing: shop.v_of_view
DROP VIEW shop.v_of_view;

-- views: shop.v_of_view
CREATE OR REPLACE VIEW shop.v_of_view (x) AS SELECT family FROM shop.v_savings WHERE saved > 4;

-- views: security_barrier
ALTER VIEW shop.v_savings RESET (security_barrier);

-- views: security_invoker
ALTER VIEW shop.v_simple SET (security_invoker = true);

-- views: not populated
REFRESH MATERIALIZED VIEW shop.m_counts WITH NO DATA;

-- views: missing: rule shop.cache.keep
DROP RULE keep ON shop.cache;

-- extensions: missing: plpgsql
UPDATE pg_extension SET extname = 'other' WHERE extname = 'plpgsql';

-- policies: missing: shop.people.own
DROP POLICY own ON shop.people;

-- policies: shop.people.own
ALTER POLICY own ON shop.people TO shop_reader;

-- policies: shop.people.own
ALTER POLICY own ON shop.people USING (code = session_user);

-- policies: shop.people.those
ALTER POLICY those ON shop.people WITH CHECK (true);

-- types: shop.mood
ALTER TYPE shop.mood ADD VALUE 'glad' BEFORE 'worried';

-- types: shop.mood
ALTER TYPE shop.mood RENAME VALUE 'calm' TO 'quiet';

-- types: shop.email
ALTER DOMAIN shop.email DROP CONSTRAINT email_form;

-- types: shop.positive
ALTER DOMAIN shop.positive DROP NOT NULL;

-- types: shop.address
ALTER TYPE shop.address ADD ATTRIBUTE zip text;

-- types: missing: collation shop.plain
DROP COLLATION shop.plain;

-- types: operator shop.|+|(integer,integer)
DROP OPERATOR shop.|+| (integer, integer);

-- grants: missing: shop.base to shop_reader
REVOKE SELECT ON shop.base FROM shop_reader;

-- grants: shop.orders to shop_writer
REVOKE GRANT OPTION FOR INSERT ON shop.orders FROM shop_writer;

-- grants: shop.people(price) to shop_reader
REVOKE UPDATE (price) ON shop.people FROM shop_reader;

-- grants: extra: shop.price(text) to PUBLIC
GRANT EXECUTE ON FUNCTION shop.price(text) TO PUBLIC;

-- grants: extra: schema shop to PUBLIC
GRANT USAGE ON SCHEMA shop TO PUBLIC;

-- grants: missing: type shop.mood to PUBLIC
REVOKE USAGE ON TYPE shop.mood FROM PUBLIC;

-- grants: shop.people to shop_writer
REVOKE TRUNCATE ON shop.people FROM shop_writer;

-- grants: shop.cache owner
ALTER TABLE shop.cache OWNER TO shop_owner;

-- grants: shop.base owner
REVOKE DELETE ON shop.base FROM CURRENT_USER;

-- grants: default for postgres in shop on tables
ALTER DEFAULT PRIVILEGES IN SCHEMA shop REVOKE ALL ON TABLES FROM shop_writer;
