-- Conversations and their messages. What hangs under a conversation carries its id, first in every key, and its
-- owner, so that policies need no join and the tables can be distributed by conversation.

-- Closed lists and limits as domains: a table's CHECKs are all prepared and run again at every UPDATE of any column,
-- which made an append's UPDATE three times as slow (docs/decisions/0009).
CREATE DOMAIN arraigo.conversation_kind AS text CHECK (VALUE IN ('chat', 'test_plan', 'interview', 'messaging'));
CREATE DOMAIN arraigo.conversation_status AS text CHECK (VALUE IN ('active', 'completed', 'archived', 'cancelled'));
CREATE DOMAIN arraigo.message_role AS text CHECK (VALUE IN ('user', 'assistant', 'system', 'tool'));
CREATE DOMAIN arraigo.message_content AS text CHECK (octet_length(VALUE) < 1000000);
CREATE DOMAIN arraigo.title AS text CHECK (length(VALUE) <= 500);
CREATE DOMAIN arraigo.language_tag AS text CHECK (length(VALUE) BETWEEN 2 AND 35);
CREATE DOMAIN arraigo.external_id AS text CHECK (length(VALUE) BETWEEN 1 AND 255);
CREATE DOMAIN arraigo.sequence_number AS bigint CHECK (VALUE > 0);

CREATE TYPE arraigo.access_level AS ENUM ('own', 'foreign', 'none');

CREATE TABLE arraigo.conversations (
  id            uuid PRIMARY KEY DEFAULT arraigo.uuid7(),
  owner_id      uuid NOT NULL REFERENCES arraigo.users,
  project_id    uuid REFERENCES arraigo.projects,
  kind          arraigo.conversation_kind NOT NULL DEFAULT 'chat',
  title         arraigo.title NOT NULL,
  status        arraigo.conversation_status NOT NULL DEFAULT 'active',
  language      arraigo.language_tag,
  settings      jsonb NOT NULL DEFAULT '{}',
  metadata      jsonb NOT NULL DEFAULT '{}',
  -- Unique per owner without an index across everything: the id is derived from owner and external_id.
  external_id   arraigo.external_id,
  last_sequence bigint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  -- What listings sort by. Kept to the minute, so that appends do not touch an index (they stay HOT).
  activity_at   timestamptz NOT NULL DEFAULT date_trunc('minute', now()),
  completed_at  timestamptz,
  UNIQUE (id, owner_id)  -- for the messages' key; no append touches it
) WITH (fillfactor = 80);
CREATE INDEX conversations_by_activity ON arraigo.conversations (owner_id, activity_at DESC, id DESC);
CREATE INDEX conversations_by_project ON arraigo.conversations (project_id) WHERE project_id IS NOT NULL;

-- Not on every column: an append sets updated_at itself.
CREATE TRIGGER touch BEFORE UPDATE OF project_id, kind, title, status, language, settings, metadata, completed_at
  ON arraigo.conversations FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

CREATE TABLE arraigo.messages (
  conversation_id uuid NOT NULL,
  sequence_number arraigo.sequence_number NOT NULL,
  id              uuid NOT NULL,
  owner_id        uuid NOT NULL,
  created_at      timestamptz NOT NULL,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  role            arraigo.message_role NOT NULL,
  content         arraigo.message_content NOT NULL,
  metadata        jsonb,
  PRIMARY KEY (conversation_id, sequence_number),
  UNIQUE (conversation_id, id),
  -- With the owner: keys are checked past row-level security, and without it a message of one's own could be put into
  -- somebody else's conversation, where it takes a number.
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE
);

-- What a message said before it was edited. A deletion leaves a tombstone and takes its revisions with it.
CREATE TABLE arraigo.message_revisions (
  conversation_id uuid NOT NULL,
  sequence_number arraigo.sequence_number NOT NULL,
  revision        int NOT NULL CHECK (revision > 0),
  owner_id        uuid NOT NULL,
  content         arraigo.message_content NOT NULL,
  metadata        jsonb,
  replaced_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, sequence_number, revision),
  FOREIGN KEY (conversation_id, sequence_number) REFERENCES arraigo.messages ON DELETE CASCADE
);

