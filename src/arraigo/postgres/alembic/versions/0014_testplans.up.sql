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
  rounds              int NOT NULL DEFAULT 0,  -- how many times cases were generated
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
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE,
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
  ON arraigo.test_case_modifications (test_case_id, created_at DESC);
CREATE INDEX test_case_modifications_by_plan
  ON arraigo.test_case_modifications (conversation_id, test_plan_id, created_at);

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

-- A document that is a part of something else, as an export's bytes are, is not among those that people added.
ALTER TABLE arraigo.documents ADD COLUMN listed boolean NOT NULL DEFAULT true,
  ADD COLUMN processing_notes jsonb NOT NULL DEFAULT '[]';  -- what a reader should know: texts

-- What is to be done in the background: a document that waits to be read, an export that waits to be written. Whoever
-- claims one has it until claimed_until, and asks for more time meanwhile; a process that ends leaves it to the others.
-- What it is about may be gone already.
CREATE TABLE arraigo.plan_work (
  conversation_id uuid NOT NULL,
  id              uuid NOT NULL,
  owner_id        uuid NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('document', 'export')),
  claimed_until   timestamptz NOT NULL DEFAULT 'epoch',
  attempts        int NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_id, id),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
CREATE INDEX plan_work_by_time ON arraigo.plan_work (claimed_until, id);

-- How far each plan was at the end of each day (UTC) on which that changed.
CREATE TABLE arraigo.plan_coverage (
  conversation_id      uuid NOT NULL,
  test_plan_id         uuid NOT NULL,
  day                  date NOT NULL,
  owner_id             uuid NOT NULL,
  total_requirements   int NOT NULL,
  covered_requirements int NOT NULL,
  PRIMARY KEY (conversation_id, test_plan_id, day),
  FOREIGN KEY (conversation_id, test_plan_id) REFERENCES arraigo.test_plans ON DELETE CASCADE
);
CREATE INDEX plan_coverage_by_day ON arraigo.plan_coverage (owner_id, day);

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.plan_configurations FOR EACH ROW EXECUTE FUNCTION arraigo.touch();
CREATE TRIGGER touch BEFORE UPDATE ON arraigo.test_plans FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['plan_configurations', 'requirements', 'test_plans', 'test_cases',
                              'test_case_requirements', 'test_case_modifications', 'plan_exports', 'plan_work',
                              'plan_coverage'] LOOP
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- What the plans of these conversations cover: a requirement is covered by a case that was not discarded.
DECLARE
  locked uuid[];
BEGIN
  -- First the locks: what is counted then, in a statement of its own, is all that anybody else has committed. A
  -- conversation that is being deleted is not there any more.
  locked := ARRAY(SELECT c.id FROM arraigo.conversations c WHERE c.id = ANY (in_conversations)
                   ORDER BY c.id FOR NO KEY UPDATE);
  IF locked = '{}' THEN
    RETURN;
  END IF;
  WITH counted AS (
    SELECT q.conversation_id, q.id,
           (SELECT count(*) FROM arraigo.requirements r WHERE r.conversation_id = q.conversation_id)::int AS total,
           (SELECT count(DISTINCT l.requirement)
              FROM arraigo.test_case_requirements l JOIN arraigo.test_cases c
                ON c.conversation_id = l.conversation_id AND c.id = l.test_case_id
             WHERE c.conversation_id = q.conversation_id AND c.test_plan_id = q.id
               AND c.status <> 'DISCARDED')::int AS covered
      FROM arraigo.test_plans q WHERE q.conversation_id = ANY (locked)
  ), rated AS (
    SELECT t.*, CASE WHEN t.total = 0 THEN 0 ELSE round(100.0 * t.covered / t.total, 2) END AS rate FROM counted t
  ), changed AS (
    UPDATE arraigo.test_plans p
       SET total_requirements = t.total, covered_requirements = t.covered, actual_coverage = t.rate
      FROM rated t
     WHERE p.conversation_id = t.conversation_id AND p.id = t.id
       AND (p.total_requirements, p.covered_requirements, p.actual_coverage) IS DISTINCT FROM (t.total, t.covered, t.rate)
    RETURNING p.conversation_id, p.id, p.owner_id, p.total_requirements, p.covered_requirements
  )
  INSERT INTO arraigo.plan_coverage AS h
         (conversation_id, test_plan_id, day, owner_id, total_requirements, covered_requirements)
  SELECT c.conversation_id, c.id, (now() AT TIME ZONE 'UTC')::date, c.owner_id, c.total_requirements,
         c.covered_requirements
    FROM changed c
  ON CONFLICT (conversation_id, test_plan_id, day) DO UPDATE
     SET total_requirements = excluded.total_requirements, covered_requirements = excluded.covered_requirements;
