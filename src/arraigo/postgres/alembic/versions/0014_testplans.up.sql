-- Test plans: what a conversation of this kind has beside its messages. Requirements come out of its documents, a plan
-- has cases that test them, and every change of a case is in a log that nobody can skip or forge.

CREATE DOMAIN arraigo.plan_type AS text CHECK (VALUE IN ('UNITARIAS', 'INTEGRACIÓN', 'PERFORMANCE', 'REGRESIÓN'));
CREATE DOMAIN arraigo.plan_status AS text CHECK (VALUE IN ('draft', 'active', 'completed', 'archived'));
CREATE DOMAIN arraigo.case_priority AS text CHECK (VALUE IN ('ALTA', 'MEDIA', 'BAJA'));
CREATE DOMAIN arraigo.case_status AS text CHECK (VALUE IN ('PROPOSED', 'ACCEPTED', 'DISCARDED', 'MANUAL'));
CREATE DOMAIN arraigo.case_maker AS text CHECK (VALUE IN ('AI_AGENT', 'MANUAL'));
CREATE DOMAIN arraigo.percentage AS int CHECK (VALUE BETWEEN 0 AND 100);

CREATE TABLE arraigo.plan_configurations (
  conversation_id     uuid PRIMARY KEY,
  owner_id            uuid NOT NULL,
  plan_type           arraigo.plan_type NOT NULL,
  coverage_percentage arraigo.percentage NOT NULL,
  min_test_cases      int NOT NULL CHECK (min_test_cases BETWEEN 0 AND 5000),
  max_test_cases      int NOT NULL CHECK (max_test_cases BETWEEN 1 AND 5000),
  project_context     text NOT NULL DEFAULT '' CHECK (length(project_context) <= 100000),
  glossary            jsonb,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  CHECK (min_test_cases <= max_test_cases),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
CREATE INDEX plan_configurations_by_type ON arraigo.plan_configurations (owner_id, plan_type);

CREATE TABLE arraigo.requirements (
  conversation_id uuid NOT NULL,
  code            text NOT NULL CHECK (length(code) BETWEEN 1 AND 60),  -- RF-03: the document's own, else ours
  owner_id        uuid NOT NULL,
  document_id     uuid,
  position        int NOT NULL,
  statement       text NOT NULL CHECK (length(statement) BETWEEN 1 AND 4000),
  kind            text NOT NULL CHECK (kind IN ('functional', 'performance', 'security', 'usability', 'other')),
  language        text NOT NULL CHECK (language IN ('es', 'en')),
  place           jsonb NOT NULL DEFAULT '{}',  -- page, section, line
  testable        boolean NOT NULL DEFAULT true,
  why_not         text NOT NULL DEFAULT '',
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, code),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, document_id) REFERENCES arraigo.documents (conversation_id, id) ON DELETE CASCADE
);
CREATE INDEX requirements_by_document ON arraigo.requirements (conversation_id, document_id);

CREATE TABLE arraigo.test_plans (
  conversation_id      uuid NOT NULL,
  id                   uuid NOT NULL,
  owner_id             uuid NOT NULL,
  title                text NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
  plan_type            arraigo.plan_type NOT NULL,
  status               arraigo.plan_status NOT NULL DEFAULT 'draft',
  target_coverage      arraigo.percentage NOT NULL,
  -- Kept true by triggers, whoever changes what they count (arraigo.recount).
  actual_coverage      numeric(5, 2) NOT NULL DEFAULT 0,
  total_requirements   int NOT NULL DEFAULT 0,
  covered_requirements int NOT NULL DEFAULT 0,
  configuration        jsonb NOT NULL DEFAULT '{}',
  reasons              jsonb NOT NULL DEFAULT '{}',  -- by requirement: why the generator left it uncovered
  notes                jsonb NOT NULL DEFAULT '[]',
  last_number          int NOT NULL DEFAULT 0,       -- cases are numbered once and for all
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, id),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
CREATE INDEX test_plans_by_id ON arraigo.test_plans (id);  -- not unique: nothing is, across conversations
CREATE INDEX test_plans_by_status ON arraigo.test_plans (owner_id, status, plan_type);

