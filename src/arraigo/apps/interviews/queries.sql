-- name: link_employee
-- Whose an employee's interviews are: the caller's, unless somebody has that identity already.
SELECT user_id, is_active FROM arraigo.link_identity('employee', :employee)

-- name: start
-- Everything of a new interview, or nothing where it is there already.
WITH talk AS (
  INSERT INTO arraigo.conversations (id, owner_id, kind, title, language, last_sequence)
  VALUES (:id, :owner, 'interview', :title, :language, 1)
  ON CONFLICT (id) DO NOTHING RETURNING id, owner_id
), made AS (
  INSERT INTO arraigo.interviews (conversation_id, owner_id, employee_id, language, technical_level, pending, state)
  SELECT id, owner_id, :employee, :language, :level, 1, :state FROM talk
)
INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
SELECT id, 1, :question_id, owner_id, now(), 'assistant', :question, :metadata FROM talk
RETURNING conversation_id

-- name: interview_by_id
SELECT i.conversation_id, i.owner_id, i.employee_id, i.language, i.technical_level, c.status, i.session_id, i.started_at,
       c.completed_at, i.created_at, greatest(i.updated_at, c.updated_at), i.turn, i.pending, i.state, i.summary,
       i.undelivered, c.last_sequence
  FROM arraigo.interviews i JOIN arraigo.conversations c ON c.id = i.conversation_id
 WHERE i.conversation_id = :id AND i.owner_id = :owner AND i.employee_id = :employee

-- name: messages
SELECT id, sequence_number, role, content, created_at, metadata
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner AND deleted_at IS NULL
 ORDER BY sequence_number

-- name: clock
SELECT now()

-- name: list
-- The newest first.
SELECT i.conversation_id, i.owner_id, i.employee_id, i.language, i.technical_level, c.status, i.session_id, i.started_at,
       c.completed_at, i.created_at, greatest(i.updated_at, c.updated_at), i.turn, i.pending, i.state, i.summary,
       i.undelivered, c.last_sequence
  FROM arraigo.interviews i JOIN arraigo.conversations c ON c.id = i.conversation_id
 WHERE i.owner_id = :owner AND i.employee_id = :employee
   AND (:statuses::text[] IS NULL OR c.status = ANY (:statuses::text[]))
   AND (:language::text IS NULL OR i.language = :language)
   AND (:start::timestamptz IS NULL OR i.started_at >= :start) AND (:end::timestamptz IS NULL OR i.started_at < :end)
 ORDER BY i.started_at DESC, i.conversation_id DESC LIMIT :limit OFFSET :offset

-- name: count
SELECT count(*)
  FROM arraigo.interviews i JOIN arraigo.conversations c ON c.id = i.conversation_id
 WHERE i.owner_id = :owner AND i.employee_id = :employee
   AND (:statuses::text[] IS NULL OR c.status = ANY (:statuses::text[]))
   AND (:language::text IS NULL OR i.language = :language)
   AND (:start::timestamptz IS NULL OR i.started_at >= :start) AND (:end::timestamptz IS NULL OR i.started_at < :end)

-- name: take_turn
-- Sets the identity itself; safe to repeat, since the answer, or the turn, says whether it is there.
SELECT outcome, number
  FROM arraigo.interview_turn(:owner, :id, :turn, :answer, :question, :state, :summary, :final)

-- name: note_delivery
-- Whether what follows the last answer reached its client.
UPDATE arraigo.interviews SET undelivered = :undelivered
 WHERE conversation_id = :id AND turn = :turn AND undelivered IS DISTINCT FROM :undelivered::bigint

-- name: change_status
-- Sets the identity itself; false where it was changed meanwhile.
SELECT arraigo.interview_status(:owner, :id, :turn, :from, :to, :summary)

-- name: access
SELECT arraigo.access('interview', :id)::text