END
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

CREATE FUNCTION arraigo.forget_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- The links to a document's requirements at once: the keys would take them away, and count, one by one.
BEGIN
  DELETE FROM arraigo.test_case_requirements l USING arraigo.requirements r
   WHERE r.conversation_id = OLD.conversation_id AND r.document_id = OLD.id
     AND l.conversation_id = r.conversation_id AND l.requirement = r.code;
  RETURN OLD;
END
$$;
CREATE TRIGGER forget_links BEFORE DELETE ON arraigo.documents FOR EACH ROW EXECUTE FUNCTION arraigo.forget_links();

CREATE FUNCTION arraigo.queue_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- A document that was put beside a test plan waits to be read, whichever way it came.
BEGIN
  INSERT INTO arraigo.plan_work (conversation_id, id, owner_id, kind)
  SELECT NEW.conversation_id, NEW.id, NEW.owner_id, 'document' FROM arraigo.conversations c
   WHERE c.id = NEW.conversation_id AND c.kind = 'test_plan';
  RETURN NULL;
END
$$;
CREATE TRIGGER queue_document AFTER INSERT ON arraigo.documents
  FOR EACH ROW WHEN (NEW.listed AND NEW.processing_status = 'pending') EXECUTE FUNCTION arraigo.queue_document();

CREATE FUNCTION arraigo.claim_plan_work(in_seconds float8)
RETURNS TABLE (conversation_id uuid, id uuid, owner_id uuid, kind text, attempts int)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- The oldest thing that nobody is at, of all users.
  UPDATE arraigo.plan_work w SET claimed_until = now() + in_seconds * interval '1 second', attempts = w.attempts + 1
    FROM (SELECT q.conversation_id, q.id FROM arraigo.plan_work q
           WHERE q.claimed_until <= now() ORDER BY q.id LIMIT 1 FOR UPDATE SKIP LOCKED) AS next
   WHERE w.conversation_id = next.conversation_id AND w.id = next.id
  RETURNING w.conversation_id, w.id, w.owner_id, w.kind, w.attempts
$$;

CREATE FUNCTION arraigo.keep_requirements(
  in_owner uuid, in_conversation uuid, in_document uuid, in_text text, in_found jsonb
) RETURNS text LANGUAGE plpgsql AS $$
-- What was found in a document. An earlier document of the same name is an earlier version: its requirements become this
-- one's where they have the same code, and go where they have not. Elsewhere a code that is taken gets a number behind
-- it, unless the statement is the same, which is then there already. Ends as 'kept'; 'done', where the document was
-- processed before; 'gone'.
DECLARE
  document arraigo.documents;
  versions uuid[];
  item jsonb;
  candidate text;
  had arraigo.requirements;
  codes text[] := '{}';
  kept jsonb := '[]';
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  PERFORM FROM arraigo.conversations c WHERE c.id = in_conversation FOR NO KEY UPDATE;
  SELECT * INTO document FROM arraigo.documents d WHERE d.conversation_id = in_conversation AND d.id = in_document;
  IF document.processing_status IS DISTINCT FROM 'pending' THEN
    DELETE FROM arraigo.plan_work w WHERE w.conversation_id = in_conversation AND w.id = in_document;
    RETURN CASE WHEN document.id IS NULL THEN 'gone' ELSE 'done' END;
  END IF;
  versions := ARRAY(SELECT d.id FROM arraigo.documents d
                     WHERE d.conversation_id = in_conversation AND d.filename = document.filename AND d.listed);
  FOR item IN SELECT * FROM jsonb_array_elements(in_found->'requirements') LOOP
    candidate := item->>'code';
    FOR n IN 2..100000 LOOP
      SELECT * INTO had FROM arraigo.requirements r WHERE r.conversation_id = in_conversation AND r.code = candidate;
      EXIT WHEN candidate <> ALL (codes) AND (had.code IS NULL OR had.document_id = ANY (versions)
                                         OR had.statement = item->>'statement');
      candidate := left(item->>'code', 53) || '-' || n;
    END LOOP;
    codes := codes || candidate;
    IF had.code IS NULL OR had.document_id = ANY (versions) THEN
      kept := kept || (item || jsonb_build_object('code', candidate));
    END IF;
  END LOOP;
  DELETE FROM arraigo.test_case_requirements l USING arraigo.requirements r
   WHERE r.conversation_id = in_conversation AND r.document_id = ANY (versions) AND r.code <> ALL (codes)
     AND l.conversation_id = r.conversation_id AND l.requirement = r.code;
  DELETE FROM arraigo.requirements r
   WHERE r.conversation_id = in_conversation AND r.document_id = ANY (versions) AND r.code <> ALL (codes);
  INSERT INTO arraigo.requirements
         (conversation_id, code, owner_id, document_id, position, statement, kind, language, place, testable, why_not)
  SELECT in_conversation, i.code, in_owner, in_document, i.place_in_list, i.statement, i.kind, i.language, i.place,
         i.testable, i.why_not
    FROM jsonb_array_elements(kept) WITH ORDINALITY AS e (item, place_in_list),
         jsonb_to_record(e.item || jsonb_build_object('place_in_list', e.place_in_list)) AS i (
           code text, statement text, kind text, language text, place jsonb, testable boolean, why_not text,
           place_in_list int)
  ON CONFLICT (conversation_id, code) DO UPDATE
     SET document_id = excluded.document_id, position = excluded.position, statement = excluded.statement,
         kind = excluded.kind, language = excluded.language, place = excluded.place, testable = excluded.testable,
         why_not = excluded.why_not;
  UPDATE arraigo.documents d
     SET processing_status = 'processed', processing_error = NULL, extracted_content = in_text, processed_at = now(),
         processing_notes = in_found->'notes'
   WHERE d.conversation_id = in_conversation AND d.id = in_document;
  DELETE FROM arraigo.plan_work w WHERE w.conversation_id = in_conversation AND w.id = in_document;
  RETURN 'kept';
