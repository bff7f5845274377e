-- What has to be done in the background. The tables and functions are procrastinate's own and come with its package
-- (arraigo.postgres.jobs, docs/decisions/0012); here stands who may use them. A job carries ids only, nobody's words.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA arraigo_jobs FROM PUBLIC;
GRANT USAGE ON SCHEMA arraigo_jobs TO arraigo_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA arraigo_jobs TO arraigo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA arraigo_jobs TO arraigo_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA arraigo_jobs TO arraigo_app;
