DROP FUNCTION arraigo.ensure_user;
DROP TABLE arraigo.projects, arraigo.user_identities, arraigo.users, arraigo.installation;
DROP FUNCTION arraigo.touch, arraigo.uuid7;
