-- name: installation
SELECT id_key FROM arraigo.installation

-- name: isolation
-- Whether row-level security binds whoever runs this.
SELECT row_security_active('arraigo.messages') AND row_security_active('arraigo.conversations')

-- name: ping
SELECT 1

-- name: schema_version
SELECT version_num FROM arraigo.schema_version

-- name: sign_in
SELECT user_id, is_active FROM arraigo.ensure_user(:provider, :subject, :username, :email, :full_name)

-- name: create_conversation
INSERT INTO arraigo.conversations
       (id, owner_id, project_id, kind, title, language, settings, metadata, external_id)
VALUES (:id, :owner, :project, :kind, :title, :language, :settings, :metadata, :external_id)
ON CONFLICT (id) DO NOTHING
RETURNING id, owner_id, project_id, kind, title, status, language, settings, metadata, external_id, last_sequence,
          created_at, updated_at, activity_at, completed_at

-- name: conversation_by_id
SELECT id, owner_id, project_id, kind, title, status, language, settings, metadata, external_id, last_sequence,
       created_at, updated_at, activity_at, completed_at
  FROM arraigo.conversations WHERE id = :id

-- name: list_conversations
SELECT id, owner_id, project_id, kind, title, status, language, settings, metadata, external_id, last_sequence,
       created_at, updated_at, activity_at, completed_at
  FROM arraigo.conversations
 WHERE (:kind::text IS NULL OR kind = :kind) AND (:status::text IS NULL OR status = :status)
 ORDER BY activity_at DESC, id DESC LIMIT :limit

-- name: list_conversations_after
SELECT id, owner_id, project_id, kind, title, status, language, settings, metadata, external_id, last_sequence,
       created_at, updated_at, activity_at, completed_at
  FROM arraigo.conversations
 WHERE (:kind::text IS NULL OR kind = :kind) AND (:status::text IS NULL OR status = :status)
   AND (activity_at, id) < (:activity, :id)
 ORDER BY activity_at DESC, id DESC LIMIT :limit

-- name: count_conversations
SELECT count(*) FROM arraigo.conversations
 WHERE (:kind::text IS NULL OR kind = :kind) AND (:status::text IS NULL OR status = :status)

-- name: update_conversation
UPDATE arraigo.conversations
   SET title = CASE WHEN 'title' = ANY (:changed) THEN :title ELSE title END,
       status = CASE WHEN 'status' = ANY (:changed) THEN :status ELSE status END,
       language = CASE WHEN 'language' = ANY (:changed) THEN :language ELSE language END,
       settings = CASE WHEN 'settings' = ANY (:changed) THEN :settings::jsonb ELSE settings END,
       metadata = CASE WHEN 'metadata' = ANY (:changed) THEN :metadata::jsonb ELSE metadata END,
       project_id = CASE WHEN 'project_id' = ANY (:changed) THEN :project_id::uuid ELSE project_id END,
       completed_at = CASE WHEN NOT 'status' = ANY (:changed) THEN completed_at
                           WHEN :status = 'completed' THEN coalesce(completed_at, now()) END,
       activity_at = date_trunc('minute', now())
 WHERE id = :id
RETURNING id, owner_id, project_id, kind, title, status, language, settings, metadata, external_id, last_sequence,
          created_at, updated_at, activity_at, completed_at

-- name: delete_conversation
DELETE FROM arraigo.conversations WHERE id = :id RETURNING id

-- name: access
SELECT arraigo.access(:kind, :id)::text

-- name: append_one
-- The quick way for a message that is new; sets the identity itself.
SELECT arraigo.append_one(:owner, :conversation, :id, :role, :content, :metadata), now()

-- name: append
-- Sets the identity of each item's owner itself; safe to repeat, since every message brings its id.
SELECT outcomes, numbers, times
  FROM arraigo.append(:owners, :conversations, :ids, :roles, :contents, :metadata, :wait)

-- name: last_messages
-- The newest first. With the owner beside it, the policy is checked once instead of at every row: the server sees that
-- both say the same of owner_id (docs/decisions/0005).
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner
 ORDER BY sequence_number DESC LIMIT :limit

-- name: messages_after
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner AND sequence_number > :after
 ORDER BY sequence_number LIMIT :limit

-- name: messages_of_many
SELECT c.id, m.id, m.sequence_number, m.role, m.content, m.metadata, m.created_at, m.edited_at, m.deleted_at
  FROM unnest(:ids::uuid[]) AS c (id) CROSS JOIN LATERAL (
         SELECT * FROM arraigo.messages
          WHERE conversation_id = c.id AND owner_id = :owner ORDER BY sequence_number LIMIT :limit) AS m

