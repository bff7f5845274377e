-- name: thread
SELECT arraigo.langgraph_thread(:thread, :owner, :name)

-- name: put
SELECT arraigo.langgraph_put(:thread, :owner, :name, :namespace, :id, :parent, :type, :body, :metadata, :pieces,
                             :ids, :types, :bodies, :children)

-- name: add_writes
INSERT INTO arraigo.langgraph_writes
       (thread_id, namespace, checkpoint_id, task_id, place, owner_id, task_path, channel, type, body)
SELECT :thread, :namespace, :id, :task, u.place, :owner, :path, u.channel, u.type, u.body
  FROM unnest(:places::int[], :channels::text[], :types::text[], :bodies::bytea[]) AS u (place, channel, type, body)
ON CONFLICT DO NOTHING

-- name: replace_writes
INSERT INTO arraigo.langgraph_writes
       (thread_id, namespace, checkpoint_id, task_id, place, owner_id, task_path, channel, type, body)
SELECT :thread, :namespace, :id, :task, u.place, :owner, :path, u.channel, u.type, u.body
  FROM unnest(:places::int[], :channels::text[], :types::text[], :bodies::bytea[]) AS u (place, channel, type, body)
ON CONFLICT (thread_id, namespace, checkpoint_id, task_id, place) DO UPDATE
   SET channel = excluded.channel, type = excluded.type, body = excluded.body

-- name: newest_checkpoint
-- The newest one, or the one with that id, of one moment with all that belongs to it: rows of three kinds. The owner
-- stands beside the policy, which is then checked once and not at every row (docs/decisions/0005).
WITH RECURSIVE chosen AS MATERIALIZED (
  SELECT c.thread_id, c.namespace, c.id, c.parent_id, c.type, c.body, c.metadata, c.pieces
    FROM arraigo.langgraph_checkpoints c
   WHERE c.thread_id = :thread AND c.owner_id = :owner AND c.namespace = :namespace
     AND c.id BETWEEN coalesce(:id, '') AND coalesce(:id, chr(1114111))
   ORDER BY c.id DESC LIMIT 1
), live (id) AS (
  SELECT unnest(chosen.pieces) FROM chosen
  UNION
  SELECT unnest(p.children) FROM live
    JOIN arraigo.langgraph_pieces p ON p.thread_id = :thread AND p.owner_id = :owner AND p.id = live.id
)
SELECT 'checkpoint', thread_id, namespace::text, id::text, parent_id::text, type, body, metadata,
       NULL::uuid, NULL::uuid[], NULL::text, NULL::text, NULL::int, NULL::text
  FROM chosen
UNION ALL
SELECT 'piece', p.thread_id, NULL, NULL, NULL, p.type, p.body, NULL, p.id, p.children, NULL, NULL, NULL, NULL
  FROM live JOIN arraigo.langgraph_pieces p ON p.thread_id = :thread AND p.owner_id = :owner AND p.id = live.id
UNION ALL
SELECT 'write', w.thread_id, w.namespace, w.checkpoint_id, NULL, w.type, w.body, NULL, NULL, NULL,
       w.task_id, w.task_path, w.place, w.channel
  FROM chosen JOIN arraigo.langgraph_writes w
    ON w.thread_id = chosen.thread_id AND w.owner_id = :owner AND w.namespace = chosen.namespace
   AND w.checkpoint_id = chosen.id

-- name: list_checkpoints
-- The same for many, of some threads, the newest first; a piece that several share comes once.
WITH RECURSIVE chosen AS MATERIALIZED (
  SELECT c.thread_id, c.namespace, c.id, c.parent_id, c.type, c.body, c.metadata, c.pieces
    FROM arraigo.langgraph_checkpoints c
   WHERE c.thread_id = ANY (:threads) AND c.owner_id = :owner
     AND (:namespace::text IS NULL OR c.namespace = :namespace)
     AND c.id BETWEEN coalesce(:id, '') AND coalesce(:id, chr(1114111))
     AND (:before::text IS NULL OR c.id < :before)
     AND (:after_id::text IS NULL
          OR (c.id, c.namespace::text, c.thread_id) < (:after_id, :after_namespace, :after_thread::uuid))
     AND c.metadata @> :filter
   ORDER BY c.id DESC, c.namespace DESC, c.thread_id DESC LIMIT :limit
), live (thread_id, id) AS (
  SELECT chosen.thread_id, unnest(chosen.pieces) FROM chosen
  UNION
  SELECT p.thread_id, unnest(p.children) FROM live
    JOIN arraigo.langgraph_pieces p ON p.thread_id = live.thread_id AND p.owner_id = :owner AND p.id = live.id
)
SELECT 'checkpoint', thread_id, namespace::text, id::text, parent_id::text, type, body, metadata,
       NULL::uuid, NULL::uuid[], NULL::text, NULL::text, NULL::int, NULL::text
  FROM chosen
