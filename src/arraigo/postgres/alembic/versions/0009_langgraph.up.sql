-- What LangGraph keeps: the checkpoints of its threads, and the items of its store (arraigo.integrations.langgraph).
-- What hangs under a thread carries its id, first in every key, as what hangs under a conversation does.

-- Byte order: the newest checkpoint is the one with the greatest id, on every server and in Python.
CREATE DOMAIN arraigo.langgraph_id AS text COLLATE "C" CHECK (octet_length(VALUE) BETWEEN 1 AND 255);
CREATE DOMAIN arraigo.langgraph_path AS text COLLATE "C" CHECK (octet_length(VALUE) <= 1500);

CREATE TABLE arraigo.langgraph_threads (
  -- Derived from owner and name, so that a name is unique per owner without an index across everything.
  id         uuid PRIMARY KEY,
  owner_id   uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  name       arraigo.langgraph_id NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner_id, id)  -- for listings, and for the keys of what hangs under it
);

-- Values of channels, under a name made of namespace, channel and version, and the pieces of lists, under a name made of
-- what is in them. Where a piece is, all its children are: arraigo.langgraph_put sees to it.
CREATE TABLE arraigo.langgraph_pieces (
  thread_id uuid NOT NULL,
  id        uuid NOT NULL,
  owner_id  uuid NOT NULL,
  type      text NOT NULL,
  body      bytea,
  children  uuid[],
  PRIMARY KEY (thread_id, id),
  FOREIGN KEY (thread_id, owner_id) REFERENCES arraigo.langgraph_threads (id, owner_id) ON DELETE CASCADE,
  CHECK ((body IS NULL) <> (children IS NULL))
);

CREATE TABLE arraigo.langgraph_checkpoints (
  thread_id uuid NOT NULL,
  namespace arraigo.langgraph_path NOT NULL,
  id        arraigo.langgraph_id NOT NULL,
  owner_id  uuid NOT NULL,
  parent_id arraigo.langgraph_id,
  type      text NOT NULL,
  body      bytea NOT NULL,
  metadata  jsonb NOT NULL,
  -- The values that are not in the body; not every one of them need be there.
  pieces    uuid[] NOT NULL,
  PRIMARY KEY (thread_id, namespace, id),
  FOREIGN KEY (thread_id, owner_id) REFERENCES arraigo.langgraph_threads (id, owner_id) ON DELETE CASCADE
);

-- What a task wrote on top of a checkpoint, which may be saved after it.
CREATE TABLE arraigo.langgraph_writes (
  thread_id     uuid NOT NULL,
  namespace     arraigo.langgraph_path NOT NULL,
  checkpoint_id arraigo.langgraph_id NOT NULL,
  task_id       arraigo.langgraph_id NOT NULL,
  place         int NOT NULL,
  owner_id      uuid NOT NULL,
  task_path     text COLLATE "C" NOT NULL,
  channel       text NOT NULL,
  type          text NOT NULL,
  body          bytea NOT NULL,
  PRIMARY KEY (thread_id, namespace, checkpoint_id, task_id, place),
  FOREIGN KEY (thread_id, owner_id) REFERENCES arraigo.langgraph_threads (id, owner_id) ON DELETE CASCADE
);