CREATE TABLE arraigo.test_cases (
  conversation_id       uuid NOT NULL,
  id                    uuid NOT NULL,
  test_plan_id          uuid NOT NULL,
  owner_id              uuid NOT NULL,
  testcase_number       text NOT NULL CHECK (length(testcase_number) BETWEEN 1 AND 50),
  position              int NOT NULL,  -- the order that people gave them
  test_case_name        text NOT NULL CHECK (length(test_case_name) BETWEEN 1 AND 255),
  test_case_description text NOT NULL DEFAULT '',
  preconditions         text NOT NULL DEFAULT '',
  test_data             text NOT NULL DEFAULT '',
  test_steps            jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(test_steps) = 'array'),
  expected_results      text NOT NULL DEFAULT '',
  requirements          text NOT NULL DEFAULT '',  -- as people write them; what is known is in test_case_requirements
  technique             text NOT NULL DEFAULT 'manual' CHECK (length(technique) <= 40),
  script                jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(script) = 'array'),
  custom_fields         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom_fields) = 'object'),
  priority              arraigo.case_priority NOT NULL DEFAULT 'MEDIA',
  status                arraigo.case_status NOT NULL DEFAULT 'PROPOSED',
  created_by            arraigo.case_maker NOT NULL DEFAULT 'AI_AGENT',
  version               int NOT NULL DEFAULT 1,  -- for If-Match
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, id),
  UNIQUE (conversation_id, test_plan_id, testcase_number),
  FOREIGN KEY (conversation_id, test_plan_id) REFERENCES arraigo.test_plans ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
CREATE INDEX test_cases_by_id ON arraigo.test_cases (id);
CREATE INDEX test_cases_by_plan ON arraigo.test_cases (conversation_id, test_plan_id, position);
CREATE INDEX test_cases_by_status ON arraigo.test_cases (owner_id, status, priority, created_by);

CREATE TABLE arraigo.test_case_requirements (
  conversation_id uuid NOT NULL,
  test_case_id    uuid NOT NULL,
  requirement     text NOT NULL,
  owner_id        uuid NOT NULL,
  PRIMARY KEY (conversation_id, test_case_id, requirement),
  FOREIGN KEY (conversation_id, test_case_id) REFERENCES arraigo.test_cases ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, requirement) REFERENCES arraigo.requirements ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX test_case_requirements_by_requirement ON arraigo.test_case_requirements (conversation_id, requirement);

-- The log. No key to the case: with one, a deletion could not be logged. It goes with its plan.
CREATE TABLE arraigo.test_case_modifications (
  conversation_id uuid NOT NULL,
  id              uuid NOT NULL DEFAULT arraigo.uuid7(),
  test_plan_id    uuid NOT NULL,
  test_case_id    uuid NOT NULL,
  owner_id        uuid NOT NULL,
  testcase_number text NOT NULL,
  field_name      text NOT NULL,
  old_value       text,
  new_value       text,
  action          text NOT NULL CHECK (action IN ('CREATE', 'UPDATE', 'DELETE')),
  modified_by     uuid,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (conversation_id, id),
  FOREIGN KEY (conversation_id, test_plan_id) REFERENCES arraigo.test_plans ON DELETE CASCADE
);
CREATE INDEX test_case_modifications_by_case
  ON arraigo.test_case_modifications (conversation_id, test_case_id, id DESC);
CREATE INDEX test_case_modifications_by_plan
  ON arraigo.test_case_modifications (conversation_id, test_plan_id, id DESC);