UNION ALL
SELECT 'piece', p.thread_id, NULL, NULL, NULL, p.type, p.body, NULL, p.id, p.children, NULL, NULL, NULL, NULL
  FROM live JOIN arraigo.langgraph_pieces p
    ON p.thread_id = live.thread_id AND p.owner_id = :owner AND p.id = live.id
UNION ALL
SELECT 'write', w.thread_id, w.namespace, w.checkpoint_id, NULL, w.type, w.body, NULL, NULL, NULL,
       w.task_id, w.task_path, w.place, w.channel
  FROM chosen JOIN arraigo.langgraph_writes w
    ON w.thread_id = chosen.thread_id AND w.owner_id = :owner AND w.namespace = chosen.namespace
   AND w.checkpoint_id = chosen.id

-- name: list_threads
SELECT id, name::text FROM arraigo.langgraph_threads WHERE owner_id = :owner

-- name: ancestors
-- A checkpoint and those before it, itself first, with which of their pieces are there.
WITH RECURSIVE chain (id, parent_id, type, body, pieces, distance) AS (
  SELECT c.id::text, c.parent_id::text, c.type, c.body, c.pieces, 1
    FROM arraigo.langgraph_checkpoints c
   WHERE c.thread_id = :thread AND c.owner_id = :owner AND c.namespace = :namespace AND c.id = :id
  UNION ALL
  SELECT c.id::text, c.parent_id::text, c.type, c.body, c.pieces, chain.distance + 1
    FROM chain JOIN arraigo.langgraph_checkpoints c
      ON c.thread_id = :thread AND c.owner_id = :owner AND c.namespace = :namespace AND c.id = chain.parent_id
   WHERE chain.distance < :most
)
SELECT chain.id, chain.parent_id, chain.type, chain.body,
       ARRAY(SELECT p.id FROM arraigo.langgraph_pieces p
              WHERE p.thread_id = :thread AND p.owner_id = :owner AND p.id = ANY (chain.pieces))
  FROM chain ORDER BY chain.distance

-- name: pieces
WITH RECURSIVE live (id) AS (
  SELECT unnest(:ids::uuid[])
  UNION
  SELECT unnest(p.children) FROM live
    JOIN arraigo.langgraph_pieces p ON p.thread_id = :thread AND p.owner_id = :owner AND p.id = live.id
)
SELECT p.id, p.type, p.body, p.children
  FROM live JOIN arraigo.langgraph_pieces p ON p.thread_id = :thread AND p.owner_id = :owner AND p.id = live.id

-- name: writes
SELECT checkpoint_id::text, task_id::text, task_path, place, channel, type, body
  FROM arraigo.langgraph_writes
 WHERE thread_id = :thread AND owner_id = :owner AND namespace = :namespace AND checkpoint_id = ANY (:ids)
   AND channel = ANY (:channels)

-- name: delete_threads
DELETE FROM arraigo.langgraph_threads WHERE id = ANY (:threads) AND owner_id = :owner

-- name: forget_runs
SELECT arraigo.langgraph_forget_runs(:owner, :runs)

-- name: newest_checkpoints
-- Of every namespace of a thread the newest one, and whether the one of the whole graph that it was begun under is there.
SELECT c.namespace::text, c.id::text, c.metadata,
       EXISTS (SELECT FROM arraigo.langgraph_checkpoints root
                WHERE root.thread_id = :thread AND root.owner_id = :owner AND root.namespace = ''
                  AND root.id = c.metadata -> 'parents' ->> '')
  FROM (SELECT DISTINCT ON (c.namespace) c.namespace, c.id, c.metadata FROM arraigo.langgraph_checkpoints c
         WHERE c.thread_id = :thread AND c.owner_id = :owner ORDER BY c.namespace DESC, c.id DESC) AS c
 ORDER BY c.namespace

-- name: keep
SELECT arraigo.langgraph_keep(:thread, :newest, :namespaces, :ids)

-- name: copy_checkpoints
INSERT INTO arraigo.langgraph_checkpoints (thread_id, namespace, id, owner_id, parent_id, type, body, metadata, pieces)
SELECT :target, namespace, id, owner_id, parent_id, type, body, metadata, pieces
  FROM arraigo.langgraph_checkpoints WHERE thread_id = :thread AND owner_id = :owner
