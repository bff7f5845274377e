-- What programs keep in somebody's name under a name of their own, for good or for a while: it takes the place of the
-- bot's Maps, Sets and caches (seed 4). By user, so that it is distributed by user on a distributed PostgreSQL.

-- Byte order, whatever the database's locale: a listing's cursor and a prefix mean the same everywhere.
CREATE DOMAIN arraigo.state_name AS text COLLATE "C" CHECK (length(VALUE) BETWEEN 1 AND 255);
-- 256 KiB as PostgreSQL writes it.
CREATE DOMAIN arraigo.state_value AS jsonb CHECK (octet_length(VALUE::text) <= 262144);

CREATE TABLE arraigo.states (
  user_id    uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  namespace  arraigo.state_name NOT NULL,
  key        arraigo.state_name NOT NULL,
  value      arraigo.state_value NOT NULL,
  -- Grows with every change. It begins at the microsecond in which the entry was made, so that an entry that was
  -- deleted and made again never has a version that somebody has seen before.
  version    bigint NOT NULL DEFAULT (extract(epoch FROM now()) * 1000000)::bigint,
  -- From then on it is not there, although it may take a while until its row is swept away.
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, namespace, key)
) WITH (fillfactor = 80);
CREATE INDEX states_by_expiry ON arraigo.states (expires_at) WHERE expires_at IS NOT NULL;

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.states FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

ALTER TABLE arraigo.states ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.states FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.states TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.states TO arraigo_app
  USING (user_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.sweep_states(in_limit int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Deletes what has expired, of all users, at most so many rows: how many. Waits for nobody, and what it locks it
  -- deletes at once.
  WITH expired AS MATERIALIZED (
    SELECT s.user_id, s.namespace, s.key FROM arraigo.states s
     WHERE s.expires_at <= now() ORDER BY s.expires_at LIMIT in_limit FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM arraigo.states s USING expired e
     WHERE s.user_id = e.user_id AND s.namespace = e.namespace AND s.key = e.key
    RETURNING s.key
  )
  SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION arraigo.sweep_states FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.sweep_states TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.states TO arraigo_app;
