-- name: migrate
-- Everything of an interview that comes from a browser, or nothing where it is there already.
WITH talk AS (
  INSERT INTO arraigo.conversations
         (id, owner_id, kind, title, status, language, metadata, last_sequence, created_at, updated_at, activity_at,
          completed_at)
  VALUES (:id, :owner, 'interview', :title, :status, :language, :metadata, :last, :created_at, :updated_at,
          :activity_at, :completed_at)
  ON CONFLICT (id) DO NOTHING RETURNING id, owner_id
), made AS (
  INSERT INTO arraigo.interviews
         (conversation_id, owner_id, employee_id, language, technical_level, session_id, started_at, pending, state,
          summary)
  SELECT id, owner_id, :employee, :language, :level, :session, :created_at, :pending, :state::jsonb, :summary::jsonb
    FROM talk
), said AS (
  INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
  SELECT talk.id, m.place, m.id, talk.owner_id, m.at, m.role, m.content, m.metadata
    FROM talk, unnest(:ids::uuid[], :times::timestamptz[], :roles::text[], :contents::text[], :notes::jsonb[])
               WITH ORDINALITY AS m (id, at, role, content, metadata, place)
)
SELECT id FROM talk

-- name: unguard
-- Until the transaction ends: an interview is written by its own functions alone.
SET LOCAL arraigo.guard = 'off'

-- name: grow
-- What was said in the browser since, or nothing where somebody was quicker; a turn takes the same lock.
WITH talk AS (
  UPDATE arraigo.conversations
     SET status = :status, metadata = :metadata, last_sequence = :last, created_at = :created_at, updated_at = now(),
         activity_at = greatest(activity_at, date_trunc('minute', now())), completed_at = :completed_at
   WHERE id = :id AND status = :was AND last_sequence = :had::bigint
  RETURNING id, owner_id
), made AS (
  UPDATE arraigo.interviews i
     SET started_at = :created_at, pending = :pending, state = :state::jsonb, summary = :summary::jsonb
    FROM talk WHERE i.conversation_id = talk.id
), said AS (
  INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
  SELECT talk.id, :had::bigint + m.place, m.id, talk.owner_id, m.at, m.role, m.content, m.metadata
    FROM talk, unnest(:ids::uuid[], :times::timestamptz[], :roles::text[], :contents::text[], :notes::jsonb[])
               WITH ORDINALITY AS m (id, at, role, content, metadata, place)
)
SELECT id FROM talk

-- name: there
-- What an interview says of itself beside its messages; JSON as text, so that its numbers stay as they are.
SELECT c.id, c.status, c.metadata::text, c.last_sequence, c.created_at, c.completed_at,
       i.session_id, i.employee_id, i.language, i.technical_level, i.started_at, i.turn
  FROM arraigo.conversations c JOIN arraigo.interviews i ON i.conversation_id = c.id
 WHERE c.id = :id

-- name: said
SELECT id, sequence_number, role, content, created_at, metadata::text
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner AND deleted_at IS NULL ORDER BY sequence_number