-- name: edit_message
UPDATE arraigo.messages
   SET content = :content, metadata = CASE WHEN :set_metadata THEN :metadata::jsonb ELSE metadata END
 WHERE conversation_id = :id AND sequence_number = :number AND deleted_at IS NULL
   AND EXISTS (SELECT FROM arraigo.conversations c WHERE c.id = :id AND NOT c.guarded)
RETURNING id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at

-- name: delete_message
UPDATE arraigo.messages SET deleted_at = now()
 WHERE conversation_id = :id AND sequence_number = :number AND deleted_at IS NULL
   AND EXISTS (SELECT FROM arraigo.conversations c WHERE c.id = :id AND NOT c.guarded)
RETURNING id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at

-- name: one_message
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages WHERE conversation_id = :id AND sequence_number = :number

-- name: message_by_id
SELECT id, sequence_number, role, content, metadata, created_at, edited_at, deleted_at
  FROM arraigo.messages WHERE conversation_id = :id AND id = :message

-- name: is_guarded
SELECT guarded FROM arraigo.conversations WHERE id = :id

-- name: revisions
SELECT revision, content, metadata, replaced_at FROM arraigo.message_revisions
 WHERE conversation_id = :id AND sequence_number = :number ORDER BY revision

-- name: create_project
INSERT INTO arraigo.projects (id, name, description, context, created_by, case_fields)
VALUES (:id, :name, :description, :context, :owner, :case_fields)
RETURNING id, name, description, context, is_active, case_fields, created_at, updated_at

-- name: list_projects
SELECT id, name, description, context, is_active, case_fields, created_at, updated_at
  FROM arraigo.projects WHERE is_active OR :all ORDER BY name, id LIMIT :limit

-- name: project_by_id
SELECT id, name, description, context, is_active, case_fields, created_at, updated_at
  FROM arraigo.projects WHERE id = :id

-- name: state_entry
SELECT namespace, key, value, version, expires_at, created_at, updated_at
  FROM arraigo.states
 WHERE user_id = :owner AND namespace = :namespace AND key = :key AND (expires_at IS NULL OR expires_at > now())

-- name: set_state
-- What has expired is made anew, though its row may still be there.
INSERT INTO arraigo.states AS s (user_id, namespace, key, value, expires_at)
VALUES (:owner, :namespace, :key, :value, now() + :ttl::float8 * interval '1 second')
ON CONFLICT (user_id, namespace, key) DO UPDATE
   SET value = excluded.value, expires_at = excluded.expires_at, version = s.version + 1,
       created_at = CASE WHEN s.expires_at <= now() THEN excluded.created_at ELSE s.created_at END
RETURNING namespace, key, value, version, expires_at, created_at, updated_at

-- name: add_state
-- The same, where there is none.
INSERT INTO arraigo.states AS s (user_id, namespace, key, value, expires_at)
VALUES (:owner, :namespace, :key, :value, now() + :ttl::float8 * interval '1 second')
ON CONFLICT (user_id, namespace, key) DO UPDATE
   SET value = excluded.value, expires_at = excluded.expires_at, version = s.version + 1,
       created_at = excluded.created_at
 WHERE s.expires_at <= now()
RETURNING namespace, key, value, version, expires_at, created_at, updated_at

-- name: replace_state
-- The same, where it has not changed since.
UPDATE arraigo.states
   SET value = :value, expires_at = now() + :ttl::float8 * interval '1 second', version = version + 1
 WHERE user_id = :owner AND namespace = :namespace AND key = :key AND version = :expected
   AND (expires_at IS NULL OR expires_at > now())
RETURNING namespace, key, value, version, expires_at, created_at, updated_at

-- name: update_state
-- No row where the value is no object, or would be larger than arraigo.state_value allows.
INSERT INTO arraigo.states AS s (user_id, namespace, key, value, expires_at)
VALUES (:owner, :namespace, :key, :value, now() + :ttl::float8 * interval '1 second')
ON CONFLICT (user_id, namespace, key) DO UPDATE
   SET value = CASE WHEN s.expires_at <= now() THEN excluded.value ELSE s.value || excluded.value END,
       expires_at = CASE WHEN s.expires_at <= now() THEN excluded.expires_at ELSE s.expires_at END,
       version = s.version + 1,
       created_at = CASE WHEN s.expires_at <= now() THEN excluded.created_at ELSE s.created_at END
 WHERE s.expires_at <= now()
    OR (jsonb_typeof(s.value) = 'object' AND octet_length((s.value || excluded.value)::text) <= :most)
RETURNING namespace, key, value, version, expires_at, created_at, updated_at

-- name: delete_state
DELETE FROM arraigo.states
 WHERE user_id = :owner AND namespace = :namespace AND key = :key
   AND (:expected::bigint IS NULL OR version = :expected) AND (expires_at IS NULL OR expires_at > now())
RETURNING namespace, key, value, version, expires_at, created_at, updated_at