ON CONFLICT DO NOTHING

-- name: copy_writes
INSERT INTO arraigo.langgraph_writes
       (thread_id, namespace, checkpoint_id, task_id, place, owner_id, task_path, channel, type, body)
SELECT :target, namespace, checkpoint_id, task_id, place, owner_id, task_path, channel, type, body
  FROM arraigo.langgraph_writes WHERE thread_id = :thread AND owner_id = :owner
ON CONFLICT DO NOTHING

-- name: copy_pieces
-- After the checkpoints: so that all pieces of those are there to be copied.
INSERT INTO arraigo.langgraph_pieces (thread_id, id, owner_id, type, body, children)
SELECT :target, id, owner_id, type, body, children
  FROM arraigo.langgraph_pieces WHERE thread_id = :thread AND owner_id = :owner ORDER BY id
ON CONFLICT DO NOTHING

-- name: get_item
SELECT namespace::text, key::text, value, created_at, updated_at
  FROM arraigo.langgraph_items
 WHERE owner_id = :owner AND namespace = :namespace AND key = :key
   AND (NOT :live::boolean OR expires_at IS NULL OR expires_at > now())

-- name: use_item
-- What has a time to live lives that long from now on.
UPDATE arraigo.langgraph_items SET expires_at = now() + ttl * interval '1 minute'
 WHERE owner_id = :owner AND namespace = :namespace AND key = :key AND ttl IS NOT NULL
   AND (NOT :live::boolean OR expires_at > now())

-- name: search_items
-- Those of a namespace and of all below it, the last changed first; what has a time to live lives that long from now on.
WITH found AS MATERIALIZED (
  SELECT namespace, key, value, created_at, updated_at
    FROM arraigo.langgraph_items
   WHERE owner_id = :owner AND namespace >= :low AND namespace < :high
     AND (:namespace = '' OR namespace = :namespace OR starts_with(namespace, :namespace || '.'))
     AND (NOT :live::boolean OR expires_at IS NULL OR expires_at > now())
     AND (:filter::jsonb = '{}' OR arraigo.langgraph_matches(value, :filter))
   ORDER BY updated_at DESC, namespace, key LIMIT :limit OFFSET :offset
), used AS (
  UPDATE arraigo.langgraph_items i SET expires_at = now() + i.ttl * interval '1 minute' FROM found
   WHERE i.owner_id = :owner AND i.namespace = found.namespace AND i.key = found.key AND i.ttl IS NOT NULL
     AND :refresh::boolean
)
SELECT namespace::text, key::text, value, created_at, updated_at FROM found ORDER BY updated_at DESC, namespace, key

-- name: list_namespaces
-- A condition is {"match": "prefix" or "suffix", "path": […]}, where "*" is any label.
WITH known AS (
  SELECT DISTINCT string_to_array(namespace, '.') AS labels FROM arraigo.langgraph_items
   WHERE owner_id = :owner AND (NOT :live::boolean OR expires_at IS NULL OR expires_at > now())
)
SELECT DISTINCT labels[1 : coalesce(:depth::int, cardinality(labels))] AS path FROM known
 WHERE NOT EXISTS (
   SELECT FROM jsonb_array_elements(:conditions::jsonb -> 'all') AS condition,
               jsonb_array_length(condition -> 'path') AS length
    WHERE cardinality(labels) < length
       OR EXISTS (
         SELECT FROM jsonb_array_elements_text(condition -> 'path') WITH ORDINALITY AS wanted (label, place)
          WHERE label <> '*'
            AND label <> labels[place::int + CASE condition ->> 'match' WHEN 'suffix' THEN cardinality(labels) - length
                                                                       ELSE 0 END]))
 ORDER BY path LIMIT :limit OFFSET :offset

-- name: put_item
INSERT INTO arraigo.langgraph_items (owner_id, namespace, key, value, ttl, expires_at)
VALUES (:owner, :namespace, :key, :value, :ttl, now() + :ttl::float8 * interval '1 minute')
ON CONFLICT (owner_id, namespace, key) DO UPDATE
   SET value = excluded.value, ttl = excluded.ttl, expires_at = excluded.expires_at, updated_at = now()

-- name: delete_item
DELETE FROM arraigo.langgraph_items WHERE owner_id = :owner AND namespace = :namespace AND key = :key

-- name: sweep_items
WITH gone AS (DELETE FROM arraigo.langgraph_items WHERE owner_id = :owner AND expires_at <= now() RETURNING 1)
SELECT count(*) FROM gone
