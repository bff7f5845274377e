-- name: make_project
-- Found by its name afterwards, whether it was there or not.
INSERT INTO arraigo.projects (id, name, context, created_by, case_fields)
VALUES (:project_id, :project_name, :project_context, :owner, :case_fields)
ON CONFLICT (created_by, name) DO NOTHING

-- name: make_talk
WITH talk AS (
  INSERT INTO arraigo.conversations (id, owner_id, project_id, kind, title, language, last_sequence)
  VALUES (:id, :owner, coalesce(:project::uuid, (
            SELECT p.id FROM arraigo.projects p WHERE p.created_by = :owner AND p.name = :project_name)),
          'test_plan', :title, :language, 1)
  RETURNING id, owner_id
), configured AS (
  INSERT INTO arraigo.plan_configurations (conversation_id, owner_id, plan_type, coverage_percentage, min_test_cases,
         max_test_cases, project_context, glossary)
  SELECT id, owner_id, :plan_type, :coverage_percentage, :min_test_cases, :max_test_cases, :project_context, :glossary
    FROM talk
)
INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content)
SELECT id, 1, :message_id, owner_id, now(), 'system', :message FROM talk
RETURNING conversation_id

-- name: talk_by_id
SELECT c.id, c.owner_id, u.username, c.project_id, p.name, p.case_fields, c.title, c.status, c.language, g.plan_type,
       g.coverage_percentage, g.min_test_cases, g.max_test_cases, g.project_context, g.glossary, g.rounds,
       c.created_at, greatest(c.updated_at, g.updated_at), c.completed_at
  FROM arraigo.conversations c
  LEFT JOIN arraigo.plan_configurations g ON g.conversation_id = c.id
  LEFT JOIN arraigo.users u ON u.id = c.owner_id
  LEFT JOIN arraigo.projects p ON p.id = c.project_id
 WHERE c.id = :id AND c.owner_id = :owner AND c.kind = 'test_plan'

-- name: list_talks
SELECT c.id, c.title, c.status, g.plan_type, c.created_at, greatest(c.updated_at, g.updated_at),
       (SELECT count(*) FROM arraigo.test_plans p WHERE p.conversation_id = c.id),
       (SELECT count(*) FROM arraigo.test_cases t WHERE t.conversation_id = c.id)
  FROM arraigo.conversations c LEFT JOIN arraigo.plan_configurations g ON g.conversation_id = c.id
 WHERE c.owner_id = :owner AND c.kind = 'test_plan' AND (:plan_type::text IS NULL OR g.plan_type = :plan_type)
   AND (:status::text IS NULL OR c.status = :status)
   AND (:date_from::timestamptz IS NULL OR c.created_at >= :date_from)
   AND (:before::timestamptz IS NULL OR (greatest(c.updated_at, g.updated_at), c.id) < (:before, :before_id::uuid))
 ORDER BY greatest(c.updated_at, g.updated_at) DESC, c.id DESC LIMIT :limit

-- name: count_talks
SELECT count(*)
  FROM arraigo.conversations c LEFT JOIN arraigo.plan_configurations g ON g.conversation_id = c.id
 WHERE c.owner_id = :owner AND c.kind = 'test_plan' AND (:plan_type::text IS NULL OR g.plan_type = :plan_type)
   AND (:status::text IS NULL OR c.status = :status)
   AND (:date_from::timestamptz IS NULL OR c.created_at >= :date_from)

-- name: messages
SELECT id, sequence_number, role, content, metadata, created_at
  FROM arraigo.messages
 WHERE conversation_id = :id AND owner_id = :owner AND deleted_at IS NULL
 ORDER BY sequence_number

-- name: change_talk
UPDATE arraigo.conversations
   SET title = coalesce(:title, title), status = coalesce(:status, status),
       completed_at = CASE WHEN :status::text IS NULL THEN completed_at
                           WHEN :status = 'completed' THEN coalesce(completed_at, now()) END,
       activity_at = date_trunc('minute', now())
 WHERE id = :id AND owner_id = :owner AND kind = 'test_plan'
RETURNING id

-- name: configure
-- Where there is no configuration yet, the plan's type has to be given.
INSERT INTO arraigo.plan_configurations AS g (conversation_id, owner_id, plan_type, coverage_percentage, min_test_cases,
       max_test_cases, project_context, glossary)
SELECT c.id, c.owner_id, :plan_type, coalesce(:coverage_percentage, 80), coalesce(:min_test_cases, 1),
       coalesce(:max_test_cases, 50), coalesce(:project_context, ''), :glossary::jsonb
  FROM arraigo.conversations c
 WHERE c.id = :id AND c.owner_id = :owner AND c.kind = 'test_plan'
