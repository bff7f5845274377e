-- The roles that the schema versions refer to. Run again at every upgrade, by whoever runs it; changes nothing that is
-- there. They belong to the cluster, not to the database, so they are not part of a schema version. No passwords here.
--
--   arraigo_owner     owns schemas, tables, functions; runs the schema versions; nobody logs in as it
--   arraigo_app       what programs work as: owns nothing, bound by row-level security
--   arraigo_admin     group: may see every user's things where a policy says so
--   arraigo_clinical  group: may read medical history
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['arraigo_owner', 'arraigo_app', 'arraigo_admin', 'arraigo_clinical'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
        EXECUTE format('CREATE ROLE %I %s', wanted, CASE wanted WHEN 'arraigo_app' THEN 'LOGIN' ELSE 'NOLOGIN' END);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;  -- another database of this cluster is being set up at the same moment
    END;
  END LOOP;
  -- Since PostgreSQL 16 making a role does not let its maker SET ROLE to it, unless granted.
  FOREACH wanted IN ARRAY ARRAY['arraigo_owner', 'arraigo_app'] LOOP
    IF NOT pg_catalog.pg_has_role(current_user, wanted, 'MEMBER') OR (
       current_setting('server_version_num')::int >= 160000
       AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
       AND NOT pg_catalog.pg_has_role(current_user, wanted, 'SET')) THEN
      BEGIN
        EXECUTE format('GRANT %I TO %I', wanted, current_user);
      EXCEPTION WHEN unique_violation OR internal_error THEN  -- "tuple concurrently updated" has no code of its own
        NULL;
      END;
    END IF;
  END LOOP;
END
$$;
