-- The command line's questions, for the owner's own connection; parameters as psycopg writes them: %(name)s.

-- name: tables
-- Every table of ours, quoted as SQL wants it.
SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('arraigo', 'arraigo_move', 'arraigo_jobs') AND c.relkind = 'r'
 ORDER BY 1

-- name: snapshot
SELECT pg_export_snapshot()

-- name: passes_policies
-- Whether whoever signed in passes row-level security by.
SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = session_user


-- name: clear
-- Makes room for a backup in a database that holds nothing yet; AR001 when it does. What every new database has of
-- itself, its key and its schema version, does not count, nor do a worker's jobs, which there are in an empty one too.
DO $$
DECLARE
  candidate text;
  found boolean;
BEGIN
  FOR candidate IN
    SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('arraigo', 'arraigo_move') AND c.relkind = 'r'
       AND c.relname NOT IN ('installation', 'schema_version')
  LOOP
    EXECUTE 'LOCK TABLE ' || candidate || ' IN ACCESS EXCLUSIVE MODE';
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || candidate || ')' INTO found;
    IF found THEN
      RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = candidate;
    END IF;
  END LOOP;
  DROP SCHEMA IF EXISTS arraigo, arraigo_move, arraigo_jobs CASCADE;
END
$$

-- name: user_by_name
-- A local user, or whoever is called so.
SELECT u.id FROM arraigo.users u
  LEFT JOIN arraigo.user_identities i ON i.user_id = u.id AND i.provider = 'arraigo' AND i.subject = %(name)s
 WHERE i.subject IS NOT NULL OR u.username = %(name)s
 ORDER BY i.subject NULLS LAST LIMIT 1

-- name: conversations
-- Of one owner, of one id (or external id), or all. JSON as text, so that its numbers stay as they are.
SELECT c.id, u.username, c.project_id, c.kind, c.title, c.status, c.language, c.settings::text, c.metadata::text,
       c.external_id, c.last_sequence, c.created_at, c.updated_at, c.completed_at
  FROM arraigo.conversations c JOIN arraigo.users u ON u.id = c.owner_id
 WHERE (%(owner)s::uuid IS NULL OR c.owner_id = %(owner)s)
   AND (%(ref)s::text IS NULL OR c.id::text = lower(%(ref)s) OR c.external_id = %(ref)s)
 ORDER BY c.owner_id, c.id

-- name: messages
SELECT conversation_id, id, sequence_number, role, content, metadata::text, created_at, edited_at, deleted_at
  FROM arraigo.messages WHERE conversation_id = ANY (%(conversations)s) ORDER BY conversation_id, sequence_number

-- name: user_of_employee
SELECT user_id FROM arraigo.user_identities WHERE provider = 'employee' AND subject = lower(%(name)s)

-- name: interviews
-- Of one owner, of one id (or session id), or all.
SELECT i.conversation_id::text FROM arraigo.interviews i
 WHERE (%(owner)s::uuid IS NULL OR i.owner_id = %(owner)s)
   AND (%(ref)s::text IS NULL OR i.conversation_id::text = lower(%(ref)s) OR i.session_id = %(ref)s)
 ORDER BY i.employee_id, i.started_at, i.conversation_id

-- name: unprotected
-- Tables under an owner that row-level security does not hold, or that the schema's owner cannot see whole.
SELECT c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'arraigo' AND c.relkind IN ('r', 'p')
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped
                  AND a.attname IN ('owner_id', 'user_id', 'created_by'))
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT FROM pg_catalog.pg_policy p
                         WHERE p.polrelid = c.oid AND 'arraigo_owner'::regrole = ANY (p.polroles)))
 ORDER BY 1

-- name: server
SELECT current_setting('server_version'), pg_database_size(current_database()), session_user

-- name: server_settings
SELECT name, current_setting(name) FROM pg_catalog.pg_settings
 WHERE name IN ('data_checksums', 'fsync', 'full_page_writes', 'max_connections', 'server_encoding', 'shared_buffers',
                'ssl', 'synchronous_commit', 'TimeZone', 'wal_level')
 ORDER BY lower(name)

-- name: roles
SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_catalog.pg_roles
 WHERE rolname IN ('arraigo_owner', 'arraigo_app', 'arraigo_admin', 'arraigo_clinical') OR rolname = session_user
 ORDER BY rolname

-- name: extensions
SELECT name, default_version, installed_version FROM pg_catalog.pg_available_extensions
 WHERE installed_version IS NOT NULL OR name IN ('pg_stat_statements', 'pg_trgm', 'unaccent', 'vector')
 ORDER BY name

-- name: quarantined
SELECT q.id, q.kind, coalesce(u.username, q.owner_id::text), q.written_at, q.quarantined_at, q.reason
  FROM arraigo.quarantine q LEFT JOIN arraigo.users u ON u.id = q.owner_id
 ORDER BY q.written_at, q.id

-- name: quarantined_whole
SELECT q.id, q.kind, coalesce(u.username, q.owner_id::text), q.written_at, q.quarantined_at, q.reason, q.entry::text
  FROM arraigo.quarantine q LEFT JOIN arraigo.users u ON u.id = q.owner_id
 ORDER BY q.written_at, q.id

-- name: retry_quarantined
SELECT arraigo.retry(%(id)s)
