-- What a move of a whole database has made on the target: each entry of its schema, in the transaction that made it.

CREATE TABLE arraigo_move.steps (
  run_id text NOT NULL REFERENCES arraigo_move.runs ON DELETE CASCADE,
  step   text NOT NULL,  -- what it is, and a digest of what it says
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, step)
);
