DROP FUNCTION arraigo.quarantine_count, arraigo.retry, arraigo.replay, arraigo.replay_entry, arraigo.become, arraigo.replay_append, arraigo.replay_create,
  arraigo.replay_deletion, arraigo.replay_state, arraigo.journal_position, arraigo.journal_pass, arraigo.journal_end;
DROP TABLE arraigo.quarantine, arraigo.journals;
CREATE OR REPLACE FUNCTION arraigo.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