END
$$;

CREATE FUNCTION arraigo.keep_generation(
  in_owner uuid, in_conversation uuid, in_rounds int, in_plan jsonb, in_cases jsonb, in_dropped jsonb,
  in_said jsonb, OUT outcome text, OUT plan_id uuid
) LANGUAGE plpgsql AS $$
-- One round of generating, or nothing of it: the plan, its new cases with their numbers and links, those that go, and
-- what was said. Ends as 'stored'; 'repeated', when the answer of this id is there already; 'late', when another round
-- came first; 'missing', when this owner has no such test plan. What somebody has changed meanwhile does not go.
DECLARE
  talk arraigo.conversations;
  last bigint;
  first_number int;
  first_position int;
  message jsonb;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  SELECT * INTO talk FROM arraigo.conversations c WHERE c.id = in_conversation FOR NO KEY UPDATE;
  SELECT (m.metadata->>'plan_id')::uuid INTO plan_id FROM arraigo.messages m
   WHERE m.conversation_id = in_conversation AND m.id = (in_said->'assistant'->>'id')::uuid;
  IF FOUND THEN
    outcome := 'repeated';
    RETURN;
  END IF;
  UPDATE arraigo.plan_configurations g SET rounds = g.rounds + 1
   WHERE g.conversation_id = in_conversation AND g.rounds = in_rounds;
  IF NOT FOUND THEN
    outcome := CASE WHEN EXISTS (SELECT FROM arraigo.plan_configurations g WHERE g.conversation_id = in_conversation)
                    THEN 'late' ELSE 'missing' END;
    RETURN;
  END IF;

  plan_id := (in_plan->>'id')::uuid;
  INSERT INTO arraigo.test_plans AS p
         (conversation_id, id, owner_id, title, plan_type, target_coverage, configuration, reasons, notes)
  VALUES (in_conversation, plan_id, in_owner, in_plan->>'title', in_plan->>'plan_type', (in_plan->>'target')::int,
          in_plan->'configuration', in_plan->'reasons', in_plan->'notes')
  ON CONFLICT (conversation_id, id) DO UPDATE
     SET title = excluded.title, plan_type = excluded.plan_type, target_coverage = excluded.target_coverage,
         configuration = excluded.configuration, reasons = excluded.reasons, notes = excluded.notes;

  WITH gone AS (
    SELECT c.id FROM jsonb_to_recordset(in_dropped->'cases') AS d (id uuid, version int) JOIN arraigo.test_cases c
        ON c.conversation_id = in_conversation AND c.test_plan_id = plan_id AND c.id = d.id AND c.version = d.version
     WHERE c.status NOT IN ('ACCEPTED', 'MANUAL') AND c.created_by = 'AI_AGENT'
  )
  DELETE FROM arraigo.test_cases c USING gone WHERE c.conversation_id = in_conversation AND c.id = gone.id;

  SELECT p.last_number INTO first_number FROM arraigo.test_plans p
   WHERE p.conversation_id = in_conversation AND p.id = plan_id;
  SELECT coalesce(max(c.position), 0) INTO first_position FROM arraigo.test_cases c
   WHERE c.conversation_id = in_conversation AND c.test_plan_id = plan_id;
  INSERT INTO arraigo.test_cases
         (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name, test_case_description,
          preconditions, test_data, test_steps, expected_results, requirements, technique, script, custom_fields,
          priority)
  SELECT in_conversation, i.id, plan_id, in_owner, arraigo.case_number(first_number + e.n::int),
         first_position + e.n::int, i.test_case_name, i.test_case_description, i.preconditions, i.test_data, i.test_steps,
         i.expected_results, i.requirements, i.technique, i.script, i.custom_fields, i.priority
    FROM jsonb_array_elements(in_cases->'cases') WITH ORDINALITY AS e (item, n),
         jsonb_to_record(e.item) AS i (
           id uuid, test_case_name text, test_case_description text, preconditions text, test_data text,
           test_steps jsonb, expected_results text, requirements text, technique text, script jsonb,
           custom_fields jsonb, priority text)
   ORDER BY e.n;
  INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
  SELECT DISTINCT in_conversation, (c->>'id')::uuid, r.code, in_owner
    FROM jsonb_array_elements(in_cases->'cases') AS c, jsonb_array_elements_text(c->'links') AS l (code)
         JOIN arraigo.requirements r ON r.conversation_id = in_conversation AND r.code = l.code;
  UPDATE arraigo.test_plans p SET last_number = first_number + jsonb_array_length(in_cases->'cases')
   WHERE p.conversation_id = in_conversation AND p.id = plan_id;

  last := talk.last_sequence;
  FOR message IN SELECT m.value FROM unnest(ARRAY[in_said->'user', in_said->'assistant']) AS m (value)
                  WHERE m.value <> 'null' LOOP
    last := last + 1;
    INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
    VALUES (in_conversation, last, (message->>'id')::uuid, in_owner, now(), message->>'role', message->>'content',
            CASE WHEN message->>'role' = 'assistant' THEN message->'metadata' || jsonb_build_object(
              'plan_id', plan_id, 'generated_cases', jsonb_array_length(in_cases->'cases'), 'total_test_cases', (
                SELECT count(*) FROM arraigo.test_cases c
                 WHERE c.conversation_id = in_conversation AND c.test_plan_id = plan_id)) END);
  END LOOP;
  UPDATE arraigo.conversations c
     SET last_sequence = last, updated_at = now(), activity_at = greatest(c.activity_at, date_trunc('minute', now()))
   WHERE c.id = in_conversation;
  outcome := 'stored';