-- Its bytes are a document of the conversation: the same place, the same signed links, the same removal.
CREATE TABLE arraigo.plan_exports (
  conversation_id  uuid NOT NULL,
  id               uuid NOT NULL,
  test_plan_id     uuid NOT NULL,
  owner_id         uuid NOT NULL,
  format           text NOT NULL CHECK (format IN (
    'excel', 'pdf', 'json', 'csv', 'testrail', 'xray', 'zephyr', 'azure', 'qase', 'gherkin')),
  include_metadata boolean NOT NULL DEFAULT false,
  status           text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'ready', 'failed')),
  error            text CHECK (length(error) BETWEEN 1 AND 2000),
  document_id      uuid,
  filename         text NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
  file_size        bigint CHECK (file_size >= 0),
  created_by       uuid,
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, id),
  FOREIGN KEY (conversation_id, test_plan_id) REFERENCES arraigo.test_plans ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE,
  FOREIGN KEY (conversation_id, document_id) REFERENCES arraigo.documents (conversation_id, id) ON DELETE CASCADE
);
CREATE INDEX plan_exports_by_id ON arraigo.plan_exports (id);
CREATE INDEX plan_exports_by_plan ON arraigo.plan_exports (conversation_id, test_plan_id, created_at DESC);
CREATE INDEX plan_exports_by_time ON arraigo.plan_exports (expires_at);

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.plan_configurations FOR EACH ROW EXECUTE FUNCTION arraigo.touch();
CREATE TRIGGER touch BEFORE UPDATE ON arraigo.test_plans FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['plan_configurations', 'requirements', 'test_plans', 'test_cases',
                              'test_case_requirements', 'test_case_modifications', 'plan_exports'] LOOP
    EXECUTE format('ALTER TABLE arraigo.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE arraigo.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_sees_all ON arraigo.%I TO arraigo_owner USING (true)', name);
    EXECUTE format('CREATE POLICY own ON arraigo.%I TO arraigo_app
      USING (owner_id = nullif(current_setting(''arraigo.user_id'', true), '''')::uuid)', name);
  END LOOP;
END
$$;

CREATE FUNCTION arraigo.change_case() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
-- A case that changed has another version, whoever changed it.
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER change_case BEFORE UPDATE ON arraigo.test_cases
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION arraigo.change_case();

CREATE FUNCTION arraigo.log_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- One row for each field that changed; a case that is made or deleted is one row with all of it, as JSON.
DECLARE
  who uuid := nullif(current_setting('arraigo.user_id', true), '')::uuid;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO arraigo.test_case_modifications
           (conversation_id, test_plan_id, test_case_id, owner_id, testcase_number, field_name, new_value, action, modified_by)
    VALUES (NEW.conversation_id, NEW.test_plan_id, NEW.id, NEW.owner_id, NEW.testcase_number, 'test_case',
            to_jsonb(NEW)::text, 'CREATE', who);
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO arraigo.test_case_modifications
           (conversation_id, test_plan_id, test_case_id, owner_id, testcase_number, field_name, old_value, action, modified_by)
    SELECT OLD.conversation_id, OLD.test_plan_id, OLD.id, OLD.owner_id, OLD.testcase_number, 'test_case',
           to_jsonb(OLD)::text, 'DELETE', who
     WHERE EXISTS (SELECT FROM arraigo.test_plans p  -- else it goes with its plan, and so does the log
                    WHERE p.conversation_id = OLD.conversation_id AND p.id = OLD.test_plan_id);
  ELSE
    INSERT INTO arraigo.test_case_modifications
           (conversation_id, test_plan_id, test_case_id, owner_id, testcase_number, field_name, old_value, new_value,
            action, modified_by)
    SELECT NEW.conversation_id, NEW.test_plan_id, NEW.id, NEW.owner_id, NEW.testcase_number, o.key, o.value, n.value,
           'UPDATE', who
      FROM jsonb_each_text(to_jsonb(OLD)) AS o JOIN jsonb_each_text(to_jsonb(NEW)) AS n USING (key)
     WHERE o.value IS DISTINCT FROM n.value AND o.key NOT IN ('version', 'updated_at');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_case AFTER INSERT OR UPDATE OR DELETE ON arraigo.test_cases
  FOR EACH ROW EXECUTE FUNCTION arraigo.log_case();

CREATE FUNCTION arraigo.log_link() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- A link of a case to a requirement that is made or taken away. Links that go with their case are in its own row.
DECLARE
  link arraigo.test_case_requirements := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO arraigo.test_case_modifications
         (conversation_id, test_plan_id, test_case_id, owner_id, testcase_number, field_name, old_value, new_value,
          action, modified_by)
  SELECT c.conversation_id, c.test_plan_id, c.id, c.owner_id, c.testcase_number, 'requirement_link',
         CASE WHEN TG_OP <> 'INSERT' THEN OLD.requirement END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.requirement END,
         CASE TG_OP WHEN 'INSERT' THEN 'CREATE' ELSE TG_OP END,
         nullif(current_setting('arraigo.user_id', true), '')::uuid
    FROM arraigo.test_cases c
   WHERE c.conversation_id = link.conversation_id AND c.id = link.test_case_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_link AFTER INSERT OR UPDATE OR DELETE ON arraigo.test_case_requirements
  FOR EACH ROW EXECUTE FUNCTION arraigo.log_link();

CREATE FUNCTION arraigo.recount(in_conversations uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- What the plans of these conversations cover: a requirement is covered by a case that was not discarded.
  UPDATE arraigo.test_plans p
     SET total_requirements = t.total, covered_requirements = t.covered,
         actual_coverage = CASE WHEN t.total = 0 THEN 0 ELSE round(100.0 * t.covered / t.total, 2) END
    FROM (
      SELECT q.conversation_id, q.id,
             (SELECT count(*) FROM arraigo.requirements r WHERE r.conversation_id = q.conversation_id) AS total,
             (SELECT count(DISTINCT l.requirement)
                FROM arraigo.test_case_requirements l JOIN arraigo.test_cases c
                  ON c.conversation_id = l.conversation_id AND c.id = l.test_case_id
               WHERE c.conversation_id = q.conversation_id AND c.test_plan_id = q.id
                 AND c.status <> 'DISCARDED') AS covered
        FROM arraigo.test_plans q WHERE q.conversation_id = ANY (in_conversations)) AS t
   WHERE p.conversation_id = t.conversation_id AND p.id = t.id
     AND (p.total_requirements, p.covered_requirements) IS DISTINCT FROM (t.total::int, t.covered::int)
$$;

CREATE FUNCTION arraigo.recount_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM arraigo.recount(ARRAY(SELECT DISTINCT conversation_id FROM changed));
  RETURN NULL;
END
$$;
CREATE TRIGGER recount_made AFTER INSERT ON arraigo.test_plans
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_made AFTER INSERT ON arraigo.requirements
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_gone AFTER DELETE ON arraigo.requirements
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_made AFTER INSERT ON arraigo.test_case_requirements
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_gone AFTER DELETE ON arraigo.test_case_requirements
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_moved AFTER UPDATE ON arraigo.test_case_requirements
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();
CREATE TRIGGER recount_decided AFTER UPDATE ON arraigo.test_cases
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION arraigo.recount_changed();

REVOKE ALL ON FUNCTION arraigo.change_case, arraigo.log_case, arraigo.log_link, arraigo.recount, arraigo.recount_changed
  FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.plan_configurations, arraigo.requirements, arraigo.test_case_requirements,
  arraigo.plan_exports TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (title, plan_type, status, target_coverage, configuration, reasons, notes, last_number,
  updated_at) ON arraigo.test_plans TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (position, test_case_name, test_case_description, preconditions, test_data,
  test_steps, expected_results, requirements, technique, script, custom_fields, priority, status) ON arraigo.test_cases
  TO arraigo_app;
GRANT SELECT ON arraigo.test_case_modifications TO arraigo_app;