ALTER TABLE arraigo.conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.conversations FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.message_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.message_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.conversations TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.messages TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.message_revisions TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.conversations TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.messages TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.message_revisions TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.append_one(
  in_owner uuid, in_conversation uuid, in_id uuid, in_role text, in_content text, in_metadata jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
-- The quick way for one message that is new: its number, NULL when the owner has no such conversation. An id that is
-- there already is a unique_violation, which leaves nothing behind; arraigo.append then says whether it is a retry.
DECLARE
  number bigint;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;  -- a superuser's or the owner's connection would pass row-level security by
  END IF;
  -- SET LOCAL, not set_config: the latter does not reach the workers of a distributed PostgreSQL.
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  UPDATE arraigo.conversations
     SET last_sequence = last_sequence + 1, updated_at = now(),
         activity_at = greatest(activity_at, date_trunc('minute', now()))
   WHERE id = in_conversation
  RETURNING last_sequence INTO number;
  IF FOUND THEN
    INSERT INTO arraigo.messages
           (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
    VALUES (in_conversation, number, in_id, in_owner, now(), in_role, in_content, in_metadata);
  END IF;
  RETURN number;
END
$$;

CREATE FUNCTION arraigo.append(
  in_owners uuid[], in_conversations uuid[], in_ids uuid[], in_roles text[], in_contents text[], in_metadata jsonb[],
  in_wait boolean,
  OUT outcomes text[], OUT numbers bigint[], OUT times timestamptz[]
) LANGUAGE plpgsql AS $$
-- Appends whatever has queued up, across conversations and users. Item i of every array is one message. Each owner's
-- items are written under that owner's identity and row-level security, and each ends alone as 'stored', 'repeated'
-- (that id is there with the same content: a retry), 'conflict' (with other content), 'missing' (this owner has no such
-- conversation) or 'busy' (somebody has it locked). With in_wait a lock is waited for, in the order of owners and ids,
-- so that two calls cannot wait for each other; and a conflict leaves nothing of the call behind.
DECLARE
  at timestamptz := now();
  n int := cardinality(in_ids);
  this_owner uuid;
  items int;
  i int;
  locked uuid[];
  number bigint;
  stamp timestamptz;
  outcome text;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;
  END IF;
  outcomes := array_fill(NULL::text, ARRAY[n]);
  numbers := array_fill(NULL::bigint, ARRAY[n]);
  times := array_fill(at, ARRAY[n]);

  FOR this_owner, i, items IN SELECT owner, min(place), count(*)
                                FROM unnest(in_owners) WITH ORDINALITY AS u (owner, place) GROUP BY owner ORDER BY owner
  LOOP
    EXECUTE 'SET LOCAL arraigo.user_id = ''' || this_owner || '''';
    IF items = 1 AND NOT in_wait THEN
      SELECT c.last_sequence + 1 INTO number FROM arraigo.conversations c WHERE c.id = in_conversations[i]
         FOR NO KEY UPDATE SKIP LOCKED;
      CONTINUE WHEN NOT FOUND
        OR EXISTS (SELECT FROM arraigo.messages m WHERE m.conversation_id = in_conversations[i] AND m.id = in_ids[i]);
      INSERT INTO arraigo.messages
             (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
      VALUES (in_conversations[i], number, in_ids[i], this_owner, at, in_roles[i], in_contents[i], in_metadata[i]);
      UPDATE arraigo.conversations
         SET last_sequence = number, updated_at = at, activity_at = greatest(activity_at, date_trunc('minute', at))
       WHERE id = in_conversations[i];
      outcomes[i] := 'stored';
      numbers[i] := number;
      CONTINUE;
    END IF;

    IF in_wait THEN
      locked := ARRAY(SELECT c.id FROM arraigo.conversations c WHERE c.id = ANY (in_conversations)
                       ORDER BY c.id FOR NO KEY UPDATE);
    ELSE
      locked := ARRAY(SELECT c.id FROM arraigo.conversations c WHERE c.id = ANY (in_conversations)
                       FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    -- A statement of its own, so that it sees what was committed while the locks were waited for.
    FOR i, number IN
      WITH item AS (
        SELECT DISTINCT ON (u.conversation, u.id) u.*
          FROM unnest(in_owners, in_conversations, in_ids, in_roles, in_contents, in_metadata)
               WITH ORDINALITY AS u (owner, conversation, id, role, content, metadata, place)
         WHERE u.owner = this_owner AND u.conversation = ANY (locked)
         ORDER BY u.conversation, u.id, u.place
      ), numbered AS (
        SELECT item.*, c.last_sequence + row_number() OVER (PARTITION BY c.id ORDER BY item.place) AS assigned
          FROM item JOIN arraigo.conversations c ON c.id = item.conversation
         WHERE NOT EXISTS (SELECT FROM arraigo.messages m
                            WHERE m.conversation_id = item.conversation AND m.id = item.id)
      ), put AS (
        INSERT INTO arraigo.messages
               (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
        SELECT conversation, assigned, numbered.id, this_owner, at, role, content, metadata FROM numbered
      ), counted AS (
        UPDATE arraigo.conversations c
           SET last_sequence = last.assigned, updated_at = at,
               activity_at = greatest(c.activity_at, date_trunc('minute', at))
          FROM (SELECT conversation, max(assigned) AS assigned FROM numbered GROUP BY conversation) AS last
         WHERE c.id = last.conversation
      )
      SELECT place, assigned FROM numbered
    LOOP
      outcomes[i] := 'stored';
      numbers[i] := number;
    END LOOP;
  END LOOP;

  IF array_position(outcomes, NULL) IS NULL THEN
    RETURN;
  END IF;
  FOR i, this_owner IN SELECT place, owner
                         FROM unnest(in_owners, outcomes) WITH ORDINALITY AS u (owner, outcome, place)
                        WHERE u.outcome IS NULL
  LOOP
    EXECUTE 'SET LOCAL arraigo.user_id = ''' || this_owner || '''';
    SELECT m.sequence_number, m.created_at,
           CASE WHEN m.deleted_at IS NOT NULL OR m.edited_at IS NOT NULL
                  OR (m.role = in_roles[i] AND m.content = in_contents[i]
                      AND m.metadata IS NOT DISTINCT FROM in_metadata[i])
                THEN 'repeated' ELSE 'conflict' END
      INTO number, stamp, outcome
      FROM arraigo.messages m WHERE m.conversation_id = in_conversations[i] AND m.id = in_ids[i];
    IF FOUND THEN
      numbers[i] := number;
      times[i] := stamp;
      outcomes[i] := outcome;
    ELSIF EXISTS (SELECT FROM arraigo.conversations c WHERE c.id = in_conversations[i]) THEN
      outcomes[i] := 'busy';
    ELSE
      outcomes[i] := 'missing';
    END IF;
  END LOOP;
  IF in_wait AND 'conflict' = ANY (outcomes) AND 'stored' = ANY (outcomes) THEN
    RAISE unique_violation USING MESSAGE = 'one of these messages is there already with other content';
  END IF;
END
$$;

CREATE FUNCTION arraigo.keep_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- An edit keeps what was said before; a deletion leaves the number and nothing of what was said.
BEGIN
  IF OLD.deleted_at IS NOT NULL THEN
    RAISE EXCEPTION 'a deleted message cannot be changed' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF NEW.deleted_at IS NOT NULL THEN
    NEW.content := '';
    NEW.metadata := NULL;
    NEW.deleted_at := now();
    DELETE FROM arraigo.message_revisions r
     WHERE r.conversation_id = OLD.conversation_id AND r.sequence_number = OLD.sequence_number;
  ELSE
    NEW.edited_at := now();
    INSERT INTO arraigo.message_revisions
           (conversation_id, sequence_number, revision, owner_id, content, metadata)
    SELECT OLD.conversation_id, OLD.sequence_number, coalesce(max(r.revision), 0) + 1,
           OLD.owner_id, OLD.content, OLD.metadata
      FROM arraigo.message_revisions r
     WHERE r.conversation_id = OLD.conversation_id AND r.sequence_number = OLD.sequence_number;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_revision BEFORE UPDATE OF content, metadata, deleted_at ON arraigo.messages
  FOR EACH ROW EXECUTE FUNCTION arraigo.keep_revision();

CREATE FUNCTION arraigo.access(kind text, thing uuid) RETURNS arraigo.access_level
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Asked only after a miss: row-level security hides whether a thing is somebody else's or nobody's.
  SELECT coalesce((
    SELECT CASE WHEN c.owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid
                THEN 'own' ELSE 'foreign' END::arraigo.access_level
      FROM arraigo.conversations c WHERE c.id = access.thing AND access.kind = 'conversation'), 'none')
$$;

REVOKE ALL ON FUNCTION arraigo.append, arraigo.append_one, arraigo.keep_revision, arraigo.access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.append, arraigo.append_one, arraigo.access TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.conversations TO arraigo_app;
GRANT SELECT, INSERT, UPDATE (content, metadata, deleted_at) ON arraigo.messages TO arraigo_app;
GRANT SELECT ON arraigo.message_revisions TO arraigo_app;