ON CONFLICT (conversation_id) DO UPDATE
   SET plan_type = excluded.plan_type, coverage_percentage = coalesce(:coverage_percentage, g.coverage_percentage),
       min_test_cases = coalesce(:min_test_cases, g.min_test_cases),
       max_test_cases = coalesce(:max_test_cases, g.max_test_cases),
       project_context = coalesce(:project_context, g.project_context), glossary = coalesce(:glossary, g.glossary)
RETURNING conversation_id

-- name: is_me
-- Whether the caller has this name: as a user, or as one of their identities.
SELECT EXISTS (SELECT FROM arraigo.users u WHERE u.id = :owner AND :name IN (u.id::text, u.username, u.email))
    OR EXISTS (SELECT FROM arraigo.user_identities i WHERE i.user_id = :owner AND i.subject = :name)

-- name: requirements
SELECT r.code, r.statement, r.place, r.language, r.kind, r.testable, r.why_not
  FROM arraigo.requirements r LEFT JOIN arraigo.documents d ON d.conversation_id = r.conversation_id AND d.id = r.document_id
 WHERE r.conversation_id = :conversation AND r.owner_id = :owner
 ORDER BY d.created_at NULLS FIRST, r.document_id, r.position, r.code

-- name: papers
-- What is known of documents beside what the store knows.
SELECT d.id, d.processing_notes,
       (SELECT count(*) FROM arraigo.requirements r WHERE r.conversation_id = d.conversation_id AND r.document_id = d.id)
  FROM arraigo.documents d
 WHERE d.conversation_id = :conversation AND d.owner_id = :owner AND d.listed

-- name: plans_of_talk
-- The newest first.
SELECT p.id, p.conversation_id, p.title, p.plan_type, p.status, p.target_coverage, p.actual_coverage,
       p.total_requirements, p.covered_requirements, p.configuration, p.reasons, p.notes,
       (SELECT count(*) FROM arraigo.test_cases c WHERE c.conversation_id = p.conversation_id AND c.test_plan_id = p.id),
       (SELECT count(*) FROM arraigo.test_cases c
         WHERE c.conversation_id = p.conversation_id AND c.test_plan_id = p.id AND c.status = 'ACCEPTED'),
       p.created_at, p.updated_at
  FROM arraigo.test_plans p
 WHERE p.conversation_id = :conversation AND p.owner_id = :owner
 ORDER BY p.created_at DESC, p.id DESC

-- name: plan_by_id
SELECT p.id, p.conversation_id, p.title, p.plan_type, p.status, p.target_coverage, p.actual_coverage,
       p.total_requirements, p.covered_requirements, p.configuration, p.reasons, p.notes,
       (SELECT count(*) FROM arraigo.test_cases c WHERE c.conversation_id = p.conversation_id AND c.test_plan_id = p.id),
       (SELECT count(*) FROM arraigo.test_cases c
         WHERE c.conversation_id = p.conversation_id AND c.test_plan_id = p.id AND c.status = 'ACCEPTED'),
       p.created_at, p.updated_at
  FROM arraigo.test_plans p
 WHERE p.id = :id AND p.owner_id = :owner

-- name: change_plan
UPDATE arraigo.test_plans
   SET title = coalesce(:title, title), status = coalesce(:status, status)
 WHERE id = :id AND owner_id = :owner
RETURNING id

-- name: keep_generation
-- Sets the identity itself; safe to repeat, since the answer brings its id.
SELECT outcome, plan_id
  FROM arraigo.keep_generation(:owner, :conversation, :rounds, :plan, :cases, :dropped, :said)

-- name: plan_types
-- For the figures below.
SELECT plan_type, status, count(*) FROM arraigo.test_plans WHERE owner_id = :owner GROUP BY 1, 2

-- name: case_figures
SELECT status, priority, technique, created_by, count(*)
  FROM arraigo.test_cases WHERE owner_id = :owner GROUP BY 1, 2, 3, 4

-- name: coverage_now
SELECT coalesce(sum(total_requirements), 0)::bigint, coalesce(sum(covered_requirements), 0)::bigint
  FROM arraigo.test_plans WHERE owner_id = :owner

-- name: coverage_by_day
-- Of each day on which some plan's changed: the sum over what every plan had at its end.
SELECT d.day, sum(h.total_requirements)::bigint, sum(h.covered_requirements)::bigint
  FROM (SELECT DISTINCT day FROM arraigo.plan_coverage
         WHERE owner_id = :owner AND day >= :since::date ORDER BY day DESC LIMIT :limit) AS d
       CROSS JOIN LATERAL (
         SELECT DISTINCT ON (conversation_id, test_plan_id) total_requirements, covered_requirements
           FROM arraigo.plan_coverage
          WHERE owner_id = :owner AND day <= d.day
          ORDER BY conversation_id, test_plan_id, day DESC) AS h
 GROUP BY d.day ORDER BY d.day
