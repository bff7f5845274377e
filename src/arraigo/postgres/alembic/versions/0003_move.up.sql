-- The mover's ledger. Only the owner sees it: it names what was moved, and keeps rejected records word for word.
-- The schema itself is made with the roles, since making one takes a right on the database.

CREATE TABLE arraigo_move.runs (
  run_id          text PRIMARY KEY CHECK (run_id ~ '^[0-9]{8}-[0-9a-f]{8}$'),
  source_kind     text NOT NULL,
  source_location text NOT NULL,
  shape           text NOT NULL DEFAULT '',  -- as it was asked for; empty: each file's is recognised
  owner_name      text NOT NULL,
  owner_id        uuid NOT NULL,
  phase           text NOT NULL DEFAULT 'planned' CHECK (phase IN
                    ('planned', 'copied', 'verified', 'following', 'cut_over', 'rolled_back', 'failed')),
  options         jsonb NOT NULL DEFAULT '{}',
  started_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  report          jsonb
);
CREATE INDEX runs_by_source ON arraigo_move.runs (source_location, started_at DESC);

-- One file, table or session. What verifying found; the layout that going back writes in.
CREATE TABLE arraigo_move.units (
  run_id             text NOT NULL REFERENCES arraigo_move.runs ON DELETE CASCADE,
  unit               text NOT NULL,
  shape              text NOT NULL,
  source_rows        bigint,
  source_fingerprint text,
  target_rows        bigint,
  target_fingerprint text,
  bytes              bigint,
  seconds            double precision,
  sha256             text,   -- of the source as it was copied
  layout             jsonb,  -- null until it was copied to its end
  PRIMARY KEY (run_id, unit)
);

-- One record, in the same transaction as its rows.
CREATE TABLE arraigo_move.records (
  run_id    text NOT NULL,
  unit      text NOT NULL,
  key       text NOT NULL,
  position  bigint NOT NULL,
  hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
  target_id text NOT NULL,
  parts     int NOT NULL,
  bytes     bigint NOT NULL,
  house     text,  -- for what was made here and went back: the style in which it was written
  moved_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, unit, key),
  FOREIGN KEY (run_id, unit) REFERENCES arraigo_move.units ON DELETE CASCADE
);
CREATE INDEX records_by_target ON arraigo_move.records (target_id);

-- What could not be moved, byte for byte. Of what was too large to keep: where it stands, and its SHA-256.
CREATE TABLE arraigo_move.rejected (
  run_id      text NOT NULL,
  unit        text NOT NULL,
  position    bigint NOT NULL,
  key         text,
  reason      text NOT NULL,
  line        bigint NOT NULL,
  byte_offset bigint NOT NULL,
  size        bigint NOT NULL,
  raw         bytea,
  sha256      text,
  conflict    boolean NOT NULL DEFAULT false,  -- the target has something else in its place
  PRIMARY KEY (run_id, unit, position),
  FOREIGN KEY (run_id, unit) REFERENCES arraigo_move.units ON DELETE CASCADE
);

CREATE TABLE arraigo_move.events (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text NOT NULL REFERENCES arraigo_move.runs ON DELETE CASCADE,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  what   text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_of_run ON arraigo_move.events (run_id, id);