-- The store: by user, as states are.
CREATE TABLE arraigo.langgraph_items (
  owner_id   uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  namespace  arraigo.langgraph_path NOT NULL,  -- its labels, which have no dots, joined by dots
  key        arraigo.langgraph_path NOT NULL,
  value      jsonb NOT NULL,
  ttl        float8 CHECK (ttl > 0),  -- minutes, counted anew at every use
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, namespace, key)
) WITH (fillfactor = 80);
CREATE INDEX langgraph_items_by_expiry ON arraigo.langgraph_items (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE arraigo.langgraph_threads ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_threads FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_pieces FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_checkpoints FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_writes ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_writes FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.langgraph_items FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.langgraph_threads TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.langgraph_pieces TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.langgraph_checkpoints TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.langgraph_writes TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.langgraph_items TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.langgraph_threads TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.langgraph_pieces TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.langgraph_checkpoints TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.langgraph_writes TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.langgraph_items TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.langgraph_thread(in_thread uuid, in_owner uuid, in_name text) RETURNS void
LANGUAGE plpgsql AS $$
-- Makes the thread if need be, and waits for whoever clears it up: until the end of the transaction nobody else will.
BEGIN
  FOR attempt IN 1..100 LOOP  -- it may be deleted in between
    PERFORM FROM arraigo.langgraph_threads t WHERE t.id = in_thread AND t.owner_id = in_owner FOR KEY SHARE;
    IF FOUND THEN
      RETURN;
    END IF;
    INSERT INTO arraigo.langgraph_threads (id, owner_id, name) VALUES (in_thread, in_owner, in_name)
    ON CONFLICT DO NOTHING;
  END LOOP;
  RAISE insufficient_privilege USING MESSAGE = 'the thread is somebody else''s';
END
$$;

CREATE FUNCTION arraigo.langgraph_put(
  in_thread uuid, in_owner uuid, in_name text, in_namespace text, in_id text, in_parent text,
  in_type text, in_body bytea, in_metadata jsonb, in_pieces uuid[],
  in_ids uuid[], in_types text[], in_bodies bytea[], in_children text[]
) RETURNS uuid[] LANGUAGE plpgsql AS $$
-- Keeps a checkpoint with these pieces of it; the children that are neither among them nor there already, and then
-- nothing is kept. Safe to repeat.
DECLARE
  missing uuid[];
BEGIN
  PERFORM arraigo.langgraph_thread(in_thread, in_owner, in_name);
  missing := ARRAY(
    SELECT DISTINCT child FROM unnest(in_children) AS list, unnest(list::uuid[]) AS child
     WHERE child <> ALL (in_ids)
       AND NOT EXISTS (SELECT FROM arraigo.langgraph_pieces p WHERE p.thread_id = in_thread AND p.id = child));
  IF missing = '{}' THEN
    -- In one order, so that two calls cannot wait for each other.
    INSERT INTO arraigo.langgraph_pieces (thread_id, id, owner_id, type, body, children)
    SELECT in_thread, u.id, in_owner, u.type, u.body, u.children::uuid[]
      FROM unnest(in_ids, in_types, in_bodies, in_children) AS u (id, type, body, children) ORDER BY u.id
    ON CONFLICT DO NOTHING;
    INSERT INTO arraigo.langgraph_checkpoints
           (thread_id, namespace, id, owner_id, parent_id, type, body, metadata, pieces)
    VALUES (in_thread, in_namespace, in_id, in_owner, in_parent, in_type, in_body, in_metadata, in_pieces)
    ON CONFLICT (thread_id, namespace, id) DO UPDATE
       SET type = excluded.type, body = excluded.body, metadata = excluded.metadata, pieces = excluded.pieces;
  END IF;
  RETURN missing;
END
$$;

CREATE FUNCTION arraigo.langgraph_sweep(in_thread uuid) RETURNS void LANGUAGE sql AS $$
  -- Deletes the pieces that no checkpoint leads to any more. The caller has locked the thread, so that nobody can rely
  -- on one of them meanwhile.
  WITH RECURSIVE live (id) AS (
    SELECT unnest(c.pieces) FROM arraigo.langgraph_checkpoints c WHERE c.thread_id = in_thread
    UNION
    SELECT unnest(p.children) FROM live JOIN arraigo.langgraph_pieces p ON p.thread_id = in_thread AND p.id = live.id
  )
  DELETE FROM arraigo.langgraph_pieces p
   WHERE p.thread_id = in_thread AND NOT EXISTS (SELECT FROM live WHERE live.id = p.id)
$$;

CREATE FUNCTION arraigo.langgraph_keep(
  in_thread uuid, in_newest text[], in_namespaces text[], in_ids text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
-- Deletes all checkpoints of a thread but these, with what was written on top of them; writes whose checkpoint is yet
-- to come stay. False, and nothing is deleted, when the newest ones (a namespace and an id each) are others by now.
BEGIN
  PERFORM FROM arraigo.langgraph_threads t WHERE t.id = in_thread FOR UPDATE;
  IF in_newest IS DISTINCT FROM ARRAY(
    SELECT unnest(ARRAY[n.namespace, n.id]) FROM (
      SELECT c.namespace::text, max(c.id::text COLLATE "C") AS id FROM arraigo.langgraph_checkpoints c
       WHERE c.thread_id = in_thread GROUP BY c.namespace ORDER BY c.namespace COLLATE "C") AS n)
  THEN
    RETURN false;
  END IF;
  WITH kept AS (
    SELECT namespace, id FROM unnest(in_namespaces, in_ids) AS u (namespace, id)
  ), gone AS (
    DELETE FROM arraigo.langgraph_checkpoints c
     WHERE c.thread_id = in_thread
       AND NOT EXISTS (SELECT FROM kept WHERE kept.namespace = c.namespace AND kept.id = c.id)
    RETURNING c.namespace, c.id
  ), orphans AS (
    UPDATE arraigo.langgraph_checkpoints c SET parent_id = NULL FROM kept, gone
     WHERE c.thread_id = in_thread AND c.namespace = kept.namespace AND c.id = kept.id
       AND c.namespace = gone.namespace AND c.parent_id = gone.id
  )
  DELETE FROM arraigo.langgraph_writes w USING gone
   WHERE w.thread_id = in_thread AND w.namespace = gone.namespace
     AND (w.checkpoint_id = gone.id OR w.namespace <> ALL (in_namespaces));
  PERFORM arraigo.langgraph_sweep(in_thread);
  RETURN true;
END
$$;

CREATE FUNCTION arraigo.langgraph_forget_runs(in_owner uuid, in_runs text[]) RETURNS text[] LANGUAGE plpgsql AS $$
-- Deletes the checkpoints of these runs in all threads of an owner, with what was written on top of them. Where a later
-- checkpoint is rebuilt from one of them (a DeltaChannel keeps changes), nothing is deleted: the names of those threads.
DECLARE
  concerned uuid[];
  needed text[];
BEGIN
  concerned := ARRAY(
    SELECT DISTINCT c.thread_id FROM arraigo.langgraph_threads t
      JOIN arraigo.langgraph_checkpoints c ON c.thread_id = t.id
     WHERE t.owner_id = in_owner AND c.metadata ->> 'run_id' = ANY (in_runs));
  PERFORM FROM arraigo.langgraph_threads t WHERE t.id = ANY (concerned) ORDER BY t.id FOR UPDATE;
  needed := ARRAY(
    SELECT DISTINCT t.name::text FROM arraigo.langgraph_threads t
      JOIN arraigo.langgraph_checkpoints gone ON gone.thread_id = t.id
      JOIN arraigo.langgraph_checkpoints later
        ON later.thread_id = t.id AND later.namespace = gone.namespace AND later.parent_id = gone.id
     WHERE t.id = ANY (concerned) AND gone.metadata ->> 'run_id' = ANY (in_runs)
       AND (later.metadata ->> 'run_id' = ANY (in_runs)) IS NOT TRUE
       AND later.metadata ? 'counters_since_delta_snapshot');
  IF needed = '{}' THEN
    WITH gone AS (
      DELETE FROM arraigo.langgraph_checkpoints c
       WHERE c.thread_id = ANY (concerned) AND c.metadata ->> 'run_id' = ANY (in_runs)
      RETURNING c.thread_id, c.namespace, c.id
    ), orphans AS (
      UPDATE arraigo.langgraph_checkpoints c SET parent_id = NULL FROM gone
       WHERE c.thread_id = gone.thread_id AND c.namespace = gone.namespace AND c.parent_id = gone.id
         AND (c.metadata ->> 'run_id' = ANY (in_runs)) IS NOT TRUE
    )
    DELETE FROM arraigo.langgraph_writes w USING gone
     WHERE w.thread_id = gone.thread_id AND w.namespace = gone.namespace AND w.checkpoint_id = gone.id;
    PERFORM arraigo.langgraph_sweep(thread) FROM unnest(concerned) AS thread;
  END IF;
  RETURN needed;
END
$$;

CREATE FUNCTION arraigo.langgraph_matches(in_value jsonb, in_filter jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
-- Whether every condition holds: a value that the field has, an object of conditions on the field's own fields, or
-- comparisons, {"$gt": 3}. A field that is not there is null. Numbers are compared with numbers, texts with texts.
DECLARE
  name text;
  wanted jsonb;
  found jsonb;
  sign text;
  bound jsonb;
BEGIN
  FOR name, wanted IN SELECT * FROM jsonb_each(in_filter) LOOP
    found := coalesce(in_value -> name, 'null');
    IF jsonb_typeof(wanted) <> 'object' THEN
      CONTINUE WHEN found = wanted;
      RETURN false;
    ELSIF NOT EXISTS (SELECT FROM jsonb_object_keys(wanted) AS key WHERE key LIKE '$%') THEN
      CONTINUE WHEN jsonb_typeof(found) = 'object' AND arraigo.langgraph_matches(found, wanted);
      RETURN false;
    END IF;
    FOR sign, bound IN SELECT * FROM jsonb_each(wanted) LOOP
      IF sign = '$eq' OR sign = '$ne' THEN
        CONTINUE WHEN (found = bound) = (sign = '$eq');
        RETURN false;
      END IF;
      CONTINUE WHEN jsonb_typeof(found) = 'number' AND jsonb_typeof(bound) = 'number' AND CASE sign
        WHEN '$gt' THEN found > bound WHEN '$gte' THEN found >= bound
        WHEN '$lt' THEN found < bound WHEN '$lte' THEN found <= bound END;
      CONTINUE WHEN jsonb_typeof(found) = 'string' AND jsonb_typeof(bound) = 'string' AND CASE sign
        WHEN '$gt' THEN (found #>> '{}') COLLATE "C" > (bound #>> '{}')
        WHEN '$gte' THEN (found #>> '{}') COLLATE "C" >= (bound #>> '{}')
        WHEN '$lt' THEN (found #>> '{}') COLLATE "C" < (bound #>> '{}')
        WHEN '$lte' THEN (found #>> '{}') COLLATE "C" <= (bound #>> '{}') END;
      RETURN false;
    END LOOP;
  END LOOP;
  RETURN true;
END
$$;

CREATE FUNCTION arraigo.sweep_langgraph_items(in_limit int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Deletes what has expired, of all users, as arraigo.sweep_states does.
  WITH expired AS MATERIALIZED (
    SELECT i.owner_id, i.namespace, i.key FROM arraigo.langgraph_items i
     WHERE i.expires_at <= now() ORDER BY i.expires_at LIMIT in_limit FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM arraigo.langgraph_items i USING expired e
     WHERE i.owner_id = e.owner_id AND i.namespace = e.namespace AND i.key = e.key
    RETURNING i.key
  )
  SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION arraigo.langgraph_thread, arraigo.langgraph_put, arraigo.langgraph_sweep, arraigo.langgraph_keep,
  arraigo.langgraph_forget_runs, arraigo.langgraph_matches, arraigo.sweep_langgraph_items FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.langgraph_thread, arraigo.langgraph_put, arraigo.langgraph_sweep,
  arraigo.langgraph_keep, arraigo.langgraph_forget_runs, arraigo.langgraph_matches, arraigo.sweep_langgraph_items
  TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (name) ON arraigo.langgraph_threads TO arraigo_app;
GRANT SELECT, INSERT, DELETE ON arraigo.langgraph_pieces TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (parent_id, type, body, metadata, pieces) ON arraigo.langgraph_checkpoints
  TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (channel, type, body) ON arraigo.langgraph_writes TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (value, ttl, expires_at, updated_at) ON arraigo.langgraph_items TO arraigo_app;
