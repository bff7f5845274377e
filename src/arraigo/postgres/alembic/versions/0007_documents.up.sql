-- Documents: what people put beside a conversation. Their bytes ("blobs") are in a folder or a bucket, under names made
-- of our ids; here stands what they are, and which bytes are to be removed.

CREATE DOMAIN arraigo.processing_status AS text CHECK (VALUE IN ('pending', 'processed', 'failed'));

CREATE TABLE arraigo.documents (
  conversation_id   uuid NOT NULL,
  id                uuid NOT NULL,
  owner_id          uuid NOT NULL,
  filename          text NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
  -- Generated, so that no row can name another's bytes. uuid's text is digits, letters and hyphens.
  storage_key       text NOT NULL GENERATED ALWAYS AS (owner_id::text || '/' || conversation_id::text || '/' || id::text) STORED,
  file_size         bigint NOT NULL CHECK (file_size >= 0),
  content_type      text NOT NULL CHECK (length(content_type) BETWEEN 3 AND 100),
  checksum          text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),  -- SHA-256
  processing_status arraigo.processing_status NOT NULL DEFAULT 'pending',
  processing_error  text CHECK (length(processing_error) BETWEEN 1 AND 2000),
  extracted_content text CHECK (octet_length(extracted_content) <= 10485760),
  processed_at      timestamptz,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (conversation_id, id),
  FOREIGN KEY (conversation_id, owner_id) REFERENCES arraigo.conversations (id, owner_id) ON DELETE CASCADE,
  CHECK ((processing_status = 'processed') = (processed_at IS NOT NULL)),
  CHECK ((processing_status = 'failed') = (processing_error IS NOT NULL))
);
CREATE INDEX documents_by_id ON arraigo.documents (id);  -- not unique: nothing is, across conversations

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.documents FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

-- Bytes that are to be removed at due_at. A document that is being added stands here too, for a day from now, before
-- its first byte is written; the transaction that makes its row takes it out. So whatever crashes when, bytes without a
-- document have a row here. Claimed: somebody is removing them, until due_at; from then on no document can be made
-- of them. It hangs under a conversation that may be gone, and so refers to nothing.
CREATE TABLE arraigo.blob_removals (
  conversation_id uuid NOT NULL,
  document_id     uuid NOT NULL,
  owner_id        uuid NOT NULL,
  storage_key     text NOT NULL
                  GENERATED ALWAYS AS (owner_id::text || '/' || conversation_id::text || '/' || document_id::text) STORED,
  due_at          timestamptz NOT NULL,
  claimed         boolean NOT NULL DEFAULT false,
  PRIMARY KEY (conversation_id, document_id)
);
CREATE INDEX blob_removals_by_time ON arraigo.blob_removals (due_at);

ALTER TABLE arraigo.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.documents FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.blob_removals ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.blob_removals FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.documents TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.blob_removals TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.documents TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.blob_removals TO arraigo_app
  USING (owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.remove_blob() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- In the transaction that deletes the document, with its conversation or alone.
BEGIN
  INSERT INTO arraigo.blob_removals (conversation_id, document_id, owner_id, due_at)
  VALUES (OLD.conversation_id, OLD.id, OLD.owner_id, now())
  ON CONFLICT (conversation_id, document_id) DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER remove_blob AFTER DELETE ON arraigo.documents FOR EACH ROW EXECUTE FUNCTION arraigo.remove_blob();

CREATE FUNCTION arraigo.claim_blob_removals(in_limit int)
RETURNS TABLE (conversation_id uuid, document_id uuid, storage_key text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- What is due, of all users, at most so many. Whoever claims has five minutes, then somebody else may try.
  UPDATE arraigo.blob_removals r SET claimed = true, due_at = now() + interval '5 minutes'
    FROM (SELECT q.conversation_id, q.document_id FROM arraigo.blob_removals q
           WHERE q.due_at <= now() ORDER BY q.due_at LIMIT in_limit FOR UPDATE SKIP LOCKED) AS due
   WHERE r.conversation_id = due.conversation_id AND r.document_id = due.document_id
  RETURNING r.conversation_id, r.document_id, r.storage_key
$$;

CREATE FUNCTION arraigo.finish_blob_removals(in_conversations uuid[], in_documents uuid[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Their bytes are gone.
  WITH gone AS (
    DELETE FROM arraigo.blob_removals r USING unnest(in_conversations, in_documents) AS u (conversation, document)
     WHERE r.conversation_id = u.conversation AND r.document_id = u.document AND r.claimed
    RETURNING r.document_id
  )
  SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION arraigo.remove_blob, arraigo.claim_blob_removals, arraigo.finish_blob_removals FROM PUBLIC;
GRANT EXECUTE ON FUNCTION arraigo.claim_blob_removals, arraigo.finish_blob_removals TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (processing_status, processing_error, extracted_content, processed_at)
  ON arraigo.documents TO arraigo_app;
GRANT SELECT, INSERT, DELETE, UPDATE (due_at, claimed) ON arraigo.blob_removals TO arraigo_app;
