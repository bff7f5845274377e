-- name: create_session
INSERT INTO arraigo.conversations (id, owner_id, title, metadata, external_id)
VALUES (:id, :owner, :title, :metadata, :external_id)
ON CONFLICT (id) DO NOTHING RETURNING id

-- name: first_states
-- In the transaction of create_session and behind it: only where that made the session.
SELECT arraigo.set_states(:owners, :namespaces, :keys, :values)
  FROM arraigo.conversations WHERE id = :id AND metadata->'adk'->>'states' = :states

-- name: append_event
SELECT outcome, number, now()
  FROM arraigo.append_with_states(:owner, :id, :expected, :event, :role, :content, :metadata, :information,
                                  :owners, :namespaces, :keys, :values)

-- name: session
SELECT metadata->'adk', metadata->'adk_updated', last_sequence
  FROM arraigo.conversations WHERE id = :id AND metadata ? 'adk'

-- name: sessions
SELECT metadata->'adk', metadata->'adk_updated', last_sequence
  FROM arraigo.conversations WHERE owner_id = :owner AND metadata->'adk'->>'app' = :app

-- name: events
-- The newest first; what others have written into the conversation too.
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner AND deleted_at IS NULL
   AND (:after::float8 IS NULL
        OR coalesce((metadata->'adk'->>'timestamp')::float8, extract(epoch FROM created_at)) >= :after)
 ORDER BY sequence_number DESC LIMIT :limit::bigint

-- name: states_of_session
SELECT namespace, key, value FROM arraigo.states
 WHERE user_id = :owner AND (expires_at IS NULL OR expires_at > now())
   AND namespace IN (:user_states, (SELECT metadata->'adk'->>'states' FROM arraigo.conversations WHERE id = :id))

-- name: states_of_sessions
SELECT namespace, key, value FROM arraigo.states
 WHERE user_id = :owner AND (expires_at IS NULL OR expires_at > now())
   AND (namespace = :user_states
        OR namespace IN (SELECT metadata->'adk'->>'states' FROM arraigo.conversations
                          WHERE owner_id = :owner AND metadata->'adk'->>'app' = :app))

-- name: states
SELECT namespace, key, value FROM arraigo.states
 WHERE user_id = :owner AND (expires_at IS NULL OR expires_at > now()) AND namespace = :namespace
