DROP FUNCTION arraigo.access, arraigo.append;
DROP TABLE arraigo.message_revisions, arraigo.messages, arraigo.conversations;
DROP FUNCTION arraigo.keep_revision;
DROP TYPE arraigo.access_level;
