-- name: put_part
-- No row where there is no such conversation.
INSERT INTO arraigo.chainlit_parts AS p (conversation_id, kind, id, owner_id, step_id, value)
SELECT c.id, :kind, :part, c.owner_id, :step, :value FROM arraigo.conversations c WHERE c.id = :id
ON CONFLICT (conversation_id, kind, id) DO UPDATE SET step_id = excluded.step_id, value = excluded.value
RETURNING conversation_id

-- name: parts
SELECT kind, id, step_id, value, created_at FROM arraigo.chainlit_parts
 WHERE conversation_id = :id ORDER BY created_at, id

-- name: one_part
SELECT kind, id, step_id, value, created_at FROM arraigo.chainlit_parts
 WHERE conversation_id = :id AND kind = :kind AND id = :part

-- name: delete_part
-- In one conversation, or wherever it is.
DELETE FROM arraigo.chainlit_parts
 WHERE owner_id = :owner AND kind = :kind AND id = :part
   AND (:id::uuid IS NULL OR conversation_id = :id)
RETURNING kind, id, step_id, value, created_at

-- name: delete_parts_of_step
DELETE FROM arraigo.chainlit_parts
 WHERE conversation_id = :id
   AND (step_id = :step OR (kind IN ('run', 'step', 'favorite') AND id = :step))
RETURNING kind, id, step_id, value, created_at

-- name: thread_of_step
-- By the step alone: through the owner's threads, each looked into by index.
SELECT c.id FROM arraigo.conversations c
 WHERE c.owner_id = :owner AND c.metadata ? 'chainlit'
   AND (EXISTS (SELECT FROM arraigo.messages m WHERE m.conversation_id = c.id AND m.id = :message AND m.deleted_at IS NULL)
        OR EXISTS (SELECT FROM arraigo.chainlit_parts p
                    WHERE p.conversation_id = c.id AND p.kind = 'run' AND p.id = :step))
 LIMIT 1

-- name: favorites
SELECT c.external_id, s.value, m.id, m.sequence_number, m.role, m.content, m.metadata, m.created_at, m.edited_at,
       m.deleted_at
  FROM arraigo.chainlit_parts f
  JOIN arraigo.conversations c ON c.id = f.conversation_id
  JOIN arraigo.messages m ON m.conversation_id = f.conversation_id AND m.id = (f.value->>'message')::uuid
  LEFT JOIN arraigo.chainlit_parts s ON s.conversation_id = f.conversation_id AND s.kind = 'step' AND s.id = f.id
 WHERE f.owner_id = :owner AND f.kind = 'favorite' AND m.deleted_at IS NULL
 ORDER BY f.created_at DESC, f.id LIMIT 1000

-- name: threads
-- The newest activity first. A search looks for a title or a message that has the words, whatever their case.
SELECT c.id, c.external_id, c.title, c.metadata, c.created_at, c.activity_at, c.updated_at
  FROM arraigo.conversations c
 WHERE c.owner_id = :owner AND c.metadata ? 'chainlit'
   AND (:search::text IS NULL OR strpos(lower(c.title), lower(:search)) > 0
        OR EXISTS (SELECT FROM arraigo.messages m
                    WHERE m.conversation_id = c.id AND m.owner_id = :owner AND m.deleted_at IS NULL
                      AND strpos(lower(m.content), lower(:search)) > 0))
   AND (:feedback::int IS NULL
        OR EXISTS (SELECT FROM arraigo.chainlit_parts p
                    WHERE p.conversation_id = c.id AND p.kind = 'feedback' AND (p.value->>'value')::numeric = :feedback))
   AND (:after_activity::timestamptz IS NULL
        OR (c.activity_at, c.updated_at, c.id) < (:after_activity, :after_update, :after_id))
 ORDER BY c.activity_at DESC, c.updated_at DESC, c.id DESC LIMIT :limit
