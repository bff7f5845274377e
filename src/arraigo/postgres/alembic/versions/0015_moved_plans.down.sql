-- Requirements without a document stay; a document that brings the same code puts a number behind its own.
CREATE OR REPLACE FUNCTION arraigo.keep_requirements(
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
