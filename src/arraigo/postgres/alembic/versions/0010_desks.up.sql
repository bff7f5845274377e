-- For the Chainlit data layer and the Google ADK session service.

-- What hangs on a Chainlit thread and is said by nobody: elements, feedback, the brackets around steps, favorites, and
-- what is too large for the metadata of a conversation or a message. It goes with its conversation.
CREATE DOMAIN arraigo.chainlit_kind AS text
  CHECK (VALUE IN ('element', 'feedback', 'favorite', 'run', 'step', 'thread'));
CREATE DOMAIN arraigo.chainlit_value AS jsonb CHECK (octet_length(VALUE::text) <= 16777216);

CREATE TABLE arraigo.chainlit_parts (
  conversation_id uuid NOT NULL,
  kind            arraigo.chainlit_kind NOT NULL,
  id              arraigo.external_id NOT NULL,
  owner_id        uuid NOT NULL,
  -- The step it belongs to; elements and feedback are deleted with theirs.
  step_id         arraigo.external_id,
  value           arraigo.chainlit_value NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, kind, id),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);
-- Chainlit names feedback, and sometimes an element, by its own id alone; favorites are listed over all threads.
CREATE INDEX chainlit_parts_by_id ON arraigo.chainlit_parts (owner_id, kind, id);

ALTER TABLE arraigo.chainlit_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.chainlit_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.chainlit_parts TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.chainlit_parts TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.set_states(in_owners uuid[], in_namespaces text[], in_keys text[], in_values jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
-- Sets entries of several users in one transaction, each under its user's identity and row-level security, always in
-- the same order, so that two calls cannot wait for each other. The last user's identity stays until the transaction
-- ends, so nothing may come after it.
DECLARE
  this_owner uuid;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  FOR this_owner IN SELECT DISTINCT owner FROM unnest(in_owners) AS u (owner) ORDER BY owner LOOP
    EXECUTE 'SET LOCAL arraigo.user_id = ''' || this_owner || '''';
    INSERT INTO arraigo.states AS s (user_id, namespace, key, value)
    SELECT u.owner, u.namespace, u.key, u.value
      FROM unnest(in_owners, in_namespaces, in_keys, in_values) AS u (owner, namespace, key, value)
     WHERE u.owner = this_owner ORDER BY u.namespace COLLATE "C", u.key COLLATE "C"
    ON CONFLICT (user_id, namespace, key) DO UPDATE
       SET value = excluded.value, expires_at = NULL, version = s.version + 1;
  END LOOP;
END
$$;

CREATE FUNCTION arraigo.append_with_states(
  in_owner uuid, in_conversation uuid, in_expected bigint, in_id uuid, in_role text, in_content text,
  in_metadata jsonb, in_information jsonb,
  in_owners uuid[], in_namespaces text[], in_keys text[], in_values jsonb[],
  OUT outcome text, OUT number bigint
) LANGUAGE plpgsql AS $$
-- One message, what it changes in the conversation's metadata, and the state that changes with it: all or nothing. It
-- ends as 'stored', 'repeated' (the same message is there), 'conflict' (that id is there with other content), 'missing'
-- (this owner has no such conversation) or 'stale' (the last message is not number in_expected any more); number is
-- the last one's.
DECLARE
  same boolean;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  SELECT c.last_sequence INTO number FROM arraigo.conversations c WHERE c.id = in_conversation FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'missing';
    RETURN;
  END IF;
  SELECT m.role = in_role AND m.content = in_content AND m.metadata IS NOT DISTINCT FROM in_metadata INTO same
    FROM arraigo.messages m WHERE m.conversation_id = in_conversation AND m.id = in_id;
  IF FOUND THEN
    outcome := CASE WHEN same THEN 'repeated' ELSE 'conflict' END;
    RETURN;
  END IF;
  IF number <> in_expected THEN
    outcome := 'stale';
    RETURN;
  END IF;
  number := number + 1;
  INSERT INTO arraigo.messages
         (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
  VALUES (in_conversation, number, in_id, in_owner, now(), in_role, in_content, in_metadata);
  UPDATE arraigo.conversations
     SET last_sequence = number, updated_at = now(), metadata = metadata || in_information,
         activity_at = greatest(activity_at, date_trunc('minute', now()))
   WHERE id = in_conversation;
  PERFORM arraigo.set_states(in_owners, in_namespaces, in_keys, in_values);
  outcome := 'stored';
END
$$;

REVOKE ALL ON FUNCTION arraigo.set_states, arraigo.append_with_states FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.set_states, arraigo.append_with_states TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.chainlit_parts TO arraigo_app;
