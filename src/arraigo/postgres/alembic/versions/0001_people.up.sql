-- People, the names they sign in under, and their projects. Reference tables on a distributed PostgreSQL.
-- Runs as arraigo_owner; the roles come from roles.sql, since they belong to the cluster.

CREATE FUNCTION arraigo.uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = pg_catalog AS $$
  -- For rows written by hand: the programs bring their own. RFC 9562, section 5.7: 48 bits of milliseconds,
  -- the version, then random bits.
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
           FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE FUNCTION arraigo.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

-- One random key per database. Ids that are derived from names (see arraigo.ids.derived) are keyed with it, so that
-- nobody can compute somebody's id from a phone number.
CREATE TABLE arraigo.installation (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id_key    bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO arraigo.installation DEFAULT VALUES;

CREATE TABLE arraigo.users (
  id         uuid PRIMARY KEY DEFAULT arraigo.uuid7(),
  username   text NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 255),
  email      text UNIQUE CHECK (length(email) BETWEEN 3 AND 320),
  full_name  text CHECK (length(full_name) <= 500),
  role       text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin', 'companion', 'clinical')),
  is_active  boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE arraigo.user_identities (
  provider   text NOT NULL CHECK (length(provider) BETWEEN 1 AND 500),
  subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  user_id    uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, subject)
);
CREATE INDEX user_identities_user ON arraigo.user_identities (user_id);

CREATE TABLE arraigo.projects (
  id          uuid PRIMARY KEY DEFAULT arraigo.uuid7(),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  description text,
  context     text,
  created_by  uuid NOT NULL REFERENCES arraigo.users ON DELETE CASCADE,
  is_active   boolean NOT NULL DEFAULT true,
  case_fields jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  UNIQUE (created_by, name)
);

CREATE TRIGGER touch BEFORE UPDATE ON arraigo.users FOR EACH ROW EXECUTE FUNCTION arraigo.touch();
CREATE TRIGGER touch BEFORE UPDATE ON arraigo.projects FOR EACH ROW EXECUTE FUNCTION arraigo.touch();

ALTER TABLE arraigo.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.users FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.user_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.user_identities FORCE ROW LEVEL SECURITY;
ALTER TABLE arraigo.projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE arraigo.projects FORCE ROW LEVEL SECURITY;

-- Forced row-level security binds the owner too: without a policy of its own, its data migrations update 0 rows.
CREATE POLICY owner_sees_all ON arraigo.users TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.user_identities TO arraigo_owner USING (true);
CREATE POLICY owner_sees_all ON arraigo.projects TO arraigo_owner USING (true);

CREATE POLICY own ON arraigo.users TO arraigo_app
  USING (id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.user_identities TO arraigo_app
  USING (user_id = nullif(current_setting('arraigo.user_id', true), '')::uuid);
CREATE POLICY own ON arraigo.projects TO arraigo_app
  USING (created_by = nullif(current_setting('arraigo.user_id', true), '')::uuid);

CREATE FUNCTION arraigo.ensure_user(
  in_provider text, in_subject text, in_username text, in_email text DEFAULT NULL, in_full_name text DEFAULT NULL,
  OUT user_id uuid, OUT is_active boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
-- Signing in: whose identity is this? The first time, a user is made for it. A username that somebody else has gets
-- the user's own id behind it, an email that somebody else has is left out: the identity is what counts.
DECLARE
  new_id uuid := arraigo.uuid7();
BEGIN
  SELECT i.user_id, u.is_active INTO ensure_user.user_id, ensure_user.is_active
    FROM arraigo.user_identities i JOIN arraigo.users u ON u.id = i.user_id
   WHERE i.provider = in_provider AND i.subject = in_subject;
  IF FOUND THEN
    RETURN;
  END IF;
  FOR attempt IN 0..3 LOOP
    INSERT INTO arraigo.users (id, username, email, full_name)
         VALUES (new_id, CASE WHEN attempt < 2 THEN in_username ELSE left(in_username, 200) || ' ' || new_id END,
                 CASE WHEN attempt % 2 = 0 THEN in_email END, in_full_name)
    ON CONFLICT DO NOTHING;
    EXIT WHEN FOUND;
  END LOOP;
  ensure_user.user_id := new_id;
  INSERT INTO arraigo.user_identities (provider, subject, user_id)
       VALUES (in_provider, in_subject, ensure_user.user_id)
  ON CONFLICT (provider, subject) DO NOTHING;
  IF NOT FOUND THEN  -- two first sign-ins at once: the other one made the user
    DELETE FROM arraigo.users u WHERE u.id = ensure_user.user_id;
    SELECT i.user_id INTO ensure_user.user_id FROM arraigo.user_identities i
     WHERE i.provider = in_provider AND i.subject = in_subject;
  END IF;
  ensure_user.is_active := true;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA arraigo FROM PUBLIC;
GRANT USAGE ON SCHEMA arraigo TO arraigo_app;
GRANT SELECT ON arraigo.installation, arraigo.users, arraigo.user_identities TO arraigo_app;
GRANT UPDATE (username, email, full_name) ON arraigo.users TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON arraigo.projects TO arraigo_app;
GRANT EXECUTE ON FUNCTION arraigo.uuid7, arraigo.touch, arraigo.ensure_user TO arraigo_app;
