-- Interviews: what a conversation of this kind has beside its messages. The status is the conversation's; whose it is,
-- is the user who has the employee's identity.

CREATE DOMAIN arraigo.interview_language AS text CHECK (VALUE IN ('es', 'en', 'pt'));
CREATE DOMAIN arraigo.technical_level AS text CHECK (VALUE IN ('basic', 'intermediate', 'advanced'));

-- A conversation whose messages and status are its app's alone: what is appended to it, or changed of it, comes through
-- the app's functions, which say so (arraigo.guard).
ALTER TABLE arraigo.conversations ADD COLUMN guarded boolean NOT NULL DEFAULT false;
CREATE POLICY guarded ON arraigo.conversations AS RESTRICTIVE FOR UPDATE TO arraigo_app
  USING (NOT guarded OR current_setting('arraigo.guard', true) = 'off');

CREATE TABLE arraigo.interviews (
  conversation_id uuid PRIMARY KEY,
  owner_id        uuid NOT NULL,
  employee_id     uuid NOT NULL,
  language        arraigo.interview_language NOT NULL,
  technical_level arraigo.technical_level NOT NULL,
  -- What the browser called it. Unique per employee without an index across everything: the conversation's id is
  -- derived from both.
  session_id      text CHECK (length(session_id) BETWEEN 1 AND 255),
  started_at      timestamptz NOT NULL DEFAULT now(),
  turn            int NOT NULL DEFAULT 0 CHECK (turn >= 0),  -- how many answers were taken
  pending         arraigo.sequence_number,                   -- the question that waits for its answer
  state           jsonb NOT NULL DEFAULT '{}',               -- the interviewer's own: topics, limits
  summary         jsonb,
  undelivered     arraigo.sequence_number,                   -- the answer whose question never reached anybody
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
-- Led by the owner, since no query reads past row-level security.
CREATE INDEX interviews_by_employee ON arraigo.interviews (owner_id, employee_id, started_at DESC, conversation_id DESC);

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.interviews FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

CREATE FUNCTION arraigo.guard_conversation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE arraigo.conversations c SET guarded = true WHERE c.id = NEW.conversation_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER guard_conversation AFTER INSERT ON arraigo.interviews
  FOR EACH ROW EXECUTE FUNCTION arraigo.guard_conversation();

ALTER TABLE arraigo.interviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.interviews FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.interviews TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.interviews TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.link_identity(
  in_provider text, in_subject text, OUT user_id uuid, OUT is_active boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- One more name of the user whose identity is set, unless it is somebody's already; whose it is then.
BEGIN
  INSERT INTO arraigo.user_identities (provider, subject, user_id)
  VALUES (in_provider, in_subject, current_setting('arraigo.user_id')::uuid)
  ON CONFLICT (provider, subject) DO NOTHING;
  SELECT i.user_id, u.is_active INTO link_identity.user_id, link_identity.is_active
    FROM arraigo.user_identities i JOIN arraigo.users u ON u.id = i.user_id
   WHERE i.provider = in_provider AND i.subject = in_subject;
END
$$;

CREATE FUNCTION arraigo.interview_turn(
  in_owner uuid, in_conversation uuid, in_turn int, in_answer jsonb, in_question jsonb, in_state jsonb,
  in_summary jsonb, in_final boolean, OUT outcome text, OUT number bigint
) LANGUAGE plpgsql AS $$
-- One turn, or nothing of it: the participant's answer (NULL where a question alone is put), the interviewer's next
-- message, and the interviewer's state. Ends as 'stored'; 'repeated', when the answer of this id is there already with
-- the same content, or 'conflict' with another one; 'late', when another turn came first; 'closed', when the interview
-- is over; 'missing', when this owner has none. `number` is the answer's, or the question's where it stands alone.
DECLARE
  talk arraigo.conversations;
  had arraigo.interviews;
  old arraigo.messages;
  last bigint;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  SET LOCAL arraigo.guard = 'off';
  SELECT * INTO talk FROM arraigo.conversations c WHERE c.id = in_conversation FOR NO KEY UPDATE;
  SELECT * INTO had FROM arraigo.interviews i WHERE i.conversation_id = in_conversation;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  END IF;
  IF in_answer IS NOT NULL THEN
    SELECT * INTO old FROM arraigo.messages m
     WHERE m.conversation_id = in_conversation AND m.id = (in_answer->>'id')::uuid;
    IF FOUND THEN
      outcome := CASE WHEN old.role = 'user' AND old.content = in_answer->>'content' THEN 'repeated' ELSE 'conflict' END;
      number := old.sequence_number;
      RETURN;
    END IF;
  END IF;
  IF talk.status <> 'active' OR had.turn <> in_turn THEN
    outcome := CASE WHEN had.turn <> in_turn THEN 'late' ELSE 'closed' END;
    RETURN;
  END IF;
  last := talk.last_sequence;
  number := last + 1;
  IF in_answer IS NOT NULL THEN
    last := last + 1;
    INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
    VALUES (in_conversation, last, (in_answer->>'id')::uuid, in_owner, now(), 'user', in_answer->>'content',
            nullif(in_answer->'metadata', 'null'));
  END IF;
  last := last + 1;
  INSERT INTO arraigo.messages (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
  VALUES (in_conversation, last, (in_question->>'id')::uuid, in_owner, now(), 'assistant', in_question->>'content',
          nullif(in_question->'metadata', 'null'));
  UPDATE arraigo.conversations c
     SET last_sequence = last, updated_at = now(), activity_at = greatest(c.activity_at, date_trunc('minute', now()))
   WHERE c.id = in_conversation;
  IF in_final THEN
    UPDATE arraigo.conversations c SET status = 'completed', completed_at = now() WHERE c.id = in_conversation;
  END IF;
  UPDATE arraigo.interviews i
     SET turn = i.turn + 1, pending = CASE WHEN in_final THEN NULL ELSE last END, undelivered = NULL, state = in_state,
         summary = coalesce(in_summary, i.summary)
   WHERE i.conversation_id = in_conversation;
  outcome := 'stored';
END
$$;

CREATE FUNCTION arraigo.interview_status(
  in_owner uuid, in_conversation uuid, in_turn int, in_from text, in_to text, in_summary jsonb
) RETURNS boolean LANGUAGE plpgsql AS $$
-- From one status to another; false, and nothing is changed, where the interview went on meanwhile.
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  SET LOCAL arraigo.guard = 'off';
  PERFORM FROM arraigo.conversations c
    WHERE c.id = in_conversation AND c.kind = 'interview' AND c.status = in_from FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT EXISTS (
    SELECT FROM arraigo.interviews i WHERE i.conversation_id = in_conversation AND i.turn = in_turn) THEN
    RETURN false;
  END IF;
  UPDATE arraigo.conversations c
     SET status = in_to, completed_at = CASE WHEN in_to = 'completed' THEN now() END,
         activity_at = greatest(c.activity_at, date_trunc('minute', now()))
   WHERE c.id = in_conversation;
  UPDATE arraigo.interviews i
     SET summary = coalesce(in_summary, i.summary)
   WHERE i.conversation_id = in_conversation;
  RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION arraigo.access(kind text, thing uuid) RETURNS arraigo.access_level
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Asked only after a miss: row-level security hides whether a thing is somebody else's or nobody's.
  SELECT coalesce((
    SELECT CASE WHEN c.owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid
                THEN 'own' ELSE 'foreign' END::arraigo.access_level
      FROM arraigo.conversations c
     WHERE c.id = access.thing
       AND (access.kind = 'conversation' OR (access.kind = 'interview' AND c.kind = 'interview'))), 'none')
$$;

REVOKE ALL ON FUNCTION arraigo.guard_conversation, arraigo.link_identity, arraigo.interview_turn, arraigo.interview_status FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.link_identity, arraigo.interview_turn, arraigo.interview_status TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.interviews TO arraigo_app;
