-- name: lock
-- The conversation first, then what is in it: whatever changes cases goes this way, so that nobody waits in a circle.
SELECT id FROM arraigo.conversations
 WHERE id = (SELECT conversation_id FROM arraigo.test_cases WHERE id = :id AND owner_id = :owner LIMIT 1)
   FOR NO KEY UPDATE

-- name: lock_plan
SELECT id FROM arraigo.conversations
 WHERE id = (SELECT conversation_id FROM arraigo.test_plans WHERE id = :plan AND owner_id = :owner LIMIT 1)
   FOR NO KEY UPDATE

-- name: cases_of_plan
SELECT c.id, c.conversation_id, c.test_plan_id, c.testcase_number, c.position, c.test_case_name, c.test_case_description,
       c.preconditions, c.test_data, c.test_steps, c.expected_results, c.requirements,
       ARRAY(SELECT l.requirement FROM arraigo.test_case_requirements l
              WHERE l.conversation_id = c.conversation_id AND l.test_case_id = c.id ORDER BY 1),
       c.technique, c.script, c.custom_fields, c.priority, c.status, c.created_by, c.version, c.created_at, c.updated_at
  FROM arraigo.test_cases c
 WHERE c.test_plan_id = :plan AND c.owner_id = :owner
   AND c.conversation_id = (SELECT conversation_id FROM arraigo.test_plans WHERE id = :plan AND owner_id = :owner LIMIT 1)
 ORDER BY c.position, c.id

-- name: case_by_id
SELECT c.id, c.conversation_id, c.test_plan_id, c.testcase_number, c.position, c.test_case_name, c.test_case_description,
       c.preconditions, c.test_data, c.test_steps, c.expected_results, c.requirements,
       ARRAY(SELECT l.requirement FROM arraigo.test_case_requirements l
              WHERE l.conversation_id = c.conversation_id AND l.test_case_id = c.id ORDER BY 1),
       c.technique, c.script, c.custom_fields, c.priority, c.status, c.created_by, c.version, c.created_at, c.updated_at
  FROM arraigo.test_cases c
 WHERE c.id = :id AND c.owner_id = :owner

-- name: surroundings
-- What a case's project and conversation have to say about it: the project's own fields, and the known requirements.
SELECT c.project_id, p.case_fields,
       ARRAY(SELECT r.code FROM arraigo.requirements r WHERE r.conversation_id = c.id)
  FROM arraigo.conversations c LEFT JOIN arraigo.projects p ON p.id = c.project_id
 WHERE c.owner_id = :owner AND c.id = :conversation

-- name: add_case
WITH plan AS (
  UPDATE arraigo.test_plans p SET last_number = p.last_number + 1
   WHERE p.id = :plan AND p.owner_id = :owner RETURNING p.conversation_id, p.id, p.owner_id, p.last_number
), made AS (
  INSERT INTO arraigo.test_cases
         (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name, test_case_description,
          preconditions, test_data, test_steps, expected_results, requirements, technique, script, custom_fields,
          priority, status, created_by)
  SELECT p.conversation_id, :id::uuid, p.id, p.owner_id, arraigo.case_number(p.last_number),
         1 + coalesce((SELECT max(c.position) FROM arraigo.test_cases c
                        WHERE c.conversation_id = p.conversation_id AND c.test_plan_id = p.id), 0),
         n.test_case_name, n.test_case_description, n.preconditions, n.test_data, n.test_steps, n.expected_results,
         n.requirements, n.technique, n.script, jsonb_strip_nulls(n.custom_fields), n.priority, n.status, 'MANUAL'
    FROM plan p, jsonb_to_record(:case::jsonb) AS n (
           test_case_name text, test_case_description text, preconditions text, test_data text, test_steps jsonb,
           expected_results text, requirements text, technique text, script jsonb, custom_fields jsonb, priority text,
           status text)
  RETURNING conversation_id, id, owner_id
), linked AS (
  INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
  SELECT m.conversation_id, m.id, r.code, m.owner_id
    FROM made m JOIN arraigo.requirements r ON r.conversation_id = m.conversation_id AND r.code = ANY (:links::text[])
)
SELECT id FROM made

-- name: change_case
-- Custom fields are added to those that are there, and go where they are null; links stay as they are where none are given.
WITH changed AS (
  UPDATE arraigo.test_cases c
     SET (position, test_case_name, test_case_description, preconditions, test_data, test_steps, expected_results,
          requirements, technique, script, custom_fields, priority, status) = (
           SELECT n.position, n.test_case_name, n.test_case_description, n.preconditions, n.test_data, n.test_steps,
                  n.expected_results, n.requirements, n.technique, n.script,
                  jsonb_strip_nulls(c.custom_fields || coalesce(:changes::jsonb->'custom_fields', '{}')), n.priority, n.status
             FROM jsonb_populate_record(c, :changes::jsonb) AS n)
   WHERE c.id = :id AND c.owner_id = :owner AND (:version::bigint IS NULL OR c.version = :version)
  RETURNING c.conversation_id, c.id, c.owner_id
), gone AS (
  DELETE FROM arraigo.test_case_requirements l USING changed c
   WHERE l.conversation_id = c.conversation_id AND l.test_case_id = c.id AND l.requirement <> ALL (:links::text[])
), made AS (
  INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
  SELECT c.conversation_id, c.id, r.code, c.owner_id
    FROM changed c JOIN arraigo.requirements r ON r.conversation_id = c.conversation_id AND r.code = ANY (:links::text[])
  ON CONFLICT DO NOTHING
)
SELECT id FROM changed