END
$$;

CREATE FUNCTION arraigo.case_number(number int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT 'TC-' || lpad(number::text, greatest(3, length(number::text)), '0')
$$;

CREATE FUNCTION arraigo.sweep_exports(in_limit int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Exports whose time is over, of all users, at most so many; their bytes are removed as those of any document.
  WITH over AS (
    DELETE FROM arraigo.plan_exports e USING (
      SELECT q.conversation_id, q.id FROM arraigo.plan_exports q
       WHERE q.expires_at <= now() ORDER BY q.expires_at LIMIT in_limit FOR UPDATE SKIP LOCKED) AS due
     WHERE e.conversation_id = due.conversation_id AND e.id = due.id
    RETURNING e.conversation_id, e.document_id
  ), gone AS (
    DELETE FROM arraigo.documents d USING over
     WHERE d.conversation_id = over.conversation_id AND d.id = over.document_id
  )
  SELECT count(*) FROM over
$$;

REVOKE ALL ON FUNCTION arraigo.change_case, arraigo.log_case, arraigo.log_link, arraigo.recount, arraigo.recount_changed,
  arraigo.forget_links, arraigo.queue_document, arraigo.claim_plan_work, arraigo.keep_requirements,
  arraigo.keep_generation, arraigo.case_number, arraigo.sweep_exports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.claim_plan_work, arraigo.keep_requirements, arraigo.keep_generation,
  arraigo.case_number, arraigo.sweep_exports TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.plan_configurations, arraigo.requirements, arraigo.test_case_requirements,
  arraigo.plan_exports TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (claimed_until, attempts) ON arraigo.plan_work TO arraigo_app;
GRANT UPDATE (processing_notes) ON arraigo.documents TO arraigo_app;
GRANT SELECT ON arraigo.plan_coverage TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (title, plan_type, status, target_coverage, configuration, reasons, notes, last_number,
  updated_at) ON arraigo.test_plans TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (position, test_case_name, test_case_description, preconditions, test_data,
  test_steps, expected_results, requirements, technique, script, custom_fields, priority, status) ON arraigo.test_cases
  TO arraigo_app;
GRANT SELECT ON arraigo.test_case_modifications TO arraigo_app;