-- name: clear_states
WITH gone AS (
  DELETE FROM arraigo.states WHERE user_id = :owner AND namespace = :namespace RETURNING expires_at
)
SELECT count(*) FROM gone WHERE expires_at IS NULL OR expires_at > now()

-- name: list_states
-- By key, in the order of its bytes: those with a prefix stand together.
SELECT namespace, key, value, version, expires_at, created_at, updated_at
  FROM arraigo.states
 WHERE user_id = :owner AND namespace = :namespace AND key > :after
   AND key BETWEEN :prefix AND :prefix || repeat(chr(1114111), 255)
   AND (expires_at IS NULL OR expires_at > now())
 ORDER BY key LIMIT :limit

-- name: count_states
SELECT count(*) FROM arraigo.states
 WHERE user_id = :owner AND namespace = :namespace AND key BETWEEN :prefix AND :prefix || repeat(chr(1114111), 255)
   AND (expires_at IS NULL OR expires_at > now())

-- name: sweep_states
SELECT arraigo.sweep_states(:limit)

-- name: quarantine_count
SELECT arraigo.quarantine_count()

-- name: journal_position
SELECT arraigo.journal_position(:journal)

-- name: journal_end
SELECT arraigo.journal_end(:journal)

-- name: replay
-- Sets the identity of each entry's owner itself; safe to repeat, since the journal's position moves with it.
SELECT moved, numbers, reasons
  FROM arraigo.replay(:journal, :start, :end, :owners, :kinds, :times, :entries)

-- name: sweep_langgraph_items
SELECT arraigo.sweep_langgraph_items(:limit)

-- name: reserve_document
-- Before its first byte: should the rest never come, the bytes are removed in a day.
INSERT INTO arraigo.blob_removals (conversation_id, document_id, owner_id, due_at)
SELECT id, :id, owner_id, now() + interval '1 day' FROM arraigo.conversations WHERE id = :conversation
RETURNING conversation_id, storage_key

-- name: add_document
-- No row where somebody has begun to remove its bytes.
WITH reserved AS (
  DELETE FROM arraigo.blob_removals
   WHERE conversation_id = :conversation AND document_id = :id AND NOT claimed
  RETURNING conversation_id, document_id, owner_id
)
INSERT INTO arraigo.documents (conversation_id, id, owner_id, filename, file_size, content_type, checksum, listed)
SELECT conversation_id, document_id, owner_id, :filename, :size, :content_type, :checksum, :listed FROM reserved
RETURNING id, conversation_id, owner_id, filename, storage_key, file_size, content_type, checksum, processing_status,
          processing_error, extracted_content, processed_at, created_at, updated_at

-- name: document_by_id
SELECT id, conversation_id, owner_id, filename, storage_key, file_size, content_type, checksum, processing_status,
       processing_error, extracted_content, processed_at, created_at, updated_at
  FROM arraigo.documents WHERE id = :id AND owner_id = :owner

-- name: list_documents
-- In the order in which they came: their ids begin with the time.
SELECT id, conversation_id, owner_id, filename, storage_key, file_size, content_type, checksum, processing_status,
       processing_error, NULL, processed_at, created_at, updated_at
  FROM arraigo.documents
 WHERE conversation_id = :conversation AND owner_id = :owner AND listed AND (:after::uuid IS NULL OR id > :after)
 ORDER BY id LIMIT :limit

-- name: process_document
-- Processed, or failed with an error.
UPDATE arraigo.documents
   SET processing_status = CASE WHEN :error::text IS NULL THEN 'processed' ELSE 'failed' END,
       processing_error = :error, extracted_content = :content,
       processed_at = CASE WHEN :error IS NULL THEN now() END
 WHERE id = :id AND owner_id = :owner
RETURNING id, conversation_id, owner_id, filename, storage_key, file_size, content_type, checksum, processing_status,
          processing_error, extracted_content, processed_at, created_at, updated_at

-- name: delete_document
DELETE FROM arraigo.documents WHERE id = :id AND owner_id = :owner RETURNING conversation_id

-- name: claim_document_removal
-- One's own; also before it is due.
UPDATE arraigo.blob_removals SET claimed = true, due_at = now() + interval '5 minutes'
 WHERE document_id = :id AND owner_id = :owner
RETURNING conversation_id, document_id, storage_key

-- name: claim_conversation_removals
-- Of what was deleted with a conversation; not what is being added to it, which its adder removes.
UPDATE arraigo.blob_removals SET claimed = true, due_at = now() + interval '5 minutes'
 WHERE conversation_id = :id AND due_at <= now()
RETURNING conversation_id, document_id, storage_key

-- name: claim_removals
SELECT conversation_id, document_id, storage_key FROM arraigo.claim_blob_removals(:limit)

-- name: finish_removals
SELECT arraigo.finish_blob_removals(:conversations, :documents)
