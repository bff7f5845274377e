-- What was written to a local journal while the database could not be reached comes in here: once, in its order, under
-- the identity of whoever wrote it. What cannot be done any more is kept in arraigo.quarantine.

-- How far each journal has come in: the byte behind its last entry that did. Moves in the transaction of the entries.
CREATE TABLE arraigo.journals (
  id         uuid PRIMARY KEY,
  position   bigint NOT NULL CHECK (position >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- By user, like state. No key to the user or to the thing that an entry was about: either may be gone.
CREATE TABLE arraigo.quarantine (
  owner_id       uuid NOT NULL,
  id             uuid NOT NULL DEFAULT arraigo.uuid7(),
  kind           text NOT NULL CHECK (length(kind) <= 40),
  entry          jsonb NOT NULL,
  written_at     timestamptz NOT NULL,
  reason         text NOT NULL,
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);

ALTER TABLE arraigo.quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.quarantine TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.quarantine TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE OR REPLACE FUNCTION arraigo.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
-- What a journal brings in was changed when it was written there.
BEGIN
  NEW.updated_at := coalesce(nullif(current_setting('arraigo.written_at', true), '')::timestamptz, now());
  RETURN NEW;
END
$$;

CREATE FUNCTION arraigo.journal_position(in_journal uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT j.position FROM arraigo.journals j WHERE j.id = in_journal), 0)
$$;

CREATE FUNCTION arraigo.journal_pass(in_journal uuid, in_from bigint, in_to bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Moves a journal on; false, and nothing is moved, when it is not where the caller thinks.
BEGIN
  INSERT INTO arraigo.journals AS j (id, position) VALUES (in_journal, 0) ON CONFLICT (id) DO NOTHING;
  UPDATE arraigo.journals j SET position = in_to WHERE j.id = in_journal AND j.position = in_from;
  RETURN FOUND;
END
$$;

CREATE FUNCTION arraigo.journal_end(in_journal uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- The journal is empty and will not come again.
  DELETE FROM arraigo.journals j WHERE j.id = in_journal
$$;

CREATE FUNCTION arraigo.quarantine_count() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- How much of everybody's there is, and nothing of what it says: for those who watch over a server.
  SELECT count(*) FROM arraigo.quarantine
$$;

CREATE FUNCTION arraigo.replay_append(in_owner uuid, in_at timestamptz, in_entry jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
-- One call's messages; the number of the first. Those that are there already came in before the connection was lost.
DECLARE
  talk uuid := (in_entry->>'conversation')::uuid;
  at timestamptz := least(in_at, now());
  new jsonb;
  old arraigo.messages;
  before bigint;
  number bigint;
  first bigint;
BEGIN
  SELECT c.last_sequence INTO before FROM arraigo.conversations c WHERE c.id = talk FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the conversation is not there';
  END IF;
  number := before;
  FOR new IN SELECT jsonb_array_elements(in_entry->'messages') LOOP
    SELECT * INTO old FROM arraigo.messages m WHERE m.conversation_id = talk AND m.id = (new->>'id')::uuid;
    IF NOT FOUND THEN
      number := number + 1;
      INSERT INTO arraigo.messages
             (conversation_id, sequence_number, id, owner_id, created_at, role, content, metadata)
      VALUES (talk, number, (new->>'id')::uuid, in_owner, at, new->>'role', new->>'content',
              nullif(new->'metadata', 'null'));
    ELSIF old.edited_at IS NULL AND old.deleted_at IS NULL
      AND (old.role <> new->>'role' OR old.content <> new->>'content'
           OR old.metadata IS DISTINCT FROM nullif(new->'metadata', 'null')) THEN
      RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'a message of this id is there with other content';
    END IF;
    first := coalesce(first, old.sequence_number, number);
  END LOOP;
  IF number > before THEN
    UPDATE arraigo.conversations c
       SET last_sequence = number, updated_at = greatest(c.updated_at, at),
           activity_at = greatest(c.activity_at, date_trunc('minute', at))
     WHERE c.id = talk;
    PERFORM arraigo.search_look(talk);  -- whose activity may lie before the last look
  END IF;
  RETURN first;
END
$$;

CREATE FUNCTION arraigo.replay_create(in_owner uuid, in_at timestamptz, in_entry jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := least(in_at, now());
  new arraigo.conversations;
BEGIN
  new := jsonb_populate_record(NULL::arraigo.conversations, in_entry);
  IF new.project_id IS NOT NULL AND NOT EXISTS (SELECT FROM arraigo.projects p WHERE p.id = new.project_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the project is not there';
  END IF;
  INSERT INTO arraigo.conversations
         (id, owner_id, project_id, kind, title, language, settings, metadata, external_id,
          created_at, updated_at, activity_at)
  VALUES (new.id, in_owner, new.project_id, new.kind, new.title, new.language, new.settings, new.metadata,
          new.external_id, at, at, date_trunc('minute', at))
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND AND NOT EXISTS (
    SELECT FROM arraigo.conversations c
     WHERE c.id = new.id AND c.title = new.title AND c.kind = new.kind AND c.settings = new.settings
       AND c.metadata = new.metadata AND c.language IS NOT DISTINCT FROM new.language
       AND c.project_id IS NOT DISTINCT FROM new.project_id) THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'a conversation of this name is there and is another one';
  END IF;
END
$$;

CREATE FUNCTION arraigo.replay_deletion(in_at timestamptz, in_entry jsonb) RETURNS void LANGUAGE plpgsql AS $$
-- Of a conversation, or of one message of it. What somebody wrote there afterwards is not deleted with it.
DECLARE
  talk uuid := (in_entry->>'conversation')::uuid;
  wanted bigint := (in_entry->>'sequence_number')::bigint;
BEGIN
  IF wanted IS NOT NULL THEN
    IF EXISTS (SELECT FROM arraigo.messages m
                WHERE m.conversation_id = talk AND m.sequence_number = wanted AND m.edited_at > in_at) THEN
      RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the message was edited after it was deleted';
    END IF;
    UPDATE arraigo.messages m SET deleted_at = now()
     WHERE m.conversation_id = talk AND m.sequence_number = wanted AND m.deleted_at IS NULL;
    RETURN;
  END IF;
  PERFORM FROM arraigo.conversations c WHERE c.id = talk AND c.created_at <= in_at FOR UPDATE;
  IF FOUND AND EXISTS (SELECT FROM arraigo.messages m WHERE m.conversation_id = talk AND m.created_at > in_at) THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the conversation was written to after it was deleted';
  END IF;
  DELETE FROM arraigo.conversations c WHERE c.id = talk AND c.created_at <= in_at;
END
$$;

CREATE FUNCTION arraigo.replay_state(in_owner uuid, in_at timestamptz, in_kind text, in_entry jsonb) RETURNS void
LANGUAGE plpgsql AS $$
-- What somebody changed afterwards is newer, and stays.
DECLARE
  at timestamptz := least(in_at, now());
  in_namespace text := in_entry->>'namespace';
  in_key text := in_entry->>'key';
  new jsonb := in_entry->'value';
  until timestamptz := (in_entry->>'expires_at')::timestamptz;
  old arraigo.states;
BEGIN
  IF in_kind = 'clear_states' THEN
    DELETE FROM arraigo.states s WHERE s.user_id = in_owner AND s.namespace = in_namespace AND s.updated_at <= in_at;
    RETURN;
  END IF;
  SELECT * INTO old FROM arraigo.states s
   WHERE s.user_id = in_owner AND s.namespace = in_namespace AND s.key = in_key FOR UPDATE;
  IF FOUND AND old.updated_at > in_at THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the value was changed after this was written';
  END IF;
  IF in_kind = 'delete_state' OR until <= now() THEN
    DELETE FROM arraigo.states s WHERE s.user_id = in_owner AND s.namespace = in_namespace AND s.key = in_key;
    RETURN;
  END IF;
  IF in_kind = 'update_state' AND old.value IS NOT NULL AND (old.expires_at IS NULL OR old.expires_at > in_at) THEN
    IF jsonb_typeof(old.value) <> 'object' THEN
      RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the value is no object with fields to change';
    END IF;
    new := old.value || new;
    until := old.expires_at;
  END IF;
  EXECUTE format('SET LOCAL arraigo.written_at = %L', at);
  INSERT INTO arraigo.states AS s (user_id, namespace, key, value, expires_at, created_at, updated_at)
  VALUES (in_owner, in_namespace, in_key, new, until, at, at)
  ON CONFLICT (user_id, namespace, key) DO UPDATE
     SET value = excluded.value, expires_at = excluded.expires_at, version = s.version + 1;
  SET LOCAL arraigo.written_at = '';
END
$$;

CREATE FUNCTION arraigo.replay_entry(in_owner uuid, in_kind text, in_at timestamptz, in_entry jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
-- One entry, under the identity that is set; the number of an append's first message.
BEGIN
  CASE in_kind
    WHEN 'append' THEN RETURN arraigo.replay_append(in_owner, in_at, in_entry);
    WHEN 'create' THEN PERFORM arraigo.replay_create(in_owner, in_at, in_entry);
    WHEN 'delete' THEN PERFORM arraigo.replay_deletion(in_at, in_entry);
    ELSE PERFORM arraigo.replay_state(in_owner, in_at, in_kind, in_entry);
  END CASE;
  RETURN NULL;
END
$$;

CREATE FUNCTION arraigo.become(in_owner uuid) RETURNS void LANGUAGE plpgsql AS $$
-- The identity of somebody who may still write.
BEGIN
  EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owner || '''';
  IF NOT EXISTS (SELECT FROM arraigo.users u WHERE u.id = in_owner AND u.is_active) THEN
    RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = 'the user is not active any more';
  END IF;
END
$$;

CREATE FUNCTION arraigo.replay(
  in_journal uuid, in_from bigint, in_to bigint,
  in_owners uuid[], in_kinds text[], in_times timestamptz[], in_entries jsonb[],
  OUT moved boolean, OUT numbers bigint[], OUT reasons text[]
) LANGUAGE plpgsql AS $$
-- A stretch of a journal, in its order and in one transaction with the journal's position, so that it comes in once
-- whoever is killed when. An entry that is refused goes to quarantine and holds up nobody; reasons says why. Not moved:
-- the journal is elsewhere, and nothing was done.
DECLARE
  n int := cardinality(in_kinds);
  this_owner uuid;
  state text;
BEGIN
  IF current_user <> 'arraigo_app' THEN
    SET LOCAL ROLE arraigo_app;  -- a superuser's or the owner's connection would pass row-level security by
  END IF;
  moved := arraigo.journal_pass(in_journal, in_from, in_to);
  numbers := array_fill(NULL::bigint, ARRAY[n]);
  reasons := array_fill(NULL::text, ARRAY[n]);
  IF NOT moved THEN
    RETURN;
  END IF;
  BEGIN  -- as if nothing were refused: a subtransaction for each entry costs as much as the entry
    FOR i IN 1 .. n LOOP
      IF in_owners[i] IS DISTINCT FROM this_owner THEN
        this_owner := in_owners[i];
        PERFORM arraigo.become(this_owner);
      END IF;
      numbers[i] := arraigo.replay_entry(this_owner, in_kinds[i], in_times[i], in_entries[i]);
    END LOOP;
    RETURN;
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
    IF left(state, 2) IN ('40', '53', '55', '57', '58', 'XX') THEN
      RAISE;  -- not the entry's fault: all of this is tried again
    END IF;
  END;
  FOR i IN 1 .. n LOOP
    numbers[i] := NULL;
    BEGIN
      PERFORM arraigo.become(in_owners[i]);
      numbers[i] := arraigo.replay_entry(in_owners[i], in_kinds[i], in_times[i], in_entries[i]);
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE;
      IF left(state, 2) IN ('40', '53', '55', '57', '58', 'XX') THEN
        RAISE;
      END IF;
      reasons[i] := CASE WHEN state = 'AR001' THEN SQLERRM ELSE 'the database refused it (SQLSTATE ' || state || ')' END;
      EXECUTE 'SET LOCAL arraigo.user_id = ''' || in_owners[i] || '''';
      INSERT INTO arraigo.quarantine (owner_id, kind, entry, written_at, reason)
      VALUES (in_owners[i], in_kinds[i], in_entries[i], in_times[i], reasons[i]);
    END;
  END LOOP;
END
$$;

CREATE FUNCTION arraigo.retry(in_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
-- What is in quarantine once more, under the identity of whoever wrote it; false: it is refused again, and stays. For
-- the schema's owner.
DECLARE
  found arraigo.quarantine;
BEGIN
  DELETE FROM arraigo.quarantine q WHERE q.id = in_id RETURNING * INTO found;
  PERFORM arraigo.become(found.owner_id);
  PERFORM arraigo.replay_entry(found.owner_id, found.kind, found.written_at, found.entry);
  RETURN true;
EXCEPTION WHEN OTHERS THEN
  IF left(SQLSTATE, 2) IN ('40', '53', '55', '57', '58', 'XX') THEN
    RAISE;
  END IF;
  RETURN false;
END
$$;

REVOKE ALL ON FUNCTION arraigo.quarantine_count, arraigo.journal_position, arraigo.journal_pass, arraigo.journal_end, arraigo.retry, arraigo.replay,
  arraigo.replay_entry, arraigo.become, arraigo.replay_append, arraigo.replay_create, arraigo.replay_deletion, arraigo.replay_state
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.quarantine_count, arraigo.journal_position, arraigo.journal_pass, arraigo.journal_end, arraigo.replay,
  arraigo.replay_entry, arraigo.become, arraigo.replay_append, arraigo.replay_create, arraigo.replay_deletion, arraigo.replay_state
  TO arraigo_app;
GRANT SELECT, INSERT ON arraigo.quarantine TO arraigo_app;
