-- Everything in the schema, which itself was made with the roles, since making one takes a right on the database.
DO $$
DECLARE
  thing text;
BEGIN
  FOREACH thing IN ARRAY ARRAY(
    SELECT 'FUNCTION IF EXISTS ' || p.oid::regprocedure FROM pg_proc p
     WHERE p.pronamespace = 'arraigo_jobs'::regnamespace
  ) || ARRAY(
    SELECT 'TABLE ' || c.oid::regclass FROM pg_class c
     WHERE c.relnamespace = 'arraigo_jobs'::regnamespace AND c.relkind = 'r'
  ) || ARRAY(
    SELECT 'TYPE ' || t.oid::regtype FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typnamespace = 'arraigo_jobs'::regnamespace
       AND (t.typtype = 'e' OR (t.typtype = 'c' AND c.relkind = 'c'))
  ) LOOP
    EXECUTE 'DROP ' || thing || ' CASCADE';
  END LOOP;
  REVOKE ALL ON SCHEMA arraigo_jobs FROM arraigo_app;
END
$$;
