-- The conversations of interviews stay, as conversations.
CREATE OR REPLACE FUNCTION arraigo.access(kind text, thing uuid) RETURNS arraigo.access_level
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- Asked only after a miss: row-level security hides whether a thing is somebody else's or nobody's.
  SELECT coalesce((
    SELECT CASE WHEN c.owner_id = nullif(current_setting('arraigo.user_id', true), '')::uuid
                THEN 'own' ELSE 'foreign' END::arraigo.access_level
      FROM arraigo.conversations c WHERE c.id = access.thing AND access.kind = 'conversation'), 'none')
$$;
DROP FUNCTION arraigo.interview_status, arraigo.interview_turn, arraigo.link_identity;
DROP TABLE arraigo.interviews;
DROP FUNCTION arraigo.guard_conversation;
DROP POLICY guarded ON arraigo.conversations;
ALTER TABLE arraigo.conversations DROP COLUMN guarded;
DROP DOMAIN arraigo.interview_language, arraigo.technical_level;