-- name: delete_case
DELETE FROM arraigo.test_cases
 WHERE id = :id AND owner_id = :owner AND (:version::bigint IS NULL OR version = :version)
RETURNING id

-- name: restore_case
-- As it was, with its number and its place; the version goes on.
WITH made AS (
  INSERT INTO arraigo.test_cases
         (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name, test_case_description,
          preconditions, test_data, test_steps, expected_results, requirements, technique, script, custom_fields,
          priority, status, created_by, version, created_at)
  SELECT p.conversation_id, n.id, p.id, p.owner_id, n.testcase_number, n.position, n.test_case_name,
         n.test_case_description, n.preconditions, n.test_data, n.test_steps, n.expected_results, n.requirements,
         n.technique, n.script, n.custom_fields, n.priority, n.status, n.created_by, n.version + 1, n.created_at
    FROM jsonb_populate_record(NULL::arraigo.test_cases, :case::jsonb) AS n
    JOIN arraigo.test_plans p ON p.conversation_id = n.conversation_id AND p.id = n.test_plan_id
   WHERE p.owner_id = :owner
  ON CONFLICT DO NOTHING
  RETURNING conversation_id, id, owner_id
), linked AS (
  INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
  SELECT m.conversation_id, m.id, r.code, m.owner_id
    FROM made m JOIN arraigo.requirements r ON r.conversation_id = m.conversation_id AND r.code = ANY (:links::text[])
)
SELECT id FROM made

-- name: decide
-- All of them, or none where one is not there.
UPDATE arraigo.test_cases c SET status = :status
 WHERE c.test_plan_id = :plan AND c.owner_id = :owner AND c.status <> :status
   AND c.conversation_id = (SELECT conversation_id FROM arraigo.test_plans WHERE id = :plan AND owner_id = :owner LIMIT 1)
   AND (:ids::uuid[] IS NULL OR (
         c.id = ANY (:ids::uuid[]) AND cardinality(:ids::uuid[]) = (
           SELECT count(*) FROM arraigo.test_cases o
            WHERE o.test_plan_id = :plan AND o.owner_id = :owner AND o.id = ANY (:ids::uuid[]))))
   AND (:of_status::text IS NULL OR c.status = :of_status)
   AND (:of_priority::text IS NULL OR c.priority = :of_priority)
   AND (:of_technique::text IS NULL OR c.technique = :of_technique)
   AND (:of_created_by::text IS NULL OR c.created_by = :of_created_by)
   AND (:of_requirement::text IS NULL OR EXISTS (
         SELECT FROM arraigo.test_case_requirements l
          WHERE l.conversation_id = c.conversation_id AND l.test_case_id = c.id AND l.requirement = :of_requirement))
RETURNING c.id

-- name: order
-- The cases that are named take, in the order in which they are named, the places that these have together.
WITH placed AS (
  SELECT c.id, row_number() OVER (ORDER BY c.position, c.id) AS place
    FROM arraigo.test_cases c
   WHERE c.test_plan_id = :plan AND c.owner_id = :owner AND c.conversation_id = (
           SELECT conversation_id FROM arraigo.test_plans WHERE id = :plan AND owner_id = :owner LIMIT 1)
), named AS (
  SELECT p.id, p.place, a.n FROM placed p JOIN unnest(:ids::uuid[]) WITH ORDINALITY AS a (id, n) ON a.id = p.id
), wanted AS (
  SELECT a.id, b.place
    FROM (SELECT id, row_number() OVER (ORDER BY n) AS n FROM named) AS a
    JOIN (SELECT place, row_number() OVER (ORDER BY place) AS n FROM named) AS b USING (n)
  UNION ALL
  SELECT p.id, p.place FROM placed p WHERE NOT EXISTS (SELECT FROM named n WHERE n.id = p.id)
)
UPDATE arraigo.test_cases c SET position = w.place
  FROM wanted w
 WHERE c.id = w.id AND c.test_plan_id = :plan AND c.owner_id = :owner AND c.position <> w.place
   AND (SELECT count(*) FROM named) = cardinality(:ids::uuid[])
RETURNING c.id

-- name: ids_of_plan
SELECT c.id FROM arraigo.test_cases c
 WHERE c.test_plan_id = :plan AND c.owner_id = :owner AND c.conversation_id = (
         SELECT conversation_id FROM arraigo.test_plans WHERE id = :plan AND owner_id = :owner LIMIT 1)
 ORDER BY c.position, c.id

-- name: how_many
SELECT count(*) FROM arraigo.test_cases
 WHERE test_plan_id = :plan AND owner_id = :owner AND id = ANY (:ids::uuid[])

-- name: modifications
-- The newest first.
SELECT m.id, m.test_case_id, m.testcase_number, m.field_name, m.old_value, m.new_value, m.action, m.modified_by,
       u.username, m.created_at
  FROM arraigo.test_case_modifications m LEFT JOIN arraigo.users u ON u.id = m.modified_by
 WHERE m.test_case_id = :id AND m.owner_id = :owner
 ORDER BY m.created_at DESC, m.id DESC LIMIT :limit

-- name: modifications_of_plan
-- The oldest first.
SELECT m.id, m.test_case_id, m.testcase_number, m.field_name, m.old_value, m.new_value, m.action, m.modified_by,
       u.username, m.created_at
  FROM arraigo.test_case_modifications m LEFT JOIN arraigo.users u ON u.id = m.modified_by
 WHERE m.conversation_id = :conversation AND m.test_plan_id = :plan AND m.owner_id = :owner
 ORDER BY m.created_at, m.id
