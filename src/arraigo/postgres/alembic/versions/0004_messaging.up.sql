-- What the messaging bot knows of the people who write to it. By user, so reference tables on a distributed PostgreSQL.

CREATE TABLE arraigo.bot_users (
  user_id       uuid PRIMARY KEY REFERENCES arraigo.users ON DELETE CASCADE,
  channel       text NOT NULL DEFAULT 'whatsapp' CHECK (length(channel) BETWEEN 1 AND 50),
  chat_id       text CHECK (length(chat_id) <= 255),
  name          text CHECK (length(name) <= 500),
  labels        jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(labels) = 'array'),
  last_activity timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  metadata      jsonb NOT NULL DEFAULT '{}'
);

-- The thread that a language model's service keeps for a user. Its id was unique in the seed, with an index of its own
-- (idx_users_thread_id); here it is the key.
CREATE TABLE arraigo.bot_threads (
  thread_id       text PRIMARY KEY CHECK (length(thread_id) BETWEEN 1 AND 255),
  user_id         uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  chat_id         text CHECK (length(chat_id) <= 255),
  user_name       text CHECK (length(user_name) <= 500),
  is_active       boolean NOT NULL DEFAULT true,
  created_at      timestamptz NOT NULL DEFAULT now(),
  last_message_at timestamptz,
  metadata        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX bot_threads_user ON arraigo.bot_threads (user_id);

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.bot_users FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

ALTER TABLE arraigo.bot_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.bot_users FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.bot_threads ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.bot_threads FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_sees_all ON arraigo.bot_users TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.bot_threads TO arraigo_owner USING (true);
CREATE POLICY own ON arraigo.bot_users TO arraigo_app
  USING (user_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.bot_threads TO arraigo_app
  USING (user_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.bot_users, arraigo.bot_threads TO arraigo_app;
