-- name: export_by_id
SELECT id, conversation_id, test_plan_id, format, include_metadata, status, error, document_id, filename, file_size,
       created_at, expires_at
  FROM arraigo.plan_exports WHERE id = :id AND owner_id = :owner

-- name: add_export
-- With what is to be done about it, where nobody does it at once.
WITH made AS (
  INSERT INTO arraigo.plan_exports (conversation_id, id, test_plan_id, owner_id, format, include_metadata, filename,
         created_by, expires_at)
  SELECT p.conversation_id, :id, p.id, p.owner_id, :format, :include_metadata, :filename, p.owner_id,
         now() + :seconds * interval '1 second'
    FROM arraigo.test_plans p WHERE p.id = :plan AND p.owner_id = :owner
  RETURNING conversation_id, id, owner_id
)
INSERT INTO arraigo.plan_work (conversation_id, id, owner_id, kind, claimed_until)
SELECT conversation_id, id, owner_id, 'export', now() + :claimed * interval '1 second' FROM made
RETURNING id

-- name: finish_export
-- Of two that were at it the first one counts.
UPDATE arraigo.plan_exports
   SET status = CASE WHEN :error::text IS NULL THEN 'ready' ELSE 'failed' END, error = :error, document_id = :document,
       filename = coalesce(:filename, filename), file_size = :size
 WHERE id = :id AND owner_id = :owner AND status = 'pending'
RETURNING id

-- name: finish_work
DELETE FROM arraigo.plan_work WHERE conversation_id = :conversation AND id = :id

-- name: claim_work
SELECT conversation_id, id, owner_id, kind, attempts FROM arraigo.claim_plan_work(:seconds)

-- name: hold_work
UPDATE arraigo.plan_work SET claimed_until = now() + :seconds * interval '1 second'
 WHERE conversation_id = :conversation AND id = :id

-- name: fail_document
UPDATE arraigo.documents
   SET processing_status = 'failed', processing_error = :reason, extracted_content = NULL, processed_at = NULL
 WHERE conversation_id = :conversation AND id = :id AND processing_status = 'pending'

-- name: release_work
-- It was not tried to its end.
UPDATE arraigo.plan_work SET claimed_until = 'epoch', attempts = attempts - 1
 WHERE conversation_id = :conversation AND id = :id

-- name: keep_requirements
-- Sets the identity itself; safe to repeat, since a document is processed once.
SELECT arraigo.keep_requirements(:owner, :conversation, :document, :text, :found)

-- name: sweep_exports
SELECT arraigo.sweep_exports(:limit)
